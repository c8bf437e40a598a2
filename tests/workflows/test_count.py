"""From clusters to a scan: the same on any number of workers and on both ways; what is left out, and why."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from x17.apparatus import Setup
from x17.errors import InputError, UsageError
from x17.reconstruction.cluster_file import read_cluster_record
from x17.reconstruction.counting import two_body_weights
from x17.scan import EnergyScan
from x17.scan.counted import CountedScan
from x17.statistics.blocks import silent
from x17.workflows.count import count, count_periods, setup_of_folder
from x17.workflows.count_document import count_document
from x17.workflows.count_settings import CountSettings, resolve_count_settings
from x17.workflows.pipeline import count_to_files
from x17.workflows.reconstruct import reconstruct


def counted(data: Path, expected: Path, setup: Setup, *assignments: str, workers: int = 1) -> CountedScan:
    settings = resolve_count_settings(setup, assignments=assignments)
    return count(data, expected, settings, setup=setup, name="short", workers=workers)


@pytest.fixture(scope="module")
def run(short_data: Path, short_expected: Path, short_setup: Setup) -> CountedScan:
    return counted(short_data, short_expected, short_setup)


@pytest.fixture
def data(short_data: Path, tmp_path: Path) -> Path:
    """To be spoilt."""
    shutil.copytree(short_data, tmp_path / "data")
    return tmp_path / "data"


def left_out(run: CountedScan) -> dict[int, str]:
    return {entry.period: entry.reason for entry in run.assembled.left_out}


def test_all_periods_are_in_the_scan(run: CountedScan, short_setup: Setup) -> None:
    scan = run.assembled.scan
    assert left_out(run) == {}
    assert scan.period.tolist() == short_setup.run_plan.number.tolist()
    assert len(scan.search_points().sqrt_s_mev) == 14
    np.testing.assert_array_equal(scan.sqrt_s_mev, short_setup.run_plan.sqrt_s_mev)
    # The flux of 3333 bunches a run is known to the leakage of a spot, 0.2 %, and the ageing, some per cent.
    np.testing.assert_allclose(scan.n_pot, 3e7, rtol=0.05)
    # The simulation of the same physics: within four times the error of some hundred counts.
    ratio = scan.n2 / (scan.n_pot * scan.background_per_pot)
    error = np.hypot(scan.n2_err / scan.n2, scan.background_err / scan.background_per_pot)
    assert np.all(np.abs(ratio / ratio.mean() - 1.0) < 4.0 * error)


def test_workers_do_not_change_the_scan(
    run: CountedScan, short_data: Path, short_expected: Path, short_setup: Setup
) -> None:
    assert counted(short_data, short_expected, short_setup, workers=2).assembled.scan == run.assembled.scan


def test_hits_reconstructed_first_give_the_same_scan(
    run: CountedScan, short_events: Path, short_expected: Path, short_setup_file: Path, tmp_path: Path
) -> None:
    reconstruct(short_events, tmp_path, setup_name=str(short_setup_file), workers=1)
    setup = setup_of_folder(tmp_path, str(short_setup_file))
    assert counted(tmp_path, short_expected, setup).assembled.scan == run.assembled.scan


def test_counts_are_the_pairs_in_the_windows(run: CountedScan) -> None:
    """Data weigh one each, whatever a simulated event stands for."""
    settings = CountSettings.of(run.setup).period
    for row in run.periods:
        pairs = row.selection.pairs
        assert np.all(pairs.weight == 1.0)
        assert row.count.count.in_window == run.windows.inside(pairs).sum()
        assert two_body_weights(pairs, settings).sum() == pytest.approx(row.count.count.n2, rel=1e-12)
        assert row.count.classes.sum() == pytest.approx(row.count.count.n2, rel=1e-12)
        assert row.selection.cut_flow.events[-1] == row.count.count.in_window


def test_the_document_says_what_the_scan_says(run: CountedScan) -> None:
    document = json.loads(json.dumps(count_document(run, "x17 count")))
    scan, points = run.assembled.scan, document["points"]
    for key in ("n2", "n2_err", "n_pot", "background_per_pot", "signal_efficiency", "sqrt_s_mev"):
        assert [point[key] for point in points] == getattr(scan, key).tolist()
    np.testing.assert_array_equal([p["n_pot_err"] for p in points], scan.n_pot_err)
    assert document["left_out"] == document["runs_left_out"] == []
    assert document["normalisation"]["ndf"] == 2
    assert document["below_resonance"]["ndf"] == 1
    assert document["over_resonance"]["ndf"] == 1
    assert document["ageing"]["source"] == "fitted"
    assert document["settings"]["cuts"]["r_max_mm"] == 270.0


def test_the_scan_comes_back_from_its_files(run: CountedScan, tmp_path: Path) -> None:
    csv, _ = run.assembled.scan.write(tmp_path / "scan.csv")
    assert EnergyScan.load(csv) == run.assembled.scan


def test_subtraction_and_normalisation_are_choices(
    run: CountedScan, short_data: Path, short_expected: Path, short_setup: Setup
) -> None:
    plain = counted(
        short_data, short_expected, short_setup, "scan.subtract=false", "scan.normalise=false"
    ).assembled.scan
    scan = run.assembled.scan
    raw = [row.count.count.in_window for row in run.periods]
    np.testing.assert_array_equal(plain.n2, raw)
    assert plain.brems_subtraction is not None
    assert np.all(plain.brems_subtraction == 1.0)
    assert scan.brems_subtraction is not None
    np.testing.assert_allclose(scan.brems_subtraction * raw, scan.n2, rtol=1e-12)
    assert np.all(scan.n2_err >= np.sqrt(raw))
    # Side bands are taken off expectation and data alike: little of the two-body peak lies in them.
    expected = [row.expectation.count.count.in_window for row in run.periods]
    np.testing.assert_allclose(plain.background_per_pot, expected, rtol=1e-12)
    scale = run.assembled.validation.normalisation
    assert scale is not None
    np.testing.assert_allclose(
        scan.background_per_pot / scale.value,
        [row.expectation.count.count.n2 for row in run.periods],
        rtol=1e-12,
    )
    assert np.all(scan.background_per_pot / scale.value / plain.background_per_pot > 0.97)


def test_added_errors_are_those_of_the_settings(
    short_data: Path, short_expected: Path, short_setup: Setup
) -> None:
    run = counted(
        short_data, short_expected, short_setup, "scan.n_pot_err_added=0.02", "scan.background_err_added=0.0"
    )
    constants = run.assembled.scan.constants
    assert (constants.n_pot_err_added, constants.background_err_added) == (0.02, 0.0)


def no_runs(folder: Path) -> None:
    (folder / "runs.json").unlink()


def broken_runs(folder: Path) -> None:
    (folder / "runs.json").write_text('{"runs": [{}]}')


def runs_without_charge(folder: Path) -> None:
    document = json.loads((folder / "runs.json").read_text())
    for run in document["runs"]:
        run |= {"n_good": 0, "n_missing": run["n_bunches"], "lead_glass_pc": 0.0, "lead_glass_2": 0.0}
    (folder / "runs.json").write_text(json.dumps(document))


def cut_short(folder: Path) -> None:
    path = folder / "clusters-ee-1.parquet"
    path.write_bytes(path.read_bytes()[:-200])


def problems_noted(folder: Path) -> None:
    (folder / "problems.json").write_text('["ee-1-00000.parquet: is no Parquet file"]')


def no_clusters(folder: Path) -> None:
    for path in folder.glob("clusters-*"):
        path.unlink()


def one_run_gone(folder: Path) -> None:
    for path in folder.glob("clusters-*-1.parquet"):
        path.unlink()


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (no_runs, "No bunch has a lead-glass charge"),
        (broken_runs, "No bunch has a lead-glass charge"),
        (runs_without_charge, "No bunch has a lead-glass charge"),
        (cut_short, "clusters-ee-1.parquet: is no Parquet file, or was cut short"),
        (problems_noted, "ee-1-00000.parquet: is no Parquet file"),
        (no_clusters, "no event was reconstructed"),
        (one_run_gone, "no clusters of run 1"),
    ],
)
def test_a_spoilt_period_is_left_out_and_named(
    data: Path,
    run: CountedScan,
    short_expected: Path,
    short_setup: Setup,
    spoil: Callable[[Path], None],
    reason: str,
) -> None:
    spoil(data / "period-52")
    spoilt = counted(data, short_expected, short_setup)
    assert list(left_out(spoilt)) == [52]
    assert reason in left_out(spoilt)[52]
    assert "simulat" not in left_out(spoilt)[52]
    scan, whole = spoilt.assembled.scan, run.assembled.scan
    assert any("Period 52 is left out" in note and reason in note for note in scan.notes)
    assert 52 not in scan.period
    assert scan.n2.tolist() == whole.n2[1:].tolist()


def test_zero_candidates_in_a_point(data: Path, short_expected: Path, short_setup: Setup) -> None:
    """Accidental pairs alone: events, but none in the windows."""
    for path in (data / "period-52").glob("clusters-[!a]*"):
        path.unlink()
    spoilt = counted(data, short_expected, short_setup)
    assert "no pair is left" in left_out(spoilt)[52]


def test_bad_runs_are_dropped_from_events_and_flux(
    data: Path, run: CountedScan, short_expected: Path, short_setup: Setup
) -> None:
    """A third of the positrons goes, and so do the pairs of that run."""
    path = data / "period-05" / "runs.json"
    document = json.loads(path.read_text())
    document["runs"][1]["calorimeter_mev"] *= 3.0
    path.write_text(json.dumps(document))
    spoilt = counted(data, short_expected, short_setup)
    (entry,) = count_document(spoilt)["runs_left_out"]
    assert (entry["period"], entry["run"]) == (5, 1)
    assert "energy for each positron" in entry["reason"]
    row = run.assembled.scan.period.tolist().index(5)
    kept, whole = spoilt.assembled.scan, run.assembled.scan
    assert kept.n_pot[row] / whole.n_pot[row] == pytest.approx(2.0 / 3.0, rel=0.01)
    events = {one.period.number: one.selection.cut_flow.events[0] for one in spoilt.periods}
    files = sorted((data / "period-05").glob("clusters-*-[02].parquet"))
    assert events[5] == sum(read_cluster_record(path)["n_events"] for path in files)


def test_too_few_searched_points_leave_the_counts(
    short_data: Path, short_expected: Path, short_setup: Setup, tmp_path: Path
) -> None:
    for period in (0, 1, 23, 24, 25):
        name = f"period-{period:02d}"
        shutil.copytree(short_data / name, tmp_path / "data" / name)
    settings = CountSettings.of(short_setup)
    out = tmp_path / "out"
    given = (out, tmp_path / "data", short_expected, short_setup, settings, 1, "x17 count", silent)
    with pytest.raises(UsageError, match=r"(?s)few-counts\.json has them.*2 points to search.*13 are needed"):
        count_to_files(*given, scan=out / "few.csv")
    assert not (out / "few.csv").exists()
    document = json.loads((out / "few-counts.json").read_text())
    assert document["scan"] is None
    assert "13 are needed" in document["why_no_scan"]
    assert [point["period"] for point in document["points"]] == [0, 1, 23, 24, 25]
    assert all(point["n2"] > 30 and point["g_r"] > 0.5 for point in document["points"])


def test_no_period_that_can_be_used(data: Path, short_expected: Path, short_setup: Setup) -> None:
    for path in data.glob("period-*/runs.json"):
        path.unlink()
    with pytest.raises(UsageError, match="no period can be used: 52: No bunch has a lead-glass charge"):
        counted(data, short_expected, short_setup)


def test_folders_that_cannot_be_used(
    data: Path, short_data: Path, short_expected: Path, short_setup: Setup, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="there is no such folder"):
        counted(tmp_path / "nowhere", short_expected, short_setup)
    (data / "period-99").mkdir()
    with pytest.raises(UsageError, match="is not in the run plan of setup short"):
        counted(data, short_expected, short_setup)
    (tmp_path / "bare" / "period-00").mkdir(parents=True)
    with pytest.raises(UsageError, match="holds no clusters; make them with `x17 reconstruct"):
        setup_of_folder(tmp_path / "bare")
    with pytest.raises(UsageError, match="name its file with --setup"):
        setup_of_folder(short_data)


def test_data_of_another_setup_are_refused(
    short_data: Path, short_expected: Path, short_setup: Setup
) -> None:
    other = replace(short_setup, beam=replace(short_setup.beam, center_x_mm=5.0))
    with pytest.raises(UsageError, match="is of another setup than short"):
        counted(short_data, short_expected, other)


def test_periods_come_in_the_order_of_the_plan_and_flux_is_theirs(
    short_data: Path, short_expected: Path, short_setup: Setup
) -> None:
    found = count_periods(short_data, short_expected, setup=short_setup, workers=1)
    assert [period.number for period in found.plan] == short_setup.run_plan.number.tolist()
    assert found.flux.period.tolist() == short_setup.run_plan.number.tolist()
    assert len(found.runs) == 19 * 3
    assert found.quality.good.all()
    assert found.lost == ()


def test_unreadable_expectation_is_an_error(
    short_data: Path, short_expected: Path, short_setup: Setup, tmp_path: Path
) -> None:
    shutil.copytree(short_expected, tmp_path / "expected")
    path = tmp_path / "expected" / "period-07" / "clusters-ee.parquet"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(InputError, match=r"period-07/clusters-ee\.parquet"):
        counted(short_data, tmp_path / "expected", short_setup)
