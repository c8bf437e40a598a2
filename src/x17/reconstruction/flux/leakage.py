"""What the lead glass loses where the beam hits it: the response map averaged over the spot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.apparatus.beam_catcher import BeamCatcher

FloatArray = NDArray[np.float64]

_NARROWEST = 1e-9
"""Width in place of none, mm: the formula divides by it."""


@dataclass(frozen=True, slots=True, eq=False)
class EnergyLoss:
    """Response of the lead glass in the units of the published column; all arrays have shape (n,).

    Attributes
    ----------
    factor : ndarray
        The setup's `leakage_reference` × response over the spot.
    spot_err : ndarray
        From centre and width of the spot; independent between runs.
    map_err : ndarray
        From the shape of the map; all runs share its sign.
    """

    factor: FloatArray
    spot_err: FloatArray
    map_err: FloatArray


def response_over_spot(catcher: BeamCatcher, center_mm: ArrayLike, sigma_mm: ArrayLike) -> FloatArray:
    """Average the response over a Gaussian spot, in closed form.

    On a piece r = a + b y of the map, with z = (y − c)/σ at its ends, the share of the spot adds
    (a + b c) [Φ(z₂) − Φ(z₁)] − b σ [φ(z₂) − φ(z₁)]; beyond the map the response is 0.

    Parameters
    ----------
    catcher : BeamCatcher
    center_mm, sigma_mm : array_like
        Height and width of the spot at the front face; they broadcast.

    Returns
    -------
    ndarray
        Relative to a beam at the height where the map is 1; 1 without a map.
    """
    from scipy.special import ndtr

    center, sigma = np.broadcast_arrays(
        np.asarray(center_mm, dtype=np.float64), np.asarray(sigma_mm, dtype=np.float64)
    )
    if len(catcher.impact_y_mm) < 2:
        return catcher.response_at(center)
    center, sigma = center[..., None], np.maximum(sigma, _NARROWEST)[..., None]
    y, response = np.array(catcher.impact_y_mm), np.array(catcher.impact_response)
    slope = np.diff(response) / np.diff(y)
    z = (y - center) / sigma
    density = np.exp(-0.5 * z**2) / np.sqrt(2.0 * np.pi)
    at_center = response[:-1] + slope * (center - y[:-1])
    pieces = at_center * np.diff(ndtr(z)) - slope * sigma * np.diff(density)
    return np.asarray(pieces.sum(axis=-1))


def energy_loss(
    catcher: BeamCatcher,
    center_mm: FloatArray,
    center_err_mm: FloatArray,
    sigma_mm: FloatArray,
    sigma_err_mm: FloatArray,
) -> EnergyLoss:
    """Find the energy-loss factor of runs from their spots at the lead glass.

    N_PoT = N_raw · ageing/(energy loss/reference). The error of the spot is half the change of the response
    between one standard error below and above, for centre and width. That of the map is the relative error of
    measured over simulated response (`impact_scale_err`) of what is lost against the middle.

    Parameters
    ----------
    catcher : BeamCatcher
    center_mm, center_err_mm, sigma_mm, sigma_err_mm : ndarray, shape (n,)
        Height and width of the spot at the front face, with errors.

    Returns
    -------
    EnergyLoss

    Notes
    -----
    Map: public analysis repository of PADME Run III; reference 0.922: padme-fw.
    """
    response = response_over_spot(catcher, center_mm, sigma_mm)
    above = response_over_spot(catcher, center_mm + center_err_mm, sigma_mm)
    below = response_over_spot(catcher, center_mm - center_err_mm, sigma_mm)
    wide = response_over_spot(catcher, center_mm, sigma_mm + sigma_err_mm)
    narrow = response_over_spot(catcher, center_mm, np.maximum(sigma_mm - sigma_err_mm, 0.0))
    spot_err = 0.5 * np.hypot(above - below, wide - narrow)
    # A factor common to the whole map cancels against the charge per positron; its fall does not.
    map_err = catcher.impact_scale_err / catcher.impact_scale * np.abs(1.0 - response)
    reference = catcher.leakage_reference
    return EnergyLoss(reference * response, reference * spot_err, reference * map_err)
