import json
from pathlib import Path

import pytest

from x17.errors import UsageError
from x17.statistics.limit_methods import Method
from x17.workflows.coverage import CoverageRequest, couplings_of, find_coverage
from x17.workflows.search_settings import resolve_settings


def test_couplings_by_name() -> None:
    assert couplings_of(None) == (0.0, 2e-4, 4e-4, 6e-4, 8e-4)
    assert couplings_of("5e-4, 0,5e-4") == (0.0, 5e-4)
    for bad in ("-1e-4", "nothing", "2", "nan", ""):
        with pytest.raises(UsageError, match="allowed: g_ve from 0"):
            couplings_of(bad)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"mass": float("nan")}, "--mass is nan; allowed: a mass in MeV, 1 to 1000"),
        ({"toys": 10}, "--toys is 10; allowed: 50 to 10000000"),
        ({"full_toys": 3}, "--full-toys is 3; allowed: 0"),
    ],
)
def test_numbers_outside_their_range(wrong: dict[str, float], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        CoverageRequest(**wrong)  # type: ignore[arg-type]


def test_workers_do_not_matter_and_a_folder_holds_everything(tmp_path: Path) -> None:
    request = CoverageRequest(couplings=(0.0, 5e-4), methods=(Method.CLS, Method.FC), toys=600)
    settings = resolve_settings()
    out = tmp_path / "coverage"
    one = find_coverage("padme-run3", settings, request, workers=1)
    two = find_coverage("padme-run3", settings, request, workers=2, out=out, command="x17 coverage")
    assert one.document == two.document
    assert json.loads((out / "coverage.json").read_text()) == one.document
    assert (out / "figures" / "coverage.svg").exists()
    assert "coverage.csv" in json.loads((out / "provenance.json").read_text())["files"]
    assert one.document["coverage"][0]["coverage"] == 1.0
