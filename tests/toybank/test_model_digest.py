from dataclasses import replace

import numpy as np
import pytest

from x17.scan import EnergyScan
from x17.statistics.model import ScanModel
from x17.statistics.model_settings import (
    BackgroundModel,
    CountTerm,
    KShape,
    KSource,
    LineShapeKind,
    ModelSettings,
)
from x17.theory.boson import SpinParity
from x17.toybank.model_digest import data_digest, identify, model_digest, unusual_choices

OTHER_SETTINGS = [
    ModelSettings(k_constraint=KSource.FREE),
    ModelSettings(k_constraint=KSource.FROM_SIDEBAND),
    ModelSettings(k_shape=KShape.CONSTANT),
    ModelSettings(count_term=CountTerm.POISSON),
    ModelSettings(count_term=CountTerm.GAUSSIAN),
    ModelSettings(background=BackgroundModel.CURVE_PER_PART),
    ModelSettings(lineshape=LineShapeKind.COMPUTED),
    ModelSettings(boson=SpinParity.AXIAL_VECTOR),
    ModelSettings(fixed=("gamma",)),
    ModelSettings(statistics_only=True),
    ModelSettings(flux_slope_err=0.01),
    ModelSettings(correlated_flux_fraction=0.5),
    ModelSettings(correlations=(("A", "gamma", 0.3),)),
]


def test_the_same_model_has_the_same_digest(scan: EnergyScan, model: ScanModel) -> None:
    assert model_digest(ScanModel.build(scan)) == model_digest(model)
    assert len(model_digest(model)) == 64


def test_every_setting_changes_the_model_and_not_the_data(scan: EnergyScan, model: ScanModel) -> None:
    others = [ScanModel.build(scan, settings) for settings in OTHER_SETTINGS]
    assert len({model_digest(m) for m in (model, *others)}) == len(OTHER_SETTINGS) + 1
    assert {data_digest(m.points) for m in others} == {data_digest(model.points)}


def test_auto_is_what_it_stands_for(scan: EnergyScan, model: ScanModel) -> None:
    assert model_digest(ScanModel.build(scan, ModelSettings(k_constraint=KSource.PUBLISHED))) == model_digest(
        model
    )


@pytest.mark.parametrize("column", ["sqrt_s_mev", "n2", "n_pot"])
def test_other_data_are_other_data(model: ScanModel, column: str) -> None:
    changed = getattr(model.points, column).copy()
    changed[7] *= 1.0 + 1e-6
    other = replace(model, points=replace(model.points, **{column: changed}))
    assert data_digest(other.points) != data_digest(model.points)
    assert model_digest(other) != model_digest(model)


@pytest.mark.parametrize("name", ["centers", "covariance", "rate_variance", "efficiency_err", "free"])
def test_every_array_counts(scan: EnergyScan, name: str) -> None:
    model = ScanModel.build(scan, ModelSettings(count_term=CountTerm.GAUSSIAN))
    changed = getattr(model, name).copy()
    changed.ravel()[np.argmax(changed)] *= 2
    assert model_digest(replace(model, **{name: changed})) != model_digest(model)


def test_the_last_bits_do_not_count_and_the_eighth_digit_does(model: ScanModel) -> None:
    def scaled(by: float) -> ScanModel:
        return replace(model, centers=model.centers * by, covariance=model.covariance * by)

    assert model_digest(scaled(1.0 + 1e-14)) == model_digest(model)
    assert model_digest(scaled(1.0 - 1e-14)) == model_digest(model)
    assert model_digest(scaled(1.0 + 1e-8)) != model_digest(model)


def test_a_line_shape_table_counts_as_a_whole(scan: EnergyScan) -> None:
    model = ScanModel.build(scan, ModelSettings(lineshape=LineShapeKind.COMPUTED))
    shape = model.line_shape
    table = shape.table  # type: ignore[attr-defined]

    def with_coefficients(coefficients: np.ndarray) -> ScanModel:
        changed = replace(shape, table=replace(table, coefficients=coefficients))  # type: ignore[type-var]
        return replace(model, line_shape=changed)

    rng = np.random.default_rng(1)
    bits = table.coefficients * (1.0 + 1e-14 * rng.standard_normal(table.coefficients.shape))
    assert model_digest(with_coefficients(bits)) == model_digest(model)
    peak = np.unravel_index(np.argmax(table.coefficients), table.coefficients.shape)
    one = table.coefficients.copy()
    one[peak] *= 1.0 + 1e-5
    assert model_digest(with_coefficients(one)) != model_digest(model)


def test_a_model_says_what_is_unusual_about_it(scan: EnergyScan) -> None:
    other = ScanModel.build(scan, ModelSettings(k_constraint=KSource.FREE, fixed=("gamma",)))
    assert unusual_choices(identify(other).choices) == {
        "model.k_constraint": "free",
        "model.fixed": ["gamma"],
    }
    assert identify(other).scan.startswith("42 points from 16.386 to 17.402 MeV")
