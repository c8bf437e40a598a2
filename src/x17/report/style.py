"""One look for all figures: colours that colour-blind readers can tell apart, and units on every axis.

Sizes are chosen for a full-width figure on a screen that stays readable in a journal column.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, get_font
from matplotlib.ticker import AutoMinorLocator

BLACK = "#000000"
ORANGE = "#E69F00"
SKY_BLUE = "#56B4E9"
GREEN = "#009E73"
YELLOW = "#F0E442"
BLUE = "#0072B2"
VERMILLION = "#D55E00"
PURPLE = "#CC79A7"
"""The palette of M. Okabe and K. Ito, "Color Universal Design" (2008)."""

GREY = "#666666"
PALE_GREEN = "#A3D9C6"
PALE_YELLOW = "#FAF4B0"
PALE_GREY = "#DDDDDD"

WIDTH = 5.6
"""Width of every figure, inches."""

_FONT = "DejaVu Sans"
_LONGEST_TITLE = 48

_RC: dict[str, Any] = {
    "font.family": _FONT,  # comes with matplotlib: the same picture everywhere
    "mathtext.fontset": "dejavusans",
    "font.size": 10.0,
    "axes.labelsize": 10.0,
    "axes.titlesize": 9.0,
    "axes.linewidth": 0.8,
    "axes.axisbelow": True,
    "legend.fontsize": 8.5,
    "legend.frameon": False,
    "legend.handlelength": 1.8,
    "lines.linewidth": 1.5,
    "lines.markersize": 4.0,
    "xtick.direction": "in",
    "ytick.direction": "in",
    "xtick.top": True,
    "ytick.right": True,
    "xtick.labelsize": 9.0,
    "ytick.labelsize": 9.0,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "savefig.dpi": 200,
    "svg.fonttype": "path",
    "svg.hashsalt": "x17",  # without it the identifiers in an SVG are random
    "path.simplify": False,
}


@contextmanager
def house_style() -> Iterator[None]:
    """Apply the style, whatever the user's own matplotlib settings; serves as a decorator too.

    Ticks are made when a figure is saved, so that saving needs the style as much as drawing does.
    """
    with matplotlib.style.context(_RC, after_reset=True):
        yield


def new_figure(height: float) -> Figure:
    """Make an empty figure of the common width.

    Parameters
    ----------
    height : float
        Inches.

    Returns
    -------
    Figure
        Without a graphical backend; `savefig` works.
    """
    return Figure(figsize=(WIDTH, height), layout="constrained")


def minor_ticks(axes: Axes, *, x: bool = True, y: bool = True) -> None:
    """Put minor ticks on linear axes.

    Parameters
    ----------
    axes : Axes
    x, y : bool
        Which axes.
    """
    for wanted, axis in ((x, axes.xaxis), (y, axes.yaxis)):
        if wanted:
            axis.set_minor_locator(AutoMinorLocator())


def legend_above(
    figure: Figure, axes: Axes, name: str, *, about: str = "", first: str = "", columns: int = 2
) -> None:
    """Put the legend above all axes, where it cannot cover data.

    Parameters
    ----------
    figure : Figure
    axes : Axes
        Whose labelled artists are listed.
    name : str
        The scan that is shown, as the user named it.
    about : str
        Follows the name.
    first : str
        Labels that begin with this come first.
    columns : int
    """
    handles, labels = axes.get_legend_handles_labels()
    order = sorted(range(len(labels)), key=lambda k: not labels[k].startswith(first))
    legend = figure.legend(
        [handles[k] for k in order],
        [labels[k] for k in order],
        loc="outside upper center",
        ncols=columns,
        columnspacing=1.6,
        title=printable(name) + about,
        title_fontproperties={"weight": "bold", "size": 9.5},
    )
    legend.get_title().set_parse_math(False)


def printable(text: str) -> str:
    """Put a user's text in one short line, with a box for what the font cannot show.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
    """
    line = " ".join(text.split())
    if len(line) > _LONGEST_TITLE:
        line = line[: _LONGEST_TITLE - 1] + "…"
    return "".join(c if ord(c) in _known_characters() else "□" for c in line)


@cache
def _known_characters() -> frozenset[int]:
    return frozenset(get_font(findfont(_FONT)).get_charmap())
