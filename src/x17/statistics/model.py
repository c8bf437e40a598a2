"""The likelihood of a scan: expected observable, nuisances and their constraints, as one frozen object.

    g_R(s; M, g, θ) = X(η) K(s) [1 + g² S(E; M) r(s)],
    K = P0 + P1 (√s − centre),   r = Q0 + Q1 (√s − centre)

with S the Voigt line shape (A, γ, b) and X = exp(Σ_k T_k η_k) the optional nuisances common to several points
(`x17.statistics.common_nuisances`). Source: arXiv:2503.05650, arXiv:2505.24797.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.errors import UsageError
from x17.kinematics import resonance_energy_mev
from x17.scan import EnergyScan, SearchPoints
from x17.scan.efficiency_ratio import fit_efficiency_ratio
from x17.scan.loading import PUBLISHED_LINE_MEV
from x17.scan.model_constants import ModelConstants
from x17.scan.straight_line import StraightLine
from x17.statistics.boson_hypothesis import boson_factors
from x17.statistics.common_nuisances import common_nuisances
from x17.statistics.model_settings import (
    NUISANCES,
    POSITIONS,
    CountTerm,
    KShape,
    KSource,
    LineShapeKind,
    ModelSettings,
)
from x17.statistics.sideband import fit_sideband
from x17.theory.computed_lineshape import Computed
from x17.theory.lineshape import LineShape, Voigt

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

SIGNAL_INDEX = len(NUISANCES)
"""Position of u = g² in a parameter vector: after the seven nuisances, before the templates'."""


@dataclass(frozen=True, slots=True, eq=False)
class ScanModel:
    """Everything the fits need to know; build it with `ScanModel.build`.

    Attributes
    ----------
    points : SearchPoints
        The n_points energy points of the search, by rising √s, with B as this model takes it; the errors of
        N_PoT and B are what is left when the common nuisances are taken out.
    constants : ModelConstants
        Constants of the scan's model.
    line_shape : LineShape
        Central line shape with its covariance.
    settings : ModelSettings
        The choices made.
    k_constraint : KSource
        Which constraint on K is in force (`AUTO` resolved).
    parameter_names : tuple of str, length n_parameters
        P0, P1, A, gamma, b, Q0, Q1, signal (u = g²), then the templates'.
    centers : ndarray, shape (n_parameters,)
        Central values, where fits start.
    covariance : ndarray, shape (n_parameters, n_parameters)
        Covariance of the constrained parameters, zero elsewhere.
    precision : ndarray, shape (n_parameters, n_parameters)
        Its inverse on the constrained parameters that vary, zero elsewhere.
    free : ndarray of int
        Nuisances that vary in a fit.
    rate_variance, efficiency_err : ndarray, shape (n_points,)
        Count terms: variance of ln(N_PoT·B), relative error of ε_S.
    templates : ndarray, shape (n_points, n_templates)
        Logarithmic responses to the common nuisances.
    """

    points: SearchPoints
    constants: ModelConstants
    line_shape: LineShape
    settings: ModelSettings
    k_constraint: KSource
    parameter_names: tuple[str, ...]
    centers: FloatArray
    covariance: FloatArray
    precision: FloatArray
    free: IntArray
    rate_variance: FloatArray
    efficiency_err: FloatArray
    templates: FloatArray

    @classmethod
    def build(
        cls,
        scan: EnergyScan,
        settings: ModelSettings | None = None,
        line_shape: LineShape | None = None,
    ) -> ScanModel:
        """Build the model of a scan.

        Parameters
        ----------
        scan : EnergyScan
        settings : ModelSettings, optional
            The published configuration by default.
        line_shape : LineShape, optional
            That of the boson, its area at unit coupling included. By default that of the scan's constants,
            which describe a vector, scaled to the boson of the settings.

        Returns
        -------
        ScanModel

        Raises
        ------
        UsageError
            The settings ask for what the scan does not have, or contradict each other.
        """
        settings = settings or ModelSettings()
        points, constants = scan.search_points(), scan.constants
        factors = boson_factors(settings.boson, points, constants.largest_cos_theta)
        points = replace(
            points,
            signal_efficiency=points.signal_efficiency * factors.efficiency,
            signal_efficiency_err=points.signal_efficiency_err * factors.efficiency,
        )
        shape = line_shape or default_line_shape(constants, settings.lineshape, factors.area)
        common = common_nuisances(points, settings, constants.center_sqrt_s_mev)
        ratio = fit_efficiency_ratio(points, constants.center_sqrt_s_mev)
        fitted = replace(
            points,
            background_per_pot=common.background,
            background_err=common.background_err,
            n_pot_err=common.n_pot_err,
        )
        constraint, k_line = _k_line(scan, fitted, settings)

        n_fixed = SIGNAL_INDEX + 1
        n_parameters = n_fixed + len(common.names)
        centers = np.zeros(n_parameters)
        centers[:SIGNAL_INDEX] = [
            k_line.constant,
            k_line.slope,
            *shape.parameters,
            ratio.constant,
            ratio.slope,
        ]
        covariance = np.zeros((n_parameters, n_parameters))
        covariance[0:2, 0:2] = k_line.covariance
        covariance[2:5, 2:5] = shape.covariance
        covariance[5:7, 5:7] = ratio.covariance
        covariance[n_fixed:, n_fixed:] = common.covariance
        _correlate(covariance, settings)

        nuisances = list(NUISANCES)
        nuisances[POSITIONS["gamma"]] = shape.width_name
        names = (*nuisances, "signal", *common.names)
        fixed = {SIGNAL_INDEX, *(POSITIONS[name] for name in settings.fixed)}
        if settings.statistics_only:
            fixed |= set(range(SIGNAL_INDEX))
        if settings.k_shape is KShape.CONSTANT:
            fixed.add(POSITIONS["P1"])
        fixed |= {i for i in range(2, SIGNAL_INDEX) if covariance[i, i] == 0.0}
        free = np.array([i for i in range(n_parameters) if i not in fixed], dtype=np.int64)
        unconstrained = {0, 1} if constraint is KSource.FREE else set()
        for pair in settings.correlations:
            if unconstrained & {POSITIONS[name] for name in pair[:2]}:
                raise UsageError(
                    f"model.correlations names {pair[0]} and {pair[1]}, but K is free: it has no constraint "
                    "to be correlated; leave the pair out or constrain K"
                )
        constrained = [int(i) for i in free if int(i) not in unconstrained]
        covariance, precision = _restrict(covariance, constrained)

        epsilon = points.signal_efficiency_err / points.signal_efficiency
        relative = (common.n_pot_err / points.n_pot) ** 2 + (common.background_err / common.background) ** 2
        count_nuisances = settings.count_term is not CountTerm.NEYMAN and not settings.statistics_only
        zero = np.zeros(len(points))
        return cls(
            points=fitted,
            constants=constants,
            line_shape=shape,
            settings=settings,
            k_constraint=constraint,
            parameter_names=names,
            centers=centers,
            covariance=covariance,
            precision=precision,
            free=free,
            rate_variance=relative if count_nuisances else zero,
            efficiency_err=epsilon if count_nuisances else zero,
            templates=np.ascontiguousarray(common.templates),
        )

    @property
    def offset(self) -> FloatArray:
        """√s − centre of the points, MeV, shape (n_points,)."""
        return self.points.sqrt_s_mev - self.constants.center_sqrt_s_mev

    @property
    def nuisance_names(self) -> tuple[str, ...]:
        """Names of the nuisances that vary in a fit."""
        return tuple(self.parameter_names[i] for i in self.free)

    def resonance_energy(self, mass: ArrayLike) -> FloatArray:
        """Beam energy in MeV at which a boson of this mass resonates; the shape of `mass` (MeV)."""
        constants = self.constants
        return resonance_energy_mev(mass, constants.electron_mass_mev, constants.binding_energy_mev)

    def signal_yield(self, parameters: FloatArray, mass: ArrayLike) -> FloatArray:
        """S(E_i; M) r(s_i): relative signal at unit coupling.

        Parameters
        ----------
        parameters : ndarray, shape (..., n_parameters)
        mass : array_like, shape (...)
            Boson mass, MeV.

        Returns
        -------
        ndarray, shape (..., n_points)
        """
        theta = np.asarray(parameters)[..., None]
        e_res = self.resonance_energy(mass)[..., None]
        profile = self.line_shape.unit_profile(
            self.points.beam_energy_mev, e_res, theta[..., 3, :], theta[..., 4, :]
        )
        ratio = theta[..., 5, :] + theta[..., 6, :] * self.offset
        return np.asarray(theta[..., 2, :] * profile * ratio)

    def scale(self, parameters: FloatArray) -> FloatArray:
        """X(η) K(s): the expectation without a boson.

        Parameters
        ----------
        parameters : ndarray, shape (..., n_parameters)

        Returns
        -------
        ndarray, shape (..., n_points)
        """
        theta = np.asarray(parameters)
        line = theta[..., 0, None] + theta[..., 1, None] * self.offset
        if not self.templates.shape[1]:
            return np.asarray(line)
        return np.asarray(line * np.exp(theta[..., SIGNAL_INDEX + 1 :] @ self.templates.T))

    def expected_g_r(self, parameters: ArrayLike, mass: ArrayLike) -> FloatArray:
        """Expected observable for a full parameter vector, the signal u = g² included.

        Parameters
        ----------
        parameters : array_like, shape (..., n_parameters)
        mass : array_like, shape (...)
            Boson mass, MeV.

        Returns
        -------
        ndarray, shape (..., n_points)
        """
        theta = np.asarray(parameters, dtype=np.float64)
        signal = theta[..., SIGNAL_INDEX, None] * self.signal_yield(theta, mass)
        return np.asarray(self.scale(theta) * (1.0 + signal))


def default_line_shape(
    constants: ModelConstants, kind: LineShapeKind = LineShapeKind.VOIGT, area_factor: float = 1.0
) -> LineShape:
    """The line shape for a scan's `[model]` constants, its parameters uncorrelated.

    Parameters
    ----------
    constants : ModelConstants
    kind : LineShapeKind
        The computed line takes the beam spread alone from the constants.
    area_factor : float
        Area of the boson's line over that of a vector's.

    Returns
    -------
    LineShape
    """
    if kind is LineShapeKind.COMPUTED:
        if not PUBLISHED_LINE_MEV[0] <= constants.center_sqrt_s_mev <= PUBLISHED_LINE_MEV[1]:
            raise UsageError(
                "model.lineshape = computed is the line of 0.1 mm of diamond at PADME's energies, and the "
                f"scan is at √s = {constants.center_sqrt_s_mev:.2f} MeV; allowed: voigt"
            )
        return Computed.of_diamond(
            constants.beam_energy_spread, constants.beam_energy_spread_err, area_factor=area_factor
        )
    errors = (
        area_factor * constants.signal_yield_err,
        constants.lorentz_half_width_err,
        constants.beam_energy_spread_err,
    )
    return Voigt(
        area_factor * constants.signal_yield_mev,
        constants.lorentz_half_width_mev,
        constants.beam_energy_spread,
        np.diag(np.square(errors)),
    )


def _k_line(scan: EnergyScan, points: SearchPoints, settings: ModelSettings) -> tuple[KSource, StraightLine]:
    """Centre and covariance of (P0, P1), and which constraint that is."""
    constraint, published = settings.k_constraint, scan.constants.k_constraint
    if constraint is KSource.AUTO:
        constraint = KSource.FROM_SIDEBAND if published is None else KSource.PUBLISHED
    constant = settings.k_shape is KShape.CONSTANT
    if constraint is KSource.PUBLISHED:
        if published is None:
            raise UsageError(
                f"model.k_constraint = published, but {scan.name} has no k_constraint in its [model] table; "
                "use from-sideband or free"
            )
        errors = np.array([published.k_constant_err, published.k_slope_err])
        rho = published.k_correlation
        covariance = np.outer(errors, errors) * np.array([[1.0, rho], [rho, 1.0]])
        slope = 0.0 if constant else published.k_slope_per_mev
        center = scan.constants.center_sqrt_s_mev
        return constraint, StraightLine(published.k_constant, slope, covariance, 0.0, 0, center)
    sideband = fit_sideband(
        points, scan.constants.window_size, scan.constants.center_sqrt_s_mev, constant=constant
    )
    return constraint, sideband.line


def _correlate(covariance: FloatArray, settings: ModelSettings) -> None:
    """Put the correlations of the settings into the covariance, in place."""
    for one, other, rho in settings.correlations:
        i, j = POSITIONS[one], POSITIONS[other]
        covariance[i, j] = covariance[j, i] = rho * np.sqrt(covariance[i, i] * covariance[j, j])


def _restrict(covariance: FloatArray, keep: list[int]) -> tuple[FloatArray, FloatArray]:
    """Covariance of the kept parameters alone, and its inverse, both in the full size."""
    restricted, precision = np.zeros_like(covariance), np.zeros_like(covariance)
    if keep:
        grid = np.ix_(keep, keep)
        errors = np.sqrt(np.diag(covariance)[keep])
        correlation = covariance[grid] / np.outer(errors, errors)
        if np.linalg.eigvalsh(correlation)[0] <= 1e-12:
            raise UsageError("model.correlations: the covariance of the nuisances is not positive definite")
        restricted[grid] = covariance[grid]
        precision[grid] = np.linalg.inv(correlation) / np.outer(errors, errors)
    return restricted, precision
