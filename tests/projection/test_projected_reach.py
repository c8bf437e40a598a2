"""Limits and significances of runs to come: the published band, closed forms, pseudo-experiments."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from x17.errors import UsageError
from x17.projection.limiting_errors import limiting_errors
from x17.projection.planned_points import at_half_step, even_points
from x17.projection.projected_scan import RunDesign, projected_model, projected_scan, spread_warning
from x17.projection.reach import band_after_data, band_of, estimate_with_boson, find_reach, median_q0
from x17.projection.saturation import saturation
from x17.projection.simulated_reach import simulate_reach
from x17.projection.systematics import Group, Systematics
from x17.scan import EnergyScan
from x17.statistics.asymptotic import expected_error, expected_limits
from x17.statistics.model import ScanModel
from x17.statistics.model_settings import ModelSettings
from x17.statistics.toy_set import InMemory
from x17.theory.boson import SpinParity

MASSES = np.array([16.44, 16.6, 16.84, 17.0, 17.2])
COUPLINGS = np.linspace(1e-4, 1.2e-3, 45)

PUBLISHED_MEDIANS = {16.44: 4.77e-4, 16.84: 3.72e-4, 17.20: 3.83e-4}
"""Median expected limits of Run III, arXiv:2505.24797."""


def test_run_iii_projected_is_run_iii(
    run3_design: RunDesign, run3_errors: Systematics, published_scan: EnergyScan
) -> None:
    """All five quantiles; the run is projected with one error for all points and yields on lines: 5 %."""
    found = find_reach([projected_model(run3_design, run3_errors)], MASSES, COUPLINGS)
    model = ScanModel.build(published_scan)
    wanted = expected_limits(expected_error(model, model.centers, MASSES).error, 0.90)
    assert found.band == pytest.approx(wanted, rel=0.05)
    # In fact it is within 1 %.
    assert found.median == pytest.approx(wanted[2], rel=0.015)


def test_run_iii_projected_is_the_published_band(run3_design: RunDesign, run3_errors: Systematics) -> None:
    masses = np.array(list(PUBLISHED_MEDIANS))
    found = find_reach([projected_model(run3_design, run3_errors)], masses, COUPLINGS)
    # The published medians are of some 300 pseudo-experiments: 2 to 3 % each.
    assert found.median == pytest.approx(list(PUBLISHED_MEDIANS.values()), rel=0.05)


@pytest.mark.parametrize("statistics", [4.0, 100.0])
def test_counts_alone_go_as_the_fourth_root(
    run3_design: RunDesign, run3_errors: Systematics, statistics: float
) -> None:
    """σ(g²) ∝ N^(−1/2), exactly, as all weights are in proportion to the counts: g ∝ N^(−1/4)."""
    limits = [
        find_reach([projected_model(run3_design.times(n), run3_errors.none)], MASSES, COUPLINGS).median
        for n in (1.0, statistics)
    ]
    assert limits[1] / limits[0] == pytest.approx(statistics**-0.25, rel=1e-6)


def test_statistics_with_errors_gain_less(run3_design: RunDesign, run3_errors: Systematics) -> None:
    def limit(n: float) -> float:
        model = projected_model(run3_design.times(n), run3_errors)
        return float(find_reach([model], [16.9], COUPLINGS).median[0])

    assert 4.0**-0.25 < limit(4.0) / limit(1.0) < 1.0
    assert limit(1e6) == pytest.approx(limit(1e7), rel=1e-3)


def test_combining_a_run_with_itself_is_twice_the_run(
    run3_design: RunDesign, run3_errors: Systematics
) -> None:
    """Two independent runs of the same kind: σ(g²) and 1/√q0 smaller by √2."""
    model = projected_model(run3_design, run3_errors)
    one, two = (find_reach(models, MASSES, COUPLINGS) for models in ([model], [model, model]))
    assert two.median / one.median == pytest.approx(2.0**-0.25, rel=1e-9)
    assert two.z == pytest.approx(np.sqrt(2.0) * one.z, rel=1e-9)


def test_power_and_significance(run3_design: RunDesign, run3_errors: Systematics) -> None:
    reach = find_reach([projected_model(run3_design, run3_errors)], MASSES, COUPLINGS)
    assert np.all(np.diff(reach.z, axis=1) > 0.0)
    row = int(np.argmin(np.abs(reach.z[2] - 3.0)))
    assert reach.power(reach.z[2, row])[2, row] == pytest.approx(0.5)
    g3 = reach.coupling_at(3.0)
    z = np.sqrt(median_q0(projected_model(run3_design, run3_errors), MASSES, g3))
    assert z == pytest.approx(np.full(5, 3.0), rel=2e-3)  # interpolation between couplings 2.5e-5 apart
    assert np.isnan(reach.coupling_at(1e3)).all()
    # 3σ needs a signal of 3 σ_A, the median limit 1.64: hence a coupling greater by (3/1.64)^(1/2). It is
    # 0.5 % more, because Neyman weights fall as the observed yield grows.
    assert g3 / reach.median == pytest.approx(np.full(5, np.sqrt(3.0 / 1.6449)), rel=0.01)


def test_the_reach_is_that_of_pseudo_experiments(run3_design: RunDesign, run3_errors: Systematics) -> None:
    """1000 pseudo-experiments with all nuisances measured anew; quantiles are known to 1.5 to 3 %."""
    model = projected_model(run3_design, run3_errors)
    boson = (16.9, 5e-4)
    found = simulate_reach(model, InMemory(1), np.array([16.6, 17.2]), [boson], 1000)
    assert found.n_failed == 0
    assert found.band.masses.tolist() == [16.6, 16.9, 17.2]
    reach = find_reach([model], found.band.masses, np.array([4e-4, 5e-4]))
    assert found.band.limits == pytest.approx(reach.band, rel=0.06)
    (power,) = found.powers
    z = float(reach.z[1, 1])
    assert power.median_z == pytest.approx(z, abs=0.12)  # 1.25/√1000 = 0.04, three of them
    low, high = power.evidence.interval(0.997)
    assert low - 0.02 < float(reach.power(3.0)[1, 1]) < high + 0.02  # the weights' asymmetry moves it by 1 %
    signal, error = estimate_with_boson([model], found.band.masses, boson)
    assert found.with_bosons[0].limits == pytest.approx(band_of(signal, error, 0.90), rel=0.06)


def test_pseudo_experiments_do_not_depend_on_workers(
    run3_design: RunDesign, run3_errors: Systematics
) -> None:
    model = projected_model(run3_design, run3_errors)
    one, two = (
        simulate_reach(model, InMemory(workers), np.array([16.9]), [(16.9, 5e-4)], 60, seed=3)
        for workers in (1, 2)
    )
    assert np.array_equal(one.band.limits, two.band.limits)
    assert one.powers == two.powers


def test_limits_after_the_data_know_of_the_excess(
    run3_design: RunDesign, run3_errors: Systematics, published_scan: EnergyScan
) -> None:
    model = projected_model(run3_design.times(4.0), run3_errors)
    measured = ScanModel.build(published_scan)
    after = band_after_data([model], measured, [16.7, 16.9], 0.90)
    both = find_reach([model, measured], [16.7, 16.9], COUPLINGS)
    # At 16.9 MeV Run III has an excess of 2.3σ, which a run without a boson does not undo; at 16.7 a deficit.
    assert after[2, 1] > 1.05 * both.median[1]
    assert after[2, 0] < both.median[0]
    assert np.all(np.diff(after, axis=0) > 0.0)


def test_bosons_of_other_kinds(run3_design: RunDesign, run3_errors: Systematics) -> None:
    """g_P/g_V = (area · acceptance)^(−1/2), with the factors of the hypothesis."""
    from x17.statistics.boson_hypothesis import boson_factors

    limits = {}
    for kind in (SpinParity.VECTOR, SpinParity.PSEUDOSCALAR):
        model = projected_model(run3_design, run3_errors, ModelSettings(boson=kind))
        limits[kind] = float(find_reach([model], [16.9], COUPLINGS).median[0])
    factors = boson_factors(SpinParity.PSEUDOSCALAR, projected_scan(run3_design, run3_errors).search_points())
    expected = (factors.area * factors.mean_efficiency) ** -0.5
    assert limits[SpinParity.PSEUDOSCALAR] / limits[SpinParity.VECTOR] == pytest.approx(expected, rel=1e-3)


def test_what_limits_run_iii(run3_design: RunDesign, run3_errors: Systematics) -> None:
    rows = limiting_errors(projected_model, run3_design, run3_errors, 16.9, COUPLINGS)
    limit = {(row.group, row.factor): row.limit for row in rows}
    first, alone = limit[None, 1.0], limit[None, 0.0]
    for group in Group:
        assert alone <= limit[group, 0.0] <= limit[group, 0.5] * (1 + 1e-9) <= first * (1 + 1e-6)
    # B's error, 0.52 % a point, is more than the flux's, 0.37 %; K's line comes after both.
    assert limit[Group.BACKGROUND, 0.0] < limit[Group.FLUX, 0.0] < limit[Group.K, 0.0] < first
    # Without a boson the line's own errors are not felt; a line that is wider is.
    for group in (Group.BEAM_SPREAD, Group.LINE_SHAPE):
        assert limit[group, 0.0] == pytest.approx(first, rel=1e-3)
        assert limit[group, None] > first


def test_where_statistics_saturate(run3_design: RunDesign, run3_errors: Systematics) -> None:
    found = saturation(projected_model, run3_design, run3_errors, 16.9)
    assert np.all(np.diff(found.limit) < 0.0)
    assert np.all(found.limit > found.floor)
    assert found.counts_only == pytest.approx(found.counts_only[0] * found.statistics**-0.25, rel=1e-6)
    assert found.saturates_at is not None
    model = projected_model(run3_design.times(found.saturates_at), run3_errors)
    limit = float(find_reach([model], [16.9], COUPLINGS).median[0])
    assert limit / found.floor == pytest.approx(1.1, rel=1e-4)
    assert saturation(projected_model, run3_design, run3_errors.none, 16.9).saturates_at is None


def test_the_projected_scan_is_a_scan(
    run3_design: RunDesign, run3_errors: Systematics, tmp_path: Path
) -> None:
    scan = projected_scan(run3_design, run3_errors)
    assert EnergyScan.load(scan.write(tmp_path / "again.csv")[0]) == scan
    # g_R is K exactly: the counts are what is expected.
    points = scan.search_points()
    g_r = points.n2 / (points.n_pot * points.background_per_pot)
    assert g_r == pytest.approx(1.01163 - 0.0103 * (points.sqrt_s_mev - 16.92), rel=1e-12)


def test_fewer_positrons_than_a_point_needs(run3_design: RunDesign, run3_errors: Systematics) -> None:
    poor = replace(run3_design, points=even_points(np.linspace(265.0, 299.0, 12), 1e8))
    with pytest.raises(UsageError, match=r"give .* two-cluster counts; a point needs 100, from 2\.9e\+07"):
        projected_scan(poor, run3_errors)


def test_too_few_points(run3_design: RunDesign, run3_errors: Systematics) -> None:
    few = replace(run3_design, points=even_points(np.array([280.0, 281.0]), 1e11))
    with pytest.raises(UsageError, match="2 energy points; allowed: 4 or more"):
        projected_scan(few, run3_errors)


def test_yields_far_from_where_they_are_known(run3_design: RunDesign, run3_errors: Systematics) -> None:
    far = replace(run3_design, points=even_points(np.linspace(200.0, 202.0, 8), 1e11))
    with pytest.raises(UsageError, match=r"not above zero at .* nearer to those it was fitted"):
        projected_scan(replace(far, points=even_points(np.linspace(50.0, 52.0, 8), 1e11)), run3_errors)


def test_a_step_below_the_spread_is_warned_of(run3_design: RunDesign) -> None:
    assert spread_warning(run3_design) is None
    warning = spread_warning(replace(run3_design, points=at_half_step(run3_design.points)))
    assert warning is not None
    assert "below the spread of the beam, 0.7 MeV" in warning
