"""The power of the procedure, against the numbers of the collaboration and against limits."""

from dataclasses import replace

import numpy as np
import pytest

from x17.blinding.power import PowerCase, PowerTable, procedure_power
from x17.errors import UsageError
from x17.scan import EnergyScan
from x17.statistics.monte_carlo import TailFraction
from x17.statistics.sideband import fit_sideband


@pytest.fixture(scope="module")
def table(shipped: EnergyScan) -> PowerTable:
    cases = (
        *(PowerCase(extra_err=value) for value in (0.0, 0.005, 0.011)),
        *(PowerCase(mass_mev=16.9, coupling=g) for g in (0.0, 4e-4, 8e-4, 1.2e-3)),
    )
    return procedure_power(shipped, cases, n_toys=3000, workers=2)


def values(table: PowerTable, place: int) -> list[float]:
    return [fraction.value for fraction in table.points[place].accepted]


def test_published_acceptance(table: PowerTable) -> None:
    """Of the collaboration's study: 0.96–1.0 and 0.87–0.94 as things are, 0.79 and 0.61 with 0.5 % more.

    ± 0.05 for the second pair, whose reading and toys are theirs; our error of 3000 toys is below 0.01.
    """
    loose, tight = values(table, 0)
    assert 0.96 <= loose <= 1.0
    assert 0.87 <= tight <= 0.94
    loose, tight = values(table, 1)
    assert loose == pytest.approx(0.79, abs=0.05)
    assert tight == pytest.approx(0.61, abs=0.05)
    assert max(values(table, 2)) < 0.08


def test_all_criteria_accept_no_more_than_the_first(table: PowerTable) -> None:
    for point in table.points:
        assert point.criteria.successes <= point.accepted[0].successes


def test_the_mask_finds_a_strong_boson_and_none_by_chance(table: PowerTable) -> None:
    """Without one the window may stand anywhere: of 33 windows ten have a given point inside."""
    found = [point.found.value for point in table.points if point.found is not None]
    assert 0.1 < found[0] < 0.5
    assert found == sorted(found)
    assert found[-1] > 0.99
    assert all(point.found is None for point in table.points[:3])


def test_a_coupling_of_zero_is_no_boson(table: PowerTable) -> None:
    assert table.points[3].accepted == table.points[0].accepted
    assert table.points[3].criteria == table.points[0].criteria


def test_against_one_pseudo_experiment_after_another(shipped: EnergyScan, table: PowerTable) -> None:
    """Drawn and fitted in another way, 200 times, with 0.5 % more: the shares agree within three errors."""
    rng = np.random.default_rng(7)
    points = shipped.search_points()
    accepted = 0
    for _ in range(200):
        true = points.n_pot * points.background_per_pot * rng.normal(1.0, 0.005, len(points))
        toy = replace(
            points,
            n2=rng.poisson(true).astype(float),
            n_pot=rng.normal(points.n_pot, points.n_pot_err),
            background_per_pot=rng.normal(points.background_per_pot, points.background_err),
        )
        accepted += fit_sideband(toy, 10, 16.92).p_value > 0.2
    assert accepted / 200 == pytest.approx(values(table, 1)[0], abs=3 * np.sqrt(0.78 * 0.22 / 200))


def test_the_best_window_accepts_more_than_a_fixed_one(shipped: EnergyScan) -> None:
    """χ² outside a fixed window follows its law, so that 1 − p are above p; the smallest χ² is no larger."""
    thresholds = (0.05, 0.2, 0.4, 0.6, 0.8)
    table = procedure_power(shipped, (PowerCase(),), thresholds=thresholds, n_toys=1000)
    for threshold, share in zip(thresholds, values(table, 0), strict=True):
        assert share > 1.0 - threshold


def test_counts_are_not_looked_at(shipped: EnergyScan) -> None:
    rng = np.random.default_rng(1)
    other = replace(shipped, n2=shipped.n2 * np.exp(0.3 * rng.standard_normal(len(shipped))))
    cases = (PowerCase(), PowerCase(mass_mev=16.9, coupling=5e-4))
    assert procedure_power(other, cases, n_toys=200) == procedure_power(shipped, cases, n_toys=200)


def test_threads_do_not_matter_and_longer_runs_begin_with_the_same_toys(shipped: EnergyScan) -> None:
    cases = (PowerCase(extra_err=0.004),)
    one = procedure_power(shipped, cases, n_toys=1700, workers=1)
    assert procedure_power(shipped, cases, n_toys=1700, workers=3) == one
    other = procedure_power(shipped, cases, n_toys=1700, seed=2)
    assert other != one
    blocks = [procedure_power(shipped, cases, n_toys=n).points[0].criteria.successes for n in (500, 1000)]
    assert blocks[0] <= blocks[1] <= blocks[0] + 500


def test_errors_are_those_of_the_number_of_toys(table: PowerTable) -> None:
    fraction = table.points[1].criteria
    assert isinstance(fraction, TailFraction)
    low, high = fraction.interval()
    assert high - low == pytest.approx(2 * np.sqrt(fraction.value * (1 - fraction.value) / 3000), rel=0.05)


def test_a_boson_needs_a_mass(shipped: EnergyScan) -> None:
    with pytest.raises(UsageError, match=r"a coupling of 0\.0005 without a mass"):
        procedure_power(shipped, (PowerCase(coupling=5e-4),), n_toys=100)
