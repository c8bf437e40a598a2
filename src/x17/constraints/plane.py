"""The plane of mass and coupling: what each bound excludes, as named curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from x17.constraints.allowed import choose
from x17.constraints.bound import Bound, Statement
from x17.constraints.couplings import CouplingRatios
from x17.constraints.curve import Band, FloatArray
from x17.theory.boson import SpinParity


@dataclass(frozen=True, slots=True, eq=False)
class NamedBand:
    """Excluded couplings with a name, as figures take them.

    Attributes
    ----------
    key, label : str
    mass_mev : ndarray, shape (n,)
    band : Band
        In g_ve, at these masses.
    counted : bool
        Whether the bound counts; others are drawn for comparison.
    own : bool
        Whether it is a limit of ours.
    """

    key: str
    label: str
    mass_mev: FloatArray
    band: Band
    counted: bool
    own: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class ConstraintPlane:
    """All bounds on one boson over a range of masses.

    Attributes
    ----------
    boson : SpinParity
    ratios : CouplingRatios
    mass_mev : ndarray, shape (n,)
    bands : tuple of NamedBand
        Those that say something at one of the masses; a bound may have several.
    statements : tuple of str
        Results that are no limit on g_ve, a sentence each.
    """

    boson: SpinParity
    ratios: CouplingRatios
    mass_mev: FloatArray
    bands: tuple[NamedBand, ...]
    statements: tuple[str, ...]


def constraint_plane(
    bounds: Sequence[Bound],
    mass: FloatArray,
    boson: SpinParity,
    ratios: CouplingRatios | None = None,
    counted: frozenset[str] | None = None,
) -> ConstraintPlane:
    """Evaluate bounds on a range of masses.

    Parameters
    ----------
    bounds : sequence of Bound
    mass : ndarray, shape (n,)
        Rising, MeV.
    boson : SpinParity
    ratios : CouplingRatios, optional
        A protophobic boson of which muons know nothing, by default.
    counted : frozenset of str, optional
        Keys of those that count; by default those used unless asked for.

    Returns
    -------
    ConstraintPlane
    """
    how = ratios or CouplingRatios()
    keys = choose(bounds) if counted is None else counted
    bands = tuple(
        NamedBand(bound.key, bound.label, mass, band, bound.key in keys, bound.own)
        for bound in bounds
        for band in bound.bands(mass, boson, how)
        if band.known.any()
    )
    statements = tuple(
        f"{bound.label} excludes {bound.rule.excludes}"
        for bound in bounds
        if isinstance(bound.rule, Statement) and boson in bound.spin_parities
    )
    return ConstraintPlane(boson, how, mass, bands, statements)
