"""From planned samples to files of clusters, without keeping the hits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from x17.apparatus.setup import Setup
from x17.errors import InputError, UsageError
from x17.reconstruction.cluster_file import ReconstructedEvents, read_cluster_record, write_clusters
from x17.reconstruction.flux.run_sums import sum_runs
from x17.reconstruction.reconstruct import ReconstructionSettings, clusters_record, reconstruct_events
from x17.simulation.bunch_blocks import bunch_blocks
from x17.simulation.conditions import Conditions
from x17.simulation.sample import PlannedSample
from x17.simulation.showers.library import ShowerLibrary
from x17.simulation.showers.library_of_setup import library_of
from x17.simulation.simulate import simulate_block
from x17.simulation.storage.bunches_file import as_stored, bunches_record
from x17.simulation.storage.event_table import event_table
from x17.simulation.storage.file_identity import library_digest, sample_record, setup_digest
from x17.statistics.blocks import Progress, run_blocks
from x17.workflows.cluster_folder import (
    PREFIX,
    RUNS,
    cluster_path,
    same_record,
    same_runs,
    sample_name,
    write_runs,
)
from x17.workflows.event_folder import folder_of


@dataclass(frozen=True, slots=True, eq=False)
class ClusterMaker:
    """Simulates samples into a folder of clusters.

    Attributes
    ----------
    setup : Setup
        As the analyst knows it.
    library : ShowerLibrary
    conditions : Conditions or None
    settings : ReconstructionSettings
    out : Path
    digests : dict
        Of setup, library and conditions, as files record them.
    """

    setup: Setup
    library: ShowerLibrary
    conditions: Conditions | None
    settings: ReconstructionSettings
    out: Path
    digests: Mapping[str, str | None]

    @classmethod
    def into(
        cls,
        out: Path,
        setup: Setup,
        conditions: Conditions | None = None,
        settings: ReconstructionSettings | None = None,
    ) -> ClusterMaker:
        """Prepare a folder.

        Parameters
        ----------
        out : Path
        setup : Setup
        conditions : Conditions, optional
            As the setup says by default.
        settings : ReconstructionSettings, optional

        Returns
        -------
        ClusterMaker

        Raises
        ------
        UsageError
            `out` is a file.
        """
        if out.exists() and not out.is_dir():
            raise UsageError(f"--out {out}: is a file; name a folder")
        library = library_of(setup, setup.run_plan.beam_energy_mev.tolist())
        digests = {
            "setup_sha256": setup_digest(setup),
            "library_sha256": library_digest(library),
            "conditions_sha256": conditions.digest() if conditions else None,
        }
        return cls(setup, library, conditions, settings or ReconstructionSettings(), out, digests)

    def make(self, plans: Sequence[PlannedSample], workers: int, what: str, progress: Progress) -> int:
        """Make the files of samples; those that are there already are kept.

        Parameters
        ----------
        plans : sequence of PlannedSample
        workers : int
            Threads; the clusters do not depend on it.
        what : str
            What is being done, for the progress.
        progress : callable

        Returns
        -------
        int
            Files made.

        Raises
        ------
        UsageError
            The folder holds samples of other settings.
        KeyboardInterrupt
            With a sentence that says what is safe.
        """
        # A boson far from the beam is never made: no events, no file, as `x17 simulate` has it.
        named = {self._path(plan): plan for plan in plans if plan.n_events > 0}
        self._refuse_others(named)
        records = {path: self._record(plan) for path, plan in named.items()}
        todo = [path for path in named if not same_record(path, records[path])]
        clash = [path for path in todo if path.exists() and not _cut_short(path)]
        if clash:
            raise UsageError(
                f"{clash[0]} holds clusters of other settings, another seed or another version; "
                f"name another folder than {self.out}, or delete it"
            )
        done = len(named) - len(todo)

        def work(path: Path) -> None:
            self._make(named[path], records[path], path)

        try:
            run_blocks(
                work,
                todo,
                workers=workers,
                progress=lambda _, n, __: progress(what, done + n, len(named)),
            )
        except KeyboardInterrupt:
            safe = sum(same_record(path, record) for path, record in records.items())
            raise KeyboardInterrupt(
                f"{safe} of {len(named)} samples are safe in {self.out}; the same command goes on from there"
            ) from None
        return len(todo)

    def make_runs(
        self, periods: Mapping[int, float], seed: int, workers: int, what: str, progress: Progress
    ) -> None:
        """Draw the bunches of periods and keep the sums over those of each run.

        Parameters
        ----------
        periods : mapping of int to float
            Positrons on target by number of the period.
        seed : int
        workers : int
            Threads.
        what : str
        progress : callable
        """
        conditions = self.conditions or Conditions.nominal(self.setup)
        planned = {period.number: period for period in self.setup.run_plan.periods}

        def work(period: int) -> None:
            path = folder_of(self.out, period) / RUNS
            about = {
                "setup": self.setup.name,
                "setup_sha256": self.digests["setup_sha256"],
                "conditions_sha256": self.digests["conditions_sha256"],
                "period": period,
                "beam_energy_mev": planned[period].beam_energy_mev,
                "n_pot": periods[period],
                "seed": seed,
            }
            # As `x17 reconstruct` writes it of a file of bunches, so that both leave the same folder.
            record = bunches_record(self.setup, about, conditions)
            if same_runs(path, record):
                return
            blocks = bunch_blocks(self.setup, conditions, period, periods[period], seed)
            sums = sum_runs(
                (as_stored(bunches) for _, bunches in blocks),
                self.setup,
                period=period,
                beam_energy_mev=planned[period].beam_energy_mev,
            )
            write_runs(path, sums, record)

        run_blocks(work, list(periods), workers=workers, what=what, progress=progress)

    def _path(self, plan: PlannedSample) -> Path:
        sample = plan.sample
        n_runs = 1 if self.conditions is None else self.conditions.n_runs(sample.period)
        return cluster_path(folder_of(self.out, sample.period), sample_name(plan, n_runs))

    def _record(self, plan: PlannedSample) -> dict[str, Any]:
        about = sample_record(self.setup.name, self.digests, plan) | {"n_generated": plan.n_events}
        return about | clusters_record(about, self.setup, self.settings, 0)

    def _make(self, plan: PlannedSample, record: Mapping[str, Any], path: Path) -> None:
        parts = []
        for block in range(plan.n_blocks):
            events = simulate_block(self.setup, self.library, plan, block, conditions=self.conditions)
            table = event_table(events, self.setup, record)
            parts.append(reconstruct_events(table, self.setup, self.settings, source=path.name))
        about = {**record, "n_events": sum(part.n_events for part in parts)}
        write_clusters(ReconstructedEvents.concatenate(parts, about), path, self.setup.calorimeter)

    def _refuse_others(self, wanted: Mapping[Path, PlannedSample]) -> None:
        """Files of the same periods that are not among the wanted ones must not be there."""
        for folder in {path.parent for path in wanted}:
            for leftover in folder.glob(f".{PREFIX}*"):
                leftover.unlink(missing_ok=True)
            for path in sorted(folder.glob(f"{PREFIX}*")):
                if path not in wanted:
                    raise UsageError(
                        f"{path} is of other processes than are asked for; "
                        f"name another folder than {self.out}, or delete it"
                    )


def _cut_short(path: Path) -> bool:
    """Whether a file of clusters cannot be read, so that it is made again."""
    try:
        read_cluster_record(path)
    except InputError:
        return True
    return False
