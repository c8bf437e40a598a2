"""Toy campaigns of every strategy, in blocks that are kept as they are finished."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from x17.errors import X17Error
from x17.projection.planning_average import AverageInformation, average_information, learned_bits
from x17.projection.planning_campaign import CampaignPlan, Strategy, Truth, true_g_r
from x17.projection.planning_verdict import PowerCurve, Verdicts, power_curve, verdicts
from x17.statistics.blocks import Progress, run_blocks
from x17.statistics.toy_set import Arrays
from x17.statistics.toys import block_stream
from x17.toybank.block_file import Block, read_block, write_file
from x17.toybank.block_key import BlockKey

FloatArray = NDArray[np.float64]

BLOCK = 10
"""Toys of a block."""

_TOYS_KEY = 0x706C616E


class _Kind(StrEnum):
    """What is true in toys."""

    BOSON = "boson"
    NONE = "none"
    DRAWN = "drawn"


@dataclass(frozen=True, slots=True)
class _Task:
    """A block of toys of one strategy."""

    strategy: Strategy
    kind: _Kind
    block: int
    size: int


@dataclass(frozen=True, slots=True, eq=False)
class PlanToys:
    """What is simulated.

    Attributes
    ----------
    plan : CampaignPlan
    boson : Truth
        Simulated, and decided about.
    cl : float
        Of exclusions.
    toys : int
        Campaigns of each strategy, with and without the boson.
    seed : int
    bank : Path or None
        Where blocks are kept.
    mark : str
        Digest of everything else that decides a block.
    """

    plan: CampaignPlan
    boson: Truth
    cl: float
    toys: int
    seed: int
    bank: Path | None
    mark: str

    def tasks(self) -> list[_Task]:
        """All blocks, those of one curve together."""
        sizes = [(start // BLOCK, min(BLOCK, self.toys - start)) for start in range(0, self.toys, BLOCK)]
        return [
            _Task(strategy, kind, block, size)
            for strategy, kind, (block, size) in product(Strategy, _Kind, sizes)
        ]

    def make(self, task: _Task, expected: Mapping[_Kind, FloatArray]) -> Block:
        """Make a block, or take it from where it is kept.

        Parameters
        ----------
        task : _Task
        expected : mapping of ndarray, shape (n_new,)
            True g_R with the boson and without.

        Returns
        -------
        Block
            With `decided` and `ok`, shape (2, size, n_steps), and `start`, shape (2,): the data so far left
            out, and counted; where the truth is drawn `bits`, shape (size, n_steps).
        """
        about = {
            "strategy": task.strategy.value,
            "truth": task.kind.value,
            "block": task.block,
            "size": task.size,
        }
        key = BlockKey(json.dumps({"plan": self.mark, "seed": self.seed, **about}, sort_keys=True))
        path = None if self.bank is None else self.bank / key.name[:2] / f"{key.name}.npz"
        if path is not None and (kept := read_block(path)) is not None:
            return kept
        # The same stream for all strategies: their toys share the errors of flux and background.
        stream = block_stream(self.seed, (_TOYS_KEY, list(_Kind).index(task.kind)), task.block)
        if task.kind is _Kind.DRAWN:
            arrays: Arrays = {"bits": learned_bits(self.plan, task.strategy, task.size, stream)}
        else:
            arrays = self._verdicts(task, expected[task.kind], stream)
        block = Block(key, about, arrays)
        if path is not None:
            _keep(path, block)
        return block

    def _verdicts(self, task: _Task, expected: FloatArray, stream: np.random.Generator) -> Arrays:
        campaigns, true = self.plan.run(task.strategy, expected, task.size, stream), task.kind is _Kind.BOSON
        found = [
            verdicts(self.plan.space, campaigns, self.boson, true=true, with_old=old, cl=self.cl)
            for old in (False, True)
        ]
        return {
            "decided": np.stack([one.decided for one in found]),
            "ok": np.stack([one.ok for one in found]),
            "start": np.array([one.start for one in found]),
        }


def _keep(path: Path, block: Block) -> None:
    try:
        write_file(path, block.encode())
    except OSError as error:
        raise X17Error(
            f"--bank {path.parent.parent}: a block of toys cannot be written ({error.strerror}); those that "
            "are there are safe: free some space, or name another folder"
        ) from error


def compare_strategies(
    toys: PlanToys, workers: int, progress: Progress
) -> tuple[tuple[PowerCurve, ...], tuple[AverageInformation, ...]]:
    """How often each strategy decides, against positrons, and what it teaches on average.

    Parameters
    ----------
    toys : PlanToys
    workers : int
        Threads; results do not depend on it.
    progress : callable

    Returns
    -------
    tuple of PowerCurve
        With the boson and without, the data so far counted or not, every strategy.
    tuple of AverageInformation
        Of every strategy.

    Raises
    ------
    X17Error
        A fit to the data so far failed, or a full disk.
    KeyboardInterrupt
        With what of the work is safe.
    """
    expected = {
        _Kind.BOSON: true_g_r(toys.plan.space, toys.boson),
        _Kind.NONE: true_g_r(toys.plan.space, Truth(toys.boson.mass_mev, 0.0)),
    }
    tasks = toys.tasks()
    try:
        blocks = run_blocks(
            lambda task: toys.make(task, expected),
            tasks,
            workers=workers,
            what="campaigns",
            progress=progress,
        )
    except KeyboardInterrupt:
        if toys.bank is None:
            raise
        raise KeyboardInterrupt(f"finished toys are in {toys.bank}; the same command goes on there") from None
    groups: dict[tuple[Strategy, _Kind], list[Arrays]] = {}
    for task, block in zip(tasks, blocks, strict=True):
        groups.setdefault((task.strategy, task.kind), []).append(block.arrays)
    curves = tuple(
        _curve(toys, strategy, groups[strategy, kind], true=kind is _Kind.BOSON, old=old)
        for kind, old, strategy in product((_Kind.BOSON, _Kind.NONE), (True, False), Strategy)
    )
    average = tuple(
        average_information(strategy, np.concatenate([a["bits"] for a in groups[strategy, _Kind.DRAWN]]))
        for strategy in Strategy
    )
    return curves, average


def _curve(toys: PlanToys, strategy: Strategy, blocks: list[Arrays], *, true: bool, old: bool) -> PowerCurve:
    positrons = np.cumsum(np.array(toys.plan.shares, dtype=np.float64))
    outcome = Verdicts(
        np.concatenate([arrays["decided"][int(old)] for arrays in blocks]),
        np.concatenate([arrays["ok"][int(old)] for arrays in blocks]),
        bool(blocks[0]["start"][int(old)]),
    )
    return power_curve(strategy, outcome, positrons, toys.seed, true=true, with_old=old)
