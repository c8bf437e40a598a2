"""A small apparatus in a file, and ways to change it."""

from collections.abc import Callable

import pytest

from x17.apparatus import Setup, load_setup
from x17.apparatus.setup_file import parse_setup

SMALL = """
name = "bench"

[beam]
energy_mev = 280.0

[target]
z_mm = -1000.0
material = "diamond"
density_g_cm3 = 3.5

[calorimeter]
front_face_z_mm = 2000.0
n_columns = 4
n_rows = 3
stretches = [[0, 0, 3], [1, 0, 0], [1, 3, 3], [2, 0, 3]]
material = "PbF2"
density_g_cm3 = 7.77
radiation_length_mm = 9.3
dead_cells = [[3, 1]]

[aperture]
bore_width_mm = 400.0
bore_height_mm = 200.0
bore_z_min_mm = -500.0
bore_z_max_mm = 500.0
window_z_mm = 1900.0

[run_plan]
periods = [
  { number = 1, sqrt_s_mev = 17.0, n_pot = 1e10 },
  { number = 2, beam_energy_mev = 280.0, n_pot = 2e10 },
]
"""

Parse = Callable[..., Setup]


@pytest.fixture
def parse() -> Parse:
    """Parse the small apparatus with texts replaced, each of which must be there; `add` goes at the end."""

    def build(*changes: tuple[str, str], add: str = "") -> Setup:
        text = SMALL
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        return parse_setup("bench.toml", (text + add).encode())

    return build


@pytest.fixture(scope="session")
def run3() -> Setup:
    return load_setup("padme-run3")


@pytest.fixture(scope="session")
def run2() -> Setup:
    return load_setup("padme-run2")
