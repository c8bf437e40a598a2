"""The drawing of the face of the calorimeter, an element of a page."""

from __future__ import annotations

from typing import Any

from nicegui import ui


class Face(ui.element, component="static/face.js"):
    """Draws what it is told; emits `step` for keys and `shown` when it is first on the screen.

    Parameters
    ----------
    face, circles : dict
        As `x17.explorer.events_drawing` makes them.
    text : str
        What it shows, in words.
    """

    def __init__(self, face: dict[str, Any], circles: dict[str, Any], text: str) -> None:
        super().__init__()
        self.tell(face=face, circles=circles, event=None, older=False, text=text)

    def tell(self, **props: Any) -> None:
        """Change what is drawn.

        Parameters
        ----------
        **props
            Some of `face`, `circles`, `event`, `older` and `text`.
        """
        self.props.update(props)

    def keep(self, name: str) -> None:
        """Let the visitor keep what is drawn, as SVG.

        Parameters
        ----------
        name : str
            Of the file.
        """
        self.run_method("keep", name)
