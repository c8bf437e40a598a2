"""The table as a whole: every method at a few masses, with few toys."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest

from x17.statistics.asymptotic import cls_limit, expected_error, expected_limits
from x17.statistics.coupling_set import CouplingSet
from x17.statistics.limit_methods import Calculation, LimitName, Method
from x17.statistics.limit_settings import LimitSettings
from x17.statistics.limit_table import LimitTable, limit_table
from x17.statistics.model import ScanModel
from x17.statistics.toy_set import Arrays, InMemory, ToySet
from x17.statistics.toy_table import Expectation, couplings_with_toys

MASSES, GRID = np.array([16.3, 16.74, 16.9]), np.linspace(1e-4, 9.775e-4, 40)
SETTINGS = LimitSettings(toys=300, seed=2)


class Recorded:
    """Toys in memory, and what was asked for."""

    def __init__(self) -> None:
        self.calls: list[Sequence[ToySet]] = []

    def __call__(self, model: ScanModel, sets: Sequence[ToySet], n_toys: int) -> Iterator[Arrays]:
        self.calls.append(sets)
        return InMemory(2)(model, sets, n_toys)


@pytest.fixture(scope="module")
def table(model: ScanModel) -> LimitTable:
    return limit_table(model, MASSES, GRID, list(Method), SETTINGS, InMemory(2))


def values(table: LimitTable, name: LimitName, calculation: Calculation) -> np.ndarray:
    return np.array([limit.coupling for limit in table.column(name, calculation)])


def test_every_method_has_a_limit_at_every_mass(table: LimitTable) -> None:
    assert set(table.columns) == {
        *((n, c) for n in list(LimitName)[:5] for c in (Calculation.TOYS, Calculation.ASYMPTOTIC)),
        (LimitName.ROLKE, Calculation.COUNTS),
        (LimitName.STAT, Calculation.COUNTS),
    }
    for name, calculation in table.columns:
        column = table.column(name, calculation)
        assert [limit.mass_mev for limit in column] == MASSES.tolist()
        for limit in column:
            assert limit.coupling is not None
            assert limit.reason == ""
            assert (limit.lower is not None) == (name in (LimitName.FC, LimitName.ROLKE))
            assert (limit.low is not None) == (calculation is Calculation.TOYS)
            assert limit.n_toys == (300 if calculation is Calculation.TOYS else 0)


def test_a_constraint_only_weakens(table: LimitTable) -> None:
    for calculation in (Calculation.TOYS, Calculation.ASYMPTOTIC):
        clsb = values(table, LimitName.CLSB, calculation)
        for name in (LimitName.PCL, LimitName.PCL_STANDARD):
            assert (values(table, name, calculation) >= clsb).all()


def test_cls_is_never_stronger_than_cls_plus_b(table: LimitTable) -> None:
    asymptotic = [values(table, name, Calculation.ASYMPTOTIC) for name in (LimitName.CLS, LimitName.CLSB)]
    assert (asymptotic[0] > asymptotic[1]).all()
    for cls, clsb in zip(
        table.column(LimitName.CLS, Calculation.TOYS),
        table.column(LimitName.CLSB, Calculation.TOYS),
        strict=True,
    ):
        # Both are read off the same toys, by different curves: within their Monte-Carlo intervals.
        assert cls.high is not None
        assert clsb.low is not None
        assert cls.high > clsb.low


def test_published_constraint_is_the_median(table: LimitTable, model: ScanModel) -> None:
    median = expected_limits(expected_error(model, model.centers, MASSES).error, 0.90)[2]
    for calculation in (Calculation.TOYS, Calculation.ASYMPTOTIC):
        pcl = values(table, LimitName.PCL, calculation)
        clsb = values(table, LimitName.CLSB, calculation)
        np.testing.assert_allclose(pcl, np.maximum(clsb, median), rtol=1e-9)
    assert clsb[0] < median[0]  # at 16.30 MeV it bites


def test_toys_about_the_truth_give_the_asymptotic_limits(model: ScanModel) -> None:
    """With centres drawn about the truth û is unbiased, and toys and formulas agree (ensembles, 0.22σ)."""
    settings = LimitSettings(toys=2000, ensemble="unconditional", seed=3)
    table = limit_table(
        model, np.array([16.9]), GRID, [Method.CLS, Method.CLSB, Method.FC], settings, InMemory(2)
    )
    for name in (LimitName.CLS, LimitName.CLSB, LimitName.FC):
        (toys,), (formula,) = (table.column(name, c) for c in (Calculation.TOYS, Calculation.ASYMPTOTIC))
        # 10,000 toys: 5.556, 5.557, 5.808 against 5.529, 5.524, 5.800 e-4, so 0.6 % of the formula itself,
        # and three errors of 0.3 %.
        assert toys.coupling == pytest.approx(formula.coupling, rel=0.015)
    assert toys.lower == pytest.approx(formula.lower, rel=0.02)


def test_whole_grid_and_part_of_it_give_the_same_limits(model: ScanModel) -> None:
    part, whole = Recorded(), Recorded()
    mass = np.array([16.9])
    tables = [
        limit_table(model, mass, GRID[::3], [Method.CLS], SETTINGS, source, whole_grid=every)
        for source, every in ((part, False), (whole, True))
    ]
    limits = [values(t, LimitName.CLS, Calculation.TOYS)[0] for t in tables]
    assert limits[0] == limits[1]
    asked = [
        next(s.couplings for s in source.calls[0] if isinstance(s, CouplingSet)) for source in (part, whole)
    ]
    assert asked[1] == tuple(GRID[::3])
    assert len(asked[0]) < len(asked[1])


def test_one_call_asks_for_all_toys(model: ScanModel) -> None:
    source = Recorded()
    limit_table(model, MASSES, GRID, list(Method), SETTINGS, source)
    assert len(source.calls[0]) == 2 * MASSES.size
    assert all(isinstance(s, CouplingSet) and s.best for s in source.calls[0])


def test_without_toys_no_toys_are_made(model: ScanModel) -> None:
    source = Recorded()
    table = limit_table(model, MASSES, GRID, list(Method), replace(SETTINGS, toys=0), source)
    assert source.calls == []
    assert {c for _, c in table.columns} == {Calculation.ASYMPTOTIC, Calculation.COUNTS}


def test_constraints_from_pseudo_experiments(model: ScanModel) -> None:
    settings = replace(SETTINGS, toys=0)
    asimov, toys = (
        limit_table(model, MASSES, GRID, [Method.PCL], settings, InMemory(2), band_toys=n) for n in (0, 2000)
    )
    # The median of 2,000 limits is known to 1.5 %, and the Asimov band agrees with it within 1 %.
    np.testing.assert_allclose(
        values(toys, LimitName.PCL, Calculation.ASYMPTOTIC),
        values(asimov, LimitName.PCL, Calculation.ASYMPTOTIC),
        rtol=0.03,
    )
    assert toys.band_toys == 2000


def test_limits_of_asimov_data(model: ScanModel) -> None:
    """Data exactly as expected without a boson: û = 0, and every limit is its own expectation."""
    points = model.points
    expected = model.expected_g_r(model.centers, 17.0) * points.n_pot * points.background_per_pot
    flat = replace(model, points=replace(points, n2=expected))
    table = limit_table(flat, MASSES, GRID, list(Method), replace(SETTINGS, toys=0), InMemory())
    sigma = expected_error(model, model.centers, MASSES).error
    for name, factor in (
        (LimitName.CLS, float(np.sqrt(cls_limit(0.0, 1.0, 0.90)))),
        (LimitName.CLSB, 1.28155**0.5),
        (LimitName.PCL, float(np.sqrt(cls_limit(0.0, 1.0, 0.90)))),
        (LimitName.FC, 1.64485**0.5),
    ):
        # û of Asimov data is zero to the precision of the fit.
        np.testing.assert_allclose(
            values(table, name, Calculation.ASYMPTOTIC), factor * np.sqrt(sigma), rtol=1e-3
        )
    for limit in table.column(LimitName.ROLKE, Calculation.COUNTS):
        assert limit.lower == 0.0


def test_a_grid_far_from_the_limits_is_completed(model: ScanModel) -> None:
    source = Recorded()
    table = limit_table(
        model, np.array([16.9]), np.array([1e-4, 2e-4]), [Method.CLS, Method.FC], SETTINGS, source
    )
    (cls,), (fc,) = (table.column(n, Calculation.TOYS) for n in (LimitName.CLS, LimitName.FC))
    assert cls.coupling == pytest.approx(5.65e-4, rel=0.03)
    assert fc.coupling == pytest.approx(5.77e-4, rel=0.03)
    assert len(source.calls) == 1


def test_a_limit_above_the_largest_coupling_is_said(model: ScanModel) -> None:
    settings = replace(SETTINGS, max_coupling=4e-4)
    table = limit_table(model, np.array([16.9]), GRID, list(Method), settings, InMemory(2))
    for limit in table.limits:
        if limit.name is LimitName.STAT:
            assert limit.coupling is not None
        else:
            assert limit.coupling is None, limit
            assert "0.0004" in limit.reason


def test_failed_fits_are_said_and_spare_the_counts(model: ScanModel) -> None:
    n2 = model.points.n2.copy()
    n2[20] = np.inf
    broken = replace(model, points=replace(model.points, n2=n2))
    with np.errstate(invalid="ignore"):
        table = limit_table(broken, MASSES, GRID, [Method.CLS, Method.STAT], SETTINGS, InMemory())
    for limit in table.column(LimitName.CLS, Calculation.ASYMPTOTIC):
        assert limit.coupling is None
        assert "not finite" in limit.reason
    assert table.column(LimitName.CLS, Calculation.TOYS) == ()


def test_couplings_of_a_deficit_begin_near_zero() -> None:
    expected = Expectation(
        mass=16.6, signal=-1e-7, error=0.9e-7, cls=3.4e-4, published=1.5e-7, standard=0.3e-7
    )
    inside, added = couplings_with_toys(expected, GRID, {Method.CLSB}, SETTINGS, whole_grid=False)
    assert inside[0] == GRID[0]
    assert inside[-1] ** 2 < 1.2e-7
    assert added.size == 0
    fine, _ = couplings_with_toys(expected, GRID, set(Method), SETTINGS, whole_grid=False)
    assert fine.size > inside.size
