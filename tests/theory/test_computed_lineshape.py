import numpy as np
import pytest

from x17.errors import UsageError
from x17.theory.boson import Boson
from x17.theory.compton import Diamond
from x17.theory.computed_lineshape import Computed, lagrange_weights
from x17.theory.production import resonant_energy_mev, yield_curve
from x17.theory.target import Target


@pytest.fixture(scope="module")
def line() -> Computed:
    return Computed.of_diamond(0.0025, 0.0005)


@pytest.mark.parametrize("mass", [16.3, 17.0, 17.7])
@pytest.mark.parametrize(("width", "spread"), [(0.847, 0.0025), (0.78, 0.001), (0.93, 0.0045), (0.7, 0.0059)])
def test_table_is_the_yield_it_was_made_of(line: Computed, mass: float, width: float, spread: float) -> None:
    rest = float(resonant_energy_mev(mass, 0.0))
    energy = np.linspace(rest - 25.0, rest + 25.0, 333)
    direct = yield_curve(Boson(mass, "V", 1.0), Target(), energy, spread, Diamond(width))
    table = line.unit_profile(energy, rest, width, spread) * direct.area_mev
    # 2e-5 of the peak: expansion in b, and the scaling of energies by the electron mass over the beam energy.
    np.testing.assert_allclose(table, direct.yield_per_pot, atol=3e-5 * direct.yield_per_pot.max(), rtol=0)


def test_area_is_the_physical_one(line: Computed) -> None:
    energy = np.linspace(282.0 - 70.0, 282.0 + 70.0, 5601)
    area = np.trapezoid(line.yield_per_pot(energy, 282.0), energy)
    # πg²/(2m_e) n_e d with the electron mass kept, 12.68 MeV; the tails beyond 70 MeV hold less than 1 %.
    assert line.area_mev == pytest.approx(12.64 * 1.0036, rel=1e-3)
    assert area == pytest.approx(line.area_mev, rel=0.01)


def test_errors_are_the_documented_ones(line: Computed) -> None:
    errors = np.sqrt(np.diag(line.covariance))
    assert errors[0] / line.area_mev == pytest.approx(0.013)
    assert errors[1] == pytest.approx(0.027)
    assert errors[2] == pytest.approx(0.0005)


def test_outside_the_table_is_an_error(line: Computed) -> None:
    for width, spread in ((0.5, 0.0025), (1.1, 0.0025), (0.847, 0.0001), (0.847, 0.01)):
        with pytest.raises(UsageError, match="outside"):
            line.unit_profile(280.0, 280.0, width, spread)


def test_cubic_weights_are_exact_for_cubics() -> None:
    t = np.linspace(0.0, 1.0, 11)
    values = sum(w * (k - 1.0) ** 3 for k, w in enumerate(lagrange_weights(t)))
    np.testing.assert_allclose(values, t**3, atol=1e-14)
