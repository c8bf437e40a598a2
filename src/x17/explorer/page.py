"""The page: a header, two tabs, and what was wrong with what a visitor gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from nicegui import ui

from x17.errors import X17Error
from x17.explorer.address import Address, beginning, from_query
from x17.explorer.events_tab import EventsTab
from x17.explorer.search_tab import SearchTab
from x17.explorer.session import Session
from x17.explorer.shelf import Shelf
from x17.workflows.explore import ExploredScan, Subject
from x17.workflows.explore_events import EventsState

HEAD = (
    '<link rel="stylesheet" href="/x17-static/explorer.css">'
    '<link rel="stylesheet" href="/x17-static/events.css">'
    '<script src="/x17-static/panels.js"></script>'
)


class Page:
    """One visit: built once for each browser tab, with a state of its own.

    Parameters
    ----------
    shelf : Shelf
        Scans that were dropped.
    subject : Subject
        What the server was started with.
    fitted : ExploredScan
        With the choices of the subject.
    query : mapping of str to str
        Of the address that was opened.
    local : bool
        Whether only this machine reaches the page.
    """

    def __init__(
        self,
        shelf: Shelf,
        subject: Subject,
        fitted: ExploredScan,
        query: Mapping[str, str],
        *,
        local: bool,
    ) -> None:
        self._shelf = shelf
        self._local = local
        self._query = query
        complaints: list[str] = []
        name = query.get("scan", "")
        found = shelf.get(name) if name else None
        if name and found is None:
            complaints.append("The scan of this address is not kept any more: drop its file again.")
        if found is not None:
            subject, fitted = found
        start = beginning(subject, fitted, name if found is not None else "")
        address, ignored = from_query(query, subject, start)
        ui.add_head_html(HEAD)
        self._build(subject, fitted, start, address, [*complaints, *ignored])

    def _build(
        self,
        subject: Subject,
        fitted: ExploredScan,
        start: Address,
        address: Address,
        complaints: Sequence[str],
    ) -> None:
        session = Session(ui.context.client, subject, fitted, start, address)
        ui.dark_mode(None)
        ui.page_title(f"x17: {subject.scan.name}")
        with ui.element("header").classes("x17-header"):
            ui.label("x17 explore").classes("x17-title").props('role="heading" aria-level="1"')
            ui.label(subject.scan.name).classes("x17-subject")
            with ui.tabs().props("dense no-caps inline-label") as tabs:
                ui.tab("search", "Search")
                ui.tab("events", "Events")
            tabs.set_value(address.tab)
            if start.scan:
                ui.link("back to the first scan", "/")
            shade = ui.button(icon="contrast").props('flat round dense aria-label="Dark or light"')
            # In the browser, which alone knows what "as the system has it" is now.
            shade.on("click", js_handler="() => Quasar.Dark.toggle()")
        self._errors = ui.element("div").classes("x17-errors")
        for complaint in complaints:
            self._show_error(complaint)
        self._show_notes(subject)
        with ui.tab_panels(tabs, value=address.tab, animated=False, keep_alive=True):
            with ui.tab_panel("search"):
                search = SearchTab(session, self._take)
            with ui.tab_panel("events"):
                events = EventsTab(
                    EventsState.from_query(self._query), lambda _: session.announce(), local=self._local
                )
        session.extra_query = lambda: urlencode(events.state.to_query())
        tabs.on_value_change(lambda event: session.turn(str(event.value)))
        ui.context.client.on_connect(search.begin)

    def _show_notes(self, subject: Subject) -> None:
        if subject.scan.notes:
            with self._errors:
                ui.label(" ".join(subject.scan.notes)).classes("x17-note")

    def _show_error(self, text: str) -> None:
        with self._errors:
            ui.label(text).classes("x17-error").props('role="alert"')

    def _take(self, files: Sequence[tuple[str, bytes]]) -> None:
        """Validate files that were dropped: a new page for a good scan, what is wrong for another."""
        try:
            name = self._shelf.put(files)
        except X17Error as error:
            self._errors.clear()
            self._show_error(str(error))
            # The file was dropped further down, on a phone far below.
            ui.run_javascript(
                "setTimeout(() => document.querySelector('.x17-errors [role=alert]')"
                ".scrollIntoView({ block: 'center' }), 100)"
            )
            return
        ui.navigate.to(f"/?scan={name}")
