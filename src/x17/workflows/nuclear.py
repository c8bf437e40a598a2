"""`x17 nuclear angle` and `x17 nuclear spectrum`: pairs from nuclei as plain documents."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from x17.errors import UsageError
from x17.nuclear.pair_angles.born import require_transition
from x17.nuclear.pair_angles.boson_decay import EmittedBoson, emitted_with_recoil, theta_min
from x17.nuclear.pair_angles.mixture import MultipoleMixture
from x17.nuclear.transitions import reaction_of

Document = dict[str, Any]

ANGLES_DEG = (90, 109, 120, 130, 140)
"""Angles above which shares are quoted."""

BIN_DEG = 5.0
"""Width of the bins of a spectrum."""


def angle_document(target: str, beam_energy: float, mass: float) -> Document:
    """The smallest opening angle of X → e⁺e⁻ after a capture to the ground state.

    Parameters
    ----------
    target : str
        `7Li`, `3H`, `11B` or `n3He`.
    beam_energy : float
        Kinetic energy of the projectile, MeV.
    mass : float
        m_X, MeV.

    Returns
    -------
    dict
        `excitation_mev`; `theta_min_deg`, 2 asin(m_X/E_x); `theta_min_exact_deg` and `beta_x` in the frame of
        the excited nucleus, with its recoil and the electron mass.

    Raises
    ------
    UsageError
        An unknown target, a beam energy out of range, or too heavy a boson.
    """
    reaction = reaction_of(target)
    boson = emitted_with_recoil(mass, reaction, beam_energy)
    excitation = float(reaction.excitation_mev(beam_energy))
    return {
        "excitation_mev": excitation,
        "theta_min_deg": math.degrees(float(theta_min(mass, excitation))),
        "theta_min_exact_deg": math.degrees(boson.theta_min),
        "beta_x": boson.beta,
    }


def spectrum_document(
    transition: float,
    multipole: str,
    mass: float | None = None,
    rate: float | None = None,
    y_cut: float | None = None,
) -> Document:
    """Opening angles of the pairs of a transition, with or without a boson.

    Parameters
    ----------
    transition : float
        W, MeV.
    multipole : str
        One multipolarity, or a mixture as `M1:0.77,E1:0.23`.
    mass : float, optional
        m_X, MeV.
    rate : float, optional
        Bosons per photon; of E0, per internal pair.
    y_cut : float, optional
        Largest |y| of the pairs in `pairs_within_y_cut`.

    Returns
    -------
    dict
        `pair_coefficient` (None for E0), `fraction_above_deg`, the spectrum in bins as shares of the internal
        pairs, and under `boson` the same of the boson, None without.

    Raises
    ------
    UsageError
        Values that cannot be used, or a boson above the transition energy.
    """
    mixture = MultipoleMixture.parse(multipole)
    require_transition(transition)
    edges = np.arange(0.0, 180.0 + 0.5 * BIN_DEG, BIN_DEG)
    above = np.array([mixture.fraction_above(transition, math.radians(angle)) for angle in edges])
    return {
        "transition_mev": transition,
        "multipole": str(mixture),
        "pair_coefficient": mixture.pair_coefficient(transition),
        "fraction_above_deg": _above(lambda angle: mixture.fraction_above(transition, angle)),
        "y_cut": y_cut,
        "fraction_within_y_cut": None if y_cut is None else mixture.fraction_above(transition, 0.0, y_cut),
        "fraction_above_deg_within_y_cut": None
        if y_cut is None
        else _above(lambda angle: mixture.fraction_above(transition, angle, y_cut)),
        "bin_edges_deg": edges.tolist(),
        "share_per_bin": (above[:-1] - above[1:]).tolist(),
        "boson": _boson_part(transition, mixture, mass, rate, y_cut, edges),
    }


def _above(fraction: Callable[[float], float]) -> dict[str, float]:
    return {str(angle): float(fraction(math.radians(angle))) for angle in ANGLES_DEG}


def _boson_part(
    transition: float,
    mixture: MultipoleMixture,
    mass: float | None,
    rate: float | None,
    y_cut: float | None,
    edges: np.ndarray,
) -> Document | None:
    if mass is None:
        if rate is not None:
            raise UsageError("--rate is given without --mass; allowed: both, or --mass alone")
        return None
    if rate is not None and not (math.isfinite(rate) and rate >= 0.0):
        raise UsageError(f"--rate {rate:g}; allowed: 0 or above, bosons per photon")
    boson = EmittedBoson(mass, transition)
    above = boson.fraction_above(np.radians(edges))
    coefficient = mixture.pair_coefficient(transition)
    return {
        "mass_mev": mass,
        "rate": rate,
        "per_internal_pair": None if rate is None else rate / (1.0 if coefficient is None else coefficient),
        "theta_min_deg": math.degrees(boson.theta_min),
        "beta_x": boson.beta,
        "y_max": boson.y_max,
        "fraction_above_deg": _above(lambda angle: float(boson.fraction_above(angle))),
        "fraction_within_y_cut": None if y_cut is None else float(boson.fraction_above(0.0, y_cut)),
        "share_per_bin": (above[:-1] - above[1:]).tolist(),
    }
