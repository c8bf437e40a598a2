"""Put banks together: blocks made on several machines become one bank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.errors import UsageError
from x17.statistics.toy_set import Arrays
from x17.toybank.bank import Notify, ToyBank, ignore
from x17.toybank.block_file import Block, DamagedBlock, read_block

SAME_FIT = 1e-9
"""Two processors fit the same toy within this share of the largest magnitude in its array."""


@dataclass(frozen=True, slots=True)
class MergeReport:
    """What a merge did, in blocks.

    Attributes
    ----------
    copied : int
        Taken over.
    present : int
        There already, bit for bit.
    close : int
        There already, made on another kind of processor: equal within `SAME_FIT`. The bank's own stay.
    refused : tuple of str
        Files whose toys differ from those of the bank.
    damaged : tuple of str
        Files that are no valid blocks.
    """

    copied: int
    present: int
    close: int
    refused: tuple[str, ...]
    damaged: tuple[str, ...]


def merge(into: ToyBank, sources: Sequence[ToyBank], notify: Notify = ignore) -> MergeReport:
    """Copy the valid blocks of other banks into one.

    Parameters
    ----------
    into : ToyBank
        Need not exist.
    sources : sequence of ToyBank
    notify : callable
        Told of every block that is damaged or refused.

    Returns
    -------
    MergeReport

    Raises
    ------
    UsageError, InputError
        A source is no bank, or the banks hold toys of different data; nothing is copied then.
    NotStored
        The bank cannot be written; what was copied so far is safe.
    """
    into.claim_for(*_common_data(into, sources))
    tally = {"copied": 0, "present": 0, "close": 0}
    refused, damaged = [], []
    for path in (path for source in sources for path in source.files()):
        try:
            block = read_block(path)
        except DamagedBlock as reason:
            notify(f"{path} is damaged ({reason}): left out")
            damaged.append(str(path))
            continue
        if block is None:
            continue
        outcome = _take(into, block, notify)
        if outcome is None:
            notify(
                f"{path} differs from the block of that name in {into.folder}: left out, the bank's own stays"
            )
            refused.append(str(path))
        else:
            tally[outcome] += 1
    return MergeReport(**tally, refused=tuple(refused), damaged=tuple(damaged))


def _common_data(into: ToyBank, sources: Sequence[ToyBank]) -> tuple[str, str]:
    absent = [str(bank.folder) for bank in sources if bank.data() is None]
    if absent:
        raise UsageError(f"no toy bank: {', '.join(absent)}; a bank is a folder with a bank.json")
    described = [(bank.folder, data) for bank in (into, *sources) if (data := bank.data()) is not None]
    first_folder, first = described[0]
    for folder, data in described[1:]:
        if data[0] != first[0]:
            raise UsageError(
                f"{folder} holds toys of other data, {data[1]}, than {first_folder}, {first[1]}; "
                "a bank belongs to one scan"
            )
    return first


def _take(into: ToyBank, block: Block, notify: Notify) -> str | None:
    """Put a block into the bank; what became of it, or None if it contradicts the bank's own."""
    place = into.path(block.key.name)
    try:
        own = read_block(place)
    except DamagedBlock as reason:
        notify(f"{place} is damaged ({reason}): replaced")
        own = None
    if own is None:
        into.write(place, block.encode())
        return "copied"
    difference = largest_difference(own.arrays, block.arrays)
    if difference == 0.0:
        return "present"
    return "close" if difference <= SAME_FIT else None


def largest_difference(one: Arrays, other: Arrays) -> float:
    """How far two blocks are apart.

    Parameters
    ----------
    one, other : Arrays

    Returns
    -------
    float
        Largest difference of two numbers relative to the largest magnitude in their array; infinite if names,
        types, shapes, whole numbers or the places of NaN differ.
    """
    if {name: (a.dtype, a.shape) for name, a in one.items()} != {
        name: (a.dtype, a.shape) for name, a in other.items()
    }:
        return np.inf
    return max((_difference(one[name], other[name]) for name in one), default=0.0)


def _difference(one: NDArray[np.generic], other: NDArray[np.generic]) -> float:
    if one.dtype.kind != "f":
        return 0.0 if np.array_equal(one, other) else np.inf
    if np.array_equal(one, other, equal_nan=True):
        return 0.0
    a, b = np.asarray(one, dtype=np.float64), np.asarray(other, dtype=np.float64)
    finite = np.isfinite(a)
    if not np.array_equal(a[~finite], b[~finite], equal_nan=True) or not np.all(np.isfinite(b[finite])):
        return np.inf
    return float(np.max(np.abs(a - b)[finite]) / np.max(np.abs(a[finite])))
