"""What is left of a boson's coupling at a mass, and which experiments close it in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from x17.constraints.bound import Bound
from x17.constraints.couplings import CouplingRatios
from x17.constraints.intervals import Excluded, Gap, gaps
from x17.errors import UsageError
from x17.theory.boson import SpinParity


@dataclass(frozen=True, slots=True, eq=False)
class BoundAtMass:
    """One bound at one mass.

    Attributes
    ----------
    bound : Bound
    excluded : tuple of Excluded
        In g_ve; empty if it says nothing.
    silence : str
        Why it says nothing, or empty.
    counted : bool
        Whether `gaps` were found with it.
    """

    bound: Bound
    excluded: tuple[Excluded, ...]
    silence: str
    counted: bool


@dataclass(frozen=True, slots=True, eq=False)
class Allowed:
    """Couplings that are left at a mass.

    Attributes
    ----------
    mass_mev : float
    boson : SpinParity
    ratios : CouplingRatios
    rows : tuple of BoundAtMass
        Every bound, those left out among them.
    gaps : tuple of Gap
        What is left, by rising g_ve; empty if nothing is.
    """

    mass_mev: float
    boson: SpinParity
    ratios: CouplingRatios
    rows: tuple[BoundAtMass, ...]
    gaps: tuple[Gap, ...]


def choose(bounds: Sequence[Bound], more: Sequence[str] = (), fewer: Sequence[str] = ()) -> frozenset[str]:
    """Keys of the bounds that count.

    Parameters
    ----------
    bounds : sequence of Bound
    more, fewer : sequence of str
        Keys to add to those used by default, and to leave out.

    Returns
    -------
    frozenset of str

    Raises
    ------
    UsageError
        A key that no bound has.
    """
    known = {bound.key for bound in bounds}
    for key in (*more, *fewer):
        if key not in known:
            raise UsageError(f"there is no bound {key!r}; allowed: {', '.join(sorted(known))}")
    return frozenset(({bound.key for bound in bounds if bound.used} | set(more)) - set(fewer))


def allowed_couplings(
    bounds: Sequence[Bound],
    mass: float,
    boson: SpinParity,
    ratios: CouplingRatios | None = None,
    counted: frozenset[str] | None = None,
) -> Allowed:
    """Intersect bounds at one mass.

    Parameters
    ----------
    bounds : sequence of Bound
    mass : float
        MeV.
    boson : SpinParity
    ratios : CouplingRatios, optional
        A protophobic boson of which muons know nothing, by default.
    counted : frozenset of str, optional
        Keys of those that count; by default those used unless asked for.

    Returns
    -------
    Allowed
    """
    how = ratios or CouplingRatios()
    keys = choose(bounds) if counted is None else counted
    rows = tuple(
        BoundAtMass(
            bound, bound.excluded(mass, boson, how), bound.silence(mass, boson, how), bound.key in keys
        )
        for bound in bounds
    )
    excluded = [interval for row in rows if row.counted for interval in row.excluded]
    return Allowed(mass, boson, how, rows, gaps(excluded))
