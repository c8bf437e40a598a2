"""The setup that events were made with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from x17.apparatus import Setup, load_setup
from x17.errors import UsageError
from x17.simulation.storage.file_identity import setup_digest


def setup_of_record(record: Mapping[str, Any], name: str | None = None) -> Setup:
    """Load the setup that a file of events names, and see that it is the same.

    Parameters
    ----------
    record : mapping
        Of the file: `setup` and `setup_sha256`.
    name : str, optional
        A setup to take in place of the one of that name; for setups that are files.

    Returns
    -------
    Setup

    Raises
    ------
    UsageError
        No such setup, or not the one of the events.
    """
    used = str(record["setup"])
    try:
        setup = load_setup(name or used)
    except UsageError as error:
        if name:
            raise
        raise UsageError(f"the events were made with a setup {used!r}; name its file with --setup") from error
    if setup_digest(setup) != record["setup_sha256"]:
        raise UsageError(
            f"setup {name or used!r} is not the one the events were made with; "
            "name that one's file with --setup"
        )
    return setup
