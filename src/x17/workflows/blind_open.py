"""Open a sealed scan: behind `x17 blind open`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from x17.blinding.criteria import Verdict
from x17.blinding.files import alone, move_on, read_sealed, write_new
from x17.blinding.keys import Secret
from x17.blinding.sealing import Unsealed
from x17.errors import UsageError, X17Error
from x17.workflows.blind_check import judge_sealed, require_settings
from x17.workflows.blind_seal import now
from x17.workflows.search_settings import SearchSettings


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A scan that was opened.

    Attributes
    ----------
    csv, toml, settings : Path
        The scan, and the settings that were fixed when it was sealed.
    document : dict
        `scan`, `criteria`, `override`, the files, and `proved`.
    """

    csv: Path
    toml: Path
    settings: Path
    document: dict[str, Any]


def open_sealed(
    path: Path,
    secret: Secret,
    settings: SearchSettings | None = None,
    *,
    override: str | None = None,
    out: Path | None = None,
) -> OpenRun:
    """Open a sealed scan if its criteria hold, or with a reason that stays in the log.

    Parameters
    ----------
    path : Path
        The sealed scan; it stays as it is, but for the new entry of its log.
    secret : Secret
    settings : SearchSettings, optional
        If given, they must be those that were fixed.
    override : str, optional
        Why it is opened although a criterion failed.
    out : Path, optional
        The CSV of the opened scan; by default beside the sealed one, `-opened.csv` behind its name.

    Returns
    -------
    OpenRun

    Raises
    ------
    UsageError, InputError
        A wrong key, changed settings, a file that was edited, a place that is taken.
    X17Error
        A criterion failed; the attempt is in the log.
    """
    if override is not None and not override.strip():
        raise UsageError("--override is empty; allowed: the reason, in a sentence, which stays in the log")
    csv = out or path.with_name(f"{path.stem}-opened.csv")
    if csv.suffix != ".csv":
        raise UsageError(f"--out {csv}: allowed: a name that ends in .csv")
    files = (csv, csv.with_suffix(".toml"), csv.with_suffix(".settings.toml"))
    for file in files:
        if file.exists():
            raise UsageError(f"{file}: exists already and is not replaced; name another CSV with --out")
    with alone(path):
        sealed = read_sealed(path, secret)
        require_settings(sealed, settings)
        verdict = judge_sealed(sealed)
        allowed = verdict.passed or override is not None
        event, details = ("opened", _opening(sealed, verdict, override)) if allowed else ("refused", None)
        moved = sealed.with_entry(now(), event, details or verdict.document())
        move_on(path, moved, len(sealed.log))
    if not allowed:
        failed = next(item.name for item in verdict.criteria if item.passed is False)
        raise X17Error(
            f"{path}: not opened: criterion {failed} failed; the attempt is in the log. "
            "`--override REASON` opens it all the same and leaves the reason in the log for good"
        )
    write_new(files[2], settings_text(sealed.file.settings))
    sealed.scan.write(csv)
    document = {
        "scan": sealed.scan.name,
        **verdict.document(everything=True),
        "override": None if verdict.passed else override,
        "csv": str(files[0]),
        "toml": str(files[1]),
        "settings": str(files[2]),
        "sealed_at": sealed.file.sealed_at,
        "commitments": sealed.file.commitments.model_dump(),
        "log_entries": moved.file.log.entries,
        "log_head": moved.file.log.head,
    }
    return OpenRun(*files, document)


def _opening(sealed: Unsealed, verdict: Verdict, override: str | None) -> dict[str, Any]:
    """What the log says of an opening: the salts, so that everyone can verify the commitments from now on."""
    return {
        **verdict.document(everything=True),
        "override": None if verdict.passed else override,
        "scan_salt": sealed.secret.scan_salt.hex(),
        "settings_salt": sealed.secret.settings_salt.hex(),
    }


def settings_text(settings: Mapping[str, Any]) -> str:
    """Settings as a TOML for `--config`.

    Parameters
    ----------
    settings : mapping
        A plain tree of tables.

    Returns
    -------
    str
    """
    tables = []
    for name, entries in settings.items():
        lines = [
            f"{key} = {json.dumps(value, ensure_ascii=False)}"
            for key, value in entries.items()
            if value is not None
        ]
        tables.append("\n".join([f"[{name}]", *lines]))
    return "\n\n".join(tables) + "\n"
