"""Opening angles against the excitation energy, with the curves of constant mass."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from x17.nuclear.masses.mass_result import MassResult
from x17.nuclear.pair_angles.boson_decay import theta_min
from x17.report.figures.nuclear_looks import color_of, marker_of, nucleus_text
from x17.report.style import BLACK, GREY, house_style, legend_above, minor_ticks, new_figure

_CURVES = ((16.7, ":"), (16.85, "--"), (17.0, "-."))


@house_style()
def draw_angles(result: MassResult) -> Figure:
    """Smallest opening angle of every row, measured or of its mass, and θ_min = 2 asin(m/E_x).

    Parameters
    ----------
    result : MassResult

    Returns
    -------
    Figure
    """
    fit = result.fit
    figure = new_figure(4.6)
    axes = figure.add_subplot()
    energy = fit.inputs.relation.excitation
    span = float(np.ptp(energy)) or 1.0
    x = np.linspace(float(energy.min()) - 0.1 * span, float(energy.max()) + 0.1 * span, 400)
    for mass, style in _CURVES:
        _draw_curve(axes, x, mass, GREY, style, f"{mass:g} MeV")
    _draw_curve(axes, x, fit.mass_mev, BLACK, "-", f"Fit: {fit.mass_mev:.2f} MeV")
    errors = np.sqrt(np.diag(fit.inputs.angle_covariance))
    seen: set[tuple[str, bool]] = set()
    for k, row in enumerate(fit.rows):
        derived = fit.inputs.derived[k]
        first = (row.nucleus, derived) not in seen
        seen.add((row.nucleus, derived))
        label = nucleus_text(row.nucleus) + (" (angle of the published mass)" if derived else "")
        axes.errorbar(
            [energy[k]],
            [np.degrees(fit.inputs.angles[k])],
            yerr=[np.degrees(errors[k])],
            xerr=[_spread(result, k)],
            fmt=marker_of(row.nucleus),
            color=color_of(row.nucleus),
            markerfacecolor="white" if derived else color_of(row.nucleus),
            elinewidth=1.0,
            label=label if first else None,
        )
    axes.set_xlabel(r"Excitation energy $E_x$ [MeV]")
    axes.set_ylabel(r"Smallest opening angle $\theta_\mathrm{min}$ [degrees]")
    axes.set_ylim(top=min(180.0, axes.get_ylim()[1]))
    minor_ticks(axes)
    legend_above(figure, axes, "The X17 in nuclei", about=": angles and energies", first="Fit")
    return figure


def _spread(result: MassResult, k: int) -> float:
    """Half the range of excitation energies that one result stands for."""
    from x17.nuclear.transitions import reaction_of

    row = result.fit.rows[k]
    energies = reaction_of(row.target).excitation_mev(np.array(row.beam_energies_kev) / 1000.0)
    return 0.5 * float(np.ptp(energies))


def _draw_curve(
    axes: Axes,
    energy: np.ndarray[tuple[int], np.dtype[np.float64]],
    mass: float,
    color: str,
    style: str,
    label: str,
) -> None:
    allowed = energy[energy > mass]
    if allowed.size:
        angle = np.degrees(theta_min(np.full(allowed.size, mass), allowed))
        axes.plot(allowed, angle, style, color=color, linewidth=1.2, label=label)
