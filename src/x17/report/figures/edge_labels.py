"""Names beside the ends of curves, moved apart where those lie close, with a line to each end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

_POINTS_PER_INCH = 72.0
_SIZE = 7.5
"""Of the font, points."""
_LETTER = 0.57
"""Width of a letter over the size of the font, on the wide side."""
_INSIDE = 0.76
"""Names of what ends further to the right stand outside the axes."""
_OFFSET = 0.04
"""From the end of a curve to its name, over the width of the axes."""


@dataclass(frozen=True, slots=True)
class EdgeLabel:
    """A name for what ends somewhere.

    Attributes
    ----------
    text : str
    x, height : float
        Where it ends, over width and height of the axes.
    color : str
    """

    text: str
    x: float
    height: float
    color: str


def spread(heights: Sequence[float], gap: float) -> FloatArray:
    """Heights that are at least a gap apart and, in least squares, closest to the given ones.

    The differences yᵢ − i·gap must not fall: an isotonic regression, by pooling neighbours that do.

    Parameters
    ----------
    heights : sequence of float
        Rising.
    gap : float

    Returns
    -------
    ndarray
        Rising.
    """
    pools: list[tuple[float, int]] = []
    for k, height in enumerate(heights):
        mean, size = height - k * gap, 1
        while pools and pools[-1][0] > mean:
            before, n = pools.pop()
            mean, size = (before * n + mean * size) / (n + size), n + size
        pools.append((mean, size))
    flat = np.repeat([mean for mean, _ in pools], [size for _, size in pools])
    return np.asarray(flat + gap * np.arange(flat.size))


def draw_edge_labels(figure: Figure, axes: Axes, labels: Sequence[EdgeLabel]) -> None:
    """Write names beside the ends of curves, and leave room for them at the right of the figure.

    Parameters
    ----------
    figure : Figure
        With the constrained layout, of one column of axes.
    axes : Axes
    labels : sequence of EdgeLabel
    """
    if not labels:
        return
    width, height = figure.get_size_inches()
    gap = 1.25 * _SIZE / (_POINTS_PER_INCH * 0.8 * height)
    for column, group in groupby(sorted(labels, key=lambda e: (_column(e), e.height)), _column):
        together = list(group)
        wanted = [min(max(label.height, 0.5 * gap), 1.0 - 0.5 * gap) for label in together]
        heights = spread(wanted, gap)
        heights -= max(0.0, float(heights[-1]) - 1.0)
        for label, beside in zip(together, heights, strict=True):
            _draw(axes, label, column + _OFFSET, float(beside))
    outside = max((len(label.text) for label in labels if label.x > _INSIDE), default=0)
    room = (outside * _LETTER * _SIZE / _POINTS_PER_INCH) / width + _OFFSET if outside else 0.0
    engine = figure.get_layout_engine()
    if engine is not None:
        # Both engines of matplotlib take `rect`; its base class, which the figure gives, does not say so.
        engine.set(rect=(0.0, 0.0, 1.0 - room, 1.0))  # type: ignore[call-arg]


def _column(label: EdgeLabel) -> float:
    """Where names stand below each other."""
    return 1.0 if label.x > _INSIDE else round(label.x, 2)


def _draw(axes: Axes, label: EdgeLabel, x: float, height: float) -> None:
    line = {"arrowstyle": "-", "color": label.color, "linewidth": 0.7, "shrinkA": 0, "shrinkB": 0}
    text = axes.annotate(
        label.text,
        xy=(label.x, label.height),
        xytext=(x, height),
        xycoords="axes fraction",
        textcoords="axes fraction",
        va="center",
        fontsize=_SIZE,
        color=label.color,
        annotation_clip=False,
        arrowprops=line,
    )
    text.set_in_layout(False)
