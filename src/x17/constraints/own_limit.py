"""The limit of a scan of ours as a bound."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np

from x17.constraints.bound import Bound
from x17.constraints.curve import Curve, Curves
from x17.errors import UsageError
from x17.theory.boson import SpinParity


def own_limit(
    mass_mev: Sequence[float],
    coupling: Sequence[float | None],
    boson: SpinParity,
    *,
    key: str,
    label: str,
    confidence: str,
    origin: str,
) -> Bound:
    """Upper limits of a search as a bound; it says nothing at masses next to one without a limit.

    Parameters
    ----------
    mass_mev : sequence of float
        Rising.
    coupling : sequence of float or None
        Limit on g_ve at each mass; None where none could be set.
    boson : SpinParity
        The one that was searched for.
    key, label, confidence, origin : str
        As in `Bound`.

    Returns
    -------
    Bound

    Raises
    ------
    UsageError
        No limit at any mass.
    """
    pairs = zip(mass_mev, coupling, strict=True)
    parts = []
    for known, rows in groupby(pairs, key=lambda pair: pair[1] is not None):
        if known:
            masses, limits = np.array(list(rows), dtype=np.float64).T
            parts.append(Curve(masses, limits, None))
    if not parts:
        raise UsageError(f"{origin}: holds no limit at any mass")
    return Bound(
        key=key,
        label=label,
        reference="own search",
        confidence=confidence,
        spin_parities=(boson,),
        rule=Curves(tuple(parts)),
        read_at_source=True,
        origin=origin,
        own=True,
        assumptions="resonant production on the electrons of the target; X decays to e+e− only",
    )
