"""The likelihood at one mass with the line shape expanded to second order in its width and spread.

    g_R(s_i) = X_i(η) (P0 + P1 d_i) [1 + u A v_i(w, b) (Q0 + Q1 d_i)],   v_i a polynomial

with everything else as in `x17.statistics.model`: sums, products and exponentials only, so that formats of
other programs can carry it. Its logarithm is normalised,

    ln L = −½ χ² − Σ_i ln(σ_i √(2π)) − ½ ln det(2π C),   C the covariance of the constraints.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.errors import UsageError
from x17.statistics.batch_minimum import BatchMinimum, minimise_batch
from x17.statistics.data_sets import DataSets, observed
from x17.statistics.model import SIGNAL_INDEX, ScanModel
from x17.statistics.model_settings import POSITIONS, CountTerm
from x17.theory.line_expansion import evaluate_expansion, expand_line, expansion_slopes

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ExpandedModel:
    """The expanded likelihood of the scan's own data; build it with `ExpandedModel.build`.

    Attributes
    ----------
    model : ScanModel
        What is expanded.
    mass_mev : float
    coefficients : ndarray, shape (n_points, 6)
        Of the line at each energy point, from `x17.theory.line_expansion`.
    g_r, weight : ndarray, shape (n_points,)
        Observable and inverse variance.
    """

    model: ScanModel
    mass_mev: float
    coefficients: FloatArray
    g_r: FloatArray
    weight: FloatArray

    @classmethod
    def build(cls, model: ScanModel, mass_mev: float, data: DataSets | None = None) -> ExpandedModel:
        """Expand a model at one mass.

        Parameters
        ----------
        model : ScanModel
            With the Neyman term.
        mass_mev : float
        data : DataSets, optional
            One data set; the scan itself by default.

        Returns
        -------
        ExpandedModel

        Raises
        ------
        UsageError
            The model has a count term.
        """
        if model.settings.count_term is not CountTerm.NEYMAN:
            raise UsageError(
                f"model.count_term = {model.settings.count_term.value} has nuisances at every point and is "
                "not expanded; allowed: neyman"
            )
        data = data or observed(model)
        energy = model.points.beam_energy_mev
        coefficients = expand_line(model.line_shape, energy, model.resonance_energy(mass_mev))
        return cls(model, float(mass_mev), coefficients, data.first[0], data.second[0])

    def expected_g_r(self, parameters: ArrayLike) -> FloatArray:
        """Expected observable.

        Parameters
        ----------
        parameters : array_like, shape (..., n_parameters)
            Full parameter vectors, the signal u = g² included.

        Returns
        -------
        ndarray, shape (..., n_points)
        """
        theta = np.asarray(parameters, dtype=np.float64)
        line, ratio = self._line(theta), self._ratio(theta)
        signal = theta[..., SIGNAL_INDEX, None] * theta[..., POSITIONS["A"], None] * line * ratio
        return np.asarray(self.model.scale(theta) * (1.0 + signal))

    def log_likelihood(self, parameters: ArrayLike) -> FloatArray:
        """Ln L, normalised.

        Parameters
        ----------
        parameters : array_like, shape (..., n_parameters)

        Returns
        -------
        ndarray, shape (...)
        """
        theta = np.asarray(parameters, dtype=np.float64)
        residual = self.g_r - self.expected_g_r(theta)
        distance = theta - self.model.centers
        chi2 = np.sum(self.weight * residual**2, axis=-1)
        chi2 = chi2 + np.einsum("...p,pq,...q->...", distance, self.model.precision, distance)
        return np.asarray(-0.5 * chi2 - self._normalisation())

    def profile(self, signal: ArrayLike) -> BatchMinimum:
        """Minimise χ² over the nuisances at fixed signals.

        Parameters
        ----------
        signal : array_like, shape (n,)
            u = g².

        Returns
        -------
        BatchMinimum
            Of the free nuisances.
        """
        fixed = np.tile(self.model.centers, (np.size(signal), 1))
        fixed[:, SIGNAL_INDEX] = signal
        free = self.model.free

        def evaluate(values: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
            theta = fixed.copy()
            theta[:, free] = values
            return self._chi2_terms(theta)

        return minimise_batch(evaluate, fixed[:, free])

    def _chi2_terms(self, theta: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        free, precision = self.model.free, self.model.precision
        residual = self.g_r - self.expected_g_r(theta)
        slopes = self._slopes(theta)[..., free]
        distance = theta - self.model.centers
        pull = distance @ precision
        chi2 = np.sum(self.weight * residual**2, axis=1) + np.sum(distance * pull, axis=1)
        gradient = -np.einsum("ni,nip->np", self.weight * residual, slopes) + pull[:, free]
        hessian = np.einsum("i,nip,niq->npq", self.weight, slopes, slopes) + precision[np.ix_(free, free)]
        return chi2, gradient, hessian

    def _slopes(self, theta: FloatArray) -> FloatArray:
        """Derivatives of the expectation, shape (n, n_points, n_parameters)."""
        model, d = self.model, self.model.offset
        area, u = theta[:, POSITIONS["A"], None], theta[:, SIGNAL_INDEX, None]
        line, ratio, scale = self._line(theta), self._ratio(theta), model.scale(theta)
        common = np.exp(theta[:, SIGNAL_INDEX + 1 :] @ model.templates.T)
        by_width, by_spread = expansion_slopes(self.coefficients, *self._distances(theta))
        relative = 1.0 + u * area * line * ratio
        slopes = np.empty((*line.shape, theta.shape[1]))
        slopes[..., 0] = common * relative
        slopes[..., 1] = common * relative * d
        slopes[..., POSITIONS["A"]] = scale * u * line * ratio
        slopes[..., POSITIONS["gamma"]] = scale * u * area * ratio * by_width
        slopes[..., POSITIONS["b"]] = scale * u * area * ratio * by_spread
        slopes[..., POSITIONS["Q0"]] = scale * u * area * line
        slopes[..., POSITIONS["Q1"]] = scale * u * area * line * d
        slopes[..., SIGNAL_INDEX] = scale * area * line * ratio
        slopes[..., SIGNAL_INDEX + 1 :] = (scale * relative)[..., None] * model.templates
        return slopes

    def _distances(self, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Width and spread from where the line is expanded, each of shape (..., 1)."""
        _, width, spread = self.model.line_shape.parameters
        return theta[..., POSITIONS["gamma"], None] - width, theta[..., POSITIONS["b"], None] - spread

    def _line(self, theta: FloatArray) -> FloatArray:
        return evaluate_expansion(self.coefficients, *self._distances(theta))

    def _ratio(self, theta: FloatArray) -> FloatArray:
        q0, q1 = theta[..., POSITIONS["Q0"], None], theta[..., POSITIONS["Q1"], None]
        return np.asarray(q0 + q1 * self.model.offset)

    def _normalisation(self) -> float:
        constrained = np.flatnonzero(np.diag(self.model.precision))
        covariance = self.model.covariance[np.ix_(constrained, constrained)]
        # A correlation matrix, so that the determinant is not a product of tiny numbers.
        errors = np.sqrt(np.diag(covariance))
        _, log_det = np.linalg.slogdet(covariance / np.outer(errors, errors))
        constraints = log_det + 2.0 * np.sum(np.log(errors)) + constrained.size * np.log(2.0 * np.pi)
        points = np.sum(np.log(2.0 * np.pi) - np.log(self.weight))
        return float(0.5 * (points + constraints))
