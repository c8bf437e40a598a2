"""Where a command takes its toys from: a bank on disk or memory, made by threads or on a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from x17.statistics.blocks import Progress, available_cores, silent
from x17.statistics.toy_set import InMemory, ToySource

Notify = Callable[[str], None]
"""Told, in a sentence, of what was found damaged and is made again."""

DEFAULT_BANK = Path("results/toybank")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToyPlace:
    """Choices about where toys are made and kept.

    Attributes
    ----------
    bank : Path or None
        Folder of the bank; None keeps toys in memory only.
    workers : int or None
        Threads; all cores by default.
    scheduler : str or None
        Address of a Dask scheduler that makes the toys instead.
    reuse_only : bool
        Make none: what the bank lacks is an error.
    """

    bank: Path | None = DEFAULT_BANK
    workers: int | None = None
    scheduler: str | None = None
    reuse_only: bool = False


@contextmanager
def toy_source(
    place: ToyPlace, progress: Progress = silent, notify: Notify | None = None
) -> Iterator[ToySource]:
    """Open the source of toys for as long as a command needs it.

    Parameters
    ----------
    place : ToyPlace
    progress : callable
    notify : callable, optional

    Yields
    ------
    ToySource

    Raises
    ------
    X17Error
        A scheduler that is not there, or a bank that cannot be used.
    """
    from x17.toybank.bank import ToyBank, ignore
    from x17.toybank.bank_source import BankSource

    workers = place.workers or available_cores()
    if place.bank is None:
        yield InMemory(workers, progress)
        return
    bank, tell = ToyBank(place.bank), notify or ignore
    if place.scheduler is None:
        yield BankSource(bank, workers=workers, progress=progress, notify=tell, reuse_only=place.reuse_only)
        return
    from x17.toybank.dask_executor import dask_executor

    with dask_executor(place.scheduler, tell) as executor:
        yield BankSource(
            bank,
            workers=executor.workers,
            executor=executor,
            progress=progress,
            notify=tell,
            reuse_only=place.reuse_only,
        )
