"""Do asymptotic limits of pseudo-experiments agree with those of their own toys?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.statistics.asymptotic import cls_limit, estimate_signal
from x17.statistics.blocks import Progress, run_blocks, silent
from x17.statistics.data_sets import observed
from x17.statistics.experiment_model import experiment_model
from x17.statistics.experiment_set import EXPERIMENTS_PER_BLOCK, ExperimentSet
from x17.statistics.limit_settings import LimitSettings
from x17.statistics.model import ScanModel
from x17.statistics.toy_cls import toy_cls
from x17.statistics.toy_limit import couplings_around, toy_limit

FloatArray = NDArray[np.float64]

_PURPOSE = 5


def toy_seed(seed: int, experiment: int) -> int:
    """Seed of the toys of one pseudo-experiment, so that no two see the same fluctuations.

    Parameters
    ----------
    seed : int
        The user's.
    experiment : int
        Number of the pseudo-experiment.

    Returns
    -------
    int
        Below 2⁶³.
    """
    sequence = np.random.SeedSequence(seed, spawn_key=(_PURPOSE, experiment))
    return int(sequence.generate_state(1, np.uint64)[0] >> np.uint64(1))


@dataclass(frozen=True, slots=True, eq=False)
class AsymptoticCheck:
    """Limits on g_ve of n pseudo-experiments, by the formula and by toys.

    Attributes
    ----------
    asymptotic, toys, toys_err : ndarray, shape (n,)
        The limits, and the Monte-Carlo error of those from toys.
    n_failed : int
        Pseudo-experiments left out because either has no limit.
    """

    asymptotic: FloatArray
    toys: FloatArray
    toys_err: FloatArray
    n_failed: int

    def __len__(self) -> int:
        return int(self.toys.size)

    @property
    def difference(self) -> FloatArray:
        """Relative differences toys/asymptotic − 1, shape (n,)."""
        return np.asarray(self.toys / self.asymptotic - 1.0)

    @property
    def mean(self) -> tuple[float, float]:
        """Mean of the differences and its error."""
        d = self.difference
        return float(d.mean()), float(d.std(ddof=1) / np.sqrt(d.size))

    @property
    def rms(self) -> tuple[float, float]:
        """Scatter of the differences about their mean, and its error; the toys' own is part of it."""
        spread = float(self.difference.std(ddof=1))
        return spread, spread / np.sqrt(2.0 * (len(self) - 1))

    @property
    def monte_carlo_rms(self) -> float:
        """Part of the scatter that the number of toys explains."""
        return float(np.sqrt(np.mean((self.toys_err / self.asymptotic) ** 2)))


def validate_asymptotic(
    model: ScanModel,
    mass: float,
    settings: LimitSettings,
    n_sample: int,
    *,
    coupling: float = 0.0,
    workers: int = 1,
    progress: Progress = silent,
) -> AsymptoticCheck:
    """Compare asymptotic CLs limits of pseudo-experiments with limits from toys made about each of them.

    Parameters
    ----------
    model : ScanModel
    mass : float
        MeV.
    settings : LimitSettings
        Confidence level, ensemble, toys at each coupling, seed.
    n_sample : int
        Pseudo-experiments; the first of `ExperimentSet`.
    coupling : float
        Boson of this mass that is put into them.
    workers : int
        Threads; the result does not depend on it.
    progress : callable

    Returns
    -------
    AsymptoticCheck
    """
    wanted = ExperimentSet(
        ensemble=settings.ensemble,
        masses=(mass,),
        seed=settings.seed,
        truth_mass=mass if coupling else 0.0,
        truth_coupling=coupling,
    )
    blocks = [wanted.counts(model, block) for block in range(-(-n_sample // EXPERIMENTS_PER_BLOCK))]

    def compare(number: int) -> tuple[float, float, float] | None:
        block, row = divmod(number, EXPERIMENTS_PER_BLOCK)
        one = experiment_model(model, blocks[block], row)
        data = observed(one)
        estimate = estimate_signal(one, data, mass)
        if not estimate.ok[0]:
            return None
        guess = float(np.sqrt(cls_limit(estimate.signal[0], estimate.error[0], settings.cl)))
        seed = toy_seed(settings.seed, number)
        near = couplings_around(min(guess, settings.max_coupling), np.empty(0), settings.max_coupling)
        points = toy_cls(one, data, mass, near, settings.toys, seed, ensemble=settings.ensemble)
        limit = toy_limit(
            one,
            data,
            points,
            guess,
            settings.cl,
            settings.toys,
            seed,
            method=settings.method,
            ensemble=settings.ensemble,
            max_coupling=settings.max_coupling,
        )
        if limit.coupling is None or limit.low is None or limit.high is None:
            return None
        return guess, limit.coupling, 0.5 * (limit.high - limit.low)

    rows = run_blocks(
        compare,
        range(n_sample),
        workers=workers,
        what="limits of pseudo-experiments",
        progress=progress,
    )
    table = np.array([row for row in rows if row is not None], dtype=np.float64).reshape((-1, 3)).T
    return AsymptoticCheck(table[0], table[1], table[2], n_sample - table.shape[1])
