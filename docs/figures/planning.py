"""Numbers and figures of docs/explanation/where-the-beam-goes-next.md.

    python docs/figures/planning.py [--toys N]

prints the comparisons of the page and writes its figures to docs/images. With 600 campaigns of each kind it
takes about four minutes on one core.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from rich.console import Console

from x17.apparatus import load_setup
from x17.projection.planning_beam import beam_time
from x17.projection.planning_campaign import CampaignPlan, Strategy, Truth, true_g_r
from x17.projection.planning_criteria import Criterion
from x17.projection.planning_knowledge import learn
from x17.projection.planning_prior import hypotheses
from x17.projection.planning_schedule import make_schedule
from x17.projection.planning_space import plan_space
from x17.projection.planning_verdict import verdicts
from x17.report.figure_files import save_figure
from x17.report.figures.plan_power import draw_plan_power
from x17.report.figures.plan_schedule import draw_plan_schedule
from x17.report.plan_table import print_plan
from x17.scan import EnergyScan
from x17.statistics.model import ScanModel
from x17.statistics.toys import block_stream
from x17.workflows.plan import make_plan
from x17.workflows.plan_request import EXCESS, PlanRequest
from x17.workflows.search_settings import resolve_settings

IMAGES = Path(__file__).parents[1] / "images"
FEW = 6e10
"""Positrons of a first week: 5e9 in each of twelve points."""


def compare(toys: int) -> None:
    """Strategies compared, and the two figures."""
    settings, console = resolve_settings(), Console()
    for positrons, criterion, boson in (
        (3e11, Criterion.INFORMATION, EXCESS),
        (FEW, Criterion.INFORMATION, EXCESS),
        (FEW, Criterion.CHANCE, EXCESS),
        (FEW, Criterion.INFORMATION, Truth(17.0, 4.4e-4)),
    ):
        request = PlanRequest(
            positrons=positrons, steps=12, criterion=criterion, boson=boson, toys=toys, adaptive=True
        )
        result = make_plan("padme-run3", settings, request).result
        print_plan(console, result)
        if positrons == FEW and criterion is Criterion.INFORMATION and boson == EXCESS:
            save_figure(draw_plan_schedule(result), IMAGES, "plan-schedule", ("png",))
        elif positrons > FEW:
            save_figure(draw_plan_power(result), IMAGES, "plan-power", ("png",))


def false_alarms(toys: int) -> None:
    """How often campaigns without a boson end at 3σ, the data so far included."""
    model = ScanModel.build(EnergyScan.load("padme-run3"))
    energies = model.points.beam_energy_mev
    low, high = float(energies.min()), float(energies.max())
    beam = beam_time(load_setup("padme-run3"), low, (low, high))
    space = plan_space(model, beam.energies_mev)
    tested, shares = hypotheses(space), beam.shares(FEW, 12)
    state = learn(space, tested, np.ones(space.n_new), np.zeros(space.n_new))
    nothing = true_g_r(space, Truth(EXCESS.mass_mev, 0.0))
    for criterion in (Criterion.INFORMATION, Criterion.CHANCE):
        places = make_schedule(space, state, beam, criterion, shares).places
        plan = CampaignPlan(space, tested, beam, criterion, shares, places)
        for strategy in (Strategy.ADAPTIVE, Strategy.SCHEDULE):
            campaigns = plan.run(strategy, nothing, toys, block_stream(1, (1,), 0))
            at_three = verdicts(space, campaigns, EXCESS, true=True, with_old=True).decided
            print(f"{criterion} {strategy}: {at_three[:, -1].sum()} of {toys} end at 3σ")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--toys", type=int, default=600)
    wanted = parser.parse_args().toys
    compare(wanted)
    false_alarms(wanted)
