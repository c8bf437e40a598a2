"""A plan on PADME Run III that several tests use."""

from dataclasses import dataclass

import numpy as np

from x17.apparatus import load_setup
from x17.projection.planning_beam import BeamTime, beam_time
from x17.projection.planning_knowledge import Knowledge, learn
from x17.projection.planning_prior import Hypotheses, PlanPrior, hypotheses
from x17.projection.planning_space import PlanSpace, plan_space
from x17.scan import EnergyScan
from x17.statistics.model import ScanModel
from x17.statistics.model_settings import ModelSettings


@dataclass(frozen=True)
class Planned:
    """Run III, its settings at half a step, and what it says."""

    model: ScanModel
    beam: BeamTime
    space: PlanSpace
    tested: Hypotheses
    state: Knowledge


def planned(settings: ModelSettings | None = None, prior: PlanPrior | None = None) -> Planned:
    model = ScanModel.build(EnergyScan.load("padme-run3"), settings)
    low, high = float(model.points.beam_energy_mev.min()), float(model.points.beam_energy_mev.max())
    beam = beam_time(load_setup("padme-run3"), low, (low, high))
    space = plan_space(model, beam.energies_mev)
    tested = hypotheses(space, prior)
    return Planned(
        model, beam, space, tested, learn(space, tested, np.ones(space.n_new), np.zeros(space.n_new))
    )
