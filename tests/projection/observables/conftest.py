from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from x17.projection.observables.class_points import ClassPoints
from x17.projection.observables.common_responses import PriorErrors
from x17.projection.observables.joint_likelihood import JointLikelihood
from x17.projection.observables.observable import Observable
from x17.projection.observables.tagging import Tagging
from x17.scan import EnergyScan
from x17.statistics.model import default_line_shape
from x17.theory.lineshape import Voigt

Build = Callable[..., JointLikelihood]


@pytest.fixture(scope="session")
def scan() -> EnergyScan:
    return EnergyScan.load("padme-run3")


@pytest.fixture(scope="session")
def points(scan: EnergyScan) -> ClassPoints:
    return ClassPoints.of_scan(scan)


@pytest.fixture(scope="session")
def bare(points: ClassPoints) -> ClassPoints:
    """Statistics alone."""
    none = np.zeros(len(points))
    return replace(points, flux_err=none, shared_err=none, electrons_err=none, photons_err=none)


@pytest.fixture(scope="session")
def build(scan: EnergyScan) -> Build:
    shape = default_line_shape(scan.constants)
    assert isinstance(shape, Voigt)

    def made(
        points: ClassPoints,
        tagging: Tagging,
        *observables: Observable,
        prior: PriorErrors | None = None,
    ) -> JointLikelihood:
        chosen: Sequence[Observable] = observables
        return JointLikelihood.build(points, tagging, chosen, shape, scan.constants, prior)

    return made
