import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from x17.errors import InputError, UsageError, X17Error
from x17.statistics.model import ScanModel
from x17.statistics.toy_set import Arrays, join
from x17.toybank import ToyBank
from x17.toybank.block_file import DamagedBlock
from x17.toybank.contents import contents
from x17.toybank.fill import fill


def test_toys_come_back_bit_for_bit(
    bank: ToyBank, model: ScanModel, dice: Any, same_arrays: Callable[[Arrays, Arrays], bool]
) -> None:
    blocks = [dice().make(model, k) for k in range(3)]
    assert bank.missing(model, dice(), range(3)) == [0, 1, 2]
    for k in (2, 0, 1):
        bank.store(model, dice(), k, blocks[k])
    assert bank.missing(model, dice(), range(4)) == [3]
    assert same_arrays(bank.read(model, dice(), 25), join(blocks, 25))


def damage_cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def damage_flip(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(bytes(raw))


def damage_empty(path: Path) -> None:
    path.write_bytes(b"")


def damage_text(path: Path) -> None:
    path.write_text("quota exceeded\n")


def damage_foreign(path: Path) -> None:
    others = [p for p in path.parent.parent.glob("*/*.npz") if p != path]
    path.write_bytes(others[0].read_bytes())


@pytest.mark.parametrize("damage", [damage_cut, damage_flip, damage_empty, damage_text, damage_foreign])
def test_a_damaged_block_is_made_again_to_the_same_bytes(
    bank: ToyBank, model: ScanModel, dice: Any, damage: Callable[[Path], None]
) -> None:
    fill(bank, model, [dice()], 30)
    files = {path: path.read_bytes() for path in bank.files()}
    victim = next(iter(files))
    damage(victim)
    with pytest.raises(DamagedBlock):
        bank.read(model, dice(), 30)
    assert [path for path, _ in contents(bank).damaged] == [victim]
    notes: list[str] = []
    assert fill(bank, model, [dice()], 30, notify=notes.append).made == 10
    assert len(notes) == 1
    assert notes[0].startswith("block ")
    assert "of dice 1 is damaged (" in notes[0]
    assert {path: path.read_bytes() for path in bank.files()} == files


def test_a_missing_block_is_named(bank: ToyBank, model: ScanModel, dice: Any) -> None:
    fill(bank, model, [dice()], 30, blocks=range(1, 3))
    with pytest.raises(X17Error, match="block 0 of dice 1 is missing"):
        bank.read(model, dice(), 30)


def test_toys_of_other_data_are_refused(bank: ToyBank, model: ScanModel, dice: Any) -> None:
    fill(bank, model, [dice()], 10)
    counts = model.points.n2.copy()
    counts[0] += 1.0
    other = replace(model, points=replace(model.points, n2=counts))
    for refused in (
        lambda: fill(bank, other, [dice()], 10),
        lambda: bank.read(other, dice(), 10),
        lambda: bank.missing(other, dice(), range(1)),
        lambda: bank.store(other, dice(), 0, {}),
    ):
        with pytest.raises(UsageError, match=r"other data, 42 points.*another folder with --bank"):
            refused()
    assert len(list(bank.files())) == 1


def test_other_settings_live_side_by_side(bank: ToyBank, model: ScanModel, dice: Any) -> None:
    fill(bank, model, [dice()], 10)
    other = replace(model, centers=model.centers * 1.01)
    assert bank.missing(other, dice(), range(1)) == [0]
    fill(bank, other, [dice()], 10)
    held = contents(bank)
    assert [stored.toys for stored in held.sets] == [10, 10]
    assert [stored.failures for stored in held.sets] == [{"no_descent": 1}] * 2
    assert {stored.description for stored in held.sets} == {"dice 1"}
    assert sum(stored.size for stored in held.sets) == sum(path.stat().st_size for path in bank.files())


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path, model: ScanModel, dice: Any) -> None:
    (tmp_path / "thesis.tex").write_text("x")
    with pytest.raises(UsageError, match=r"no toy bank \(thesis.tex"):
        fill(ToyBank(tmp_path), model, [dice()], 10)
    with pytest.raises(UsageError, match="is a file"):
        fill(ToyBank(tmp_path / "thesis.tex"), model, [dice()], 10)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"data": 1}'])
def test_a_damaged_description_says_what_to_do(bank: ToyBank, model: ScanModel, dice: Any, text: str) -> None:
    fill(bank, model, [dice()], 10)
    (bank.folder / "bank.json").write_text(text)
    with pytest.raises(InputError, match="Remove this file: it is made again"):
        bank.missing(model, dice(), range(1))
    (bank.folder / "bank.json").unlink()
    assert fill(bank, model, [dice()], 10).found == 10
    assert bank.data() is not None


def test_only_old_leftovers_are_cleared_away(bank: ToyBank, model: ScanModel, dice: Any) -> None:
    fill(bank, model, [dice()], 10)
    folder = next(bank.files()).parent
    old, new, other = folder / ".a.npz.1.part", folder / ".b.npz.2.part", folder / "notes.part"
    for path in (old, new, other):
        path.write_bytes(b"half")
    two_hours_ago = time.time() - 7200.0
    os.utime(old, (two_hours_ago, two_hours_ago))
    os.utime(other, (two_hours_ago, two_hours_ago))
    fill(bank, model, [dice()], 10)
    assert not old.exists()
    assert new.exists()
    assert other.exists()
    assert len(list(bank.files())) == 1
