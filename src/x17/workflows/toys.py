"""Toys in a bank: the functions behind `x17 toys generate`, `status` and `merge`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from x17.errors import UsageError
from x17.scan import EnergyScan
from x17.statistics.blocks import Progress, silent
from x17.statistics.coupling_set import CouplingSet, Hypothesis
from x17.statistics.experiment_set import ExperimentSet
from x17.statistics.model import ScanModel
from x17.statistics.toy_set import ToySet
from x17.toybank.bank import Notify, ToyBank, ignore
from x17.toybank.block_key import TOY_VERSION
from x17.toybank.contents import StoredSet, contents
from x17.toybank.fill import Filled, fill
from x17.toybank.merge import merge
from x17.toybank.model_digest import identify, unusual_choices
from x17.workflows.search_settings import SearchSettings
from x17.workflows.toy_sources import ToyPlace, toy_maker

Document = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToyRequest:
    """Which toys are wanted.

    Attributes
    ----------
    toys : int
        Of each set.
    boson : (float, float) or None
        Mass in MeV and coupling of a boson put into pseudo-experiments.
    tested : bool
        Toys of both hypotheses at every tested (M, g), instead of pseudo-experiments.
    best : bool
        With `tested`: keep what Feldman–Cousins needs.
    blocks : range or None
        Only the blocks of these numbers.

    Raises
    ------
    UsageError
        Choices that exclude each other, or no toys.
    """

    toys: int = 10_000
    boson: tuple[float, float] | None = None
    tested: bool = False
    best: bool = False
    blocks: range | None = None

    def __post_init__(self) -> None:
        if self.toys < 1:
            raise UsageError(f"--toys is {self.toys}; allowed: 1 or more")
        if self.tested and self.boson is not None:
            raise UsageError("--inject puts a boson into pseudo-experiments; leave it out with --tested")
        if self.best and not self.tested:
            raise UsageError("--best says what is kept of tested couplings; it goes with --tested")

    def sets(self, settings: SearchSettings) -> list[ToySet]:
        """The sets of toys.

        Parameters
        ----------
        settings : SearchSettings
            Masses, couplings, ensemble and seed.

        Returns
        -------
        list of ToySet
        """
        masses = tuple(float(mass) for mass in settings.masses)
        if not self.tested:
            mass, coupling = self.boson or (0.0, 0.0)
            return [
                ExperimentSet(
                    ensemble=settings.limit.ensemble,
                    masses=masses,
                    seed=settings.limit.seed,
                    truth_mass=mass,
                    truth_coupling=coupling,
                )
            ]
        couplings = tuple(float(coupling) for coupling in settings.couplings)
        return [
            CouplingSet(
                ensemble=settings.limit.ensemble,
                hypothesis=hypothesis,
                mass=mass,
                couplings=couplings,
                seed=settings.limit.seed,
                best=self.best,
            )
            for mass in masses
            for hypothesis in Hypothesis
        ]


def block_range(text: str | None) -> range | None:
    """Block numbers of FROM:TO, both ends included.

    Parameters
    ----------
    text : str or None

    Returns
    -------
    range or None

    Raises
    ------
    UsageError
    """
    if text is None:
        return None
    try:
        first, last = (int(part) for part in text.split(":"))
    except ValueError:
        first, last = 1, 0
    if not 0 <= first <= last:
        raise UsageError(f"--blocks is {text!r}; allowed: FROM:TO, whole numbers with 0 ≤ FROM ≤ TO")
    return range(first, last + 1)


def generate_toys(
    scan_name: str,
    settings: SearchSettings,
    request: ToyRequest,
    *,
    folder: Path | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress = silent,
    notify: Notify = ignore,
) -> Document:
    """Make the toys that a bank lacks.

    Parameters
    ----------
    scan_name : str
        Shipped scan or file.
    settings : SearchSettings
    request : ToyRequest
    folder : Path, optional
        Of the bank; the scan's own by default.
    workers, scheduler
        As in `ToyPlace`.
    progress, notify : callable

    Returns
    -------
    dict
        What was made, for JSON.

    Raises
    ------
    X17Error
        As `x17.toybank.fill` does, and for bad input or a scheduler that does not answer.
    KeyboardInterrupt
        With a sentence that says how many toys are safe.
    """
    loaded = EnergyScan.load(scan_name)
    scan, resolved = settings.prepared(loaded)
    model, sets = ScanModel.build(scan, resolved.model), request.sets(resolved)
    place = ToyPlace(bank=folder or resolved.default_bank(loaded.name), workers=workers, scheduler=scheduler)
    bank = ToyBank(place.bank)
    bank.check(model)
    with toy_maker(place, notify) as (executor, width):
        filled = fill(
            bank,
            model,
            sets,
            request.toys,
            blocks=request.blocks,
            executor=executor,
            workers=width,
            progress=progress,
            notify=notify,
        )
    return _generated(scan, model, bank, sets, filled)


def _generated(
    scan: EnergyScan, model: ScanModel, bank: ToyBank, sets: Sequence[ToySet], filled: Filled
) -> Document:
    identity = identify(model)
    return {
        "bank": str(bank.folder),
        "scan": scan.name,
        "data": identity.data,
        "model": identity.digest,
        "choices": unusual_choices(identity.choices),
        "sets": [toy_set.describe() for toy_set in sets],
        "found": filled.found,
        "made": filled.made,
        "seconds": round(filled.seconds, 2),
        "toys_per_second": round(filled.made / filled.seconds, 1),
        "failed_fits": filled.failures,
    }


def toys_status(scan_name: str, folder: Path | None = None) -> Document:
    """What a bank holds; every block is read and verified.

    Parameters
    ----------
    scan_name : str
        Whose bank, if no folder is named.
    folder : Path, optional

    Returns
    -------
    dict
        For JSON.

    Raises
    ------
    UsageError, InputError
        The folder is no bank.
    """
    folder = folder or SearchSettings().default_bank(EnergyScan.load(scan_name).name)
    bank = ToyBank(folder)
    data = bank.data()
    if data is None:
        raise UsageError(
            f"{folder}: no toy bank there; make one: x17 toys generate {scan_name} --bank {folder}"
        )
    held = contents(bank)
    return {
        "bank": str(folder),
        "data": data[0],
        "scan": data[1],
        "sets": [_set_document(stored) for stored in held.sets],
        "damaged": [{"file": str(path), "reason": reason} for path, reason in held.damaged],
        "toys": sum(stored.toys for stored in held.sets),
        "megabytes": round(sum(stored.size for stored in held.sets) / 1e6, 2),
    }


def _set_document(stored: StoredSet) -> Document:
    return {
        "description": stored.description,
        "usable": stored.toy_version == TOY_VERSION,
        "toy_version": stored.toy_version,
        "model": stored.model,
        "choices": dict(stored.unusual),
        **stored.inputs,
        "blocks": len(stored.blocks),
        "toys": stored.toys,
        "failed_fits": dict(stored.failures),
        "megabytes": round(stored.size / 1e6, 2),
    }


def merge_toys(into: Path, sources: Sequence[Path], notify: Notify = ignore) -> Document:
    """Put banks together.

    Parameters
    ----------
    into : Path
        Need not exist.
    sources : sequence of Path
    notify : callable

    Returns
    -------
    dict
        What was done, in blocks, for JSON; `ok` is false if blocks were refused or damaged.

    Raises
    ------
    X17Error
        As `x17.toybank.merge` does.
    """
    report = merge(ToyBank(into), [ToyBank(source) for source in sources], notify)
    return {
        "bank": str(into),
        "copied": report.copied,
        "present": report.present,
        "close": report.close,
        "refused": list(report.refused),
        "damaged": list(report.damaged),
        "ok": not (report.refused or report.damaged),
    }
