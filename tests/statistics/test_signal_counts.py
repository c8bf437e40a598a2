import numpy as np
import pytest

from x17.statistics.data_sets import DataSets
from x17.statistics.model import ScanModel
from x17.statistics.profile_fit import fit_background
from x17.statistics.signal_counts import SignalCounts, signal_counts
from x17.statistics.statistics_only import statistics_only_limit


def counts_at(model: ScanModel, data: DataSets, mass: float) -> SignalCounts:
    points = model.points
    return signal_counts(model, data, mass, points.n2, points.n_pot, points.background_per_pot)


def test_sums_written_out(model: ScanModel, data: DataSets) -> None:
    points, found = model.points, counts_at(model, data, 16.9)
    strength = model.signal_yield(model.centers, 16.9)
    best = sorted(range(42), key=lambda i: strength[i])[-5:]
    p0, p1 = fit_background(model, data).parameters[0, :2]
    expected = [
        points.n_pot[i] * points.background_per_pot[i] * (p0 + p1 * (points.sqrt_s_mev[i] - 16.92))
        for i in best
    ]
    assert found.observed[0] == pytest.approx(sum(points.n2[i] for i in best))
    assert found.background[0] == pytest.approx(sum(expected))
    assert found.signal[0] == pytest.approx(sum(e * strength[i] for e, i in zip(expected, best, strict=True)))
    variance = sum(
        e**2
        * (
            (points.n_pot_err[i] / points.n_pot[i]) ** 2
            + (points.background_err[i] / points.background_per_pot[i]) ** 2
        )
        for e, i in zip(expected, best, strict=True)
    )
    assert found.background_err[0] == pytest.approx(variance**0.5)


def test_published_statistical_limit(model: ScanModel, data: DataSets) -> None:
    # Published 2.793e-4 with 1.28, recomputed 2.807e-4; Φ⁻¹(0.90) = 1.2816 adds 0.06 %.
    limit = statistics_only_limit(counts_at(model, data, 16.88), 0.90)
    assert np.sqrt(limit[0]) == pytest.approx(2.80e-4, rel=0.01)
    assert np.sqrt(limit[0]) == pytest.approx(2.808e-4, rel=5e-4)


def test_each_data_set_has_its_own_sums(model: ScanModel, data: DataSets) -> None:
    points = model.points
    both = DataSets(*(np.repeat(a, 2, axis=0) for a in (data.first, data.second, data.centers)))
    n2 = np.stack([points.n2, 1.01 * points.n2])
    found = signal_counts(model, both, 16.9, n2, points.n_pot, points.background_per_pot)
    assert found.observed[1] == pytest.approx(1.01 * found.observed[0])
    assert found.background[1] == pytest.approx(found.background[0])
