"""Bunches from events of PADME's reconstruction."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from x17.reconstruction.padme_events import PadmeEvents
from x17.simulation.digitisation.bunch_monitors import Bunches

FloatArray = NDArray[np.float64]


def bunches_of(events: PadmeEvents) -> Bunches:
    """Take what the monitors saw from the bunches that the beam triggered.

    The energy in the calorimeter is the sum of its clusters, without those, of its hits. The files have no
    pixel detector: its columns are NaN, and the leakage will be that of the beam in the setup.

    Parameters
    ----------
    events : PadmeEvents

    Returns
    -------
    Bunches
        Numbers of positrons are 0: no one knows them. What the file lacks is NaN.
    """
    beam = events.has_beam
    nothing = np.full(int(beam.sum()), np.nan)
    target, glass = events.target, events.lead_glass
    return Bunches(
        n_positrons=np.zeros(nothing.size, dtype=np.int64),
        lead_glass_pc=nothing if glass is None else glass.charge_pc[beam],
        # Each side collects the charge of all positrons.
        target_pc=nothing if target is None else 0.5 * (target.charge_x_pc + target.charge_y_pc)[beam],
        target_x_mm=nothing if target is None else target.x_mm[beam],
        target_y_mm=nothing if target is None else target.y_mm[beam],
        target_sigma_x_mm=nothing if target is None else target.sigma_x_mm[beam],
        target_sigma_y_mm=nothing if target is None else target.sigma_y_mm[beam],
        pixel_x_mm=nothing,
        pixel_y_mm=nothing,
        pixel_sigma_x_mm=nothing,
        pixel_sigma_y_mm=nothing,
        run=events.run[beam],
        calorimeter_mev=_calorimeter_mev(events)[beam],
    )


def _calorimeter_mev(events: PadmeEvents) -> FloatArray:
    parts = events.clusters if events.clusters is not None else events.hits
    if parts is None:
        return np.full(events.n_events, np.nan)
    return np.bincount(parts.event, parts.energy, minlength=events.n_events).astype(np.float64)
