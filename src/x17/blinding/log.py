"""The log of a sealed scan: one JSON object a line, each with the hash of the one before.

Nobody can change, remove or exchange an entry without changing the hash of the last, which the sealed scan
carries; and nobody without the key can add one, because each is signed with a key derived from it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from x17.blinding.keys import Keys
from x17.errors import InputError, Problem
from x17.scan.sealed_file import LogState

SUFFIX = ".log"
"""Behind the name of the sealed scan."""

FIRST = "0" * 64
"""What stands in the first entry for the hash of the one before."""

ADVICE = (
    "A log is only ever added to, by `x17 blind`; take the log and the sealed scan of the same moment from "
    "where they are kept."
)
_KEYS = {"entry": int, "time": str, "event": str, "details": dict, "previous": str, "hash": str}


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One thing that was done to a sealed scan.

    Attributes
    ----------
    entry : int
        Counted from 1.
    time : str
        By the clock of the machine, ISO 8601 in UTC.
    event : str
        `sealed`, `checked`, `refused` or `opened`.
    details : dict
        Plain values.
    previous, hash : str
        SHA-256 of the entry before and of this one, its signature left out.
    signature : str
        HMAC-SHA256 of the hash.
    """

    entry: int
    time: str
    event: str
    details: Mapping[str, Any]
    previous: str
    hash: str
    signature: str

    def line(self) -> str:
        """The entry as a line of the file."""
        return _line(asdict(self))


def _line(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(", ", ": ")) + "\n"


def _hash(entry: LogEntry) -> str:
    bare = {key: value for key, value in asdict(entry).items() if key not in ("hash", "signature")}
    return hashlib.sha256(_line(bare).encode()).hexdigest()


def _signature(digest: str, keys: Keys) -> str:
    return hmac.new(keys.log, digest.encode(), hashlib.sha256).hexdigest()


def next_entry(
    log: Sequence[LogEntry], time: str, event: str, details: Mapping[str, Any], keys: Keys
) -> LogEntry:
    """Make the entry that comes after a log.

    Parameters
    ----------
    log : sequence of LogEntry
        Empty for a new one.
    time, event : str
    details : mapping
        What JSON can hold.
    keys : Keys

    Returns
    -------
    LogEntry
    """
    previous = log[-1].hash if log else FIRST
    plain = json.loads(json.dumps(dict(details)))
    digest = _hash(LogEntry(len(log) + 1, time, event, plain, previous, "", ""))
    return LogEntry(len(log) + 1, time, event, plain, previous, digest, _signature(digest, keys))


def state(log: Sequence[LogEntry]) -> LogState:
    """What a sealed scan remembers of its log.

    Parameters
    ----------
    log : sequence of LogEntry
        Not empty.

    Returns
    -------
    LogState
    """
    return LogState(entries=len(log), head=log[-1].hash)


def parse_log(source: str, content: bytes) -> tuple[LogEntry, ...]:
    """Read a log and verify its chain.

    Parameters
    ----------
    source : str
        The file, as the user named it.
    content : bytes

    Returns
    -------
    tuple of LogEntry

    Raises
    ------
    InputError
        A line that is no entry, was changed, or does not follow the one before.
    """
    lines = content.split(b"\n")
    if lines[-1] or len(lines) < 2:
        raise InputError(source, [Problem("empty, or its last line is not complete")], ADVICE)
    log: list[LogEntry] = []
    for number, line in enumerate(lines[:-1], start=1):
        entry = _entry(source, line, number)
        previous = log[-1].hash if log else FIRST
        if entry.previous != previous or entry.entry != number:
            what = "does not follow the entry before it: an entry was removed, added or moved"
            raise InputError(source, [Problem(what, number)], ADVICE)
        log.append(entry)
    return tuple(log)


def _entry(source: str, line: bytes, number: int) -> LogEntry:
    try:
        entry = LogEntry(**json.loads(line.decode()))
        sound = all(isinstance(getattr(entry, key), kind) for key, kind in _KEYS.items())
    except (TypeError, ValueError, RecursionError):
        raise InputError(source, [Problem("not an entry of a log", number)], ADVICE) from None
    if not sound or entry.line().encode() != line + b"\n" or _hash(entry) != entry.hash:
        raise InputError(source, [Problem("changed: its hash is not that of its content", number)], ADVICE)
    return entry


def check_state(source: str, log: Sequence[LogEntry], known: LogState, keys: Keys | None = None) -> None:
    """Verify that a log is the one that a sealed scan remembers.

    Parameters
    ----------
    source : str
        The log, as the user named it.
    log : sequence of LogEntry
        With a sound chain.
    known : LogState
        From the sealed scan.
    keys : Keys, optional
        With them signatures are verified; signed entries may then be newer than the sealed scan, as after a
        run that was interrupted between the two files.

    Raises
    ------
    InputError
        Shortened, exchanged, or added to by hand.
    """
    if len(log) < known.entries:
        what = f"has {len(log)} entries, the sealed scan knows of {known.entries}: shortened, or older"
        raise InputError(source, [Problem(what)], ADVICE)
    if log[known.entries - 1].hash != known.head:
        what = "belongs to another sealed scan, or to another history of this one"
        raise InputError(source, [Problem(what, known.entries)], ADVICE)
    if keys is None and len(log) > known.entries:
        what = f"has {len(log)} entries, the sealed scan knows of {known.entries}"
        advice = "If a run was interrupted, `x17 blind check` with the key puts it right."
        raise InputError(source, [Problem(what, known.entries + 1)], advice)
    for entry in log if keys is not None else ():
        if keys is not None and not hmac.compare_digest(entry.signature, _signature(entry.hash, keys)):
            what = "its signature is not from the key of the sealed scan: added or exchanged by hand"
            raise InputError(source, [Problem(what, entry.entry)], ADVICE)
