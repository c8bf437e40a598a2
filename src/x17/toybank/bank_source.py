"""A bank as a source of toys: what it lacks is made and kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any

from x17.errors import UsageError
from x17.statistics.blocks import Progress, silent
from x17.statistics.model import ScanModel
from x17.statistics.toy_set import Arrays, ToySet, blocks_needed
from x17.toybank.bank import Notify, ToyBank, ignore
from x17.toybank.block_key import DIGITS, TOY_VERSION
from x17.toybank.contents import StoredSet, contents
from x17.toybank.fill import fill
from x17.toybank.model_digest import identify
from x17.toybank.rounding import rounded

_LONG = 5
"""A list with more values is told by its ends."""


class BankSource:
    """Toys from a bank, as a `x17.statistics.toy_set.ToySource`.

    Parameters
    ----------
    bank : ToyBank
    workers : int
        Threads, or how many blocks the executor makes at a time; the toys do not depend on it.
    executor : concurrent.futures.Executor, optional
        Where missing toys are made; threads by default.
    progress : callable
        Told of toys.
    notify : callable
        Told of damaged blocks.
    reuse_only : bool
        Make no toys: what is missing is an error that says what the bank holds instead.
    """

    def __init__(
        self,
        bank: ToyBank,
        *,
        workers: int = 1,
        executor: Executor | None = None,
        progress: Progress = silent,
        notify: Notify = ignore,
        reuse_only: bool = False,
    ) -> None:
        self._bank = bank
        self._workers = workers
        self._executor = executor
        self._progress = progress
        self._notify = notify
        self._reuse_only = reuse_only

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

        Raises
        ------
        X17Error
            As `x17.toybank.fill` does; with `reuse_only`, a `UsageError` if toys are missing.
        """
        if self._reuse_only:
            self._require(model, sets, n_toys)
        else:
            fill(
                self._bank,
                model,
                sets,
                n_toys,
                executor=self._executor,
                workers=self._workers,
                progress=self._progress,
                notify=self._notify,
            )
        for toy_set in sets:
            yield self._bank.read(model, toy_set, n_toys)

    def _require(self, model: ScanModel, sets: Sequence[ToySet], n_toys: int) -> None:
        for toy_set in sets:
            needed = blocks_needed(toy_set, n_toys)
            missing = len(self._bank.missing(model, toy_set, range(needed)))  # none will be made again
            if missing:
                held = (needed - missing) * toy_set.toys_per_block
                instead = f"has {held}" if held else f"has none: {_instead(self._bank, model, toy_set)}"
                raise UsageError(
                    f"{self._bank.folder}: {n_toys} toys are needed of {toy_set.describe()}, the bank "
                    f"{instead}. Make them with `x17 toys generate`, or let this command make them"
                )


def _instead(bank: ToyBank, model: ScanModel, toy_set: ToySet) -> str:
    """What the bank holds that comes nearest to what is asked."""
    identity = identify(model)
    asked = _flat(TOY_VERSION, identity.choices, toy_set.inputs())
    distances = [(_differences(_stored_flat(stored), asked), stored) for stored in contents(bank).sets]
    if not distances:
        return "it is empty"
    differences, nearest = min(distances, key=lambda item: len(item[0]))
    another = "; ".join(differences) or "line shape or table of the scan"
    return f"the nearest it holds are {nearest.toys} toys of {nearest.description}, with another {another}"


def _flat(version: int, choices: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    flat = {"toy_version": version, **choices, **inputs}
    return {name: rounded(value, DIGITS) for name, value in flat.items()}


def _stored_flat(stored: StoredSet) -> dict[str, Any]:
    return _flat(stored.toy_version, stored.choices, stored.inputs)


def _differences(there: Mapping[str, Any], here: Mapping[str, Any]) -> list[str]:
    names = [name for name in sorted({*there, *here}) if there.get(name) != here.get(name)]
    return [f"{name}: {_short(there.get(name))} there, {_short(here.get(name))} asked" for name in names]


def _short(value: object) -> str:
    if isinstance(value, list) and len(value) > _LONG:
        return f"{len(value)} values from {value[0]} to {value[-1]}"
    return "none" if value is None else str(value)
