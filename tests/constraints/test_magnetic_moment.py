"""Magnetic moments: closed forms against quadrature, limits, and numbers worked out independently."""

import math

import numpy as np
import pytest
from scipy.integrate import quad

from x17.constants import ELECTRON_MASS_MEV
from x17.constraints.magnetic_moment import (
    MUON_MASS_MEV,
    Lepton,
    feynman_moments,
    moment_per_coupling_squared,
)
from x17.constraints.moment_measurement import MomentMeasurement, MomentRule
from x17.errors import UsageError
from x17.theory.boson import SpinParity

TABLE = {
    Lepton.ELECTRON: {"V": 7.615e-6, "A": -3.848e-5, "S": 6.770e-5, "P": -6.009e-5},
    Lepton.MUON: {"V": 8.611e-3, "A": -1.039, "S": 1.457e-2, "P": -5.963e-3},
}
"""a/g² at 16.9 MeV, worked out independently by quadrature, four digits."""


def by_quadrature(mass: float, boson: str, lepton: Lepton) -> float:
    """The integrals as written, with masses, over the Feynman parameter."""
    m, big = lepton.mass_mev, mass
    numerators = {
        "V": lambda x: 2 * x * (1 - x) ** 2 * m**2,
        "A": lambda x: -(2 * x * (1 - x) * (3 + x) * m**2 + 4 * (1 - x) ** 3 * m**4 / big**2),
        "S": lambda x: (1 - x) ** 2 * (1 + x) * m**2,
        "P": lambda x: -((1 - x) ** 3) * m**2,
    }
    top = numerators[boson]
    # Heavy bosons have all of the integral near x = m²/M²: points there keep the quadrature honest.
    points = sorted({min(0.5, f * (m / big) ** 2) for f in (0.1, 1.0, 10.0, 100.0)})
    value, _ = quad(
        lambda x: top(x) / ((1 - x) ** 2 * m**2 + x * big**2),
        0,
        1,
        points=points,
        limit=500,
        epsabs=0.0,
        epsrel=1e-9,
    )
    return float(value / (8 * math.pi**2))


@pytest.mark.parametrize("lepton", Lepton)
@pytest.mark.parametrize("boson", SpinParity)
def test_known_values_at_16_9_mev(boson: SpinParity, lepton: Lepton) -> None:
    # 1e-3: the table has four digits.
    assert moment_per_coupling_squared(16.9, boson, lepton) == pytest.approx(TABLE[lepton][boson], rel=1e-3)


@pytest.mark.parametrize("mass", [0.01, 0.4, 1.0219, 1.03, 1.7, 1.8, 5.0, 17.0, 211.3, 212.0, 1e3, 1e5])
@pytest.mark.parametrize("lepton", Lepton)
@pytest.mark.parametrize("boson", SpinParity)
def test_against_quadrature(boson: SpinParity, lepton: Lepton, mass: float) -> None:
    # On both sides of r = 4 and of r = 12, where the way of computing changes. 1e-7: the quadrature has 1e-9.
    expected = by_quadrature(mass, boson, lepton)
    assert moment_per_coupling_squared(mass, boson, lepton) == pytest.approx(expected, rel=1e-7, abs=0.0)


@pytest.mark.parametrize(("boson", "factor"), [("V", 1 / 12), ("A", -5 / 12)])
def test_heavy_limit(boson: str, factor: float) -> None:
    # Corrections are of order (m/M)² ln(M/m).
    expected = factor * (ELECTRON_MASS_MEV / 1e5) ** 2 / math.pi**2
    found = moment_per_coupling_squared(1e5, SpinParity(boson), Lepton.ELECTRON)
    assert found == pytest.approx(expected, rel=1e-8, abs=0.0)


def test_massless_vector_is_schwinger() -> None:
    # a = g²/(8π²): α/2π for g = e. The approach is linear in M/m, with slope of order one.
    found = moment_per_coupling_squared(1e-6, SpinParity.VECTOR, Lepton.ELECTRON)
    assert found == pytest.approx(1 / (8 * math.pi**2), rel=1e-5)


def test_massless_axial_vector_diverges_as_the_inverse_square_of_its_mass() -> None:
    # −(4 m²/M²) ∫(1−x) dx = −2 m²/M² over 8π².
    found = moment_per_coupling_squared(1e-3, SpinParity.AXIAL_VECTOR, Lepton.MUON)
    expected = -2.0 * (MUON_MASS_MEV / 1e-3) ** 2 / (8 * math.pi**2)
    assert found == pytest.approx(expected, rel=1e-4)


def test_where_the_way_of_computing_changes() -> None:
    r = np.array([3.999999, 4.0, 4.000001, 11.9999999, 12.0000001])
    moments = np.array(feynman_moments(r))
    # Their derivatives in r are below 1, so that neighbours differ by their distance at most.
    assert np.all(np.abs(np.diff(moments[:, :3], axis=1)) < 1e-6)
    assert np.all(np.abs(moments[:, 3] - moments[:, 4]) < 2e-7)
    assert moments[0, 1] == pytest.approx(0.5, abs=1e-12)


def test_shape_and_refusal() -> None:
    assert moment_per_coupling_squared(np.ones((2, 3)), SpinParity.SCALAR, Lepton.MUON).shape == (2, 3)
    with pytest.raises(UsageError, match="above 0"):
        moment_per_coupling_squared([16.9, 0.0], SpinParity.VECTOR, Lepton.ELECTRON)


class TestMeasurement:
    masses = np.array([16.3, 16.9, 18.3])

    def edge(self, deviation: float, error: float, boson: str, rule: MomentRule) -> list[tuple[float, float]]:
        measured = MomentMeasurement(Lepton.ELECTRON, deviation, error, 3.0, rule)
        return [(float(b.low[1]), float(b.high[1])) for b in measured.bands(self.masses, SpinParity(boson))]

    @pytest.mark.parametrize(
        ("deviation", "error", "epsilon"),
        [(-8.7e-13, 3.6e-13, (1.612e-3, 1.809e-3)), (4.8e-13, 3.0e-13, (1.356e-3, 1.522e-3))],
    )
    def test_limit_tables(self, deviation: float, error: float, epsilon: tuple[float, float]) -> None:
        # darkcast's tables of 2021 at 16.3 and 18.3 MeV, four digits, by the same rule; 0.3 %: they take the
        # heavy-boson form of the integral, which is off by that.
        measured = MomentMeasurement(Lepton.ELECTRON, deviation, error, 3.0, MomentRule.MAGNITUDE)
        (band,) = measured.bands(self.masses, SpinParity.VECTOR)
        assert band.low[[0, 2]] / 0.3028221 == pytest.approx(epsilon, rel=3e-3)
        assert np.isinf(band.high).all()

    def test_magnitude_does_not_know_signs(self) -> None:
        for boson in SpinParity:
            assert self.edge(2e-13, 1e-13, boson, MomentRule.MAGNITUDE) == self.edge(
                -2e-13, 1e-13, boson, MomentRule.MAGNITUDE
            )

    def test_signed_with_the_deviation_of_the_boson(self) -> None:
        # Both ends of 1e-12 ± 3·1e-13 ask for a coupling: a band from below and one from above.
        below, above = self.edge(1e-12, 1e-13, "V", MomentRule.SIGNED)
        assert below == (0.0, pytest.approx(math.sqrt(0.7e-12 / 7.615e-6), rel=1e-3))
        assert above == (pytest.approx(math.sqrt(1.3e-12 / 7.615e-6), rel=1e-3), math.inf)

    def test_signed_against_the_sign_of_the_boson(self) -> None:
        assert self.edge(-1e-12, 1e-13, "S", MomentRule.SIGNED) == [(0.0, math.inf)]
        assert self.edge(1e-12, 1e-13, "P", MomentRule.SIGNED) == [(0.0, math.inf)]
        assert len(self.edge(-1e-12, 1e-13, "A", MomentRule.SIGNED)) == 2
