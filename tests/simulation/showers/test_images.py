"""The mirrors of the search and those of the compiled loop must be the same."""

import numpy as np
import pytest

from x17.simulation.showers.images import BINS, all_images, mirror
from x17.simulation.showers.kernel import unpack


@pytest.mark.parametrize("image", range(8))
def test_cells_and_axes_are_mirrored_alike(image: int) -> None:
    """A shower with all its energy in one cell, its axis at the centre of that cell."""
    row, column = 4, 3  # y = +2, x = +1 cells
    codes = np.zeros((1, 25), dtype=np.uint16)
    codes[0, row * 5 + column] = 3
    axis = np.array([[1.0, 2.0, 0.01, 0.02]])
    out = np.zeros((1, 5, 5), dtype=np.float32)
    first = np.zeros(1, dtype=np.int64)
    unpack(
        codes, first.astype(np.int32), np.array([image], dtype=np.uint8), first, np.full(1, 2.0), first, out
    )
    x, y, tx, ty = mirror(axis, image)[0]
    assert np.argwhere(out[0]).tolist() == [[y + 2, x + 2]]
    assert (tx, ty) == (0.01 * x, 0.01 * y)
    assert out.max() == 2.0 * 3**2


def test_the_eight_images_are_different_and_sorted() -> None:
    axis = np.array([[2.0, 5.0, 0.03, -0.04], [-9.0, 0.5, 0.0, 0.05]], dtype=np.float32)
    images = all_images(axis, 21.0, 30.0)
    assert len(np.unique(images.points, axis=0)) == 16
    assert sorted(zip(images.shower.tolist(), images.image.tolist(), strict=True)) == [
        (shower, image) for shower in (0, 1) for image in range(8)
    ]
    for point, shower, image in zip(images.points, images.shower, images.image, strict=True):
        expected = mirror(axis[[shower]], int(image))[0] * [1.0, 1.0, 30.0, 30.0]
        np.testing.assert_allclose(point, expected, rtol=1e-6)
    for row in range(BINS):
        for column in range(BINS):
            inside = images.points[images.start[row, column] : images.start[row, column + 1]]
            place = (inside[:, :2] / 21.0 + 0.5) * BINS
            np.testing.assert_array_equal(np.floor(place[:, 0]), column)
            np.testing.assert_array_equal(np.floor(place[:, 1]), row)
    assert images.start[-1, -1] == 16


def test_an_axis_on_the_edge_of_the_cell_is_in_the_last_bin() -> None:
    images = all_images(np.array([[10.5, -10.5, 0.05, 0.0]], dtype=np.float32), 21.0, 30.0)
    assert images.start[0, 0] == 0
    assert images.start[-1, -1] == 8
