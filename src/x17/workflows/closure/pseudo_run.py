"""Pseudo runs: data takings drawn from reconstructed pairs, under truths of the machine drawn afresh."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from x17.errors import UsageError
from x17.kinematics import beam_energy_mev
from x17.reconstruction.expected_yields import ExpectedYields
from x17.reconstruction.flux.drawn_sums import draw_run_sums
from x17.reconstruction.flux.period_flux import measure_flux
from x17.reconstruction.flux.settings import FluxSettings
from x17.reconstruction.pairs import Pairs
from x17.reconstruction.period_counts import CountStatus, PeriodCounts
from x17.reconstruction.side_bands import PairCount, count_pairs
from x17.scan.assembly import AssembledScan, assemble_scan
from x17.simulation.conditions import Conditions
from x17.simulation.sample import Process
from x17.workflows.closure.pools import ClosureSample, PairPool

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_PSEUDO_RUN = 21
"""What these random numbers are for; see `x17.simulation.sample`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Miscalibration:
    """What is done wrong in the analysis of a pseudo run, to see where it shows.

    Attributes
    ----------
    flux : FluxSettings or None
        In place of those of the sample.
    efficiency_per_mev : float
        Relative loss of events per MeV of beam energy above `pivot_mev` that the analysis does not know.
    pivot_mev : float
    """

    flux: FluxSettings | None = None
    efficiency_per_mev: float = 0.0
    pivot_mev: float = 280.0

    def miscounted(self, n2: FloatArray, sqrt_s: FloatArray) -> FloatArray:
        """Counts as they come out.

        Parameters
        ----------
        n2, sqrt_s : ndarray, shape (n_periods,)

        Returns
        -------
        ndarray
        """
        return np.asarray(n2 * (1.0 - self.efficiency_per_mev * (beam_energy_mev(sqrt_s) - self.pivot_mev)))


NOTHING_WRONG = Miscalibration()


def pseudo_run(
    sample: ClosureSample,
    coupling: float,
    seed: int,
    number: int,
    *,
    expected_positrons: float = 1.6e10,
    wrong: Miscalibration = NOTHING_WRONG,
) -> AssembledScan:
    """Draw one data taking and its expectation, and make a scan of them.

    Parameters
    ----------
    sample : ClosureSample
    coupling : float
        Of the boson that the data hold; the pool's bosons are taken (g/g_pool)² times as often.
    seed : int
    number : int
        Of the pseudo run: its random numbers are its own.
    expected_positrons : float
        Of the expectation, a period.
    wrong : Miscalibration

    Returns
    -------
    AssembledScan
    """
    if coupling > 0.0 and sample.coupling == 0.0:
        raise UsageError("the sample holds no boson; make one with `x17 pipeline --inject`")
    streams = np.random.SeedSequence(seed, spawn_key=(_PSEUDO_RUN, number)).spawn(3)
    truth_seed = int(streams[0].generate_state(1)[0])
    conditions = Conditions.drawn(sample.setup, truth_seed)
    rng = np.random.default_rng(streams[1])
    rows, yields = [], []
    for pool in sample.pools:
        lost = conditions.of(pool.period.number).cluster_loss
        rows.append(_data_count(pool, sample, coupling, lost, rng))
        yields.append(_expected_count(pool, sample, expected_positrons, rng))
    sums = draw_run_sums(sample.setup, conditions, streams[2])
    flux = measure_flux(sums, sample.setup, wrong.flux or sample.settings.flux)
    return assemble_scan(
        sample.setup.run_plan,
        _counts(sample, rows, wrong),
        flux,
        _yields(sample, yields, rng),
        name=f"pseudo-run-{number}",
        source="pseudo run of x17",
        constants=sample.constants,
    )


def _drawn(pairs: Pairs, mean: float, rng: np.random.Generator, kept: float = 1.0) -> Pairs:
    """A Poisson number of pairs, with replacement, each kept with a probability."""
    n = int(rng.poisson(mean * kept)) if pairs.size else 0
    return pairs.select(rng.integers(0, max(pairs.size, 1), n))


def _data_count(
    pool: PairPool, sample: ClosureSample, coupling: float, lost: float, rng: np.random.Generator
) -> PairCount:
    scale = pool.period.n_pot / pool.n_pot
    parts = []
    for process, pairs in pool.pairs.items():
        boson = (coupling / sample.coupling) ** 2 if sample.coupling else 0.0
        mean = pairs.size * scale * (boson if process is Process.BOSON else 1.0)
        # The pool has lost clusters at its own rate; both must be seen, and what differs is the period's.
        parts.append(_drawn(pairs, mean, rng, (1.0 - lost) ** 2))
    return count_pairs(Pairs.concatenate(parts), sample.settings.period.bands)


def _expected_count(
    pool: PairPool, sample: ClosureSample, positrons: float, rng: np.random.Generator
) -> PairCount:
    parts = [
        _drawn(pool.pairs[process], pool.pairs[process].size * positrons / pool.n_pot, rng)
        for process in (Process.ELECTRONS, Process.PHOTONS)
    ]
    pairs = Pairs.concatenate(parts)
    weighted = replace(pairs, weight=np.full(pairs.size, 1.0 / positrons))
    return count_pairs(weighted, sample.settings.period.bands)


def _numbers(sample: ClosureSample) -> IntArray:
    return np.array([pool.period.number for pool in sample.pools], dtype=np.int64)


def _energies(sample: ClosureSample) -> FloatArray:
    return np.array([pool.period.sqrt_s_mev for pool in sample.pools])


def _counts(sample: ClosureSample, rows: Sequence[PairCount], wrong: Miscalibration) -> PeriodCounts:
    unknown = np.full(len(rows), np.nan)
    n2 = wrong.miscounted(np.array([row.n2 for row in rows]), _energies(sample))
    zero = np.zeros(len(rows))
    return PeriodCounts(
        period=_numbers(sample),
        n2_raw=np.array([row.in_window for row in rows]),
        n2=n2,
        n2_err=np.array([row.n2_error for row in rows]),
        brems_subtraction=np.array([row.factor for row in rows]),
        brems_subtraction_err=np.array([row.factor_error for row in rows]),
        tag_and_probe=unknown,
        tag_and_probe_err=unknown,
        n_ee=zero,
        n_gg=zero,
        n_mixed=zero,
        status=np.full(len(rows), CountStatus.GOOD, dtype=np.int64),
    )


def _yields(sample: ClosureSample, rows: Sequence[PairCount], rng: np.random.Generator) -> ExpectedYields:
    error = np.array([pool.signal_efficiency_err for pool in sample.pools])
    efficiency = np.array([pool.signal_efficiency for pool in sample.pools])
    unknown = np.full(len(rows), np.nan)
    return ExpectedYields(
        period=_numbers(sample),
        sqrt_s_mev=_energies(sample),
        electrons_per_pot=np.array([row.n2 for row in rows]),
        photons_per_pot=np.zeros(len(rows)),
        background_err_raw=np.array([row.n2_error for row in rows]),
        signal_efficiency=efficiency + error * rng.standard_normal(len(rows)),
        signal_efficiency_err=error,
        tag_and_probe=unknown,
        tag_and_probe_err=unknown,
    )
