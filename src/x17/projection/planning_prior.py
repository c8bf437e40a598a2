"""The hypotheses among which a plan is to decide: no boson, or one of given mass and coupling."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.errors import UsageError
from x17.kinematics import mass_step_mev
from x17.projection.planning_space import PlanSpace

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPrior:
    """What is believed before any data: flat in mass and in ln g.

    Attributes
    ----------
    masses_mev : (float, float) or None
        Lowest and highest mass; those that resonate at the ends of the settings if None.
    mass_step_mev : float or None
        None: a width of the line, 0.02 MeV at PADME.
    couplings : (float, float)
        Lowest and highest g_ve.
    n_couplings : int
    no_boson : float
        Probability that there is none.

    Raises
    ------
    UsageError
        A number outside its range.
    """

    masses_mev: tuple[float, float] | None = None
    mass_step_mev: float | None = None
    couplings: tuple[float, float] = (1.5e-4, 9e-4)
    n_couplings: int = 12
    no_boson: float = 0.5

    def __post_init__(self) -> None:
        low, high = self.couplings
        if not 0.0 < low < high < 1.0 or self.n_couplings < 2:
            raise UsageError(
                f"couplings of the prior are {low:g}:{high:g}; allowed: 0 < LO < HI < 1, 2 or more"
            )
        if not 0.0 < self.no_boson < 1.0:
            raise UsageError(f"the prior of no boson is {self.no_boson:g}; allowed: between 0 and 1")
        if self.mass_step_mev is not None and self.mass_step_mev <= 0.0:
            raise UsageError(f"the step of the masses is {self.mass_step_mev:g} MeV; allowed: above 0")


@dataclass(frozen=True, slots=True, eq=False)
class Hypotheses:
    """No boson first, then bosons, all couplings of a mass together: 1 + n_masses · n_couplings hypotheses.

    Attributes
    ----------
    masses : ndarray, shape (n_masses,)
        MeV.
    couplings : ndarray, shape (n_couplings,)
        g_ve, rising.
    prior : ndarray, shape (1 + n_masses · n_couplings,)
        Probabilities.
    response : ndarray, shape (1 + n_masses · n_couplings, n_points)
        1 + g² S(E; M) r(s) at all points of the space, at the central line shape.
    """

    masses: FloatArray
    couplings: FloatArray
    prior: FloatArray
    response: FloatArray

    @property
    def signal(self) -> FloatArray:
        """U = g² of every hypothesis, the first zero."""
        return np.concatenate([[0.0], np.tile(self.couplings**2, self.masses.size)])

    @property
    def mass(self) -> FloatArray:
        """Mass of every hypothesis, MeV; of the first, which has none, the lowest."""
        return np.concatenate([self.masses[:1], np.repeat(self.masses, self.couplings.size)])


def hypotheses(space: PlanSpace, prior: PlanPrior | None = None) -> Hypotheses:
    """Lay the hypotheses of a prior on a grid.

    Parameters
    ----------
    space : PlanSpace
    prior : PlanPrior, optional

    Returns
    -------
    Hypotheses
    """
    prior = prior or PlanPrior()
    root_s = space.sqrt_s_mev
    low, high = prior.masses_mev or (float(root_s.min()), float(root_s.max()))
    step = prior.mass_step_mev or mass_step_mev(
        float(np.median(root_s)), space.model.constants.beam_energy_spread
    )
    # Whole steps, so that masses do not depend on the ends of the settings.
    first, last = round(low / step), round(high / step)
    masses: FloatArray = step * np.arange(first, max(last, first) + 1.0)
    couplings = np.geomspace(*prior.couplings, prior.n_couplings)
    strength = space.model.signal_yield(
        np.broadcast_to(space.model.centers, (masses.size, space.model.centers.size)), masses
    )
    boson = 1.0 + couplings[None, :, None] ** 2 * strength[:, None, :]
    n = masses.size * couplings.size
    return Hypotheses(
        masses=masses,
        couplings=couplings,
        prior=np.concatenate([[prior.no_boson], np.full(n, (1.0 - prior.no_boson) / n)]),
        response=np.vstack([np.ones((1, strength.shape[1])), boson.reshape(n, -1)]),
    )
