"""Every way in which a setup file can be wrong has its sentence, and all of them come at once."""

from pathlib import Path

import pytest

from x17.apparatus import load_setup
from x17.apparatus.loading import LARGEST_FILE
from x17.apparatus.setup_file import parse_setup
from x17.errors import InputError, UsageError

from .conftest import SMALL, Parse

TARGET = '[target]\nz_mm = -1000.0\nmaterial = "diamond"\ndensity_g_cm3 = 3.5\n'
FULL = "stretches = [[0, 0, 3], [1, 0, 0], [1, 3, 3], [2, 0, 3]]"
Change = tuple[str, str]


def of(stretches: str) -> Change:
    return (FULL, f"stretches = {stretches}")


def dead(cells: str) -> Change:
    return ("dead_cells = [[3, 1]]", f"dead_cells = {cells}")


BAD: dict[str, tuple[Change, str, str]] = {
    "unknown key": (
        ("energy_mev = 280.0\n\n", "energy_mev = 280.0\nenergy = 1\n\n"),
        "beam.energy",
        "allowed: energy_mev",
    ),
    "unknown table": (("[beam]", "[bean]\n[beam]"), "bean", "unknown key; allowed: name, source"),
    "missing key": (("z_mm = -1000.0", ""), "target.z_mm", "key missing; allowed: -100000 to 100000 mm"),
    "missing table": ((TARGET, ""), "target", "table missing"),
    "text for a number": (("z_mm = -1000.0", 'z_mm = "front"'), "target.z_mm", "(found 'front')"),
    "yes for a number": (("z_mm = -1000.0", "z_mm = true"), "target.z_mm", "(found 'True')"),
    "NaN": (("z_mm = -1000.0", "z_mm = nan"), "target.z_mm", "(found 'nan')"),
    "infinity": (("z_mm = -1000.0", "z_mm = -inf"), "target.z_mm", "(found '-inf')"),
    "fraction for a count": (("n_rows = 3", "n_rows = 3.5"), "calorimeter.n_rows", "(found '3.5')"),
    "negative size": (("bore_width_mm = 400.0", "bore_width_mm = -4.0"), "aperture.bore_width_mm", "above 0"),
    "energy below the mass": (
        ("energy_mev = 280.0\n\n", "energy_mev = 0.3\n\n"),
        "beam.energy_mev",
        "1 to 100000 MeV",
    ),
    "energy in GeV units of eV": (
        ("energy_mev = 280.0\n\n", "energy_mev = 2.8e8\n\n"),
        "beam.energy_mev",
        "1 to 100000 MeV",
    ),
    "row outside": (
        of("[[0, 0, 3], [1, 0, 0], [2, 0, 3], [3, 0, 3]]"),
        "calorimeter.stretches[3]",
        "rows 0 to 2, columns 0 to 3",
    ),
    "column outside": (
        of("[[0, 0, 4], [1, 0, 3], [2, 0, 3]]"),
        "calorimeter.stretches[0]",
        "(found '[0, 0, 4]')",
    ),
    "stretch backwards": (
        of("[[0, 3, 0], [1, 0, 3], [2, 0, 3]]"),
        "calorimeter.stretches[0]",
        "[row, first, last]",
    ),
    "overlap": (
        of("[[0, 0, 3], [1, 0, 3], [2, 0, 2], [2, 2, 3]]"),
        "calorimeter.stretches",
        "given twice (found 'column 2, row 2')",
    ),
    "missing row": (
        of("[[0, 0, 3], [2, 0, 3]]"),
        "calorimeter.stretches",
        "row without crystals (found 'row 1')",
    ),
    "no cells": (of("[]"), "calorimeter.stretches", "row 0"),
    "stretch of two": (of("[[0, 3]]"), "calorimeter.stretches[0]", "(found '[0, 3]')"),
    "dead twice": (
        dead("[[3, 1], [3, 1]]"),
        "calorimeter.dead_cells",
        "given twice (found 'column 3, row 1')",
    ),
    "dead in the hole": (
        dead("[[1, 1]]"),
        "calorimeter.dead_cells",
        "no such crystal (found 'column 1, row 1')",
    ),
    "dead outside": (dead("[[9, 9]]"), "calorimeter.dead_cells", "no such crystal (found 'column 9, row 9')"),
    "crystals overlap": (
        ("n_rows = 3", "n_rows = 3\npitch_mm = 20.0"),
        "calorimeter.pitch_mm",
        "at least crystal_side_mm",
    ),
    "target behind": (
        ("z_mm = -1000.0", "z_mm = 5000.0"),
        "aperture.bore_z_max_mm",
        "above target.z_mm = 5000",
    ),
    "calorimeter before the bore": (
        ("front_face_z_mm = 2000.0", "front_face_z_mm = 0.0"),
        "calorimeter.front_face_z_mm",
        "above aperture.bore_z_max_mm = 500",
    ),
    "bore backwards": (
        ("bore_z_min_mm = -500.0", "bore_z_min_mm = 501.0"),
        "aperture.bore_z_max_mm",
        "above bore_z_min_mm = 501",
    ),
    "thick target": (
        ("z_mm = -1000.0", "z_mm = -1000.0\nthickness_mm = 5.0"),
        "target.material",
        "at most 0.351 g/cm²",
    ),
    "unknown material": (
        ('material = "diamond"', 'material = "cheese"'),
        "target.material",
        "known: beryllium",
    ),
    "strips overlap": (
        ("z_mm = -1000.0", "z_mm = -1000.0\nstrip_width_mm = 2.0"),
        "target.strip_width_mm",
        "strip_pitch_mm = 1",
    ),
    "too many strips": (
        ("z_mm = -1000.0", "z_mm = -1000.0\nn_strips = 21"),
        "target.n_strips",
        "strips wider",
    ),
    "micro-bunch too long": (
        ("energy_mev = 280.0\n\n", "energy_mev = 280.0\nmicro_bunch_on_ns = 0.6\n\n"),
        "beam.micro_bunch_on_ns",
        "micro_bunch_period_ns = 0.5",
    ),
    "period twice": (("number = 2", "number = 1"), "run_plan.periods", "given twice (found 'number 1')"),
    "both energies": (
        ("beam_energy_mev = 280.0", "beam_energy_mev = 280.0, sqrt_s_mev = 17.0"),
        "run_plan.periods[1].beam_energy_mev",
        "one of the two",
    ),
    "no energy": (("beam_energy_mev = 280.0, ", ""), "run_plan.periods[1].sqrt_s_mev", "key missing"),
    "energy of a period": (
        ("beam_energy_mev = 280.0", "beam_energy_mev = 0.1"),
        "run_plan.periods[1].beam_energy_mev",
        "1 to 100000 MeV",
    ),
    "threshold": (("sqrt_s_mev = 17.0", "sqrt_s_mev = 1.0"), "run_plan.periods[0].sqrt_s_mev", "above 1.022"),
    "no positrons": (("n_pot = 2e10", "n_pot = 0.0"), "run_plan.periods[1].n_pot", "above 0"),
    "part no table": (('name = "bench"', 'name = "bench"\npixel = 3'), "pixel", "not a table (found '3')"),
    "unknown names no field": (
        ('name = "bench"', 'name = "bench"\nunknown = ["beam.colour"]'),
        "unknown",
        "no such field (found 'beam.colour')",
    ),
}

ADDED: dict[str, tuple[str, str, str]] = {
    "response not sorted": (
        "[beam_catcher]\nz_mm = 3000\nimpact_y_mm = [0, 2, 1]\nimpact_response = [1, 1, 1]",
        "beam_catcher.impact_y_mm",
        "not sorted (found '1')",
    ),
    "response too short": (
        "[beam_catcher]\nz_mm = 3000\nimpact_y_mm = [0, 1]\nimpact_response = [1]",
        "beam_catcher.impact_response",
        "differ in length",
    ),
    "response negative": (
        "[beam_catcher]\nz_mm = 3000\nimpact_y_mm = [0]\nimpact_response = [-1]",
        "beam_catcher.impact_response",
        "0 to 10",
    ),
    "catcher before the calorimeter": (
        "[beam_catcher]\nz_mm = 0",
        "beam_catcher.z_mm",
        "above calorimeter.front_face_z_mm",
    ),
    "split row": (
        "[charged_tagger]\nsplit_rows = [15]",
        "charged_tagger.split_rows",
        "no such row (found '15'); allowed: 0 to 14",
    ),
    "split row twice": ("[charged_tagger]\nsplit_rows = [1, 1]", "charged_tagger.split_rows", "twice"),
    "halves overlap": (
        "[charged_tagger]\nhalf_bar_length_mm = 331",
        "charged_tagger.half_bar_length_mm",
        "half of bar_length_mm = 330",
    ),
    "more sensors than there are": (
        "[charged_tagger]\nsensors_needed = 5",
        "charged_tagger.sensors_needed",
        "sensors_per_end = 4",
    ),
    "empty time window": (
        "[charged_tagger]\nmatch_time_max_ns = 1",
        "charged_tagger.match_time_max_ns",
        "window is empty",
    ),
    "chips overlap": (
        "[pixel]\nz_mm = 0\nchip_step_mm = 14",
        "pixel.chip_step_mm",
        "at least pixels_per_side · pixel_mm = 14.08",
    ),
    "empty field": ("[residual_field]\nz_min_mm = 600", "residual_field.z_max_mm", "range is empty"),
    "choice": ('[pair_cuts]\nr_max_applies_to = "second"', "pair_cuts.r_max_applies_to", "'first' or 'both'"),
    "wedge in degrees": (
        "[pair_cuts]\nazimuth_half_width_rad = 40.11",
        "pair_cuts.azimuth_half_width_rad",
        "at most 1.5708 rad",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_one_problem(name: str, parse: Parse) -> None:
    change, key, text = BAD[name]
    with pytest.raises(InputError) as error:
        parse(change)
    message = str(error.value)
    assert message.startswith("bench.toml: 1 problem\n") or name == "no cells", message
    assert error.value.problems[0].column == key
    assert text in message


@pytest.mark.parametrize("name", ADDED)
def test_one_problem_in_a_part_that_may_be_left_out(name: str, parse: Parse) -> None:
    text, key, part = ADDED[name]
    with pytest.raises(InputError) as error:
        parse(add=text)
    (problem,) = error.value.problems
    assert problem.column == key
    assert part in str(problem)


@pytest.mark.parametrize("periods", ["3", "[1, 2]", "{ number = 1 }"])
def test_periods_are_a_list_of_tables(periods: str) -> None:
    text = f"{SMALL.partition('periods =')[0]}periods = {periods}\n"
    with pytest.raises(InputError, match=r"run_plan\.periods: not a list of tables"):
        parse_setup("bench.toml", text.encode())


def test_all_at_once(parse: Parse) -> None:
    """Types, ranges, unknown keys and contradictions, each in another table, and two in one."""
    with pytest.raises(InputError) as error:
        parse(
            ("energy_mev = 280.0\n\n", 'energy_mev = 0.0\nenergy_spread = "wide"\ncolour = 1\n\n'),
            ("bore_z_min_mm = -500.0", "bore_z_min_mm = 501.0"),
            dead("[[1, 1]]"),
            ("n_pot = 2e10", "n_pot = -1"),
        )
    assert {problem.column for problem in error.value.problems} == {
        "beam.energy_mev",
        "beam.energy_spread",
        "beam.colour",
        "aperture.bore_z_max_mm",
        "calorimeter.dead_cells",
        "run_plan.periods[1].n_pot",
    }
    assert str(error.value).endswith("docs/reference/setup-files.md.")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"name = ", "not a TOML"),
        (b'name = "a"\nsource = "\xff"', "line 2: not UTF-8 text (found 'byte 0xff')"),
        (b"a = " + b"[" * 100_000, "nested too deeply"),
        (b"a = " + b"9" * 5000, "not a TOML"),
        (b"", "beam: table missing"),
    ],
    ids=["broken", "latin", "nested", "endless number", "empty"],
)
def test_no_setup(content: bytes, text: str) -> None:
    with pytest.raises(InputError) as error:
        parse_setup("bench.toml", content)
    assert text in str(error.value)


def test_no_such_setup(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"'nowhere' is neither .* shipped setups: padme-run2, padme-run3"):
        load_setup("nowhere")
    with pytest.raises(UsageError, match="neither"):
        load_setup(tmp_path)
    with pytest.raises(UsageError, match="neither"):
        load_setup("\0")


def test_file_too_large(tmp_path: Path) -> None:
    path = tmp_path / "large.toml"
    path.write_bytes(b"#" * (LARGEST_FILE + 1))
    with pytest.raises(InputError, match="larger than 2 MB"):
        load_setup(path)


def test_file_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    shipped = Path(load_setup.__code__.co_filename).parent / "setups/padme-run3.toml"
    path.write_bytes(b"\xef\xbb\xbf" + shipped.read_bytes())
    assert load_setup(path) == load_setup("padme-run3")


def test_whole_numbers_are_numbers(parse: Parse) -> None:
    target = parse(("z_mm = -1000.0", "z_mm = -1000")).target
    assert isinstance(target.z_mm, float)


def test_a_mistyped_setup_is_answered_with_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"did you mean padme-run4"):
        load_setup("padme-run44")
