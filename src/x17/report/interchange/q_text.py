"""What a simplification costs in Q, as a document and as a sentence."""

from __future__ import annotations

from typing import Any

import numpy as np

from x17.statistics.q_difference import QDifference

Q_LEVELS = (0.0, 4.0, 9.0)
"""The change of Q is quoted where the full Q is below these: best fit, two and three standard deviations."""


def change_document(change: QDifference) -> dict[str, Any]:
    """Largest |ΔQ| on the grid, and where it matters.

    Parameters
    ----------
    change : QDifference

    Returns
    -------
    dict
    """
    mass, coupling = change.place_of_largest
    return {
        "largest_q_difference": change.largest,
        "at_mass_mev": mass,
        "at_g_ve": coupling,
        "largest_q_difference_where_q_is_below": {f"{q:g}": change.largest_below(q) for q in Q_LEVELS},
        "failed_fits": change.n_failed,
        "masses_mev": [float(change.masses[0]), float(change.masses[-1]), change.masses.size],
        "couplings": [float(change.couplings[0]), float(change.couplings[-1]), change.couplings.size],
    }


def change_text(change: QDifference) -> str:
    """Half a sentence: "at most … where Q < …".

    Parameters
    ----------
    change : QDifference

    Returns
    -------
    str
    """
    levels = [q for q in Q_LEVELS if np.any(change.ok & (change.full < q))]
    near = ", ".join(f"{change.largest_below(q):.2g} where Q < {q:g}" for q in levels)
    mass, coupling = change.place_of_largest
    most = f"at most {near}; " if near else ""
    return f"{most}{change.largest:.2g} at {mass:.2f} MeV and g_ve = {coupling:.2g}"
