"""Links under "Keep": the file of the view in the address, or in words why there is none."""

from typing import Any

import pytest

from x17.explorer.keep import keep
from x17.explorer.shelf import Shelf
from x17.scan import EnergyScan
from x17.theory.boson import SpinParity
from x17.workflows.explore import Choices, ExploredScan, Subject, explore
from x17.workflows.explore.kept_files import TABLES, kept_file
from x17.workflows.search_settings import resolve_settings

HEADER = "sqrt_s_mev,n2,n_pot,background_per_pot,signal_efficiency\n"
ROWS = "".join(f"{16.4 + 0.05 * i:.2f},{25000 + 31 * i % 7},7e9,3.6e-6,0.09\n" for i in range(16))


@pytest.fixture(scope="module")
def subject() -> Subject:
    options = {"search.masses": "16.5:17.1:0.2", "search.couplings": "1e-4:9e-4:6"}
    scan = EnergyScan.load("padme-run3")
    return Subject(scan, resolve_settings(options=options), Choices(), None, "padme-run3")


@pytest.fixture(scope="module")
def fitted(subject: Subject) -> ExploredScan:
    return explore(subject.scan, subject.settings, subject.choices)


def asked(subject: Subject, fitted: ExploredScan, name: str, shelf: Shelf | None = None, **query: str) -> Any:
    return keep(shelf or Shelf(), subject, fitted, name, query)


def assert_refused(answer: Any, *reasons: str) -> None:
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "content-disposition" not in answer.headers
    text = answer.body.decode()
    assert text.endswith("\n")
    for reason in reasons:
        assert reason in text


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *((name, "text/csv; charset=utf-8") for name in TABLES[:3]),
        ("summary.json", "application/json"),
        ("pulls.png", "image/png"),
    ],
)
def test_a_file_comes_with_its_kind_and_name(
    subject: Subject, fitted: ExploredScan, name: str, kind: str
) -> None:
    answer = asked(subject, fitted, name)
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == kind.partition(";")[0]
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert int(answer.headers["content-length"]) == len(answer.body) > 100
    if name in TABLES:
        assert answer.body == kept_file(subject, Choices(), name)


def test_it_is_the_file_of_the_address(subject: Subject, fitted: ExploredScan) -> None:
    answer = asked(
        subject, fitted, "limits.csv", boson="A", spread="0.004", without="ageing", out="5,17", mass="16.8"
    )
    choices = Choices(boson=SpinParity.AXIAL_VECTOR, beam_spread=0.004, removed=("ageing",), left_out=(5, 17))
    assert answer.body == kept_file(subject, choices, "limits.csv")
    assert answer.body != asked(subject, fitted, "limits.csv").body


def test_a_scan_that_was_dropped_is_found_by_its_name(subject: Subject, fitted: ExploredScan) -> None:
    shelf = Shelf()
    name = shelf.put([("mine.csv", (HEADER + ROWS).encode())])
    answer = asked(subject, fitted, "scan.csv", shelf, scan=name, out="3")
    _, *rows = answer.body.decode().splitlines()
    assert [int(row.split(",")[0]) for row in rows] == [period for period in range(16) if period != 3]
    assert float(rows[3].split(",")[1]) == 16.6
    assert_refused(
        asked(subject, fitted, "scan.csv", shelf, scan="0" * 12), "not kept any more: drop its file again"
    )


@pytest.mark.parametrize(
    "name", ["", "secret.csv", "..", "../../etc/passwd", "limit.pdf", "a\r\nb: c.csv", "\0"]
)
def test_there_is_no_other_file(subject: Subject, fitted: ExploredScan, name: str) -> None:
    assert_refused(asked(subject, fitted, name), "no file", "there are limits.csv")


def test_a_file_of_another_view_than_was_asked_for_is_not_given(
    subject: Subject, fitted: ExploredScan
) -> None:
    """A page can say that it ignored something, a file cannot."""
    answer = asked(subject, fitted, "limits.csv", boson="X", out="999", mass="nan")
    assert_refused(
        answer,
        "boson=X in the address was ignored; allowed: V, A, S, P",
        "out=999 in the address was ignored",
        "mass=nan in the address was ignored; allowed: 16.5 to 17.1",
    )


def test_choices_that_cannot_be_fitted_are_explained(subject: Subject, fitted: ExploredScan) -> None:
    periods = ",".join(str(period) for period in subject.scan.search_points().period[12:])
    assert_refused(asked(subject, fitted, "scan.csv", out=periods), "12 points to search")


def test_keys_of_the_other_tab_do_not_matter(subject: Subject, fitted: ExploredScan) -> None:
    assert asked(subject, fitted, "scan.csv", e_kind="ee", tab="events", toys="0").status_code == 200
