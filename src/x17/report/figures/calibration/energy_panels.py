"""Panels along √s with gaps cut out: below the resonance, the scan, and over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from x17.report.figures.labels import SQRT_S_LABEL
from x17.report.number_text import mass_text
from x17.report.style import minor_ticks
from x17.scan.calibration_points import Measured

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_GAP_MEV = 0.5
"""Energies farther apart stand in columns of their own."""

_NARROW_MEV = 0.02
"""Points of a column that repeat one energy are spread over it, in the order of data taking."""

_LEAST_WIDTH = 0.17


@dataclass(frozen=True, slots=True, eq=False)
class EnergyPanels:
    """Rows of panels that share their energies.

    Attributes
    ----------
    axes : ndarray of Axes, shape (n_rows, n_columns)
    column : ndarray of int, shape (n_points,)
    x : ndarray, shape (n_points,)
        Where each point stands in its column.
    """

    axes: NDArray[Any]
    column: IntArray
    x: FloatArray

    def points(self, row: int, values: Measured, **look: Any) -> None:
        """Draw measured points; those that were not measured are left out.

        Parameters
        ----------
        row : int
        values : Measured
            Of all points.
        **look
            For `Axes.errorbar`.
        """
        label = look.pop("label", None)
        for k, axes in enumerate(self.axes[row]):
            here = (self.column == k) & np.isfinite(values.value)
            name = label if k == 0 else None
            axes.errorbar(self.x[here], values.value[here], values.error[here], label=name, **look)

    def line(self, row: int, value: float, **look: Any) -> None:
        """Draw a horizontal line through all panels of a row.

        Parameters
        ----------
        row : int
        value : float
        **look
            For `Axes.axhline`.
        """
        label = look.pop("label", None)
        for k, axes in enumerate(self.axes[row]):
            axes.axhline(value, label=label if k == 0 else None, **look)

    def band(self, row: int, low: float, high: float, **look: Any) -> None:
        """Shade a horizontal band in all panels of a row.

        Parameters
        ----------
        row : int
        low, high : float
        **look
            For `Axes.axhspan`.
        """
        for axes in self.axes[row]:
            axes.axhspan(low, high, linewidth=0.0, zorder=0.1, **look)

    def first(self, row: int) -> Axes:
        """The leftmost panel of a row, which has the label of its axis.

        Parameters
        ----------
        row : int

        Returns
        -------
        Axes
        """
        axes: Axes = self.axes[row, 0]
        return axes


def energy_panels(
    figure: Figure | SubFigure, n_rows: int, sqrt_s: FloatArray, heights: tuple[float, ...] | None = None
) -> EnergyPanels:
    """Divide a figure into rows of panels, one column for each group of energies.

    Parameters
    ----------
    figure : Figure or SubFigure
        With a constrained layout.
    n_rows : int
    sqrt_s : ndarray, shape (n_points,)
        MeV.
    heights : tuple of float, optional
        Of the rows.

    Returns
    -------
    EnergyPanels
    """
    energies = np.unique(sqrt_s) if sqrt_s.size else np.array([0.0])
    starts = energies[np.r_[True, np.diff(energies) > _GAP_MEV]]
    column = np.searchsorted(starts, sqrt_s, side="right") - 1
    groups = [sqrt_s[column == k] for k in range(starts.size)]
    spans = np.array([float(np.ptp(group)) if group.size else 0.0 for group in groups])
    # Energies are drawn to one scale but for narrow groups, which need room for the numbers.
    widths = np.maximum(spans, _LEAST_WIDTH * max(float(spans.max()), 0.1) * np.sqrt(starts.size))
    axes = figure.subplots(
        n_rows,
        starts.size,
        sharex="col",
        sharey="row",
        squeeze=False,
        width_ratios=widths.tolist(),
        height_ratios=heights,
        gridspec_kw={"wspace": 0.03},
    )
    x = np.array(sqrt_s, dtype=np.float64)
    for k, start in enumerate(starts):
        _set_column(axes[:, k], x, column == k, float(start), spans[k] < _NARROW_MEV)
    _cut(axes)
    figure.supxlabel(SQRT_S_LABEL, fontsize=10.0)
    return EnergyPanels(axes, column.astype(np.int64), x)


def _set_column(
    column: NDArray[Any], x: FloatArray, here: NDArray[np.bool_], start: float, one: bool
) -> None:
    """Limits and ticks of a column; points of one energy are spread over it."""
    low, high = (float(x[here].min()), float(x[here].max())) if here.any() else (start, start)
    if one:
        middle = 0.5 * (low + high)
        x[here] = middle + np.linspace(-0.5, 0.5, np.count_nonzero(here)) * (np.count_nonzero(here) > 1)
        for axes in column:
            axes.set_xlim(middle - 0.75, middle + 0.75)
            axes.set_xticks([middle], [mass_text(middle)])
            minor_ticks(axes, x=False)
        return
    margin = 0.06 * (high - low)
    for axes in column:
        axes.set_xlim(low - margin, high + margin)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=2 if high - low < 0.5 else 6, steps=[1, 2, 5, 10]))
        minor_ticks(axes)


def _cut(axes: NDArray[Any]) -> None:
    """Take away the lines between columns, and the ticks on them."""
    for row in axes:
        for k, panel in enumerate(row):
            panel.spines["left"].set_linestyle("-" if k == 0 else (0, (1, 2)))
            panel.spines["right"].set_linestyle("-" if k == row.size - 1 else (0, (1, 2)))
            panel.tick_params(which="both", left=k == 0, right=k == row.size - 1)
