"""What a boson of 16.9 MeV does to magnetic moments of leptons, beside what is measured.

Follows docs/explanation/g-minus-2.md: one loop, a = (g − 2)/2, couplings to the lepton itself.
"""

import numpy as np
from matplotlib.figure import Figure

from x17.constraints.loading import shipped_bounds
from x17.constraints.magnetic_moment import Lepton, moment_per_coupling_squared
from x17.constraints.moment_measurement import MomentMeasurement
from x17.theory.boson import SpinParity

MASS = 16.9  # MeV
LIMIT = 5.66e-4  # of PADME Run III at this mass, 90 % CL
BEST_FIT = 4.42e-4
COLORS = ("#0072B2", "#D55E00", "#56B4E9", "#E69F00")


def per_square(boson, lepton):
    """a/g² at the mass above."""
    return float(moment_per_coupling_squared(MASS, boson, lepton))


def measured(lepton):
    """Measured minus predicted a of a lepton, of every measurement that ships: label to value and error."""
    rules = [(bound.label, bound.rule) for bound in shipped_bounds()]
    moments = [(label, rule) for label, rule in rules if isinstance(rule, MomentMeasurement)]
    return {label: (rule.deviation, rule.error) for label, rule in moments if rule.lepton is lepton}


def coupling_of(moment, boson, lepton):
    """Coupling that gives a moment; NaN if the boson has the other sign."""
    square = moment / per_square(boson, lepton)
    return np.sqrt(square) if square > 0.0 else np.nan


def draw():
    """(g − 2)/2 of the electron against the coupling, beside the measurements."""
    figure = Figure(figsize=(5.6, 4.0), layout="constrained")
    axes = figure.subplots()
    coupling = np.linspace(0.0, 7e-4, 200)
    for (label, (value, error)), color in zip(measured(Lepton.ELECTRON).items(), COLORS, strict=True):
        axes.axhspan(1e12 * (value - error), 1e12 * (value + error), color=color, alpha=0.35, label=label)
    for boson, style in zip(SpinParity, ("-", "--", "-.", ":"), strict=True):
        moment = per_square(boson, Lepton.ELECTRON) * coupling**2
        axes.plot(1e4 * coupling, 1e12 * moment, "k" + style, label=f"{boson.name.lower().replace('_', ' ')}")
    axes.axvline(1e4 * LIMIT, color="0.4", lw=0.8)
    axes.annotate(
        "PADME, 90 % CL",
        (1e4 * LIMIT, -2.9),
        xytext=(-3, 0),
        textcoords="offset points",
        ha="right",
        fontsize=8,
    )
    axes.set(
        xlabel=r"Coupling to electrons [$10^{-4}$]",
        ylabel=r"$\Delta a_e$ [$10^{-12}$]",
        xlim=(0.0, 7.0),
        ylim=(-3.2, 3.2),
    )
    figure.legend(fontsize=8, loc="outside upper center", ncols=4)
    return figure


if __name__ == "__main__":
    print(f"a/g² of a boson of {MASS} MeV     electron        muon")
    for boson in SpinParity:
        values = [per_square(boson, lepton) for lepton in Lepton]
        print(f"{boson.name.lower():22s} {values[0]:14.3e} {values[1]:12.3e}")
    vector = SpinParity.VECTOR
    for lepton in Lepton:
        at_fit, at_limit = (per_square(vector, lepton) * g**2 for g in (BEST_FIT, LIMIT))
        print(f"{lepton.value}: a vector of {BEST_FIT:.2e} adds {at_fit:.2e}, of {LIMIT:.2e} {at_limit:.2e}")
        for label, (value, error) in measured(lepton).items():
            wanted = coupling_of(value, vector, lepton)
            text = f"a vector of {wanted:.2e}" if np.isfinite(wanted) else "the other sign"
            away = (at_fit - value) / error
            print(f"  {label:17s} {value:9.2e} ± {error:.1e}, {away:+5.1f}σ away; asks for {text}")
    draw().savefig("g_minus_2.png", dpi=150)
    print("g_minus_2.png written")
