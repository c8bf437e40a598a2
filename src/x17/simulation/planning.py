"""From the periods of a run plan to planned samples: every process of every run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from x17.apparatus.run_plan import Period
from x17.apparatus.setup import Setup
from x17.errors import UsageError
from x17.simulation.conditions import Conditions
from x17.simulation.sample import PlannedSample, Process, Sample
from x17.theory.boson import Boson
from x17.theory.qed.published_k import PUBLISHED_K, RANGE_SQRT_S, published_k_holds


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleSettings:
    """What is simulated of every period.

    Attributes
    ----------
    processes : tuple of Process
        Without the boson.
    boson : Boson or None
        Besides the processes.
    n_pot : float or None
        Positrons on target in each period; the period's own by default.
    pile_up : bool
    pile_up_window_ns, fiducial_margin_mm : float or None
        As `Sample` has them.
    published_k : bool
        Multiply the rates of pairs of electrons and of photons by the published K factors.

    Raises
    ------
    UsageError
        The boson is among the processes.
    """

    processes: tuple[Process, ...] = (Process.ELECTRONS, Process.PHOTONS)
    boson: Boson | None = None
    n_pot: float | None = None
    pile_up: bool = True
    pile_up_window_ns: float | None = None
    fiducial_margin_mm: float | None = None
    published_k: bool = False

    def __post_init__(self) -> None:
        if Process.BOSON in self.processes:
            raise UsageError("a boson is given as such, not among the processes")

    def samples_of(self, period: Period, n_runs: int) -> Iterator[Sample]:
        """Samples of a period: run by run, and process by process in each.

        Parameters
        ----------
        period : Period
        n_runs : int
            Runs of equal size.

        Returns
        -------
        iterator of Sample
        """
        bosons = [] if self.boson is None else [Process.BOSON]
        for run in range(n_runs):
            for process in [*self.processes, *bosons]:
                yield Sample(
                    process=process,
                    beam_energy_mev=period.beam_energy_mev,
                    n_pot=(self.n_pot or period.n_pot) / n_runs,
                    period=period.number,
                    boson=self.boson if process is Process.BOSON else None,
                    pile_up=self.pile_up,
                    run=run,
                    fiducial_margin_mm=self.fiducial_margin_mm,
                    pile_up_window_ns=self.pile_up_window_ns,
                    k_factor=self._k_factor(process, period.sqrt_s_mev),
                )

    def _k_factor(self, process: Process, sqrt_s: float) -> float:
        line = PUBLISHED_K.get(process.value) if self.published_k else None
        return 1.0 if line is None else float(line.at(sqrt_s))


def plan_samples(
    setup: Setup,
    periods: Sequence[Period],
    settings: SampleSettings,
    seed: int,
    *,
    conditions: Conditions | None = None,
) -> list[PlannedSample]:
    """Draw the numbers of events of all samples.

    Parameters
    ----------
    setup : Setup
        As the analyst knows it: rates do not depend on where the beam is.
    periods : sequence of Period
    settings : SampleSettings
    seed : int
        0 or more.
    conditions : Conditions, optional
        They say how many runs a period has; one by default.

    Returns
    -------
    list of PlannedSample
        Ready for `x17.simulation.simulate.simulate_block`, which takes the same setup and conditions.

    Raises
    ------
    UsageError
        A negative seed, more events than can be kept, no conditions of a period, or published corrections far
        from where they hold.
    """
    energies = [period.sqrt_s_mev for period in periods]
    if settings.published_k and not published_k_holds(energies):
        low, high = RANGE_SQRT_S
        raise UsageError(
            f"the published radiative corrections hold for √s of {low:g} to {high:g} MeV, PADME's; setup "
            f"{setup.name} has {min(energies):.2f} to {max(energies):.2f} MeV: take --k-factor none"
        )
    plans = []
    for period in periods:
        n_runs = 1 if conditions is None else conditions.n_runs(period.number)
        rates: dict[Process, float] = {}
        for sample in settings.samples_of(period, n_runs):
            rate = rates.get(sample.process)
            plan = PlannedSample.draw(setup, sample, seed, rate_per_pot=rate)
            rates[sample.process] = plan.rate_per_pot
            plans.append(plan)
    return plans
