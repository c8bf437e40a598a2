"""The numbers behind the figures, against sums made another way."""

import numpy as np
import pytest

from x17.apparatus import Setup
from x17.reconstruction.event_classes import EventClass
from x17.reconstruction.side_bands import count_pairs
from x17.reconstruction.stability import passing
from x17.scan.calibration import Calibration, calibration_of
from x17.scan.calibration_points import Measured
from x17.scan.counted import CountedScan
from x17.workflows.count_settings import CountSettings

from .by_hand import EFFICIENCY, PAIRS, SIMULATED_EFFICIENCY
from .conftest import BELOW, OVER

EXACT = 1e-12
"""Rounding of sums of some hundred numbers."""


def test_errors_of_points_add_up_to_those_of_the_scan(counted: CountedScan, calibration: Calibration) -> None:
    scan, points = counted.assembled.scan, calibration.scan
    relative = np.sqrt(
        (scan.n2_err / scan.n2) ** 2
        + (scan.n_pot_err / scan.n_pot) ** 2
        + (scan.background_err / scan.background_per_pot) ** 2
    )
    np.testing.assert_allclose(points.total_percent, 100.0 * relative, rtol=EXACT)
    np.testing.assert_allclose(points.g_r.error, points.g_r.value * relative, rtol=EXACT)
    assert points.mean_percent == pytest.approx(points.total_percent[points.scan_part >= 0].mean())


def test_points_beside_the_resonance_are_those_of_the_fits(calibration: Calibration) -> None:
    scan, checks = calibration.scan, calibration.scan.validation
    below, over = scan.below.mean(), scan.over.mean()
    assert below is not None
    assert over is not None
    assert checks.normalisation is not None
    # B is scaled to their mean, which changes no χ².
    assert below.value == pytest.approx(1.0, rel=EXACT)
    assert below.chi2 == pytest.approx(checks.normalisation.chi2, rel=1e-9)
    assert checks.over is not None
    assert (over.value, over.error, over.chi2) == pytest.approx(
        (checks.over.value, checks.over.error, checks.over.chi2), rel=1e-9
    )
    assert over.ndf == checks.over.ndf == len(OVER) - 1
    assert scan.over_period.tolist() == list(OVER)
    assert scan.below_sqrt_s.size == len(BELOW)


def test_tag_and_probe_gives_back_what_was_put_in(calibration: Calibration) -> None:
    mean = calibration.periods.ratio_mean
    assert mean is not None
    # Four standard errors.
    assert abs(mean.value - EFFICIENCY / SIMULATED_EFFICIENCY) < 4.0 * mean.error
    # 0.45 % a period, from 0.004 and 0.002.
    assert mean.error == pytest.approx(0.0045 / np.sqrt(calibration.periods.period.size), rel=0.02)


def test_distributions_hold_the_pairs_in_the_windows(counted: CountedScan, calibration: Calibration) -> None:
    angles = calibration.angles
    n_pairs = sum(row.count.count.n_pairs for row in counted.periods)
    scan = counted.assembled.scan
    fit = counted.assembled.validation.normalisation
    assert fit is not None
    rows = {row.period.number: row for row in counted.periods}
    expected = sum(
        n_pot * fit.value * rows[int(number)].expectation.count.count.in_window
        for number, n_pot in zip(scan.period, scan.n_pot, strict=True)
    )
    windows = angles.bands.windows
    for found, (low, high) in (
        (angles.delta_phi, windows.delta_phi_edges),
        (angles.sum_theta, windows.sum_theta_edges),
    ):
        middle = 0.5 * (found.edges[1:] + found.edges[:-1])
        inside = (middle > low) & (middle < high)
        # Edges of windows are edges of bins.
        assert found.data[inside].sum() == n_pairs == angles.in_window
        assert found.expected[inside].sum() == pytest.approx(expected, rel=1e-9)
    assert angles.plane.sum() <= sum(row.selection.pairs.size for row in counted.periods)


def test_mean_stability_is_that_of_the_periods_together(
    counted: CountedScan, calibration: Calibration, setup: Setup
) -> None:
    found, settings = calibration.r_max, CountSettings.of(setup)
    assert found is not None
    rows = [row for row in counted.periods if row.period.number not in BELOW]
    # Below the resonance no pair fits into 230 mm.
    assert found.n_periods == len(rows)
    narrow = type(settings.cuts)(**{**_fields(settings.cuts), "r_max_mm": float(found.varied[0])})
    totals = np.zeros(2)
    for row in rows:
        pairs = row.selection.pairs
        for k, cuts in enumerate((narrow, settings.cuts)):
            kept = passing(pairs, row.period.sqrt_s_mev, setup, cuts)
            totals[k] += count_pairs(pairs.select(kept), counted.bands).n2
    # Weights are the yields of the count, where pairs beyond the cuts of the radii are not left out again.
    assert found.data.value[0] == pytest.approx(totals[0] / totals[1], rel=0.01)
    nominal = int(np.flatnonzero(found.varied == settings.cuts.r_max_mm)[0])
    assert found.ratio.value[nominal] == 1.0
    assert found.ratio.error[nominal] == 0.0


def _fields(cuts: object) -> dict[str, object]:
    return {name: getattr(cuts, name) for name in type(cuts).__dataclass_fields__}  # type: ignore[attr-defined]


def test_cut_flow_and_classes_are_sums(counted: CountedScan, calibration: Calibration) -> None:
    flow = calibration.cut_flow
    assert flow is not None
    assert flow.data[0] == sum(row.selection.pairs.size for row in counted.periods)
    assert (np.diff(flow.data) <= 0.0).all()
    classes = calibration.periods.classes
    total = sum(classes[kind].data.value for kind in EventClass)
    np.testing.assert_allclose(total, 1.0, rtol=EXACT)
    # Two clusters charged with 0.8 each: 0.64, within five binomial errors of a period.
    share = classes[EventClass.ELECTRONS].data
    assert np.abs(share.value - 0.64).max() < 5.0 * np.sqrt(0.64 * 0.36 / PAIRS)
    np.testing.assert_allclose(share.error, np.sqrt(0.64 * 0.36 / PAIRS), rtol=0.15)


def test_runs_know_which_was_left_out(counted: CountedScan, calibration: Calibration) -> None:
    runs = calibration.runs
    bad = np.flatnonzero(~runs.good)
    assert [(int(runs.period[k]), counted.runs[k].run) for k in bad] == [(7, 0)]
    low, high = runs.limits
    inside = (runs.mev_per_positron > low) & (runs.mev_per_positron < high)
    assert (inside == runs.good).all()
    # Of the lost period there is no centre of gravity.
    assert (np.isnan(runs.cog_x.value) == (runs.period == 4)).all()


def test_leakage_of_runs_lies_on_the_response_map(calibration: Calibration) -> None:
    leakage = calibration.leakage
    on_map = np.interp(leakage.height_mm, leakage.map_y_mm, leakage.map_factor)
    # The map is averaged over a spot of mean width; widths differ from run to run.
    np.testing.assert_allclose(leakage.run_factor.value, on_map, rtol=0.01)


def test_little_can_be_measured(bare: CountedScan) -> None:
    found = calibration_of(bare)
    assert found.r_max is None
    assert found.margin is None
    assert found.periods.ratio_mean is None
    assert found.scan.below_sqrt_s.size == found.scan.over_period.size == 0
    assert not found.ageing.lines


def test_measured_drops_what_has_no_error() -> None:
    found = Measured.of([(1.0, 0.1), (2.0, np.inf), (np.nan, 0.1)])
    np.testing.assert_array_equal(np.isnan(found.value), [False, True, True])
    assert found.known.tolist() == [True, False, False]
    assert Measured.of([]).mean() is None
    ratio = found.over(Measured.of([(2.0, 0.0)] * 3))
    assert (ratio.value[0], ratio.error[0]) == (0.5, 0.05)
