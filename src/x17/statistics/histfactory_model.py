"""The nearest HistFactory model of a scan at one mass: one bin an energy point.

    N_i ~ Poisson(γ_i [b_i(α) + μ s_i(α)]),   γ_i ~ N(1, δ_i),   α_k ~ N(0, 1)

b_i = P_i B_i X K and s_i the same times u₀ S(E_i) r(s_i), so that μ = u/u₀; δ_i collects the errors of N_PoT
and B of the point. The α are the nuisances, rotated by the Cholesky factor of their covariance; each moves
the bins by what the full model says at ±1σ, interpolated as HistFactory does (a polynomial of sixth order
inside ±1, a line outside: pyhf's `code4p`), and their effects add. Against the full model that loses the
products of nuisances, their curvature beyond ±1σ, and the Neyman weights.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.statistics.batch_minimum import BatchMinimum, minimise_batch
from x17.statistics.model import ScanModel
from x17.statistics.model_settings import KShape, KSource
from x17.statistics.sideband import fit_sideband

FloatArray = NDArray[np.float64]

UNIT_SIGNAL = 1e-8
"""u₀ = g² at μ = 1."""

FREE_WIDENED = 10.0
"""A free K is given a constraint so many times as wide as the side band's: the format has no free slope."""


@dataclass(frozen=True, slots=True, eq=False)
class HistFactoryModel:
    """Yields and their shifts; build it with `HistFactoryModel.build`.

    Attributes
    ----------
    mass_mev : float
    names : tuple of str, length n_nuisances
        The nuisance of the full model that each α ends in; it is what is left of it, given those before.
    counts : ndarray, shape (n_points,)
        Observed N.
    relative_err : ndarray, shape (n_points,)
        δ.
    nominal : ndarray, shape (2, n_points)
        Yields at α = 0 of the background and of the signal at μ = 1.
    high, low : ndarray, shape (n_nuisances, 2, n_points)
        Yields at α = ±1.
    """

    mass_mev: float
    names: tuple[str, ...]
    counts: FloatArray
    relative_err: FloatArray
    nominal: FloatArray
    high: FloatArray
    low: FloatArray

    @classmethod
    def build(cls, model: ScanModel, mass_mev: float) -> HistFactoryModel:
        """Take yields and shifts from a model.

        Parameters
        ----------
        model : ScanModel
        mass_mev : float

        Returns
        -------
        HistFactoryModel
        """
        points = model.points
        exposure = points.n_pot * points.background_per_pot
        indices, factor = _rotation(model)

        def yields(theta: FloatArray) -> FloatArray:
            background = exposure * model.scale(theta)
            return np.stack([background, UNIT_SIGNAL * background * model.signal_yield(theta, mass_mev)])

        shifts = np.zeros((indices.size, model.centers.size))
        shifts[:, indices] = factor.T
        relative = (points.n_pot_err / points.n_pot) ** 2
        relative += (points.background_err / points.background_per_pot) ** 2
        return cls(
            mass_mev=float(mass_mev),
            names=tuple(model.parameter_names[i] for i in indices),
            counts=np.array(points.n2),
            relative_err=np.sqrt(relative),
            nominal=yields(model.centers),
            high=_stack([yields(model.centers + shift) for shift in shifts], exposure.size),
            low=_stack([yields(model.centers - shift) for shift in shifts], exposure.size),
        )

    def expected(self, alpha: ArrayLike, mu: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Expected counts at γ = 1, and their derivatives in α.

        Parameters
        ----------
        alpha : array_like, shape (n, n_nuisances)
        mu : array_like, shape (n,)

        Returns
        -------
        counts : ndarray, shape (n, n_points)
        slopes : ndarray, shape (n, n_points, n_nuisances)
        """
        alpha = np.asarray(alpha, dtype=np.float64)
        strength = np.stack([np.ones(alpha.shape[0]), np.broadcast_to(mu, alpha.shape[:1])], axis=1)
        shift, slope = interpolated_shift(alpha, self.high - self.nominal, self.nominal - self.low)
        yields = self.nominal + shift.sum(axis=1)
        return (
            np.einsum("ns,nsi->ni", strength, yields),
            np.einsum("ns,nksi->nik", strength, slope),
        )

    def profile(self, signal: ArrayLike) -> BatchMinimum:
        """Minimise −2 ln L over γ and α at fixed signals, up to the value of the saturated model.

        Parameters
        ----------
        signal : array_like, shape (n,)
            u = g².

        Returns
        -------
        BatchMinimum
            Of the α.
        """
        mu = np.asarray(signal, dtype=np.float64) / UNIT_SIGNAL

        def evaluate(alpha: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
            expected, slopes = self.expected(alpha, mu)
            value, slope, weight = self._point_terms(expected)
            chi2 = value.sum(axis=1) + np.sum(alpha**2, axis=1)
            gradient = np.einsum("ni,nik->nk", slope, slopes) + alpha
            hessian = np.einsum("ni,nik,nil->nkl", weight, slopes, slopes) + np.eye(alpha.shape[1])
            return chi2, gradient, hessian

        return minimise_batch(evaluate, np.zeros((mu.size, len(self.names))))

    def _point_terms(self, expected: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """2 (γf − n + n ln(n/γf)) + ((γ − 1)/δ)² at the best γ; half its first and second derivative in f.

        The best γ solves γ² + γ (δ² f − 1) − δ² n = 0.
        """
        n, variance = self.counts, self.relative_err**2
        f = np.maximum(expected, 1e-300)
        half = 0.5 * (1.0 - variance * f)
        root = np.sqrt(half**2 + variance * n)
        # Two forms of the root, each without cancellation on its side.
        gamma = np.where(half > 0.0, half + root, variance * n / np.where(half > 0.0, 1.0, root - half))
        pull = np.divide(gamma - 1.0, self.relative_err, out=np.zeros_like(f), where=self.relative_err > 0.0)
        value = 2.0 * (gamma * f - n + n * np.log(n / (gamma * f))) + pull**2
        weight = 1.0 / (f * (1.0 + f * variance))
        value = np.where(expected > 0.0, value, np.inf)
        return value, gamma - n / f, weight


def interpolated_shift(alpha: FloatArray, up: FloatArray, down: FloatArray) -> tuple[FloatArray, FloatArray]:
    """HistFactory's additive interpolation with a polynomial inside ±1 (`code4p` of pyhf).

    Parameters
    ----------
    alpha : ndarray, shape (n, n_nuisances)
    up, down : ndarray, shape (n_nuisances, ...)
        What is added at α = 1, taken away at α = −1.

    Returns
    -------
    shift, slope : ndarray, shape (n, n_nuisances, ...)
        And its derivative in α.
    """
    a = alpha.reshape((*alpha.shape, *([1] * (up.ndim - 1))))
    mean, bend = 0.5 * (up + down), 0.0625 * (up - down)
    square = a * a
    inner = a * mean + bend * square * (15.0 + square * (3.0 * square - 10.0))
    inner_slope = mean + bend * a * (30.0 + square * (18.0 * square - 40.0))
    shift = np.where(a > 1.0, up * a, np.where(a < -1.0, down * a, inner))
    slope = np.where(a > 1.0, up, np.where(a < -1.0, down, inner_slope))
    return shift, slope


def _stack(parts: list[FloatArray], n_points: int) -> FloatArray:
    return np.stack(parts) if parts else np.zeros((0, 2, n_points))


def _rotation(model: ScanModel) -> tuple[NDArray[np.int64], FloatArray]:
    """Nuisances that vary, and the lower Cholesky factor of their covariance."""
    covariance = np.array(model.covariance)
    if model.k_constraint is KSource.FREE:
        sideband = fit_sideband(
            model.points,
            model.constants.window_size,
            model.constants.center_sqrt_s_mev,
            constant=model.settings.k_shape is KShape.CONSTANT,
        )
        covariance[:2, :2] = FREE_WIDENED**2 * sideband.line.covariance
    indices = np.asarray(model.free, dtype=np.int64)
    kept = covariance[np.ix_(indices, indices)]
    errors = np.sqrt(np.diag(kept))
    return indices, errors[:, None] * np.linalg.cholesky(kept / np.outer(errors, errors))
