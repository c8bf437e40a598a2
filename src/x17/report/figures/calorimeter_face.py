"""The face of the calorimeter as the beam sees it: cells, and what the selection of pairs keeps of them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle
from matplotlib.patheffects import withStroke
from numpy.typing import ArrayLike

from x17.apparatus import Setup
from x17.apparatus.cell_map import FloatArray
from x17.report.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    PURPLE,
    VERMILLION,
    house_style,
    legend_above,
    minor_ticks,
    new_figure,
)

_HALO = [withStroke(linewidth=2.5, foreground="white")]
_BORDER_CELLS = 1.5
_EDGE = "#AAAAAA"
_LOWEST_MEV = 1.0
_SHADOW = "#F2D9C9"


@house_style()
def draw_calorimeter_face(
    setup: Setup,
    sqrt_s: float,
    *,
    cell_energies_mev: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    clusters_name: str = "Clusters",
    subject: str = "face of the calorimeter",
) -> Figure:
    """Draw the cells, the shadow of the bore, the azimuth wedge, R_min and R_max.

    Parameters
    ----------
    setup : Setup
    sqrt_s : float
        MeV; R_min depends on it.
    cell_energies_mev : array_like, shape (n_cells,), optional
        Energies of one event in the order of `setup.calorimeter.cells`; cells with some are coloured.
    clusters : array_like, shape (n_clusters, 3), optional
        x and y in mm, energy in MeV of each cluster.
    clusters_name : str
        What the legend calls them.
    subject : str
        What the title says is shown.

    Returns
    -------
    Figure
    """
    figure = new_figure(6.6 if cell_energies_mev is None else 7.4)
    axes = figure.add_subplot()
    axes.set_aspect("equal", anchor="N")
    reach = _reach(setup)
    axes.set_xlim(setup.calorimeter.offset_x_mm - reach, setup.calorimeter.offset_x_mm + reach)
    axes.set_ylim(setup.calorimeter.offset_y_mm - reach, setup.calorimeter.offset_y_mm + reach)
    _draw_shadow(axes, setup)
    _draw_cells(figure, axes, setup, cell_energies_mev)
    _draw_wedge(axes, setup)
    _draw_radii(axes, setup, sqrt_s)
    if clusters is not None:
        _draw_clusters(axes, np.asarray(clusters, dtype=np.float64), clusters_name)
    axes.set_xlabel("x [mm]")
    axes.set_ylabel("y [mm]")
    minor_ticks(axes)
    legend_above(figure, axes, setup.name, about=f", {subject} at √s = {sqrt_s:g} MeV")
    return figure


def _reach(setup: Setup) -> float:
    """Half a side of the picture: the matrix and a border."""
    calorimeter = setup.calorimeter
    cells = max(calorimeter.n_columns, calorimeter.n_rows) + 2.0 * _BORDER_CELLS
    return 0.5 * cells * calorimeter.pitch_mm


def _draw_shadow(axes: Axes, setup: Setup) -> None:
    """Shade what straight tracks from the target do not reach."""
    left, right, bottom, top = setup.bore_shadow_mm
    (x_low, x_high), (y_low, y_high) = axes.get_xlim(), axes.get_ylim()
    axes.add_patch(Rectangle((x_low, y_low), x_high - x_low, y_high - y_low, color=_SHADOW, linewidth=0))
    axes.add_patch(Rectangle((left, bottom), right - left, top - bottom, color="white", linewidth=0))
    x, y = [left, right, right, left, left], [bottom, bottom, top, top, bottom]
    axes.plot(x, y, color=VERMILLION, linewidth=1.2, zorder=3)
    label = f"Shadow of the bore, y < {bottom:.1f}, y > {top:.1f} mm".replace("-", "−")
    axes.fill([], [], facecolor=_SHADOW, edgecolor=VERMILLION, linewidth=1.2, label=label)


def _draw_cells(figure: Figure, axes: Axes, setup: Setup, energies: ArrayLike | None) -> None:
    cells = setup.calorimeter.cells
    half = 0.5 * cells.crystal_side_mm
    corners = half * np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    squares = np.stack([cells.x_mm, cells.y_mm], axis=1)[:, None, :] + corners
    for dead, face, name in ((False, "none", "Live crystals"), (True, GREY, "Dead crystals")):
        here = cells.dead == dead
        if here.any():
            look: dict[str, Any] = {"facecolor": face, "edgecolor": _EDGE, "linewidth": 0.4}
            axes.add_collection(PolyCollection(list(squares[here]), **look))
            axes.fill([], [], **look, label=f"{name}: {np.count_nonzero(here)}")
    if energies is not None:
        _color_cells(figure, axes, squares, np.asarray(energies, dtype=np.float64))


def _color_cells(figure: Figure, axes: Axes, squares: FloatArray, energies: FloatArray) -> None:
    """Colour the crystals that have energy."""
    hit = energies > 0.0
    if not hit.any():
        return
    highest = float(energies.max())
    colored = PolyCollection(
        list(squares[hit]),
        cmap="YlGnBu",
        norm=LogNorm(min(_LOWEST_MEV, 0.1 * highest), highest),
        edgecolor=_EDGE,
        linewidth=0.4,
    )
    colored.set_array(energies[hit])
    axes.add_collection(colored)
    bar = figure.colorbar(colored, ax=axes, extend="min", location="bottom", shrink=0.7, pad=0.01, aspect=40)
    bar.set_label("Energy in a crystal [MeV]")


def _draw_wedge(axes: Axes, setup: Setup) -> None:
    """Draw the edges of the azimuth wedge through the beam axis, as far as the picture goes."""
    x, y = setup.axis_at_plane_mm
    half, reach = setup.pair_cuts.azimuth_half_width_rad, 2.0 * _reach(setup)
    if half >= 0.5 * math.pi:
        return
    label = f"Azimuth wedge, within {math.degrees(half):.1f}° of the horizontal"
    for slope in (math.tan(half), -math.tan(half)):
        axes.plot(
            [x - reach, x + reach],
            [y - slope * reach, y + slope * reach],
            color=GREEN,
            linestyle=(0, (6, 2)),
            linewidth=1.2,
            label=label if slope > 0.0 else None,
            zorder=3,
        )


def _draw_radii(axes: Axes, setup: Setup, sqrt_s: float) -> None:
    cuts, x_y = setup.pair_cuts, setup.axis_at_plane_mm
    r_min = float(setup.r_min_mm(sqrt_s))
    circles: list[tuple[float, str, Any, str]] = [
        (cuts.r_max_mm, BLACK, "-", r"$R_\mathrm{max}$"),
        (r_min, BLUE, "-", r"$R_\mathrm{min}$"),
        (r_min - cuts.margin_mm, BLUE, (0, (3, 2)), r"$R_\mathrm{min}-\Delta$"),
    ]
    for radius, color, dashes, name in circles:
        if radius > 0.0:
            axes.add_patch(
                Circle(x_y, radius, fill=False, edgecolor=color, linestyle=dashes, linewidth=1.6, zorder=4)
            )
            axes.plot([], [], color=color, linestyle=dashes, label=f"{name} = {radius:.1f} mm")
    axes.plot(*x_y, "+", color=BLACK, markersize=8.0, label="Beam axis", zorder=4)


def _draw_clusters(axes: Axes, clusters: FloatArray, name: str) -> None:
    axes.plot(
        clusters[:, 0],
        clusters[:, 1],
        "o",
        fillstyle="none",
        color=PURPLE,
        markersize=11.0,
        markeredgewidth=1.6,
        label=name,
        zorder=5,
    )
    for x, y, energy in clusters:
        axes.annotate(
            f"{energy:.0f} MeV",
            (x, y),
            xytext=(8, 6),
            textcoords="offset points",
            color=PURPLE,
            fontsize=9.0,
            fontweight="bold",
            path_effects=_HALO,
            zorder=6,
        )
