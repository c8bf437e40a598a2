"""CLs by toys at any (M, g).

P_S is the share of signal toys with Q > Q_obs, P_B the share of background toys with Q < Q_obs;
CLs = P_S/(1 − P_B) and CLs+b = P_S. `count_toys` counts toys that somebody made, `toy_cls` makes them for any
data set; the toys of a coupling are those of `x17.statistics.coupling_set`, for the same seed the same.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.statistics.blocks import Progress, run_blocks, silent
from x17.statistics.coupling_set import TOYS_PER_BLOCK, Hypothesis, stream_key
from x17.statistics.data_sets import DataSets
from x17.statistics.ensembles import Ensemble, hypothesis_truth
from x17.statistics.fit_status import FitStatus
from x17.statistics.model import ScanModel
from x17.statistics.profile_fit import q_statistic
from x17.statistics.toy_set import Arrays
from x17.statistics.toys import ToyTruth, block_seeds, draw_in_parts

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


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

    def at(self, index: NDArray[np.bool_] | NDArray[np.int64] | int) -> ToyCLs:
        """Some of the points.

        Parameters
        ----------
        index : ndarray or int
            Into the leading axis.

        Returns
        -------
        ToyCLs
        """
        return ToyCLs(**{name: getattr(self, name)[index] for name in ToyCLs.__dataclass_fields__})

    def merged(self, other: ToyCLs) -> ToyCLs:
        """The points of both, by rising coupling.

        Parameters
        ----------
        other : ToyCLs
            One-dimensional, as this.

        Returns
        -------
        ToyCLs
        """
        names = ToyCLs.__dataclass_fields__
        joined = {name: np.concatenate([getattr(self, name), getattr(other, name)]) for name in names}
        order = np.argsort(joined["coupling"], kind="stable")
        return ToyCLs(**{name: values[order] for name, values in joined.items()})


def count_toys(
    mass: float, couplings: ArrayLike, q_observed: ArrayLike, signal: Arrays, background: Arrays
) -> ToyCLs:
    """Count the toys of either hypothesis on the far side of the data.

    Parameters
    ----------
    mass : float
        MeV.
    couplings, q_observed : array_like, shape (n,)
        Tested g_ve, and Q of the data there.
    signal, background : Arrays
        `q` and `status` of the toys, shape (n_toys, n), as `CouplingSet` makes them.

    Returns
    -------
    ToyCLs
        Shape (n,).
    """
    tested = np.atleast_1d(np.asarray(couplings, dtype=np.float64))
    observed = np.broadcast_to(np.asarray(q_observed, dtype=np.float64), tested.shape).copy()
    good_s, good_b = (np.asarray(toys["status"] == FitStatus.CONVERGED) for toys in (signal, background))
    q_s, q_b = (np.asarray(toys["q"], dtype=np.float64) for toys in (signal, background))
    return ToyCLs(
        np.full(tested.shape, mass),
        tested,
        observed,
        good_s.sum(axis=0),
        ((q_s > observed) & good_s).sum(axis=0),
        good_b.sum(axis=0),
        ((q_b < observed) & good_b).sum(axis=0),
        (~good_s).sum(axis=0) + (~good_b).sum(axis=0),
    )


def toy_q(
    model: ScanModel,
    truth: ToyTruth,
    mass: float,
    coupling: float,
    n_toys: int,
    seed: int,
    key: tuple[int, ...],
    stop: threading.Event | None = None,
) -> tuple[FloatArray, NDArray[np.int8]]:
    """Q(M, g) of toys about a truth.

    Parameters
    ----------
    model : ScanModel
    truth : ToyTruth
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
        for part, toys in draw_in_parts(model, truth, size, rng):
            batch = q_statistic(model, toys, mass, coupling)
            q[start:][part], status[start:][part] = batch.q, batch.status
        start += size
    return q, status


def _cls_point(
    model: ScanModel,
    data: DataSets,
    ensemble: Ensemble,
    mass: float,
    coupling: float,
    n_toys: int,
    seed: int,
    stop: threading.Event,
) -> ToyCLs:
    """One point, shape (1,); without toys if the fit to the data failed, which gives them their truth."""
    observed = q_statistic(model, data, mass, coupling)
    toys: list[Arrays] = []
    for hypothesis, boson in ((Hypothesis.SIGNAL, coupling), (Hypothesis.BACKGROUND, 0.0)):
        q, status = np.zeros(n_toys), np.full(n_toys, FitStatus.NOT_FINITE, dtype=np.int8)
        if observed.ok[0]:
            truth = hypothesis_truth(model, data, ensemble, mass, boson)
            key = stream_key(hypothesis, mass, coupling)
            q, status = toy_q(model, truth, mass, coupling, n_toys, seed, key, stop)
        toys.append({"q": q[:, None], "status": status[:, None]})
    return count_toys(mass, coupling, observed.q, *toys)


def toy_cls(
    model: ScanModel,
    data: DataSets,
    mass: ArrayLike,
    coupling: ArrayLike,
    n_toys: int,
    seed: int,
    *,
    ensemble: Ensemble = Ensemble.PUBLISHED,
    workers: int = 1,
    progress: Progress = silent,
) -> ToyCLs:
    """CLs by toys at each of a set of (M, g).

    Parameters
    ----------
    model : ScanModel
    data : DataSets
        One data set, about which the toys are made: the observed one, or another.
    mass, coupling : array_like
        MeV and g_ve; they broadcast to a shape S.
    n_toys : int
        Toys of each hypothesis at each point.
    seed : int
    ensemble : Ensemble
        How the toys are made.
    workers : int
        Threads; the result does not depend on it.
    progress : callable

    Returns
    -------
    ToyCLs
        Shape S.
    """
    masses, couplings = np.broadcast_arrays(np.asarray(mass, float), np.asarray(coupling, float))
    stop = threading.Event()
    points = run_blocks(
        lambda point: _cls_point(model, data, ensemble, point[0], point[1], n_toys, seed, stop),
        list(zip(masses.ravel().tolist(), couplings.ravel().tolist(), strict=True)),
        workers=workers,
        what="toys for CLs",
        progress=progress,
        stop=stop,
    )
    return ToyCLs(
        **{
            name: np.concatenate([getattr(point, name) for point in points]).reshape(masses.shape)
            for name in ToyCLs.__dataclass_fields__
        }
    )
