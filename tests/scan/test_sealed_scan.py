"""What anyone may know of a sealed scan. The files are made by hand: this room knows no key."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from x17.errors import InputError, UsageError
from x17.scan import EnergyScan
from x17.scan.sealed_file import (
    AUTO,
    SEALED_CELL,
    SEALED_COLUMNS,
    Commitments,
    KeyDescription,
    LogState,
    OpenText,
    SealedFile,
    is_sealed,
    parse_sealed,
)
from x17.scan.sealed_scan import find_open_part, open_part

Maker = Callable[..., SealedFile]


@pytest.fixture
def make(shipped: EnergyScan) -> Maker:
    """A sealed scan with an empty ciphertext."""

    def sealed(low: float, high: float, points: str = "16.76:16.99") -> SealedFile:
        header, *rows = (line.split(",") for line in shipped.to_csv_text().splitlines())
        for row, energy in zip(rows, shipped.sqrt_s_mev, strict=True):
            if low <= energy <= high:
                row[:] = [SEALED_CELL if n in SEALED_COLUMNS else c for n, c in zip(header, row, strict=True)]
        return SealedFile(
            program="x17",
            sealed_at="2026",
            points=points,
            scan=OpenText(
                toml=shipped.to_toml_text().splitlines(), csv=[",".join(r) for r in (header, *rows)]
            ),
            settings={},
            commitments=Commitments(scan="0" * 64, settings="1" * 64),
            key=KeyDescription(kind="file", salt="2" * 64, scrypt_n=None, check="3" * 64),
            log=LogState(entries=1, head="4" * 64),
            nonce="5" * 24,
            sealed=[],
        )

    return sealed


def test_open_points_load_as_a_scan(make: Maker, shipped: EnergyScan, tmp_path: Path) -> None:
    path = tmp_path / "a.sealed"
    path.write_text(make(16.76, 16.99).text())
    scan = EnergyScan.load(path)
    outside = (shipped.sqrt_s_mev < 16.76) | (shipped.sqrt_s_mev > 16.99)
    assert scan.name == "padme-run3-sealed"
    np.testing.assert_array_equal(scan.n2, shipped.n2[outside])
    np.testing.assert_array_equal(scan.period, shipped.period[outside])
    assert scan.notes[-1] == "10 of 52 energy points are sealed and left out (16.76:16.99 MeV)."
    assert scan.repairs == shipped.repairs
    part = find_open_part(str(path))
    assert part is not None
    assert part.n_sealed == 10


def test_the_expected_table_has_no_data(make: Maker, shipped: EnergyScan) -> None:
    part = open_part("s", make(0.0, 100.0, AUTO))
    expected = part.expected
    np.testing.assert_allclose(expected.n2, shipped.n_pot * shipped.background_per_pot, rtol=1e-15)
    np.testing.assert_array_equal(expected.signal_efficiency, shipped.signal_efficiency)
    assert not set(SEALED_COLUMNS[2:]) & set(expected.columns)
    assert expected.applied_corrections == ("energy_loss", "ageing")


def test_a_scan_without_open_counts_cannot_be_searched(make: Maker, tmp_path: Path) -> None:
    path = tmp_path / "a.sealed"
    path.write_text(make(0.0, 100.0, AUTO).text())
    with pytest.raises(UsageError, match="all 52 counts are sealed, and this needs counts; `x17 scan show`"):
        EnergyScan.load(path)


def test_repairs_of_sealed_points_are_left_out(make: Maker, shipped: EnergyScan) -> None:
    energy = float(shipped.sqrt_s_mev[shipped.period == 0][0])
    scan = open_part("s", make(energy - 1e-6, energy + 1e-6)).open_scan("s")
    assert scan.repairs == ()
    assert 0 not in scan.period


def test_a_row_that_is_half_sealed(make: Maker) -> None:
    file = make(16.76, 16.99)
    place = next(k for k, line in enumerate(file.scan.csv) if SEALED_CELL in line)
    csv = list(file.scan.csv)
    csv[place] = csv[place].replace(SEALED_CELL, "20000.0", 1)
    with pytest.raises(InputError, match="a row of the table is neither open nor sealed"):
        open_part("s", file.model_copy(update={"scan": OpenText(toml=file.scan.toml, csv=csv)}))


@pytest.mark.parametrize(
    ("old", "new"), [("n_pot,", "n_pit,"), ("7177496037.0", "many"), ("0,0,17.12", "a,0,17.12")]
)
def test_a_table_made_by_hand(make: Maker, old: str, new: str) -> None:
    """With its checksum made right, as a forger could."""
    file = make(16.76, 16.99)
    csv = [line.replace(old, new) for line in file.scan.csv]
    assert csv != file.scan.csv
    with pytest.raises(InputError, match="its table is not one that x17 wrote"):
        open_part("s", file.model_copy(update={"scan": OpenText(toml=file.scan.toml, csv=csv)}))


def test_a_cost_that_is_no_power_of_two() -> None:
    with pytest.raises(ValidationError, match="not a power of two"):
        KeyDescription(kind="passphrase", salt="2" * 64, scrypt_n=2**14 + 2, check="3" * 64)


def test_comes_back(make: Maker) -> None:
    text = make(16.76, 16.99).text()
    assert is_sealed(text.encode())
    assert parse_sealed("s", text.encode()).text() == text


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"version": 1', '"version": 2', "version"),
        ('"entries": 1', '"entries": 0', "log.entries"),
        ('"nonce": "5', '"nonce": "x', "nonce"),
        ('"points": "16.76', '"points": "16.75', "edited or damaged: its checksum"),
        ('"log": {', '"lag": {', "unknown key"),
        (" ]\n}", " ]\n}\n", "."),
    ],
)
def test_edited_files(make: Maker, old: str, new: str, message: str) -> None:
    text = make(16.76, 16.99).text()
    edited = text.replace(old, new) if old in text else text + "\n"
    with pytest.raises(InputError, match=message):
        parse_sealed("s", edited.encode())


def test_a_scan_that_is_not_sealed(tmp_path: Path) -> None:
    assert find_open_part("padme-run3") is None
    path = tmp_path / "plain.csv"
    path.write_text("sqrt_s_mev,n2\n")
    assert find_open_part(str(path)) is None
    with pytest.raises(UsageError, match="neither a file nor a shipped scan"):
        find_open_part("nowhere.sealed")
