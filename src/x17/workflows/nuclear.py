"""`x17 nuclear angle` and `x17 nuclear spectrum`: pairs from nuclei as plain documents."""

from __future__ import annotations

import math
from typing import Any

from x17.nuclear.pair_angles.boson_decay import emitted_with_recoil, theta_min
from x17.nuclear.transitions import reaction_of

Document = dict[str, Any]


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
