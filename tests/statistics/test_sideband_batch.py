from dataclasses import replace

import numpy as np
import pytest

from x17.scan import SearchPoints
from x17.statistics.model import ScanModel
from x17.statistics.sideband import fit_sideband
from x17.statistics.sideband_batch import sideband_lines


def distorted(points: SearchPoints, seed: int) -> SearchPoints:
    rng = np.random.default_rng(seed)
    return replace(points, n2=points.n2 * (1 + 0.01 * rng.standard_normal(len(points))))


@pytest.mark.parametrize("constant", [False, True])
@pytest.mark.parametrize("window", [1, 10, 20])
def test_same_lines_as_one_scan_at_a_time(model: ScanModel, window: int, constant: bool) -> None:
    center = model.constants.center_sqrt_s_mev
    scans = [model.points, *(distorted(model.points, seed) for seed in range(60))]
    y = np.array([p.n2 / (p.n_pot * p.background_per_pot) for p in scans])
    relative = [
        1 / p.n2 + (p.n_pot_err / p.n_pot) ** 2 + (p.background_err / p.background_per_pot) ** 2
        for p in scans
    ]
    lines = sideband_lines(model.offset, y, y**2 * np.array(relative), window, constant=constant)
    one_by_one = [fit_sideband(points, window, center, constant=constant).line for points in scans]
    # Different sums: agreement to rounding, amplified by differences of sums of 42 weights of 1e4.
    np.testing.assert_allclose(lines[:, 0], [line.constant for line in one_by_one], rtol=0, atol=1e-11)
    np.testing.assert_allclose(lines[:, 1], [line.slope for line in one_by_one], rtol=0, atol=1e-10)


def test_ties_go_to_the_lowest_window() -> None:
    """On an exact line every window leaves χ² = 0; with one point off, the windows that hold it."""
    offset = np.linspace(-0.5, 0.5, 12)
    y = (1.0 + 0.02 * offset)[None, :].copy()
    variance = np.full((1, 12), 1e-4)
    np.testing.assert_allclose(sideband_lines(offset, y, variance, 3), [[1.0, 0.02]], atol=1e-12)
    y[0, 6] += 0.5
    np.testing.assert_allclose(sideband_lines(offset, y, variance, 3), [[1.0, 0.02]], atol=1e-12)
