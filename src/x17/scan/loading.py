"""Loading a scan: from the shipped ones, from a CSV with or without its TOML, or from that TOML."""

import stat
from dataclasses import fields
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from x17.errors import InputError, Problem, UsageError, did_you_mean
from x17.scan import datasets
from x17.scan.columns import CORRECTIONS
from x17.scan.energy_scan import EnergyScan
from x17.scan.error_budget import BudgetItem
from x17.scan.metadata_file import K_KEYS, MetadataFile, ModelRow, parse_metadata
from x17.scan.model_constants import KConstraint, ModelConstants
from x17.scan.repairs import Repair
from x17.scan.sealed_file import is_sealed, parse_sealed
from x17.scan.selection import ScanPart, Selection
from x17.scan.table_checks import Table, find_problems
from x17.scan.table_file import ADVICE, parse_table

LARGEST_FILE = 8_000_000
"""Bytes a file may have; a scan of a thousand points has a quarter of a million."""
_TABLES_OF_RESULTS = ("input.csv", "scan.csv")
"""Scans that commands leave in their folders."""
NOTE_DEFAULTS = (
    "Model constants are those of PADME Run III; K(s) is taken from this scan's own side-band fit."
)
PUBLISHED_LINE_MEV = (14.0, 21.0)
"""√s for which the line shape of PADME Run III may stand in: the energies of its runs."""
_OF_THE_LINE = (
    "signal_yield_mev",
    "lorentz_half_width_mev",
    "beam_energy_spread",
    "center_sqrt_s_mev",
)
_NOT_OF_EVERY_SCAN = ("k_constraint", "largest_cos_theta")
NOTE_SORTED = "Rows were sorted by sqrt_s_mev for the search."


def load_scan(name_or_path: str | Path) -> EnergyScan:
    """Load a scan; see `EnergyScan.load`.

    Parameters
    ----------
    name_or_path : str or Path
        Name of a shipped scan, or path of a CSV or TOML.

    Returns
    -------
    EnergyScan

    Raises
    ------
    UsageError
        No shipped scan and no file of this name.
    InputError
        A file that cannot be used, with all of its problems.
    """
    name = str(name_or_path)
    if name in datasets.names():
        folder = files(datasets)
        stem = name.replace("-", "_")
        csv, toml = (folder / f"{stem}{suffix}" for suffix in (".csv", ".toml"))
        return build_scan(csv.name, csv.read_bytes(), toml.name, toml.read_bytes())
    return _load_files(name)


def _load_files(name: str) -> EnergyScan:
    path = Path(name)
    _check_exists(path)
    if path.suffix.lower() == ".toml":
        csv, toml = path.with_suffix(".csv"), path
        if not csv.is_file():
            what = f"the table that belongs to it, {csv.name}, is not beside it"
            raise InputError(name, [Problem(what)], "Put the CSV and the TOML of a scan in one folder.")
    else:
        csv, toml = path, path.with_suffix(".toml")
    csv_bytes = _read(csv)
    if is_sealed(csv_bytes):
        return _open_points(name, csv_bytes)
    if toml.is_file():
        return build_scan(str(csv), csv_bytes, str(toml), _read(toml))
    return build_scan(str(csv), csv_bytes)


def _open_points(name: str, content: bytes) -> EnergyScan:
    from x17.scan.sealed_scan import open_part

    return open_part(name, parse_sealed(name, content)).open_scan(name)


def read_file(name_or_path: str | Path) -> bytes:
    """Bytes of a file that a user named as a scan.

    Parameters
    ----------
    name_or_path : str or Path

    Returns
    -------
    bytes

    Raises
    ------
    UsageError
        No such file.
    InputError
        It cannot be read, or is too large.
    """
    path = Path(name_or_path)
    _check_exists(path)
    return _read(path)


def _check_exists(path: Path) -> None:
    shipped = ", ".join(datasets.names())
    try:
        mode = path.stat().st_mode
    except PermissionError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    except (OSError, ValueError) as error:  # no such file, or a name that no file can have
        name = str(path)[:200]
        raise UsageError(
            f"{name!r} is neither a file nor a shipped scan; shipped scans: {shipped} (x17 scan list)"
            f"{did_you_mean(name, (*datasets.names(), *_tables_beside(path)))}"
        ) from error
    if stat.S_ISDIR(mode):
        inside = next((path / table for table in _TABLES_OF_RESULTS if (path / table).is_file()), None)
        hint = "" if inside is None else f"; the scan of these results is {inside}"
        raise UsageError(
            f"{path} is a folder; name the CSV or TOML of a scan, or a shipped scan: {shipped}{hint}"
        )


def _tables_beside(path: Path) -> list[str]:
    """Tables in the folder of a file that is not there, to be named if one of them was meant."""
    try:
        return [str(other) for other in path.parent.iterdir() if other.suffix == ".csv"]
    except (OSError, ValueError):
        return []


def _read(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise InputError(str(path), [Problem("not a regular file")])
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise InputError(str(path), [Problem(f"cannot be read: {error.strerror}")]) from error
    if len(content) > LARGEST_FILE:
        raise InputError(str(path), [Problem(f"larger than {LARGEST_FILE // 1_000_000} MB")], ADVICE)
    return content


def build_scan(csv_name: str, csv: bytes, toml_name: str = "", toml: bytes | None = None) -> EnergyScan:
    """Make a scan from the bytes of its files.

    Parameters
    ----------
    csv_name, toml_name : str
        The files, as the user named them; the name of the scan is the stem of the CSV unless the TOML
        gives one.
    csv : bytes
        The table.
    toml : bytes or None
        The metadata; None for a table alone, which gets PADME Run III's model constants and notes that
        say so.

    Returns
    -------
    EnergyScan

    Raises
    ------
    InputError
        A file that cannot be used, with all of its problems.
    """
    given = None if toml is None else parse_metadata(toml_name, toml)
    return assemble_scan(csv_name, csv, toml_name, given)


def assemble_scan(csv_name: str, csv: bytes, toml_name: str, given: MetadataFile | None) -> EnergyScan:
    """Make a scan from the bytes of its table and metadata that were read before; see `build_scan`.

    Parameters
    ----------
    csv_name, toml_name : str
    csv : bytes
    given : MetadataFile or None
        None for a table alone.

    Returns
    -------
    EnergyScan

    Raises
    ------
    InputError
        A table or metadata that cannot be used, with all of their problems.
    """
    table, problems = parse_table(csv_name, csv)
    metadata = _metadata(given or MetadataFile(), table, Path(csv_name))
    problems += find_problems(table, metadata["selection"], metadata["constants"])
    if problems:
        problems.sort(key=lambda p: float("inf") if p.line is None else p.line)
        raise InputError(csv_name, problems, ADVICE)
    if given is None and _out_of_order(table, metadata["selection"]):
        metadata["notes"] += (NOTE_SORTED,)
    try:
        return EnergyScan.from_columns(table.columns, **metadata)
    except InputError as error:  # the table is sound, so what is left concerns the metadata
        raise InputError(toml_name or csv_name, error.problems, error.advice) from error


def _metadata(given: MetadataFile, table: Table, csv: Path) -> dict[str, Any]:
    """Turn what the TOML says, or its absence, into the attributes of a scan."""
    constants, notes = _constants(given.constants)
    _refuse_foreign_line(given.constants, table, csv)
    parts = given.scan_parts
    applied = given.applied_corrections
    return {
        # A file name may hold bytes that are no UTF-8; the name of a scan may not.
        "name": given.name or csv.stem.encode("utf-8", "replace").decode() or "scan",
        "source": given.source,
        "normalisation": given.normalisation,
        "constants": constants,
        "selection": Selection.default(table.columns["scan_part"].astype(np.int64))
        if parts is None
        else Selection(tuple(ScanPart(**part.model_dump()) for part in parts)),
        "repairs": tuple(Repair(**repair.model_dump()) for repair in given.repairs),
        "applied_corrections": tuple(name for name in CORRECTIONS if name in table.columns)
        if applied is None
        else tuple(applied),
        "published_budget": tuple(BudgetItem(**item.model_dump()) for item in given.error_budget),
        "notes": (*given.notes, *notes),
    }


def _constants(row: ModelRow | None) -> tuple[ModelConstants, tuple[str, ...]]:
    """Model constants, and a note where PADME's stand in for ones that the user did not give."""
    if row is None:
        return ModelConstants(), (NOTE_DEFAULTS,)
    given = {key: value for key, value in row.model_dump().items() if value is not None}
    k_values = {key: given.pop(key) for key in K_KEYS if key in given}
    expected = [item.name for item in fields(ModelConstants) if item.name not in _NOT_OF_EVERY_SCAN]
    absent = [key for key in expected if key not in given]
    notes = (f"Not given in [model], taken from PADME Run III: {', '.join(absent)}.",) if absent else ()
    return ModelConstants(**given, k_constraint=KConstraint(**k_values) if k_values else None), notes


def _refuse_foreign_line(row: ModelRow | None, table: Table, csv: Path) -> None:
    """Refuse a scan far from PADME's energies that does not bring the line of its own beam and target."""
    sqrt_s = table.columns.get("sqrt_s_mev", np.zeros(0))
    if not np.isfinite(sqrt_s).any():
        return  # whoever checks the table says so
    low, high = PUBLISHED_LINE_MEV
    absent = [key for key in _OF_THE_LINE if row is None or getattr(row, key) is None]
    if not absent or np.any((sqrt_s >= low) & (sqrt_s <= high)):
        return
    problem = Problem(
        f"not given in [model]; those of PADME Run III do not hold at √s = {sqrt_s.min():.2f} to "
        f"{sqrt_s.max():.2f} MeV",
        None,
        ", ".join(absent),
    )
    advice = (
        "`x17 theory lineshape --setup FILE` prints the table [model] of an apparatus, for the scan's TOML."
    )
    raise InputError(str(csv), [problem], advice)


def _out_of_order(table: Table, selection: Selection) -> bool:
    used = selection.mask(table.columns["scan_part"].astype(np.int64))
    return bool(np.any(np.diff(table.columns["sqrt_s_mev"][used]) < 0))
