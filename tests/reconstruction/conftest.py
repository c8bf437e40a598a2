import pytest

from x17.apparatus.loading import load_setup
from x17.apparatus.setup import Setup


@pytest.fixture(scope="session")
def setup() -> Setup:
    return load_setup("padme-run3")
