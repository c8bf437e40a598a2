"""One visit: what the visitor chose, the fits that follow, and what is sent to the browser."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from nicegui import background_tasks, run
from nicegui.client import Client

from x17.errors import X17Error
from x17.explorer.address import Address, largest_coupling, to_query
from x17.explorer.drawing import Drawing, cursor_drawing, scan_drawing, toys_drawing
from x17.statistics.blocks import available_cores
from x17.workflows.explore import (
    Choices,
    Cursor,
    ExploredScan,
    Subject,
    Superseded,
    ToyCurve,
    at_cursor,
    explore,
    toy_curve,
)
from x17.workflows.explore.bounds import bounds_on

N_TOYS = 400
"""Toys of each hypothesis at each (M, g): limits to a percent or two, within seconds."""

PATIENCE = 0.8
"""Seconds without another choice before toys are made."""


class Session:
    """The state of one browser tab.

    Parameters
    ----------
    client : nicegui.Client
        The browser tab.
    subject : Subject
    fitted : ExploredScan
        With the choices of the subject.
    start : Address
        Where the page begins.
    address : Address
        What the visitor asked for.
    """

    def __init__(
        self, client: Client, subject: Subject, fitted: ExploredScan, start: Address, address: Address
    ) -> None:
        self.subject = subject
        self.address = address
        self.explored = fitted
        self.complaint = ""
        # What other tabs add to the address; they are built after the session.
        self.extra_query: Callable[[], str] = str
        self._client = client
        self._start = start
        self._toys: ToyCurve | None = subject.toys
        self._stop = threading.Event()
        self._ticket = 0
        if address.state.choices != fitted.choices:
            self._fit(address.state.choices)
        self._cursor = self._at_cursor()
        client.on_delete(self._leave)

    @property
    def choices(self) -> Choices:
        """What the fits shown were made with."""
        return self.address.state.choices

    @property
    def query(self) -> str:
        """The query of the address of this view."""
        return "&".join(part for part in (to_query(self.address, self._start), self.extra_query()) if part)

    def begin(self, charts: dict[str, int]) -> None:
        """Draw for the first time, or again after a broken connection.

        Parameters
        ----------
        charts : dict
            Name of a panel to the number of its element.
        """
        self._send_scan()
        self._client.run_javascript(f"x17.start({json.dumps(charts)})")
        self._follow_later()

    def choose(self, **changes: Any) -> None:
        """Take a choice, fit, and draw all that follows; what cannot be fitted changes nothing.

        Parameters
        ----------
        **changes
            Attributes of `Choices`.
        """
        self._fit(replace(self.choices, **changes))
        self._cursor = self._at_cursor()
        self._send_scan()
        self._follow_later()

    def move(self, *, mass: float | None = None, coupling: float | None = None) -> None:
        """Take a place of the cursor, and draw what follows.

        Parameters
        ----------
        mass : float, optional
            MeV.
        coupling : float, optional
        """
        state, masses = self.address.state, self.explored.q_map.masses
        if mass is not None:
            state = replace(state, mass_mev=min(max(mass, float(masses[0])), float(masses[-1])))
        if coupling is not None:
            state = replace(state, coupling=min(max(coupling, 0.0), largest_coupling(self.subject)))
        self.address = replace(self.address, state=state)
        self._cursor = self._at_cursor()
        self._send("cursor", cursor_drawing(self._cursor, self.explored), self.query)

    def show_bounds(self, wanted: bool) -> None:
        """Draw bounds of other experiments, or not.

        Parameters
        ----------
        wanted : bool
        """
        self.address = replace(self.address, bounds=wanted)
        self._send_scan()

    def follow(self, wanted: bool) -> None:
        """Let toys follow the choices, or not.

        Parameters
        ----------
        wanted : bool
        """
        self.address = replace(self.address, follow=wanted)
        self._send("toys", self._toys_drawing())
        self.announce()
        self._follow_later()

    def turn(self, tab: str) -> None:
        """Take another tab.

        Parameters
        ----------
        tab : str
        """
        self.address = replace(self.address, tab=tab)
        self.announce()

    def announce(self) -> None:
        """Put the view into the address."""
        self._send("address", self.query)

    def _fit(self, choices: Choices) -> None:
        try:
            self.explored = explore(self.subject.scan, self.subject.settings, choices)
            self.complaint = ""
        except X17Error as error:
            self.complaint = str(error)
        self.address = replace(self.address, state=replace(self.address.state, choices=self.explored.choices))

    def _at_cursor(self) -> Cursor:
        state = self.address.state
        return at_cursor(self.explored, state.mass_mev, state.coupling)

    def _send(self, function: str, *arguments: Any) -> None:
        if not self._client.is_deleted:
            text = ",".join(json.dumps(item, separators=(",", ":"), allow_nan=False) for item in arguments)
            self._client.run_javascript(f"x17.{function}({text})")

    def _send_scan(self) -> None:
        others = bounds_on(self.explored) if self.address.bounds else ()
        drawing, cursor = scan_drawing(self.explored, others), cursor_drawing(self._cursor, self.explored)
        self._send("scan", drawing, cursor, self._toys_drawing(), self.query)

    def _toys_drawing(self) -> Drawing:
        return toys_drawing(self._toys, self.explored, following=self.address.follow)

    def _leave(self) -> None:
        """The browser went away: nobody waits for the toys."""
        self._ticket += 1
        self._stop.set()

    def _follow_later(self) -> None:
        """Make toys for these choices once nothing has been chosen for a while."""
        self._stop.set()
        self._ticket += 1
        current = self._toys is not None and self._toys.choices == self.choices
        if self.address.follow and not current:
            background_tasks.create(self._follow(self._ticket))

    async def _follow(self, ticket: int) -> None:
        await asyncio.sleep(PATIENCE)
        if ticket != self._ticket:
            return
        self._stop = threading.Event()
        # A core is left for the fits of whoever moves a slider meanwhile.
        workers = max(1, available_cores() - 1)
        try:
            toys = await run.io_bound(toy_curve, self.explored, N_TOYS, self._stop, workers=workers)
        except Superseded:
            return
        if ticket == self._ticket:
            self._toys = toys
            self._send("toys", self._toys_drawing())
