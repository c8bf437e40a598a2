from dataclasses import replace

import numpy as np
import pytest

from x17.statistics.coupling_set import CouplingSet, Hypothesis
from x17.statistics.ensembles import Ensemble
from x17.statistics.experiment_set import ExperimentSet
from x17.toybank import block_key
from x17.toybank.block_key import BlockKey

EXPERIMENTS = ExperimentSet(ensemble=Ensemble.PUBLISHED, masses=(16.6, 16.9), seed=1)
COUPLINGS = CouplingSet(
    ensemble=Ensemble.PUBLISHED, hypothesis=Hypothesis.SIGNAL, mass=16.9, couplings=(3e-4, 5e-4), seed=1
)


def test_whatever_decides_a_block_changes_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [
        BlockKey.of("a", toy_set, block).name
        for toy_set in (
            EXPERIMENTS,
            replace(EXPERIMENTS, seed=2),
            replace(EXPERIMENTS, masses=(16.6, 16.9, 17.2)),
            replace(EXPERIMENTS, ensemble=Ensemble.RECENTRED),
            replace(EXPERIMENTS, truth_mass=16.9, truth_coupling=5e-4),
            replace(EXPERIMENTS, truth_mass=16.9, truth_coupling=5.1e-4),
            COUPLINGS,
            replace(COUPLINGS, hypothesis=Hypothesis.BACKGROUND),
            replace(COUPLINGS, couplings=(3e-4, 6e-4)),
            replace(COUPLINGS, mass=16.92),
            replace(COUPLINGS, best=True),
        )
        for block in (0, 1)
    ]
    names.append(BlockKey.of("b", EXPERIMENTS, 0).name)
    monkeypatch.setattr(block_key, "TOY_VERSION", 99)
    names.append(BlockKey.of("a", EXPERIMENTS, 0).name)
    assert len(set(names)) == len(names) == 24


def test_a_name_does_not_depend_on_the_last_bits_of_a_grid() -> None:
    stepped = tuple(float(m) for m in 16.22 + 0.02 * np.arange(5))
    written = (16.22, 16.24, 16.26, 16.28, 16.3)
    assert stepped != written
    names = {BlockKey.of("a", replace(EXPERIMENTS, masses=m), 0).name for m in (stepped, written)}
    assert len(names) == 1


def test_a_number_that_is_none_has_no_name() -> None:
    with pytest.raises(ValueError, match="JSON"):
        BlockKey.of("a", replace(EXPERIMENTS, masses=(float("nan"),)), 0)
