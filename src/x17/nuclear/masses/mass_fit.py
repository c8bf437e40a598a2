"""The fit of one mass to nuclear measurements, with goodness of fit, weights and pulls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.nuclear.masses.angle_fit import angle_chi2, fit_angles
from x17.nuclear.masses.choices import FitChoices, Source
from x17.nuclear.masses.inputs import MassInputs, mass_inputs
from x17.nuclear.masses.measurement import Grade, Measurement
from x17.nuclear.masses.weighted_mean import weighted_mean

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class MassFit:
    """One mass fitted to n measurements.

    Attributes
    ----------
    rows : tuple of Measurement
    choices : FitChoices
    inputs : MassInputs
    mass_mev, error_mev : float
        Mass, and its error from the curvature of χ².
    chi2 : float
    ndf : int
        n − 1.
    weights : ndarray, shape (n,)
        Share of each row in the mass; from angles, of small changes about the fit.
    pulls : ndarray, shape (n,)
        Residual over its standard deviation √(C_ii − σ_fit²); zero for a row that alone decides the mass.
    converged : bool
        False if the mass stands at the largest one that all transitions can make.
    """

    rows: tuple[Measurement, ...]
    choices: FitChoices
    inputs: MassInputs
    mass_mev: float
    error_mev: float
    chi2: float
    ndf: int
    weights: FloatArray
    pulls: FloatArray
    converged: bool

    @property
    def p_value(self) -> float | None:
        """P(χ² ≥ observed) if all errors are Gaussian; None with a single row."""
        from scipy.special import gammaincc

        return float(gammaincc(0.5 * self.ndf, 0.5 * self.chi2)) if self.ndf else None

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must know beside the numbers, as sentences."""
        return _warnings(self)

    @property
    def largest_mass(self) -> float:
        """Above this mass `chi2_at` knows no answer, MeV: infinite for a fit to masses."""
        return np.inf if self.choices.source is Source.MASSES else self.inputs.relation.largest_mass

    def chi2_at(self, mass: ArrayLike) -> FloatArray:
        """χ²(m) of the measurements.

        Parameters
        ----------
        mass : array_like
            MeV, at most `largest_mass`.

        Returns
        -------
        ndarray
            The shape of `mass`.
        """
        m = np.asarray(mass, dtype=np.float64)
        if self.choices.source is Source.MASSES:
            return np.asarray(self.chi2 + np.square((m - self.mass_mev) / self.error_mev))
        return angle_chi2(self.inputs.relation, self.inputs.angles, self.inputs.angle_precision, m)


def fit_mass(rows: Sequence[Measurement], choices: FitChoices | None = None) -> MassFit:
    """Fit one mass.

    Parameters
    ----------
    rows : sequence of Measurement
        At least one, each with a mass or an angle.
    choices : FitChoices, optional

    Returns
    -------
    MassFit

    Raises
    ------
    InputError
        Masses that their transitions cannot make.
    """
    choices = choices or FitChoices()
    inputs = mass_inputs(rows, choices)
    mean = weighted_mean(inputs.masses, inputs.mass_covariance)
    mass, error, chi2, converged = float(mean.value), mean.error, float(mean.chi2), True
    weights, residual, variance = mean.weights, inputs.masses - mass, np.diag(inputs.mass_covariance)
    spread = np.full(len(rows), error)
    if choices.source is Source.ANGLES:
        precision = inputs.angle_precision
        fit = fit_angles(inputs.relation, inputs.angles, precision, np.asarray(mass))
        mass, error, chi2 = float(fit.mass), float(fit.error), float(fit.chi2)
        converged = bool(fit.converged)
        slopes = inputs.relation.slopes(mass)
        # Rows as masses about the fit: r_i/(dθ_i/dm) has the weights (Jᵀ C⁻¹)_i J_i σ².
        weights = (slopes @ precision) * slopes * error**2
        residual, variance = inputs.angles - inputs.relation.angles(mass), np.diag(inputs.angle_covariance)
        spread = slopes * error
    ndf = len(rows) - 1
    pulls = _pulls(residual, variance - spread**2)
    return MassFit(tuple(rows), choices, inputs, mass, error, chi2, ndf, weights, pulls, converged)


def _pulls(residual: FloatArray, variance: FloatArray) -> FloatArray:
    """Residuals over their standard deviation; zero for a row that alone decides the mass."""
    # Rounding leaves a variance of 1e-17 MeV² or so where it is zero.
    decided = variance <= 1e-12
    return np.asarray(np.where(decided, 0.0, residual / np.sqrt(np.where(decided, 1.0, variance))))


def _warnings(fit: MassFit) -> tuple[str, ...]:
    sentences = [
        f"{row.key} has grade {row.grade}: {row.note or row.source}"
        for row in fit.rows
        if row.grade is not Grade.A
    ]
    assumed = [row.key for row, lacks in zip(fit.rows, fit.inputs.assumed, strict=True) if lacks]
    if assumed:
        syst = fit.choices.missing_syst_mev
        sentences.append(f"no systematic error is given for {', '.join(assumed)}: {syst:g} MeV is assumed")
    negative = [row.key for row, weight in zip(fit.rows, fit.weights, strict=True) if weight < 0.0]
    if negative:
        sentences.append(
            f"negative weight of {', '.join(negative)} at ρ = {fit.choices.rho:g}: the correlation is "
            "stronger than what their errors can share"
        )
    if fit.choices.source is Source.ANGLES and any(fit.inputs.derived):
        count = sum(fit.inputs.derived)
        sentences.append(
            f"{count} of {len(fit.rows)} angles are not measured ones but follow from the published masses"
        )
    if not fit.converged:
        sentences.append("the mass stands at the largest one that all transitions can make")
    return tuple(sentences)
