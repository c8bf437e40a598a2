"""Controls that the page is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nicegui import ui


def card(title: str) -> ui.element:
    """A box with a heading, as context manager.

    Parameters
    ----------
    title : str

    Returns
    -------
    nicegui.ui.element
    """
    box = ui.element("section").classes("x17-card").props(f'aria-label="{title}"')
    with box, ui.element("h2"):
        ui.label(title)
    return box


def small_button(text: str, action: Callable[[], None]) -> ui.button:
    """A button of the size of the text.

    Parameters
    ----------
    text : str
    action : callable

    Returns
    -------
    nicegui.ui.button
    """
    return ui.button(text, on_click=lambda _: action()).props("outline dense no-caps padding='2px 10px'")


def download_link(name: str, address: str) -> None:
    """A link to a file of the view as it is when the link is followed: the query is that of the page.

    Parameters
    ----------
    name : str
        Of the file.
    address : str
    """
    link = ui.link(name, address).props(f'download="{name}"')
    for event in ("pointerdown", "focus", "click"):
        link.on(event, js_handler=f"(e) => {{ e.currentTarget.href = '{address}' + location.search; }}")


class NumberSlider:
    """A slider with the number beside it; either can be used.

    Parameters
    ----------
    label : str
    limits : (float, float)
    step : float
    value : float
    on_change : callable
        Called with the new value when the visitor changed it.
    """

    def __init__(
        self,
        label: str,
        limits: tuple[float, float],
        *,
        step: float,
        value: float,
        on_change: Callable[[float], None],
    ) -> None:
        self._label = label
        self._limits = limits
        self._on_change = on_change
        self._value = value
        low, high = limits
        with ui.element("div").classes("x17-label"):
            ui.label(label)
            self._number = ui.number(
                value=_short(value), min=low, max=high, step=step, on_change=self._typed
            ).props(
                f'dense borderless input-class="x17-number" aria-label="{label}, as a number" debounce=300'
            )
        self._slider = ui.slider(min=low, max=high, step=step, value=value, on_change=self._slid)
        self._slider.props(f'aria-label="{label}" dense')

    @property
    def value(self) -> float:
        """The number shown."""
        return self._value

    def show(self, value: float) -> None:
        """Show a number that was not chosen here.

        Parameters
        ----------
        value : float
        """
        self._value = value
        self._number.value = _short(value)
        self._slider.value = value

    def _slid(self, event: Any) -> None:
        # Setting the slider from here comes back as an event, too.
        if event.value is not None and _short(event.value) != _short(self._value):
            self._value = float(event.value)
            self._number.value = _short(self._value)
            self._on_change(self._value)

    def _typed(self, event: Any) -> None:
        if event.value is None or _short(event.value) == _short(self._value):
            return
        low, high = self._limits
        self._value = min(max(float(event.value), low), high)
        if self._value != event.value:
            self._number.value = _short(self._value)
            self._number.update()  # a field that is being typed in is not told of its value otherwise
            ui.notify(f"{self._label}: allowed are {low:g} to {high:g}", type="warning")
        self._slider.value = self._value
        self._on_change(self._value)


def _short(value: float) -> float:
    """As many digits as a number field shows."""
    return float(f"{value:.6g}")
