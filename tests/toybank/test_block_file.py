import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from x17.statistics.toy_set import Arrays
from x17.toybank.block_file import Block, DamagedBlock, decode, read_block, write_file
from x17.toybank.block_key import BlockKey

RNG = np.random.default_rng(1)
BLOCK = Block(
    BlockKey('{"block": 0}'),
    {"set": "dice"},
    {"q": RNG.standard_normal((5, 3)), "status": np.zeros((5, 3), dtype=np.int8), "inf": np.array([np.inf])},
)
RAW = BLOCK.encode()
NAME = BLOCK.key.name


def test_a_block_comes_back_bit_for_bit(same_arrays: Callable[[Arrays, Arrays], bool]) -> None:
    back = decode(RAW, NAME)
    assert (back.key, back.about) == (BLOCK.key, BLOCK.about)
    assert same_arrays(back.arrays, BLOCK.arrays)
    assert back.encode() == RAW


def test_numpy_opens_a_block(tmp_path: Path) -> None:
    path = tmp_path / f"{NAME}.npz"
    path.write_bytes(RAW)
    with np.load(path, allow_pickle=False) as content:
        assert np.array_equal(content["q"], BLOCK.arrays["q"])
        assert content["key"].tobytes().decode() == BLOCK.key.text


@given(place=st.integers(0, len(RAW) - 1), bits=st.integers(1, 255))
def test_any_changed_byte_is_noticed(place: int, bits: int) -> None:
    damaged = bytearray(RAW)
    damaged[place] ^= bits
    with pytest.raises(DamagedBlock):
        decode(bytes(damaged), NAME)


@given(length=st.integers(0, len(RAW) - 1))
def test_a_block_cut_short_is_noticed(length: int) -> None:
    with pytest.raises(DamagedBlock):
        decode(RAW[:length], NAME)


@pytest.mark.parametrize(
    ("raw", "name", "reason"),
    [
        (b"", NAME, "is empty"),
        (b"<html>not found</html>" * 9, NAME, "no block of toys"),
        (RAW[:-10], NAME, "checksum is wrong"),
        (RAW + b"\n", NAME, "checksum is wrong"),
        (RAW, "0" * 64, "another block under this name"),
    ],
)
def test_the_reason_is_given_in_words(raw: bytes, name: str, reason: str) -> None:
    with pytest.raises(DamagedBlock, match=reason):
        decode(raw, name)


def test_reading_what_is_not_there_and_what_is_no_file(tmp_path: Path) -> None:
    assert read_block(tmp_path / f"{NAME}.npz") is None
    (tmp_path / f"{NAME}.npz").mkdir()
    with pytest.raises(DamagedBlock, match="cannot be read"):
        read_block(tmp_path / f"{NAME}.npz")


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.npz"
    write_file(path, b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
