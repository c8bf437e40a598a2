"""Events near the two-cluster selection: those worth simulating when only pairs are counted.

The region is that of the selection about the true beam axis, wider by a margin for what the detector smears:
radii above R_min − Δ − margin, azimuth in the wedge or within the margin of its edge, one of the two (or
both) inside R_max + margin, energies within a quarter of the allowed range and times within 5 ns of the
window.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.setup import Setup
from x17.kinematics import sqrt_s_mev
from x17.simulation.digitisation.bunch_monitors import spot_sigma_mm
from x17.simulation.events import EventBatch
from x17.simulation.transport import MEV_PER_TESLA_MM, Arrivals, to_calorimeter

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]

ENERGY_MARGIN = 0.25
"""Of the least and the largest energy: five times the resolution of a cluster at 200 MeV."""
TIME_MARGIN_NS = 5.0
"""Four times the resolution of the difference of two times."""

_REACH = 5.0
"""Widths of the beam spot that are left beside the narrowest angle."""


def near_selection(events: EventBatch, setup: Setup, beam_energy_mev: float, margin_mm: float) -> BoolArray:
    """Whether the particles of an event fly to where the selection could take two of them.

    Parameters
    ----------
    events : EventBatch
        Without pile-up.
    setup : Setup
        As it truly is: radii are about its beam axis.
    beam_energy_mev : float
        Mean total energy, MeV.
    margin_mm : float
        By which the region is wider than the selection.

    Returns
    -------
    ndarray of bool, shape (n_events,)
    """
    cuts, sqrt_s = setup.pair_cuts, float(sqrt_s_mev(beam_energy_mev))
    arrivals = to_calorimeter(events, setup)
    x, y = _from_axis(arrivals, setup)
    radius, energy = np.hypot(x, y), events.energy[arrivals.particle]
    half_width = cuts.azimuth_half_width_rad
    inside = radius > float(setup.r_min_mm(sqrt_s)) - cuts.margin_mm - margin_mm
    inside &= np.abs(y) * np.cos(half_width) - np.abs(x) * np.sin(half_width) < margin_mm
    inside &= energy > least_energy_mev(setup, beam_energy_mev)
    inside &= energy < (1.0 + ENERGY_MARGIN) * float(setup.e_max_mev(sqrt_s)) / cuts.e_max_factor
    event = events.event[arrivals.particle[inside]]
    within = event[radius[inside] < cuts.r_max_mm + margin_mm]
    needed = 2 if cuts.r_max_applies_to == "both" else 1
    near = np.bincount(event, minlength=events.n_events) >= 2
    near &= np.bincount(within, minlength=events.n_events) >= needed
    apart = _time_apart(event, arrivals.time[inside], events.n_events)
    return np.asarray(near & (apart < cuts.time_window_ns + TIME_MARGIN_NS))


def least_energy_mev(setup: Setup, beam_energy_mev: float) -> float:
    """Energy below which no particle is near the selection, MeV.

    Parameters
    ----------
    setup : Setup
    beam_energy_mev : float
        Mean total energy, MeV.

    Returns
    -------
    float
    """
    e_min = float(setup.e_min_mev(sqrt_s_mev(beam_energy_mev)))
    return (1.0 - ENERGY_MARGIN) * setup.pair_cuts.e_min_factor * e_min


def least_angle_rad(setup: Setup, beam_energy_mev: float, margin_mm: float) -> float:
    """Angle to the positron that made it below which no particle gets near the selection.

    (R_min − Δ − margin − 5σ − kick)/D, with the width σ of the beam at the calorimeter and what the field
    does to a particle of the least energy: above it is all that `near_selection` keeps, but for 1e-6.

    Parameters
    ----------
    setup : Setup
    beam_energy_mev : float
        Mean total energy, MeV.
    margin_mm : float

    Returns
    -------
    float
        0 or more, rad.
    """
    distance = setup.calorimeter.front_face_z_mm - setup.target.z_mm
    radius = float(setup.r_min_mm(sqrt_s_mev(beam_energy_mev))) - setup.pair_cuts.margin_mm - margin_mm
    spot = max(spot_sigma_mm(setup.beam, distance))
    field = setup.residual_field
    turn = MEV_PER_TESLA_MM * np.hypot(field.bx_t, field.by_t) * (field.z_max_mm - field.z_min_mm)
    kick = float(turn) / least_energy_mev(setup, beam_energy_mev) * distance
    return max(float(np.arctan((radius - _REACH * spot - kick) / distance)), 0.0)


def _from_axis(arrivals: Arrivals, setup: Setup) -> tuple[FloatArray, FloatArray]:
    x, y = setup.beam_axis_mm(setup.calorimeter.front_face_z_mm)
    return arrivals.x - x, arrivals.y - y


def _time_apart(event: NDArray[np.int64], time: FloatArray, n_events: int) -> FloatArray:
    """Time between the first and the last particle of each event."""
    first, last = np.full(n_events, np.inf), np.full(n_events, -np.inf)
    np.minimum.at(first, event, time)
    np.maximum.at(last, event, time)
    return np.asarray(last - first)
