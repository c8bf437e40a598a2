"""The report of a counted scan as Chromium shows it, without a network."""

from collections.abc import Callable
from pathlib import Path

import pytest

from x17.report.calibration_files import write_calibration
from x17.scan.counted import CountedScan


@pytest.fixture(scope="module")
def calibration_report(counted: CountedScan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_calibration(tmp_path_factory.mktemp("calibration") / "results", counted, quick=True)


def test_report_of_a_calibration(inspect: Callable[[Path], None], calibration_report: Path) -> None:
    inspect(calibration_report)
