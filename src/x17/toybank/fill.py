"""Make the blocks that a bank lacks, on any executor, and store each as it arrives."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Generator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ThreadPoolExecutor,
    wait,
)
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from itertools import islice

import numpy as np

from x17.errors import UsageError, X17Error
from x17.statistics.blocks import Progress, silent
from x17.statistics.fit_status import count_failures
from x17.statistics.model import ScanModel
from x17.statistics.toy_set import Arrays, ToySet, blocks_needed
from x17.toybank.bank import Notify, NotStored, ToyBank, ignore
from x17.toybank.block_key import TOY_VERSION

IN_FLIGHT = 4
"""Blocks per worker handed to the executor at once: enough to keep it busy, few enough to fit in memory."""

Task = tuple[ToySet, int]


@dataclass(frozen=True, slots=True)
class Filled:
    """What a call of `fill` did.

    Attributes
    ----------
    found : int
        Toys that the bank had already.
    made : int
        Toys made, always in full blocks.
    failures : dict
        Fits that failed among those made, by status.
    seconds : float
        Wall-clock time.
    """

    found: int
    made: int
    failures: dict[str, int]
    seconds: float


def make_block(model: ScanModel, toy_set: ToySet, block: int, version: int) -> Arrays:
    """Make a block: what runs in a worker, wherever that is.

    Parameters
    ----------
    model : ScanModel
    toy_set : ToySet
    block : int
    version : int
        `TOY_VERSION` of the program that asks.

    Returns
    -------
    Arrays

    Raises
    ------
    X17Error
        The worker has another version of the toys, or a fit to the data failed.
    """
    if version != TOY_VERSION:
        raise X17Error(
            f"a worker makes toys of version {TOY_VERSION}, but version {version} is wanted: "
            "install the same x17 on the workers"
        )
    return toy_set.make(model, block)


def fill(
    bank: ToyBank,
    model: ScanModel,
    sets: Sequence[ToySet],
    n_toys: int,
    *,
    blocks: range | None = None,
    executor: Executor | None = None,
    workers: int = 1,
    progress: Progress = silent,
    notify: Notify = ignore,
) -> Filled:
    """Make and store whatever is missing for the first `n_toys` toys of each set.

    However it ends, every block that arrived is safe, and the same call goes on from there.

    Parameters
    ----------
    bank : ToyBank
    model : ScanModel
    sets : sequence of ToySet
    n_toys : int
    blocks : range, optional
        Only the blocks of these numbers; all that `n_toys` needs by default.
    executor : concurrent.futures.Executor, optional
        Where the blocks are made; threads by default. The toys do not depend on it.
    workers : int
        Threads, or how many blocks the executor makes at a time.
    progress : callable
        Told of toys.
    notify : callable
        Told of damaged blocks.

    Returns
    -------
    Filled

    Raises
    ------
    UsageError, InputError
        The bank holds toys of other data, or `blocks` are not among those needed.
    X17Error
        The bank cannot be written, a fit to the data failed, or workers died.
    KeyboardInterrupt
        With a sentence that says how many toys are safe.
    """
    start = time.monotonic()
    wanted = {k: _wanted(toy_set, n_toys, blocks) for k, toy_set in enumerate(sets)}
    bank.claim(model)
    total = sum(len(wanted[k]) * toy_set.toys_per_block for k, toy_set in enumerate(sets))
    todo = [(s, b) for k, s in enumerate(sets) for b in bank.missing(model, s, wanted[k], notify)]
    found = total - sum(toy_set.toys_per_block for toy_set, _ in todo)
    what = sets[0].describe() if len(sets) == 1 else f"{len(sets)} sets of toys"
    done, failures = found, Counter[str]()
    progress(what, done, total)
    start_pool: AbstractContextManager[Executor] = (
        ThreadPoolExecutor(workers) if executor is None else nullcontext(executor)
    )
    try:
        with start_pool as pool, closing(_made(pool, model, todo, workers)) as made:
            for (toy_set, block), arrays in made:
                bank.store(model, toy_set, block, arrays)
                failures.update(count_failures(np.asarray(arrays["status"], dtype=np.int8)))
                done += toy_set.toys_per_block
                progress(what, done, total)
    except NotStored as error:
        raise NotStored(f"{error}. {_safe(bank, done, total)}") from error
    except (BrokenExecutor, CancelledError) as error:
        reason = str(error) or "the workers are gone"
        raise X17Error(f"{reason}. {_safe(bank, done, total)}") from error
    except KeyboardInterrupt:
        raise KeyboardInterrupt(_safe(bank, done, total)) from None
    return Filled(found, done - found, dict(failures), time.monotonic() - start)


def _safe(bank: ToyBank, done: int, total: int) -> str:
    return (
        f"{done} of {total} toys are safe in {bank.folder}; the same command goes on from there, "
        "and loses nothing"
    )


def _wanted(toy_set: ToySet, n_toys: int, blocks: range | None) -> range:
    needed = range(blocks_needed(toy_set, n_toys))
    if blocks is None:
        return needed
    if not blocks or blocks[0] not in needed or blocks[-1] not in needed:
        raise UsageError(
            f"--blocks: {n_toys} toys of {toy_set.describe()} are blocks 0 to {len(needed) - 1} "
            f"of {toy_set.toys_per_block} toys"
        )
    return blocks


def _made(
    pool: Executor, model: ScanModel, todo: Sequence[Task], workers: int
) -> Generator[tuple[Task, Arrays], None, None]:
    """The blocks as they arrive; when it ends early, those not begun are not made."""
    rest, waiting = iter(todo), dict[Future[Arrays], Task]()
    try:
        while True:
            for task in islice(rest, IN_FLIGHT * workers - len(waiting)):
                waiting[pool.submit(make_block, model, *task, TOY_VERSION)] = task
            if not waiting:
                return
            arrived, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in sorted(arrived, key=_failed):  # whatever arrived is stored before an error ends it
                yield waiting.pop(future), future.result()
    finally:
        for future in waiting:
            future.cancel()


def _failed(future: Future[Arrays]) -> bool:
    return future.cancelled() or future.exception() is not None
