import numpy as np
import pytest

from x17.statistics.coupling_set import TOYS_PER_BLOCK, CouplingSet, Hypothesis
from x17.statistics.ensembles import Ensemble
from x17.statistics.model import ScanModel

MASS, COUPLINGS = 16.9, (4e-4, 6e-4)


def wanted(hypothesis: Hypothesis, **changes: object) -> CouplingSet:
    given = {"ensemble": Ensemble.PUBLISHED, "mass": MASS, "couplings": COUPLINGS, "seed": 1}
    return CouplingSet(hypothesis=hypothesis, **(given | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("hypothesis", list(Hypothesis))
def test_a_coupling_has_the_same_toys_in_every_set(model: ScanModel, hypothesis: Hypothesis) -> None:
    both = wanted(hypothesis).make(model, 1)
    alone = wanted(hypothesis, couplings=COUPLINGS[1:]).make(model, 1)
    assert both["q"].shape == (TOYS_PER_BLOCK, 2)
    np.testing.assert_array_equal(both["q"][:, 1], alone["q"][:, 0])
    assert (both["status"] == 0).all()


def test_q_is_lower_with_the_boson_than_without(model: ScanModel) -> None:
    with_boson, without = (wanted(h).make(model, 0)["q"] for h in (Hypothesis.SIGNAL, Hypothesis.BACKGROUND))
    assert (with_boson.mean(axis=0) < without.mean(axis=0) - 1.0).all()


def test_best_is_the_lowest_q_over_couplings(model: ScanModel) -> None:
    plain, best = (wanted(Hypothesis.SIGNAL, best=b).make(model, 0) for b in (False, True))
    np.testing.assert_array_equal(plain["q"], best["q"])
    assert "q_best" not in plain
    assert (best["q_best"] <= best["q"] + 1e-9).all()
    assert (best["q_best"] <= 0.0).all()
    # Where the free signal is negative the best coupling is zero and Q with it.
    assert np.any(wanted(Hypothesis.BACKGROUND, best=True).make(model, 0)["q_best"] == 0.0)


def test_everything_that_decides_the_toys_is_among_the_inputs() -> None:
    sets = [
        wanted(Hypothesis.SIGNAL),
        wanted(Hypothesis.BACKGROUND),
        wanted(Hypothesis.SIGNAL, best=True),
        wanted(Hypothesis.SIGNAL, mass=16.8),
        wanted(Hypothesis.SIGNAL, couplings=(4e-4,)),
        wanted(Hypothesis.SIGNAL, seed=2),
        wanted(Hypothesis.SIGNAL, ensemble=Ensemble.UNCONDITIONAL),
    ]
    assert len({str(s.inputs()) for s in sets}) == len(sets)
    assert sets[0].describe() == "signal toys at 16.9 MeV"
