"""Options that several commands share, worded once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Scan = Annotated[str, typer.Argument(metavar="SCAN", help="A shipped scan, or a CSV or TOML file.")]
Json = Annotated[
    bool, typer.Option("--json", help="Print one JSON document to standard output, nothing else.")
]
Bank = Annotated[
    Path | None,
    typer.Option("--bank", metavar="DIR", help="Where toys are kept [results/toybank/<scan>]."),
]
Masses = Annotated[
    str | None,
    typer.Option(metavar="LO:HI:STEP", help="Masses in MeV, both ends included [those of the scan]."),
]
Ensemble = Annotated[
    str | None,
    typer.Option(metavar="published|recentred|unconditional", help="How toys are made [published]."),
]
KConstraint = Annotated[
    str | None,
    typer.Option(metavar="published|from-sideband|free", help="Constraint on K(s) [the scan's own]."),
]
Cl = Annotated[float | None, typer.Option(help="Confidence level of the limits [0.90].")]
Seed = Annotated[int | None, typer.Option(help="Seed of all random numbers [1].")]
Workers = Annotated[
    int | None, typer.Option(min=1, max=1024, help="Threads [all cores]; results do not depend on it.")
]
Scheduler = Annotated[
    str | None, typer.Option(metavar="tcp://HOST:PORT", help="Dask scheduler that makes the toys.")
]
Config = Annotated[Path | None, typer.Option(metavar="FILE.toml", help="Settings, as for `x17 search`.")]
Assignments = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="TABLE.KEY=VALUE", help="One setting, e.g. model.k_constraint=free."),
]
Force = Annotated[bool, typer.Option("--force", help="Replace other results in DIR.")]
