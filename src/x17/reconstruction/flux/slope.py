"""Slope of the ageing of a whole run: from the proxies where they reach, from the setup otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.beam_catcher import BeamCatcher
from x17.reconstruction.flux.ageing import AgeingLine, combine_slopes, fit_ageing
from x17.reconstruction.flux.proxies import Proxy
from x17.reconstruction.flux.settings import FluxSettings, SlopeSource

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class AgeingSlope:
    """The slope that is used, and the fits behind it.

    Attributes
    ----------
    slope, slope_err : float
        Relative change of the yield over all positrons.
    source : SlopeSource
        Whether the proxies gave it.
    chi2 : float
        Of the slopes of the proxies about their mean, one degree of freedom for two; 0 for one or none.
    share : ndarray, shape (n_periods,)
        Dose of the periods from the middle, u.
    proxies : tuple of Proxy
        As measured.
    lines : dict
        Fitted line by the name of its proxy; without those that could not be fitted.
    """

    slope: float
    slope_err: float
    source: SlopeSource
    chi2: float
    share: FloatArray
    proxies: tuple[Proxy, ...]
    lines: dict[str, AgeingLine]


def measure_slope(
    share: FloatArray, proxies: Sequence[Proxy], catcher: BeamCatcher, settings: FluxSettings
) -> AgeingSlope:
    """Fit each proxy against the dose and combine the slopes.

    What the lead glass does from period to period the proxies share; its part of their errors is
    `period_err`/√Σ(u − ū)².

    Parameters
    ----------
    share : ndarray, shape (n_periods,)
        Dose from the middle as a share of all, u.
    proxies : sequence of Proxy
    catcher : BeamCatcher
        Its slope stands in where too few periods, or too little of the dose, have a proxy.
    settings : FluxSettings

    Returns
    -------
    AgeingSlope
    """
    lines, common = {}, np.isfinite(share)
    for proxy in proxies:
        known = np.isfinite(proxy.per_positron) & np.isfinite(share)
        wide = known.any() and np.ptp(share[known]) >= settings.min_dose
        if wide and known.sum() >= settings.min_periods:
            common = common & known
            lines[proxy.name] = fit_ageing(
                share[known], proxy.per_positron[known], proxy.per_positron_err[known]
            )
    kept = share, tuple(proxies), lines
    if settings.slope_source is SlopeSource.SETUP or not lines:
        return AgeingSlope(catcher.ageing_slope, catcher.ageing_slope_err, SlopeSource.SETUP, 0.0, *kept)
    slopes = [float(line.slope) for line in lines.values()]
    errors = [float(line.slope_err) for line in lines.values()]
    reach = np.sqrt(common.sum()) * share[common].std() if common.any() else np.inf
    slope, slope_err, chi2 = combine_slopes(slopes, errors, settings.period_err / float(reach))
    return AgeingSlope(slope, slope_err, SlopeSource.FITTED, chi2, *kept)
