"""A set of toys: everything that decides which toys are made and what is kept of them.

A set is made block by block. A block is decided by the model, the set and its number alone, wherever and
whenever it is made; `x17.toybank` stores blocks, `in_memory` makes them on the spot.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from x17.statistics.blocks import Progress, run_blocks, silent
from x17.statistics.model import ScanModel

SETS_PER_WORKER = 4
"""Sets made together in memory: enough to keep threads busy with sets of one block, few enough to hold."""

Arrays = Mapping[str, NDArray[np.generic]]
"""What is kept of toys, by name; the leading axis of every array counts the toys."""


class ToySet(Protocol):
    """What a kind of toy set must be able to do; instances are frozen dataclasses, small and picklable."""

    @property
    def toys_per_block(self) -> int:
        """Toys in a block."""

    def inputs(self) -> dict[str, object]:
        """Everything but the model that decides the toys: strings, numbers and lists of them."""

    def describe(self) -> str:
        """The set in a few words, for people."""

    def make(self, model: ScanModel, block: int) -> dict[str, NDArray[np.generic]]:
        """Make a block; `status` is among the arrays, int8, a `FitStatus` code for each fit kept."""


class ToySource(Protocol):
    """Something that delivers toys: made on the spot, or taken from a bank."""

    def __call__(self, model: ScanModel, sets: Sequence[ToySet], n_toys: int) -> Iterator[Arrays]:
        """The first `n_toys` toys of each set, in the order of the sets."""


def blocks_needed(toy_set: ToySet, n_toys: int) -> int:
    """Number of blocks that hold so many toys.

    Parameters
    ----------
    toy_set : ToySet
    n_toys : int

    Returns
    -------
    int
    """
    return -(-n_toys // toy_set.toys_per_block)


def join(blocks: Sequence[Arrays], n_toys: int) -> Arrays:
    """Put blocks together and keep the first toys.

    Parameters
    ----------
    blocks : sequence of Arrays
        In order.
    n_toys : int

    Returns
    -------
    Arrays
    """
    return {name: np.concatenate([block[name] for block in blocks])[:n_toys] for name in blocks[0]}


class InMemory:
    """Toys made on the spot and kept nowhere.

    Parameters
    ----------
    workers : int
        Threads; the toys do not depend on it.
    progress : callable
        Told of blocks.
    """

    def __init__(self, workers: int = 1, progress: Progress = silent) -> None:
        self._workers = workers
        self._progress = progress

    def __call__(self, model: ScanModel, sets: Sequence[ToySet], n_toys: int) -> Iterator[Arrays]:
        """The first `n_toys` toys of each set, in the order of the sets.

        Parameters
        ----------
        model : ScanModel
        sets : sequence of ToySet
        n_toys : int

        Yields
        ------
        Arrays
        """
        what = sets[0].describe() if len(sets) == 1 else f"{len(sets)} sets of toys"
        together, made = SETS_PER_WORKER * self._workers, 0
        total = sum(blocks_needed(toy_set, n_toys) for toy_set in sets)

        def tell(_: str, done: int, __: int) -> None:
            self._progress(what, made + done, total)

        for start in range(0, len(sets), together):
            some = sets[start : start + together]
            tasks = [(s, block) for s in some for block in range(blocks_needed(s, n_toys))]
            blocks = run_blocks(
                lambda task: task[0].make(model, task[1]), tasks, workers=self._workers, progress=tell
            )
            made += len(tasks)
            for toy_set in some:
                needed = blocks_needed(toy_set, n_toys)
                yield join(blocks[:needed], n_toys)
                del blocks[:needed]
