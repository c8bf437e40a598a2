"""The next points, one after the other: each where it adds most to the worth of the plan, per hour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.projection.planning_beam import BeamTime
from x17.projection.planning_criteria import WORTH, Criterion
from x17.projection.planning_knowledge import Knowledge
from x17.projection.planning_space import PlanSpace

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_TIE = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledPoint:
    """A point of a schedule.

    Attributes
    ----------
    number : int
        From 1.
    beam_energy_mev, sqrt_s_mev : float
    positrons : int
    hours : float
        The change of the energy included.
    total_positrons : int
    total_hours, total_gain : float
        Up to and with this point; the gain in the unit of the criterion.
    """

    number: int
    beam_energy_mev: float
    sqrt_s_mev: float
    positrons: int
    hours: float
    total_positrons: int
    total_hours: float
    total_gain: float


@dataclass(frozen=True, slots=True, eq=False)
class Schedule:
    """A plan.

    Attributes
    ----------
    criterion : Criterion
    points : tuple of ScheduledPoint
        In the order of data taking.
    places : tuple of int
        Their settings.
    energies_mev, sqrt_s_mev : ndarray, shape (n_new,)
        All settings that could have been chosen.
    first_gain : ndarray, shape (n_new,)
        What one point alone would add at each, as long as the first of the schedule.
    """

    criterion: Criterion
    points: tuple[ScheduledPoint, ...]
    places: tuple[int, ...]
    energies_mev: FloatArray
    sqrt_s_mev: FloatArray
    first_gain: FloatArray


def best_share(space: PlanSpace, beam: BeamTime) -> float:
    """Positrons of the point that tells most per hour, the time to set it up included.

    Its weight grows as P/(1 + P/P₀), P₀ where the errors of flux and background are as large as that of the
    counts, and its time as P + P₁, P₁ what the beam delivers while the energy is changed: P = √(P₀ P₁).

    Parameters
    ----------
    space : PlanSpace
    beam : BeamTime

    Returns
    -------
    float
        At least what makes a point.
    """
    even = 1.0 / (float(np.median(space.rate)) * (space.flux_err**2 + space.background_err**2))
    change = beam.setup_hours * beam.positrons_per_hour
    return max(float(np.sqrt(even * change)), float(beam.least_positrons))


def choose_next(
    worth: FloatArray, worth_now: float, beam: BeamTime, positrons: int, present: int | None
) -> int:
    """The setting that adds most per hour; of equal ones the lowest.

    Parameters
    ----------
    worth : ndarray, shape (n_new,)
        Of the plan with the next point at each setting.
    worth_now : float
        Without it.
    beam : BeamTime
    positrons : int
        Of the next point.
    present : int or None
        Setting of the beam now: going on there needs no change.

    Returns
    -------
    int
    """
    hours = np.full(worth.size, beam.hours(positrons, change=True))
    if present is not None:
        hours[present] = beam.hours(positrons, change=False)
    rate = (worth - worth_now) / hours
    # Rounding must not decide: the first of those that are equal to it.
    return int(np.flatnonzero(rate >= rate.max() - _TIE * abs(rate.max()))[0])


def make_schedule(
    space: PlanSpace,
    state: Knowledge,
    beam: BeamTime,
    criterion: Criterion,
    shares: tuple[int, ...],
) -> Schedule:
    """Plan all points at once, without their outcomes.

    Greedy: were K known, the information would be submodular, and no choice of as many equal points could be
    better than this one by more than a factor 1/(1 − 1/e) (Nemhauser, Wolsey, Fisher 1978).

    Parameters
    ----------
    space : PlanSpace
    state : Knowledge
        From the data so far.
    beam : BeamTime
        With the settings of the space.
    criterion : Criterion
    shares : tuple of int
        Positrons of each point.

    Returns
    -------
    Schedule
    """
    worth, taken = WORTH[criterion], space.taken
    known = space.new_weight(taken, state.background)
    places = _greedy(space, state, beam, worth, shares)
    planned = np.zeros((len(shares) + 1, space.n_new))
    planned[np.arange(1, len(shares) + 1), places] = shares
    planned = taken + planned.cumsum(axis=0)
    total = worth(state, space.new_weight(planned, state.background) - known)
    first = space.new_weight(taken + shares[0] * np.eye(space.n_new), state.background) - known
    return Schedule(
        criterion,
        scheduled_points(space, beam, places, shares, (total[1:] - total[0]).tolist()),
        tuple(places),
        space.energies_mev,
        space.sqrt_s_mev,
        worth(state, first) - total[0],
    )


def _greedy(
    space: PlanSpace,
    state: Knowledge,
    beam: BeamTime,
    worth: Callable[[Knowledge, FloatArray], FloatArray],
    shares: tuple[int, ...],
) -> list[int]:
    known = space.new_weight(space.taken, state.background)
    now, present, places = space.taken.copy(), None, []
    for positrons in shares:
        choices = np.vstack([now, now + positrons * np.eye(space.n_new)])
        values = worth(state, space.new_weight(choices, state.background) - known)
        present = choose_next(values[1:], float(values[0]), beam, positrons, present)
        now[present] += positrons
        places.append(present)
    return places


def scheduled_points(
    space: PlanSpace, beam: BeamTime, places: list[int], shares: tuple[int, ...], gains: list[float]
) -> tuple[ScheduledPoint, ...]:
    """Write settings, positrons and gains down as a schedule.

    Parameters
    ----------
    space : PlanSpace
    beam : BeamTime
    places : list of int
        Setting of each point.
    shares : tuple of int
        Positrons of each point.
    gains : list of float
        Cumulative.

    Returns
    -------
    tuple of ScheduledPoint
    """
    points: list[ScheduledPoint] = []
    present, used, spent = None, 0, 0.0
    for number, (place, positrons, gain) in enumerate(zip(places, shares, gains, strict=True), start=1):
        hours = beam.hours(positrons, change=place != present)
        present, used, spent = place, used + positrons, spent + hours
        points.append(
            ScheduledPoint(
                number=number,
                beam_energy_mev=float(space.energies_mev[place]),
                sqrt_s_mev=float(space.sqrt_s_mev[place]),
                positrons=positrons,
                hours=hours,
                total_positrons=used,
                total_hours=spent,
                total_gain=gain,
            )
        )
    return tuple(points)
