"""Test the criteria of a sealed scan: behind `x17 blind check`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from x17.blinding.criteria import Verdict, judge
from x17.blinding.files import alone, move_on, read_sealed
from x17.blinding.keys import Secret
from x17.blinding.sealing import Unsealed
from x17.errors import UsageError
from x17.report.files import check_folder
from x17.report.tables import csv_text, json_text
from x17.statistics.model import ScanModel
from x17.statistics.model_settings import KShape
from x17.workflows.blind_seal import now, plain_settings
from x17.workflows.folder_names import folder_name
from x17.workflows.method_results import Record, write_results
from x17.workflows.provenance import identity
from x17.workflows.search_settings import SearchSettings, settings_of

SIDEBAND_COLUMNS = ("sqrt_s_mev", "scan_part", "g_r", "g_r_err", "pull")


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
        require_settings(sealed, settings)
        mark = identity(sealed.file.commitments.scan, sealed.file.settings, "blind check")
        folder = out or Path("results") / folder_name(f"{sealed.scan.name}-check")
        check_folder(folder, mark, force=force)
        verdict = judge_sealed(sealed)
        moved = sealed.with_entry(now(), "checked", verdict.document())
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


def judge_sealed(sealed: Unsealed) -> Verdict:
    """Test the criteria as the settings that were fixed have them.

    Parameters
    ----------
    sealed : Unsealed

    Returns
    -------
    Verdict
    """
    scan, resolved = settings_of(sealed.file.settings).prepared(sealed.scan)
    points = ScanModel.build(scan, resolved.model).points
    rows = None if sealed.file.everything else np.flatnonzero(sealed.hidden)
    constant = resolved.model.k_shape is KShape.CONSTANT
    return judge(points, rows, scan.constants, resolved.sideband, constant=constant)


def require_settings(sealed: Unsealed, settings: SearchSettings | None) -> None:
    """Refuse settings other than those that were fixed.

    Parameters
    ----------
    sealed : Unsealed
    settings : SearchSettings or None
        None: none were given.

    Raises
    ------
    UsageError
        Names all that differ.
    """
    if settings is None:
        return
    given, fixed = plain_settings(settings), sealed.file.settings
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
