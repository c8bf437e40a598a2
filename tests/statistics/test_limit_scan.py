from dataclasses import replace

import numpy as np
import pytest

from x17.statistics.asymptotic import (
    AsymptoticForm,
    asimov_cls_limit,
    cls_limit,
    estimate_signal,
    expected_error,
    expected_limits,
    expected_truth,
)
from x17.statistics.data_sets import DataSets
from x17.statistics.limit_scan import scan_limits
from x17.statistics.limit_settings import LimitSettings
from x17.statistics.model import ScanModel
from x17.statistics.profile_fit import fit_background
from x17.statistics.toy_cls import toy_cls
from x17.statistics.toy_limit import LimitMethod, toy_limit

MASSES, COUPLINGS = np.array([16.6, 16.9]), np.linspace(1e-4, 1e-3, 10)

NO_TOYS = LimitSettings(toys=0)


def test_without_toys_the_limits_are_the_asymptotic_ones(model: ScanModel, data: DataSets) -> None:
    points = scan_limits(model, data, MASSES, COUPLINGS, NO_TOYS)
    estimate = estimate_signal(model, data, MASSES)
    expected = expected_error(model, expected_truth(model, fit_background(model, data)), MASSES)
    limits = np.sqrt(cls_limit(estimate.signal[0], estimate.error[0], 0.90))
    bands = expected_limits(expected.error, 0.90)
    for k, point in enumerate(points):
        assert point.mass_mev == MASSES[k]
        assert point.toy is None
        assert point.toy_tanh is None
        assert point.asymptotic == limits[k]
        assert point.expected == tuple(bands[:, k])
        assert point.notes == ()
    assert points[0].local_p == 0.5  # a deficit
    assert points[1].local_p is not None
    assert points[1].local_p < 0.02


def test_the_asimov_form_is_a_setting(model: ScanModel, data: DataSets) -> None:
    settings = replace(NO_TOYS, asymptotic=AsymptoticForm.ASIMOV)
    points = scan_limits(model, data, MASSES, COUPLINGS, settings)
    estimate = estimate_signal(model, data, MASSES)
    error = expected_error(model, expected_truth(model, fit_background(model, data)), MASSES).error
    limits = np.sqrt(asimov_cls_limit(model, data, MASSES, estimate, error, 0.90))
    assert [point.asymptotic for point in points] == limits.tolist()


def test_toys_of_a_scan_are_those_of_a_single_mass(model: ScanModel, data: DataSets) -> None:
    settings = LimitSettings(toys=100, seed=3)
    points = scan_limits(model, data, MASSES, COUPLINGS, settings, workers=2)
    for point in points:
        assert point.asymptotic is not None
        grid = toy_cls(model, data, point.mass_mev, COUPLINGS, 100, 3)
        for found, method in ((point.toy, LimitMethod.PROBIT), (point.toy_tanh, LimitMethod.TANH)):
            alone = toy_limit(model, data, grid, point.asymptotic, 0.90, 100, 3, method=method)
            assert found == alone


def test_limits_beyond_the_largest_coupling_are_missing_and_noted(model: ScanModel, data: DataSets) -> None:
    (point,) = scan_limits(
        model, data, np.array([16.9]), COUPLINGS, LimitSettings(toys=0, max_coupling=3.6e-4)
    )
    assert point.asymptotic is None
    low2, low1, median, high1, high2 = point.expected
    assert low2 is not None
    assert low1 is not None
    assert (median, high1, high2) == (None, None, None)
    assert any("asymptotic limit above" in note for note in point.notes)
    assert any("expected band above" in note for note in point.notes)


def test_a_mass_whose_fits_fail_says_so(model: ScanModel, data: DataSets) -> None:
    broken = replace(data, second=np.full_like(data.second, np.inf))
    (point,) = scan_limits(model, broken, np.array([16.9]), COUPLINGS, NO_TOYS)
    assert point.asymptotic is None
    assert point.local_p is None
    assert any(note.startswith("observed: χ² is not finite") for note in point.notes)


def test_progress_is_told(model: ScanModel, data: DataSets) -> None:
    calls: list[tuple[str, int, int]] = []
    scan_limits(
        model,
        data,
        MASSES,
        COUPLINGS,
        LimitSettings(toys=50),
        progress=lambda *call: calls.append(call),
    )
    totals = {what: total for what, _, total in calls}
    assert totals["toys for CLs"] == MASSES.size * COUPLINGS.size
    for what, total in totals.items():
        done = [d for w, d, _ in calls if w == what]
        assert done[-1] == total
        assert done == sorted(done)


@pytest.mark.parametrize("workers", [1, 2])
def test_workers_do_not_matter(model: ScanModel, data: DataSets, workers: int) -> None:
    settings = LimitSettings(toys=60, seed=8)
    assert scan_limits(model, data, MASSES, COUPLINGS, settings, workers=workers) == scan_limits(
        model, data, MASSES, COUPLINGS, settings, workers=3
    )
