"""Draw lines and bands over values some of which are missing."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def with_gaps(values: Iterable[float | None], scale: float = 1.0) -> FloatArray:
    """Numbers for matplotlib, which leaves a gap at NaN.

    Parameters
    ----------
    values : iterable of float or None
    scale : float
        Factor that changes the unit.

    Returns
    -------
    ndarray
    """
    return scale * np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def isolated(y: FloatArray) -> NDArray[np.bool_]:
    """Finite values without a finite neighbour: a line would not show them.

    Parameters
    ----------
    y : ndarray, shape (n,)

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    known = np.isfinite(y)
    padded = np.concatenate([[False], known, [False]])
    return np.asarray(known & ~padded[:-2] & ~padded[2:])


def draw_line(axes: Axes, x: FloatArray, y: FloatArray, *, color: str, label: str, style: str = "-") -> None:
    """Draw a line with gaps; a value between two gaps becomes a dot.

    Parameters
    ----------
    axes : Axes
    x, y : ndarray, shape (n,)
    color, label, style : str
    """
    axes.plot(x, y, style, color=color, label=label)
    alone = isolated(y)
    if alone.any():
        axes.plot(x[alone], y[alone], "o", color=color, markersize=3.0)


def draw_band(
    axes: Axes, x: FloatArray, low: FloatArray, high: FloatArray, *, color: str, label: str
) -> None:
    """Fill between two lines with gaps; a value between two gaps becomes a bar.

    Parameters
    ----------
    axes : Axes
    x, low, high : ndarray, shape (n,)
    color, label : str
    """
    axes.fill_between(x, low, high, color=color, linewidth=0.0, label=label)
    alone = isolated(low + high)
    if alone.any():
        axes.vlines(x[alone], low[alone], high[alone], color=color, linewidth=5.0)
