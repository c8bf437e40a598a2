"""Pseudo-experiments: counts, fluxes and backgrounds drawn about an expectation, as whole data sets.

Two ensembles (arXiv:2503.05650):

- *hybrid*, for the probabilities behind CLs: the nuisances stay at their conditional fit to the data, their
  measured centres do not fluctuate; N2, N_PoT and B do.
- *pseudo-experiments*, for expected bands and local p-values: truth at the nominal values, and the centres
  fluctuate too.

Random numbers are drawn toy after toy, so that a longer draw from the same stream begins with the same toys.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from x17.statistics.data_sets import DataSets, from_counts
from x17.statistics.model import SIGNAL_INDEX, ScanModel
from x17.statistics.model_settings import CountTerm

FloatArray = NDArray[np.float64]

SMALLEST_COUNT = 1.0
"""Counts are drawn no lower: the Neyman weight of an empty point has no meaning."""

SMALLEST_FLUX = 0.01
"""Flux and background are drawn no lower than this share of their measured value."""


def block_seeds(
    seed: int, key: tuple[int, ...], n_toys: int, block: int
) -> list[tuple[int, np.random.Generator]]:
    """Generators for blocks of toys; a block's stream depends on the seed, the key and its number alone.

    Parameters
    ----------
    seed : int
        The user's seed.
    key : tuple of int
        What the toys are for, so that no two purposes share a stream.
    n_toys : int
        Toys wanted.
    block : int
        Toys in a full block.

    Returns
    -------
    list of (int, Generator)
        Size and generator of each block.
    """
    return [
        (
            min(block, n_toys - start),
            np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(*key, start // block))),
        )
        for start in range(0, n_toys, block)
    ]


def _draw(
    model: ScanModel,
    expected_g_r: FloatArray,
    normal: FloatArray,
    rng: np.random.Generator,
    centers: FloatArray | None,
) -> DataSets:
    """Move N2, N_PoT and B about the expectation and rebuild the data sets from them.

    `normal` has shape (n_toys, 3, n_points); `rng` gave it and has a child for what is not Gaussian.
    """
    points = model.points
    mu = np.broadcast_to(expected_g_r * points.n_pot * points.background_per_pot, normal[:, 0].shape)
    if model.settings.count_term is CountTerm.POISSON:
        # A stream of its own: where it begins must not depend on how many normal numbers came before.
        n2 = rng.spawn(1)[0].poisson(mu).astype(np.float64)
    else:
        n2 = mu + np.sqrt(mu) * normal[:, 0]
    n_pot = points.n_pot + points.n_pot_err * normal[:, 1]
    background = points.background_per_pot + points.background_err * normal[:, 2]
    return from_counts(
        model,
        np.maximum(n2, SMALLEST_COUNT),
        np.maximum(n_pot, SMALLEST_FLUX * points.n_pot),
        np.maximum(background, SMALLEST_FLUX * points.background_per_pot),
        centers,
    )


def hybrid_toys(
    model: ScanModel, parameters: FloatArray, mass: float, n_toys: int, rng: np.random.Generator
) -> DataSets:
    """Toys with the nuisances at given values and their centres as measured.

    Parameters
    ----------
    model : ScanModel
    parameters : ndarray, shape (n_parameters,)
        The truth, as a rule a conditional fit to the data; the signal included.
    mass : float
        Boson mass, MeV.
    n_toys : int
    rng : numpy.random.Generator

    Returns
    -------
    DataSets
        `n_toys` data sets.
    """
    normal = rng.standard_normal((n_toys, 3, len(model.points)))
    return _draw(model, model.expected_g_r(parameters, mass), normal, rng, None)


def pseudo_experiments(
    model: ScanModel,
    n_toys: int,
    rng: np.random.Generator,
    parameters: FloatArray | None = None,
    mass: float | None = None,
) -> DataSets:
    """Fully sampled pseudo-experiments: the centres of the constrained nuisances fluctuate too.

    Parameters
    ----------
    model : ScanModel
    n_toys : int
    rng : numpy.random.Generator
    parameters : ndarray, shape (n_parameters,), optional
        The truth; by default the nominal values without a boson.
    mass : float, optional
        Boson mass, MeV; needed only if `parameters` has a signal.

    Returns
    -------
    DataSets
        `n_toys` data sets.
    """
    truth = model.centers if parameters is None else parameters
    constrained = np.flatnonzero(np.diag(model.covariance) > 0.0)
    centers = np.tile(truth, (n_toys, 1))
    centers[:, SIGNAL_INDEX] = 0.0
    n_points, n_centers = len(model.points), constrained.size
    normal = rng.standard_normal((n_toys, n_centers + 3 * n_points))
    if n_centers:
        root = np.linalg.cholesky(model.covariance[np.ix_(constrained, constrained)])
        for k in range(n_centers):  # not a matrix product, whose rounding may depend on the number of rows
            centers[:, constrained] += normal[:, k, None] * root[:, k]
    expected = model.expected_g_r(truth, model.constants.center_sqrt_s_mev if mass is None else mass)
    points_normal = normal[:, n_centers:].reshape((n_toys, 3, n_points))
    return _draw(model, expected, points_normal, rng, centers)
