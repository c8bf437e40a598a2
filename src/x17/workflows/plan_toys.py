"""Toy campaigns of every strategy, in blocks that are kept as they are finished."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from x17.errors import X17Error
from x17.projection.planning_campaign import CampaignPlan, Strategy, Truth, true_g_r
from x17.projection.planning_verdict import PowerCurve, Verdicts, power_curve, verdicts
from x17.statistics.blocks import Progress, run_blocks
from x17.statistics.toys import block_stream
from x17.toybank.block_file import Block, read_block, write_file
from x17.toybank.block_key import BlockKey

FloatArray = NDArray[np.float64]

BLOCK = 10
"""Toys of a block."""

_TOYS_KEY = 0x706C616E


@dataclass(frozen=True, slots=True)
class _Task:
    """A block of toys of one strategy."""

    strategy: Strategy
    true: bool
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
            _Task(strategy, true, block, size)
            for strategy, true, (block, size) in product(Strategy, (True, False), sizes)
        ]

    def make(self, task: _Task, expected: FloatArray) -> Block:
        """Make a block, or take it from where it is kept.

        Parameters
        ----------
        task : _Task
        expected : ndarray, shape (n_new,)
            True g_R.

        Returns
        -------
        Block
            With `decided` and `ok`, shape (2, size, n_steps), and `start`, shape (2,): the data so far left
            out, and counted.
        """
        about = {"strategy": task.strategy.value, "boson": task.true, "block": task.block, "size": task.size}
        key = BlockKey(json.dumps({"plan": self.mark, "seed": self.seed, **about}, sort_keys=True))
        path = None if self.bank is None else self.bank / key.name[:2] / f"{key.name}.npz"
        if path is not None and (kept := read_block(path)) is not None:
            return kept
        # The same stream for all strategies: their toys share the errors of flux and background.
        stream = block_stream(self.seed, (_TOYS_KEY, int(task.true)), task.block)
        campaigns = self.plan.run(task.strategy, expected, task.size, stream)
        found = [
            verdicts(self.plan.space, campaigns, self.boson, true=task.true, with_old=old, cl=self.cl)
            for old in (False, True)
        ]
        arrays = {
            "decided": np.stack([one.decided for one in found]),
            "ok": np.stack([one.ok for one in found]),
            "start": np.array([one.start for one in found]),
        }
        block = Block(key, about, arrays)
        if path is not None:
            _keep(path, block)
        return block


def _keep(path: Path, block: Block) -> None:
    try:
        write_file(path, block.encode())
    except OSError as error:
        raise X17Error(
            f"--bank {path.parent.parent}: a block of toys cannot be written ({error.strerror}); those that "
            "are there are safe: free some space, or name another folder"
        ) from error


def compare_strategies(toys: PlanToys, workers: int, progress: Progress) -> tuple[PowerCurve, ...]:
    """How often each strategy decides, against positrons.

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

    Raises
    ------
    X17Error
        A fit to the data so far failed, or a full disk.
    KeyboardInterrupt
        With what of the work is safe.
    """
    expected = {
        True: true_g_r(toys.plan.space, toys.boson),
        False: true_g_r(toys.plan.space, Truth(toys.boson.mass_mev, 0.0)),
    }
    tasks = toys.tasks()
    try:
        blocks = run_blocks(
            lambda task: toys.make(task, expected[task.true]),
            tasks,
            workers=workers,
            what="campaigns",
            progress=progress,
        )
    except KeyboardInterrupt:
        if toys.bank is None:
            raise
        raise KeyboardInterrupt(f"finished toys are in {toys.bank}; the same command goes on there") from None
    positrons = np.cumsum(np.array(toys.plan.shares, dtype=np.float64))
    curves = []
    for true, old, strategy in product((True, False), (True, False), Strategy):
        mine = [b for t, b in zip(tasks, blocks, strict=True) if (t.strategy, t.true) == (strategy, true)]
        outcome = Verdicts(
            np.concatenate([b.arrays["decided"][int(old)] for b in mine]),
            np.concatenate([b.arrays["ok"][int(old)] for b in mine]),
            bool(mine[0].arrays["start"][int(old)]),
        )
        curves.append(power_curve(strategy, outcome, positrons, toys.seed, true=true, with_old=old))
    return tuple(curves)
