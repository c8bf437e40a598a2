from collections.abc import Callable

import numpy as np
import pytest

from x17.simulation.showers import ShowerLibrary
from x17.simulation.showers.library_file import CODE_SCALE, StoredShowers

PITCH_MM = 21.35


@pytest.fixture(scope="session")
def library() -> ShowerLibrary:
    """The library of the package."""
    return ShowerLibrary.load()


@pytest.fixture(scope="session")
def make_stored() -> Callable[..., StoredShowers]:
    """Showers whose cells are random codes, so that each can be told from the others by its patch."""

    def make(showers: int = 600, cells: int = 5, seed: int = 1) -> StoredShowers:
        rng = np.random.default_rng(seed)
        sets = (2, 3, showers)
        slope, azimuth = rng.uniform(0.01, 0.1, sets), rng.uniform(0.0, 2.0 * np.pi, sets)
        x, y = rng.uniform(-0.5 * PITCH_MM, 0.5 * PITCH_MM, (2, *sets))
        axis = np.stack([x, y, slope * np.cos(azimuth), slope * np.sin(azimuth)], axis=-1)
        largest = int(0.8 * CODE_SCALE / cells)
        codes = rng.integers(0, largest, (*sets, cells**2), dtype=np.uint16)
        # In half precision, as a file holds them.
        axis = axis.astype(np.float16).astype(np.float32)
        return StoredShowers(
            PITCH_MM,
            45.0,
            30.0,
            0.01,
            0.1,
            pdg=np.array([11, 22]),
            energies_mev=np.array([50.0, 100.0, 200.0]),
            axis=axis,
            codes=codes,
            origin={"made": "by a test"},
        )

    return make
