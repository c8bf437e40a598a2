"""Toys of version 1, number by number: a bank must not mix toys that are made differently.

If these numbers change on purpose, raise TOY_VERSION and say so in CHANGELOG.md. Other processors fit the
same toys within 1e-9, which is the tolerance here.
"""

import numpy as np
import pytest

from x17.statistics.coupling_set import CouplingSet, Hypothesis
from x17.statistics.ensembles import Ensemble
from x17.statistics.experiment_set import ExperimentSet
from x17.statistics.model import ScanModel
from x17.toybank.block_key import TOY_VERSION

WHAT_TO_DO = "toys have changed: if on purpose, raise TOY_VERSION and say so in CHANGELOG.md"
EXPERIMENTS = {
    "published": {
        "signal": [3.647286634908719e-08, 4.950346607657161e-08, 8.133066679969218e-08],
        "error": [8.582219423135165e-08, 8.74202301428859e-08, 8.490762359072969e-08],
        "q": [-0.18130049055942976, -0.32244242257085176, -0.9190344217651614],
    },
    "recentred": {
        "signal": [7.060192655922876e-08, 9.274230384846131e-08, -3.076368418118873e-08],
        "error": [8.544911156987283e-08, 8.593734343529e-08, 8.50428248901821e-08],
        "q": [-0.6851745448825781, -1.1726750816432983, -0.13098629409426366],
    },
    "unconditional": {
        "signal": [3.6473537253942444e-08, 4.951279124029452e-08, 8.131877791295404e-08],
        "error": [8.58079084730239e-08, 8.740572142695927e-08, 8.489359812555425e-08],
        "q": [-0.1813673757924832, -0.32267091672421344, -0.919068655180638],
    },
}
COUPLINGS = {
    "background": {
        "q": [10.851656104235161, 6.097938928989507, 15.946796697538652],
        "q_best": [0.0, -0.174579572149419, 0.0],
    },
    "signal": {
        "q": [-4.957245330450522, -15.596686203588234, -13.519501788428272],
        "q_best": [-5.327322338295804, -17.120752867056176, -14.277321407157878],
    },
}


def test_version() -> None:
    assert TOY_VERSION == 1, "write down the numbers of the new version"


@pytest.mark.parametrize("ensemble", list(EXPERIMENTS))
def test_pseudo_experiments(model: ScanModel, ensemble: str) -> None:
    toys = ExperimentSet(ensemble=Ensemble(ensemble), masses=(16.6, 16.9), seed=1)
    block = toys.make(model, 1)
    for name, expected in EXPERIMENTS[ensemble].items():
        assert block[name][:3, 1].tolist() == pytest.approx(expected, rel=1e-9), WHAT_TO_DO
    assert np.all(block["status"] == 0)


@pytest.mark.parametrize("hypothesis", list(COUPLINGS))
def test_tested_couplings(model: ScanModel, hypothesis: str) -> None:
    toys = CouplingSet(
        ensemble=Ensemble.PUBLISHED,
        hypothesis=Hypothesis(hypothesis),
        mass=16.9,
        couplings=(5e-4,),
        seed=1,
        best=True,
    )
    block = toys.make(model, 1)
    for name, expected in COUPLINGS[hypothesis].items():
        assert block[name][:3, 0].tolist() == pytest.approx(expected, rel=1e-9, abs=1e-9), WHAT_TO_DO
    assert np.all(block["status"] == 0)
