"""The tab "Events": simulated events on the face of the calorimeter, and what the selection says of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from nicegui import background_tasks, run, ui
from nicegui.events import GenericEventArguments

from x17.apparatus import Setup, load_setup, setups
from x17.errors import UsageError, X17Error
from x17.explorer.controls import NumberSlider, card, small_button
from x17.explorer.events_choices import EventsChoices
from x17.explorer.events_drawing import (
    Rows,
    beam_rows,
    circles_drawing,
    event_drawing,
    event_rows,
    face_drawing,
    face_text,
    sample_rows,
)
from x17.explorer.events_files import clusters_csv, cuts_csv
from x17.explorer.face import Face
from x17.workflows.explore_events import (
    EVENTS_MADE,
    Circles,
    CutInWords,
    EventsState,
    ExploredEvent,
    ExploredEvents,
    energy_of,
    energy_range_mev,
    explore_events,
)

PATIENCE = 0.15
"""Seconds without another move before events are simulated again."""

STEPS = ("first", "previous", "next", "last", "previous_selected", "next_selected")

_LEGEND = (
    ("pass", "○", "pair that is selected"),
    ("fail", "○", "pair that is not"),
    ("", "◌", "not in time with it"),
    ("true", "◇", "simulated particle"),
    ("wedge", "╌", "wedge of azimuth"),
    ("", "×", "dead crystal"),
    ("shade", "▒", "shadow of the magnet's bore"),
)


class EventsTab:
    """One visitor's view of simulated events, built inside the current container.

    Parameters
    ----------
    state : EventsState
        What the address asked for.
    on_change : callable
        Told every new state, for the address.
    local : bool
        Whether only this machine reaches the page: only then files of setups can be named.
    """

    def __init__(
        self, state: EventsState, on_change: Callable[[EventsState], None], *, local: bool = True
    ) -> None:
        self._local = local
        self.state = state
        self._on_change = on_change
        self._explored: ExploredEvents | None = None
        self._turn = 0
        self._quiet = False
        problems = list(state.problems)
        try:
            self._setup = self._load(state.setup)
        except X17Error as error:
            problems.append(str(error))
            self.state = replace(state, setup=EventsState().setup)
            self._setup = load_setup(self.state.setup)
        self._build()
        self._ignored.text = "\n".join(problems)
        self._ignored.set_visibility(bool(problems))
        self._complain("")

    # -- what a move leads to --------------------------------------------------------------------------

    @property
    def _circles(self) -> Circles:
        return Circles.of(self._setup, energy_of(self.state, self._setup))

    def _choose(self, **changes: Any) -> None:
        """Take a choice; other events are made if it asks for others."""
        if self._quiet:
            return
        before = self.state
        self.state = replace(before, problems=(), **changes)
        if self.state == before:
            return
        self._on_change(self.state)
        if self.state.made_of != before.made_of:
            self._make_later()
        else:
            self._show_event()

    def _move_energy(self, energy: float) -> None:
        """Move the circles at once; events follow when the slider rests."""
        own = abs(energy - self._setup.beam.energy_mev) < 1e-9
        self._choose(energy=None if own else round(energy, 6))
        self._show_circles()

    def _load(self, name: str) -> Setup:
        """A setup; other machines may not make this one read its files."""
        if not self._local and name not in setups.names():
            shipped = ", ".join(setups.names())
            raise UsageError(
                f"{name[:60]!r}: a file can be named only on the machine itself; shipped: {shipped}"
            )
        return load_setup(name)

    def _take_setup(self, name: str) -> bool:
        """Take another setup, at its own energy; False leaves all as it is, with the reason."""
        try:
            self._setup = self._load(name)
        except X17Error as error:
            self._complain(str(error))
            return False
        self._explored = None
        self._face.tell(face=face_drawing(self._setup), event=None)
        self._choose(setup=name, energy=None)
        self._build_beam()
        self._show_circles()
        return True

    def _make_later(self) -> None:
        """Simulate once nothing has been moved for a moment."""
        self._turn += 1
        self._show_age()
        background_tasks.create(self._make(self._turn), name="x17 events")

    async def _make(self, turn: int) -> None:
        await asyncio.sleep(PATIENCE if self._explored is not None else 0.0)
        if turn != self._turn:
            return
        state = self.state
        try:
            found = await run.io_bound(explore_events, state)
        except X17Error as error:
            if turn == self._turn and not self._page.is_deleted:
                self._explored = None
                self._complain(str(error))
                self._show_all()
            return
        # None: the server is being stopped.
        if found is None or turn != self._turn or self._page.is_deleted:
            return
        self._explored = found
        self._complain("")
        if found.events and self._place > len(found.events):
            self.state = replace(self.state, event=len(found.events))
            self._on_change(self.state)
        self._show_all()

    def _step(self, step: str) -> None:
        """Go to another event; there is nothing beyond the first and the last."""
        if self._explored is None or step not in STEPS:
            return
        total, here = len(self._explored.events), self._place
        selected = [int(number) for number in self._explored.selected]
        place = {
            "first": 1,
            "previous": here - 1,
            "next": here + 1,
            "last": total,
            "previous_selected": max((n for n in selected if n < here), default=here),
            "next_selected": min((n for n in selected if n > here), default=here),
        }[step]
        self._choose(event=max(1, min(place, total)))

    def _typed_event(self, value: float | None) -> None:
        total = 0 if self._explored is None else len(self._explored.events)
        if self._quiet or value is None or not total:
            return
        place = int(min(max(value, 1), total))
        self._choose(event=place)
        if place != value:
            self._number.value = place
            # A field that is being typed in is not told of its value otherwise.
            self._number.update()

    # -- showing ---------------------------------------------------------------------------------------

    @property
    def _place(self) -> int:
        """The event shown, from 1: the one that was chosen, or one that is worth a look."""
        if self.state.event is not None:
            return self.state.event
        return 1 if self._explored is None else self._explored.begin

    @property
    def _event(self) -> ExploredEvent | None:
        found = self._explored
        if found is None or not found.events:
            return None
        return found.events[min(self._place, len(found.events)) - 1]

    def _show_all(self) -> None:
        self._show_circles()
        self._show_event()
        self._show_age()
        self._rows(self._sample, [] if self._explored is None else sample_rows(self._explored))

    def _show_circles(self) -> None:
        circles = self._circles
        self._face.tell(circles=circles_drawing(circles), text=self._text(circles))
        self._rows(self._beam_table, beam_rows(circles))

    def _text(self, circles: Circles) -> str:
        return face_text(circles, self._event, 0 if self._explored is None else len(self._explored.events))

    def _show_event(self) -> None:
        event, circles = self._event, self._circles
        drawing = None if event is None else event_drawing(event, truth=self.state.truth)
        self._face.tell(event=drawing, text=self._text(circles))
        self._quiet, self._number.value = True, self._place
        self._quiet = False
        total = EVENTS_MADE if self._explored is None else len(self._explored.events)
        self._of.text = f"of {total}"
        self._show_verdict(event)
        rows: Rows = []
        if event is not None and self._explored is not None:
            rows = event_rows(event, self._explored.setup, self._explored.circles.beam_energy_mev)
        self._rows(self._numbers, rows)
        self._show_cuts(() if event is None or event.pair is None else event.pair.cuts)

    def _show_verdict(self, event: ExploredEvent | None) -> None:
        if event is None:
            none = self._explored is not None
            text = "No event of this kind comes near the selection." if none else "Simulating…"
            self._verdict.text = "" if self._complaint.text else text
        else:
            self._verdict.text = event.verdict
        good = event is not None and event.pair is not None and event.pair.selected
        look = "selected" if good else "failed" if event is not None else ""
        self._verdict.classes(add=look, remove="selected failed")

    def _show_age(self) -> None:
        """Say of events of other choices that they are older, until the new ones are there."""
        found = self._explored
        older = found is not None and found.state != self.state.made_of
        self._face.tell(older=older)
        text = ""
        if older and found is not None:
            energy = found.circles.beam_energy_mev
            text = f"OLDER: these events are of {energy:.1f} MeV and other choices; new ones are being made"
        self._age.text = text
        self._age.classes(**({"add": "now"} if older else {"remove": "now"}))

    def _show_cuts(self, cuts: tuple[CutInWords, ...]) -> None:
        self._cuts.clear()
        with self._cuts:
            for cut in cuts:
                with ui.element("tr").classes("passes" if cut.passed else "fails"):
                    _cell("th", cut.name, 'scope="row"')
                    with _cell("td", cut.found):
                        _cell("small", cut.wanted)
                    _cell("td", "passes" if cut.passed else "fails").classes("mark")

    def _rows(self, table: ui.element, rows: Rows) -> None:
        table.clear()
        with table:
            for name, value in rows:
                with ui.element("tr"):
                    _cell("th", name, 'scope="row"')
                    _cell("td", value)

    def _complain(self, text: str) -> None:
        self._complaint.text = text
        self._complaint.set_visibility(bool(text))

    # -- building --------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._page = ui.element("div").classes("ev-page")
        with self._page:
            self._beam = card("Beam").classes("ev-beam")
            self._build_beam()
            with ui.element("section").classes("ev-stage").props('aria-label="Event"'):
                self._build_stage()
            with ui.element("section").classes("ev-found").props('aria-label="What is found"'):
                with card("This event"):
                    self._numbers = _table()
                with card("Cuts on its pair"):
                    self._cuts = _table().classes("ev-cuts")
                with card("All of these events"):
                    self._sample = _table()
            with ui.element("section").classes("ev-choices").props('aria-label="Choices"'):
                EventsChoices(self.state, self._choose, self._take_setup)

    def _build_beam(self) -> None:
        low, high = energy_range_mev(self._setup)
        energy = energy_of(self.state, self._setup)
        self._beam.clear()
        with self._beam:
            with ui.element("h2"):
                ui.label("Beam").style("display: inline")
            self._energy = NumberSlider(
                "Beam energy [MeV]",
                (min(low, energy), max(high, energy)),
                step=0.1,
                value=energy,
                on_change=self._move_energy,
            )
            small_button(f"The setup's own, {self._setup.beam.energy_mev:g} MeV", self._own_energy)
            self._beam_table = _table()
            self._rows(self._beam_table, beam_rows(self._circles))

    def _own_energy(self) -> None:
        self._energy.show(self._setup.beam.energy_mev)
        self._move_energy(self._setup.beam.energy_mev)

    def _build_stage(self) -> None:
        circles = self._circles
        self._ignored, self._complaint = (
            ui.label().classes("x17-error").props('role="alert"') for _ in range(2)
        )
        self._face = Face(face_drawing(self._setup), circles_drawing(circles), face_text(circles, None, 0))
        self._face.on("step", self._step_of)
        # Nothing is simulated for those who never open the tab.
        self._face.on("shown", self._start)
        with ui.element("div").classes("ev-legend").props('aria-hidden="true"'):
            for look, sign, words in _LEGEND:
                with ui.element("span"):
                    _cell("b", sign).classes(look)
                    ui.label(f" {words}").style("display: inline; white-space: pre")
        with ui.element("div").classes("ev-steps").props('role="toolbar" aria-label="Steps"'):
            self._button("first_page", "First event", "first")
            self._button("chevron_left", "Previous event", "previous")
            self._number = ui.number(
                value=self._place,
                min=1,
                max=EVENTS_MADE,
                step=1,
                on_change=lambda event: self._typed_event(event.value),
            ).props('dense borderless debounce=200 input-class="text-right" aria-label="Number of the event"')
            self._of = ui.label(f"of {EVENTS_MADE}").classes("ev-of")
            self._button("chevron_right", "Next event", "next")
            self._button("last_page", "Last event", "last")
            with ui.element("span").classes("ev-chosen"):
                ui.label("selected only:").classes("ev-of")
                self._button("keyboard_double_arrow_left", "Previous selected event", "previous_selected")
                self._button("keyboard_double_arrow_right", "Next selected event", "next_selected")
        self._verdict = ui.label("Simulating…").classes("ev-verdict").props('role="status"')
        self._age = ui.label().classes("ev-older").props('role="status"')
        with ui.element("div").classes("x17-buttons"):
            small_button("Keep the picture", lambda: self._face.keep(f"event-{self._place}.svg"))
            small_button("clusters.csv", lambda: self._keep("clusters.csv", clusters_csv))
            small_button("cuts.csv", lambda: self._keep("cuts.csv", cuts_csv))

    def _keep(self, name: str, table: Callable[[ExploredEvents], str]) -> None:
        if self._explored is not None:
            ui.download.content(table(self._explored), name, "text/csv")

    def _button(self, icon: str, name: str, step: str) -> None:
        button = ui.button(icon=icon, on_click=lambda: self._step(step))
        with button.props(f'flat round dense aria-label="{name}"'):
            # Above the button: the verdict is below it.
            ui.tooltip(name).props('anchor="top middle" self="bottom middle"')

    def _step_of(self, event: GenericEventArguments) -> None:
        self._step(str(event.args))

    def _start(self) -> None:
        if self._explored is None:
            self._make_later()


def _table() -> ui.element:
    with ui.element("table").classes("ev-table"):
        return ui.element("tbody")


def _cell(tag: str, text: str, props: str = "") -> ui.element:
    """An element with a text, which is escaped."""
    with ui.element(tag).props(props) as element:
        ui.label(text).style("display: inline")
    return element
