"""Closure: pseudo data takings from one large reconstructed sample, analysed and held to the truth.

Here alone reconstruction meets truth. A pseudo run draws its events from the reconstructed pairs of a
pipeline, with replacement, and its expectation independently from the same pairs of electrons and photons.
The machine's truths (ageing, charge per positron, beam positions, lost clusters) are drawn afresh, and the
flux is measured from bunches drawn under them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from x17.apparatus import Setup
from x17.apparatus.run_plan import Period
from x17.errors import UsageError
from x17.kinematics import beam_energy_mev
from x17.reconstruction.expected_yields import ExpectedYields
from x17.reconstruction.flux.drawn_sums import draw_run_sums
from x17.reconstruction.flux.period_flux import measure_flux
from x17.reconstruction.pairs import Pairs
from x17.reconstruction.period_counts import CountStatus, PeriodCounts
from x17.reconstruction.period_selection import select_period
from x17.reconstruction.side_bands import PairCount, count_pairs
from x17.scan.assembly import AssembledScan, assemble_scan
from x17.scan.energy_scan import EnergyScan
from x17.scan.model_constants import ModelConstants
from x17.simulation.conditions import Conditions
from x17.simulation.sample import Process
from x17.statistics.asymptotic import estimate_signal
from x17.statistics.best_fit import best_fit
from x17.statistics.blocks import Progress, run_blocks, silent
from x17.statistics.data_sets import observed
from x17.statistics.model import ScanModel
from x17.statistics.model_settings import ModelSettings
from x17.workflows.cluster_folder import PeriodFolder, read_period, read_runs
from x17.workflows.count import spots_of_runs
from x17.workflows.count_settings import CountSettings
from x17.workflows.event_folder import folder_of
from x17.workflows.expect import expectation_of
from x17.workflows.scan_constants import model_constants

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_PSEUDO_RUN = 21
"""What these random numbers are for; see `x17.simulation.sample`."""


@dataclass(frozen=True, slots=True, eq=False)
class PairPool:
    """Reconstructed pairs of a period to draw from.

    Attributes
    ----------
    period : Period
    pairs : dict
        By process, as selected, without the windows of the angles.
    n_pot : float
        Positrons that each pool stands for.
    signal_efficiency, signal_efficiency_err : float
        As the simulation expects it.
    """

    period: Period
    pairs: dict[Process, Pairs]
    n_pot: float
    signal_efficiency: float
    signal_efficiency_err: float


@dataclass(frozen=True, slots=True, eq=False)
class ClosureSample:
    """The large sample behind pseudo runs.

    Attributes
    ----------
    setup : Setup
    pools : tuple of PairPool
    coupling : float
        Of the boson in it; 0 without one.
    settings : CountSettings
    constants : ModelConstants
    """

    setup: Setup
    pools: tuple[PairPool, ...]
    coupling: float
    settings: CountSettings
    constants: ModelConstants


@dataclass(frozen=True, slots=True, kw_only=True)
class Miscalibration:
    """What is done wrong in the analysis of a pseudo run, to see where it shows.

    Attributes
    ----------
    flux : callable
        Changes the settings of the flux.
    count : callable
        Changes counts and their error, given the √s of the periods.
    """

    flux: Callable[[CountSettings], CountSettings] = lambda settings: settings
    count: Callable[[FloatArray, FloatArray], FloatArray] = lambda n2, sqrt_s: n2  # noqa: ARG005


NOTHING_WRONG = Miscalibration()


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundBoson:
    """What the analysis of a pseudo run finds.

    Attributes
    ----------
    mass_mev, g2 : float
        Best fit, g² ≥ 0.
    q : float
        Depth of Q there.
    g2_err : float
        ΔQ = 1 at that mass.
    g2_at_truth, g2_at_truth_err : float
        Free fit at the true mass; at the best mass without a boson.
    """

    mass_mev: float
    g2: float
    q: float
    g2_err: float
    g2_at_truth: float
    g2_at_truth_err: float

    def pull(self, g2_true: float) -> float:
        """(ĝ² − g²)/σ at the fitted mass.

        Parameters
        ----------
        g2_true : float

        Returns
        -------
        float
        """
        return (self.g2 - g2_true) / self.g2_err


def closure_sample(
    data: Path, expected: Path, setup: Setup, *, workers: int = 1, progress: Progress = silent
) -> ClosureSample:
    """Read a pipeline's folders into pools of pairs.

    Parameters
    ----------
    data : Path
        Clusters of a whole run, with a boson or without.
    expected : Path
        As `x17 expect` leaves it, for the signal efficiency.
    setup : Setup
    workers : int
    progress : callable

    Returns
    -------
    ClosureSample

    Raises
    ------
    UsageError
        Bosons of different couplings.
    """
    settings = CountSettings.of(setup)
    results = run_blocks(
        lambda period: _pool(data, expected, period, setup, settings),
        setup.run_plan.periods,
        workers=workers,
        what="pools of pairs",
        progress=progress,
    )
    couplings = {coupling for _, coupling in results if coupling > 0.0}
    if len(couplings) > 1:
        raise UsageError(f"{data}: holds bosons of several couplings {sorted(couplings)}")
    pools = tuple(pool for pool, _ in results)
    return ClosureSample(
        setup, pools, couplings.pop() if couplings else 0.0, settings, model_constants(setup)
    )


def _pool(
    data: Path, expected: Path, period: Period, setup: Setup, settings: CountSettings
) -> tuple[PairPool, float]:
    place = PeriodFolder(period.number, folder_of(data, period.number))
    events, records = read_period(place, setup.calorimeter)
    events = replace(events, weight=np.ones(events.n_events))
    runs, _ = read_runs(place.runs_file)
    spots = spots_of_runs(runs, 1 + int(events.run.max(initial=0)))
    selection = select_period(events, spots, period.sqrt_s_mev, setup, settings.period)
    process = np.array([list(Process).index(Process(record["process"])) for record in records])
    mine = process[selection.sample[selection.pairs.event]]
    pairs = {kind: selection.pairs.select(mine == number) for number, kind in enumerate(Process)}
    coupling = max((record["boson"]["g_ve"] for record in records if record.get("boson")), default=0.0)
    n_pot = sum(float(record["n_pot"]) for record in records if record["process"] == Process.ELECTRONS)
    found = expectation_of(expected, period, setup, settings.period)
    pool = PairPool(period, pairs, n_pot, found.signal_efficiency, found.signal_efficiency_err)
    return pool, float(coupling)


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
    settings = wrong.flux(sample.settings)
    flux = measure_flux(draw_run_sums(sample.setup, conditions, streams[2]), sample.setup, settings.flux)
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
    n2 = wrong.count(np.array([row.n2 for row in rows]), _energies(sample))
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


def find_boson(
    scan: EnergyScan,
    true_mass: float | None = None,
    *,
    settings: ModelSettings | None = None,
    low: float = 16.4,
    high: float = 17.4,
) -> FoundBoson:
    """Fit mass and coupling.

    Parameters
    ----------
    scan : EnergyScan
    true_mass : float, optional
        MeV.
    settings : ModelSettings, optional
    low, high : float
        Range of masses, MeV.

    Returns
    -------
    FoundBoson
    """
    model = ScanModel.build(scan, settings or ModelSettings())
    data = observed(model)
    best = best_fit(model, data, low, high)
    masses = np.array([best.mass_mev, true_mass or best.mass_mev])
    estimate = estimate_signal(model, data, masses)
    return FoundBoson(
        mass_mev=best.mass_mev,
        g2=float(estimate.signal[0, 0]),
        q=best.q,
        g2_err=float(estimate.error[0, 0]),
        g2_at_truth=float(estimate.signal[0, 1]),
        g2_at_truth_err=float(estimate.error[0, 1]),
    )


def tilted(percent: float, lever_mev: float = 10.0) -> Callable[[FloatArray, FloatArray], FloatArray]:
    """A miscalibration of the counts that grows with the beam energy.

    Parameters
    ----------
    percent : float
        Change over `lever_mev`.
    lever_mev : float
        Of beam energy, about 280 MeV.

    Returns
    -------
    callable
        Of counts and √s.
    """

    def wrong(n2: FloatArray, sqrt_s: FloatArray) -> FloatArray:
        return np.asarray(n2 * (1.0 + 0.01 * percent * (beam_energy_mev(sqrt_s) - 280.0) / lever_mev))

    return wrong
