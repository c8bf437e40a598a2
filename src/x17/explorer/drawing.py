"""What the panels draw, as plain numbers for the browser: rounded, so that little travels."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from x17.constraints.plane import NamedBand
from x17.report.number_text import confidence, probability, signed
from x17.workflows.explore import Cursor, ExploredScan, ToyCurve

FloatArray = NDArray[np.float64]
Drawing = dict[str, Any]

CONTOURS = (2.30, 5.99)
"""Rises of Q that enclose 68 and 95 % of a mass and a coupling fitted together."""


def _list(values: FloatArray, digits: int = 5) -> list[float | None]:
    """Numbers of so many significant digits; None where there is none."""
    return [float(f"{value:.{digits}g}") if np.isfinite(value) else None for value in np.ravel(values)]


def _packed(values: FloatArray) -> str:
    """Thousands of numbers as 32-bit floats in base 64, the first index slowest."""
    return base64.b64encode(values.astype("<f4").tobytes()).decode("ascii")


def _pairs(x: FloatArray, y: FloatArray, digits: int = 5) -> list[list[float | None]]:
    return [list(pair) for pair in zip(_list(x, 7), _list(y, digits), strict=True)]


def scan_drawing(explored: ExploredScan, others: Sequence[NamedBand]) -> Drawing:
    """All that changes with the choices.

    Parameters
    ----------
    explored : ExploredScan
    others : sequence of NamedBand
        Bounds of other experiments at the masses of the search; empty for none.

    Returns
    -------
    dict
    """
    shown, grid = explored.shown, explored.q_map
    masked = np.isin(shown.period, explored.model.points.period[explored.sideband.masked])
    return {
        "points": [
            {"s": s, "y": y, "e": e, "period": int(period), "fitted": bool(fitted), "masked": bool(window)}
            for s, y, e, period, fitted, window in zip(
                _list(shown.sqrt_s_mev, 7),
                _list(explored.g_r, 6),
                _list(explored.g_r_err, 4),
                shown.period,
                explored.fitted,
                masked,
                strict=True,
            )
        ],
        "background": _pairs(explored.curve_sqrt_s, explored.curve_background, 6),
        "map": {
            "masses": _list(grid.masses, 7),
            "couplings": _list(grid.couplings),
            "q": _packed(np.where(grid.ok, grid.q, np.nan)),
            "reach": max(4.0, float(np.ceil(abs(explored.best.q)))),
            "contours": _contours(explored),
        },
        "best": {"mass": explored.best.mass_mev, "g": explored.best.g_ve, "q": explored.best.q},
        "limit": {
            "masses": _list(grid.masses, 7),
            "observed": _list(explored.limit),
            "expected": [_list(row) for row in explored.expected],
            "cl": explored.settings.limit.cl,
        },
        "local_p": _pairs(grid.masses, _local_p(explored)),
        "others": [_other(band) for band in others if band.counted],
    }


def _local_p(explored: ExploredScan) -> FloatArray:
    from scipy.special import ndtr

    return np.asarray(ndtr(-np.maximum(explored.signal.signed_z[0], 0.0)))


def _contours(explored: ExploredScan) -> list[Drawing]:
    """Lines of constant Q above the minimum of the map, each with its path of (mass, coupling)."""
    from contourpy import contour_generator

    grid = explored.q_map
    if min(grid.q.shape) < 2 or explored.best.q >= 0.0:
        return []
    lines = contour_generator(grid.masses, grid.couplings, np.ma.masked_where(~grid.ok, grid.q).T)
    return [
        {"outer": rise == CONTOURS[-1], "path": _pairs(line[:, 0], line[:, 1])}
        for rise in CONTOURS
        for line in cast("list[FloatArray]", lines.lines(explored.best.q + rise))
    ]


def _other(band: NamedBand) -> Drawing:
    known = band.band.known
    return {
        "label": band.label,
        "masses": _list(band.mass_mev[known], 7),
        "low": _list(band.band.low[known]),
        "high": _list(band.band.high[known]),
    }


def toys_drawing(toys: ToyCurve | None, explored: ExploredScan, *, following: bool) -> Drawing:
    """The limit by toys, and whether it is of other choices than those shown.

    Parameters
    ----------
    toys : ToyCurve or None
    explored : ExploredScan
        What is shown.
    following : bool
        Whether new ones are being made.

    Returns
    -------
    dict
    """
    if toys is None:
        note = "toys: being made for these choices" if following else "toys: none"
        return {"line": [], "older": False, "note": note}
    older = toys.choices != explored.choices
    what = f"toys ({toys.n_toys} a hypothesis at {toys.mass_mev.size} masses)"
    state = "of these choices"
    if older:
        state = "OLDER: of other choices" + (", new ones are being made" if following else "")
    return {"line": _pairs(toys.mass_mev, toys.g_limit), "older": older, "note": f"{what}: {state}"}


def cursor_drawing(cursor: Cursor, explored: ExploredScan) -> Drawing:
    """All that changes with the cursor.

    Parameters
    ----------
    cursor : Cursor
    explored : ExploredScan

    Returns
    -------
    dict
    """
    sqrt_s = explored.model.points.sqrt_s_mev
    return {
        "mass": cursor.mass_mev,
        "g": cursor.coupling,
        "curve": _pairs(explored.curve_sqrt_s, cursor.curve, 6),
        "pulls": _pairs(sqrt_s, cursor.pulls, 4),
        "local_p": cursor.local_p,
        "numbers": _numbers(cursor, explored),
    }


def _numbers(cursor: Cursor, explored: ExploredScan) -> list[list[str]]:
    """Names and values of the table under the figures."""
    excluded = cursor.cls < 1.0 - explored.settings.limit.cl
    percent = confidence(explored.settings.limit.cl)
    best, line = explored.best, explored.sideband.line
    rows = [
        ["Cursor", f"{cursor.mass_mev:.3f} MeV, g_ve = {_coupling(cursor.coupling)}"],
        ["Q here", signed(cursor.q, 2)],
        ["χ² here, without a boson", f"{cursor.chi2:.2f}, {explored.background.chi2[0]:.2f}"],
        [
            "CLs of this boson",
            f"{cursor.cls:.3f}: {'excluded' if excluded else 'not excluded'} at {percent}",
        ],
        [
            f"{percent} limit at this mass",
            f"{_coupling(cursor.limit)} (expected {_coupling(cursor.expected)})",
        ],
        ["Local p at this mass", _significance(cursor.local_p)],
        ["Best fit", f"{best.mass_mev:.3f} MeV, {_coupling(best.g_ve)}, Q = {signed(best.q, 2)}"],
        [
            "Side band",
            f"K = {line.constant:.4f}, slope {signed(line.slope, 4)} /MeV, "
            f"P = {100.0 * explored.sideband.p_value:.0f} %",
        ],
        [
            "Computed in",
            f"{1e3 * cursor.seconds:.1f} ms here, {1e3 * explored.seconds:.0f} ms for {explored.n_fits} fits",
        ],
    ]
    if not cursor.ok:
        rows.append(["Fit", cursor.status])
    return rows


def _coupling(value: float) -> str:
    return f"{1e4 * value:.2f}e-4"


def _significance(p: float) -> str:
    from scipy.special import ndtri

    return f"{probability(p)} ({max(0.0, float(-ndtri(p))):.2f}σ)"
