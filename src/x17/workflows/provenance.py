"""Where results come from: input, settings, versions and times, enough to make them again."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

from x17 import __version__

LIBRARIES = ("numpy", "scipy", "numba", "llvmlite", "matplotlib", "pydantic")
"""Libraries that can change a number or a picture."""


def identity(scan_digest: str, settings: Mapping[str, Any], *variants: object) -> str:
    """Hash of everything that decides the results, the number of workers not among it.

    Parameters
    ----------
    scan_digest : str
        SHA-256 of the input.
    settings : mapping
        Resolved settings.
    *variants : object
        What else decides them: whether figures are left out, or pseudo-experiments added.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    content = json.dumps([__version__, scan_digest, settings, *variants], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """The record beside a set of results.

    Attributes
    ----------
    command : str
        As it was typed.
    options : dict
        Options of the command.
    seed : int
    scan : str
        Name of the scan.
    input_sha256 : str
        Digest of the scan as loaded.
    identity : str
        Hash of input and settings.
    started, finished : datetime
        With time zone.
    """

    command: str
    options: Mapping[str, Any]
    seed: int
    scan: str
    input_sha256: str
    identity: str
    started: datetime
    finished: datetime

    def document(self) -> dict[str, Any]:
        """The record as a plain dictionary, for JSON."""
        return {
            "program": "x17",
            "version": __version__,
            "command": self.command,
            "options": dict(self.options),
            "seed": self.seed,
            "scan": self.scan,
            "input_sha256": self.input_sha256,
            "identity": self.identity,
            "started": self.started.isoformat(timespec="seconds"),
            "finished": self.finished.isoformat(timespec="seconds"),
            "seconds": round((self.finished - self.started).total_seconds(), 2),
            "python": platform.python_version(),
            "platform": platform.platform(),
            "libraries": {name: version(name) for name in LIBRARIES},
        }
