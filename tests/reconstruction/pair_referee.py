"""The selection of pairs in plain Python, from vectors and from the sentences that describe it."""

import math

import numpy as np

from x17.apparatus.setup import Setup
from x17.constants import ELECTRON_MASS_MEV
from x17.reconstruction.beam_line import BeamLine
from x17.reconstruction.clusters import Clusters
from x17.reconstruction.pair_selection import SelectionSettings


def polar(line: BeamLine, x: float, y: float, z: float) -> tuple[float, float]:
    """Polar angle to the line and azimuth about it, by a rotation that turns the line onto z."""
    axis = np.array([*line.slopes, 1.0])
    axis /= np.linalg.norm(axis)
    flight = np.array([x - line.target_x_mm, y - line.target_y_mm, z - line.target_z_mm])
    flight /= np.linalg.norm(flight)
    turn = np.cross(axis, [0.0, 0.0, 1.0])
    angle = math.asin(min(float(np.linalg.norm(turn)), 1.0))
    if angle > 0.0:
        k = turn / np.linalg.norm(turn)
        flight = (
            flight * math.cos(angle)
            + np.cross(k, flight) * math.sin(angle)
            + k * (k @ flight) * (1.0 - math.cos(angle))
        )
    return math.acos(min(flight[2], 1.0)), math.atan2(flight[1], flight[0])


def boosted(theta: float, energy: float, sqrt_s: float) -> float:
    """Polar angle of a massless particle after a boost to the centre of mass of beam and electron."""
    beam = (sqrt_s**2 - 2.0 * ELECTRON_MASS_MEV**2) / (2.0 * ELECTRON_MASS_MEV)
    beta = math.sqrt(beam**2 - ELECTRON_MASS_MEV**2) / (beam + ELECTRON_MASS_MEV)
    gamma = (beam + ELECTRON_MASS_MEV) / sqrt_s
    along = gamma * (energy * math.cos(theta) - beta * energy)
    return math.atan2(energy * math.sin(theta), along)


def select(
    clusters: Clusters,
    run: np.ndarray,
    lines: list[BeamLine],
    sqrt_s: float,
    setup: Setup,
    settings: SelectionSettings,
) -> dict[int, tuple[int, int]]:
    """Clusters of the pair of each event that has one, that of higher energy first."""
    cuts = settings.cuts
    distance = setup.calorimeter.front_face_z_mm + cuts.plane_depth_mm - setup.target.z_mm
    boost = sqrt_s / (2.0 * ELECTRON_MASS_MEV)
    r_min = (distance / boost) ** 2 / cuts.r_max_mm
    e_of = {r: boost * sqrt_s / (1.0 + (boost * r / distance) ** 2) for r in (r_min, cuts.r_max_mm)}
    beam = (sqrt_s**2 - 2.0 * ELECTRON_MASS_MEV**2) / (2.0 * ELECTRON_MASS_MEV)
    z = setup.calorimeter.front_face_z_mm + settings.cluster_depth_mm
    chosen: dict[int, tuple[int, int]] = {}
    best: dict[int, float] = {}
    seen = [
        polar(lines[run[e]], x, y, z) for e, x, y in zip(clusters.event, clusters.x, clusters.y, strict=True)
    ]
    for a in range(clusters.size):
        for b in range(a + 1, clusters.size):
            if clusters.event[a] != clusters.event[b]:
                continue
            event = int(clusters.event[a])
            radii = [distance * math.tan(seen[i][0]) for i in (a, b)]
            energies = [float(clusters.energy[i]) for i in (a, b)]
            within = [r < cuts.r_max_mm for r in radii]
            good = (
                abs(clusters.time[a] - clusters.time[b]) < cuts.time_window_ns
                and math.hypot(clusters.x[a] - clusters.x[b], clusters.y[a] - clusters.y[b])
                > cuts.min_separation_mm
                and all(e > cuts.e_min_factor * e_of[cuts.r_max_mm] for e in energies)
                and all(e < e_of[r_min] / cuts.e_max_factor for e in energies)
                and all(r > r_min - cuts.margin_cells * cuts.margin_cell_mm for r in radii)
                and (all(within) if cuts.r_max_applies_to == "both" else any(within))
                and all(
                    min(abs(seen[i][1]), math.pi - abs(seen[i][1])) <= cuts.azimuth_half_width_rad
                    for i in (a, b)
                )
            )
            sigma = math.hypot(*(float(setup.calorimeter.cluster_sigma_mev(e)) for e in energies))
            chi_square = ((beam - sum(energies)) / sigma) ** 2
            if good and chi_square < best.get(event, math.inf):
                best[event] = chi_square
                chosen[event] = (a, b) if energies[0] >= energies[1] else (b, a)
    return chosen
