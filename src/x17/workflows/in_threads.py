"""Toys in memory, several sets at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from x17.statistics.blocks import Progress, run_blocks, silent
from x17.statistics.model import ScanModel
from x17.statistics.toy_set import Arrays, InMemory, ToySet

SETS_PER_THREAD = 4
"""Sets whose toys are held at once, for each thread: bounds the memory."""


class InThreads:
    """Toys made on the spot, each set by one thread.

    For many small sets, of a block or a few each: blocks alone would not keep several threads busy.

    Parameters
    ----------
    workers : int
        Threads; the toys do not depend on it.
    progress : callable
        Told of sets.
    """

    def __init__(self, workers: int, progress: Progress = silent) -> None:
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
        make, batch = InMemory(), SETS_PER_THREAD * self._workers
        for start in range(0, len(sets), batch):
            yield from run_blocks(
                lambda toy_set: next(make(model, [toy_set], n_toys)),
                sets[start : start + batch],
                workers=self._workers,
            )
            self._progress("sets of toys", min(start + batch, len(sets)), len(sets))
