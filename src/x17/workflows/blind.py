"""Blind analysis: seal a scan, test the side band, open it, and read the log. Behind `x17 blind`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from x17 import __version__
from x17.blinding.criteria import Verdict, judge
from x17.blinding.files import alone, move_on, read_sealed, write_new, write_sealed
from x17.blinding.keys import SCRYPT_N, Secret, new_keys
from x17.blinding.sealing import Unsealed, seal
from x17.errors import UsageError, X17Error
from x17.report.files import check_folder
from x17.report.tables import csv_text, json_text
from x17.scan import EnergyScan, datasets
from x17.scan.loading import read_file
from x17.scan.sealed_file import AUTO, SUFFIX, is_sealed
from x17.scan.sealed_scan import open_part
from x17.statistics.model import ScanModel
from x17.statistics.model_settings import KShape
from x17.workflows.folder_names import folder_name
from x17.workflows.method_results import Record, write_results
from x17.workflows.provenance import identity
from x17.workflows.ranges import window
from x17.workflows.search_settings import SearchSettings, settings_of

SIDEBAND_COLUMNS = ("sqrt_s_mev", "scan_part", "g_r", "g_r_err", "pull")


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


@dataclass(frozen=True, slots=True, eq=False)
class CheckRun:
    """Criteria that were tested.

    Attributes
    ----------
    verdict : Verdict
    document : dict
        Content of `check.json`: only what may be shown.
    folder : Path or None
        Where results were written; None if nothing may be shown.
    """

    verdict: Verdict = field(repr=False)
    document: dict[str, Any]
    folder: Path | None


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


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _plain(settings: SearchSettings) -> dict[str, Any]:
    """Settings as they come back from a file."""
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
        _plain(settings),
        new_keys(secret, scrypt_n),
        program=f"x17 {__version__}",
        time=_now(),
    )
    rest = open_part(str(target), sealed.file)
    if not sealed.file.everything:
        rest.open_scan(str(target))
    write_sealed(target, sealed)
    log = target.with_name(target.name + ".log")
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


def check_sealed(
    path: Path,
    secret: Secret,
    settings: SearchSettings | None = None,
    *,
    out: Path | None = None,
    force: bool = False,
    command: str = "",
) -> CheckRun:
    """Test the criteria of a sealed scan in memory, and write what may be seen.

    Parameters
    ----------
    path : Path
        The sealed scan.
    secret : Secret
    settings : SearchSettings, optional
        If given, they must be those that were fixed.
    out : Path, optional
        Folder of the results; `results/<scan>-check` by default.
    force : bool
        Replace results of another input or other settings.
    command : str
        As typed, for the record.

    Returns
    -------
    CheckRun

    Raises
    ------
    X17Error
        A wrong key, changed settings, a file that was edited, a folder that is taken.
    """
    started = datetime.now(UTC)
    with alone(path):
        sealed = read_sealed(path, secret)
        _check_settings(sealed, settings)
        verdict = _judge(sealed)
        mark = identity(sealed.file.commitments.scan, sealed.file.settings, "blind check")
        folder = out or Path("results") / folder_name(f"{sealed.scan.name}-check")
        if verdict.shown is not None:
            check_folder(folder, mark, force=force)
        moved = sealed.with_entry(_now(), "checked", verdict.document())
        move_on(path, moved, len(sealed.log))
    document = {"scan": sealed.scan.name, "points": sealed.file.points, **verdict.document()}
    document |= {"log_entries": moved.file.log.entries, "log_head": moved.file.log.head}
    if verdict.shown is None:
        return CheckRun(verdict, document, None)
    record = Record(
        command=command,
        seed=0,
        scan=sealed.scan.name,
        digest=sealed.file.commitments.scan,
        identity=mark,
        started=started,
    )
    _write_check(folder, record, sealed.scan.name, verdict, document)
    return CheckRun(verdict, document, folder)


def _write_check(
    folder: Path, record: Record, name: str, verdict: Verdict, document: Mapping[str, Any]
) -> None:
    from x17.report.figures.open_sideband import draw_open_pulls, draw_open_sideband

    side = verdict.shown
    if side is None:
        return
    rows = zip(side.sqrt_s_mev, side.scan_part, side.g_r, side.g_r_err, side.pulls, strict=True)
    write_results(
        folder,
        record,
        {
            "check.json": json_text(document),
            "sideband.csv": csv_text(
                SIDEBAND_COLUMNS, [[x if isinstance(x, int) else x.item() for x in row] for row in rows]
            ),
        },
        {
            "sideband": lambda: draw_open_sideband(side, name),
            "pulls": lambda: draw_open_pulls(side, name),
        },
    )


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
        _check_settings(sealed, settings)
        verdict = _judge(sealed)
        allowed = verdict.passed or override is not None
        event, details = ("opened", _opening(sealed, verdict, override)) if allowed else ("refused", None)
        moved = sealed.with_entry(_now(), event, details or verdict.document())
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


def _judge(sealed: Unsealed) -> Verdict:
    """The criteria as the settings that were fixed have them."""
    scan, resolved = settings_of(sealed.file.settings).prepared(sealed.scan)
    points = ScanModel.build(scan, resolved.model).points
    rows = None if sealed.file.everything else np.flatnonzero(sealed.hidden)
    constant = resolved.model.k_shape is KShape.CONSTANT
    return judge(points, rows, scan.constants, resolved.sideband, constant=constant)


def _check_settings(sealed: Unsealed, settings: SearchSettings | None) -> None:
    """Refuse settings other than those that were fixed."""
    if settings is None:
        return
    given, fixed = _plain(settings), sealed.file.settings
    changed = [
        f"{table}.{key}"
        for table in {**fixed, **given}
        for key in {**fixed.get(table, {}), **given.get(table, {})}
        if fixed.get(table, {}).get(key) != given.get(table, {}).get(key)
    ]
    if changed:
        raise UsageError(
            f"settings were fixed when the scan was sealed, and these are others: {', '.join(changed)}; "
            "leave --config and --set out to use those that were fixed"
        )


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
