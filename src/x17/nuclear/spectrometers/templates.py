"""Expected spectra of the opening angle: internal pairs of each multipolarity, and a boson."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.errors import UsageError
from x17.nuclear.multipole import Multipole
from x17.nuclear.pair_angles.boson_decay import EmittedBoson
from x17.nuclear.pair_angles.external_pairs import ExternalPairs
from x17.nuclear.pair_angles.mixture import MultipoleMixture
from x17.nuclear.spectrometers.flat_pairs import FlatPairs
from x17.nuclear.spectrometers.measured_pairs import MeasuredPairs
from x17.nuclear.spectrometers.spectrometer import Process, Spectrometer
from x17.nuclear.spectrometers.transport import measure

FloatArray = NDArray[np.float64]

LEAST_SIMULATED = 10.0
"""Effective number of simulated pairs below which a bin is left out of fits."""

ASYMMETRY_MARGIN = 0.3
"""Beyond the window, for energies that are measured wrongly; several resolutions."""

MASS_STEP_MEV = 0.05
"""Between simulated masses: the peak then moves by less than a fifth of its width."""


@dataclass(frozen=True, slots=True, eq=False)
class AngularTemplates:
    """Spectra per emitted pair or boson, and how well they are known.

    Attributes
    ----------
    edges : ndarray, shape (bins + 1,)
        Of the measured opening angle, rad.
    multipoles : tuple of Multipole
    internal : ndarray, shape (multipoles, bins)
        Pairs selected in each bin per emitted internal pair.
    simulated : ndarray, shape (bins,)
        Effective number of simulated pairs behind a bin, the smallest of the multipolarities.
    masses : ndarray, shape (masses,)
        Of bosons, MeV, rising.
    boson : ndarray, shape (masses, bins)
        Pairs selected in each bin per emitted boson.
    transition_mev : float
        W.
    external : ndarray, shape (bins,), or None
        Pairs selected in each bin per external pair.
    """

    edges: FloatArray
    multipoles: tuple[Multipole, ...]
    internal: FloatArray
    simulated: FloatArray
    masses: FloatArray
    boson: FloatArray
    transition_mev: float
    external: FloatArray | None = None

    @property
    def free(self) -> FloatArray:
        """Backgrounds whose norms a fit leaves free: multipolarities, then external pairs; (k, bins)."""
        return self.internal if self.external is None else np.vstack([self.internal, self.external])

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Bins with enough simulated pairs; in others a boson would seem to have no background."""
        return np.asarray(self.simulated >= LEAST_SIMULATED)

    def boson_at(self, mass: float) -> FloatArray:
        """Spectrum of a boson of any mass between the simulated ones, by a cubic spline.

        Parameters
        ----------
        mass : float
            MeV.

        Returns
        -------
        ndarray, shape (bins,)

        Raises
        ------
        UsageError
            Outside the simulated masses.
        """
        if not self.masses[0] <= mass <= self.masses[-1]:
            raise UsageError(
                f"a boson of {mass:g} MeV; allowed: {self.masses[0]:g} to {self.masses[-1]:g} MeV, "
                "the masses that were simulated"
            )
        if self.masses.size == 1:
            return np.asarray(self.boson[0])
        from scipy.interpolate import CubicSpline

        return np.asarray(np.maximum(CubicSpline(self.masses, self.boson, axis=0)(mass), 0.0))

    def background(self, mixture: MultipoleMixture) -> FloatArray:
        """Spectrum of a mixture of internal pairs, per emitted pair.

        Parameters
        ----------
        mixture : MultipoleMixture

        Returns
        -------
        ndarray, shape (bins,)

        Raises
        ------
        UsageError
            A multipolarity without a template.
        """
        missing = [m.value for m, _ in mixture.shares if m not in self.multipoles]
        if missing:
            known = ", ".join(self.multipoles)
            raise UsageError(f"no template of {', '.join(missing)}; allowed: {known}")
        parts = [share * self.internal[self.multipoles.index(m)] for m, share in mixture.shares]
        return np.asarray(np.sum(parts, axis=0))


def angle_edges(low_deg: float = 40.0, high_deg: float = 180.0, width_deg: float = 5.0) -> FloatArray:
    """Edges of bins of the measured angle.

    Parameters
    ----------
    low_deg, high_deg, width_deg : float
        Degrees; the width divides the range.

    Returns
    -------
    ndarray
        rad.

    Raises
    ------
    UsageError
        No range within 0 to 180 degrees, or a width that does not divide it.
    """
    bins = (high_deg - low_deg) / width_deg if width_deg > 0.0 else 0.0
    if not (0.0 <= low_deg < high_deg <= 180.0 and bins >= 2 and abs(bins - round(bins)) < 1e-6):
        raise UsageError(
            f"angles {low_deg:g} to {high_deg:g} in bins of {width_deg:g} degrees; allowed: within 0 to 180, "
            "two or more whole bins"
        )
    return np.asarray(np.radians(np.linspace(low_deg, high_deg, round(bins) + 1)))


def make_templates(
    spectrometer: Spectrometer,
    transition: float,
    multipoles: Sequence[Multipole],
    masses: ArrayLike,
    seed: int = 1,
    n_pairs: int = 2_000_000,
    n_bosons: int = 200_000,
    n_external: int = 0,
    edges: FloatArray | None = None,
) -> AngularTemplates:
    """Simulate the spectra that a fit needs.

    All masses see the same random numbers, so that their spectra differ smoothly.

    Parameters
    ----------
    spectrometer : Spectrometer
    transition : float
        W, MeV.
    multipoles : sequence of Multipole
    masses : array_like, shape (masses,)
        MeV, rising, below W.
    seed : int
    n_pairs, n_bosons, n_external : int
        Simulated pairs, flat in angle, bosons of each mass, and external pairs; without external ones the
        templates have none.
    edges : ndarray, optional
        rad; `angle_edges()` without.

    Returns
    -------
    AngularTemplates

    Raises
    ------
    UsageError
        A placeholder without geometry, or masses above the transition.
    """
    bins = angle_edges() if edges is None else edges
    drawn = min(spectrometer.pair_window.largest_asymmetry + ASYMMETRY_MARGIN, 1.0)
    source = FlatPairs(transition, drawn)
    grid = np.atleast_1d(np.asarray(masses, dtype=np.float64))
    pairs = measure(spectrometer, source, Process.INTERNAL, n_pairs, seed)
    internal, simulated = [], []
    for multipole in multipoles:
        weights = source.weights(multipole, pairs.positron_energy, pairs.cos_theta)
        spectrum, effective = _weighted(pairs, weights, bins)
        internal.append(spectrum)
        simulated.append(effective)
    boson = [
        measure(spectrometer, EmittedBoson(float(m), transition), Process.BOSON, n_bosons, seed + 1)
        for m in grid
    ]
    return AngularTemplates(
        bins,
        tuple(multipoles),
        np.array(internal),
        np.min(simulated, axis=0),
        grid,
        np.array([sample.share_per_bin(bins) for sample in boson]),
        transition,
        _external(spectrometer, transition, n_external, seed + 2, bins) if n_external else None,
    )


def _external(
    spectrometer: Spectrometer, transition: float, n: int, seed: int, edges: FloatArray
) -> FloatArray:
    return measure(spectrometer, ExternalPairs(transition), Process.EXTERNAL, n, seed).share_per_bin(edges)


def _weighted(pairs: MeasuredPairs, weights: FloatArray, edges: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Weighted pairs per emitted pair in bins, and the number of equal weights of the same precision."""
    total, _ = np.histogram(pairs.angle, edges, weights=weights)
    squares, _ = np.histogram(pairs.angle, edges, weights=weights**2)
    effective = np.where(squares > 0.0, total**2 / np.where(squares > 0.0, squares, 1.0), 0.0)
    return total / pairs.n_emitted, effective


def mass_grid(low: float, high: float) -> FloatArray:
    """Masses to simulate for a fit between two masses.

    Parameters
    ----------
    low, high : float
        MeV.

    Returns
    -------
    ndarray
        At least four, at most `MASS_STEP_MEV` apart.

    Raises
    ------
    UsageError
        Masses that do not rise.
    """
    if not (math.isfinite(low) and math.isfinite(high) and 0.0 < low < high):
        raise UsageError(f"masses {low:g} to {high:g} MeV; allowed: positive and rising")
    return np.linspace(low, high, max(math.ceil((high - low) / MASS_STEP_MEV) + 1, 4))
