"""How data and simulation look in all figures of the calibration."""

from __future__ import annotations

from typing import Any

from x17.report.style import BLACK, VERMILLION

DATA: dict[str, Any] = {
    "fmt": "o",
    "color": BLACK,
    "markersize": 3.0,
    "elinewidth": 0.9,
    "label": "Data",
}
SIMULATED: dict[str, Any] = {
    "fmt": "s",
    "color": VERMILLION,
    "markersize": 2.6,
    "elinewidth": 0.9,
    "alpha": 0.75,
    "label": "Simulation",
}
