"""Axes of squared relative errors, which add up, with the errors themselves at the right edge."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

QUANTITY_SYMBOLS = {"N2": "$N_2$", "B": "$B$", "N_PoT": r"$N_\mathrm{PoT}$"}
"""Quantities of an error budget as legends write them."""

_LABELLED = 8
"""Energies that have room below the bars of a panel."""


def add_error_scale(axes: Axes) -> None:
    """Put the roots of the vertical axis, whose limits are set, on a scale at the right.

    Parameters
    ----------
    axes : Axes
        Squared relative errors in %².
    """
    axes.tick_params(axis="y", which="both", right=False)
    roots = axes.secondary_yaxis("right", functions=(_root, _square))
    roots.set_yticks(_round_errors(float(np.sqrt(axes.get_ylim()[1]))))
    roots.set_ylabel(r"Relative error of $g_R$ [%]")


def name_energies(axes: Axes, sqrt_s: FloatArray) -> None:
    """Write energies below bars that stand at 0, 1, …, as many as there is room for.

    Parameters
    ----------
    axes : Axes
    sqrt_s : ndarray, shape (n,)
        MeV.
    """
    step = max(1, -(-sqrt_s.size // _LABELLED))
    shown = np.arange(0, sqrt_s.size, step)
    axes.set_xticks(shown.tolist(), [f"{sqrt_s[k]:.2f}" for k in shown])


def _root(squared: ArrayLike) -> FloatArray:
    # matplotlib asks beyond the axis, too.
    return np.asarray(np.sqrt(np.maximum(np.asarray(squared, dtype=np.float64), 0.0)))


def _square(percent: ArrayLike) -> FloatArray:
    return np.asarray(np.square(np.asarray(percent, dtype=np.float64)))


def _round_errors(highest: float) -> list[float]:
    """Round numbers up to the highest; in their squares small ones would stand too close."""
    step = next(
        (step for step in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0) if highest < 8.0 * step), highest / 4.0
    )
    ticks = step * np.arange(1, int(highest / step + 1e-9) + 1)
    return [float(tick) for tick in ticks if tick >= 0.35 * highest]
