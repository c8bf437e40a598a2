"""One mass from many opening angles: the minimum of χ²(m), for one set or for many toys at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.nuclear.masses.angle_relation import AngleRelation

FloatArray = NDArray[np.float64]

_ROUNDS = 60
_STEP_MEV = 1e-9
"""A fit stops when its next step is smaller."""
_MARGIN_MEV = 1e-6
"""Distance kept from the mass at which the first transition closes, where dθ/dm has no bound."""


@dataclass(frozen=True, slots=True, eq=False)
class AngleFits:
    """Fits of batches of angles.

    Attributes
    ----------
    mass, chi2, error : ndarray, shape S
        Mass and error from the curvature, MeV.
    converged : ndarray of bool, shape S
        False where the minimum is at the largest mass that all transitions can make.
    """

    mass: FloatArray
    chi2: FloatArray
    error: FloatArray
    converged: NDArray[np.bool_]


def angle_chi2(
    relation: AngleRelation, angles: FloatArray, precision: FloatArray, mass: FloatArray
) -> FloatArray:
    """χ²(m) = r C⁻¹ r with r = θ − θ_min(m).

    Parameters
    ----------
    relation : AngleRelation
    angles : ndarray, shape S + (n,)
        rad.
    precision : ndarray, shape (n, n)
        C⁻¹, 1/rad².
    mass : ndarray, shape S
        MeV.

    Returns
    -------
    ndarray, shape S
    """
    residual = angles - relation.angles(mass)
    return np.asarray(np.einsum("...i,ij,...j->...", residual, precision, residual))


def fit_angles(
    relation: AngleRelation, angles: FloatArray, precision: FloatArray, start: FloatArray
) -> AngleFits:
    """Minimise χ²(m) by Gauss–Newton steps, halved where they do not lower χ².

    Parameters
    ----------
    relation : AngleRelation
    angles : ndarray, shape S + (n,)
        rad.
    precision : ndarray, shape (n, n)
        C⁻¹, 1/rad².
    start : ndarray, shape S
        MeV.

    Returns
    -------
    AngleFits
    """
    top = relation.largest_mass - _MARGIN_MEV
    mass = np.minimum(np.broadcast_to(start, angles.shape[:-1]), top)
    chi2 = angle_chi2(relation, angles, precision, mass)
    moving = np.ones(mass.shape, dtype=bool)
    for _ in range(_ROUNDS):
        step, _ = _step(relation, angles, precision, mass)
        target = np.clip(mass + step, 1.0, top)
        trial_chi2 = angle_chi2(relation, angles, precision, target)
        for _ in range(30):
            worse = moving & (trial_chi2 > chi2)
            if not worse.any():
                break
            target = np.where(worse, 0.5 * (mass + target), target)
            trial_chi2 = angle_chi2(relation, angles, precision, target)
        # Below the rounding of χ² a step can no longer show that it is one down.
        better = moving & (trial_chi2 <= chi2)
        moving &= np.abs(target - mass) > _STEP_MEV
        mass, chi2 = np.where(better, target, mass), np.where(better, trial_chi2, chi2)
        if not moving.any():
            break
    _, information = _step(relation, angles, precision, mass)
    return AngleFits(mass, chi2, information**-0.5, ~moving & (mass < top))


def _step(
    relation: AngleRelation, angles: FloatArray, precision: FloatArray, mass: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Gauss–Newton step and the information JᵀC⁻¹J."""
    slopes = relation.slopes(mass)
    weighted = slopes @ precision
    information = np.einsum("...i,...i->...", weighted, slopes)
    pull = np.einsum("...i,...i->...", weighted, angles - relation.angles(mass))
    return np.asarray(pull / information), np.asarray(information)
