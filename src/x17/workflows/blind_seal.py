"""Seal a scan and fix its analysis: behind `x17 blind seal`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from x17 import __version__
from x17.blinding.files import log_path, write_sealed
from x17.blinding.keys import SCRYPT_N, Secret, new_keys
from x17.blinding.sealing import seal
from x17.errors import UsageError
from x17.scan import EnergyScan, datasets
from x17.scan.loading import read_file
from x17.scan.sealed_file import AUTO, SUFFIX, is_sealed
from x17.scan.sealed_scan import open_part
from x17.statistics.model import ScanModel
from x17.workflows.ranges import window
from x17.workflows.search_settings import SearchSettings


@dataclass(frozen=True, slots=True)
class SealRun:
    """A scan that was sealed.

    Attributes
    ----------
    sealed, log : Path
        What was written.
    document : dict
        `scan`, `points`, `n_sealed`, `n_points`, `sealed`, `log`, `log_head`, `commitments`.
    original : str or None
        File in which the counts are still open; None for a shipped scan.
    """

    sealed: Path
    log: Path
    document: dict[str, Any]
    original: str | None


def now() -> str:
    """The time for the log, UTC, ISO 8601 to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def plain_settings(settings: SearchSettings) -> dict[str, Any]:
    """Settings as they come back from a file.

    Parameters
    ----------
    settings : SearchSettings

    Returns
    -------
    dict
    """
    return dict(json.loads(json.dumps(settings.document())))


def seal_scan(
    scan_name: str,
    points: str,
    settings: SearchSettings,
    secret: Secret,
    *,
    out: Path | None = None,
    scrypt_n: int = SCRYPT_N,
) -> SealRun:
    """Seal the counts of a scan, and fix the settings of its analysis.

    Parameters
    ----------
    scan_name : str
        Shipped scan or file.
    points : str
        LO:HI in MeV of √s, both included, or `auto` for every count.
    settings : SearchSettings
    secret : Secret
    out : Path, optional
        The sealed scan; by default that of the scan's name with `.sealed`, beside its file.
    scrypt_n : int
        Cost of a passphrase.

    Returns
    -------
    SealRun

    Raises
    ------
    X17Error
        Bad input, points that cannot be sealed, files that exist already.
    """
    shipped = scan_name in datasets.names()
    if not shipped and is_sealed(read_file(scan_name)):
        raise UsageError(f"{scan_name}: is a sealed scan already; name the table that is to be sealed")
    scan = EnergyScan.load(scan_name)
    # Settings that do not fit the scan are refused now, not when it is to be opened.
    prepared, resolved = settings.prepared(scan)
    ScanModel.build(prepared, resolved.model)
    target = out or (Path(f"{scan_name}{SUFFIX}") if shipped else Path(scan_name).with_suffix(SUFFIX))
    if target.suffix in (".csv", ".toml"):
        raise UsageError(f"--out {target}: a sealed scan is neither a CSV nor a TOML; name it *{SUFFIX}")
    sealed = seal(
        scan,
        None if points == AUTO else window(points, "--points"),
        plain_settings(settings),
        new_keys(secret, scrypt_n),
        program=f"x17 {__version__}",
        time=now(),
    )
    rest = open_part(str(target), sealed.file)
    if not sealed.file.everything:
        rest.open_scan(str(target))
    write_sealed(target, sealed)
    log = log_path(target)
    document = {
        "scan": scan.name,
        "points": sealed.file.points,
        "n_sealed": int(sealed.hidden.sum()),
        "n_points": len(scan),
        "sealed": str(target),
        "log": str(log),
        "log_head": sealed.file.log.head,
        "commitments": sealed.file.commitments.model_dump(),
    }
    return SealRun(target, log, document, None if shipped else scan_name)
