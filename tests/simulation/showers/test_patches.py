"""Summing patches over the crystals of a calorimeter."""

import numpy as np
import pytest

from x17.errors import UsageError
from x17.simulation.showers import ShowerLibrary, ShowerPatches


def matrix(rows: int = 9, columns: int = 7) -> np.ndarray:
    """A matrix with its corners and one cell in the middle missing, numbered along the rows."""
    there = np.ones((rows, columns), dtype=bool)
    there[0, 0] = there[-1, -1] = there[4, 3] = False
    return np.where(there, np.cumsum(there).reshape(there.shape) - 1, -1)


def test_each_cell_of_a_patch_lands_in_its_crystal() -> None:
    """Against plain loops, with patches that stand out of the matrix on every side."""
    rng = np.random.default_rng(1)
    n, numbers, origin = 40, matrix(), (4, 3)
    energy = rng.exponential(1.0, (n, 5, 5)).astype(np.float32)
    row, column, event = rng.integers(-6, 7, n), rng.integers(-5, 6, n), rng.integers(0, 3, n)
    expected = np.zeros((3, numbers.max() + 1))
    for i in range(n):
        for r in range(5):
            for c in range(5):
                y, x = row[i] + origin[0] + r - 2, column[i] + origin[1] + c - 2
                if 0 <= y < 9 and 0 <= x < 7 and numbers[y, x] >= 0:
                    expected[event[i], numbers[y, x]] += energy[i, r, c]
    got = ShowerPatches(energy, row, column).deposit(event, 3, numbers, origin)
    np.testing.assert_allclose(got, expected, rtol=1e-12)
    assert 0.0 < got.sum() < energy.sum()


def test_nothing_is_lost_in_a_matrix_that_is_large_enough(library: ShowerLibrary) -> None:
    patches = library.sample(11, np.full(100, 250.0), 40.0, -40.0, 0.05, 0.02, np.random.default_rng(2))
    cells = patches.deposit(np.arange(100), 100, np.arange(29 * 29).reshape(29, 29), (14, 14))
    np.testing.assert_allclose(cells.sum(axis=1), patches.energy_mev.sum(axis=(1, 2)), rtol=1e-5)
    # The impact is 2 cells to the right and 1.8 cells down, 45 mm deep.
    hit = cells.mean(axis=0).reshape(29, 29)
    assert np.unravel_index(np.argmax(hit), hit.shape) == (12, 16)


@pytest.mark.parametrize(
    ("event", "message"), [([0, 3], "allowed: 0 to 2"), ([-1, 0], "from -1 to 0"), ([0], "one for each of 2")]
)
def test_events_that_cannot_be(event: list[int], message: str) -> None:
    patches = ShowerPatches(np.zeros((2, 5, 5), dtype=np.float32), np.zeros(2, int), np.zeros(2, int))
    with pytest.raises(UsageError, match=message):
        patches.deposit(event, 3, matrix(), (4, 3))
