"""Axes of couplings that span what is drawn."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from x17.report.figures.gaps import FloatArray

_EMPTY = (1.0, 10.0)
_MANY = 4.0
"""Ranges above this factor have room for few numbers."""


def log_couplings(axes: Axes, drawn: FloatArray) -> float:
    """Set a logarithmic axis with plain numbers around what is drawn.

    Parameters
    ----------
    axes : Axes
    drawn : ndarray
        Couplings in units of 1e-4; what is not finite or not above 0 does not count.

    Returns
    -------
    float
        The lower end.
    """
    known = drawn[np.isfinite(drawn) & (drawn > 0.0)]
    low, high = (0.85 * float(known.min()), 1.15 * float(known.max())) if known.size else _EMPTY
    few = high / low > _MANY
    axes.set_yscale("log")
    axes.set_ylim(low, high)
    axes.yaxis.set_major_locator(
        LogLocator(subs=(1.0, 2.0, 5.0) if few else (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0))
    )
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_minor_locator(LogLocator(subs=(1.5, 3.0, 4.0, 6.0, 7.0, 8.0, 9.0)))
    axes.yaxis.set_minor_formatter(NullFormatter())
    return low
