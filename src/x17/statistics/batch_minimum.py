"""Minima of many χ² at once in plain NumPy: damped Gauss–Newton steps.

For small models beside the likelihood of the search, which has a compiled fit of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

Evaluate = Callable[[FloatArray], tuple[FloatArray, FloatArray, FloatArray]]
"""From parameters (n, p): χ² (n,), half its gradient (n, p), half its Hessian or an estimate (n, p, p)."""

TOLERANCE = 1e-9
"""A minimum is found when the next step would lower χ² by less."""

MAX_ITERATIONS = 60
_HALVINGS = 12


@dataclass(frozen=True, slots=True, eq=False)
class BatchMinimum:
    """Minima of n functions.

    Attributes
    ----------
    chi2 : ndarray, shape (n,)
    parameters : ndarray, shape (n, p)
    converged : ndarray of bool, shape (n,)
    """

    chi2: FloatArray
    parameters: FloatArray
    converged: NDArray[np.bool_]


def minimise_batch(evaluate: Evaluate, start: FloatArray) -> BatchMinimum:
    """Minimise n functions of p parameters together.

    Parameters
    ----------
    evaluate : callable
    start : ndarray, shape (n, p)

    Returns
    -------
    BatchMinimum
    """
    theta = np.array(start, dtype=np.float64)
    chi2, gradient, hessian = evaluate(theta)
    converged = np.zeros(theta.shape[0], dtype=np.bool_)
    if theta.shape[1] == 0:
        return BatchMinimum(chi2, theta, ~converged)
    for _ in range(MAX_ITERATIONS):
        step, decrease = _newton_step(gradient, hessian)
        converged = decrease < TOLERANCE
        if converged.all():
            break
        step[converged] = 0.0
        theta, chi2, gradient, hessian = _damped(evaluate, theta, step, chi2)
    return BatchMinimum(chi2, theta, converged)


def _newton_step(gradient: FloatArray, hessian: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Solve H s = −G in units in which H has a unit diagonal: parameters differ in size by many orders."""
    scale = 1.0 / np.sqrt(np.einsum("npp->np", hessian))
    scaled = hessian * scale[:, :, None] * scale[:, None, :]
    step = -np.linalg.solve(scaled, (gradient * scale)[..., None])[..., 0] * scale
    return step, -np.einsum("np,np->n", step, gradient)


def _damped(
    evaluate: Evaluate, theta: FloatArray, step: FloatArray, chi2: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Take the step, halved where χ² would rise."""
    factor = np.ones(theta.shape[0])
    for _ in range(_HALVINGS):
        trial = theta + factor[:, None] * step
        value, gradient, hessian = evaluate(trial)
        worse = ~(value <= chi2 + 1e-12 * np.abs(chi2))
        if not worse.any():
            break
        factor[worse] *= 0.5
    return trial, value, gradient, hessian
