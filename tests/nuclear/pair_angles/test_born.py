"""Internal pairs against Rose's form, limits, and an integration of another kind."""

import math

import numpy as np
import pytest

from x17.constants import ELECTRON_MASS_MEV, FINE_STRUCTURE
from x17.errors import UsageError
from x17.nuclear.multipole import Multipole, multipole_of
from x17.nuclear.pair_angles.born import pair_density
from x17.nuclear.pair_angles.coefficients import (
    angle_density,
    fraction_above,
    integral_above,
    mass_density,
    pair_coefficient,
)

WITH_PHOTON = [m for m in Multipole if m.has_photon]
# W, multipolarity, α_pair, shares above 90, 109, 120, 130, 140 degrees, share of |y| < 0.5, and above 109 and
# 130 degrees within it: computed independently, printed digits.
TABLE = [
    (6.05, "M1", 1.594e-3, (0.1233, 0.0657, 0.0433, 0.0281, 0.0170), 0.645, (0.0375, 0.0137)),
    (6.05, "E1", 2.320e-3, (0.2363, 0.1471, 0.1053, 0.0732, 0.0470), 0.677, (0.1368, 0.0683)),
    (6.05, "E2", 1.780e-3, (0.1371, 0.0712, 0.0457, 0.0288, 0.0169), 0.664, (0.0475, 0.0162)),
    (6.05, "E0", None, (0.2551, 0.1183, 0.0663, 0.0349, 0.0158), 0.823, (0.1151, 0.0328)),
    (17.64, "M1", 3.208e-3, (0.0884, 0.0480, 0.0320, 0.0210, 0.0128), 0.538, (0.0229, 0.0083)),
    (17.64, "E1", 3.977e-3, (0.1672, 0.1033, 0.0737, 0.0512, 0.0328), 0.569, (0.0967, 0.0483)),
    (17.64, "E2", 3.412e-3, (0.0981, 0.0520, 0.0338, 0.0217, 0.0129), 0.554, (0.0307, 0.0103)),
    (17.64, "E0", None, (0.2508, 0.1145, 0.0631, 0.0324, 0.0140), 0.797, (0.1139, 0.0320)),
    (20.21, "M1", 3.418e-3, (0.0850, 0.0462, 0.0308, 0.0203, 0.0124), 0.530, (0.0218, 0.0079)),
    (20.21, "E1", 4.187e-3, (0.1607, 0.0993, 0.0708, 0.0491, 0.0315), 0.561, (0.0932, 0.0465)),
    (20.21, "E2", 3.622e-3, (0.0944, 0.0501, 0.0326, 0.0209, 0.0125), 0.545, (0.0294, 0.0099)),
    (20.21, "E0", None, (0.2507, 0.1143, 0.0630, 0.0323, 0.0140), 0.796, (0.1138, 0.0320)),
]


def textbook(multipole: Multipole, energy: float, plus: float, cos_theta: float) -> float:
    """The density in the variables of the literature, term by term."""
    m2 = ELECTRON_MASS_MEV**2
    minus = energy - plus
    p_plus, p_minus = math.sqrt(plus**2 - m2), math.sqrt(minus**2 - m2)
    dot = p_plus * p_minus * cos_theta
    q2 = p_plus**2 + p_minus**2 + 2.0 * dot
    mass4 = (energy**2 - q2) ** 2
    rho = plus * minus - m2 + dot
    transverse = plus * minus + m2 - (p_plus**2 + dot) * (p_minus**2 + dot) / q2
    if multipole is Multipole.E0:
        return p_plus * p_minus * rho
    l, q = multipole.angular_momentum, math.sqrt(q2)  # noqa: E741
    if multipole.electric:
        bracket = transverse + l / (l + 1) * mass4 * rho / (energy**2 * q2)
        factor = (q / energy) ** (2 * l - 1) * bracket
    else:
        factor = (q / energy) ** (2 * l + 1) * transverse
    return 2.0 * FINE_STRUCTURE / math.pi * p_plus * p_minus / (q * mass4) * factor


@pytest.mark.parametrize("multipole", list(Multipole))
def test_density_is_the_textbooks(multipole: Multipole) -> None:
    rng = np.random.default_rng(2)
    for energy in (1.5, 6.05, 18.15):
        for share, cos_theta in rng.uniform([0.02, -0.99], [0.98, 0.99], (50, 2)):
            plus = ELECTRON_MASS_MEV + share * (energy - 2.0 * ELECTRON_MASS_MEV)
            expected = textbook(multipole, energy, plus, cos_theta)
            # The textbook's form cancels digits at small angles
            assert pair_density(multipole, energy, plus, cos_theta) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[0]} {row[1]}")
def test_tabulated_integrals(row: tuple) -> None:  # type: ignore[type-arg]
    energy, name, coefficient, above, within, above_within = row
    multipole = multipole_of(name)
    found = pair_coefficient(multipole, energy)
    assert found == (None if coefficient is None else pytest.approx(coefficient, abs=6e-7))
    shares = [fraction_above(multipole, energy, math.radians(a)) for a in (90, 109, 120, 130, 140)]
    assert shares == pytest.approx(above, abs=6e-5)
    # The table's shares within the cut are up to 0.0011 above ours; `test_share_within_a_cut` settles it
    assert fraction_above(multipole, energy, 0.0, 0.5) == pytest.approx(within, rel=5e-3)
    inside = [fraction_above(multipole, energy, math.radians(a), 0.5, of_cut=True) for a in (109, 130)]
    assert inside == pytest.approx(above_within, abs=1.1e-4)


def test_share_within_a_cut() -> None:
    # Plain midpoints in E₊ and ln(angle), no shared code: E1 at 6.05 MeV, where the table has 0.677
    energy, n = 6.05, 1500
    share = (np.arange(n) + 0.5) / n
    plus = ELECTRON_MASS_MEV + share * (energy - 2.0 * ELECTRON_MASS_MEV)
    theta = 1e-4 * (math.pi / 1e-4) ** share
    density = pair_density(Multipole.E1, energy, plus[:, None], np.cos(theta)) * np.sin(theta) * theta
    inside = np.abs(2.0 * plus / energy - 1.0) < 0.5
    # The edge of the cut falls within a cell: 1/n
    assert density[inside].sum() / density.sum() == pytest.approx(
        fraction_above(Multipole.E1, energy, 0.0, 0.5), abs=7e-4
    )


@pytest.mark.parametrize("multipole", WITH_PHOTON)
@pytest.mark.parametrize("energy", [1.2, 6.05, 18.15])
def test_coefficients_against_an_integral_over_the_mass(multipole: Multipole, energy: float) -> None:
    from scipy.integrate import quad

    value, _ = quad(
        lambda t: float(mass_density(multipole, energy, math.exp(t))) * 2.0 * math.exp(2.0 * t),
        math.log(2.0 * ELECTRON_MASS_MEV),
        math.log(energy),
        epsabs=0.0,
        epsrel=1e-10,
    )
    assert pair_coefficient(multipole, energy) == pytest.approx(value, rel=1e-9)


@pytest.mark.parametrize("multipole", WITH_PHOTON)
def test_small_masses_make_any_multipole_a_photon(multipole: Multipole) -> None:
    # (α/3π) dM²/M² for m ≪ M ≪ W; corrections are M²/W² and m²/M²
    energy, mass = 1e5, 50.0
    soft = FINE_STRUCTURE / (3.0 * math.pi) / mass**2
    assert mass_density(multipole, energy, mass) == pytest.approx(soft, rel=1e-3)


@pytest.mark.parametrize(("multipole", "constant"), [(Multipole.E1, 5.0 / 3.0), (Multipole.M1, 13.0 / 6.0)])
def test_coefficients_at_high_energy(multipole: Multipole, constant: float) -> None:
    energy = 100.0
    logarithm = math.log(2.0 * energy / ELECTRON_MASS_MEV) - constant
    expected = 2.0 * FINE_STRUCTURE / (3.0 * math.pi) * logarithm
    # Next order (m/W)² ln
    assert pair_coefficient(multipole, energy) == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("multipole", list(Multipole))
def test_angles_near_zero_grow_with_the_solid_angle(multipole: Multipole) -> None:
    small = np.array([1e-4, 2e-4])
    density = angle_density(multipole, 18.15, small)
    # sin Θ; the density in cos Θ is finite because the electron has a mass
    assert density[1] / density[0] == pytest.approx(2.0, rel=1e-4)
    # and at 180 degrees E and M do not vanish either
    assert pair_density(multipole, 18.15, 7.0, -1.0) > 0.0


@pytest.mark.parametrize("multipole", list(Multipole))
def test_electron_and_positron_are_alike(multipole: Multipole) -> None:
    cosines = np.linspace(-0.95, 0.95, 9)
    left = pair_density(multipole, 18.15, 4.0, cosines)
    assert left == pytest.approx(pair_density(multipole, 18.15, 14.15, cosines), rel=1e-12)


@pytest.mark.parametrize("multipole", list(Multipole))
@pytest.mark.parametrize("y_cut", [None, 0.3])
def test_angle_density_integrates_to_shares(multipole: Multipole, y_cut: float | None) -> None:
    theta = np.linspace(math.radians(60.0), math.pi, 2001)
    area = float(np.trapezoid(angle_density(multipole, 17.64, theta, y_cut), theta))
    expected = fraction_above(multipole, 17.64, math.radians(60.0), y_cut, of_cut=True)
    assert area == pytest.approx(expected, rel=2e-5)  # the trapezoids' error


def test_half_of_the_longitudinal_term_would_show() -> None:
    # Public codes differ here by a factor of two in that term: 0.0988 against 0.0937 at 20.58 MeV
    assert fraction_above(Multipole.E1, 20.58, math.radians(109.0)) == pytest.approx(0.0988, abs=6e-5)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: pair_coefficient(Multipole.M1, 1.0), "above 2 m_e"),
        (lambda: pair_coefficient(Multipole.M1, 200.0), "at most 100 MeV"),
        (lambda: integral_above(Multipole.M1, 18.15, 4.0), "allowed: 0 to 180"),
        (lambda: integral_above(Multipole.M1, 18.15, 0.0, 1.5), "at most 1"),
        (lambda: multipole_of("M3"), "unknown multipolarity 'M3'; allowed: E0, E1, M1, E2, M2"),
        (lambda: mass_density(Multipole.E0, 18.15, 5.0), "no photon"),
    ],
)
def test_bad_values(call, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UsageError, match=message):
        call()
