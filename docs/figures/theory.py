"""Figures of the theory pages: python docs/figures/theory.py writes them to docs/images."""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from x17.report.style import house_style
from x17.theory.boson import Boson, SpinParity
from x17.theory.compton import Diamond, carbon_atom
from x17.theory.production import yield_curve
from x17.theory.published_yield import PUBLISHED_YIELD
from x17.theory.qed.born_bhabha import bhabha_differential
from x17.theory.qed.born_two_photon import two_photon_differential
from x17.theory.target import Target

IMAGES = Path(__file__).parents[1] / "images"
BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#BBBBBB"


def draw_yield() -> Figure:
    """Yield with and without the motion of the electrons, and the published points."""
    boson, target = Boson(17.0, SpinParity.VECTOR, 1e-3), Target()
    energy = np.linspace(272.0, 293.0, 600)
    figure = Figure(figsize=(6.0, 4.2), layout="constrained")
    axes = figure.subplots()
    for profile, label, color, style in (
        (None, "electrons at rest", GREY, "--"),
        (carbon_atom(), "free carbon atoms", ORANGE, "-."),
        (Diamond(), "diamond", BLUE, "-"),
    ):
        values = yield_curve(boson, target, energy, 0.005, profile).yield_per_pot
        axes.plot(energy, 1e6 * values, style, color=color, label=label)
    points, values = PUBLISHED_YIELD.T
    axes.errorbar(points, 1e6 * values, 0.05e6 * values, fmt="ko", ms=3.5, label="arXiv:2403.15387, ±5 %")
    axes.set(
        xlabel="Beam energy [MeV]",
        ylabel=r"Bosons per positron [$10^{-6}$]",
        title=r"17 MeV vector, $g=10^{-3}$, 0.1 mm of diamond, beam spread 0.5 %",
        ylim=(0, None),
    )
    axes.title.set_size("small")
    axes.legend(frameon=False)
    return figure


def draw_angles() -> Figure:
    """Angular distributions of Bhabha scattering and annihilation into photons, with PADME's acceptance."""
    cosine = np.linspace(-0.9, 0.9, 400)
    figure = Figure(figsize=(6.0, 4.2), layout="constrained")
    axes = figure.subplots()
    axes.axvspan(-0.3805, 0.3805, color=GREY, alpha=0.5, label="accepted, Run III")
    axes.plot(cosine, bhabha_differential(16.9, cosine), color=BLUE, label=r"$e^+e^-\to e^+e^-$")
    axes.plot(cosine, bhabha_differential(16.9, cosine, "s"), "--", color=BLUE, label=r"of it, $s$ channel")
    axes.plot(cosine, two_photon_differential(16.9, cosine), color=ORANGE, label=r"$e^+e^-\to\gamma\gamma$")
    axes.set(
        xlabel=r"$\cos\theta^*$",
        ylabel=r"$d\sigma/d\Omega$ [µb/sr]",
        yscale="log",
        ylim=(10, 1e5),
        title=r"Tree level, $\sqrt{s}=16.9$ MeV, with the electron mass",
    )
    axes.title.set_size("small")
    axes.legend(frameon=False, loc="upper left")
    return figure


if __name__ == "__main__":
    with house_style():
        for name, figure in (("yield", draw_yield()), ("angles", draw_angles())):
            figure.savefig(IMAGES / f"{name}.png", dpi=150)
