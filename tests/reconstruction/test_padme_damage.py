"""Files that are not, or no longer, of PADME's layout: one error that says what is wrong."""

import builtins
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from x17.apparatus.setup import Setup
from x17.errors import InputError, UsageError
from x17.reconstruction.padme_events import PadmeEvents
from x17.reconstruction.padme_files import read_padme_events

from .padme_truth import FILE

uproot = pytest.importorskip("uproot")

LENGTH = FILE.stat().st_size
HEAD = 40
"""Bytes of the head of a record: lengths, date and place."""


def flat(events: PadmeEvents) -> list[Any]:
    """All arrays of events."""
    parts = (events, events.hits, events.clusters, events.lead_glass, events.target)
    return [
        getattr(part, item.name)
        for part in parts
        for item in fields(part)
        if item.name not in {"hits", "clusters", "lead_glass", "target"}
    ]


@pytest.fixture(scope="module")
def whole(setup: Setup) -> list[Any]:
    return flat(read_padme_events(FILE, setup.calorimeter))


def baskets() -> list[tuple[int, int, int]]:
    """Where the baskets of calorimeter and lead glass are, and their sizes on disk and in memory."""
    with uproot.open(FILE) as file:
        branches = file["Events"].iteritems(recursive=True, filter_name=["ECal_*", "LeadGlass_Hits/fLG*"])
        return [
            (
                int(branch.member("fBasketSeek")[i]),
                branch.basket_compressed_bytes(i),
                branch.basket_uncompressed_bytes(i),
            )
            for _, branch in branches
            for i in range(branch.num_baskets)
        ]


def test_checksums_cover_all_events() -> None:
    """Records that do not get smaller are stored plain, without a checksum: a change would not be noticed."""
    found = baskets()
    assert len(found) > 20
    assert all(on_disk < in_memory for _, on_disk, in_memory in found)


@pytest.mark.parametrize("where", ["anywhere", "head of the file", "heads of baskets", "end of the file"])
def test_a_changed_byte_is_noticed_or_does_no_harm(
    setup: Setup, whole: list[Any], tmp_path: Path, where: str
) -> None:
    rng = np.random.default_rng(sum(map(ord, where)))
    starts = [seek for seek, *_ in baskets()]
    places = {
        "anywhere": lambda: rng.integers(LENGTH),
        "head of the file": lambda: rng.integers(64),
        "heads of baskets": lambda: rng.choice(starts) + rng.integers(HEAD),
        "end of the file": lambda: LENGTH - 1 - rng.integers(8_000),
    }
    original, path, refused = FILE.read_bytes(), tmp_path / "changed.root", 0
    for _ in range(15):
        changed = bytearray(original)
        changed[int(places[where]())] ^= int(rng.integers(1, 256))
        path.write_bytes(bytes(changed))
        try:
            read = flat(read_padme_events(path, setup.calorimeter))
        except InputError:
            refused += 1
            continue
        for ours, theirs in zip(read, whole, strict=True):
            np.testing.assert_array_equal(ours, theirs)
    assert refused > 0


def test_a_record_that_claims_gigabytes(setup: Setup, tmp_path: Path) -> None:
    """uproot would take the memory and half a minute to read the list of classes."""
    with uproot.open(FILE) as file:
        place = file.file.fSeekInfo + 6
    changed = bytearray(FILE.read_bytes())
    changed[place] = 0x66
    path = tmp_path / "huge.root"
    path.write_bytes(bytes(changed))
    with pytest.raises(InputError, match="is said to hold"):
        read_padme_events(path, setup.calorimeter)


@pytest.mark.parametrize("length", [0, 3, 64, 300, 20_000, LENGTH // 2, LENGTH - 4_000, LENGTH - 1])
def test_a_file_that_was_cut_short(setup: Setup, tmp_path: Path, length: int) -> None:
    path = tmp_path / "short.root"
    path.write_bytes(FILE.read_bytes()[:length])
    with pytest.raises(InputError, match="cut short"):
        read_padme_events(path, setup.calorimeter)


def test_no_file_and_no_root_file(setup: Setup, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        read_padme_events(tmp_path / "none.root", setup.calorimeter)
    with pytest.raises(InputError, match="there is no such file"):
        read_padme_events(tmp_path, setup.calorimeter)
    text = tmp_path / "text.root"
    text.write_text("run,event\n1,2\n" * 100)
    with pytest.raises(InputError, match="is no ROOT file"):
        read_padme_events(text, setup.calorimeter)


def problems(path: Path, setup: Setup) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_padme_events(path, setup.calorimeter)
    return [str(problem) for problem in caught.value.problems]


def test_another_tree(setup: Setup, tmp_path: Path) -> None:
    path = tmp_path / "other.root"
    with uproot.recreate(path) as file:
        file.mktree("MC", {"x": np.arange(3)})
        file["Events"] = "a word"
    assert problems(path, setup) == ["no tree Events (found 'Events (TObjString), MC (TTree)')"]
    with uproot.recreate(path):
        pass
    assert problems(path, setup) == ["no tree Events (found 'nothing')"]


def test_all_that_is_missing_at_once(setup: Setup, tmp_path: Path) -> None:
    path = tmp_path / "bare.root"
    with uproot.recreate(path) as file:
        file.mktree("Events", {"ETag_Hits": np.arange(3), "LeadGlass_Hits": np.arange(3.0)})
    there = "allowed: one of those there: ETag_Hits, LeadGlass_Hits"
    assert problems(path, setup) == [
        *(f"no branch {name}; {there}" for name in ("RecoEvent", "ECal_Clusters", "ECal_Hits")),
        *(
            f"branch LeadGlass_Hits has no leaf {leaf}; allowed: one; there are: none"
            for leaf in ("fLGTotalCharge", "fLGNPoTs", "fLGBunchLength")
        ),
    ]


def test_without_uproot(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name == "uproot":
            raise ModuleNotFoundError(name)
        return usual(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UsageError, match=r"pip install .*\[root\]"):
        read_padme_events(FILE, setup.calorimeter)
