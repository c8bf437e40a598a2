"""What a run of a spectrometer counts, for a table or a figure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ExpectedSpectrum:
    """What a run of a spectrometer counts in bins of the opening angle.

    Attributes
    ----------
    title : str
    edges_deg : ndarray, shape (bins + 1,)
    background : ndarray, shape (bins,)
        Expected pairs without a boson.
    boson : ndarray, shape (bins,), or None
        Expected pairs of the boson, of the given rate or that for the wanted significance.
    boson_label : str
    usable : ndarray of bool, shape (bins,)
        Bins that a fit uses.
    counts : ndarray, shape (bins,), or None
        A pseudo-experiment.
    fitted : ndarray, shape (bins,), or None
        The fit to it.
    """

    title: str
    edges_deg: FloatArray
    background: FloatArray
    boson: FloatArray | None
    boson_label: str
    usable: NDArray[np.bool_]
    counts: FloatArray | None = None
    fitted: FloatArray | None = None
