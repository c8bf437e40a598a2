"""Freeze-out in forty lines: what is left of a heavy particle, and what X17 could have to do with it.

Follows docs/explanation/freeze-out.md. Natural units, GeV.
"""

import numpy as np
from matplotlib.figure import Figure
from scipy.integrate import solve_ivp
from scipy.optimize import brentq
from scipy.special import kve

PLANCK_MASS = 1.22089e19
CM3_PER_S = 1.1683e-17  # 1 GeV⁻² in cm³/s: (ħc)² c
DENSITY_PER_YIELD = 2.744e8  # Ωh² = this · m/GeV · Y: entropy of today over the critical density
OBSERVED = 0.120  # Planck 2018


def equilibrium(x, spins, g_star):
    """Particles per entropy in equilibrium at x = m/T: 45/(4π⁴) g/g* x² K₂(x), as its logarithm."""
    return np.log(45.0 / (4.0 * np.pi**4) * spins / g_star * x**2 * kve(2, x)) - x


def freeze_out(mass, sigma_v, spins, g_star, ends=(1.0, 1e4)):
    """Solve dY/dx = −(s⟨σv⟩/H)(m) x⁻² (Y² − Y_eq²) for ln Y, starting in equilibrium; sigma_v in cm³/s."""
    entropy_over_rate = np.sqrt(np.pi * g_star / 45.0) * PLANCK_MASS * mass
    strength = entropy_over_rate * sigma_v / CM3_PER_S

    def slope(u, log_y):
        """In u = ln x, where the solution is smooth."""
        x = np.exp(u)
        return -strength / x * (np.exp(log_y) - np.exp(2.0 * equilibrium(x, spins, g_star) - log_y))

    start = [equilibrium(ends[0], spins, g_star)]
    return solve_ivp(slope, np.log(ends), start, method="Radau", rtol=1e-6, atol=1e-8)


def density(mass, sigma_v, spins, g_star):
    """Ωh² of today."""
    return DENSITY_PER_YIELD * mass * np.exp(freeze_out(mass, sigma_v, spins, g_star).y[0, -1])


def needed(mass, spins, g_star):
    """⟨σv⟩ in cm³/s that leaves what is observed."""
    return np.exp(
        brentq(lambda t: np.log(density(mass, np.exp(t), spins, g_star) / OBSERVED), *np.log([1e-27, 1e-24]))
    )


def secluded(mass, mediator, coupling):
    """σv in cm³/s of χχ̄ → XX of a Dirac fermion at rest: g⁴/(16π m²) (1−r)^{3/2} / (1−r/2)², r = (m_X/m)²."""
    r = (mediator / mass) ** 2
    return coupling**4 / (16.0 * np.pi * mass**2) * (1.0 - r) ** 1.5 / (1.0 - 0.5 * r) ** 2 * CM3_PER_S


if __name__ == "__main__":
    figure = Figure(figsize=(5.6, 3.8), layout="constrained")
    axes = figure.subplots()
    for scale in (0.1, 1.0, 10.0):
        found = freeze_out(100.0, scale * 2.2e-26, spins=2, g_star=86.0)
        axes.loglog(np.exp(found.t), np.exp(found.y[0]), label=f"{scale * 2.2e-26:.1e} cm³/s")
    x = np.geomspace(1.0, 60.0, 200)
    axes.loglog(x, np.exp(equilibrium(x, 2, 86.0)), "k:", label="equilibrium")
    axes.set(xlabel="m/T", ylabel="particles per entropy", ylim=(1e-15, 1e-1), xlim=(1.0, 1e3))
    axes.legend(title="100 GeV, by ⟨σv⟩")
    figure.savefig("freeze_out.png", dpi=200)

    print(f"WIMP of 100 GeV: ⟨σv⟩ = {needed(100.0, 2, 86.0):.2e} cm³/s leaves {OBSERVED}")
    for mass in (0.05, 0.1):
        # Of χ and χ̄ together, half of all pairs can annihilate.
        wanted = 2.0 * needed(mass, 4, 10.75)
        coupling = (wanted / secluded(mass, 0.0169, 1.0)) ** 0.25
        print(f"fermion of {1e3 * mass:.0f} MeV into X17 pairs: dark coupling {coupling:.4f}")
    print("freeze_out.png written")
