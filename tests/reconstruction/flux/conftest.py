import pytest

from x17.apparatus.beam_catcher import BeamCatcher
from x17.apparatus.loading import load_setup
from x17.apparatus.setup import Setup


@pytest.fixture(scope="session")
def setup() -> Setup:
    return load_setup("padme-run3")


@pytest.fixture(scope="session")
def catcher(setup: Setup) -> BeamCatcher:
    assert setup.beam_catcher is not None
    return setup.beam_catcher
