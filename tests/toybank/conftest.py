from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from x17.scan import EnergyScan
from x17.statistics.ensembles import Ensemble
from x17.statistics.experiment_set import ExperimentSet
from x17.statistics.model import ScanModel
from x17.statistics.toy_set import Arrays
from x17.toybank import ToyBank


@dataclass(frozen=True, slots=True, kw_only=True)
class DiceSet:
    """A set without fits, for tests of storage alone."""

    seed: int = 1
    toys_per_block: int = 10

    def inputs(self) -> dict[str, object]:
        return {"kind": "dice", "seed": self.seed}

    def describe(self) -> str:
        return f"dice {self.seed}"

    def make(self, _: ScanModel, block: int) -> dict[str, NDArray[np.generic]]:
        rng = np.random.default_rng([self.seed, block])
        status = np.zeros((self.toys_per_block, 3), dtype=np.int8)
        status[0, 0] = 3 if block == 0 else 0
        return {"value": rng.standard_normal((self.toys_per_block, 3)), "status": status}


@pytest.fixture(scope="session")
def scan() -> EnergyScan:
    return EnergyScan.load("padme-run3")


@pytest.fixture(scope="session")
def model(scan: EnergyScan) -> ScanModel:
    return ScanModel.build(scan)


@pytest.fixture
def dice() -> type[DiceSet]:
    return DiceSet


@pytest.fixture
def bank(tmp_path: Path) -> ToyBank:
    return ToyBank(tmp_path / "bank")


@pytest.fixture(scope="session")
def experiments() -> ExperimentSet:
    """Real fits, but few: a block takes some 30 ms."""
    return ExperimentSet(ensemble=Ensemble.PUBLISHED, masses=(16.6, 16.9, 17.2), seed=1)


@pytest.fixture(scope="session")
def same_arrays() -> Callable[[Arrays, Arrays], bool]:
    """Whether two sets of arrays are equal bit for bit."""

    def same(one: Arrays, other: Arrays) -> bool:
        return one.keys() == other.keys() and all(
            one[name].dtype == other[name].dtype
            and one[name].shape == other[name].shape
            and one[name].tobytes() == other[name].tobytes()
            for name in one
        )

    return same
