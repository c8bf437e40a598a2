"""The loop around the Newton steps, where a step must be cut."""

from dataclasses import replace

import numpy as np
import pytest

from x17.statistics.data_sets import DataSets, asimov
from x17.statistics.fit_status import FitStatus
from x17.statistics.model import SIGNAL_INDEX, ScanModel
from x17.statistics.profile_fit import fit_fixed_signal

WIDTH, SPREAD = 3, 4


def loose_width(model: ScanModel, gamma: float, b: float, signal: float) -> tuple[ScanModel, DataSets]:
    """Data with a strong narrow line, and a model that hardly constrains the Lorentzian's width."""
    truth = model.centers.copy()
    truth[WIDTH], truth[SPREAD], truth[SIGNAL_INDEX] = gamma, b, signal
    precision = model.precision.copy()
    precision[WIDTH] *= 1e-6
    precision[:, WIDTH] *= 1e-6
    data = asimov(model, model.expected_g_r(truth, 16.9))
    return replace(model, precision=precision), data


@pytest.mark.parametrize("factor", [0.5, 1.0, 2.0, 4.0])
@pytest.mark.parametrize(("gamma", "b"), [(0.01, 0.0005), (0.01, 0.002), (0.05, 0.0025), (0.3, 0.0025)])
def test_the_width_stays_positive_and_chi2_never_rises(
    model: ScanModel, gamma: float, b: float, factor: float
) -> None:
    loose, data = loose_width(model, gamma, b, 4e-6)
    fit = fit_fixed_signal(loose, data, 16.9, factor * 4e-6)
    assert fit.parameters[0, WIDTH] > 0.0
    start = model.centers.copy()
    start[SIGNAL_INDEX] = factor * 4e-6
    residual = data.first[0] - model.expected_g_r(start, 16.9)
    assert fit.chi2[0] < np.sum(data.second[0] * residual**2)


def test_steps_are_halved_until_they_help(model: ScanModel) -> None:
    """From six times the width of the line the first steps overshoot; the truth is found all the same."""
    loose, data = loose_width(model, 0.3, 0.0025, 4e-6)
    fit = fit_fixed_signal(loose, data, 16.9, 4e-6)
    assert fit.status.tolist() == [FitStatus.CONVERGED]
    assert fit.parameters[0, WIDTH] == pytest.approx(0.3, rel=1e-4)  # the constraint pulls by 2e-6
    assert fit.parameters[0, SPREAD] == pytest.approx(0.0025, rel=1e-4)
    assert fit.chi2[0] == pytest.approx(0.0, abs=2e-3)  # (1.42/0.039)^2 times 1e-6 of the constraint left
