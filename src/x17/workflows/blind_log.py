"""Reading the log of a sealed scan, and proving with it what was fixed before the opening."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from x17.blinding.commitment import holds, scan_content, settings_content
from x17.blinding.files import log_path, read_log_file
from x17.blinding.keys import Secret, known_keys
from x17.blinding.log import LogEntry, check_state, parse_log
from x17.errors import InputError, Problem, UsageError
from x17.scan import EnergyScan
from x17.scan.loading import read_file
from x17.scan.sealed_file import SealedFile, parse_sealed


@dataclass(frozen=True, slots=True)
class LogRun:
    """A log that was read and verified.

    Attributes
    ----------
    file : SealedFile
    entries : tuple of LogEntry
    signatures : bool
        Whether the signatures were verified.
    proved : bool or None
        Whether scan and settings are those that were committed to; None if there is no opening yet, or no
        opened scan was named.
    """

    file: SealedFile
    entries: tuple[LogEntry, ...]
    signatures: bool
    proved: bool | None

    def document(self) -> dict[str, Any]:
        """The log as a plain document."""
        return {
            "points": self.file.points,
            "commitments": self.file.commitments.model_dump(),
            "log_head": self.entries[-1].hash,
            "signatures_verified": self.signatures,
            "proved": self.proved,
            "entries": [asdict(entry) for entry in self.entries],
        }


def read_log(
    path: Path, secret: Secret | None = None, opened: str | None = None, known_hash: str | None = None
) -> LogRun:
    """Verify the log of a sealed scan.

    Parameters
    ----------
    path : Path
        The sealed scan.
    secret : Secret, optional
        With it the signatures are verified too.
    opened : str, optional
        File of the opened scan: it and the settings must be those that were committed to.
    known_hash : str, optional
        Hash that was written down earlier: it must be that of an entry, or both files are older.

    Returns
    -------
    LogRun

    Raises
    ------
    InputError
        A log that was edited, shortened or exchanged; an opened scan that is not the one that was sealed.
    UsageError
        A wrong key, or an opened scan before any opening.
    """
    source = str(log_path(path))
    file = parse_sealed(str(path), read_file(path))
    entries = parse_log(source, read_log_file(path))
    keys = None if secret is None else known_keys(secret, file.key)
    check_state(source, entries, file.log, keys)
    if entries[0].details.get("commitments") != file.commitments.model_dump():
        raise InputError(source, [Problem("its commitments are not those of the sealed scan", 1)])
    if known_hash is not None and known_hash.strip().lower() not in {entry.hash for entry in entries}:
        what = "no entry has this hash: both files were put back to an earlier state, or belong elsewhere"
        raise InputError(source, [Problem(what, None, None, known_hash[:80])])
    proved = None if opened is None else _prove(source, file, entries, opened)
    return LogRun(file, entries, keys is not None, proved)


def _prove(source: str, file: SealedFile, entries: tuple[LogEntry, ...], opened: str) -> bool:
    openings = [entry for entry in entries if entry.event == "opened"]
    if not openings:
        raise UsageError(f"{source}: the scan was not opened yet, so that {opened} cannot be verified")
    details = openings[0].details
    try:
        salts = [bytes.fromhex(details[key]) for key in ("scan_salt", "settings_salt")]
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(source, [Problem("an opening without its salts", openings[0].entry)]) from error
    if not holds(file.commitments.settings, salts[1], settings_content(file.settings)):
        what = "the settings are not those that were fixed when the scan was sealed"
        raise InputError(source, [Problem(what)])
    if not holds(file.commitments.scan, salts[0], scan_content(EnergyScan.load(opened))):
        raise InputError(opened, [Problem("not the scan that was sealed: table or metadata differ")])
    return True
