"""The HistFactory documents by pyhf itself."""

import warnings

import numpy as np
import pytest

from x17.report.interchange.pyhf import (
    background_workspace,
    mass_text,
    patch_name,
    patch_set,
    pyhf_losses,
)
from x17.scan import EnergyScan
from x17.statistics.histfactory_model import HistFactoryModel
from x17.statistics.model import ScanModel
from x17.statistics.model_settings import CountTerm, KSource, ModelSettings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of libraries that pyhf imports
    import pyhf

pytestmark = pytest.mark.filterwarnings("ignore:jsonschema.RefResolver is deprecated")


@pytest.fixture(scope="module")
def signals(model: ScanModel) -> list[HistFactoryModel]:
    return [HistFactoryModel.build(model, mass) for mass in (16.6, 16.9)]


@pytest.fixture(scope="module")
def documents(signals: list[HistFactoryModel]) -> tuple[dict, dict]:
    workspace = background_workspace(signals[0])
    return workspace, patch_set(workspace, signals, "test", [{"largest_q_difference": 0.4}] * 2)


@pytest.fixture(scope="module")
def with_boson(documents: tuple[dict, dict]) -> tuple[pyhf.Model, list[float]]:
    workspace, patches = documents
    patched = pyhf.Workspace(pyhf.PatchSet(patches).apply(workspace, "M16_90"))
    model = patched.model()
    return model, patched.data(model)


def test_schemas_and_digest(documents: tuple[dict, dict]) -> None:
    workspace, patches = documents
    pyhf.schema.validate(workspace, "workspace.json")
    pyhf.schema.validate(patches, "patchset.json")
    found = pyhf.PatchSet(patches)
    found.verify(workspace)
    assert found.labels == ["mass_mev"]
    assert [patch.values for patch in found] == [(16.6,), (16.9,)]


def parameters(model: pyhf.Model, histfactory: HistFactoryModel, alpha: np.ndarray, mu: float) -> np.ndarray:
    """Pyhf's parameter vector, γ at its best."""
    f = histfactory.expected(alpha[None], np.array([mu]))[0][0]
    variance = histfactory.relative_err**2
    half = 0.5 * (1.0 - variance * f)
    values = np.array(model.config.suggested_init())
    for name, value in zip(histfactory.names, alpha, strict=True):
        values[model.config.par_slice(name)] = value
    values[model.config.par_slice("mu")] = mu
    values[model.config.par_slice("point_errors")] = half + np.sqrt(half**2 + variance * histfactory.counts)
    return values


def test_likelihood_is_pyhfs(
    signals: list[HistFactoryModel], with_boson: tuple[pyhf.Model, list[float]]
) -> None:
    model, data = with_boson
    rng = np.random.default_rng(3)
    differences = []
    for _ in range(20):
        alpha, mu = rng.normal(scale=1.2, size=len(signals[1].names)), rng.uniform(0.0, 80.0)
        value = signals[1]._point_terms(signals[1].expected(alpha[None], np.array([mu]))[0])[0].sum()
        ours = value + np.sum(alpha**2)
        theirs = -2.0 * model.logpdf(parameters(model, signals[1], alpha, mu), data)[0]
        differences.append(theirs - ours)
    # A constant, of the saturated model and of normalisations. Sums of terms near 1e5 leave 1e-9.
    assert np.ptp(differences) < 1e-7


def test_profiled_q_is_pyhfs(
    signals: list[HistFactoryModel], with_boson: tuple[pyhf.Model, list[float]]
) -> None:
    model, data = with_boson
    pyhf.set_backend("numpy", pyhf.optimize.minuit_optimizer())
    try:
        fits = [
            float(pyhf.infer.mle.fixed_poi_fit(mu, data, model, return_fitted_val=True)[1])
            for mu in (0.0, 20.0)
        ]
    finally:
        pyhf.set_backend("numpy")
    ours = signals[1].profile(np.array([0.0, 20.0e-8]))
    assert ours.converged.all()
    # MIGRAD of fifty parameters stops within some 1e-3 of the minimum.
    assert fits[1] - fits[0] == pytest.approx(ours.chi2[1] - ours.chi2[0], abs=5e-3)


def test_statistics_only_has_no_nuisances(scan: EnergyScan) -> None:
    bare = ScanModel.build(scan, ModelSettings(statistics_only=True))
    workspace = background_workspace(HistFactoryModel.build(bare, 16.9))
    assert workspace["channels"][0]["samples"][0]["modifiers"] == []
    pyhf.schema.validate(workspace, "workspace.json")


def test_losses() -> None:
    assert pyhf_losses(ModelSettings(), KSource.PUBLISHED) == ()
    assert "the freedom of K" in pyhf_losses(ModelSettings(), KSource.FREE)[0]
    assert "ε_S" in pyhf_losses(ModelSettings(count_term=CountTerm.GAUSSIAN), KSource.PUBLISHED)[0]
    assert pyhf_losses(ModelSettings(statistics_only=True), KSource.FREE) == ()


@pytest.mark.parametrize(
    ("mass", "text"), [(16.9, "16.90"), (17.0, "17.00"), (16.905, "16.905"), (16.22 + 34 * 0.02, "16.90")]
)
def test_masses_in_names(mass: float, text: str) -> None:
    assert mass_text(mass) == text
    assert patch_name(mass) == "M" + text.replace(".", "_")
