from dataclasses import replace

import numpy as np
import pytest

from x17.scan.observable import g_r, g_r_err
from x17.statistics.model import ScanModel
from x17.statistics.sideband import fit_sideband
from x17.statistics.sideband_batch import sideband_fits
from x17.statistics.sideband_criteria import SidebandSettings, check_sideband, gaussian_pull_probability
from x17.statistics.sideband_criteria_batch import criteria_values, gaussian_pull_probabilities


@pytest.mark.parametrize("constant", [False, True])
def test_same_as_one_scan_at_a_time(model: ScanModel, constant: bool) -> None:
    rng = np.random.default_rng(4)
    center, settings = model.constants.center_sqrt_s_mev, SidebandSettings()
    scans = [
        replace(model.points, n2=model.points.n2 * (1 + scale * rng.standard_normal(len(model.points))))
        for scale in np.linspace(0.0, 0.02, 40)
    ]
    y, variance = np.array([g_r(p) for p in scans]), np.array([g_r_err(p) ** 2 for p in scans])
    fits = sideband_fits(model.offset, y, variance, 10, constant=constant)
    values = criteria_values(model.offset, y, variance, fits, 10, settings, constant=constant)
    hold = values.hold(settings)
    for k, points in enumerate(scans):
        fit = fit_sideband(points, 10, center, constant=constant)
        criteria = check_sideband(points, fit, settings)
        assert fits.start[k] == np.flatnonzero(fit.masked)[0]
        assert bool(hold[k]) == all(item.passed for item in criteria)
        found = (
            values.chi2_probability[k],
            values.pull_probability[k],
            values.pull_slope_sigma[k],
            values.constant[k],
            values.slope[k],
        )
        for item, value in zip(criteria, found, strict=True):
            if item.value is not None:
                # The simplex of the single fit stops within 1e-4 in its parameters, 1e-7 in the probability.
                assert value == pytest.approx(item.value, abs=1e-6)


@pytest.mark.parametrize("width", [0.3, 1.0, 3.0])
def test_the_histogram_fit_is_as_deep_as_the_simplex(width: float) -> None:
    """Never less likely than the single fit; where the simplex stops early, more."""
    pulls = width * np.random.default_rng(5).standard_normal((60, 32))
    batch = gaussian_pull_probabilities(pulls, 0.5)
    single = np.array([gaussian_pull_probability(one, 0.5) for one in pulls])
    assert np.all(batch >= single - 1e-4)
    assert np.median(np.abs(batch - single)) < 1e-6


def test_pulls_all_in_one_bin_fit_perfectly() -> None:
    pulls = 0.1 + 0.001 * np.arange(32)[None, :]
    assert gaussian_pull_probabilities(pulls, 0.5)[0] == pytest.approx(1.0, abs=1e-3)
    assert gaussian_pull_probability(pulls[0], 0.5) == pytest.approx(1.0, abs=1e-3)


def test_pulls_far_away_have_no_chance() -> None:
    pulls = np.concatenate([np.linspace(-1, 1, 31), [60.0]])[None, :]
    batch, single = gaussian_pull_probabilities(pulls, 0.5)[0], gaussian_pull_probability(pulls[0], 0.5)
    assert batch == pytest.approx(single, abs=1e-5)
