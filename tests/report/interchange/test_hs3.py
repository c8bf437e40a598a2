import json

import numpy as np
import pytest

from x17.report.interchange.hs3 import SIGNAL, Hs3Entry, hs3_document, hs3_losses
from x17.report.interchange.hs3_closure import check_closure, named_points, random_points
from x17.report.interchange.hs3_evaluator import read_likelihood
from x17.scan import EnergyScan
from x17.statistics.expanded_model import ExpandedModel
from x17.statistics.model import ScanModel
from x17.statistics.model_settings import (
    BackgroundModel,
    CountTerm,
    KShape,
    KSource,
    LineShapeKind,
    ModelSettings,
)

ENTRY = Hs3Entry("A likelihood", ("arXiv:2505.24797",), {"mass_mev": 16.9})
MODELS = {
    "published": ModelSettings(),
    "free": ModelSettings(k_constraint=KSource.FREE),
    "constant": ModelSettings(k_shape=KShape.CONSTANT),
    "common": ModelSettings(flux_slope_err=0.01, background=BackgroundModel.CURVE_PER_PART),
    "correlated": ModelSettings(correlations=(("A", "gamma", 0.5), ("gamma", "b", -0.3), ("P0", "Q0", 0.2))),
    "fixed": ModelSettings(fixed=("b",)),
    "statistics": ModelSettings(statistics_only=True),
    "computed": ModelSettings(lineshape=LineShapeKind.COMPUTED),
}


@pytest.mark.parametrize("name", MODELS)
def test_file_says_what_was_meant(scan: EnergyScan, name: str) -> None:
    # 1e-8 is what the file promises; sums of some fifty terms of size 4 leave 1e-13.
    for mass in (16.3, 16.9):
        expanded = ExpandedModel.build(ScanModel.build(scan, MODELS[name]), mass)
        closure = check_closure(expanded, hs3_document(expanded, ENTRY))
        assert closure.largest < 1e-11
        assert closure.n_points == 50


def test_closure_notices_a_wrong_digit(expanded: ExpandedModel) -> None:
    document = hs3_document(expanded, ENTRY)
    document["functions"][5]["expression"] = document["functions"][5]["expression"].replace(
        "1.0 +", "1.0001 +"
    )
    document["data"][0]["entries"] = [[document["data"][0]["entries"][0][0] + 1e-6]]
    assert check_closure(expanded, document).largest > 1e-8


def test_structure(expanded: ExpandedModel) -> None:
    document = hs3_document(expanded, ENTRY)
    assert json.loads(json.dumps(document)) == document
    names = [item["name"] for group in ("distributions", "functions", "data") for item in document[group]]
    assert len(names) == len(set(names))
    likelihood = document["likelihoods"][0]
    assert len(likelihood["distributions"]) == len(likelihood["data"]) == 42
    assert likelihood["aux_distributions"] == [
        f"constraint_{name}"
        for name in (
            "P0",
            "P1",
            "signal_yield_mev",
            "lorentz_half_width_mev",
            "beam_energy_spread",
            "Q0",
            "Q1",
        )
    ]
    start = {item["name"]: item["value"] for item in document["parameter_points"][0]["parameters"]}
    domain = {axis["name"]: axis for axis in document["domains"][0]["axes"]}
    assert set(domain) == set(start)
    for name, axis in domain.items():
        assert axis["min"] <= start[name] <= axis["max"]
    assert domain["beam_energy_spread"]["min"] == 0.0
    assert document["analyses"][0]["parameters_of_interest"] == [SIGNAL]


def test_what_is_fixed_is_constant(scan: EnergyScan) -> None:
    expanded = ExpandedModel.build(ScanModel.build(scan, MODELS["fixed"]), 16.9)
    document = hs3_document(expanded, ENTRY)
    constant = [p["name"] for p in document["parameter_points"][0]["parameters"] if p.get("const")]
    assert constant == ["beam_energy_spread"]
    assert "beam_energy_spread" not in {axis["name"] for axis in document["domains"][0]["axes"]}


def test_best_fit_of_the_file_is_that_of_the_search(expanded: ExpandedModel) -> None:
    # The likelihood ratio of the published best fit, read from the file alone by another minimiser.
    from iminuit import Minuit

    document = hs3_document(expanded, ENTRY)
    read = read_likelihood(document)
    start = {p["name"]: p["value"] for p in document["parameter_points"][0]["parameters"]}

    def minimum(fixed: bool) -> float:
        names = list(start)
        fit = Minuit(
            lambda *v: float(-2 * read.log_likelihood(dict(zip(names, v, strict=True)))), **start, name=names
        )
        for item in document["distributions"]:
            if item["x"] in start:
                fit.errors[item["x"]] = item["sigma"]
        fit.values[SIGNAL], fit.errors[SIGNAL] = (0.0, 1.0) if fixed else (19.0, 5.0)
        fit.fixed[SIGNAL] = fixed
        fit.strategy = 2
        return float(fit.migrad().fval)

    # Published best fit: Q = -5.188 at 16.900 MeV. MIGRAD stops within 1e-4 of the minimum.
    assert minimum(False) - minimum(True) == pytest.approx(-5.188, abs=2e-3)


def test_count_terms_are_a_loss() -> None:
    assert hs3_losses(ModelSettings()) == ()
    (phrase,) = hs3_losses(ModelSettings(count_term=CountTerm.POISSON))
    assert "poisson count terms" in phrase


def test_random_points_are_inside_the_domain(expanded: ExpandedModel) -> None:
    points = named_points(expanded, random_points(expanded))
    for axis in hs3_document(expanded, ENTRY)["domains"][0]["axes"]:
        assert np.all((points[axis["name"]] >= axis["min"]) & (points[axis["name"]] <= axis["max"]))
