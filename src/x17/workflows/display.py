"""One simulated event as a picture: the function behind `x17 display`."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from x17.errors import UsageError
from x17.kinematics import sqrt_s_mev
from x17.workflows.event_files import read_events
from x17.workflows.setup_of_events import setup_of_record

PICTURES = ("png", "svg")


def draw_event(path: Path, number: int, out: Path, setup_name: str | None = None) -> Path:
    """Draw the hits of an event, and where its particles came in.

    Parameters
    ----------
    path : Path
        Simulated events.
    number : int
        Of the event in its sample, as in the column `event`.
    out : Path
        Ends in .png or .svg; its folder is there.
    setup_name : str, optional
        Setup of the events; the shipped one of the name in the file by default.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    UsageError, InputError
        Events, a setup or a file name that cannot be used.
    """
    from x17.report.figure_files import save_figure
    from x17.report.figures.calorimeter_face import draw_calorimeter_face

    kind = out.suffix.removeprefix(".").lower()
    if kind not in PICTURES:
        raise UsageError(f"--out {out}; allowed: a name that ends in .png or .svg")
    if not out.parent.is_dir():
        raise UsageError(f"--out {out}: there is no folder {out.parent}; make it first")
    table = read_events(path)
    setup = setup_of_record(table.about, setup_name)
    places = np.flatnonzero(table.scalars["event"] == number)
    if places.size == 0:
        first, last = table.scalars["event"][[0, -1]]
        raise UsageError(f"--event {number}: {path} has no such event; allowed: {first} to {last}")
    row = int(places[0])
    hits, particles = table.lists["hit"], table.lists["particle"]
    mine = table.event_of("hit") == row
    channel = setup.calorimeter.cells.channel
    cell = np.searchsorted(channel, hits["channel"][mine])
    energies = np.bincount(cell, hits["energy_mev"][mine], minlength=channel.size)
    seen = (table.event_of("particle") == row) & np.isfinite(particles["impact_x_mm"])
    impacts = np.stack(
        [particles[name][seen] for name in ("impact_x_mm", "impact_y_mm", "energy_mev")], axis=1
    )
    figure = draw_calorimeter_face(
        setup,
        round(float(sqrt_s_mev(table.about["beam_energy_mev"])), 4),
        cell_energies_mev=energies,
        clusters=impacts,
        clusters_name="Particles",
        subject=f"simulated event {number} of {table.about['process']}",
    )
    (saved,) = save_figure(figure, out.parent, out.stem, (kind,))
    return saved
