"""Figures of the page on the experiment: python docs/figures/experiment.py writes them to docs/images."""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from x17.apparatus import Setup, load_setup
from x17.report.style import BLUE, GREEN, GREY, ORANGE, PALE_GREY, VERMILLION, house_style
from x17.scan import EnergyScan
from x17.scan.observable import g_r, g_r_err
from x17.statistics.model import SIGNAL_INDEX, ScanModel
from x17.statistics.model_curve import curve_energies, expected_curve

IMAGES = Path(__file__).parents[1] / "images"
SQRT_S = 16.9


def draw_apparatus(setup: Setup) -> Figure:
    """The apparatus seen from above, with the two pairs at the edges of the selection."""
    figure = Figure(figsize=(5.6, 3.0), layout="constrained")
    axes = figure.subplots()
    _draw_parts(axes, setup)
    start, plane = setup.target.z_mm, setup.target.z_mm + setup.distance_mm
    for sign in (1.0, -1.0):
        radii = sign * float(setup.r_min_mm(SQRT_S)), -sign * setup.pair_cuts.r_max_mm
        for radius in radii:
            axes.plot([start, plane], [0.0, radius], color=VERMILLION if sign > 0.0 else BLUE, lw=1.2)
    axes.annotate(
        "",
        (start, 0.0),
        xytext=(start - 650.0, 0.0),
        arrowprops={"arrowstyle": "-|>", "color": "black"},
    )
    axes.text(start - 650.0, 25.0, "positrons", fontsize=8.0)
    axes.set(
        xlabel="along the beam, z [mm]",
        ylabel="across, x [mm]",
        xlim=(start - 700.0, 3750.0),
        ylim=(-420.0, 420.0),
    )
    return figure


def _draw_parts(axes: Axes, setup: Setup) -> None:
    front, depth = setup.calorimeter.front_face_z_mm, setup.calorimeter.crystal_length_mm
    hole, edge = setup.hole_edge_mm, 14.5 * setup.calorimeter.pitch_mm
    bore = setup.aperture
    for side in (1.0, -1.0):
        low, high = sorted((side * hole, side * edge))
        axes.add_patch(Rectangle((front, low), depth, high - low, color=GREEN, alpha=0.5, lw=0))
        inner = side * 0.5 * bore.bore_width_mm
        length = bore.bore_z_max_mm - bore.bore_z_min_mm
        axes.add_patch(Rectangle((bore.bore_z_min_mm, inner), length, side * 70.0, color=PALE_GREY, lw=0))
    axes.plot(2 * [setup.target.z_mm], [-40.0, 40.0], color="black", lw=2.5)
    catcher = setup.beam_catcher
    assert catcher is not None
    axes.add_patch(Rectangle((catcher.z_mm, -55.0), catcher.length_mm, 110.0, color=ORANGE, alpha=0.6, lw=0))
    for x, y, text in (
        (setup.target.z_mm, -85.0, "diamond\n0.1 mm"),
        (0.5 * (bore.bore_z_min_mm + bore.bore_z_max_mm), 300.0, "magnet, off"),
        (front + 0.5 * depth, 325.0, "calorimeter"),
        (catcher.z_mm + 0.5 * catcher.length_mm, -100.0, "lead glass"),
    ):
        axes.text(x, y, text, ha="center", va="top" if y < 0.0 else "bottom", fontsize=8.0)


def draw_bump() -> Figure:
    """What a boson does to the scan: the published points, and the model at two couplings."""
    scan = EnergyScan.load("padme-run3")
    model = ScanModel.build(scan)
    points = model.points
    figure = Figure(figsize=(5.6, 3.6), layout="constrained")
    axes = figure.subplots()
    axes.errorbar(
        points.sqrt_s_mev, g_r(points), g_r_err(points), fmt="ko", ms=3.0, lw=0.8, label="PADME Run III"
    )
    root_s = curve_energies(model)
    for coupling, color, style in ((0.0, GREY, "--"), (5e-4, BLUE, "-"), (1e-3, VERMILLION, "-.")):
        parameters = np.array(model.centers)
        parameters[SIGNAL_INDEX] = coupling**2
        label = f"boson of {SQRT_S} MeV, g = {1e4 * coupling:.0f}e-4" if coupling else "no boson"
        axes.plot(root_s, expected_curve(model, parameters, SQRT_S, root_s), style, color=color, label=label)
    axes.set(
        xlabel="energy in the centre of mass, √s [MeV]",
        ylabel=r"observed over expected, $g_R$",
        ylim=(0.975, 1.085),
    )
    axes.legend(loc="upper left")
    return figure


if __name__ == "__main__":
    with house_style():
        for name, figure in (("apparatus", draw_apparatus(load_setup("padme-run3"))), ("bump", draw_bump())):
            figure.savefig(IMAGES / f"{name}.png", dpi=150)
