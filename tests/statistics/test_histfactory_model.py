import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from x17.scan import EnergyScan
from x17.statistics.histfactory_model import HistFactoryModel, interpolated_shift
from x17.statistics.model import SIGNAL_INDEX, ScanModel
from x17.statistics.model_settings import KShape, KSource, ModelSettings


@pytest.fixture(scope="module")
def histfactory(model: ScanModel) -> HistFactoryModel:
    return HistFactoryModel.build(model, 16.9)


def test_nominal_yields_are_the_models(model: ScanModel, histfactory: HistFactoryModel) -> None:
    theta = model.centers.copy()
    theta[SIGNAL_INDEX] = 1e-8
    expected = model.points.n_pot * model.points.background_per_pot * model.expected_g_r(theta, 16.9)
    np.testing.assert_allclose(histfactory.nominal.sum(axis=0), expected, rtol=1e-14)


def test_shifts_hold_the_correlation(model: ScanModel, histfactory: HistFactoryModel) -> None:
    # Var of the background's yield at a point, over α: P²B² (C00 + 2 d C01 + d² C11).
    exposure, d = model.points.n_pot * model.points.background_per_pot, model.offset
    shift = histfactory.high[:, 0] - histfactory.nominal[0]
    c = model.covariance
    variance = exposure**2 * (c[0, 0] + 2 * d * c[0, 1] + d**2 * c[1, 1])
    np.testing.assert_allclose((shift**2).sum(axis=0), variance, rtol=1e-9)


def test_interpolation_joins_smoothly() -> None:
    up, down = np.array([[3.0]]), np.array([[1.0]])
    for edge, value, slope in ((1.0, 3.0, 3.0), (-1.0, -1.0, 1.0)):
        for side in (-1e-9, 1e-9):
            found = interpolated_shift(np.array([[edge + side]]), up, down)
            assert found[0][0, 0, 0] == pytest.approx(value, abs=1e-8)
            assert found[1][0, 0, 0] == pytest.approx(slope, abs=1e-7)
    middle = interpolated_shift(np.array([[0.0]]), up, down)
    assert middle[0][0, 0, 0] == 0.0
    assert middle[1][0, 0, 0] == 2.0
    # Equal sides: a straight line everywhere.
    assert interpolated_shift(np.array([[0.4]]), up, up)[0][0, 0, 0] == pytest.approx(1.2)


def test_best_gamma_is_the_minimum(histfactory: HistFactoryModel) -> None:
    f = histfactory.counts[None] * np.linspace(0.97, 1.03, histfactory.counts.size)
    value, slope, _ = histfactory._point_terms(f)
    for i in (0, 20, 41):
        n, delta = histfactory.counts[i], histfactory.relative_err[i]

        def term(gamma: float, scale: float = 1.0, n: float = n, delta: float = delta, i: int = i) -> float:
            nu = gamma * scale * f[0, i]
            return float(2 * (nu - n + n * np.log(n / nu)) + ((gamma - 1) / delta) ** 2)

        options = {"xatol": 1e-12}
        best = minimize_scalar(term, bounds=(0.9, 1.1), method="bounded", options=options)
        assert value[0, i] == pytest.approx(best.fun, abs=1e-9)
        h = 1e-4
        moved = [
            minimize_scalar(
                lambda g, s=s, t=term: t(g, s), bounds=(0.9, 1.1), method="bounded", options=options
            ).fun
            for s in (1 + h, 1 - h)
        ]
        numerical = (moved[0] - moved[1]) / (4 * h * f[0, i])
        assert slope[0, i] == pytest.approx(numerical, rel=1e-4, abs=1e-9)


def test_without_point_errors_gamma_is_one(scan: EnergyScan) -> None:
    bare = HistFactoryModel.build(ScanModel.build(scan, ModelSettings(statistics_only=True)), 16.9)
    assert bare.names == ()
    f = 1.01 * bare.counts[None]
    value, _, _ = bare._point_terms(f)
    n = bare.counts
    np.testing.assert_allclose(value[0], 2 * (f[0] - n + n * np.log(n / f[0])), rtol=1e-9)
    assert bare.profile([0.0, 2e-7]).converged.all()


@pytest.mark.parametrize("shape", list(KShape))
def test_free_k_is_widened(scan: EnergyScan, shape: KShape) -> None:
    model = ScanModel.build(scan, ModelSettings(k_constraint=KSource.FREE, k_shape=shape))
    free = HistFactoryModel.build(model, 16.9)
    side = HistFactoryModel.build(
        ScanModel.build(scan, ModelSettings(k_constraint=KSource.FROM_SIDEBAND, k_shape=shape)), 16.9
    )
    assert free.names == side.names
    ratio = (free.high[0, 0] - free.nominal[0]) / (side.high[0, 0] - side.nominal[0])
    np.testing.assert_allclose(ratio, 10.0, rtol=1e-6)
    assert free.profile([0.0]).converged.all()
