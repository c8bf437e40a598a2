"""How the limits of each method look, in every figure."""

from __future__ import annotations

from dataclasses import dataclass

from x17.report.style import BLACK, BLUE, GREY, ORANGE, PURPLE, SKY_BLUE, VERMILLION
from x17.statistics.limit_methods import LimitName


@dataclass(frozen=True, slots=True)
class MethodLook:
    """Colour, line and marker of a limit.

    Attributes
    ----------
    color, line, marker : str
        As matplotlib takes them.
    """

    color: str
    line: str
    marker: str


METHOD_STYLES = {
    LimitName.CLS: MethodLook(BLACK, "-", "o"),
    LimitName.CLSB: MethodLook(BLUE, "-", "s"),
    LimitName.PCL: MethodLook(SKY_BLUE, "--", "D"),
    LimitName.PCL_STANDARD: MethodLook(ORANGE, "--", "^"),
    LimitName.FC: MethodLook(VERMILLION, "-", "P"),
    LimitName.ROLKE: MethodLook(PURPLE, "-", "X"),
    LimitName.STAT: MethodLook(GREY, ":", "_"),
}
"""Look of each limit."""
