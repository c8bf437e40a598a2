import pytest

from x17.apparatus import Setup, load_setup
from x17.scan.calibration import Calibration, calibration_of
from x17.scan.counted import CountedScan

from .by_hand import counted_scan

OVER, BELOW = (52, 53, 54), (23, 24, 25, 26)
SEARCHED = tuple(range(15))


@pytest.fixture(scope="session")
def setup() -> Setup:
    return load_setup("padme-run3")


@pytest.fixture(scope="session")
def counted(setup: Setup) -> CountedScan:
    """With points beside the resonance, a period that was lost and a run that is left out."""
    return counted_scan(setup, (*OVER, *SEARCHED, *BELOW), lost=(4,), bad_run=7)


@pytest.fixture(scope="session")
def bare(setup: Setup) -> CountedScan:
    """Few points, all searched, with no tags and no varied cuts: little can be fitted."""
    return counted_scan(setup, range(13), measured=False, name="<b>$x_{y}$ & \\frac</b>")


@pytest.fixture(scope="session")
def calibration(counted: CountedScan) -> Calibration:
    return calibration_of(counted)
