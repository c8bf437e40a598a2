"""One visit without a browser: what is sent, and that nothing is left half done."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from x17.explorer import session as module
from x17.explorer.address import Address, beginning
from x17.explorer.session import Session
from x17.scan import EnergyScan
from x17.statistics.model_settings import KSource
from x17.theory.boson import SpinParity
from x17.workflows.explore import Choices, ExploredScan, Subject, explore
from x17.workflows.search_settings import resolve_settings


class Tab:
    """A browser tab that keeps what is sent to it."""

    def __init__(self) -> None:
        self.is_deleted = False
        self.sent: list[tuple[str, list[Any]]] = []
        self.leave: list[Callable[[], None]] = []

    def run_javascript(self, code: str) -> None:
        found = re.fullmatch(r"x17\.(\w+)\((.*)\)", code, re.S)
        assert found, code
        arguments = json.loads(f"[{found[2]}]", parse_constant=lambda name: pytest.fail(f"sent {name}"))
        self.sent.append((found[1], arguments))

    def on_delete(self, action: Callable[[], None]) -> None:
        self.leave.append(action)

    def taken(self) -> list[tuple[str, list[Any]]]:
        """What was sent since one last asked."""
        sent, self.sent = self.sent, []
        return sent


@pytest.fixture(scope="module")
def subject() -> Subject:
    options = {"search.masses": "16.5:17.1:0.1", "search.couplings": "1e-4:9e-4:6"}
    scan = EnergyScan.load("padme-run3")
    return Subject(scan, resolve_settings(options=options), Choices(), None, "padme-run3")


@pytest.fixture(scope="module")
def fitted(subject: Subject) -> ExploredScan:
    return explore(subject.scan, subject.settings, subject.choices)


Visit = tuple[Session, Tab]


def arrive(subject: Subject, fitted: ExploredScan, choices: Choices | None = None, **changes: Any) -> Visit:
    start = beginning(subject, fitted)
    state = start.state if choices is None else replace(start.state, choices=choices)
    address: Address = replace(start, state=state, **{"follow": False, **changes})
    tab = Tab()
    return Session(tab, subject, fitted, start, address), tab  # type: ignore[arg-type]


@pytest.fixture
def visit(subject: Subject, fitted: ExploredScan) -> Visit:
    return arrive(subject, fitted)


def test_a_visit_begins_with_everything(visit: Visit) -> None:
    session, tab = visit
    session.begin({"limit": 7})
    (scan, arguments), (start, charts) = tab.taken()
    assert (scan, start) == ("scan", "start")
    drawing, cursor, toys, query = arguments
    assert len(drawing["points"]) == 42
    assert drawing["others"]
    assert cursor["mass"] == pytest.approx(16.9, abs=0.02)
    assert toys["note"] == "toys: none"
    assert query == session.query
    assert charts == [{"limit": 7}]


def test_a_choice_is_fitted_and_drawn(visit: Visit) -> None:
    session, tab = visit
    session.choose(boson=SpinParity.AXIAL_VECTOR)
    session.choose(left_out=(5, 17))
    assert session.choices == Choices(boson=SpinParity.AXIAL_VECTOR, left_out=(5, 17))
    assert session.explored.choices == session.choices
    (_, _), (name, arguments) = tab.taken()
    assert name == "scan"
    assert sum(not point["fitted"] for point in arguments[0]["points"]) == 2
    assert "boson=A" in arguments[3]
    assert "out=5,17" in arguments[3]


def all_but(subject: Subject, n: int) -> tuple[int, ...]:
    return tuple(int(period) for period in subject.scan.search_points().period[n:])


def test_what_cannot_be_fitted_changes_nothing(subject: Subject, fitted: ExploredScan) -> None:
    session, tab = arrive(subject, fitted, bounds=False)
    session.choose(k_constraint=KSource.FREE)
    before = session.explored, session.address
    ((_, shown),) = tab.taken()
    session.choose(left_out=all_but(subject, 12))
    assert "12 points to search" in session.complaint
    assert (session.explored, session.address) == before
    ((name, again),) = tab.taken()
    assert name == "scan"
    # Times aside, the page is told what it shows already.
    assert again[0] == shown[0]
    assert again[3] == shown[3]
    # And goes on.
    session.choose(left_out=(5,))
    assert session.complaint == ""
    assert session.choices == Choices(k_constraint=KSource.FREE, left_out=(5,))


def test_an_address_that_cannot_be_fitted_begins_without_it(subject: Subject, fitted: ExploredScan) -> None:
    session, _ = arrive(subject, fitted, Choices(left_out=all_but(subject, 3)))
    assert session.explored is fitted
    assert session.choices == Choices()
    assert "points to search" in session.complaint


def test_an_address_with_choices_begins_with_them(subject: Subject, fitted: ExploredScan) -> None:
    session, _ = arrive(subject, fitted, Choices(removed=("ageing",)))
    assert session.explored.choices == session.choices == Choices(removed=("ageing",))


@pytest.mark.parametrize(
    ("move", "mass", "coupling"),
    [
        ({"mass": 16.7}, 16.7, None),
        ({"coupling": 3e-4}, None, 3e-4),
        ({"mass": 99.0, "coupling": 1.0}, 17.1, 9e-4),
        ({"mass": 0.0, "coupling": -1.0}, 16.5, 0.0),
    ],
)
def test_the_cursor_stays_on_the_map(
    visit: Visit, move: dict[str, float], mass: float | None, coupling: float | None
) -> None:
    session, tab = visit
    before = session.address.state
    session.move(**move)
    state = session.address.state
    assert state.mass_mev == (before.mass_mev if mass is None else mass)
    assert state.coupling == pytest.approx(before.coupling if coupling is None else coupling, rel=1e-12)
    ((name, (drawing, query)),) = tab.taken()
    assert name == "cursor"
    assert (drawing["mass"], drawing["g"]) == (state.mass_mev, state.coupling)
    assert query == session.query
    assert session.explored.choices == Choices()


def test_a_move_makes_no_new_fits_of_the_scan(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    session, _ = visit
    monkeypatch.setattr(module, "explore", lambda *_: pytest.fail("all was fitted again"))
    session.move(mass=16.7)
    session.show_bounds(False)
    session.follow(False)
    session.turn("events")
    assert "tab=events" in session.query


def test_bounds_can_be_taken_away(visit: Visit) -> None:
    session, tab = visit
    session.show_bounds(False)
    session.show_bounds(True)
    without, with_bounds = (arguments[0]["others"] for _, arguments in tab.taken())
    assert without == []
    assert with_bounds


def test_the_other_tab_has_its_part_of_the_address(visit: Visit) -> None:
    session, tab = visit
    session.extra_query = lambda: "kind=ee"
    session.announce()
    assert tab.taken() == [("address", [session.query])]
    assert session.query.endswith("&kind=ee")


def test_nothing_is_sent_to_a_tab_that_is_gone(visit: Visit) -> None:
    session, tab = visit
    tab.is_deleted = True
    session.choose(boson=SpinParity.SCALAR)
    session.move(mass=16.6)
    assert tab.sent == []


def test_toys_are_given_up_when_the_visitor_leaves_or_chooses(visit: Visit) -> None:
    session, tab = visit
    stop = session._stop
    session.choose(left_out=(5,))
    assert stop.is_set()
    session._stop.clear()
    (leave,) = tab.leave
    leave()
    assert session._stop.is_set()


def test_toys_are_made_only_for_choices_that_have_none(
    subject: Subject, fitted: ExploredScan, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def create(work: Any) -> None:
        work.close()
        asked.append(work)

    monkeypatch.setattr(module.background_tasks, "create", create)
    toys = module.ToyCurve(fitted.q_map.masses, fitted.limit, 400, fitted.choices)
    session, _ = arrive(replace(subject, toys=toys), fitted, follow=True)
    session.begin({})
    assert asked == []
    session.choose(left_out=(5,))
    assert len(asked) == 1
    session.choose(left_out=())
    assert len(asked) == 1
    session.follow(False)
    session.choose(left_out=(5,))
    assert len(asked) == 1


def test_two_visits_share_nothing(subject: Subject, fitted: ExploredScan) -> None:
    (one, _), (other, tab) = (arrive(subject, fitted) for _ in range(2))
    one.choose(boson=SpinParity.SCALAR)
    one.move(mass=16.6)
    assert other.choices == Choices()
    assert other.explored is fitted
    assert tab.sent == []
