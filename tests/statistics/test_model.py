import numpy as np
import pytest

from x17.errors import UsageError
from x17.scan import EnergyScan
from x17.statistics.data_sets import observed
from x17.statistics.fit_status import FitStatus
from x17.statistics.model import SIGNAL_INDEX, ScanModel
from x17.statistics.model_settings import (
    BackgroundModel,
    CountTerm,
    KShape,
    KSource,
    ModelSettings,
)
from x17.statistics.profile_fit import fit_background
from x17.statistics.sideband import fit_sideband
from x17.theory.boson import SpinParity
from x17.theory.lineshape import Voigt

from .conftest import reference_expectation


def test_expectation_agrees_with_the_formulas_written_out(model: ScanModel) -> None:
    rng = np.random.default_rng(0)
    for _ in range(10):
        theta = model.centers * (1 + 0.05 * rng.standard_normal(8))
        theta[SIGNAL_INDEX] = rng.uniform(0, 1e-6)
        mass = rng.uniform(16.2, 17.7)
        np.testing.assert_allclose(
            model.expected_g_r(theta, mass), reference_expectation(model, theta, mass), rtol=1e-12
        )


def test_expectation_broadcasts_over_parameters_and_masses(model: ScanModel) -> None:
    theta = np.tile(model.centers, (3, 1))
    theta[:, SIGNAL_INDEX] = [0.0, 1e-7, 2e-7]
    masses = np.array([16.5, 16.9, 17.1])
    together = model.expected_g_r(theta, masses)
    assert together.shape == (3, 42)
    for k in range(3):
        np.testing.assert_array_equal(together[k], model.expected_g_r(theta[k], masses[k]))


def test_published_constraint_of_k(model: ScanModel) -> None:
    # arXiv:2505.24797: P0 = 1.01163(130), P1 = -0.0103(40)/MeV, correlation -0.06.
    assert model.k_constraint is KSource.PUBLISHED
    np.testing.assert_allclose(model.centers[:2], [1.01163, -0.0103])
    np.testing.assert_allclose(np.sqrt(np.diag(model.covariance))[:2], [0.0013, 0.004])
    assert model.covariance[0, 1] == pytest.approx(-0.06 * 0.0013 * 0.004)
    np.testing.assert_allclose(model.precision[:2, :2] @ model.covariance[:2, :2], np.eye(2), atol=1e-12)


def test_constraint_from_the_side_band_is_its_fit(scan: EnergyScan) -> None:
    model = ScanModel.build(scan, ModelSettings(k_constraint=KSource.FROM_SIDEBAND))
    line = fit_sideband(scan.search_points(), 10, 16.92).line
    np.testing.assert_array_equal(model.centers[:2], [line.constant, line.slope])
    np.testing.assert_array_equal(model.covariance[:2, :2], line.covariance)


def test_free_k_has_no_constraint_and_still_varies(scan: EnergyScan) -> None:
    model = ScanModel.build(scan, ModelSettings(k_constraint=KSource.FREE))
    assert {"P0", "P1"} <= set(model.nuisance_names)
    assert not model.precision[:2].any()
    assert not model.covariance[:2].any()


def test_constant_k_has_no_slope(scan: EnergyScan) -> None:
    for source in (KSource.FROM_SIDEBAND, KSource.PUBLISHED, KSource.FREE):
        model = ScanModel.build(scan, ModelSettings(k_shape=KShape.CONSTANT, k_constraint=source))
        assert "P1" not in model.nuisance_names
        assert fit_background(model, observed(model)).parameters[0, 1] == 0.0


def test_a_scan_without_a_constraint_takes_its_side_band(scan: EnergyScan) -> None:
    alone = EnergyScan.from_columns(scan.columns)
    assert ScanModel.build(alone).k_constraint is KSource.FROM_SIDEBAND
    with pytest.raises(UsageError, match="from-sideband or free"):
        ScanModel.build(alone, ModelSettings(k_constraint=KSource.PUBLISHED))


def test_fixed_and_statistics_only(scan: EnergyScan) -> None:
    model = ScanModel.build(scan, ModelSettings(fixed=("gamma", "b")))
    assert model.nuisance_names == ("P0", "P1", "A", "Q0", "Q1")
    bare = ScanModel.build(scan, ModelSettings(statistics_only=True))
    assert bare.nuisance_names == ()
    data = observed(bare)
    # The only error left is that of the counts: weight = N/y^2.
    np.testing.assert_allclose(data.second[0], bare.points.n2 / data.first[0] ** 2, rtol=1e-14)
    assert fit_background(bare, data).status.tolist() == [FitStatus.CONVERGED]


def test_bosons_differ_in_area_and_acceptance(scan: EnergyScan, model: ScanModel) -> None:
    area, q0 = 2, 5
    flat = ScanModel.build(scan, ModelSettings(boson=SpinParity.SCALAR))
    # Narrow widths: one half, less 6 m_e²/m²; a flat law against 1 + c² inside |c| < 0.34 to 0.42:
    # 4/3 · c/(c + c³/3) = 1.28 to 1.26.
    assert flat.centers[area] / model.centers[area] == pytest.approx(0.5 * (1 - 6 * 9.1e-4), rel=1e-4)
    assert flat.centers[q0] / model.centers[q0] == pytest.approx(1.267, abs=0.003)
    np.testing.assert_allclose(
        np.sqrt(flat.covariance[area, area]) / flat.centers[area],
        np.sqrt(model.covariance[area, area]) / model.centers[area],
    )
    axial = ScanModel.build(scan, ModelSettings(boson=SpinParity.AXIAL_VECTOR))
    assert axial.centers[area] * axial.centers[q0] == pytest.approx(
        model.centers[area] * model.centers[q0], rel=0.01
    )


def test_another_line_shape_takes_its_place(scan: EnergyScan) -> None:
    covariance = np.diag([0.1, 0.02, 0.0])
    model = ScanModel.build(scan, line_shape=Voigt(12.0, 1.5, 0.003, covariance))
    np.testing.assert_array_equal(model.centers[2:5], [12.0, 1.5, 0.003])
    assert "b" not in model.nuisance_names  # known exactly: nothing to fit
    assert model.covariance[2, 2] == 0.1


def test_correlations_enter_the_covariance(scan: EnergyScan) -> None:
    model = ScanModel.build(scan, ModelSettings(correlations=(("A", "gamma", 0.5), ("P0", "P1", 0.0))))
    assert model.covariance[2, 3] == pytest.approx(0.5 * 0.18 * 0.039)
    assert model.covariance[0, 1] == 0.0
    impossible = (("A", "gamma", 0.9), ("gamma", "b", 0.9), ("A", "b", -0.9))
    with pytest.raises(UsageError, match="K is free"):
        ScanModel.build(scan, ModelSettings(k_constraint=KSource.FREE, correlations=(("P0", "A", 0.1),)))
    with pytest.raises(UsageError, match="not positive definite"):
        ScanModel.build(scan, ModelSettings(correlations=impossible))


def test_a_curve_for_b_replaces_b_everywhere(scan: EnergyScan) -> None:
    model = ScanModel.build(scan, ModelSettings(background=BackgroundModel.CURVE_PER_PART))
    assert not np.array_equal(model.points.background_per_pot, scan.search_points().background_per_pot)
    np.testing.assert_allclose(
        model.points.background_per_pot, scan.search_points().background_per_pot, rtol=0.02
    )
    assert (model.points.background_err == 0.0).all()
    assert len(model.parameter_names) == 8 + 4


def test_count_terms_carry_the_errors_as_nuisances(scan: EnergyScan, model: ScanModel) -> None:
    assert not model.rate_variance.any()  # the Neyman term has them in its weights
    poisson = ScanModel.build(scan, ModelSettings(count_term=CountTerm.POISSON))
    points = poisson.points
    expected = (points.n_pot_err / points.n_pot) ** 2 + (
        points.background_err / points.background_per_pot
    ) ** 2
    np.testing.assert_allclose(poisson.rate_variance, expected)
    assert (poisson.efficiency_err > 0).all()


@pytest.mark.parametrize(
    "wrong",
    [
        {"correlated_flux_fraction": 1.5},
        {"correlated_background_fraction": -0.1},
        {"flux_slope_err": -1.0},
        {"fixed": ("zeta",)},
        {"correlations": (("A", "zeta", 0.1),)},
        {"correlations": (("A", "A", 0.1),)},
        {"correlations": (("A", "b", 1.0),)},
        {"background": BackgroundModel.CURVE_PER_PART, "correlated_background_fraction": 0.5},
    ],
)
def test_impossible_settings_are_refused(wrong: dict) -> None:
    with pytest.raises(UsageError):
        ModelSettings(**wrong)


@pytest.mark.parametrize("term", CountTerm)
def test_statistics_only_has_no_nuisances_of_points_either(scan: EnergyScan, term: CountTerm) -> None:
    model = ScanModel.build(scan, ModelSettings(count_term=term, statistics_only=True))
    assert not model.rate_variance.any()
    assert not model.efficiency_err.any()
    assert model.templates.shape == (42, 0)
