"""How energy points look: a marker and colour for each part of a scan, open where the side band is masked."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from x17.report.style import BLUE, GREY, ORANGE, PURPLE, VERMILLION

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

_LOOKS = (("o", BLUE), ("s", VERMILLION), ("^", PURPLE), ("D", ORANGE))

NOT_SEARCHED: dict[str, Any] = {"fmt": "X", "color": GREY, "markersize": 4.0, "elinewidth": 0.8}
"""Look of points that are not searched, for `Axes.errorbar`."""


def part_looks(scan_part: IntArray) -> dict[int, tuple[str, dict[str, Any]]]:
    """Name and look of the parts of a scan, by the order of their numbers: "Scan 1 (part 0)".

    Parameters
    ----------
    scan_part : ndarray of int, shape (n,)
        Of searched points.

    Returns
    -------
    dict
        Number of a part, as in the table, to its name and keywords for `Axes.errorbar`.
    """
    parts = [int(part) for part in np.unique(scan_part)]
    found: dict[int, tuple[str, dict[str, Any]]] = {}
    for k, part in enumerate(parts):
        marker, color = _LOOKS[k % len(_LOOKS)]
        look = {"fmt": marker, "color": color, "markersize": 3.6, "elinewidth": 0.9}
        found[part] = (f"Scan {k + 1} (part {part})" if len(parts) > 1 else "Data", look)
    return found


def draw_parts(
    axes: Axes, x: FloatArray, y: FloatArray, err: FloatArray | None, scan_part: IntArray, masked: BoolArray
) -> None:
    """Draw points by part of the scan; those inside the masked window are open.

    Parameters
    ----------
    axes : Axes
    x, y : ndarray, shape (n,)
    err : ndarray, shape (n,), or None
    scan_part : ndarray of int, shape (n,)
    masked : ndarray of bool, shape (n,)
    """
    for part, (name, look) in part_looks(scan_part).items():
        for inside in (False, True):
            here = (scan_part == part) & (masked == inside)
            if here.any():
                axes.errorbar(
                    x[here],
                    y[here],
                    None if err is None else err[here],
                    label=f"{name}, {'masked' if inside else 'side band'}",
                    **(look | {"markerfacecolor": "white"} if inside else look),
                )
