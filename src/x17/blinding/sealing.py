"""Seal a scan, unseal it in memory, and move both files on together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from x17.blinding.commitment import commitment, holds, new_salt, scan_content, settings_content
from x17.blinding.envelope import close, disclose
from x17.blinding.keys import Keys, Secret, known_keys
from x17.blinding.log import LogEntry, check_state, next_entry, parse_log, state
from x17.blinding.secret_part import SecretPart, open_text, put_back, rows_to_seal, take_secrets
from x17.errors import InputError, Problem
from x17.scan import EnergyScan
from x17.scan.sealed_file import (
    ADVICE,
    AUTO,
    SEALED_CELL,
    Commitments,
    KeyDescription,
    LogState,
    SealedFile,
    parse_sealed,
)


@dataclass(frozen=True, slots=True, eq=False)
class Unsealed:
    """A sealed scan with its key, in memory.

    Attributes
    ----------
    file : SealedFile
    log : tuple of LogEntry
    scan : EnergyScan
        With all counts.
    hidden : ndarray of bool, shape (rows,)
        The points whose counts are sealed in the file.
    secret : SecretPart
    keys : Keys
    """

    file: SealedFile
    log: tuple[LogEntry, ...]
    scan: EnergyScan = field(repr=False)
    hidden: NDArray[np.bool_]
    secret: SecretPart = field(repr=False)
    keys: Keys = field(repr=False)

    def with_entry(self, time: str, event: str, details: Mapping[str, Any]) -> Unsealed:
        """The same a step later: one more entry in the log, and its hash in the file.

        Parameters
        ----------
        time, event : str
        details : mapping

        Returns
        -------
        Unsealed
            Sealed again under a new nonce.
        """
        log = (*self.log, next_entry(self.log, time, event, details, self.keys))
        file = self.file.model_copy(update={"log": state(log)})
        return replace(self, file=close(file, self.secret.to_bytes(), self.keys), log=log)


def points_rule(window: tuple[float, float] | None) -> str:
    """The rule by which points are sealed, as it stands in the file.

    Parameters
    ----------
    window : (float, float) or None
        √s in MeV; None: all.

    Returns
    -------
    str
    """
    return AUTO if window is None else f"{window[0]!r}:{window[1]!r}"


def seal(
    scan: EnergyScan,
    window: tuple[float, float] | None,
    settings: Mapping[str, Any],
    keys: tuple[Keys, KeyDescription],
    *,
    program: str,
    time: str,
) -> Unsealed:
    """Seal the counts of a scan.

    Parameters
    ----------
    scan : EnergyScan
    window : (float, float) or None
        First and last √s in MeV of the points to seal; None: all counts.
    settings : mapping
        The analysis to be fixed: a plain tree.
    keys : (Keys, KeyDescription)
        From `new_keys`.
    program, time : str
        For the record.

    Returns
    -------
    Unsealed
        Its `file` and `log` are what is to be written.

    Raises
    ------
    UsageError
        The window has no point, or leaves too few.
    """
    hidden = rows_to_seal(scan, window)
    secret = take_secrets(scan, hidden, (new_salt(), new_salt()))
    commitments = Commitments(
        scan=commitment(secret.scan_salt, scan_content(scan)),
        settings=commitment(secret.settings_salt, settings_content(settings)),
    )
    details = {
        "program": program,
        "points": points_rule(window),
        "n_sealed": int(hidden.sum()),
        "n_points": len(scan),
        "commitments": commitments.model_dump(),
    }
    log = (next_entry((), time, "sealed", details, keys[0]),)
    file = SealedFile(
        program=program,
        sealed_at=time,
        points=points_rule(window),
        scan=open_text(scan, hidden),
        settings=dict(settings),
        commitments=commitments,
        key=keys[1],
        log=state(log),
        nonce="0" * 24,
        sealed=[],
    )
    return Unsealed(close(file, secret.to_bytes(), keys[0]), log, scan, hidden, secret, keys[0])


def unseal(source: str, content: bytes, log_source: str, log_content: bytes, secret: Secret) -> Unsealed:
    """Verify a sealed scan and its log, and decrypt it in memory.

    Parameters
    ----------
    source, log_source : str
        The files, as the user named them.
    content, log_content : bytes
    secret : Secret

    Returns
    -------
    Unsealed

    Raises
    ------
    UsageError
        A wrong key, or the library is missing.
    InputError
        A file that was edited, shortened, exchanged or damaged.
    """
    file, log = parse_sealed(source, content), parse_log(log_source, log_content)
    _check_history(log_source, log, file)
    keys = known_keys(secret, file.key)
    hidden_content = disclose(source, file, keys)
    check_state(log_source, log, file.log, keys)
    inside = SecretPart.from_bytes(hidden_content)
    scan = put_back(source, file.scan, inside)
    for name, digest, salt, text in (
        ("scan", file.commitments.scan, inside.scan_salt, scan_content(scan)),
        ("settings", file.commitments.settings, inside.settings_salt, settings_content(file.settings)),
    ):
        if not holds(digest, salt, text):
            problem = Problem(f"the {name} are not those that were committed to", None, f"commitments.{name}")
            raise InputError(source, [problem], ADVICE)
    return Unsealed(file, log, scan, _hidden(file), inside, keys)


def _check_history(source: str, log: tuple[LogEntry, ...], file: SealedFile) -> None:
    """The log must begin with the sealing of this very file, and go as far as the file knows."""
    known = file.log
    check_state(source, log[: max(known.entries, 1)], LogState(entries=known.entries, head=known.head))
    if log[0].details.get("commitments") != file.commitments.model_dump():
        problem = Problem("its commitments are not those of the sealed scan", 1)
        raise InputError(source, [problem], ADVICE)


def _hidden(file: SealedFile) -> NDArray[np.bool_]:
    return np.array([SEALED_CELL in line.split(",") for line in file.scan.csv[1:]], dtype=np.bool_)
