"""Expected yields of every period: sums of weights, the files, and what is refused."""

import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from x17.apparatus import Setup, load_setup
from x17.errors import InputError, UsageError
from x17.reconstruction.cluster_file import read_cluster_record
from x17.reconstruction.counting import two_body_weights
from x17.reconstruction.period_selection import PeriodSettings
from x17.workflows.expect import (
    ExpectRequest,
    algorithm_of,
    chosen_periods,
    expect,
    expectation_of,
    expected_text,
)
from x17.workflows.expected_folder import expected_records, refuse_unlike


@pytest.fixture
def copied(short_expected: Path, tmp_path: Path) -> Path:
    shutil.copytree(short_expected, tmp_path / "expected")
    return tmp_path / "expected"


def test_background_is_the_sum_of_weights_over_positrons(short_expected: Path, short_setup: Setup) -> None:
    period = chosen_periods(short_setup, (9,))[0]
    settings = PeriodSettings.of(short_setup)
    row = expectation_of(short_expected, period, short_setup, settings)
    pairs = row.selection.pairs
    # Of ten times 3e7 positrons, every event weighs one in 3e8.
    np.testing.assert_allclose(pairs.weight, 1.0 / 3e8, rtol=1e-12)
    weights = two_body_weights(pairs, settings)
    assert row.electrons_per_pot + row.photons_per_pot == pytest.approx(weights.sum(), rel=1e-12)
    assert row.count.count.n2 == pytest.approx(weights.sum(), rel=1e-12)
    assert row.count.count.n2_error == pytest.approx(np.sqrt((weights**2).sum()), rel=0.05)


def test_electrons_and_photons_are_told_apart_by_sample(
    copied: Path, short_setup: Setup, short_expected: Path
) -> None:
    """Without the files of one of them the other is what is left; tags follow: ee charged, gg not."""
    period = chosen_periods(short_setup, (9,))[0]
    settings = PeriodSettings.of(short_setup)
    whole = expectation_of(short_expected, period, short_setup, settings)
    (copied / "period-09" / "clusters-gg.parquet").unlink()
    electrons = expectation_of(copied, period, short_setup, settings)
    assert electrons.photons_per_pot == 0.0
    # The beam line moves by 0.1 mm without the photons.
    assert electrons.electrons_per_pot == pytest.approx(whole.electrons_per_pot, rel=0.02)
    assert 0.1 < whole.photons_per_pot / whole.electrons_per_pot < 0.35
    # 1 % of the electrons' clusters have no hit of the tagger.
    classes = whole.count.classes
    share = whole.photons_per_pot / (whole.electrons_per_pot + whole.photons_per_pot)
    assert classes[1] / classes.sum() == pytest.approx(share, abs=0.03)


def test_efficiency_is_the_share_of_the_bosons(short_expected: Path, short_setup: Setup) -> None:
    period = chosen_periods(short_setup, (6,))[0]
    row = expectation_of(short_expected, period, short_setup, PeriodSettings.of(short_setup))
    record = read_cluster_record(short_expected / "period-06" / "clusters-X.parquet")
    assert record["boson"]["mass_mev"] == period.sqrt_s_mev
    n = record["n_generated"]
    assert n == pytest.approx(3000, abs=4 * np.sqrt(3000))
    assert row.signal_efficiency * n == pytest.approx(round(row.signal_efficiency * n), abs=0.5)
    # 0.1019 ± 0.0010 of 100,000 bosons at 16.906 MeV.
    assert row.signal_efficiency == pytest.approx(0.102, abs=4.0 * row.signal_efficiency_err)
    assert row.signal_efficiency_err == pytest.approx(
        np.sqrt(row.signal_efficiency * (1.0 - row.signal_efficiency) / n), rel=1e-12
    )


def test_files_say_what_was_expected(short_expected: Path, short_setup: Setup) -> None:
    document = json.loads((short_expected / "expected.json").read_text())
    assert document["setup"] == "short"
    assert (document["positrons"], document["bosons"], document["seed"]) == (3e8, 3000, 1_000_001)
    assert [row["period"] for row in document["periods"]] == short_setup.run_plan.number.tolist()
    with (short_expected / "expected.csv").open() as file:
        rows = list(csv.DictReader(file))
    for row, wanted in zip(rows, document["periods"], strict=True):
        assert {key: float(value) for key, value in row.items()} == wanted
    for row in document["periods"]:
        total = row["electrons_per_pot"] + row["photons_per_pot"]
        assert row["background_per_pot"] == pytest.approx(total, rel=1e-15)


def test_again_makes_nothing_and_says_the_same(
    copied: Path, short_setup_file: Path, short_expected: Path
) -> None:
    request = ExpectRequest(positrons=3e8, bosons=3000)
    run = expect(str(short_setup_file), request, copied, workers=2)
    assert run.n_made == 0
    before, now = (json.loads((f / "expected.json").read_text()) for f in (short_expected, copied))
    assert now == before
    text = expected_text(run, copied)
    assert max(map(len, text.splitlines()[:-1])) <= 80
    with pytest.raises(UsageError, match="other settings, another seed"):
        expect(str(short_setup_file), replace(request, seed=5), copied, workers=1)


def test_without_bosons_there_is_no_efficiency(short_setup_file: Path, tmp_path: Path) -> None:
    run = expect(str(short_setup_file), ExpectRequest(periods=(3,), positrons=3e7, bosons=0), tmp_path)
    assert np.isnan(run.yields.signal_efficiency).all()
    assert json.loads((tmp_path / "expected.json").read_text())["periods"][0]["signal_efficiency"] is None
    assert "nan" in expected_text(run, tmp_path)
    setup = load_setup(str(short_setup_file))
    with pytest.raises(UsageError, match="has no bosons in periods 3"):
        expected_records(tmp_path, chosen_periods(setup, (3,)), setup)


@pytest.mark.parametrize(
    ("change", "message"),
    [({"positrons": 0.0}, "--positrons is 0"), ({"bosons": -1}, "--bosons is -1"), ({"seed": -1}, "--seed")],
    ids=str,
)
def test_requests_that_cannot_be_used(change: dict[str, float], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        ExpectRequest(**change)  # type: ignore[arg-type]


def test_periods_and_algorithms_that_are_not_there(short_setup: Setup) -> None:
    with pytest.raises(UsageError, match="no period 99; it has 52, 53, 0"):
        chosen_periods(short_setup, (3, 99))
    assert [period.number for period in chosen_periods(short_setup, (5, 53, 2))] == [53, 2, 5]
    with pytest.raises(UsageError, match="allowed: padme, island, radius"):
        algorithm_of("none")
    bare = replace(short_setup, run_plan=replace(short_setup.run_plan, periods=()))
    with pytest.raises(UsageError, match=r"add \[run_plan\]"):
        chosen_periods(bare, None)


def test_lacking_periods_are_named_with_the_command(copied: Path, short_setup: Setup) -> None:
    for number in (3, 4, 5, 12):
        shutil.rmtree(copied / f"period-{number:02d}")
    with pytest.raises(UsageError, match=r"periods 3-5,12; make it with `x17 expect SETUP --periods 3-5,12 "):
        expected_records(copied, short_setup.run_plan.periods, short_setup)
    with pytest.raises(UsageError, match="periods 0-13,23-25,52-53"):
        expected_records(copied / "nowhere", short_setup.run_plan.periods, short_setup)
    (copied / "file").touch()
    with pytest.raises(UsageError, match="is a file"):
        expected_records(copied / "file", short_setup.run_plan.periods, short_setup)


def test_what_is_no_expectation(
    copied: Path, short_data: Path, short_setup: Setup, short_expected: Path
) -> None:
    periods = chosen_periods(short_setup, (3,))
    (record, *_) = expected_records(short_expected, periods, short_setup)[3]
    shutil.copy(
        short_data / "period-03" / "clusters-accidental-0.parquet",
        copied / "period-03" / "clusters-a.parquet",
    )
    with pytest.raises(UsageError, match="holds accidental, as data do"):
        expected_records(copied, periods, short_setup)
    (copied / "period-03" / "clusters-ee.parquet").write_text("not ours")
    with pytest.raises(InputError, match=r"period-03/clusters-ee\.parquet"):
        expected_records(copied, periods, short_setup)
    other = replace(short_setup, beam=replace(short_setup.beam, center_x_mm=5.0))
    with pytest.raises(UsageError, match="is of another setup than short"):
        expected_records(short_expected, periods, other)
    for change, message in (
        ({"setup_sha256": "other"}, "clusters of another setup"),
        ({"clustering": {"algorithm": "island"}}, "choose one --clustering"),
        ({}, "make one of them with another --seed"),
    ):
        with pytest.raises(UsageError, match=message):
            refuse_unlike([{**record, **change}], [record], short_setup, copied)
    refuse_unlike([{**record, "seed": 1}], [record], short_setup, copied)


def test_a_folder_of_something_else_is_refused(
    short_setup_file: Path, short_data: Path, tmp_path: Path
) -> None:
    request = ExpectRequest(periods=(3,), positrons=3e7, bosons=0)
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.tex").write_text("mine")
    with pytest.raises(UsageError, match=r"holds other files \(thesis\.tex, …\); name a new folder"):
        expect(str(short_setup_file), request, other)
    assert [path.name for path in other.iterdir()] == ["thesis.tex"]
    with pytest.raises(UsageError, match=r"holds data \(period-\d+/\S+\); .* name a new folder"):
        expect(str(short_setup_file), request, short_data)
    with pytest.raises(UsageError, match="is a file; name a folder"):
        expect(str(short_setup_file), request, other / "thesis.tex")
