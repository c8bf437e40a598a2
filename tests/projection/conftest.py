"""Runs to be projected: PADME Run III as it was, and Run IV as announced."""

import pytest

from x17.projection.planned_points import points_of_scan
from x17.projection.projected_scan import RunDesign
from x17.projection.systematics import Systematics
from x17.projection.systematics_file import load_systematics
from x17.projection.yield_lines import lines_of_scan
from x17.scan import EnergyScan


@pytest.fixture(scope="session")
def published_scan() -> EnergyScan:
    return EnergyScan.load("padme-run3")


@pytest.fixture(scope="session")
def run3_errors() -> Systematics:
    return load_systematics("padme-run3")


@pytest.fixture(scope="session")
def run3_design(published_scan: EnergyScan) -> RunDesign:
    return RunDesign(
        "again", points_of_scan(published_scan), lines_of_scan(published_scan), published_scan.constants
    )
