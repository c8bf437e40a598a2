"""The spectrum of opening angles of a transition, with a boson's beside it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.errors import UsageError
from x17.nuclear.pair_angles.born import require_transition
from x17.nuclear.pair_angles.boson_decay import EmittedBoson
from x17.nuclear.pair_angles.mixture import MultipoleMixture
from x17.nuclear.transitions.levels import transitions_of

FloatArray = NDArray[np.float64]

BIN_DEG = 5.0
"""Width of the bins of a spectrum, degrees."""


@dataclass(frozen=True, slots=True, eq=False)
class AngleSpectrum:
    """Opening angles of the pairs of one transition, as emitted.

    Attributes
    ----------
    name : str
        Of the transition.
    energy_mev : float
        W.
    mixture : MultipoleMixture
    boson : EmittedBoson or None
    rate : float or None
        Bosons per photon; of E0, per internal pair.
    edges_deg : ndarray, shape (n + 1,)
    internal : ndarray, shape (n,)
        Share of the internal pairs in each bin.
    from_boson : ndarray, shape (n,), or None
        Share of the boson's pairs in each bin.
    """

    name: str
    energy_mev: float
    mixture: MultipoleMixture
    boson: EmittedBoson | None
    rate: float | None
    edges_deg: FloatArray
    internal: FloatArray
    from_boson: FloatArray | None

    @property
    def bosons_per_pair(self) -> float | None:
        """Bosons per internal pair, None without a rate."""
        if self.rate is None:
            return None
        coefficient = self.mixture.pair_coefficient(self.energy_mev)
        return self.rate if coefficient is None else self.rate / coefficient


def angle_spectrum(
    energy: float,
    mixture: MultipoleMixture,
    mass: float | None = None,
    rate: float | None = None,
    name: str = "",
) -> AngleSpectrum:
    """Make the spectrum of a transition in bins of `BIN_DEG`, from integrals of the densities.

    Parameters
    ----------
    energy : float
        W, MeV.
    mixture : MultipoleMixture
    mass : float, optional
        m_X, MeV.
    rate : float, optional
        Bosons per photon; of E0, per internal pair. Needs a mass.
    name : str

    Returns
    -------
    AngleSpectrum

    Raises
    ------
    UsageError
        An energy below 2 m_e, a boson above it, a negative rate or one without a mass.
    """
    require_transition(energy)
    if rate is not None and mass is None:
        raise UsageError("a rate is given without a mass; allowed: both, or a mass alone")
    if rate is not None and not (math.isfinite(rate) and rate >= 0.0):
        raise UsageError(f"a rate of {rate:g}; allowed: 0 or above, bosons per photon")
    edges = np.arange(0.0, 180.0 + 0.5 * BIN_DEG, BIN_DEG)
    above = np.array([mixture.fraction_above(energy, math.radians(angle)) for angle in edges])
    boson = None if mass is None else EmittedBoson(mass, energy)
    return AngleSpectrum(
        name or f"{energy:g} MeV, {mixture}",
        energy,
        mixture,
        boson,
        rate,
        edges,
        above[:-1] - above[1:],
        None if boson is None else -np.diff(boson.fraction_above(np.radians(edges))),
    )


def spectra_of(
    nucleus: str, mass: float | None = None, rate: float | None = None
) -> tuple[AngleSpectrum, ...]:
    """Spectra of the transitions of a nucleus to its ground state.

    Parameters
    ----------
    nucleus : str
    mass, rate : float, optional
        As for `angle_spectrum`; left out of transitions below the mass.

    Returns
    -------
    tuple of AngleSpectrum
        Those that make pairs.

    Raises
    ------
    UsageError
        A nucleus without levels, or numbers out of range.
    """
    found = []
    for item in transitions_of(nucleus):
        if item.multipole is None or item.lower.energy_mev > 0.0:
            continue
        emitted = mass is not None and mass <= item.energy_mev
        found.append(
            angle_spectrum(
                item.energy_mev,
                MultipoleMixture(((item.multipole, 1.0),)),
                mass if emitted else None,
                rate if emitted else None,
                f"{nucleus}, {item.energy_mev:g} MeV, {item.multipole}",
            )
        )
    return tuple(found)
