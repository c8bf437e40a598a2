"""Campaigns of toys: the beam goes where a plan sends it, and may be sent on by what it found there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from x17.errors import X17Error
from x17.projection.planning_beam import BeamTime
from x17.projection.planning_criteria import WORTH, Criterion
from x17.projection.planning_knowledge import learn
from x17.projection.planning_prior import Hypotheses
from x17.projection.planning_schedule import choose_next
from x17.projection.planning_space import PlanSpace
from x17.statistics.fit_status import FitStatus
from x17.statistics.model import SIGNAL_INDEX
from x17.statistics.profile_fit import fit_fixed_signal
from x17.statistics.toys import SMALLEST_COUNT

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Strategy(StrEnum):
    """How the beam is steered."""

    ADAPTIVE = "adaptive"
    """Each point is chosen after the one before has been measured."""
    SCHEDULE = "schedule"
    """The schedule made before the first point."""
    UNIFORM = "uniform"
    """All settings alike: the half-step scan."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What nature is in toys.

    Attributes
    ----------
    mass_mev : float
    g_ve : float
        0 for no boson.
    """

    mass_mev: float
    g_ve: float


@dataclass(frozen=True, slots=True, eq=False)
class Campaigns:
    """Campaigns of n toys in steps of equal positrons.

    Attributes
    ----------
    y, weight : ndarray, shape (n, n_steps, n_new)
        Measured g_R after each step and its inverse variance, zero where there are no data.
    places : ndarray of int, shape (n, n_steps)
        Settings visited; −1 where all are.
    """

    y: FloatArray
    weight: FloatArray
    places: IntArray


def true_g_r(space: PlanSpace, truth: Truth) -> FloatArray:
    """Expected g_R at the possible points, the nuisances fitted to the data so far with this truth.

    Parameters
    ----------
    space : PlanSpace
    truth : Truth

    Returns
    -------
    ndarray, shape (n_new,)

    Raises
    ------
    X17Error
        The fit failed.
    """
    none = np.zeros((1, space.n_new))
    fit = fit_fixed_signal(space.model, space.data_sets(none + 1.0, none), truth.mass_mev, truth.g_ve**2)
    if fit.status.max() != FitStatus.CONVERGED:
        raise X17Error(f"the fit to the data so far failed: {FitStatus(int(fit.status.max())).sentence}")
    parameters = fit.parameters.reshape(-1, space.model.centers.size)[0].copy()
    parameters[SIGNAL_INDEX] = truth.g_ve**2
    return np.asarray(space.model.expected_g_r(parameters, truth.mass_mev)[space.n_old :])


class _Counters:
    """What one toy has measured: counts add up, errors of flux and background of a setting stay."""

    def __init__(self, space: PlanSpace, expected: FloatArray, rng: np.random.Generator) -> None:
        self._space, self._expected = space, expected
        errors, self._rng = rng.standard_normal((2, space.n_new)), rng
        self._flux = 1.0 + space.flux_err * errors[0]
        self._rate = 1.0 + space.background_err * errors[1]
        self.positrons, self._n2 = np.zeros(space.n_new), np.zeros(space.n_new)

    def take(self, positrons: FloatArray) -> None:
        """Add positrons at the settings, shape (n_new,)."""
        mu = positrons * self._space.rate * self._expected
        self._n2 += mu + np.sqrt(mu) * self._rng.standard_normal(mu.size)
        self.positrons += positrons

    def measured(self) -> tuple[FloatArray, FloatArray]:
        """g_R and its inverse variance as the analysis has them, each of shape (n_new,)."""
        taken = self.positrons > 0.0
        n2 = np.where(taken, np.maximum(self._n2, SMALLEST_COUNT), 1.0)
        pairs = np.where(taken, self.positrons * self._flux * self._space.rate * self._rate, 1.0)
        y = n2 / pairs
        variance = y**2 * (1.0 / n2 + (self._space.flux_err / self._flux) ** 2)
        variance += y**2 * (self._space.background_err / self._rate) ** 2
        return np.where(taken, y, 1.0), np.where(taken, 1.0 / variance, 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class CampaignPlan:
    """Everything but the outcome.

    Attributes
    ----------
    space : PlanSpace
    tested : Hypotheses
    beam : BeamTime
    criterion : Criterion
    shares : tuple of int
        Positrons of each step.
    schedule : tuple of int
        Settings of the schedule, for `Strategy.SCHEDULE`.
    """

    space: PlanSpace
    tested: Hypotheses
    beam: BeamTime
    criterion: Criterion
    shares: tuple[int, ...]
    schedule: tuple[int, ...] = ()

    def run(
        self, strategy: Strategy, expected: FloatArray, n_toys: int, rng: np.random.Generator
    ) -> Campaigns:
        """Run campaigns; toy k has the same errors of flux and background whatever the strategy.

        Parameters
        ----------
        strategy : Strategy
        expected : ndarray, shape (n_new,)
            True g_R.
        n_toys : int
        rng : numpy.random.Generator

        Returns
        -------
        Campaigns
        """
        shape = (n_toys, len(self.shares), self.space.n_new)
        y, weight, places = np.ones(shape), np.zeros(shape), np.full(shape[:2], -1, dtype=np.int64)
        for toy, stream in enumerate(rng.spawn(n_toys)):
            counters = _Counters(self.space, expected, stream)
            present: int | None = None
            for step, positrons in enumerate(self.shares):
                if strategy is Strategy.UNIFORM:
                    counters.take(np.full(self.space.n_new, positrons / self.space.n_new))
                else:
                    present = self._next(strategy, step, counters, present)
                    places[toy, step] = present
                    counters.take(np.where(np.arange(self.space.n_new) == present, float(positrons), 0.0))
                y[toy, step], weight[toy, step] = counters.measured()
        return Campaigns(y, weight, places)

    def _next(self, strategy: Strategy, step: int, counters: _Counters, present: int | None) -> int:
        if strategy is Strategy.SCHEDULE:
            return self.schedule[step]
        space, positrons = self.space, self.shares[step]
        state = learn(space, self.tested, *counters.measured())
        taken = space.taken + counters.positrons
        known = space.new_weight(taken, state.background)
        choices = taken + positrons * np.eye(space.n_new)
        gained = np.vstack([np.zeros_like(known), space.new_weight(choices, state.background) - known])
        # Off the diagonal the difference is rounding of the same numbers.
        gained[1:] *= np.eye(space.n_new)
        worth = WORTH[self.criterion](state, gained)
        return choose_next(worth[1:], float(worth[0]), self.beam, positrons, present)
