"""What the coverage of each method is counted from; the numbers are tested in `tests/statistical`."""

import numpy as np
import pytest

from x17.statistics.asymptotic import cls_limit, estimate_signal
from x17.statistics.coverage import CALIBRATION_TOYS, CoverageTable, coverage
from x17.statistics.experiment_set import ExperimentSet
from x17.statistics.limit_methods import Calculation, LimitName, Method
from x17.statistics.limit_settings import LimitSettings
from x17.statistics.model import ScanModel
from x17.statistics.toy_set import InMemory

COUPLINGS, N = (0.0, 2e-4, 5e-4), 600
SETTINGS = LimitSettings(seed=3)


@pytest.fixture(scope="module")
def table(model: ScanModel) -> CoverageTable:
    return coverage(model, 16.9, COUPLINGS, list(Method), SETTINGS, N, InMemory(2), workers=2)


def shares(table: CoverageTable, name: LimitName, calculation: Calculation) -> list[float]:
    return [point.fraction.value for point in table.column(name, calculation)]


def test_every_method_is_tested_at_every_coupling(table: CoverageTable) -> None:
    asymptotic = [(name, Calculation.ASYMPTOTIC) for name in list(LimitName)[:5]]
    counts = [(name, Calculation.COUNTS) for name in (LimitName.ROLKE, LimitName.STAT)]
    assert set(table.columns) == {*asymptotic, (LimitName.FC, Calculation.TOYS), *counts}
    for key in table.columns:
        column = table.column(*key)
        assert [point.coupling for point in column] == list(COUPLINGS)
        assert all(point.fraction.n_toys == N for point in column)
        assert all(point.fraction.n_failed == 0 for point in column)


def test_cls_counts_limits_at_or_above_the_truth(table: CoverageTable, model: ScanModel) -> None:
    wanted = ExperimentSet(
        ensemble=SETTINGS.ensemble, masses=(16.9,), seed=3, truth_mass=16.9, truth_coupling=5e-4
    )
    limits = [
        cls_limit(e.signal, e.error, 0.90)
        for block in range(2)
        for e in [estimate_signal(model, wanted.counts(model, block).data_sets(model), 16.9)]
    ]
    expected = np.mean(np.concatenate(limits)[:N] >= 5e-4**2)
    assert shares(table, LimitName.CLS, Calculation.ASYMPTOTIC)[2] == pytest.approx(expected)


def test_what_holds_by_construction(table: CoverageTable) -> None:
    # CLs never excludes g = 0, and the statistical limit, 2.8e-4, is the same for every experiment.
    assert shares(table, LimitName.CLS, Calculation.ASYMPTOTIC)[0] == 1.0
    assert shares(table, LimitName.STAT, Calculation.COUNTS) == [1.0, 1.0, 0.0]
    # The constraint spares all it protects; above it nothing changes.
    clsb = shares(table, LimitName.CLSB, Calculation.ASYMPTOTIC)
    pcl = shares(table, LimitName.PCL, Calculation.ASYMPTOTIC)
    assert pcl[:2] == [1.0, 1.0]
    assert pcl[2] == clsb[2]


def test_workers_do_not_matter(table: CoverageTable, model: ScanModel) -> None:
    alone = coverage(model, 16.9, COUPLINGS, list(Method), SETTINGS, N, InMemory())
    assert alone.points == table.points


def test_more_experiments_begin_with_the_same(model: ScanModel) -> None:
    few, more = (
        coverage(model, 16.9, [5e-4], [Method.CLSB], SETTINGS, n, InMemory()).points[0].fraction
        for n in (500, 900)
    )
    assert 0 <= more.successes - few.successes <= 400


def test_calibration_is_asked_of_the_source_once_and_only_for_feldman_cousins(model: ScanModel) -> None:
    asked = []

    def source(model, sets, n_toys):  # type: ignore[no-untyped-def]
        asked.append((len(sets), n_toys))
        return InMemory(2)(model, sets, n_toys)

    coverage(model, 16.9, COUPLINGS, [Method.CLS, Method.ROLKE], SETTINGS, 100, source)
    assert asked == []
    coverage(model, 16.9, COUPLINGS, [Method.FC], SETTINGS, 100, source)
    assert asked == [(1, CALIBRATION_TOYS)]


def test_toys_about_each_experiment_agree_with_the_formulas(model: ScanModel) -> None:
    """In the unconditional ensemble toys and formulas give nearly the same limits to each experiment."""
    settings = LimitSettings(seed=5, ensemble="unconditional")
    table = coverage(
        model,
        16.9,
        [0.0, 5e-4],
        [Method.CLS, Method.CLSB, Method.PCL],
        settings,
        300,
        InMemory(),
        full_toys=400,
        workers=2,
    )
    for name in (LimitName.CLS, LimitName.CLSB, LimitName.PCL, LimitName.PCL_STANDARD):
        (toys,) = table.column(name, Calculation.TOYS)  # without a boson there is nothing to be tested
        formula = table.column(name, Calculation.ASYMPTOTIC)[1]
        assert toys.coupling == 5e-4
        # The same experiments: they differ where P_S is within its error of 0.015 of 0.10, in 3 % of them,
        # to either side.
        assert toys.fraction.value == pytest.approx(formula.fraction.value, abs=0.03)
    assert table.full_toys == 400
