"""What a bank holds: its sets, with their toys, failed fits and size."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from x17.statistics.fit_status import count_failures
from x17.toybank.bank import ToyBank
from x17.toybank.block_file import Block, DamagedBlock, read_block


@dataclass(frozen=True, slots=True, eq=False)
class StoredSet:
    """The blocks of one set and model.

    Attributes
    ----------
    toy_version : int
    model : str
        Digest.
    inputs : mapping
        What decides the toys, from `ToySet.inputs`.
    choices, unusual : mapping
        All choices of the model, and those that are not the default.
    description : str
    blocks : tuple of int
        Their numbers, rising.
    toys : int
    failures : mapping
        Failed fits by status.
    size : int
        Bytes.
    """

    toy_version: int
    model: str
    inputs: Mapping[str, Any]
    choices: Mapping[str, Any]
    unusual: Mapping[str, Any]
    description: str
    blocks: tuple[int, ...]
    toys: int
    failures: Mapping[str, int]
    size: int


@dataclass(frozen=True, slots=True, eq=False)
class BankContents:
    """What a bank holds.

    Attributes
    ----------
    sets : tuple of StoredSet
    damaged : tuple of (Path, str)
        Files that are no valid blocks, each with the reason.
    """

    sets: tuple[StoredSet, ...]
    damaged: tuple[tuple[Path, str], ...]


def contents(bank: ToyBank) -> BankContents:
    """Read and verify every block of a bank.

    Parameters
    ----------
    bank : ToyBank

    Returns
    -------
    BankContents
    """
    groups: dict[str, _Group] = {}
    damaged = []
    for path in bank.files():
        try:
            block = read_block(path)
        except DamagedBlock as reason:
            damaged.append((path, str(reason)))
            continue
        if block is not None:
            key = json.loads(block.key.text)
            number = key.pop("block")
            group = groups.setdefault(json.dumps(key), _Group(key, block))
            group.add(number, block, path.stat().st_size)
    return BankContents(tuple(groups[name].stored() for name in sorted(groups)), tuple(damaged))


class _Group:
    """Blocks of one set while they are counted."""

    def __init__(self, key: Mapping[str, Any], first: Block) -> None:
        self._key, self._about = key, first.about
        self._numbers: list[int] = []
        self._toys = self._size = 0
        self._failures = Counter[str]()

    def add(self, number: int, block: Block, size: int) -> None:
        status = np.asarray(block.arrays["status"], dtype=np.int8)
        self._numbers.append(number)
        self._toys += len(status)
        self._size += size
        self._failures.update(count_failures(status))

    def stored(self) -> StoredSet:
        about: Mapping[str, Any] = self._about
        return StoredSet(
            toy_version=self._key["toy_version"],
            model=self._key["model"],
            inputs=self._key["toys"],
            choices=about["choices"],
            unusual=about["unusual"],
            description=about["set"],
            blocks=tuple(sorted(self._numbers)),
            toys=self._toys,
            failures=dict(self._failures),
            size=self._size,
        )
