"""What the shell offers after the Tab key: the values of arguments and options, as their help names them.

`V|A|S|P` names its values itself; SCAN, SETUP and the like stand for what ships with the package and for what
lies in the folder. Where nothing is offered, the shell goes on with names of files. Nothing heavy is loaded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import x17

Names = Callable[[], Iterable[str]]
Values = Callable[[str], Iterable[str]]
"""Values that could stand where the user has begun to type."""

_PLACEHOLDER = re.compile(r"[A-Z]{2,}[A-Z.:\[\]]*")


def offer_values(command: Any) -> None:
    """Let a command, and all below it, offer values for its arguments and options.

    Parameters
    ----------
    command : click.Command
    """
    for below in getattr(command, "commands", {}).values():
        offer_values(below)
    for parameter in command.params:
        names = _names_of(parameter, command.name)
        if names is not None:
            parameter._custom_shell_complete = _completer(names)


def _completer(names: Values) -> Callable[[Any, Any, str], list[str]]:
    def complete(context: Any, parameter: Any, incomplete: str) -> list[str]:
        del context, parameter
        with suppress(OSError):  # a folder that cannot be read has nothing to offer
            return sorted({name for name in names(incomplete) if name.startswith(incomplete)})
        return []

    return complete


def _names_of(parameter: Any, command: str) -> Values | None:
    """What a parameter can be, as a function of what is typed; None if nothing is known."""
    metavar, text = parameter.metavar or "", getattr(parameter, "help", None) or ""
    option = parameter.opts[0]
    if option == "--set" and command == "count":
        return None  # settings of the counting stand beside compiled code, which takes a second to load
    if option in OPTIONS:
        return OPTIONS[option]
    if metavar == "LIST" and text.startswith("Of "):
        known = re.findall(r"[\w-]+", text[3:].partition("[")[0])
        return lambda typed: _in_a_list(typed, known)
    if metavar in PLACES or "|" in metavar:
        return lambda _: (name for part in metavar.split("|") for name in _part(part))
    return None


def _part(part: str) -> Iterable[str]:
    if part in PLACES:
        return PLACES[part]()
    return () if _PLACEHOLDER.fullmatch(part) else (part,)


def _in_a_list(typed: str, known: Iterable[str]) -> Iterable[str]:
    """Lists separated by commas that go on with one more of the names."""
    before, comma, _ = typed.rpartition(",")
    used = before.split(",")
    return (f"{before}{comma}{name}" for name in known if name not in used)


def _shipped(folder: str) -> list[str]:
    place = Path(x17.__file__).parent / folder
    return [path.stem.replace("_", "-") for path in place.glob("*.toml")]


def _scans() -> list[str]:
    return [*_shipped("scan/datasets"), *_files("*.csv", "*.sealed")]


def _setups() -> list[str]:
    return [*_shipped("apparatus/setups"), *_files("*.toml")]


def _spectrometers() -> list[str]:
    return [*_shipped("nuclear/spectrometers/setups"), *_files("*.toml")]


def _files(*patterns: str) -> list[str]:
    return [str(path) for pattern in patterns for path in Path().glob(pattern) if path.is_file()]


def _results() -> list[str]:
    return _folders(Path("results"), "summary.json")


def _folders(place: Path, *inside: str) -> list[str]:
    """Folders directly in a place that hold one of the files."""
    if not place.is_dir():
        return []
    return [
        str(path)
        for path in place.iterdir()
        if path.is_dir() and any(next(path.glob(pattern), None) is not None for pattern in inside)
    ]


def _checks() -> list[str]:
    from x17.workflows.check_list import PLANS

    return [plan.name for plan in PLANS]


def _corrections() -> Iterable[str]:
    from x17.scan.columns import CORRECTIONS

    return CORRECTIONS


def _settings(typed: str) -> list[str]:
    """Settings as TABLE.KEY=; tables alone while none is chosen."""
    from x17.workflows.search_settings import known_settings

    keys = [key for key in known_settings() if key.startswith(typed)]
    tables = sorted({key.partition(".")[0] for key in keys})
    return (
        [f"{table}." for table in tables]
        if "." not in typed and len(tables) > 1
        else [f"{key}=" for key in keys]
    )


PLACES: dict[str, Names] = {
    "SCAN": _scans,
    "SETUP": _setups,
    "SPECTROMETER": _spectrometers,
    "RESULTS": _results,
    "SEALED": lambda: _files("*.sealed"),
    "CORRECTION": _corrections,
    "TABLE": lambda: ["x17-measurements", *_files("*.csv")],
}
"""Words of the help that stand for names, and where these are found."""

OPTIONS: dict[str, Values] = {
    "--set": _settings,
    "--bank": lambda _: _folders(Path("results/toybank"), "*"),
    "--only": lambda typed: _in_a_list(typed, _checks()),
}
"""Options whose values are looked up, in every command that has them."""
