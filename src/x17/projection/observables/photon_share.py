"""How many of the two-cluster events are pairs of photons, by theory alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.scan.acceptance import TwoClusterAcceptance
from x17.theory.qed.born_bhabha import bhabha_total
from x17.theory.qed.born_two_photon import two_photon_total
from x17.theory.qed.published_k import PUBLISHED_K, published_k_holds

FloatArray = NDArray[np.float64]


def expected_photon_share(
    sqrt_s: ArrayLike,
    acceptance: TwoClusterAcceptance | None = None,
    largest_cos_theta: float | None = None,
) -> FloatArray:
    """Share of photon pairs in the two-cluster events within the selection's angles.

    Tree-level cross sections with the electron mass, each times its published radiative correction where
    that holds.

    Parameters
    ----------
    sqrt_s : array_like
        MeV.
    acceptance : TwoClusterAcceptance, optional
        PADME Run III's by default.
    largest_cos_theta : float, optional
        |cos θ*| that is accepted at all energies, in place of an acceptance.

    Returns
    -------
    ndarray
        Of the same shape; 0.18 at 16.9 MeV.
    """
    energies = np.asarray(sqrt_s, dtype=np.float64)
    flat = np.atleast_1d(energies)
    cosines = (acceptance or TwoClusterAcceptance()).largest_cos_theta(flat)
    if acceptance is None and largest_cos_theta is not None:
        cosines = np.full(flat.size, largest_cos_theta)
    edges = np.degrees(np.arccos(cosines))
    ranges = [(edge, 180.0 - edge) for edge in edges.tolist()]
    electrons = np.array([float(bhabha_total(s, r)) for s, r in zip(flat, ranges, strict=True)])
    photons = np.array([float(two_photon_total(s, r)) for s, r in zip(flat, ranges, strict=True)])
    if published_k_holds(flat):
        electrons *= PUBLISHED_K["ee"].at(flat)
        photons *= PUBLISHED_K["gg"].at(flat)
    return np.asarray((photons / (electrons + photons)).reshape(energies.shape))
