"""The shipped scan, its model and toys, the same in every benchmark; everything runs on one core."""

from dataclasses import dataclass

import numpy as np
import pytest

from x17.scan import EnergyScan
from x17.statistics.data_sets import DataSets, observed
from x17.statistics.model import SIGNAL_INDEX, ScanModel
from x17.statistics.toys import hybrid_toys

MASS_MEV, COUPLING = 16.9, 5.5e-4


@dataclass(frozen=True)
class Case:
    """A model, the data, and toys with a boson in them."""

    model: ScanModel
    data: DataSets
    truth: np.ndarray
    toys: DataSets
    mass: float = MASS_MEV
    coupling: float = COUPLING


@pytest.fixture(scope="session")
def case() -> Case:
    model = ScanModel.build(EnergyScan.load("padme-run3"))
    truth = model.centers.copy()
    truth[SIGNAL_INDEX] = COUPLING**2
    toys = hybrid_toys(model, truth, MASS_MEV, 10_000, np.random.default_rng(1))
    return Case(model, observed(model), truth, toys)
