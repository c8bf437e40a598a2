"""What data say of the hypotheses, and what each expects of a new point: K(s) profiled in closed form.

At a given boson g_R = K(s) [1 + g² S r] is linear in K's two parameters, so that with Gaussian points χ² is
a parabola in them; its minimum and curvature are exact. The line's own nuisances (A, γ, b, Q0, Q1) stay at
their centres here. The verdicts (`x17.projection.planning_verdict`) profile them too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.projection.planning_prior import Hypotheses
from x17.projection.planning_space import PlanSpace

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Knowledge:
    """The state of knowledge after some data; n_h hypotheses, n_new possible points, d parameters of K.

    Attributes
    ----------
    chi2 : ndarray, shape (n_h,)
        Minimum over K, penalty included.
    probability : ndarray, shape (n_h,)
        Posterior.
    expected : ndarray, shape (n_h, n_new)
        g_R at the possible points, at each hypothesis' own K.
    basis : ndarray, shape (n_new, d)
        Derivatives of g_R with respect to K's parameters, without a boson.
    k_covariance : ndarray, shape (d, d)
        Of K's parameters, without a boson.
    signal : ndarray, shape (n_h,)
        U = g².
    n_couplings : int
    """

    chi2: FloatArray
    probability: FloatArray
    expected: FloatArray
    basis: FloatArray
    k_covariance: FloatArray
    signal: FloatArray
    n_couplings: int

    @property
    def background(self) -> FloatArray:
        """Expected g_R without a boson, shape (n_new,)."""
        return np.asarray(self.expected[0])

    @property
    def k_variance(self) -> FloatArray:
        """Variance of K at the possible points, shape (n_new,)."""
        return np.asarray(np.einsum("ei,ij,ej->e", self.basis, self.k_covariance, self.basis))

    @property
    def covariance(self) -> FloatArray:
        """Posterior covariance of the expectations at the possible points, shape (n_new, n_new)."""
        deviation = self.expected - self.probability @ self.expected
        return np.asarray((deviation * self.probability[:, None]).T @ deviation)

    def signal_information(self) -> tuple[FloatArray, FloatArray]:
        """What is known of u at each hypothesis' mass: 1/σ² and û/σ².

        Q(u) = (u² − 2 u û)/σ² holds to the few per cent by which K's multiplying of the signal bends it; it
        is taken through the smallest and the largest coupling.

        Returns
        -------
        precision, pull : ndarray, shape (n_h,)
            Of the first hypothesis, which has no mass, that of the second.
        """
        q = (self.chi2[1:] - self.chi2[0]).reshape(-1, self.n_couplings)
        u = self.signal[1 : 1 + self.n_couplings]
        one, other = q[:, 0] / u[0], q[:, -1] / u[-1]
        precision = np.maximum((other - one) / (u[-1] - u[0]), 1e-3 / u[-1] ** 2)
        pull = 0.5 * (u[-1] * precision - other)
        wide = [np.repeat(a, self.n_couplings) for a in (precision, pull)]
        return np.concatenate([wide[0][:1], wide[0]]), np.concatenate([wide[1][:1], wide[1]])


def learn(space: PlanSpace, tested: Hypotheses, y: FloatArray, weight: FloatArray) -> Knowledge:
    """Judge the hypotheses by the data so far and by new points.

    Parameters
    ----------
    space : PlanSpace
    tested : Hypotheses
    y, weight : ndarray, shape (n_new,)
        Measured g_R of the new points and its inverse variance, zero where there is none yet.

    Returns
    -------
    Knowledge
    """
    model, r = space.model, tested.response
    all_y, all_w = np.concatenate([space.y, y]), np.concatenate([space.weight, weight])
    powers = np.stack([np.ones(len(model.points)), model.offset], axis=1)
    free = [i for i in (0, 1) if i in model.free]
    fixed = powers @ np.where(np.isin([0, 1], free), 0.0, model.centers[:2])
    basis, center = powers[:, free], model.centers[free]
    penalty = model.precision[np.ix_(free, free)]

    d = len(free)
    products = (basis[:, :, None] * basis[:, None, :]).reshape(len(basis), d * d)
    curvature = ((r**2) @ (all_w[:, None] * products)).reshape(len(r), d, d) + penalty
    slope = r @ ((all_w * all_y)[:, None] * basis) - (r**2) @ ((all_w * fixed)[:, None] * basis)
    slope = slope + penalty @ center
    constant = all_w @ all_y**2 - 2.0 * r @ (all_w * all_y * fixed) + (r**2) @ (all_w * fixed**2)
    inverse = np.linalg.inv(curvature)
    theta = np.einsum("hij,hj->hi", inverse, slope)
    chi2 = constant + center @ penalty @ center - np.einsum("hi,hi->h", slope, theta)

    log_posterior = np.log(tested.prior) - 0.5 * (chi2 - chi2.min())
    probability = np.exp(log_posterior - log_posterior.max())
    new = slice(space.n_old, None)
    return Knowledge(
        chi2=chi2,
        probability=probability / probability.sum(),
        expected=(theta @ basis[new].T + fixed[new]) * r[:, new],
        basis=basis[new],
        k_covariance=inverse[0],
        signal=tested.signal,
        n_couplings=tested.couplings.size,
    )
