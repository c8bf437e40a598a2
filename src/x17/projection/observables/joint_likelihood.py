"""The likelihood of several observables at once: linear in everything, Gaussian, with their full covariance.

At every energy point the counts of the classes ee, γγ and mixed over their expectation are

    1 + K_e o_e + K_γ o_γ + u [(1 − r) s_e + r s_γ] + (flux, efficiencies, simulated events, tags),

o the share of a class that electrons and photons make, s = S(E; M) ε_S/B its relative signal at g = 1,
u = g², r the share of decays to two photons, K = k0 + k1 (√s − centre) a line for each kind. An observable
is a function of the classes (`x17.projection.observables.observable`); those that are measured alone have one
line of their own. Flux and the like are in the covariance; the lines, the mean tags and the line shape are
fitted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.errors import UsageError
from x17.projection.observables.class_noise import ClassResponse, relative_covariance
from x17.projection.observables.class_points import ClassPoints
from x17.projection.observables.common_responses import PriorErrors, common_responses
from x17.projection.observables.observable import Observable, measured, weights
from x17.projection.observables.signal_response import SignalResponse
from x17.projection.observables.tagging import Tagging
from x17.scan.model_constants import ModelConstants
from x17.statistics.asymptotic import cls_limit
from x17.theory.lineshape import Voigt

FloatArray = NDArray[np.float64]

_NULL = 1e-10
"""Relative size of an eigenvalue that is zero: observables that follow from the others."""


@dataclass(frozen=True, slots=True, eq=False)
class JointLikelihood:
    """Observables of a scan; build it with `JointLikelihood.build`.

    Attributes
    ----------
    points : ClassPoints
    observables : tuple of Observable
        k of them; those that follow from the others add nothing.
    response : ClassResponse
    weight : ndarray, shape (n, k, 3)
        Of `observable.weights`.
    covariance : ndarray, shape (n, k, k)
        Of the relative observables of each point; see `x17.projection.observables.class_noise`.
    whitening : ndarray, shape (n, k, k)
        A with AᵀA its (pseudo-)inverse.
    nuisances : ndarray, shape (n, k, q)
        Responses to the common nuisances, in units of their prior width.
    signal : SignalResponse
    """

    points: ClassPoints
    observables: tuple[Observable, ...]
    response: ClassResponse
    weight: FloatArray
    covariance: FloatArray
    whitening: FloatArray
    nuisances: FloatArray
    signal: SignalResponse

    @classmethod
    def build(
        cls,
        points: ClassPoints,
        tagging: Tagging,
        observables: Sequence[Observable],
        line_shape: Voigt,
        constants: ModelConstants,
        prior: PriorErrors | None = None,
    ) -> JointLikelihood:
        """Build the likelihood of one or several observables.

        Parameters
        ----------
        points : ClassPoints
        tagging : Tagging
        observables : sequence of Observable
        line_shape : Voigt
            With the area of the boson at unit coupling.
        constants : ModelConstants
        prior : PriorErrors, optional

        Returns
        -------
        JointLikelihood

        Raises
        ------
        UsageError
            No observable, or one given twice.
        """
        if not observables or len(set(observables)) < len(observables):
            raise UsageError(
                f"observables: {', '.join(observables) or 'none'}; wanted one or more, each once"
            )
        response = ClassResponse.of(points, tagging)
        weight = weights(observables, response.expected)
        of_classes = relative_covariance(points, tagging, response)
        covariance = weight @ of_classes @ np.swapaxes(weight, 1, 2)
        return cls(
            points=points,
            observables=tuple(observables),
            response=response,
            weight=weight,
            covariance=covariance,
            whitening=_whitening(covariance),
            nuisances=common_responses(points, response, weight, prior or PriorErrors()),
            signal=SignalResponse.of(points, tagging, weight, line_shape, constants),
        )

    def error(self, masses: ArrayLike, photon_share: float = 0.0, tested: ArrayLike = 0.0) -> FloatArray:
        """Error of u = g² at given masses.

        Parameters
        ----------
        masses : array_like, shape (m,)
            MeV.
        photon_share : float
            r: share of the boson's decays to two photons.
        tested : array_like, shape (m,)
            u at which the line shape may move; at 0 it does not matter.

        Returns
        -------
        ndarray, shape (m,)
        """
        design, prior = self._design(masses, _mixture(photon_share), tested)
        return np.asarray(np.sqrt(self._inverse(design, prior)[:, -1, -1]))

    def expected_limit(self, masses: ArrayLike, photon_share: float = 0.0, cl: float = 0.9) -> FloatArray:
        """Median limit on g without a boson, by asymptotic CLs: u = σ(u) Φ⁻¹(1 − (1 − CL)/2).

        Parameters
        ----------
        masses : array_like, shape (m,)
            MeV.
        photon_share : float
        cl : float

        Returns
        -------
        ndarray, shape (m,)
        """
        limit = cls_limit(0.0, self.error(masses, photon_share), cl)
        for _ in range(4):  # the line shape's part of σ is small: each round gains a digit or more
            limit = cls_limit(0.0, self.error(masses, photon_share, limit), cl)
        return np.asarray(np.sqrt(limit))

    def expected_z(self, masses: ArrayLike, coupling: ArrayLike, photon_share: float = 0.0) -> FloatArray:
        """Median significance of a boson, g²/σ.

        Parameters
        ----------
        masses, coupling : array_like, shape (m,)
            MeV, and g.
        photon_share : float

        Returns
        -------
        ndarray, shape (m,)
        """
        return np.asarray(np.square(coupling) / self.error(masses, photon_share))

    def fit(
        self, counts: FloatArray, masses: ArrayLike, photon_share: float = 0.0
    ) -> tuple[FloatArray, FloatArray]:
        """Fit u = g² to data at every mass.

        Parameters
        ----------
        counts : ndarray, shape (t, n, 3)
            Pairs of the classes, above 0 where some are expected.
        masses : array_like, shape (m,)
        photon_share : float

        Returns
        -------
        signal : ndarray, shape (t, m)
            û, unbounded.
        error : ndarray, shape (m,)
        """
        values, covariance = self._solve(counts, masses, _mixture(photon_share))
        return values[..., -1], np.sqrt(covariance[:, -1, -1])

    def fit_channels(self, counts: FloatArray, masses: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Fit the signal in decays to electrons, u (1 − r), and to photons, u r, apart.

        Parameters
        ----------
        counts : ndarray, shape (t, n, 3)
        masses : array_like, shape (m,)

        Returns
        -------
        signal : ndarray, shape (t, m, 2)
        covariance : ndarray, shape (m, 2, 2)
        """
        values, covariance = self._solve(counts, masses, np.eye(2))
        return values[..., -2:], covariance[:, -2:, -2:]

    def channel_covariance(self, masses: ArrayLike) -> FloatArray:
        """Covariance of the signals in decays to electrons and to photons, shape (m, 2, 2).

        Parameters
        ----------
        masses : array_like, shape (m,)

        Returns
        -------
        ndarray
        """
        design, prior = self._design(masses, np.eye(2), 0.0)
        return self._inverse(design, prior)[:, -2:, -2:]

    @property
    def point_errors(self) -> FloatArray:
        """Relative error of each observable, the mean over the points, shape (k,)."""
        return np.asarray(np.sqrt(np.einsum("nkk->nk", self.covariance)).mean(axis=0))

    def _solve(
        self, counts: FloatArray, masses: ArrayLike, mixture: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        design, prior = self._design(masses, mixture, 0.0)
        covariance = self._inverse(design, prior)
        found = self._found(counts)
        white = np.einsum("nij,tnj->tni", self.whitening, found).reshape(counts.shape[0], -1)
        return np.einsum("mpq,mdq,td->tmp", covariance, design, white), covariance

    def _found(self, counts: FloatArray) -> FloatArray:
        """Relative observables of data; shape (t, n, k).

        One observable is taken as it is. Of several, the ratio is held to first order: it follows from the
        counts of its classes, and must not contradict them in the second.
        """
        expected = self.response.expected
        if len(self.observables) == 1:
            return measured(self.observables, counts, expected)
        there = np.divide(counts, expected, out=np.ones_like(counts), where=expected > 0.0)
        return np.asarray(np.einsum("nkc,tnc->tnk", self.weight, there - 1.0))

    def _design(
        self, masses: ArrayLike, mixture: FloatArray, tested: ArrayLike
    ) -> tuple[FloatArray, FloatArray]:
        """Whitened responses, shape (m, n·k, parameters), and the prior precision of the parameters."""
        energies = np.atleast_1d(np.asarray(masses, dtype=np.float64))
        m, (n, k, q) = energies.size, self.nuisances.shape
        signals = self.signal.at(energies) @ mixture
        shape = (self.signal.line_errors(energies) @ mixture).sum(axis=-1)
        shape *= np.broadcast_to(np.asarray(tested, dtype=np.float64), (m,))[:, None, None]
        columns = np.concatenate(
            [np.broadcast_to(self.nuisances, (m, n, k, q)), np.moveaxis(shape, 0, -1), signals], axis=-1
        )
        prior = np.zeros(columns.shape[-1])
        prior[: q + shape.shape[0]] = 1.0
        white = np.einsum("nij,mnjp->mnip", self.whitening, columns)
        return white.reshape(m, n * k, -1), np.diag(prior)

    @staticmethod
    def _inverse(design: FloatArray, prior: FloatArray) -> FloatArray:
        information = np.swapaxes(design, 1, 2) @ design + prior
        # Signals are of the order of 1e4 and more, nuisances of 1: scaled, so that the inverse is accurate.
        scale = 1.0 / np.sqrt(np.einsum("mpp->mp", information))
        scaled = information * scale[:, :, None] * scale[:, None, :]
        return np.asarray(np.linalg.inv(scaled) * scale[:, :, None] * scale[:, None, :])


def _mixture(photon_share: float) -> FloatArray:
    if not 0.0 <= photon_share <= 1.0:
        raise UsageError(f"a share of decays to two photons of {photon_share:g}; allowed: 0 to 1")
    return np.array([[1.0 - photon_share], [photon_share]])


def _whitening(covariance: FloatArray) -> FloatArray:
    """A with AᵀA the pseudo-inverse of each matrix."""
    values, vectors = np.linalg.eigh(covariance)
    kept = values > _NULL * values[:, -1:]
    scale = np.where(kept, 1.0 / np.sqrt(np.where(kept, values, 1.0)), 0.0)
    return np.asarray(scale[:, :, None] * np.swapaxes(vectors, 1, 2))
