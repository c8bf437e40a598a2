"""The whole chain in one call: as step by step, interrupted or not, and never two requests in one folder."""

import json
from pathlib import Path

import pytest

from x17.apparatus import Setup
from x17.errors import InputError, UsageError
from x17.scan import EnergyScan
from x17.statistics.blocks import silent
from x17.theory.boson import Boson, SpinParity
from x17.workflows.count import count
from x17.workflows.expect import ExpectRequest
from x17.workflows.pipeline import PipelineRequest, PipelineRun, pipeline, simulate_data
from x17.workflows.search_settings import resolve_settings

SEARCH = resolve_settings(options={"limit.toys": 0, "search.masses": "16.6:17.2:0.1"}, quick=True)


def run_pipeline(setup: Path, out: Path, request: PipelineRequest, **options: object) -> PipelineRun:
    given = {"search_settings": SEARCH, "quick": True, "workers": 1} | options
    return pipeline(str(setup), request, out, **given)  # type: ignore[arg-type]


def contents(folder: Path, pattern: str = "**/*") -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.glob(pattern)) if p.is_file()}


@pytest.fixture(scope="module")
def done(
    short_setup_file: Path, short_expected: Path, tmp_path_factory: pytest.TempPathFactory
) -> PipelineRun:
    """Interrupted while data are made, and gone on with."""

    def stop(what: str, done: int, total: int) -> None:
        if what == "samples of data" and 100 <= done < total:
            raise KeyboardInterrupt

    out = tmp_path_factory.mktemp("pipeline") / "out"
    request = PipelineRequest(expected=short_expected)
    with pytest.raises(KeyboardInterrupt, match="100 of 228 samples are safe"):
        run_pipeline(short_setup_file, out, request, progress=stop)
    assert not (out / "scan.csv").exists()
    notes: list[str] = []
    run = run_pipeline(short_setup_file, out, request, workers=2, notify=notes.append)
    # One worker made the first 100, one after the other.
    assert [note for note in notes if "was run before" in note] == [
        f"{out} was run before: 128 samples of data made, the others kept; "
        "counts, calibration and search are made anew"
    ]
    return run


def test_the_same_scan_as_step_by_step(
    done: PipelineRun, short_data: Path, short_expected: Path, short_setup: Setup
) -> None:
    """Data, counts and fluxes are those of `simulate`, `reconstruct` and `count` with the same seed."""
    assert contents(done.folder / "data") == contents(short_data)
    wanted = count(short_data, short_expected, setup=short_setup, name="out", workers=1).assembled.scan
    assert EnergyScan.load(done.folder / "scan.csv") == wanted


def test_every_stage_leaves_its_files(done: PipelineRun) -> None:
    folder = done.folder
    document = json.loads((folder / "pipeline.json").read_text())
    assert document["counts"] == json.loads((folder / "counts.json").read_text())
    assert document["search"] == json.loads((folder / "search" / "summary.json").read_text())
    assert document["request"]["seed"] == 1
    assert len(document["counts"]["points"]) == 19
    for name in ("request.json", "scan.toml", "data/conditions.json", "search/report.html"):
        assert (folder / name).is_file()
    assert "search/report.html" in (folder / "calibration" / "calibration.html").read_text()


@pytest.mark.parametrize(
    "change",
    [{"seed": 2}, {"positrons": 1e7}, {"conditions": False}, {"boson": Boson(16.9, SpinParity.VECTOR, 1e-3)}],
    ids=str,
)
def test_a_folder_of_another_request_is_refused(
    done: PipelineRun, short_setup_file: Path, short_expected: Path, change: dict[str, object]
) -> None:
    before = contents(done.folder)
    request = PipelineRequest(expected=short_expected, **change)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=r"pipeline of another request \(see request.json there\)"):
        run_pipeline(short_setup_file, done.folder, request)
    assert contents(done.folder) == before


def test_what_cannot_work_is_refused_before_anything_is_made(
    short_setup_file: Path, short_expected: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    for request, message in (
        (PipelineRequest(periods=(0, 1, 2)), "3 of the chosen periods are searched .* a search needs 13"),
        (PipelineRequest(periods=(0, 77)), "no period 77"),
        (PipelineRequest(clustering="none"), "--clustering is 'none'"),
        (PipelineRequest(expected=tmp_path / "nowhere"), "has nothing of periods 0-13,23-25,52-53"),
        (PipelineRequest(expectation=ExpectRequest(bosons=0)), "--bosons is 0"),
    ):
        with pytest.raises(UsageError, match=message):
            run_pipeline(short_setup_file, out, request)
        assert not out.exists()
    with pytest.raises(InputError, match="unknown setting"):
        run_pipeline(short_setup_file, out, PipelineRequest(), assignments=["cuts.nope=1"])
    assert not out.exists()
    out.touch()
    with pytest.raises(UsageError, match="is a file; name a folder"):
        run_pipeline(short_setup_file, out, PipelineRequest(expected=short_expected))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"positrons": 0.5}, "--positrons is 0.5"),
        ({"seed": -1}, "--seed is -1"),
        ({"seed": 1_000_001}, "that of the expectation"),
    ],
    ids=str,
)
def test_requests_that_cannot_be_used(change: dict[str, float], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        PipelineRequest(**change)  # type: ignore[arg-type]


def test_other_seeds_make_other_data_in_other_folders(
    short_setup: Setup, short_data: Path, tmp_path: Path
) -> None:
    request = PipelineRequest(seed=2, periods=(0,))
    simulate_data(short_setup, request, tmp_path / "data", 1, silent)
    assert contents(tmp_path / "data" / "period-00") != contents(short_data / "period-00")
