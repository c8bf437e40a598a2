"""What new points are worth before they are measured, by three criteria.

All take weights W, shape (n, n_new): n choices of how much is measured at each possible point (inverse
variances of g_R), and give the worth of each choice, shape (n,). Everything is Gaussian and in closed form.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from x17.projection.planning_knowledge import Knowledge

FloatArray = NDArray[np.float64]

DISCOVERY_Z = 3.0
"""Local significance that confirms."""


class Criterion(StrEnum):
    """What a plan maximises per hour."""

    INFORMATION = "information"
    """Expected information on (M, g), in bits."""
    SEPARATION = "separation"
    """Expected ΔQ between with and without a boson, averaged over the posterior of (M, g)."""
    CHANCE = "chance"
    """Chance that a boson reaches 3σ, or that it is excluded if there is none."""


UNITS = {Criterion.INFORMATION: "bit", Criterion.SEPARATION: "ΔQ", Criterion.CHANCE: "probability"}


def information(state: Knowledge, weights: FloatArray) -> FloatArray:
    """Expected information on the hypotheses, bits.

    ½ log₂ det(1 + √W (C + N) √W) − ½ log₂ det(1 + √W N √W), C the posterior covariance of the expectations
    and N that of K: the mutual information of Gaussian hypotheses, an upper bound for these, which are not.

    Parameters
    ----------
    state : Knowledge
    weights : ndarray, shape (n, n_new)

    Returns
    -------
    ndarray, shape (n,)
    """
    noise = state.basis @ state.k_covariance @ state.basis.T
    both = state.covariance + noise
    # A setting that nobody asks for adds a factor of one to both determinants.
    used = np.flatnonzero(weights.any(axis=0))
    if np.count_nonzero(weights, axis=1).max(initial=0) <= 1:
        total = weights.sum(axis=1)
        place = weights.argmax(axis=1)
        more, less = np.diag(both)[place], np.diag(noise)[place]
        return np.asarray(0.5 * np.log2((1.0 + total * more) / (1.0 + total * less)))
    root = np.sqrt(weights[:, used])
    grid = np.ix_(used, used)

    def log_det(covariance: FloatArray) -> FloatArray:
        matrix = root[:, :, None] * covariance[grid] * root[:, None, :]
        return np.asarray(np.linalg.slogdet(matrix + np.eye(used.size))[1])

    return np.asarray((log_det(both) - log_det(noise)) / (2.0 * np.log(2.0)))


def expected_q(state: Knowledge, weights: FloatArray) -> FloatArray:
    """Expected ΔQ of new points between each hypothesis and no boson, K profiled.

    dᵀWd − dᵀWG (V⁻¹ + GᵀWG)⁻¹ GᵀWd with d the difference of the expectations, G the derivatives with respect
    to K's parameters and V their covariance.

    Parameters
    ----------
    state : Knowledge
    weights : ndarray, shape (n, n_new)

    Returns
    -------
    ndarray, shape (n, n_h)
    """
    difference, basis = state.expected - state.background, state.basis
    plain = weights @ (difference**2).T
    d = basis.shape[1]
    if d == 0:
        return np.asarray(plain)
    products = (basis[:, :, None] * basis[:, None, :]).reshape(-1, d * d)
    curvature = (weights @ products).reshape(-1, d, d) + np.linalg.inv(state.k_covariance)
    mixed = np.stack([weights @ (difference * basis[:, i]).T for i in range(d)], axis=-1)
    lost = np.einsum("chi,cij,chj->ch", mixed, np.linalg.inv(curvature), mixed)
    return np.asarray(np.maximum(plain - lost, 0.0))


def separation(state: Knowledge, weights: FloatArray) -> FloatArray:
    """Expected ΔQ, averaged over the bosons with their posterior.

    Parameters
    ----------
    state : Knowledge
    weights : ndarray, shape (n, n_new)

    Returns
    -------
    ndarray, shape (n,)
    """
    boson = state.probability[1:]
    return np.asarray(expected_q(state, weights)[:, 1:] @ (boson / boson.sum()))


def chance(state: Knowledge, weights: FloatArray, cl: float = 0.90) -> FloatArray:
    """Chance of a verdict: 3σ at the boson's mass if there is one, its exclusion by CLs if there is none.

    Each boson is confirmed with its posterior probability times its power; without a boson, bosons are
    excluded with weights as their posterior. Old and new data count together; a point
    can lower it, where it may bring back what the data so far exclude.

    Parameters
    ----------
    state : Knowledge
    weights : ndarray, shape (n, n_new)
    cl : float
        Of the exclusion.

    Returns
    -------
    ndarray, shape (n,)
    """
    from scipy.special import ndtr, ndtri

    u = state.signal[1:]
    precision, pull = (values[1:] for values in state.signal_information())
    # û/σ² of the new points alone has mean u δ with a boson, 0 without, and variance δ = ΔQ/u².
    added = expected_q(state, weights)[:, 1:] / u**2
    total = precision + added
    spread = np.sqrt(np.maximum(added, 1e-12 * precision))
    confirmed = ndtr((pull + u * added - DISCOVERY_Z * np.sqrt(total)) / spread)
    # CLs = Φ(t − r)/Φ(t) = 1 − CL with t = û/σ and r = u/σ: r is known for each t, and rises with it.
    t = np.linspace(-6.0, 12.0, 721)
    r = t - ndtri((1.0 - cl) * ndtr(t))
    excluded = ndtr((np.interp(u * np.sqrt(total), r, t) * np.sqrt(total) - pull) / spread)
    boson = state.probability[1:]
    return np.asarray(confirmed @ boson + state.probability[0] * (excluded @ (boson / boson.sum())))


WORTH: dict[Criterion, Callable[[Knowledge, FloatArray], FloatArray]] = {
    Criterion.INFORMATION: information,
    Criterion.SEPARATION: separation,
    Criterion.CHANCE: chance,
}
