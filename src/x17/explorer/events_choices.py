"""Which events the tab "Events" shows: kind, boson, pile-up, seed and setup."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nicegui import ui

from x17.apparatus import setups
from x17.explorer.controls import card, small_button
from x17.theory.boson import SpinParity
from x17.workflows.explore_events import KINDS, LARGEST_SEED, MASSES_MEV, EventsState

_LOOK = "dense outlined options-dense"
_FIELD = "dense outlined debounce=300"
_COUPLINGS = (1e-3, 9999.0)
"""In units of 1e-4."""


class EventsChoices:
    """The controls, built inside the current container.

    Parameters
    ----------
    state : EventsState
        What they begin with.
    choose : callable
        Told attributes of `EventsState` that the visitor changed.
    take_setup : callable
        Told the name of another setup; False if it cannot be used.
    """

    def __init__(
        self, state: EventsState, choose: Callable[..., None], take_setup: Callable[[str], bool]
    ) -> None:
        self._choose = choose
        self._take_setup = take_setup
        self._used = state.setup
        with card("Events"):
            self._build_kind(state)
            self._switch("Pile-up of the bunch", "pile_up", state.pile_up)
            self._switch("Only near the selection", "near", state.near)
            self._switch("Show what was simulated", "truth", state.truth)
            self._seed = (
                ui.number("Seed", value=state.seed, min=0, step=1, on_change=self._typed_seed)
                .props(_FIELD)
                .classes("x17-full")
            )
            small_button("Other events", self._next_seed)
        with card("Setup"):
            self._build_setup(state)

    def _build_kind(self, state: EventsState) -> None:
        ui.select(
            {str(kind): name for kind, name in KINDS.items()},
            value=state.kind,
            label="Kind",
            on_change=lambda event: self._take_kind(str(event.value)),
        ).props(_LOOK).classes("x17-full")
        self._boson = ui.element("div").classes("ev-boson")
        self._boson.set_visibility(state.kind == "X")
        with self._boson:
            self._number("Mass [MeV]", "mass", state.mass, MASSES_MEV, step=0.1, unsaid="√s of the beam")
            self._number("g_ve [1e-4]", "coupling", state.coupling, _COUPLINGS, step=0.5, unit=1e-4)
            ui.select(
                {one.value: f"{one.value}  {one.name.lower().replace('_', ' ')}" for one in SpinParity},
                value=state.letter,
                label="Spin and parity",
                on_change=lambda event: self._choose(letter=str(event.value)),
            ).props(_LOOK).style("grid-column: 1 / -1")

    def _build_setup(self, state: EventsState) -> None:
        shipped = list(setups.names())
        self._setup = (
            ui.select(
                shipped if state.setup in shipped else [*shipped, state.setup],
                value=state.setup,
                label="Shipped setup, or a file",
                new_value_mode="add-unique",
                on_change=self._chosen_setup,
            )
            .props(_LOOK)
            .classes("x17-full")
        )
        ui.label("For a setup of your own type the path of its TOML and press Enter.").classes("x17-note")

    def _switch(self, label: str, name: str, on: bool) -> None:
        ui.switch(label, value=on, on_change=lambda event: self._choose(**{name: bool(event.value)})).props(
            "dense"
        )

    def _number(
        self,
        label: str,
        name: str,
        value: float | None,
        limits: tuple[float, float],
        *,
        step: float,
        unit: float = 1.0,
        unsaid: str = "",
    ) -> None:
        """A number; where `unsaid` says what an empty field means, it may be empty."""
        low, high = limits

        def typed(event: Any) -> None:
            if event.value is None and unsaid:
                self._choose(**{name: None})
            elif event.value is not None and low <= event.value <= high:
                self._choose(**{name: float(f"{event.value * unit:.9g}")})

        shown = None if value is None else float(f"{value / unit:.9g}")
        field = ui.number(label, value=shown, min=low, max=high, step=step, on_change=typed).props(_FIELD)
        if unsaid:
            field.props(f'placeholder="{unsaid}" stack-label')

    def _take_kind(self, kind: str) -> None:
        self._boson.set_visibility(kind == "X")
        self._choose(kind=kind)

    def _typed_seed(self, event: Any) -> None:
        value = event.value
        if value is not None and 0 <= value <= LARGEST_SEED and value == int(value):
            self._choose(seed=int(value))

    def _next_seed(self) -> None:
        self._seed.value = (int(self._seed.value or 0) + 1) % (LARGEST_SEED + 1)

    def _chosen_setup(self, event: Any) -> None:
        name = event.value
        if not name or name == self._used:
            return
        if self._take_setup(str(name)):
            self._used = str(name)
        else:
            self._setup.value = self._used
