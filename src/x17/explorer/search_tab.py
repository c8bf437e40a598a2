"""The tab "Search": the controls, and the places where the figures are drawn."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from nicegui import ui
from nicegui.events import GenericEventArguments, MultiUploadEventArguments

from x17.explorer.address import k_sources, largest_coupling, removable, usual_spread
from x17.explorer.controls import NumberSlider, card, download_link, small_button
from x17.explorer.session import Session
from x17.scan.loading import LARGEST_FILE
from x17.statistics.model_settings import KSource
from x17.theory.boson import SpinParity
from x17.workflows.explore.kept_files import EVERYTHING, FIGURES, FORMATS, TABLES
from x17.workflows.explore.state import SPREADS

_K_NAMES = {
    KSource.PUBLISHED: "published constraint",
    KSource.FROM_SIDEBAND: "from the side band",
    KSource.FREE: "free",
}
_BOSONS = {
    SpinParity.VECTOR: "V  vector",
    SpinParity.AXIAL_VECTOR: "A  axial vector",
    SpinParity.SCALAR: "S  scalar",
    SpinParity.PSEUDOSCALAR: "P  pseudoscalar",
}
_PANELS = {
    "observable": "Observable g_R and pulls",
    "map": "Q(M, g)",
    "limit": "Limit on the coupling",
    "p": "Local p-value",
}

_MAP_NOTE = (
    "Q = χ² with the boson − χ² without. Orange: the data prefer it; violet: they do not. "
    "Green: 68 % (full) and 95 % (dashed) of mass and coupling together."
)

Upload = Callable[[Sequence[tuple[str, bytes]]], None]


class SearchTab:
    """Controls and figures of one visit, built inside the current container.

    Parameters
    ----------
    session : Session
    upload : callable
        Takes files that were dropped.
    """

    def __init__(self, session: Session, upload: Upload) -> None:
        self._session = session
        self._upload = upload
        self._showing = False
        self._charts: dict[str, int] = {}
        with ui.element("div").classes("x17-search"):
            self._build_cursor()
            with ui.element("section").classes("x17-panels").props('aria-label="Figures"'):
                self._build_panels()
            with ui.element("section").classes("x17-controls").props('aria-label="Choices"'):
                self._build_assumptions()
                self._build_corrections()
                self._build_points()
                self._build_shown()
                self._build_files()
        ui.on("x17-point", self._toggle_point)
        ui.on("x17-cursor", lambda event: self._place(float(event.args["mass"]), float(event.args["g"])))
        self._show_choices()

    def begin(self) -> None:
        """Draw, now that a browser is there."""
        self._session.begin(self._charts)

    # -- building --------------------------------------------------------------------------------------

    def _build_cursor(self) -> None:
        session = self._session
        masses, state = session.explored.q_map.masses, session.address.state
        low, high, top = float(masses[0]), float(masses[-1]), largest_coupling(session.subject)
        with card("A boson").classes("x17-cursor"):
            self._mass = NumberSlider(
                "Mass [MeV]",
                (low, high),
                step=10.0 ** round(math.log10(0.005 * (high - low))) if high > low else 0.01,
                value=state.mass_mev,
                on_change=lambda value: session.move(mass=value),
            )
            self._coupling = NumberSlider(
                "Coupling g_ve [1e-4]",
                (0.0, 1e4 * top),
                step=10.0 ** round(math.log10(0.005 * 1e4 * top)),
                value=1e4 * state.coupling,
                on_change=lambda value: session.move(coupling=1e-4 * value),
            )
            with ui.element("div").classes("x17-buttons"):
                small_button("Best fit", self._to_best)
                small_button("No boson", lambda: self._place(session.address.state.mass_mev, 0.0))

    def _build_panels(self) -> None:
        for name, title in _PANELS.items():
            wide = name == "observable"
            with card(title).classes("x17-wide" if wide else ""):
                self._charts[name] = ui.echart({}).classes(f"x17-chart{' tall' if wide else ''}").id
                if wide:
                    ui.label("Grey: the window that the side band leaves out.").classes("x17-note")
                if name == "map":
                    with ui.element("div").classes("x17-scale").props('id="x17-scale" aria-hidden="true"'):
                        for _ in range(3):
                            ui.element("span")
                    ui.label(_MAP_NOTE).classes("x17-note")
                if name == "limit":
                    ui.label("Grey: excluded by other experiments, on the side of the arrow.").classes(
                        "x17-note"
                    )
                    ui.element("div").classes("x17-note").props('id="x17-toys" role="status"')
        with card("What the data say"):
            ui.element("table").props('id="x17-numbers"')

    def _build_assumptions(self) -> None:
        spread = usual_spread(self._session.subject)
        with card("Assume"):
            self._boson = _choice(
                "Spin and parity",
                {kind.value: name for kind, name in _BOSONS.items()},
                lambda value: self._choose(boson=SpinParity(value)),
            )
            self._k = _choice(
                "K(s)",
                self._k_names(),
                lambda value: self._choose(k_constraint=KSource(value)),
            )
            self._spread = NumberSlider(
                "Beam energy spread [%]",
                (100.0 * SPREADS[0], 100.0 * SPREADS[1]),
                step=0.01,
                value=100.0 * self._spread_now(),
                on_change=lambda value: self._choose(beam_spread=self._as_spread(value)),
            )
            ui.label(f"The search has {100.0 * spread:g} %.").classes("x17-note")

    def _build_corrections(self) -> None:
        names = removable(self._session.subject)
        self._corrections: dict[str, ui.switch] = {}
        if names:
            with card("Corrections"):
                for name in names:
                    switch = ui.switch(name.replace("_", " "), on_change=self._switch_corrections)
                    self._corrections[name] = switch.props("dense")

    def _build_points(self) -> None:
        shown = self._session.explored.shown
        self._points: dict[int, ui.checkbox] = {}
        with card("Points"):
            self._left_out = ui.label().classes("x17-note")
            folded = ui.expansion("All points, by period").props("dense")
            with folded.classes("x17-full"), ui.element("div").classes("x17-points"):
                for period, sqrt_s in zip(shown.period, shown.sqrt_s_mev, strict=True):
                    box = ui.checkbox(f"{period}: {sqrt_s:.2f} MeV", on_change=self._switch_points)
                    self._points[int(period)] = box.props("dense size=xs")
            small_button("Fit all points", lambda: self._choose(left_out=()))

    def _build_shown(self) -> None:
        session = self._session
        with card("Show"):
            ui.switch(
                "Other experiments",
                value=session.address.bounds,
                on_change=lambda event: session.show_bounds(bool(event.value)),
            ).props("dense")
            ui.switch(
                "Toys follow the choices",
                value=session.address.follow,
                on_change=lambda event: session.follow(bool(event.value)),
            ).props("dense")

    def _build_files(self) -> None:
        with card("Your scan"):
            self._files = ui.upload(
                multiple=True,
                auto_upload=True,
                max_file_size=LARGEST_FILE,
                max_files=2,
                label="Drop a CSV here (and its TOML)",
                on_multi_upload=self._take,
                on_rejected=self._rejected,
            ).props('accept=".csv,.toml,.txt" flat bordered')
            ui.label("It stays on this machine: read and validated, never executed.").classes("x17-note")
        with card("Keep"), ui.element("div").classes("x17-downloads"):
            for name in (*TABLES, *(f"{stem}.{FORMATS[1]}" for stem in FIGURES), EVERYTHING):
                download_link(name, f"/keep/{name}")

    # -- what controls do ------------------------------------------------------------------------------

    @contextmanager
    def _setting(self) -> Iterator[None]:
        """Set controls without their taking it for a choice of the visitor."""
        self._showing = True
        try:
            yield
        finally:
            self._showing = False

    def _choose(self, **changes: Any) -> None:
        if not self._showing:
            self._session.choose(**changes)
            self._show_choices()

    def _place(self, mass: float, coupling: float) -> None:
        self._session.move(mass=mass, coupling=coupling)
        state = self._session.address.state
        self._mass.show(state.mass_mev)
        self._coupling.show(1e4 * state.coupling)

    def _to_best(self) -> None:
        best = self._session.explored.best
        self._place(best.mass_mev, best.g_ve)

    def _show_choices(self) -> None:
        """Make the controls say what is chosen."""
        choices = self._session.choices
        with self._setting():
            self._k.set_options(self._k_names())
            self._boson.value = choices.boson.value
            self._k.value = choices.k_constraint.value
            for name, switch in self._corrections.items():
                switch.value = name not in choices.removed
            for period, box in self._points.items():
                box.value = period not in choices.left_out
        self._spread.show(100.0 * self._spread_now())
        out = ", ".join(f"period {period}" for period in choices.left_out)
        self._left_out.text = (
            f"Left out: {out}. Click it again to fit it."
            if out
            else "All are fitted; click one in the figure to leave it out."
        )
        if self._session.complaint:
            ui.notify(
                self._session.complaint, type="negative", multi_line=True, close_button=True, timeout=8000
            )

    def _k_names(self) -> dict[str, str]:
        """The treatments of K; the default says which one it comes to."""
        session = self._session
        names = {
            source.value: _K_NAMES[source] for source in k_sources(session.subject) if source in _K_NAMES
        }
        default = session.explored.settings.model.k_constraint
        known = session.choices.k_constraint is KSource.AUTO
        return {KSource.AUTO.value: f"default: {_K_NAMES[default]}" if known else "default"} | names

    def _spread_now(self) -> float:
        spread = self._session.choices.beam_spread
        return usual_spread(self._session.subject) if spread is None else spread

    def _as_spread(self, percent: float) -> float | None:
        usual = usual_spread(self._session.subject)
        return None if abs(0.01 * percent - usual) < 1e-9 else round(0.01 * percent, 8)

    def _switch_corrections(self) -> None:
        self._choose(removed=tuple(name for name, switch in self._corrections.items() if not switch.value))

    def _switch_points(self) -> None:
        self._choose(left_out=tuple(sorted(period for period, box in self._points.items() if not box.value)))

    def _toggle_point(self, event: GenericEventArguments) -> None:
        period = int(event.args["period"])
        if period in self._points:
            self._choose(left_out=tuple(sorted({*self._session.choices.left_out} ^ {period})))

    async def _take(self, event: MultiUploadEventArguments) -> None:
        files = [(file.name, await file.read()) for file in event.files]
        self._files.reset()
        self._upload(files)

    def _rejected(self) -> None:
        ui.notify(
            f"Refused: a CSV or TOML of at most {LARGEST_FILE // 1_000_000} MB, two files at most.",
            type="negative",
            close_button=True,
        )


def _choice(label: str, names: dict[str, str], chosen: Callable[[str], None]) -> ui.select:
    select = ui.select(names, label=label, on_change=lambda event: chosen(str(event.value)))
    return select.props("dense outlined options-dense").classes("x17-full")
