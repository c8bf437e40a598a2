"""Bounds of all experiments in the plane of mass and coupling."""

from __future__ import annotations

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from x17.constraints.plane import ConstraintPlane
from x17.report.figures.constraint_bands import draw_bands
from x17.report.figures.edge_labels import draw_edge_labels
from x17.report.figures.labels import COUPLING_LABEL, COUPLING_SCALE, MASS_LABEL
from x17.report.style import GREY, house_style, minor_ticks, new_figure
from x17.theory.boson import SpinParity

BOSON_NAMES = {
    SpinParity.VECTOR: "a vector",
    SpinParity.AXIAL_VECTOR: "an axial vector",
    SpinParity.SCALAR: "a scalar",
    SpinParity.PSEUDOSCALAR: "a pseudoscalar",
}

_HEIGHT = 4.4


@house_style()
def draw_constraints_plane(plane: ConstraintPlane, couplings: tuple[float, float]) -> Figure:
    """Excluded couplings against the mass, each bound with its name at the right edge.

    Parameters
    ----------
    plane : ConstraintPlane
    couplings : (float, float)
        Ends of the axis, g_ve.

    Returns
    -------
    Figure
        Bounds that count are filled, others dashed.
    """
    figure = new_figure(_HEIGHT)
    axes = figure.add_subplot()
    limits = couplings[0] * COUPLING_SCALE, couplings[1] * COUPLING_SCALE
    axes.set_yscale("log")
    axes.set_ylim(*limits)
    axes.set_xlim(float(plane.mass_mev[0]), float(plane.mass_mev[-1]))
    labels = draw_bands(axes, plane.bands, limits, fill=True)
    draw_edge_labels(figure, axes, labels)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.tick_params(axis="x", pad=5.0)  # the lowest number of the other axis needs the corner
    minor_ticks(axes, y=False)
    axes.set_xlabel(MASS_LABEL)
    axes.set_ylabel(COUPLING_LABEL)
    axes.set_title(plane_title(plane), loc="left", fontweight="bold")
    if plane.statements:
        # Below the axes, where it covers nothing.
        figure.supxlabel("\n".join(plane.statements), fontsize=7.5, color=GREY)
    return figure


def plane_title(plane: ConstraintPlane) -> str:
    """What is drawn, in a line.

    Parameters
    ----------
    plane : ConstraintPlane

    Returns
    -------
    str
    """
    ratios = plane.ratios
    protons = ""
    if ratios.protons != 0.0:
        protons = rf", $\varepsilon_p = {ratios.protons:g}\,\varepsilon_e$"
    elif plane.boson is SpinParity.VECTOR:
        protons = ", protophobic"
    muons = "" if ratios.muons == 0.0 else rf", $g_\mu = {ratios.muons:g}\,g_{{ve}}$"
    return f"Excluded couplings of {BOSON_NAMES[plane.boson]}{protons}{muons}"
