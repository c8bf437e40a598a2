import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from x17.errors import UsageError
from x17.report.significance_table import extra_lines
from x17.scan import EnergyScan
from x17.statistics.monte_carlo import TailFraction
from x17.statistics.toy_set import InMemory
from x17.workflows.search_settings import SearchSettings, resolve_settings
from x17.workflows.significance import report_windows, run_significance, shortfall, windows_of
from x17.workflows.significance_results import SignificanceRun, significance_to_folder


def settings(**options: object) -> SearchSettings:
    given = {"search.masses": "16.7:17.1:0.1", "significance.toys": 300} | options
    return resolve_settings(options=given)


def run(
    bank: Path, *, precision: float | None = None, out: Path | None = None, **options: object
) -> SignificanceRun:
    return significance_to_folder(
        "padme-run3", settings(**options), bank=bank, workers=2, precision=precision, out=out
    )


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bank") / "toys"


def test_windows_are_all_masses_unless_named() -> None:
    assert windows_of(settings()) == ((16.7, 17.1),)
    assert windows_of(settings(**{"significance.windows": ["16.8:17"]})) == ((16.8, 17.0),)


def test_report_has_all_masses_and_the_published_windows_that_fit() -> None:
    assert report_windows(settings()) == ((16.7, 17.1), (16.73, 16.97))
    wide = settings(**{"search.masses": "16.22:17.72:0.02"})
    assert report_windows(wide) == ((16.22, 17.72), (16.6, 17.2), (16.73, 16.97))
    named = settings(**{"significance.windows": ["16.8:17", "16.7:17.1"]})
    assert report_windows(named) == ((16.7, 17.1), (16.8, 17.0))


@pytest.mark.parametrize(
    ("windows", "message"),
    [
        (["16:17"], r"the window 16:17 MeV is not inside the masses searched"),
        (["16.8-17"], r"significance\.windows is '16\.8-17'; allowed: LO:HI"),
        (["17:16.8"], r"significance\.windows is '17:16\.8'; allowed: 0 < LO ≤ HI"),
        (["16.8:nan"], r"allowed: 0 < LO ≤ HI, finite"),
    ],
)
def test_windows_that_cannot_be_are_refused(windows: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        windows_of(settings(**{"significance.windows": windows}))


def test_memory_and_bank_give_the_same_numbers(bank: Path) -> None:
    scan = EnergyScan.load("padme-run3")
    resolved = settings().prepared(scan)[1]
    (in_memory,) = run_significance(scan, resolved, InMemory(), windows_of(resolved))
    from_bank = run(bank).result
    assert from_bank.definitions[0].fraction == in_memory.definitions[0].fraction
    assert from_bank.maxima == in_memory.maxima
    assert from_bank.gross_vitells == in_memory.gross_vitells


def test_toys_in_the_bank_are_used_again(bank: Path) -> None:
    first = run(bank).document
    times = {path: path.stat().st_mtime_ns for path in bank.rglob("*.npz")}
    assert times
    again = significance_to_folder("padme-run3", settings(), bank=bank, reuse_only=True)
    assert again.document == first
    assert {path: path.stat().st_mtime_ns for path in bank.rglob("*.npz")} == times


def test_settings_reach_the_numbers(bank: Path) -> None:
    plain = run(bank).document
    assert (plain["ensemble"], plain["k_constraint"], plain["seed"]) == ("published", "published", 1)
    for option in (
        {"limit.ensemble": "recentred"},
        {"model.k_constraint": "free"},
        {"limit.seed": 2},
        {"limit.cl": 0.95},
    ):
        other = run(bank, **option).document
        assert other["global"]["published-deviation"] != plain["global"]["published-deviation"], option


def test_folder_holds_numbers_band_and_figures(bank: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    finished = run(bank, out=folder)
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    figures = {f"figures/{stem}.{kind}" for stem in ("global_p", "expected_band") for kind in ("png", "svg")}
    assert names == {"significance.json", "band.csv", "provenance.json"} | figures
    assert json.loads((folder / "significance.json").read_text())["global"] == finished.document["global"]
    assert set(json.loads((folder / "provenance.json").read_text())["files"]) == names
    run(bank, out=folder)
    with pytest.raises(UsageError, match="other options"):
        run(bank, out=folder, **{"limit.seed": 2})


def test_too_few_toys_for_the_precision_asked(bank: Path) -> None:
    finished = run(bank, precision=0.01)
    result = finished.result
    assert re.search(
        r"300 pseudo-experiments are too few: p = .* --toys \d+; the toys in", finished.shortfall or ""
    )
    assert shortfall(result, 0.9) is None
    assert run(bank, precision=0.9).shortfall is None
    beyond = replace(
        result, definitions=tuple(replace(d, fraction=TailFraction(0, 300)) for d in result.definitions)
    )
    said = shortfall(beyond, 0.1) or ""
    assert re.search(r"p < 0\.0061 by published-deviation, .* needs about 30000", said)
    assert "is out of reach" in (shortfall(result, 1e-6) or "")
    for wrong in (0.0, 1.0, -2.0, float("nan")):
        with pytest.raises(UsageError, match="--precision is"):
            run(bank, precision=wrong)


def test_the_number_of_toys_it_asks_for_is_enough(bank: Path) -> None:
    """No chase from one number to the next."""
    first = run(bank, precision=0.15)
    needed = int(re.findall(r"--toys (\d+)", first.shortfall or "")[0])
    again = run(bank, precision=0.15, **{"significance.toys": needed})
    assert again.shortfall is None


@pytest.mark.parametrize("toys", [0, 199, 10_000_001])
def test_number_of_toys_has_bounds(toys: int) -> None:
    with pytest.raises(UsageError, match=rf"significance\.toys is {toys}; allowed: 200 to 10000000"):
        settings(**{"significance.toys": toys})


def test_a_boson_put_in_and_a_check_of_the_limits(bank: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    finished = significance_to_folder(
        "padme-run3",
        settings(),
        bank=bank,
        workers=2,
        inject="16.9:6e-4",
        validate=6,
        out=folder,
    )
    assert finished.injected is not None
    assert finished.check is not None
    document = json.loads((folder / "significance.json").read_text())
    assert document["injected"]["g_ve"] == 6e-4
    assert document["injected"]["larger_excess"] > 0.8
    assert document["asymptotic_check"]["n_experiments"] == 6
    # The published ensemble moves limits of pseudo-experiments by some per cent, no more.
    assert abs(document["asymptotic_check"]["mean_difference"]) < 0.1
    header = (folder / "band.csv").read_text().splitlines()[0]
    assert header.endswith("injected_plus_2,injected_plus_2_low,injected_plus_2_high")
    lines = extra_lines(finished.injected, finished.check)
    assert lines[0].startswith("With a boson of 16.90 MeV, g_ve = 6.00e-4")
    assert "6 experiments" in lines[1]


@pytest.mark.parametrize("inject", ["16.9", "16.9:5e-4:V", "0:0"])
def test_a_boson_that_cannot_be_put_in(bank: Path, inject: str) -> None:
    with pytest.raises(UsageError, match="--inject is"):
        significance_to_folder("padme-run3", settings(), bank=bank, inject=inject)


def test_a_check_needs_some_experiments(bank: Path) -> None:
    with pytest.raises(UsageError, match="--validate is 2; allowed: 5"):
        significance_to_folder("padme-run3", settings(), bank=bank, validate=2)
