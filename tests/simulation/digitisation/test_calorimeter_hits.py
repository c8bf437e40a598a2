from dataclasses import replace

import numpy as np
import pytest

from x17.apparatus.calorimeter import Calorimeter
from x17.apparatus.setup import Setup
from x17.simulation.calorimeter_deposits import Deposits
from x17.simulation.digitisation.calorimeter_hits import CalorimeterHits, digitise


def hits(
    calorimeter: Calorimeter, event: object, cell: object, energy: object, time: object
) -> CalorimeterHits:
    e, c, q, t = np.broadcast_arrays(*(np.atleast_1d(np.asarray(v)) for v in (event, cell, energy, time)))
    deposits = Deposits(e.astype(np.int64), c.astype(np.int64), q.astype(float), t.astype(float))
    return digitise(deposits, calorimeter, np.random.default_rng(4))


@pytest.fixture
def exact(setup: Setup) -> Calorimeter:
    """Without noise."""
    return replace(setup.calorimeter, photoelectrons_per_mev=1e6, pedestal_mev=0.0, time_resolution_ns=0.0)


def test_deposits_in_time_merge_at_their_weighted_time(exact: Calorimeter) -> None:
    found = hits(exact, 0, 7, [30.0, 10.0, 50.0], [10.0, 14.0, 40.0])
    # 1e6 photoelectrons per MeV leave a noise of 7 keV at 50 MeV.
    np.testing.assert_allclose(found.energy, [40.0, 50.0], atol=0.05)
    np.testing.assert_allclose(found.time, [11.0, 40.0], rtol=1e-12)


def test_neighbours_and_other_events_do_not_merge(exact: Calorimeter) -> None:
    found = hits(exact, [0, 0, 1], [7, 8, 7], 20.0, 10.0)
    np.testing.assert_array_equal(found.event, [0, 0, 1])
    np.testing.assert_array_equal(found.cell, [7, 8, 7])


@pytest.mark.parametrize("energy", [5.0, 100.0])
def test_noise_has_the_stated_resolutions(setup: Setup, energy: float) -> None:
    n = 40_000
    found = hits(setup.calorimeter, np.arange(n), 7, energy, 50.0)
    # √(E/200 + 0.3²) and 0.9 ns; a standard deviation of 40 000 numbers is known to 0.35 %, four times that.
    assert found.energy.std() == pytest.approx(np.sqrt(energy / 200.0 + 0.09), rel=0.014)
    assert found.energy.mean() == pytest.approx(energy, abs=4.0 * np.sqrt(energy / 200.0 + 0.09) / 200.0)
    assert found.time.std() == pytest.approx(0.9, rel=0.014)


def test_thresholds(exact: Calorimeter) -> None:
    assert hits(exact, 0, 7, 0.9, 0.0).event.size == 0
    assert hits(exact, 0, 7, 1.1, 0.0).event.size == 1


def test_dead_crystals_are_silent(exact: Calorimeter) -> None:
    dead = int(np.flatnonzero(exact.cells.dead)[0])
    found = hits(exact, 0, [dead, dead + 1], 100.0, 0.0)
    np.testing.assert_array_equal(found.cell, [dead + 1])


def test_later_hits_need_more_energy_and_are_three_at_most(exact: Calorimeter) -> None:
    found = hits(exact, 0, 7, [5.0, 9.0, 20.0, 20.0, 20.0], [0.0, 20.0, 40.0, 60.0, 80.0])
    np.testing.assert_allclose(found.energy, [5.0, 20.0, 20.0], atol=0.05)
    np.testing.assert_allclose(found.time, [0.0, 40.0, 60.0])


def test_energy_is_conserved_and_hits_are_sorted(exact: Calorimeter) -> None:
    rng = np.random.default_rng(3)
    event, cell = rng.integers(0, 50, 4000), rng.integers(0, 20, 4000)
    energy = rng.uniform(20.0, 200.0, 4000)
    found = hits(exact, event, cell, energy, rng.uniform(0.0, 1.0, 4000))
    live = ~exact.cells.dead[cell]
    # Everything is in time and above threshold: the noise of 1000 hits of 400 MeV is 0.6 MeV of 4e5.
    assert found.energy.sum() == pytest.approx(energy[live].sum(), rel=1e-5)
    key = found.event * 1000 + found.cell
    assert np.all(np.diff(key) > 0)


def test_nothing_gives_nothing(setup: Setup) -> None:
    none = np.zeros(0)
    assert hits(setup.calorimeter, none, none, none, none).event.size == 0
