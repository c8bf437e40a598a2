"""Nuisances that move several points together: a drift of the flux, a curve for B, a common error.

Each is a template: the logarithmic response of every point's expectation to a nuisance of given covariance.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.errors import UsageError
from x17.scan import SearchPoints
from x17.scan.straight_line import fit_line
from x17.statistics.model_settings import BackgroundModel, ModelSettings

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class CommonNuisances:
    """Templates, and what is left of the errors of the single points.

    Attributes
    ----------
    names : tuple of str, length n_templates
    templates : ndarray, shape (n_points, n_templates)
        ∂ ln g_R / ∂ nuisance.
    covariance : ndarray, shape (n_templates, n_templates)
    background : ndarray, shape (n_points,)
        B per positron to be used.
    n_pot_err, background_err : ndarray, shape (n_points,)
        Absolute errors of single points that remain uncorrelated.
    """

    names: tuple[str, ...]
    templates: FloatArray
    covariance: FloatArray
    background: FloatArray
    n_pot_err: FloatArray
    background_err: FloatArray


def integrated_flux_fraction(points: SearchPoints) -> FloatArray:
    """Share of all positrons delivered by the middle of each point, in order of data taking, minus its mean.

    Parameters
    ----------
    points : SearchPoints

    Returns
    -------
    ndarray, shape (n_points,)
        Between −1 and 1; a nuisance that multiplies it is the relative change over the whole exposure.
    """
    order = np.argsort(points.period, kind="stable")
    fraction = np.empty(len(points))
    cumulative = np.cumsum(points.n_pot[order])
    fraction[order] = (cumulative - 0.5 * points.n_pot[order]) / cumulative[-1]
    return fraction - np.average(fraction, weights=points.n_pot)


def background_curves(
    points: SearchPoints, center: float
) -> tuple[list[str], FloatArray, FloatArray, FloatArray]:
    """B(s) as a straight line in each scan part.

    Parameters
    ----------
    points : SearchPoints
    center : float
        √s at which the constants are quoted, MeV.

    Returns
    -------
    names, templates, covariance, background
        Two nuisances per part, relative to B at the centre.

    Raises
    ------
    UsageError
        A scan part has fewer than three points.
    """
    names: list[str] = []
    columns: list[FloatArray] = []
    offset = points.sqrt_s_mev - center
    background = np.empty(len(points))
    blocks: list[FloatArray] = []
    for part in np.unique(points.scan_part):
        here = points.scan_part == part
        if here.sum() < 3:
            raise UsageError(
                f"model.background = curve-per-part needs 3 points in each scan part; "
                f"part {int(part)} has {int(here.sum())}"
            )
        line = fit_line(
            points.sqrt_s_mev[here], points.background_per_pot[here], points.background_err[here] ** 2, center
        )
        background[here] = line.constant + line.slope * offset[here]
        for name, response in (("constant", np.ones(len(points))), ("slope", offset)):
            names.append(f"B_part{int(part)}_{name}")
            columns.append(np.where(here, response * line.constant / np.where(here, background, 1.0), 0.0))
        blocks.append(line.covariance / line.constant**2)
    covariance = np.zeros((len(names), len(names)))
    for k, block in enumerate(blocks):
        covariance[2 * k : 2 * k + 2, 2 * k : 2 * k + 2] = block
    return names, np.column_stack(columns), covariance, background


def common_nuisances(points: SearchPoints, settings: ModelSettings, center: float) -> CommonNuisances:
    """Collect the nuisances that the settings ask for.

    Parameters
    ----------
    points : SearchPoints
    settings : ModelSettings
    center : float
        √s at which slopes are quoted, MeV.

    Returns
    -------
    CommonNuisances
    """
    n = len(points)
    background = np.array(points.background_per_pot)
    n_pot_err, background_err = np.array(points.n_pot_err), np.array(points.background_err)
    names: list[str] = []
    columns: list[FloatArray] = []
    variances: list[float] = []
    if settings.statistics_only:
        zero = np.zeros(n)
        return CommonNuisances((), np.zeros((n, 0)), np.zeros((0, 0)), background, zero, zero)
    if settings.flux_slope_err > 0.0:
        names.append("flux_slope")
        columns.append(integrated_flux_fraction(points))
        variances.append(settings.flux_slope_err**2)
    if settings.correlated_flux_fraction > 0.0:
        names.append("n_pot_common")
        columns.append(np.sqrt(settings.correlated_flux_fraction) * n_pot_err / points.n_pot)
        variances.append(1.0)
        n_pot_err *= np.sqrt(1.0 - settings.correlated_flux_fraction)
    if settings.correlated_background_fraction > 0.0:
        names.append("background_common")
        columns.append(np.sqrt(settings.correlated_background_fraction) * background_err / background)
        variances.append(1.0)
        background_err *= np.sqrt(1.0 - settings.correlated_background_fraction)
    templates = np.column_stack(columns) if columns else np.zeros((n, 0))
    covariance = np.diag(variances) if variances else np.zeros((0, 0))
    if settings.background is BackgroundModel.CURVE_PER_PART:
        curve_names, curve_templates, curve_covariance, background = background_curves(points, center)
        k = len(names)
        names += curve_names
        templates = np.hstack([templates, curve_templates])
        enlarged = np.zeros((len(names), len(names)))
        enlarged[:k, :k], enlarged[k:, k:] = covariance, curve_covariance
        covariance = enlarged
        background_err = np.zeros(n)
    return CommonNuisances(tuple(names), templates, covariance, background, n_pot_err, background_err)
