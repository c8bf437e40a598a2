"""How improbable is the excess at one mass, without the look-elsewhere effect?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from x17.statistics.asymptotic import cls_limit, estimate_signal
from x17.statistics.blocks import Progress, run_blocks, silent
from x17.statistics.model import ScanModel
from x17.statistics.monte_carlo import TailFraction
from x17.statistics.toys import block_seeds, pseudo_experiments

PSEUDO_EXPERIMENTS_PER_BLOCK = 1000


@dataclass(frozen=True, slots=True)
class LocalP:
    """Local p-values at one mass.

    Attributes
    ----------
    mass_mev : float
    p_q0, z_q0 : float
        Asymptotic: z = √q0, p = 1 − Φ(z).
    limit : TailFraction or None
        Share of background-only pseudo-experiments whose limit at this mass exceeds the observed one, both by
        asymptotic CLs; None without toys.
    """

    mass_mev: float
    p_q0: float
    z_q0: float
    limit: TailFraction | None


def p_from_limits(
    model: ScanModel,
    mass: float,
    observed_limit: float,
    cl: float,
    n_toys: int,
    seed: int,
    *,
    truth: np.ndarray | None = None,
    workers: int = 1,
    progress: Progress = silent,
) -> TailFraction:
    """Share of background-only pseudo-experiments that set a weaker limit than the data.

    Parameters
    ----------
    model : ScanModel
    mass : float
        Boson mass, MeV.
    observed_limit : float
        Asymptotic CLs limit of the data on u = g².
    cl : float
    n_toys, seed : int
    truth : ndarray, shape (n_parameters,), optional
        Truth of the pseudo-experiments; the nominal values by default.
    workers : int
    progress : callable

    Returns
    -------
    TailFraction
    """

    def work(block: tuple[int, np.random.Generator]) -> tuple[int, int]:
        size, rng = block
        estimate = estimate_signal(model, pseudo_experiments(model, size, rng, truth), mass)
        limit = cls_limit(estimate.signal, estimate.error, cl)
        return int(np.count_nonzero((limit > observed_limit) & estimate.ok)), int(estimate.ok.sum())

    key = (2, round(mass * 1e6))
    counts = run_blocks(
        work,
        block_seeds(seed, key, n_toys, PSEUDO_EXPERIMENTS_PER_BLOCK),
        workers=workers,
        what="pseudo-experiments for the local p-value",
        progress=progress,
    )
    above, good = (int(sum(column)) for column in zip(*counts, strict=True))
    return TailFraction(above, good, n_toys - good)
