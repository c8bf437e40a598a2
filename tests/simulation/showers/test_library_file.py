"""The file of the library: what is written is read, what is damaged is said."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from x17.errors import InputError, UsageError
from x17.simulation.showers import ShowerLibrary
from x17.simulation.showers.library_file import (
    CODE_SCALE,
    StoredShowers,
    encode_fractions,
    read_library,
    write_library,
)

MakeStored = Callable[..., StoredShowers]


def test_what_is_written_is_read(make_stored: MakeStored, tmp_path: Path) -> None:
    stored = make_stored(showers=100)
    write_library(tmp_path / "showers.npz", stored)
    read = read_library(tmp_path / "showers.npz")
    for name in ("pdg", "energies_mev", "axis", "codes"):
        np.testing.assert_array_equal(getattr(read, name), getattr(stored, name))
    for name in ("pitch_mm", "depth_mm", "depth_spread_mm", "slope_min", "slope_max", "origin"):
        assert getattr(read, name) == getattr(stored, name)


def test_codes_keep_sums_to_less_than_a_tenth_of_a_percent() -> None:
    """The error of a sum is 2 √(Σf) / (1000 √12) whatever the number of cells: 0.058 % for all the energy."""
    rng = np.random.default_rng(1)
    fractions = rng.dirichlet(np.full(20, 0.3), 20_000)
    back = (encode_fractions(fractions) / CODE_SCALE) ** 2
    error = back.sum(axis=1) - 1.0
    assert np.std(error) == pytest.approx(2.0 / (CODE_SCALE * np.sqrt(12.0)), rel=0.05)
    # Rounding in the root adds the mean square of half a step to each cell: 20 / (12 · 1000²).
    assert abs(np.mean(error)) < 2e-6 + 5.0 * 0.00058 / np.sqrt(20_000)


def test_the_package_holds_a_library_of_less_than_5_mb(library: ShowerLibrary) -> None:
    path = Path(__file__).parents[3] / "src" / "x17" / "simulation" / "showers" / "data" / "bgo_padme.npz"
    assert path.stat().st_size < 5e6
    assert library.stored.codes.shape == (3, 9, 5000, 121)
    assert library.stored.pdg.tolist() == [11, -11, 22]
    assert library.stored.pitch_mm == pytest.approx(21.35)
    assert library.stored.origin["geant4"] == "geant4-11-04-patch-01"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere.npz.*\n.*No such file"):
        ShowerLibrary.load(tmp_path / "nowhere.npz")


def test_a_truncated_file(make_stored: MakeStored, tmp_path: Path) -> None:
    path = tmp_path / "showers.npz"
    write_library(path, make_stored(showers=100))
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(InputError, match="not a readable library of showers"):
        ShowerLibrary.load(str(path))


def test_a_file_with_changed_bytes(make_stored: MakeStored, tmp_path: Path) -> None:
    """In the middle of the codes, where only the checksum of the archive can see it."""
    path = tmp_path / "showers.npz"
    write_library(path, make_stored(showers=100))
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 20] = bytes(b ^ 0x55 for b in content[middle : middle + 20])
    path.write_bytes(content)
    with pytest.raises(InputError, match="not a readable library of showers"):
        ShowerLibrary.load(path)


def test_something_else(tmp_path: Path) -> None:
    (tmp_path / "text.npz").write_text("not an archive")
    with pytest.raises(InputError, match="not a readable library"):
        read_library(tmp_path / "text.npz")
    np.savez(tmp_path / "other.npz", a=1)
    with pytest.raises(InputError, match="array 'codes' is missing"):
        read_library(tmp_path / "other.npz")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"version": np.array(99)}, r"another version \(found '99'\); allowed: 1"),
        ({"geometry": np.array([1.0, 2.0])}, "five positive numbers"),
        ({"energies_mev": np.array([50.0, 200.0, 100.0])}, "rising"),
        ({"pdg": np.array([11, 22, -11])}, "do not fit each other"),
        ({"axis": np.zeros((2, 3, 99, 4))}, "do not fit each other"),
        ({"axis": np.full((2, 3, 100, 4), np.nan)}, "not a number"),
        ({"codes": np.full((2, 2, 3, 25, 100), 1, dtype=np.uint8)}, "more than the particle has"),
        ({"codes": np.zeros((2, 2, 3, 16, 100), dtype=np.uint8)}, "do not fit each other"),
        ({"codes": np.zeros(3, dtype=np.uint8)}, "do not fit each other"),
    ],
)
def test_arrays_that_cannot_be(
    make_stored: MakeStored, tmp_path: Path, changed: dict[str, np.ndarray], message: str
) -> None:
    path = tmp_path / "showers.npz"
    write_library(path, make_stored(showers=100))
    with np.load(path) as file:
        arrays = dict(file.items()) | changed
    np.savez(path, **arrays)
    with pytest.raises(InputError, match=message) as caught:
        read_library(path)
    assert "python -m x17.simulation.showers.production" in str(caught.value)


def test_too_few_showers_to_choose_from(make_stored: MakeStored) -> None:
    with pytest.raises(UsageError, match=r"too few showers .* 11 at 50 MeV"):
        ShowerLibrary.of(make_stored(showers=20))
