"""Pseudo-experiments: counts, fluxes and backgrounds drawn about a truth, as whole data sets.

N2, N_PoT and B always fluctuate. What the measured centres of the nuisances do is a choice (`Centers`); which
choice goes with which truth is what an ensemble says (`x17.statistics.ensembles`).

Random numbers are drawn toy after toy, so that a longer draw from the same stream begins with the same toys.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from x17.statistics.data_sets import DataSets, from_counts, observable
from x17.statistics.model import SIGNAL_INDEX, ScanModel
from x17.statistics.model_settings import CountTerm, KShape
from x17.statistics.sideband_batch import sideband_lines

FloatArray = NDArray[np.float64]

TOYS_AT_ONCE = 500
"""Toys drawn and fitted together."""

SMALLEST_COUNT = 1.0
"""Counts are drawn no lower: the Neyman weight of an empty point has no meaning."""

SMALLEST_FLUX = 0.01
"""Flux and background are drawn no lower than this share of their measured value."""


class Centers(StrEnum):
    """What the measured centres of the constrained nuisances do in toys."""

    MEASURED = "measured"
    """They stay as measured, wherever the truth is."""
    AT_TRUTH = "at-truth"
    """They sit at the truth and do not fluctuate."""
    DRAWN = "drawn"
    """They fluctuate about the truth with their covariance."""
    REMEASURED = "remeasured"
    """As `DRAWN`, but K's line is fitted to the side band of each toy, as it was to that of the data."""


@dataclass(frozen=True, slots=True, eq=False)
class ToyTruth:
    """What toys are drawn about.

    Attributes
    ----------
    parameters : ndarray, shape (n_parameters,)
        The signal u = g² included.
    mass : float
        Boson mass, MeV; without a signal any will do.
    centers : Centers
    """

    parameters: FloatArray
    mass: float
    centers: Centers


@dataclass(frozen=True, slots=True, eq=False)
class ToyCounts:
    """What toy experiments measured.

    Attributes
    ----------
    n2, n_pot, background : ndarray, shape (n_toys, n_points)
        Two-cluster counts, positrons on target, expected background per positron.
    centers : ndarray, shape (n_toys, n_parameters)
        Measured values of the nuisances.
    """

    n2: FloatArray
    n_pot: FloatArray
    background: FloatArray
    centers: FloatArray

    def data_sets(self, model: ScanModel) -> DataSets:
        """The toys in the form the fits take.

        Parameters
        ----------
        model : ScanModel
            The model they were drawn with.

        Returns
        -------
        DataSets
        """
        return from_counts(model, self.n2, self.n_pot, self.background, self.centers)


def block_stream(seed: int, key: tuple[int, ...], block: int) -> np.random.Generator:
    """Generator for a block of toys; its stream depends on the three arguments alone.

    Parameters
    ----------
    seed : int
        The user's seed.
    key : tuple of int
        What the toys are for, so that no two purposes share a stream.
    block : int
        Number of the block.

    Returns
    -------
    Generator
    """
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(*key, block)))


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
        (min(block, n_toys - start), block_stream(seed, key, start // block))
        for start in range(0, n_toys, block)
    ]


def draw_counts(model: ScanModel, truth: ToyTruth, n_toys: int, rng: np.random.Generator) -> ToyCounts:
    """Draw counts, fluxes, backgrounds and centres of toys.

    Parameters
    ----------
    model : ScanModel
    truth : ToyTruth
    n_toys : int
    rng : numpy.random.Generator

    Returns
    -------
    ToyCounts
    """
    points, n_points = model.points, len(model.points)
    centers, normal = _draw_centers(model, truth, n_toys, rng)
    expected = model.expected_g_r(truth.parameters, truth.mass)
    mu = np.broadcast_to(expected * points.n_pot * points.background_per_pot, (n_toys, n_points))
    if model.settings.count_term is CountTerm.POISSON:
        # A stream of its own: where it begins must not depend on how many normal numbers came before.
        n2 = rng.spawn(1)[0].poisson(mu).astype(np.float64)
    else:
        n2 = mu + np.sqrt(mu) * normal[:, 0]
    n_pot = points.n_pot + points.n_pot_err * normal[:, 1]
    background = points.background_per_pot + points.background_err * normal[:, 2]
    counts = ToyCounts(
        np.maximum(n2, SMALLEST_COUNT),
        np.maximum(n_pot, SMALLEST_FLUX * points.n_pot),
        np.maximum(background, SMALLEST_FLUX * points.background_per_pot),
        centers,
    )
    if truth.centers is Centers.REMEASURED:
        centers[:, :2] = _sideband_lines(model, counts)
    return counts


def _sideband_lines(model: ScanModel, counts: ToyCounts) -> FloatArray:
    """P0 and P1 from the side band of each toy, shape (n_toys, 2)."""
    y, relative = observable(model, counts.n2, counts.n_pot, counts.background)
    constant = model.settings.k_shape is KShape.CONSTANT
    return sideband_lines(model.offset, y, y**2 * relative, model.constants.window_size, constant=constant)


def _draw_centers(
    model: ScanModel, truth: ToyTruth, n_toys: int, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Centres of the toys, and the standard normal numbers for their points, (n_toys, 3, n_points)."""
    n_points = len(model.points)
    centers = np.tile(model.centers if truth.centers is Centers.MEASURED else truth.parameters, (n_toys, 1))
    centers[:, SIGNAL_INDEX] = 0.0
    if truth.centers in (Centers.MEASURED, Centers.AT_TRUTH):
        return centers, rng.standard_normal((n_toys, 3, n_points))
    constrained = np.flatnonzero(np.diag(model.covariance) > 0.0)
    normal = rng.standard_normal((n_toys, constrained.size + 3 * n_points))
    if constrained.size:
        root = np.linalg.cholesky(model.covariance[np.ix_(constrained, constrained)])
        for k in range(constrained.size):
            # Not a matrix product, whose rounding may depend on the number of rows.
            centers[:, constrained] += normal[:, k, None] * root[:, k]
    return centers, normal[:, constrained.size :].reshape((n_toys, 3, n_points))


def draw_toys(model: ScanModel, truth: ToyTruth, n_toys: int, rng: np.random.Generator) -> DataSets:
    """Draw toys as data sets.

    Parameters
    ----------
    model : ScanModel
    truth : ToyTruth
    n_toys : int
    rng : numpy.random.Generator

    Returns
    -------
    DataSets
        `n_toys` data sets.
    """
    return draw_counts(model, truth, n_toys, rng).data_sets(model)


def draw_in_parts(
    model: ScanModel, truth: ToyTruth, n_toys: int, rng: np.random.Generator
) -> Iterator[tuple[slice, DataSets]]:
    """Draw toys in parts small enough for the processor's cache, which takes a third off the time of a fit.

    Parameters
    ----------
    model : ScanModel
    truth : ToyTruth
    n_toys : int
    rng : numpy.random.Generator

    Yields
    ------
    (slice, DataSets)
        Which of the toys, and the toys.
    """
    for start in range(0, n_toys, TOYS_AT_ONCE):
        size = min(TOYS_AT_ONCE, n_toys - start)
        yield slice(start, start + size), draw_toys(model, truth, size, rng)


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
    return draw_toys(model, ToyTruth(parameters, mass, Centers.MEASURED), n_toys, rng)


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
    parameters = model.centers if parameters is None else parameters
    mass = model.constants.center_sqrt_s_mev if mass is None else mass
    return draw_toys(model, ToyTruth(parameters, mass, Centers.DRAWN), n_toys, rng)
