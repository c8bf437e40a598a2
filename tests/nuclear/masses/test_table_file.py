"""Tables of measurements from files: everything wrong with one in a single message."""

from pathlib import Path

import pytest

from x17.errors import InputError, UsageError
from x17.nuclear.masses import load_measurements
from x17.nuclear.masses.measurement import MeasurementTable
from x17.nuclear.masses.table_file import parse_measurements

HEADER = "key,nucleus,target,beam_energies_kev,experiment,laboratory,mass_mev,mass_stat_mev,grade,source"
ROW = "a,8Be,7Li,1100,Mine,Here,16.9,0.1,A,me"


def parse(*lines: str) -> MeasurementTable:
    return parse_measurements("mine.csv", "\n".join(lines).encode())


def problems(*lines: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        parse(*lines)
    return [str(problem) for problem in caught.value.problems]


def test_a_sound_table_is_read() -> None:
    table = parse("# mine", HEADER, "", ROW, "b,4He,3H,510 610,Mine,Here,17,0.2,B,me")
    one, two = table.rows
    assert (one.key, one.mass_mev, one.mass_syst_mev, one.line) == ("a", 16.9, None, 4)
    assert two.beam_energies_kev == (510.0, 610.0)


def test_line_ends_byte_order_mark_and_spaces_do_not_matter() -> None:
    text = "\ufeff" + f"{HEADER}\r\n {ROW} \r\n"
    assert parse_measurements("mine.csv", text.encode()).rows[0].key == "a"


def test_all_problems_come_at_once_with_line_and_column() -> None:
    found = problems(
        HEADER,
        "a,8Be,6Li,1100,Mine,Here,16.9,0.1,A,me",
        'a,8Be,7Li,fast,Mine,Here,"16,9",0.1,D,me',
        "b,8Be,7Li,1100,Mine,Here,16.9,,A,me",
        "c,8Be,7Li,1100,Mine,Here,,0.1,A,",
        "d,8Be,7Li",
        "e,8Be,7Li,1100,Mine,Here,nan,0.1,A,me",
        "f,8Be,7Li,1100,Mine,Here,170,0.1,A,me",
        "g,8Be,7Li,1100,Mine,Here,,,A,me",
    )
    assert found == [
        "line 2, column target: not among the allowed ones (found '6Li'); allowed: 7Li, 3H, 11B, n3He",
        "line 3, column beam_energies_kev: not a number (found 'fast'); allowed: numbers separated by spaces "
        "from 0.001 to 100000",
        "line 3, column mass_mev: a decimal comma (found '16,9'); allowed: a number from 1.03 to 30, or an "
        "empty cell",
        "line 3, column grade: not among the allowed ones (found 'D'); allowed: A, B, C",
        "line 4, column mass_mev: given without mass_stat_mev, so that it has no weight in a fit "
        "(found '16.9')",
        "line 5, column source: empty cell (found ''); allowed: a text",
        "line 5, column mass_stat_mev: given without mass_mev (found '0.1')",
        "line 6: 3 cells where the header has 10 (found 'd,8Be,7Li'); allowed: 10 cells",
        "line 7, column mass_mev: not a finite number (found 'nan'); allowed: a number from 1.03 to 30, or "
        "an empty cell",
        "line 8, column mass_mev: out of range (found '170'); allowed: a number from 1.03 to 30, or an empty "
        "cell",
        "line 9: neither a mass nor an angle nor a rate",
    ]


def test_the_header_is_judged() -> None:
    found = problems(HEADER.replace("mass_mev", "mas_mev").replace(",grade", ""), ROW.replace(",A,", ","))
    assert found[0].startswith("line 1: unknown column; did you mean mass_mev? (found 'mas_mev')")
    assert "line 1, column grade: required column missing" in found
    assert any("given 2 times" in text for text in problems(f"{HEADER},key", f"{ROW},a"))


def test_rows_are_judged_against_each_other() -> None:
    found = problems(f"{HEADER},replaced_by", f"{ROW},b", f"{ROW},", f"-{ROW},")
    assert found == [
        "line 2, column replaced_by: no other row has this key (found 'b')",
        "line 3, column key: key given twice, first in line 2 (found 'a')",
        "line 4, column key: a key is a word without commas and without a minus in front (found '-a')",
    ]


@pytest.mark.parametrize("content", [b"", b"# nothing\n", HEADER.encode(), b"\xff\xfe"])
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match=r"mine.csv: 1 problem"):
        parse_measurements("mine.csv", content)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        load_measurements(str(tmp_path / "none.csv"))
