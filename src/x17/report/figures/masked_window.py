"""The window that the side-band fit left out."""

from __future__ import annotations

from matplotlib.axes import Axes

from x17.report.style import BLACK
from x17.statistics.search_result import SearchResult


def shade_window(axes: Axes, result: SearchResult) -> None:
    """Shade the masked window.

    Parameters
    ----------
    axes : Axes
        With √s in MeV as its horizontal axis.
    result : SearchResult
    """
    low, high = result.sideband.masked_mev
    axes.axvspan(
        low, high, color=BLACK, alpha=0.12, linewidth=0.0, zorder=0.5, label="Masked in the side-band fit"
    )
