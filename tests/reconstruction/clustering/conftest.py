from dataclasses import replace

import pytest

from x17.apparatus import load_setup
from x17.apparatus.calorimeter import Calorimeter
from x17.apparatus.setup import Setup


@pytest.fixture(scope="session")
def setup() -> Setup:
    return load_setup("padme-run3")


@pytest.fixture(scope="session")
def calorimeter(setup: Setup) -> Calorimeter:
    return setup.calorimeter


@pytest.fixture(scope="session")
def setup_without_dead(setup: Setup) -> Setup:
    return replace(setup, calorimeter=replace(setup.calorimeter, dead_cells=()))
