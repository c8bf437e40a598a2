"""What is common to all points and fitted: lines of K for each kind of pairs, and the mean tags."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.projection.observables.class_noise import ClassResponse
from x17.projection.observables.class_points import ClassPoints

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorErrors:
    """What is known beforehand of what is common to all points.

    Attributes
    ----------
    constant, slope_per_mev : float
        Widths of each K line's constant and slope; by default so wide that K is free.
    tags : float
        Width of the mean η and f, where several observables tell them; by default far wider than what a few
        hundred pairs with one tag tell.
    """

    constant: float = 1.0
    slope_per_mev: float = 1.0
    tags: float = 0.02


def common_responses(
    points: ClassPoints, response: ClassResponse, weight: FloatArray, prior: PriorErrors
) -> FloatArray:
    """Responses of the observables, in units of the prior widths.

    One observable has a line of its own; several have one for electrons, one for photons, and the mean tags.

    Parameters
    ----------
    points : ClassPoints
    response : ClassResponse
    weight : ndarray, shape (n, k, 3)
        Of `observable.weights`.
    prior : PriorErrors

    Returns
    -------
    ndarray, shape (n, k, q)
        q is 2 for one observable, 6 for several.
    """
    distance = points.sqrt_s_mev - points.center_sqrt_s_mev
    line = np.stack([np.full(len(points), prior.constant), prior.slope_per_mev * distance], axis=1)
    if weight.shape[1] == 1:
        return line[:, None, :]
    kinds = np.einsum("nkc,ntc->nkt", weight, response.origins)
    each = (kinds[:, :, :, None] * line[:, None, None, :]).reshape(*weight.shape[:2], -1)
    tags = prior.tags * np.einsum("nkc,ntc->nkt", weight, response.tags)
    return np.concatenate([each, tags], axis=2)
