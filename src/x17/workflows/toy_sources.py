"""Where a command takes its toys from: a bank on disk, its toys made by threads or on a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from x17.statistics.blocks import Progress, available_cores, silent
from x17.statistics.toy_set import ToySource
from x17.toybank.bank import Notify, ToyBank, ignore
from x17.toybank.bank_source import BankSource


@dataclass(frozen=True, slots=True, kw_only=True)
class ToyPlace:
    """Choices about where toys are made and kept.

    Attributes
    ----------
    bank : Path
        Folder of the bank.
    workers : int or None
        Threads; all cores by default.
    scheduler : str or None
        tcp://HOST:PORT of a dask scheduler whose workers make the toys instead.
    reuse_only : bool
        Make none: what the bank lacks is an error.
    """

    bank: Path
    workers: int | None = None
    scheduler: str | None = None
    reuse_only: bool = False


@contextmanager
def toy_maker(place: ToyPlace, notify: Notify = ignore) -> Iterator[tuple[Executor | None, int]]:
    """What makes blocks, and how many at a time.

    Parameters
    ----------
    place : ToyPlace
    notify : callable

    Yields
    ------
    (Executor or None, int)
        None stands for threads.

    Raises
    ------
    X17Error
        A scheduler that does not answer.
    """
    if place.scheduler is None:
        yield None, place.workers or available_cores()
        return
    from x17.toybank.dask_executor import dask_executor

    with dask_executor(place.scheduler, notify) as executor:
        yield executor, executor.workers


@contextmanager
def toy_source(place: ToyPlace, progress: Progress = silent, notify: Notify = ignore) -> Iterator[ToySource]:
    """Open the source of toys for as long as a command needs it.

    Parameters
    ----------
    place : ToyPlace
    progress, notify : callable

    Yields
    ------
    ToySource

    Raises
    ------
    X17Error
        A scheduler that does not answer.
    """
    with toy_maker(place, notify) as (executor, width):
        yield BankSource(
            ToyBank(place.bank),
            workers=width,
            executor=executor,
            progress=progress,
            notify=notify,
            reuse_only=place.reuse_only,
        )
