"""Every kind of bad CSV: one error, with line, column, value found and what is allowed."""

from collections.abc import Callable

import pytest

from x17.errors import InputError, Problem
from x17.scan.loading import build_scan

Columns = dict[str, list[str]]
Edit = Callable[[Columns], None]


def refused(content: bytes | str, toml: str | None = None) -> InputError:
    raw = content.encode() if isinstance(content, str) else content
    with pytest.raises(InputError) as caught:
        build_scan("my.csv", raw, "my.toml", None if toml is None else toml.encode())
    assert caught.value.source == "my.csv"
    assert caught.value.advice is not None
    return caught.value


def put(column: str, row: int, text: str) -> Edit:
    def edit(columns: Columns) -> None:
        columns.setdefault(column, ["0"] * 13)[row] = text

    return edit


CELLS = {
    "text": (put("n2", 2, "many"), ("not a number", "n2", "many")),
    "empty": (put("n2", 2, ""), ("empty cell", "n2", "")),
    "nan": (put("n2", 2, "NaN"), ("not a finite number", "n2", "NaN")),
    "inf": (put("n_pot", 2, "-inf"), ("not a finite number", "n_pot", "-inf")),
    "1e999": (put("n_pot", 2, "1e999"), ("too large", "n_pot", "1e999")),
    "1e31": (put("n_pot", 2, "1e31"), ("too large", "n_pot", "1e31")),
    "underscore": (put("n2", 2, "25_000"), ("not a number", "n2", "25_000")),
    "other digits": (put("n2", 2, "٢٥٠٠٠"), ("not a number", "n2", "٢٥٠٠٠")),
    "hexadecimal": (put("n2", 2, "0x61a8"), ("not a number", "n2", "0x61a8")),
    "decimal comma": (put("sqrt_s_mev", 2, '"16,60"'), ("a decimal comma", "sqrt_s_mev", "16,60")),
    "zero n2": (put("n2", 2, "0"), ("zero", "n2", "0")),
    "negative n2": (put("n2", 2, "-25000"), ("negative", "n2", "-25000")),
    "n2 below 1": (put("n2", 2, "0.5"), ("too small", "n2", "0.5")),
    "zero n_pot": (put("n_pot", 2, "0"), ("zero", "n_pot", "0")),
    "negative n_pot": (put("n_pot", 2, "-7e9"), ("negative", "n_pot", "-7e9")),
    "zero background": (put("background_per_pot", 2, "0.0"), ("zero", "background_per_pot", "0.0")),
    "negative background": (
        put("background_per_pot", 2, "-1e-6"),
        ("negative", "background_per_pot", "-1e-6"),
    ),
    "zero efficiency": (put("signal_efficiency", 2, "0"), ("zero", "signal_efficiency", "0")),
    "negative efficiency": (put("signal_efficiency", 2, "-.1"), ("negative", "signal_efficiency", "-.1")),
    "efficiency in percent": (put("signal_efficiency", 2, "8.5"), ("too large", "signal_efficiency", "8.5")),
    "energy in GeV": (put("sqrt_s_mev", 2, "0.0166"), ("below the rest energy", "sqrt_s_mev", "0.0166")),
    "energy 2 m_e": (put("sqrt_s_mev", 2, "1.022"), ("below the rest energy", "sqrt_s_mev", "1.022")),
    "energy in eV": (put("sqrt_s_mev", 2, "16.6e6"), ("too large", "sqrt_s_mev", "16.6e6")),
    "energy twice": (put("sqrt_s_mev", 2, "16.5"), ("first in line 2", "sqrt_s_mev", "16.5")),
    "energy twice, nearly": (
        put("sqrt_s_mev", 2, "16.5000000009"),
        ("first in line 2", "sqrt_s_mev", "16.5000000009"),
    ),
    "negative error": (put("n_pot_err_raw", 2, "-1"), ("negative", "n_pot_err_raw", "-1")),
    "error above 100 %": (put("n_pot_err_raw", 2, "8e9"), ("larger than 100 %", "n_pot_err_raw", "8e9")),
    "fractional period": (put("scan_part", 2, "0.5"), ("not a whole number", "scan_part", "0.5")),
    "huge period": (put("scan_part", 2, "1e12"), ("out of range", "scan_part", "1e12")),
    "wrong units": (
        put("background_per_pot", 2, "3.6e4"),
        ("are the units right", "background_per_pot", "3.6e4"),
    ),
}


@pytest.mark.parametrize(("edit", "expected"), CELLS.values(), ids=CELLS)
def test_bad_cell(
    columns: Columns, to_text: Callable[[Columns], str], edit: Edit, expected: tuple[str, str, str]
) -> None:
    edit(columns)
    error = refused(to_text(columns))
    assert len(error.problems) == 1, str(error)
    (problem,) = error.problems
    assert expected[0] in problem.what
    assert (problem.line, problem.column, problem.value) == (4, *expected[1:])
    assert problem.allowed
    assert "my.csv" in str(error)
    assert "line 4" in str(error)


def test_n2_err_of_zero(columns: Columns, to_text: Callable[[Columns], str]) -> None:
    columns["n2_err"] = ["158.1"] * 12 + ["0"]
    (problem,) = refused(to_text(columns)).problems
    assert (problem.what, problem.line, problem.column) == ("zero", 14, "n2_err")


def test_period_twice(columns: Columns, to_text: Callable[[Columns], str]) -> None:
    columns["period"] = [*map(str, range(12)), "3"]
    (problem,) = refused(to_text(columns)).problems
    assert problem.what == "period given twice, first in line 5"
    assert (problem.line, problem.column) == (14, "period")


def test_all_problems_at_once(columns: Columns, to_text: Callable[[Columns], str]) -> None:
    columns["n2"][0] = "x"
    columns["n_pot"][3] = "-1"
    columns["signal_efficiency"][5] = ""
    columns["sqrt_s_mev"][7] = columns["sqrt_s_mev"][6]
    text = to_text(columns) + "1,2\n"
    found = [(p.line, p.column) for p in refused(text).problems]
    assert found == [
        (2, "n2"),
        (5, "n_pot"),
        (7, "signal_efficiency"),
        (9, "sqrt_s_mev"),
        (15, None),
    ]


def test_a_bad_header_does_not_hide_bad_cells(columns: Columns, to_text: Callable[[Columns], str]) -> None:
    columns["nPoT"] = columns.pop("n_pot")
    columns["n2"][4] = "-3"
    columns["signal_efficiency"][6] = "?"
    found = [(p.what, p.line, p.column or p.value) for p in refused(to_text(columns)).problems]
    assert found == [
        ("unknown column; did you mean n_pot?", 1, "nPoT"),
        ("required column missing", 1, "n_pot"),
        ("negative", 6, "n2"),
        ("not a number", 8, "signal_efficiency"),
    ]


def test_lines_are_those_of_the_file(columns: Columns, to_text: Callable[[Columns], str]) -> None:
    columns["n2"][1] = "x"
    lines = to_text(columns).splitlines()
    text = "\r\n".join(
        ["# a comment", "", *lines[:2], "  # another, \x0b with odd characters", "", *lines[2:]]
    )
    (problem,) = refused(text).problems
    assert problem.line == 7


def test_a_long_field_is_cut(columns: Columns, to_text: Callable[[Columns], str]) -> None:
    columns["n2"][1] = "x" * 100_000
    columns["n_pot"][1] = "1" * 1000
    error = refused(to_text(columns))
    assert [p.what for p in error.problems] == ["not a number", "not a number"]
    assert len(str(error)) < 1000


def test_a_field_too_long_for_a_csv(columns: Columns, to_text: Callable[[Columns], str]) -> None:
    columns["n2"][1] = "x" * 200_000
    error = refused(to_text(columns))
    assert "field larger than field limit" in error.problems[0].what
    assert len(str(error)) < 1000


def test_open_quote(columns: Columns, to_text: Callable[[Columns], str]) -> None:
    columns["n2"][1] = '"25010'
    (problem,) = refused(to_text(columns)).problems
    assert problem.line == 3
    assert "not a row of a CSV" in problem.what


@pytest.mark.parametrize(
    ("change", "cells"),
    [(",1", "6 cells where the header has 5; is there a comma"), ("", "4 cells where the header has 5")],
    ids=["too many", "too few"],
)
def test_wrong_number_of_cells(
    columns: Columns, to_text: Callable[[Columns], str], change: str, cells: str
) -> None:
    lines = to_text(columns).splitlines()
    lines[3] = lines[3] + change if change else lines[3].rsplit(",", 1)[0]
    (problem,) = refused("\n".join(lines)).problems
    assert problem.what.startswith(cells)
    assert problem.line == 4
    assert problem.allowed == "5 cells"


@pytest.mark.parametrize(
    ("separator", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars"), (" ", "spaces")]
)
def test_wrong_separator(
    columns: Columns, to_text: Callable[[Columns], str], separator: str, name: str
) -> None:
    (problem,) = refused(to_text(columns).replace(",", separator)).problems
    assert problem == Problem(f"columns are separated by {name}", 1, None, problem.value, "commas")


def test_semicolons_with_decimal_commas(columns: Columns, to_text: Callable[[Columns], str]) -> None:
    (problem,) = refused(to_text(columns).replace(",", ";").replace(".", ",")).problems
    assert "semicolons" in problem.what
    assert "decimal commas" in problem.what


def test_decimal_commas_between_commas(columns: Columns, to_text: Callable[[Columns], str]) -> None:
    error = refused(to_text(columns).replace(".", ","))
    assert len(error.problems) == 13
    assert "cells where the header has 5" in error.problems[0].what


def test_header_missing(columns: Columns, to_text: Callable[[Columns], str]) -> None:
    (problem,) = refused(to_text(columns).split("\n", 1)[1]).problems
    assert "the header is missing" in problem.what
    assert problem.line == 1


def test_header_as_comment(columns: Columns, to_text: Callable[[Columns], str]) -> None:
    (problem,) = refused("# " + to_text(columns)).problems
    assert "the header is missing" in problem.what
    assert problem.line == 2


def test_unknown_column(columns: Columns, to_text: Callable[[Columns], str]) -> None:
    columns["sqrt_s"] = columns["n2"]
    columns["colour"] = columns["n2"]
    first, second = refused(to_text(columns)).problems
    assert (first.what, first.value) == ("unknown column; did you mean sqrt_s_mev?", "sqrt_s")
    assert "background_per_pot, background_err_raw" in (first.allowed or "")
    assert (second.what, second.value, second.allowed) == ("unknown column", "colour", None)


def test_repeated_column(columns: Columns, to_text: Callable[[Columns], str]) -> None:
    columns["x"] = columns["n2"]
    (problem,) = refused(to_text(columns).replace(",x\n", ",n2\n")).problems
    assert (problem.what, problem.line, problem.column) == ("column given 2 times", 1, "n2")


@pytest.mark.parametrize("name", ["sqrt_s_mev", "n2", "n_pot", "background_per_pot", "signal_efficiency"])
def test_required_column_missing(columns: Columns, to_text: Callable[[Columns], str], name: str) -> None:
    del columns[name]
    (problem,) = refused(to_text(columns)).problems
    assert (problem.what, problem.line, problem.column) == ("required column missing", 1, name)


def test_error_without_its_value(columns: Columns, to_text: Callable[[Columns], str]) -> None:
    columns["ageing_err"] = ["0.001"] * 13
    (problem,) = refused(to_text(columns)).problems
    assert (problem.what, problem.column) == ("given without the column ageing", "ageing_err")


def test_empty_cells_are_for_validation_columns_only(
    columns: Columns, to_text: Callable[[Columns], str]
) -> None:
    columns["rmax_shift"] = ["0.001"] * 12 + [""]
    columns["tag_and_probe"] = ["", *["1.01"] * 12]
    build_scan("my.csv", to_text(columns).encode())
    columns["ageing"] = ["1.0"] * 12 + [""]
    (problem,) = refused(to_text(columns)).problems
    assert (problem.what, problem.column) == ("empty cell", "ageing")


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "\ufeff", "   \n\t\n"])
def test_empty_file(text: str) -> None:
    (problem,) = refused(text).problems
    assert "empty" in problem.what


def test_only_a_header(columns: Columns) -> None:
    (problem,) = refused(",".join(columns)).problems
    assert (problem.what, problem.line) == ("no rows below the header", 1)


def test_not_utf8(columns: Columns, to_text: Callable[[Columns], str]) -> None:
    raw = to_text(columns).encode()
    (problem,) = refused(raw + b"# 0.3 \xb1 0.1\n").problems
    assert (problem.what, problem.line, problem.value) == ("not UTF-8 text", 15, "byte 0xb1")


def test_utf16(columns: Columns, to_text: Callable[[Columns], str]) -> None:
    (problem,) = refused(to_text(columns).encode("utf-16")).problems
    assert problem.what == "not UTF-8 text"


def test_nul_bytes(columns: Columns, to_text: Callable[[Columns], str]) -> None:
    (problem,) = refused(to_text(columns) + "\0").problems
    assert "NUL" in problem.what
    assert problem.line == 15


def test_too_few_points(columns: Columns, to_text: Callable[[Columns], str]) -> None:
    text = to_text({name: cells[:12] for name, cells in columns.items()})
    (problem,) = refused(text).problems
    assert "12 points to search" in problem.what
    assert "13 are needed" in problem.what
    assert (
        build_scan("my.csv", text.encode(), "my.toml", b"[model]\nwindow_size = 9\n").constants.window_size
        == 9
    )


def test_points_left_out_do_not_count(columns: Columns, to_text: Callable[[Columns], str]) -> None:
    columns["scan_part"] = ["0"] * 12 + ["-1"]
    (problem,) = refused(to_text(columns)).problems
    assert "12 points to search" in problem.what


def test_lost_rows_are_not_missing_points(columns: Columns, to_text: Callable[[Columns], str]) -> None:
    text = to_text(columns).rstrip().rsplit(",", 1)[0]
    assert len(refused(text).problems) == 1


def test_energies_may_repeat_outside_the_search(columns: Columns, to_text: Callable[[Columns], str]) -> None:
    wider = {name: [*cells, cells[0]] for name, cells in columns.items()}
    wider["scan_part"] = ["0"] * 13 + ["-1"]
    assert len(build_scan("my.csv", to_text(wider).encode()).search_points()) == 13


def test_a_ratio_without_errors(columns: Columns, to_text: Callable[[Columns], str]) -> None:
    error = refused(to_text(columns), "[model]\nbackground_err_added = 0\n")
    assert len(error.problems) == 13
    assert "has no error" in error.problems[0].what
    columns["signal_efficiency_err"] = ["0.0004"] * 13
    build_scan("my.csv", to_text(columns).encode(), "my.toml", b"[model]\nbackground_err_added = 0\n")


def test_scan_part_that_the_toml_does_not_describe(
    columns: Columns, to_text: Callable[[Columns], str]
) -> None:
    columns["scan_part"] = ["0"] * 12 + ["2"]
    toml = '[[scan_parts]]\nvalue = 0\nused = true\nreason = "all"\n[model]\nwindow_size = 5\n'
    (problem,) = refused(to_text(columns), toml).problems
    assert (problem.line, problem.column, problem.value) == (14, "scan_part", "2")
    assert "one of 0" in (problem.allowed or "")


def test_many_problems_stay_readable(columns: Columns, to_text: Callable[[Columns], str]) -> None:
    columns["n2"] = ["?"] * 13
    columns["n_pot"] = ["?"] * 13
    error = refused(to_text(columns))
    assert len(error.problems) == 26
    assert "… and 14 more" in str(error)
