"""The two angles of all pairs with their windows and side bands."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure, SubFigure
from matplotlib.patches import Rectangle

from x17.report.style import (
    BLACK,
    BLUE,
    GREEN,
    ORANGE,
    VERMILLION,
    house_style,
    legend_above,
    minor_ticks,
    new_figure,
)
from x17.scan.calibration import Calibration
from x17.scan.calibration_angles import AngleCalibration, AngleDistribution

PHI_LABEL = r"$\Delta\varphi$ in the centre of mass [rad]"
THETA_LABEL = r"$\theta_1+\theta_2$ in the centre of mass [rad]"


@house_style()
def draw_side_bands(calibration: Calibration) -> Figure:
    """Both distributions on logarithmic axes, and the plane of the two angles.

    Parameters
    ----------
    calibration : Calibration

    Returns
    -------
    Figure
    """
    angles = calibration.angles
    figure = new_figure(7.2)
    above, below = figure.subfigures(2, 1, squeeze=False, height_ratios=(1.0, 1.05))[:, 0]
    left, right = above.subplots(1, 2, sharey=True)
    windows, bands = angles.bands.windows, angles.bands
    center, sigma = windows.delta_phi_center, windows.delta_phi_sigma
    _distribution(left, angles.delta_phi, windows.delta_phi_edges)
    _sides(left, center, sigma, bands.delta_phi_inner, bands.delta_phi_outer)
    _distribution(right, angles.sum_theta, windows.sum_theta_edges)
    center, sigma = windows.sum_theta_center, windows.sum_theta_sigma
    _sides(right, center, sigma, bands.sum_theta_inner, bands.sum_theta_outer)
    _background(right, angles)
    left.set_xlabel(PHI_LABEL)
    right.set_xlabel(THETA_LABEL)
    left.set_ylabel("Pairs in a bin [number]")
    _plane(below, angles)
    legend_above(figure, right, calibration.name, about=": all pairs", columns=3, first="Data")
    return figure


def _distribution(axes: Axes, found: AngleDistribution, window: tuple[float, float]) -> None:
    axes.stairs(found.expected, found.edges, color=VERMILLION, linewidth=1.2, label="Simulated two-body")
    axes.stairs(found.data, found.edges, color=BLACK, linewidth=1.2, label="Data")
    axes.axvspan(*window, color=GREEN, alpha=0.18, linewidth=0.0, zorder=0.2, label="Window")
    axes.set_yscale("log")
    highest = float(max(found.data.max(), 1.0))
    axes.set_ylim(0.5, 2.0 * highest)
    axes.set_xlim(found.edges[0], found.edges[-1])
    minor_ticks(axes, y=False)


def _sides(axes: Axes, center: float, sigma: float, inner: float, outer: float) -> None:
    for k, sign in enumerate((-1.0, 1.0)):
        ends = sorted((center + sign * inner * sigma, center + sign * outer * sigma))
        label = "Side bands" if k == 0 else None
        axes.axvspan(*ends, color=ORANGE, alpha=0.18, linewidth=0.0, zorder=0.2, label=label)


def _background(axes: Axes, angles: AngleCalibration) -> None:
    """Draw what is taken off as a level across the window."""
    edges = angles.sum_theta.edges
    low, high = angles.bands.windows.sum_theta_edges
    level = angles.background / max(float((high - low) / (edges[1] - edges[0])), 1.0)
    if level > 0.0:
        axes.plot([low, high], [level, level], "--", color=BLUE, label="Taken off, mean")


def _plane(figure: Figure | SubFigure, angles: AngleCalibration) -> None:
    axes = figure.subplots()
    phi, theta = angles.delta_phi.edges[::2], angles.sum_theta.edges[::2]
    highest = max(float(angles.plane.max()), 10.0)
    shown = np.where(angles.plane > 0.0, angles.plane, np.nan).T
    mesh = axes.pcolormesh(phi, theta, shown, cmap="Blues", norm=LogNorm(0.7, highest), rasterized=True)
    bar = figure.colorbar(mesh, ax=axes, pad=0.01)
    bar.set_label("Pairs of data in a bin [number]")
    windows = angles.bands.windows
    (x_low, x_high), (y_low, y_high) = windows.delta_phi_edges, windows.sum_theta_edges
    look: dict[str, Any] = {"fill": False, "linewidth": 1.6, "zorder": 3}
    axes.add_patch(Rectangle((x_low, y_low), x_high - x_low, y_high - y_low, edgecolor=GREEN, **look))
    for sign in (-1.0, 1.0):
        _side_boxes(axes, angles, sign)
    axes.set_xlabel(PHI_LABEL)
    axes.set_ylabel(THETA_LABEL)
    minor_ticks(axes)


def _side_boxes(axes: Axes, angles: AngleCalibration, sign: float) -> None:
    """Outline the side bands: θ₁ + θ₂ above or below, Δφ left or right."""
    bands, windows = angles.bands, angles.bands.windows
    look: dict[str, Any] = {"color": ORANGE, "linewidth": 1.2, "linestyle": (0, (4, 2)), "zorder": 2.5}
    for distance in (bands.sum_theta_inner, bands.sum_theta_outer):
        axes.axhline(windows.sum_theta_center + sign * distance * windows.sum_theta_sigma, **look)
    for distance in (bands.delta_phi_inner, bands.delta_phi_outer):
        axes.axvline(windows.delta_phi_center + sign * distance * windows.delta_phi_sigma, **look)
