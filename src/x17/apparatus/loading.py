"""Loading a setup: a shipped one by its name, or a TOML file."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from x17.apparatus import setups
from x17.apparatus.setup import Setup
from x17.apparatus.setup_file import ADVICE, parse_setup
from x17.errors import InputError, Problem, UsageError, did_you_mean

LARGEST_FILE = 2_000_000
"""Bytes a file may have; the shipped ones have some ten thousand."""


def load_setup(name_or_path: str | Path) -> Setup:
    """Load a setup.

    Parameters
    ----------
    name_or_path : str or Path
        Name of a shipped setup (`padme-run3`, `padme-run2`, `padme-run4`), or path of a TOML.

    Returns
    -------
    Setup

    Raises
    ------
    UsageError
        No shipped setup and no file of this name.
    InputError
        A file that cannot be used, with all of its problems.
    """
    name = str(name_or_path)
    if name in setups.names():
        shipped = files(setups) / f"{name}.toml"
        return parse_setup(shipped.name, shipped.read_bytes())
    return _beside(parse_setup(name, _read(Path(name))), Path(name).parent)


def _beside(setup: Setup, folder: Path) -> Setup:
    """The setup with its library of showers looked for beside its file."""
    library = setup.calorimeter.shower_library
    if library is None:
        return setup
    return replace(setup, calorimeter=replace(setup.calorimeter, shower_library=str(folder / library)))


def _read(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise UsageError(
                f"{str(path)[:200]!r} is neither a setup file nor a shipped setup; "
                f"shipped setups: {', '.join(setups.names())}{did_you_mean(str(path)[:200], setups.names())}"
            )
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:  # not readable, or a name that no file can have
        what = f"cannot be read: {error.strerror if isinstance(error, OSError) else error}"
        raise InputError(str(path)[:200], [Problem(what)]) from error
    if len(content) > LARGEST_FILE:
        raise InputError(str(path), [Problem(f"larger than {LARGEST_FILE // 1_000_000} MB")], ADVICE)
    return content
