"""The shipped table, and which of its rows make a fit."""

import re

import pytest

from x17.errors import UsageError
from x17.nuclear.masses import external_masses, load_measurements
from x17.nuclear.masses.measurement import Grade


def keys(which: str = "default") -> list[str]:
    return [row.key for row in load_measurements().select(which)]


def test_grades_a_and_b_are_on_c_and_what_is_replaced_are_off() -> None:
    assert keys() == [
        "be-2018",
        "be-sas-450",
        "be-sas-650",
        "be-sas-800",
        "be-sas-1100",
        "be-gdr",
        "he-2021",
        "c-2022",
        "be-hanoi",
    ]
    assert {row.grade for row in load_measurements().select("per-energy")} == {Grade.A, Grade.C}


def test_every_row_has_a_source_and_every_doubtful_one_a_note() -> None:
    for row in load_measurements().rows:
        assert row.source
        assert row.note or row.grade is Grade.A, row.key
    assert all(one.source and one.note for one in external_masses())


def test_selections_are_named_keys_and_exceptions() -> None:
    assert keys("three-nuclei") == ["be-2016", "he-2021", "c-2022"]
    assert "be-hanoi" not in keys("default,-be-hanoi")
    assert keys("c-2022, be-2018") == ["be-2018", "c-2022"]


@pytest.mark.parametrize(
    ("which", "message"),
    [
        (
            "nobody",
            "'nobody' is neither a selection nor a row of x17-measurements; selections: default, per-",
        ),
        ("default,he-510", "he-510 and he-2021 stand for the same data"),
        ("be-meg-18.1", "be-meg-18.1 is a limit on a rate and has no mass"),
        ("be-2018,-be-2018", "no row is left"),
        ("", "neither a selection nor a row"),
    ],
)
def test_impossible_selections_are_refused(which: str, message: str) -> None:
    with pytest.raises(UsageError, match=re.escape(message)):
        load_measurements().select(which)


def test_a_mass_that_contains_padme_says_so() -> None:
    contains = {one.key: one.contains for one in external_masses()}
    assert contains["arxiv-2504-joint"] == ("nuclear", "PADME")
    assert contains["denton-gehrlein"] == ("nuclear",)
