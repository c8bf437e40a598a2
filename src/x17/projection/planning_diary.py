"""One adaptive campaign, point by point: where the beam went, what it found, and what was believed then."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from x17.projection.planning_campaign import CampaignPlan, FloatArray, Strategy
from x17.projection.planning_criteria import WORTH
from x17.projection.planning_knowledge import Knowledge, learn
from x17.projection.planning_schedule import ScheduledPoint, scheduled_points


@dataclass(frozen=True, slots=True)
class DiaryEntry:
    """A point of a campaign.

    Attributes
    ----------
    point : ScheduledPoint
        The gain: expected before each point, added up.
    g_r, g_r_err : float
        Measured at this setting, earlier visits of the campaign included.
    no_boson : float
        Posterior probability after it.
    mass_mev : float
        Mass that is most probable after it, if there is a boson.
    """

    point: ScheduledPoint
    g_r: float
    g_r_err: float
    no_boson: float
    mass_mev: float


def likely_mass(plan: CampaignPlan, state: Knowledge) -> float:
    """Mass of largest posterior probability, couplings summed over.

    Parameters
    ----------
    plan : CampaignPlan
    state : Knowledge

    Returns
    -------
    float
        MeV.
    """
    by_mass = state.probability[1:].reshape(plan.tested.masses.size, -1).sum(axis=1)
    return float(plan.tested.masses[int(by_mass.argmax())])


def keep_diary(plan: CampaignPlan, expected: FloatArray, rng: np.random.Generator) -> tuple[DiaryEntry, ...]:
    """Run one adaptive campaign and write it down.

    Parameters
    ----------
    plan : CampaignPlan
    expected : ndarray, shape (n_new,)
        True g_R.
    rng : numpy.random.Generator

    Returns
    -------
    tuple of DiaryEntry
    """
    space, worth = plan.space, WORTH[plan.criterion]
    campaign = plan.run(Strategy.ADAPTIVE, expected, 1, rng)
    places = campaign.places[0].tolist()
    taken, state = space.taken.copy(), learn(space, plan.tested, *_nothing(space.n_new))
    gains, states, total = [], [], 0.0
    for step, (place, positrons) in enumerate(zip(places, plan.shares, strict=True)):
        more = taken.copy()
        more[place] += positrons
        added = space.new_weight(more, state.background) - space.new_weight(taken, state.background)
        before, after = worth(state, np.stack([np.zeros_like(added), added])).tolist()
        total += after - before
        taken, state = more, learn(space, plan.tested, campaign.y[0, step], campaign.weight[0, step])
        gains.append(total)
        states.append(state)
    points = scheduled_points(space, plan.beam, places, plan.shares, gains)
    return tuple(
        DiaryEntry(
            point=point,
            g_r=float(campaign.y[0, step, places[step]]),
            g_r_err=float(campaign.weight[0, step, places[step]] ** -0.5),
            no_boson=float(states[step].probability[0]),
            mass_mev=likely_mass(plan, states[step]),
        )
        for step, point in enumerate(points)
    )


def _nothing(n_new: int) -> tuple[FloatArray, FloatArray]:
    return np.ones(n_new), np.zeros(n_new)
