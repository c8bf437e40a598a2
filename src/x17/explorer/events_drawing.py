"""What the face of the calorimeter shows, as plain numbers and words for the browser."""

from __future__ import annotations

import math
from typing import Any

from x17.apparatus import Setup
from x17.workflows.explore_events import (
    Circles,
    ExploredEvent,
    ExploredEvents,
    ShownCluster,
    energy_range_mev,
)

Drawing = dict[str, Any]
Rows = list[tuple[str, str]]

BORDER_CELLS = 1.5
_PLENTY = 1e10
"""Positrons for which numbers of events are given: about a period of PADME Run III."""


def face_drawing(setup: Setup) -> Drawing:
    """All that does not change: crystals, hole, shadow of the bore, wedge.

    Parameters
    ----------
    setup : Setup

    Returns
    -------
    dict
        Lengths in mm, angles in rad; `top` is the upper end of the colour scale, MeV.
    """
    calorimeter, cells = setup.calorimeter, setup.calorimeter.cells
    across = max(calorimeter.n_columns, calorimeter.n_rows) + 2.0 * BORDER_CELLS
    return {
        # Tuples: NiceGUI watches every list that it is given for changes.
        "cells": tuple(
            (round(float(x), 2), round(float(y), 2)) for x, y in zip(cells.x_mm, cells.y_mm, strict=True)
        ),
        "dead": [int(k) for k in cells.dead.nonzero()[0]],
        "side": cells.crystal_side_mm,
        "center": [calorimeter.offset_x_mm, calorimeter.offset_y_mm],
        "reach": 0.5 * across * calorimeter.pitch_mm,
        "hole": calorimeter.hole_radius_mm,
        "shadow": [round(edge, 2) for edge in setup.bore_shadow_mm],
        "wedge": setup.pair_cuts.azimuth_half_width_rad,
        "top": round(energy_range_mev(setup)[1], -1),
    }


def circles_drawing(circles: Circles) -> Drawing:
    """What moves with the beam energy.

    Parameters
    ----------
    circles : Circles

    Returns
    -------
    dict
        Radii in mm.
    """
    return {
        "center": [round(circles.center_x_mm, 2), round(circles.center_y_mm, 2)],
        "r_min": round(circles.r_min_mm, 3),
        "r_max": round(circles.r_max_mm, 3),
        "r_least": round(circles.r_least_mm, 3),
    }


def event_drawing(event: ExploredEvent, *, truth: bool) -> Drawing:
    """One event.

    Parameters
    ----------
    event : ExploredEvent
    truth : bool
        Whether what was simulated is shown.

    Returns
    -------
    dict
    """
    pair = () if event.pair is None else (event.pair.first, event.pair.second)
    selected = event.pair is not None and event.pair.selected
    return {
        "cells": tuple(
            (int(k), round(float(energy), 1), bool(good))
            for k, energy, good in zip(event.cell, event.energy_mev, event.in_time, strict=True)
        ),
        "clusters": [_cluster(one, k in pair) for k, one in enumerate(event.clusters)],
        "verdict": "selected" if selected else "failed",
        "truth": [
            {
                "x": round(one.x_mm, 1),
                "y": round(one.y_mm, 1),
                "own": one.own,
                "label": f"{one.name} {one.energy_mev:.0f}",
                "title": f"simulated {one.name} of {one.energy_mev:.1f} MeV"
                + ("" if one.own else ", of the bunch beside the event"),
            }
            for one in event.particles
        ]
        if truth
        else None,
    }


def _cluster(cluster: ShownCluster, pair: bool) -> Drawing:
    return {
        "x": round(cluster.x_mm, 1),
        "y": round(cluster.y_mm, 1),
        "pair": pair,
        "in_time": cluster.in_time,
        "label": f"{cluster.energy_mev:.0f} MeV, {cluster.time_ns:.1f} ns",
        "short": f"{cluster.energy_mev:.0f} MeV",
        "title": f"cluster of {_cluster_text(cluster)}",
    }


def _cluster_text(cluster: ShownCluster) -> str:
    charged = "charged" if cluster.charged else "no charged particle seen"
    return (
        f"{cluster.energy_mev:.0f} MeV at x = {_signed(cluster.x_mm)}, y = {_signed(cluster.y_mm)} mm "
        f"(R = {cluster.radius_mm:.0f} mm), {cluster.time_ns:.1f} ns, {charged}"
    )


def _signed(value: float, sign: str = "-") -> str:
    return f"{value:{sign}.0f}".replace("-", "−")


def face_text(circles: Circles, event: ExploredEvent | None, total: int) -> str:
    """What the drawing shows, for those who do not see it.

    Parameters
    ----------
    circles : Circles
    event : ExploredEvent or None
    total : int
        Events there are.

    Returns
    -------
    str
    """
    radii = f"R_min {circles.r_min_mm:.0f} mm, R_max {circles.r_max_mm:.0f} mm."
    head = "Face of the calorimeter as the beam sees it."
    if event is None:
        return f"{head} No event. {radii}"
    n = len(event.clusters)
    listed = "; ".join(_cluster_text(one) for one in event.clusters[:6])
    more = f"; and {n - 6} more" if n > 6 else ""
    clusters = f"{n} {'cluster' if n == 1 else 'clusters'}" + (f": {listed}{more}." if n else ".")
    return f"{head} Event {event.number} of {total}. {event.verdict} {clusters} {radii}"


def beam_rows(circles: Circles) -> Rows:
    """What follows from the beam energy alone.

    Parameters
    ----------
    circles : Circles

    Returns
    -------
    list of (str, str)
    """
    within = "both" if circles.both_within else "the inner"
    return [
        ("√s", f"{circles.sqrt_s_mev:.3f} MeV"),
        ("R_min", f"{circles.r_min_mm:.1f} mm"),
        ("R_min − Δ", f"{circles.r_least_mm:.1f} mm, both beyond it"),
        ("R_max", f"{circles.r_max_mm:.0f} mm, {within} within it"),
        ("Energies", f"{circles.e_least_mev:.0f} to {circles.e_most_mev:.0f} MeV each"),
    ]


def sample_rows(explored: ExploredEvents) -> Rows:
    """What there is of all events.

    Parameters
    ----------
    explored : ExploredEvents

    Returns
    -------
    list of (str, str)
    """
    total = len(explored.events)
    rows = [
        ("Selected", f"{explored.selected.size} of {total}"),
        ("… in both angle windows", f"{explored.counted} of {total}"),
    ]
    if explored.state.near:
        rows.append(("Shown", f"{total} near the selection of {explored.made} simulated"))
    if explored.rate_per_pot is not None:
        number = explored.rate_per_pot * _PLENTY
        rows.append(("Of this kind", f"{_count(number)} in 10¹⁰ positrons, before the selection"))
    return rows


def _count(value: float) -> str:
    if value < 1e3:
        return f"{value:.3g}"
    exponent = math.floor(math.log10(value))
    digits = str(exponent).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{value / 10**exponent:.2f} × 10{digits}"


def event_rows(event: ExploredEvent, setup: Setup, beam_energy_mev: float) -> Rows:
    """Numbers of one event.

    Parameters
    ----------
    event : ExploredEvent
    setup : Setup
    beam_energy_mev : float

    Returns
    -------
    list of (str, str)
    """
    rows = [("Clusters", _clusters(event, setup.pair_cuts.time_window_ns))]
    pair = event.pair
    if pair is None:
        return rows
    first, second = event.clusters[pair.first], event.clusters[pair.second]
    return [
        *rows,
        ("First", _brief(first)),
        ("Second", _brief(second)),
        ("E₁ + E₂", f"{pair.energy_sum_mev:.0f} MeV (beam {beam_energy_mev:.0f})"),
        ("ΔR", f"{_signed(pair.delta_r_mm, '+')} mm from two-body kinematics"),
        ("Δφ", f"{math.degrees(pair.delta_phi_rad):.1f}°"),
        ("θ₁ + θ₂", f"{math.degrees(pair.sum_theta_rad):.1f}° (centre of mass)"),
        ("Invariant mass", f"{pair.mass_mev:.2f} MeV"),
    ]


def _clusters(event: ExploredEvent, window_ns: float) -> str:
    """How many there are, and how many of them in time with the pair."""
    n = len(event.clusters)
    if event.pair is None:
        return str(n) if n else "none"
    if not event.pair.in_time:
        return f"{n}, no two within {window_ns:g} ns"
    more = sum(one.in_time for one in event.clusters) - 2
    return f"{n}, in time: the pair" + (f" and {more} more" if more else "")


def _brief(cluster: ShownCluster) -> str:
    charged = ", charged" if cluster.charged else ""
    return (
        f"{cluster.energy_mev:.0f} MeV at R = {cluster.radius_mm:.0f} mm, {cluster.time_ns:.1f} ns{charged}"
    )
