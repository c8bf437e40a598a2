"""Settings of the counting from a setup, a file and `--set`; the reference page has each with its default."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from x17.apparatus import Setup, load_setup
from x17.errors import InputError, UsageError, X17Error
from x17.reconstruction.flux.settings import SlopeSource
from x17.workflows.count_settings import (
    TABLES,
    CountSettings,
    resolve_count_settings,
    split_assignments,
)
from x17.workflows.search_settings import TABLES as SEARCH_TABLES
from x17.workflows.search_settings import resolve_settings


@pytest.fixture(scope="module")
def setup() -> Setup:
    return load_setup("padme-run3")


def test_defaults_are_those_of_the_setup(setup: Setup) -> None:
    settings = resolve_count_settings(setup)
    assert settings == CountSettings.of(setup)
    assert settings.cuts == setup.pair_cuts
    assert settings.scan.n_pot_err_added == settings.scan.background_err_added == 0.003


def test_later_sources_win(setup: Setup, tmp_path: Path) -> None:
    config = tmp_path / "mine.toml"
    config.write_text('[cuts]\nr_max_mm = 250\nmargin_cells = 2\n[flux]\nslope_source = "setup"\n')
    settings = resolve_count_settings(setup, config=config, assignments=["cuts.r_max_mm=240"])
    assert (settings.cuts.r_max_mm, settings.cuts.margin_cells) == (240.0, 2.0)
    assert settings.flux.slope_source is SlopeSource.SETUP
    assert settings.period.selection.cuts == settings.cuts


def test_windows_reach_side_bands_and_probes(setup: Setup) -> None:
    settings = resolve_count_settings(setup, assignments=["angles.n_sigma=2.5", "scan.subtract=false"])
    assert settings.period.bands.windows.n_sigma == 2.5
    assert settings.period.tags.windows.n_sigma == 2.5
    assert not settings.period.subtract


def test_every_setting_can_be_given_as_it_is_shown(setup: Setup) -> None:
    """What `counts.json` says, put into a file, gives the same settings."""
    document = CountSettings.of(setup).document()
    json.dumps(document)
    for table, entries in document.items():
        for key, value in entries.items():
            text = json.dumps(value).replace("Infinity", "inf")
            settings = resolve_count_settings(setup, assignments=[f"{table}.{key}={text}"])
            assert settings.document() == document


@pytest.mark.parametrize(
    ("assignment", "message"),
    [
        ("cuts.r_max_mm=nan", "no number"),
        ("cuts.r_max_mm=-1", "out of range"),
        ("cuts.r_max_mm=wide", "valid number"),
        ("cuts.r_max_mm=true", "truth value"),
        ("cuts.r_max_applies_to=none", "'first' or 'both'"),
        ("cuts.r_max=250", "unknown setting"),
        ("cut.r_max_mm=250", "unknown table"),
        ("cuts.r_max_mm", "TABLE.KEY=VALUE"),
        ("r_max_mm=250", "TABLE.KEY=VALUE"),
        ("side_bands.windows=3", "unknown setting"),
        ("selection.cuts=3", "unknown setting"),
        ("beam_lines.least_pairs=2.5", "valid integer"),
        ("tag_and_probe.energy_side_mev=[35.0]", "no|Field required|at least|shape|2"),
        ("flux.slope_source=guessed", "'fitted' or 'setup'"),
        ("scan.normalise=maybe", "valid boolean"),
        ("scan.n_pot_err_added=2", "0 to 1"),
        ("side_bands.sum_theta_inner=1", "outside the windows"),
        ("quality.most_deviations=nan", "no number"),
    ],
)
def test_wrong_settings_are_explained(setup: Setup, assignment: str, message: str) -> None:
    with pytest.raises(X17Error, match=message) as caught:
        resolve_count_settings(setup, assignments=[assignment])
    assert caught.value.exit_code == 2
    if isinstance(caught.value, InputError):
        assert f"--set {assignment}" in str(caught.value)


def test_wrong_files_are_explained(setup: Setup, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    with pytest.raises(UsageError, match=r"mine\.toml: cannot be read"):
        resolve_count_settings(setup, config=path)
    path.write_text("cuts = ")
    with pytest.raises(InputError, match=r"mine\.toml: 1 problem\n  not a TOML"):
        resolve_count_settings(setup, config=path)
    path.write_text("cuts = 3\n[nope]\n[scan]\nfoo = 1\nbar = 2\n")
    with pytest.raises(InputError, match=r"mine\.toml: 4 problems"):
        resolve_count_settings(setup, config=path)
    path.write_text('[cuts]\nr_max_mm = "a"\n')
    with pytest.raises(InputError, match=r"mine\.toml: 1 problem\n  cuts\.r_max_mm"):
        resolve_count_settings(setup, config=path)


def test_assignments_of_the_search_are_told_apart() -> None:
    mine, others = split_assignments(["cuts.r_max_mm=250", "limit.toys=0", "scan.normalise=false", "nope"])
    assert mine == ["cuts.r_max_mm=250", "scan.normalise=false"]
    assert others == ["limit.toys=0", "nope"]


PAGE = (Path(__file__).parents[2] / "docs/reference/settings.md").read_text("utf-8")
DOCUMENT = CountSettings.of(load_setup("padme-run3")).document()


@pytest.mark.parametrize("table", [item.name for item in fields(CountSettings)])
def test_the_reference_page_has_every_setting(table: str) -> None:
    section = PAGE.split(f"## `[{table}]`\n")[1].split("\n## ")[0]
    named = dict(re.findall(r"^\| `(\w+)` \|.*\| `?([^|`]*)`? \|$", section, re.MULTILINE))
    wanted = {key: shown(value) for key, value in DOCUMENT[table].items()}
    assert named == wanted


def shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(shown, value))}]"
    return f"{value:g}" if isinstance(value, float) else str(value)


def test_one_file_may_hold_the_tables_of_a_search_too(setup: Setup, tmp_path: Path) -> None:
    path = tmp_path / "both.toml"
    path.write_text("[cuts]\nr_max_mm = 250\n[limit]\ntoys = 700\n")
    assert resolve_count_settings(setup, config=path, others=SEARCH_TABLES).cuts.r_max_mm == 250.0
    assert resolve_settings(config=path, others=TABLES).limit.toys == 700
    with pytest.raises(InputError, match="limit: unknown table"):
        resolve_count_settings(setup, config=path)
    assert not set(TABLES) & set(SEARCH_TABLES)
