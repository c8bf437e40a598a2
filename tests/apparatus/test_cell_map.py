"""Position to cell, and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from x17.apparatus import Setup, load_setup
from x17.apparatus.cell_map import OUTSIDE, CellMap, make_cell_map

RUN3 = load_setup("padme-run3").calorimeter.cells
FAR = st.floats(allow_nan=True, allow_infinity=True)
NEAR = st.floats(-400.0, 400.0)


def brute_force(cells: CellMap, x: float, y: float) -> int:
    """The cell whose centre is nearer than half a pitch in x and y, by looking at all."""
    half = 0.5 * cells.pitch_mm
    (found,) = np.nonzero((np.abs(cells.x_mm - x) < half) & (np.abs(cells.y_mm - y) < half))
    return int(found[0]) if found.size else OUTSIDE


def test_every_centre_finds_itself() -> None:
    np.testing.assert_array_equal(RUN3.cell_at(RUN3.x_mm, RUN3.y_mm), np.arange(616))
    np.testing.assert_array_equal(RUN3.crystal_at(RUN3.x_mm, RUN3.y_mm), np.arange(616))
    np.testing.assert_array_equal(RUN3.index_of(RUN3.column, RUN3.row), np.arange(616))


@given(x=NEAR, y=NEAR)
def test_lookup_agrees_with_looking_at_all_cells(x: float, y: float) -> None:
    # On a border between cells both may be right: then the brute force, which is strict, finds none.
    expected = brute_force(RUN3, x, y)
    found = int(RUN3.cell_at(x, y))
    border = np.min(np.abs((np.array([x - 3.41, y - 3.86]) / 21.35 + 0.5) % 1.0)) < 1e-9
    assert found == expected or border


@given(cell=st.integers(0, 615), dx=st.floats(-0.5, 0.5), dy=st.floats(-0.5, 0.5))
def test_inside_a_pitch_is_the_cell_and_inside_a_side_is_the_crystal(cell: int, dx: float, dy: float) -> None:
    # A part in 1e9 of the pitch keeps clear of the border, where rounding decides.
    x, y = RUN3.x_mm[cell] + 21.35 * dx * (1 - 1e-9), RUN3.y_mm[cell] + 21.35 * dy * (1 - 1e-9)
    assert RUN3.cell_at(x, y) == cell
    reach = max(abs(x - RUN3.x_mm[cell]), abs(y - RUN3.y_mm[cell]))
    assert RUN3.crystal_at(x, y) == (cell if reach <= 10.5 else OUTSIDE)


@given(x=FAR, y=FAR)
def test_any_number_has_an_answer(x: float, y: float) -> None:
    found = int(RUN3.cell_at(x, y))
    assert OUTSIDE <= found < 616
    if not (abs(x) < 320.0 and abs(y) < 320.0):  # NaN among them
        assert found == OUTSIDE


@pytest.mark.parametrize(
    ("x", "y"),
    [(3.41, 3.86), (50.0, -45.0), (-300.0, -300.0), (3.41, 3.86 + 15 * 21.35), (np.nan, 0.0), (np.inf, 0.0)],
    ids=["middle of the hole", "corner of the hole", "corner of the matrix", "above", "nan", "inf"],
)
def test_outside(x: float, y: float) -> None:
    assert RUN3.cell_at(x, y) == OUTSIDE
    assert RUN3.crystal_at(x, y) == OUTSIDE


def test_the_wall_belongs_to_a_cell_but_to_no_crystal() -> None:
    cell = RUN3.index_of(20, 14)
    x, y = RUN3.x_mm[cell] + 10.6, RUN3.y_mm[cell]
    assert RUN3.cell_at(x, y) == cell
    assert RUN3.crystal_at(x, y) == OUTSIDE


def test_index_of_looks_beyond_the_matrix_too() -> None:
    np.testing.assert_array_equal(
        RUN3.index_of([-1, 29, 14, 20, 0], [14, 14, 14, -1, 0]), [OUTSIDE, OUTSIDE, OUTSIDE, OUTSIDE, OUTSIDE]
    )


def test_shapes_broadcast() -> None:
    assert RUN3.cell_at(np.zeros((4, 1)), np.full(3, 100.0)).shape == (4, 3)
    assert RUN3.cell_at(0.0, 100.0).shape == ()
    assert RUN3.crystal_at(np.zeros((0,)), 1.0).shape == (0,)


def test_channels_rise_and_name_the_cell() -> None:
    assert np.all(np.diff(RUN3.channel) > 0)
    assert RUN3.channel[RUN3.index_of(5, 7)] == 507


def test_order_of_the_cells_does_not_matter() -> None:
    lattice = {"pitch_mm": 10.0, "crystal_side_mm": 9.0, "offset_x_mm": 0.0, "offset_y_mm": 0.0}
    cells = [(0, 0), (1, 0), (1, 1)]
    one = make_cell_map(cells, [(1, 0)], (2, 2), **lattice)
    two = make_cell_map(cells[::-1], [(1, 0)], (2, 2), **lattice)
    np.testing.assert_array_equal(one.channel, two.channel)
    np.testing.assert_array_equal(one.channel, [0, 100, 101])
    np.testing.assert_array_equal(one.dead, [False, True, False])
    np.testing.assert_array_equal(one.x_mm, [-5.0, 5.0, 5.0])


def test_arrays_are_read_only(run3: Setup) -> None:
    with pytest.raises(ValueError, match="read-only"):
        run3.calorimeter.cells.x_mm[0] = 0.0
