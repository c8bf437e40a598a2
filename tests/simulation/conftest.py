import pytest

from x17.apparatus.loading import load_setup
from x17.apparatus.setup import Setup
from x17.kinematics import beam_energy_mev

BEAM_ENERGY = float(beam_energy_mev(16.9))


@pytest.fixture(scope="session")
def setup() -> Setup:
    return load_setup("padme-run3")
