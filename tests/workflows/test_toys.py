import json
from pathlib import Path

import pytest

from x17.errors import UsageError
from x17.scan import EnergyScan
from x17.statistics.coupling_set import CouplingSet, Hypothesis
from x17.statistics.ensembles import Ensemble
from x17.statistics.experiment_set import ExperimentSet
from x17.workflows.ranges import boson_to_inject
from x17.workflows.search_settings import resolve_settings
from x17.workflows.toys import (
    ToyRequest,
    block_range,
    generate_toys,
    merge_toys,
    toys_status,
)

FEW = {"search.masses": "16.8:17.0:0.1"}


@pytest.mark.parametrize(
    "text", ["16.9", "16.9:5e-4:V", "a:b", "0:5e-4", "16.9:0", "16.9:-1", "nan:1e-4", ""]
)
def test_a_boson_that_cannot_be_put_in(text: str) -> None:
    with pytest.raises(UsageError, match=r"--inject is .*allowed: MASS:COUPLING"):
        boson_to_inject(text)


@pytest.mark.parametrize("text", ["", "3", "3:1", "-1:4", "0:1:2", "a:b", "0.5:2"])
def test_blocks_that_are_no_range(text: str) -> None:
    with pytest.raises(UsageError, match=r"--blocks is .*allowed: FROM:TO"):
        block_range(text)


def test_ranges_and_bosons() -> None:
    assert boson_to_inject("16.9:5e-4") == (16.9, 5e-4)
    assert boson_to_inject(None) is None
    assert block_range("0:4") == range(5)
    assert block_range("7:7") == range(7, 8)
    assert block_range(None) is None


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"toys": 0}, "--toys is 0"),
        ({"best": True}, "--best"),
        ({"tested": True, "boson": (16.9, 5e-4)}, "--inject"),
    ],
)
def test_choices_that_exclude_each_other(choices: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        ToyRequest(**choices)  # type: ignore[arg-type]


def test_sets_of_a_request() -> None:
    chosen = {"limit.seed": 5, "limit.ensemble": "recentred", "search.couplings": "3e-4:5e-4:2"}
    settings = resolve_settings(options=FEW | chosen)
    assert ToyRequest(boson=(16.9, 5e-4)).sets(settings) == [
        ExperimentSet(
            ensemble=Ensemble.RECENTRED,
            masses=(16.8, 16.9, 17.0),
            seed=5,
            truth_mass=16.9,
            truth_coupling=5e-4,
        )
    ]
    tested = ToyRequest(tested=True, best=True).sets(settings)
    assert len(tested) == 6
    assert tested[3] == CouplingSet(
        ensemble=Ensemble.RECENTRED,
        hypothesis=Hypothesis.SIGNAL,
        mass=16.9,
        couplings=(3e-4, 5e-4),
        seed=5,
        best=True,
    )


def test_generate_status_and_merge(tmp_path: Path) -> None:
    parts = [tmp_path / "a", tmp_path / "b"]
    for part, blocks in zip(parts, (range(1), range(1, 3)), strict=True):
        made = generate_toys(
            "padme-run3",
            resolve_settings(options=FEW),
            ToyRequest(toys=1500, blocks=blocks),
            folder=part,
        )
        assert (made["found"], made["made"]) == (0, 500 * len(blocks))
        assert made["choices"] == {"model.k_constraint": "published"}
    merged = merge_toys(tmp_path / "all", parts)
    assert (merged["copied"], merged["ok"]) == (3, True)
    status = toys_status("padme-run3", tmp_path / "all")
    assert json.loads(json.dumps(status)) == status
    (row,) = status["sets"]
    assert (row["toys"], row["blocks"], row["usable"], row["failed_fits"]) == (1500, 3, True, {})
    assert row["masses"] == [16.8, 16.9, 17.0]
    again = generate_toys(
        "padme-run3", resolve_settings(options=FEW), ToyRequest(toys=1500), folder=tmp_path / "all"
    )
    assert (again["found"], again["made"], again["toys_per_second"]) == (1500, 0, 0.0)


def test_damage_is_reported_and_not_merged(tmp_path: Path) -> None:
    bank = tmp_path / "bank"
    generate_toys("padme-run3", resolve_settings(options=FEW), ToyRequest(toys=1000), folder=bank)
    victim = sorted(bank.glob("*/*.npz"))[0]
    victim.write_bytes(b"")
    status = toys_status("padme-run3", bank)
    assert status["damaged"] == [{"file": str(victim), "reason": "the file is empty"}]
    notes: list[str] = []
    merged = merge_toys(tmp_path / "all", [bank], notes.append)
    assert (merged["copied"], merged["damaged"], merged["ok"]) == (1, [str(victim)], False)
    assert notes == [f"{victim} is damaged (the file is empty): left out"]


def test_a_correction_taken_off_is_other_data(tmp_path: Path) -> None:
    generate_toys("padme-run3", resolve_settings(options=FEW), ToyRequest(toys=1), folder=tmp_path / "bank")
    other = resolve_settings(options={**FEW, "search.without": ["ageing"]})
    with pytest.raises(UsageError, match="other data"):
        generate_toys("padme-run3", other, ToyRequest(toys=1), folder=tmp_path / "bank")


def test_a_table_of_its_own_fills_a_bank_of_its_own(tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    table.write_text(EnergyScan.load("padme-run3").to_csv_text())
    made = generate_toys(
        str(table), resolve_settings(options=FEW), ToyRequest(toys=1), folder=tmp_path / "bank"
    )
    assert made["choices"] == {"model.k_constraint": "from-sideband"}


def test_status_of_nothing(tmp_path: Path) -> None:
    with pytest.raises(
        UsageError, match=r"no toy bank there; make one: x17 toys generate padme-run3 --bank \S+nothing"
    ):
        toys_status("padme-run3", tmp_path / "nothing")
