import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from x17.apparatus import load_setup
from x17.errors import InputError, UsageError
from x17.simulation.conditions import Conditions
from x17.simulation.sample import Process
from x17.workflows.display import draw_event
from x17.workflows.event_files import read_events
from x17.workflows.simulate import simulate, simulation_text
from x17.workflows.simulation_request import SimulationRequest, injected_boson, processes_of

SMALL = SimulationRequest(period=11, positrons=3e8, pile_up=False)


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*.parquet")}


def test_workers_do_not_change_a_byte(tmp_path: Path) -> None:
    for workers in (1, 2):
        simulate("padme-run3", SMALL, tmp_path / str(workers), workers=workers)
    one, two = files(tmp_path / "1"), files(tmp_path / "2")
    assert one == two
    assert sorted(one) == [
        "period-11/ee-00000.parquet",
        "period-11/ee-00001.parquet",
        "period-11/gg-00000.parquet",
    ]


def test_what_is_there_is_kept_and_what_is_missing_is_made(tmp_path: Path) -> None:
    first = simulate("padme-run3", SMALL, tmp_path)
    before = files(tmp_path)
    lost = tmp_path / "period-11" / "ee-00001.parquet"
    lost.unlink()
    (tmp_path / "period-11" / ".ee-00001.dead.parquet").write_bytes(b"half")
    n_lost = first.document["samples"][0]["n_events"] - 5000
    again = simulate("padme-run3", SMALL, tmp_path)
    assert (again.n_made, again.n_kept) == (n_lost, first.n_made - n_lost)
    assert files(tmp_path) == before


@pytest.mark.parametrize(
    "change", [{"seed": 2}, {"pile_up": True}, {"positrons": 2e8}, {"positrons": 1e7}], ids=str
)
def test_other_events_are_not_mixed_in(tmp_path: Path, change: dict[str, object]) -> None:
    simulate("padme-run3", SMALL, tmp_path)
    before = files(tmp_path)
    request = {"period": 11, "positrons": 3e8, "pile_up": False} | change
    with pytest.raises(UsageError, match=r"other settings, another seed or another version"):
        simulate("padme-run3", SimulationRequest(**request), tmp_path)  # type: ignore[arg-type]
    assert files(tmp_path) == before


def test_an_interrupt_says_what_is_safe_and_the_next_run_goes_on(tmp_path: Path) -> None:
    def stop(_: str, done: int, total: int) -> None:
        if 0 < done < total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match=r"5000 of .* events are safe"):
        simulate("padme-run3", SMALL, tmp_path, workers=1, progress=stop)
    assert simulate("padme-run3", SMALL, tmp_path).n_kept == 5000


def test_bunches(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    request = SimulationRequest(period=11, positrons=6e5, processes=(Process.PHOTONS,), bunches=True)
    simulate("padme-run3", request, tmp_path)
    bunches = parquet.read_table(tmp_path / "period-11" / "bunches.parquet")
    assert bunches.num_rows == 200
    assert bunches["n_positrons"].to_numpy().mean() == pytest.approx(3000.0, abs=4.0 * (3000 / 200) ** 0.5)
    drifting = replace(request, conditions="drawn")
    simulate("padme-run3", drifting, tmp_path / "drawn")
    bunches = parquet.read_table(tmp_path / "drawn" / "period-11" / "bunches.parquet")
    assert np.bincount(bunches["run"].to_numpy()).tolist() == [67, 67, 67]
    about = json.loads(bunches.schema.metadata[b"x17.about"])
    assert (about["n_runs"], about["n_bunches"]) == (3, 201)


DRIFTING = SimulationRequest(
    period=11,
    positrons=3e8,
    processes=(Process.PHOTONS, Process.BREMSSTRAHLUNG),
    conditions="drawn",
    fiducial_margin_mm=20.0,
    pile_up_window_ns=20.0,
    k_factor="published",
)


def test_runs_that_drift(tmp_path: Path) -> None:
    run = simulate("padme-run3", DRIFTING, tmp_path, workers=2)
    assert sorted(files(tmp_path)) == [
        f"period-11/{name}-{k}-00000.parquet" for name in ("bremsstrahlung", "gg") for k in range(3)
    ]
    conditions = Conditions.from_document(json.loads((tmp_path / "conditions.json").read_text()))
    assert conditions == Conditions.drawn(load_setup("padme-run3"), 1)
    for row in run.document["samples"]:
        table = read_events(tmp_path / "period-11" / f"{row['process']}-{row['run']}-00000.parquet")
        about = table.about
        assert about["run"] == row["run"]
        assert about["conditions_sha256"] == conditions.digest()
        assert about["n_generated"] == row["n_events"] > about["n_events"] == table.n_events > 0
        assert table.scalars["event"].max() < about["n_generated"]
        assert row["n_pot"] == 1e8
    again = simulate("padme-run3", DRIFTING, tmp_path)
    assert again.n_made == 0
    # One line a period and process, whatever the number of runs.
    assert len(simulation_text(run, tmp_path).splitlines()) == 3 + 3


@pytest.mark.parametrize(
    "change",
    [
        {"conditions": "nominal"},
        {"fiducial_margin_mm": 30.0},
        {"pile_up_window_ns": None},
        {"k_factor": "none"},
    ],
    ids=str,
)
def test_other_conditions_are_not_mixed_in(tmp_path: Path, change: dict[str, object]) -> None:
    photons = replace(DRIFTING, processes=(Process.PHOTONS,), positrons=3e7)
    simulate("padme-run3", photons, tmp_path)
    with pytest.raises(UsageError, match=r"other settings, another seed or another version"):
        simulate("padme-run3", replace(photons, **change), tmp_path)  # type: ignore[arg-type]
    if "k_factor" not in change:
        others = replace(photons, processes=(Process.ACCIDENTAL,), **change)  # type: ignore[arg-type]
        with pytest.raises(UsageError, match=r"other settings|another number of positrons"):
            simulate("padme-run3", others, tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"conditions": "real"}, "--conditions is 'real'; allowed: nominal, drawn"),
        ({"k_factor": "1"}, "--k-factor is '1'; allowed: none, published"),
        ({"fiducial_margin_mm": -1.0}, "--fiducial is -1"),
        ({"pile_up_window_ns": float("inf")}, "--pile-up-window is inf"),
    ],
)
def test_requests_that_cannot_be(change: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        SimulationRequest(**change)  # type: ignore[arg-type]


def test_an_injected_boson_can_be_of_any_kind() -> None:
    boson = injected_boson("16.9:5e-4:P")
    assert boson is not None
    assert (boson.mass_mev, boson.g_ve, boson.spin_parity.value) == (16.9, 5e-4, "P")
    plain = injected_boson("17:1e-3")
    assert plain is not None
    assert plain.spin_parity.value == "V"
    assert injected_boson(None) is None


@pytest.mark.parametrize(
    "text", ["", "17", "17:", "17:2", "1:1e-3", "nan:1e-3", "17:1e-3:", "17:1e-3:Q", "a:b"]
)
def test_bosons_that_cannot_be(text: str) -> None:
    with pytest.raises(UsageError, match=re.escape(f"--inject is {text!r}; allowed: MASS:COUPLING")):
        injected_boson(text)


@pytest.mark.parametrize("text", ["", "X", "ee,ee", "ee,muons"])
def test_processes_that_cannot_be(text: str) -> None:
    with pytest.raises(UsageError, match="each once"):
        processes_of(text)


def test_display(tmp_path: Path) -> None:
    request = SimulationRequest(period=11, positrons=1e6, processes=(Process.PHOTONS,))
    simulate("padme-run3", request, tmp_path)
    path = tmp_path / "period-11" / "gg-00000.parquet"
    assert draw_event(path, 0, tmp_path / "face.svg").read_text().startswith("<?xml")
    last = read_events(path).n_events - 1
    with pytest.raises(UsageError, match=f"allowed: 0 to {last}"):
        draw_event(path, last + 1, tmp_path / "face.svg")
    with pytest.raises(UsageError, match="not the one the events were made with"):
        draw_event(path, 0, tmp_path / "face.svg", "padme-run2")


def test_a_folder_holds_processes_of_one_beam(tmp_path: Path) -> None:
    out = tmp_path / "out"
    electrons = SimulationRequest(period=11, positrons=1e6, processes=(Process.ELECTRONS,), pile_up=False)
    simulate("padme-run3", electrons, out)
    photons = SimulationRequest(period=11, positrons=1e6, processes=(Process.PHOTONS,), pile_up=False)
    simulate("padme-run3", photons, out)
    record = json.loads((out / "simulation.json").read_text())
    assert sorted(row["process"] for row in record["samples"]) == ["ee", "gg"]
    for changes in ({"positrons": 2e6}, {"seed": 2}, {"pile_up": True}):
        other = replace(photons, processes=(Process.ACCIDENTAL,), **changes)  # type: ignore[arg-type]
        with pytest.raises(UsageError, match=r"other settings|another number of positrons"):
            simulate("padme-run3", other, out)


def test_a_truncated_file_is_made_again_once_it_is_gone(tmp_path: Path) -> None:
    request = SimulationRequest(period=11, positrons=1e6, processes=(Process.ELECTRONS,), pile_up=False)
    simulate("padme-run3", request, tmp_path)
    (file,) = tmp_path.glob("period-11/ee-*.parquet")
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="Delete this file: the same command makes it again"):
        simulate("padme-run3", request, tmp_path)
    file.unlink()
    simulate("padme-run3", request, tmp_path)
    assert file.read_bytes() == whole
