"""The sampler: which shower is taken, how it is turned, and what it refuses."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from x17.errors import UsageError
from x17.simulation.showers import ShowerLibrary
from x17.simulation.showers.images import NEIGHBOURS, mirror
from x17.simulation.showers.library_file import CODE_SCALE, StoredShowers

MakeStored = Callable[..., StoredShowers]

PITCH_MM, DEPTH_MM = 21.35, 45.0


def mirrored_cells(patch: NDArray[np.floating], image: int) -> NDArray[np.floating]:
    """The same mirrors as `mirror`, for cells: written with NumPy's own flips."""
    patch = patch[..., ::-1] if image & 1 else patch
    patch = patch[..., ::-1, :] if image & 2 else patch
    return np.swapaxes(patch, -1, -2) if image & 4 else patch


def queries(n: int, seed: int = 2) -> dict[str, NDArray[np.float64]]:
    """Particles anywhere on a matrix, in any allowed direction, but with no axis at a border of two cells."""
    rng = np.random.default_rng(seed)
    slope, azimuth = rng.uniform(0.01, 0.1, n), rng.uniform(0.0, 2.0 * np.pi, n)
    tx, ty = slope * np.cos(azimuth), slope * np.sin(azimuth)
    x, y = PITCH_MM * rng.integers(-10, 11, (2, n)) + rng.uniform(-10.1, 10.1, (2, n))
    return {"x_mm": x - DEPTH_MM * tx, "y_mm": y - DEPTH_MM * ty, "tx": tx, "ty": ty}


def test_each_patch_is_one_of_the_nearest_showers_mirrored(make_stored: MakeStored) -> None:
    """Against a search through all images in NumPy, with the metric of the documentation."""
    stored = make_stored(showers=4000)
    asked = queries(300)
    got = ShowerLibrary.of(stored).sample(11, 100.0, **asked, rng=np.random.default_rng(3))
    depth, spread, pitch = stored.depth_mm, stored.depth_spread_mm, stored.pitch_mm
    scale = np.array([1.0, 1.0, spread, spread])
    images = np.concatenate([mirror(stored.axis[0, 1], k) for k in range(8)]) * scale
    patches = (100.0 * (stored.codes[0, 1] / CODE_SCALE) ** 2).reshape(-1, 5, 5)
    ranks = []
    for i in range(300):
        a = np.array([asked["x_mm"][i] + depth * asked["tx"][i], asked["y_mm"][i] + depth * asked["ty"][i]])
        cell = np.rint(a / pitch)
        assert (got.column[i], got.row[i]) == tuple(cell)
        point = np.array([*(a - cell * pitch), spread * asked["tx"][i], spread * asked["ty"][i]])
        order = np.argsort(np.sum((images - point) ** 2, axis=1))
        matches = [
            rank
            for rank, k in enumerate(order[: NEIGHBOURS + 2])
            if np.allclose(got.energy_mev[i], mirrored_cells(patches[k % 4000], k // 4000), rtol=1e-5)
        ]
        ranks += matches[:1]
    # Single precision may exchange two neighbours at equal distance; never does the search miss one.
    assert len(ranks) == 300
    assert np.mean(np.array(ranks) < NEIGHBOURS) > 0.99
    # All of the nearest are used alike: 300 draws of 8, a share of 1/8 each within five errors (0.019).
    shares = np.bincount(ranks, minlength=NEIGHBOURS)[:NEIGHBOURS] / 300.0
    assert np.all(np.abs(shares - 1.0 / NEIGHBOURS) < 5.0 * 0.019)


@pytest.mark.parametrize("image", range(8))
def test_a_mirrored_particle_gives_the_mirrored_shower(library: ShowerLibrary, image: int) -> None:
    """The same random numbers choose the same stored shower, turned."""
    asked = queries(500)
    flat = np.column_stack([asked["x_mm"], asked["y_mm"], asked["tx"], asked["ty"]]).astype(float)
    straight = library.sample(22, 150.0, *flat.T, rng=np.random.default_rng(4))
    turned = library.sample(22, 150.0, *mirror(flat, image).T, rng=np.random.default_rng(4))
    same = [
        np.array_equal(a, b)
        for a, b in zip(turned.energy_mev, mirrored_cells(straight.energy_mev, image), strict=True)
    ]
    # Two candidates at the same distance to the last bit may come in the other order: at most a few.
    assert np.mean(same) > 0.99


def test_the_matrix_is_the_same_everywhere(library: ShowerLibrary) -> None:
    """A step by whole cells moves the central cell and nothing else."""
    asked, pitch = queries(500), library.stored.pitch_mm
    here = library.sample(-11, 200.0, **asked, rng=np.random.default_rng(5))
    moved = asked | {"x_mm": asked["x_mm"] + 3 * pitch, "y_mm": asked["y_mm"] - 2 * pitch}
    there = library.sample(-11, 200.0, **moved, rng=np.random.default_rng(5))
    np.testing.assert_array_equal(there.column, here.column + 3)
    np.testing.assert_array_equal(there.row, here.row - 2)
    # Rounding of x ± 3 cells (1e-14 mm) can exchange two neighbours.
    assert np.mean(np.all(there.energy_mev == here.energy_mev, axis=(1, 2))) > 0.99


def test_energies_between_two_of_the_library_take_from_both(make_stored: MakeStored) -> None:
    """The upper energy's share is linear in the logarithm: 150 is 58.5 % of the way from 100 to 200."""
    stored = make_stored()
    for e in range(3):
        stored.codes[:, e] = 10 * (e + 1)
    n = 20_000
    got = ShowerLibrary.of(stored).sample(11, 150.0, **queries(n), rng=np.random.default_rng(6))
    code = np.sqrt(got.energy_mev[:, 2, 2] / 150.0) * CODE_SCALE
    upper = np.log(1.5) / np.log(2.0)
    assert set(np.rint(code)) == {20.0, 30.0}
    # Five errors of a binomial share of 20,000: 5 × 0.0035.
    assert np.mean(code > 25.0) == pytest.approx(upper, abs=0.0175)


@pytest.mark.parametrize(("energy", "code"), [(50.0, 10.0), (100.0, 20.0), (200.0, 30.0)])
def test_an_energy_of_the_library_takes_only_its_own(
    make_stored: MakeStored, energy: float, code: float
) -> None:
    stored = make_stored()
    for e in range(3):
        stored.codes[:, e] = 10 * (e + 1)
    got = ShowerLibrary.of(stored).sample(22, energy, **queries(1000), rng=np.random.default_rng(7))
    np.testing.assert_allclose(got.energy_mev, energy * (code / CODE_SCALE) ** 2, rtol=1e-6)


def test_particles_at_once_or_in_parts_give_the_same_showers(library: ShowerLibrary) -> None:
    n = 1000
    asked = queries(n)
    pdg = np.random.default_rng(8).choice([11, -11, 22], n)
    energy = np.random.default_rng(9).uniform(30.0, 420.0, n)
    whole = library.sample(pdg, energy, **asked, rng=np.random.default_rng(10))
    rng = np.random.default_rng(10)
    for part in (slice(0, 300), slice(300, n)):
        some = {name: values[part] for name, values in asked.items()}
        got = library.sample(pdg[part], energy[part], **some, rng=rng)
        np.testing.assert_array_equal(got.energy_mev, whole.energy_mev[part])
        np.testing.assert_array_equal(got.row, whole.row[part])


def test_arguments_broadcast_and_none_give_none(library: ShowerLibrary) -> None:
    rng = np.random.default_rng(11)
    assert library.sample(11, [100.0, 120.0], 0.0, 0.0, 0.05, 0.0, rng).energy_mev.shape == (2, 11, 11)
    nobody = np.empty(0)
    assert library.sample(11, nobody, nobody, nobody, nobody, nobody, rng).energy_mev.shape == (0, 11, 11)


def test_the_central_cell_is_where_the_axis_is_45_mm_deep(library: ShowerLibrary) -> None:
    """At 9 mm from the centre and 50 mrad the axis has left the first cell (9 + 2.25 > 10.675 mm)."""
    got = library.sample(11, 200.0, [8.0, 9.0], 0.0, 0.05, 0.0, np.random.default_rng(12))
    assert got.column.tolist() == [0, 1]
    assert got.row.tolist() == [0, 0]


def test_an_axis_at_a_border_belongs_to_either_cell(library: ShowerLibrary) -> None:
    """Half and half within five errors (0.056), and its showers lie evenly on both sides of the border."""
    n, pitch = 2000, library.stored.pitch_mm
    got = library.sample(11, np.full(n, 200.0), 0.5 * pitch, 0.0, 0.0, 0.05, np.random.default_rng(15))
    assert set(got.column) == {0, 1}
    assert np.mean(got.column) == pytest.approx(0.5, abs=0.056)
    left_of_border = np.array(
        [
            energy[:, : 6 - column].sum() / energy.sum()
            for energy, column in zip(got.energy_mev, got.column, strict=True)
        ]
    )
    # Sixteen showers and their mirror images: exactly even but for the random numbers, 0.3 / √2000 each.
    assert np.mean(left_of_border) == pytest.approx(0.5, abs=5.0 * 0.3 / np.sqrt(n))


def test_the_same_impact_gives_different_showers(library: ShowerLibrary) -> None:
    """Eight from each of two energies, in at most 16 different forms."""
    got = library.sample(11, np.full(500, 160.0), 3.0, -4.0, 0.05, 0.01, np.random.default_rng(13))
    forms = np.unique(got.energy_mev.reshape(500, -1), axis=0)
    assert len(forms) == 2 * NEIGHBOURS


def test_neighbours_are_near(library: ShowerLibrary) -> None:
    """What the documentation says of the distance to the showers used: 0.7 mm, and never more than 2 mm."""
    stored = library.stored
    asked = queries(2000, seed=14)
    scale = np.array([1.0, 1.0, stored.depth_spread_mm, stored.depth_spread_mm])
    points = library.images[0][4].points
    axis = np.column_stack(list(asked.values())) * scale
    axis[:, :2] = np.random.default_rng(14).uniform(-0.5, 0.5, (2000, 2)) * stored.pitch_mm
    from scipy.spatial import cKDTree

    distance, _ = cKDTree(points).query(axis, k=NEIGHBOURS)
    assert np.mean(distance) < 0.75
    assert np.max(distance) < 2.0


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"pdg": 13}, ["particle 13", "allowed: 11, -11, 22"]),
        ({"energy_mev": 29.0}, ["1 of 1", "29 MeV", "30 to 420 MeV"]),
        ({"energy_mev": [100.0, 500.0, 600.0]}, ["2 of 3", "500 MeV", "30 to 420 MeV"]),
        ({"energy_mev": np.nan}, ["nan MeV"]),
        ({"tx": 0.0}, ["slope", "0.01 to 0.1"]),
        ({"tx": 0.2}, ["slope", "the first: 0.2"]),
        ({"x_mm": np.inf}, ["not a finite number"]),
        ({"x_mm": [[1.0, 2.0]]}, ["shape (1, 2)", "one axis"]),
    ],
)
def test_what_the_library_does_not_hold_is_refused(
    library: ShowerLibrary, changed: dict[str, object], words: list[str]
) -> None:
    asked = {"pdg": 11, "energy_mev": 100.0, "x_mm": 0.0, "y_mm": 0.0, "tx": 0.05, "ty": 0.0} | changed
    with pytest.raises(UsageError) as caught:
        library.sample(**asked, rng=np.random.default_rng(1))
    for word in words:
        assert word in str(caught.value)
