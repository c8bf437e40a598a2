"""Tables of the nuclear room: every row has a source, and an odd row is an error."""

import pytest

from x17.errors import InputError
from x17.nuclear.data_table import parse_rows, shipped_rows

SHIPPED = ["nuclei.csv", "reactions.csv", "levels.csv", "transitions.csv"]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_row_has_a_source(name: str) -> None:
    rows = shipped_rows(name)
    assert rows
    assert all(row["source"] for row in rows)


@pytest.mark.parametrize(
    ("nucleus", "energy"), [("4He", "20.21"), ("4He", "21.01")], ids=["0+ of 4He", "0- of 4He"]
)
def test_what_was_not_read_at_its_source_says_so(nucleus: str, energy: str) -> None:
    (row,) = [r for r in shipped_rows("levels.csv") if (r["nucleus"], r["energy_mev"]) == (nucleus, energy)]
    assert "[literature: verify before quoting]" in row["note"]


def test_bad_rows_are_found_all_at_once() -> None:
    with pytest.raises(InputError) as caught:
        parse_rows("x.csv", "# comment\na,source\n1\n2,\n3,paper\n")
    assert [problem.line for problem in caught.value.problems] == [3, 4]


def test_an_empty_table_is_an_error() -> None:
    with pytest.raises(InputError, match="no header"):
        parse_rows("x.csv", "# nothing\n")
