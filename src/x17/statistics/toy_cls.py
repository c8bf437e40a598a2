"""CLs by toys at any (M, g).

P_S is the share of signal toys with Q > Q_obs, P_B the share of background toys with Q < Q_obs;
CLs = P_S/(1 − P_B) and CLs+b = P_S. Both kinds are hybrid toys about the conditional fits to the data
(`x17.statistics.toys`).
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.statistics.blocks import Progress, run_blocks, silent
from x17.statistics.data_sets import DataSets
from x17.statistics.model import ScanModel
from x17.statistics.profile_fit import FitBatch, fit_background, fit_fixed_signal, q_statistic
from x17.statistics.toys import block_seeds, hybrid_toys

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

TOYS_PER_BLOCK = 2000
"""Toys drawn and fitted at once: bounds the memory, and is part of what a seed means."""

_BACKGROUND, _SIGNAL = 0, 1


@dataclass(frozen=True, slots=True, eq=False)
class ToyCLs:
    """Counts of toys at couplings of one mass, or of several; all arrays have one shape S.

    Attributes
    ----------
    mass, coupling : ndarray
        Where, MeV and g_ve.
    q_observed : ndarray
        Q of the data.
    n_signal, n_signal_above : ndarray of int
        Signal toys that converged, and those with Q > Q_obs.
    n_background, n_background_below : ndarray of int
        Background toys that converged, and those with Q < Q_obs.
    n_failed : ndarray of int
        Toys left out because a fit failed.
    """

    mass: FloatArray
    coupling: FloatArray
    q_observed: FloatArray
    n_signal: IntArray
    n_signal_above: IntArray
    n_background: IntArray
    n_background_below: IntArray
    n_failed: IntArray

    @property
    def cls_plus_b(self) -> FloatArray:
        """P_S."""
        return np.asarray(self.n_signal_above / np.maximum(self.n_signal, 1))

    @property
    def one_minus_p_b(self) -> FloatArray:
        """1 − P_B."""
        return np.asarray(1.0 - self.n_background_below / np.maximum(self.n_background, 1))

    @property
    def cls(self) -> FloatArray:
        """CLs; one where no background toy reaches Q_obs."""
        denominator = self.one_minus_p_b
        return np.asarray(
            np.where(denominator > 0.0, self.cls_plus_b / np.where(denominator > 0.0, denominator, 1.0), 1.0)
        )

    @property
    def cls_err(self) -> FloatArray:
        """Binomial error of CLs; a count of zero enters as one."""
        n_s, n_b = np.maximum(self.n_signal, 1), np.maximum(self.n_background, 1)
        kept = np.maximum(self.n_background - self.n_background_below, 1)
        relative = (1.0 - self.cls_plus_b) / np.maximum(self.n_signal_above, 1)
        relative = relative + (1.0 - kept / n_b) / kept
        floor = 1.0 / n_s
        return np.asarray(np.maximum(self.cls, floor) * np.sqrt(np.maximum(relative, floor / n_s)))


def _seed_key(hypothesis: int, mass: float, coupling: float) -> tuple[int, ...]:
    """The same toys at the same (M, g), whatever grid it belongs to."""
    return (1, hypothesis, round(mass * 1e6), round(coupling * 1e12))


def toy_q(
    model: ScanModel,
    parameters: FloatArray,
    mass: float,
    coupling: float,
    n_toys: int,
    seed: int,
    key: tuple[int, ...],
    stop: threading.Event | None = None,
) -> tuple[FloatArray, NDArray[np.int8]]:
    """Q(M, g) of hybrid toys.

    Parameters
    ----------
    model : ScanModel
    parameters : ndarray, shape (n_parameters,)
        Truth of the toys.
    mass, coupling : float
        Where Q is evaluated, MeV and g_ve.
    n_toys, seed : int
    key : tuple of int
        Stream of random numbers.
    stop : threading.Event, optional
        Once set, no further block is begun; the result is then of no use.

    Returns
    -------
    q : ndarray, shape (n_toys,)
    status : ndarray of int8, shape (n_toys,)
    """
    q, status = np.empty(n_toys), np.empty(n_toys, dtype=np.int8)
    start = 0
    for size, rng in block_seeds(seed, key, n_toys, TOYS_PER_BLOCK):
        if stop is not None and stop.is_set():
            break
        batch = q_statistic(model, hybrid_toys(model, parameters, mass, size, rng), mass, coupling)
        q[start : start + size], status[start : start + size] = batch.q, batch.status
        start += size
    return q, status


def _cls_point(
    model: ScanModel,
    data: DataSets,
    background: FitBatch,
    mass: float,
    coupling: float,
    n_toys: int,
    seed: int,
    stop: threading.Event,
) -> tuple[float, int, int, int, int, int]:
    """Q_obs and the five counts of `ToyCLs` at one point."""
    conditional = fit_fixed_signal(model, data, mass, coupling**2)
    q_observed = float(conditional.chi2[0] - background.chi2[0])
    counts: list[int] = []
    failed = 0
    for hypothesis, truth in ((_SIGNAL, conditional), (_BACKGROUND, background)):
        key = _seed_key(hypothesis, mass, coupling)
        q, status = toy_q(model, truth.parameters[0], mass, coupling, n_toys, seed, key, stop)
        good = status == 0
        extreme = q > q_observed if hypothesis == _SIGNAL else q < q_observed
        counts += [int(good.sum()), int((extreme & good).sum())]
        failed += int((~good).sum())
    return q_observed, counts[0], counts[1], counts[2], counts[3], failed


def toy_cls(
    model: ScanModel,
    data: DataSets,
    mass: ArrayLike,
    coupling: ArrayLike,
    n_toys: int,
    seed: int,
    *,
    workers: int = 1,
    progress: Progress = silent,
) -> ToyCLs:
    """CLs by toys at each of a set of (M, g).

    Parameters
    ----------
    model : ScanModel
    data : DataSets
        One data set: the observed one.
    mass, coupling : array_like
        MeV and g_ve; they broadcast to a shape S.
    n_toys : int
        Toys of each hypothesis at each point.
    seed : int
    workers : int
        Threads; the result does not depend on it.
    progress : callable

    Returns
    -------
    ToyCLs
        Shape S.
    """
    masses, couplings = np.broadcast_arrays(np.asarray(mass, float), np.asarray(coupling, float))
    shape = masses.shape
    background = fit_background(model, data)
    stop = threading.Event()
    rows = run_blocks(
        lambda point: _cls_point(model, data, background, point[0], point[1], n_toys, seed, stop),
        list(zip(masses.ravel().tolist(), couplings.ravel().tolist(), strict=True)),
        workers=workers,
        what="toys for CLs",
        progress=progress,
        stop=stop,
    )
    table = np.array(rows, dtype=np.float64).reshape((-1, 6)).T
    counts = [column.astype(np.int64).reshape(shape) for column in table[1:]]
    return ToyCLs(masses.copy(), couplings.copy(), table[0].reshape(shape), *counts)
