"""What the figures of nuclear measurements share: one colour and marker for a nucleus."""

from __future__ import annotations

from x17.report.style import BLUE, GREEN, GREY, ORANGE, PURPLE, VERMILLION, printable

NUCLEUS_COLORS = {"8Be": BLUE, "4He": VERMILLION, "12C": GREEN}
NUCLEUS_MARKERS = {"8Be": "o", "4He": "s", "12C": "D"}
_OTHERS = (ORANGE, PURPLE, GREY)


def color_of(nucleus: str) -> str:
    """Colour of a nucleus.

    Parameters
    ----------
    nucleus : str

    Returns
    -------
    str
        The same at every call; unknown nuclei share a few.
    """
    return NUCLEUS_COLORS.get(nucleus, _OTHERS[sum(nucleus.encode()) % len(_OTHERS)])


def marker_of(nucleus: str) -> str:
    """Marker of a nucleus.

    Parameters
    ----------
    nucleus : str

    Returns
    -------
    str
    """
    return NUCLEUS_MARKERS.get(nucleus, "^")


def plain_text(text: str) -> str:
    """A user's text for a figure: short, and with dollar signs as they are.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
    """
    return printable(text).replace("$", r"\$")


def nucleus_text(nucleus: str) -> str:
    """A nucleus with its mass number raised, as matplotlib writes it.

    Parameters
    ----------
    nucleus : str
        Such as 8Be.

    Returns
    -------
    str
    """
    number = nucleus[: len(nucleus) - len(nucleus.lstrip("0123456789"))]
    symbol = plain_text(nucleus[len(number) :])
    return rf"$^{{{number}}}${symbol}" if number else symbol
