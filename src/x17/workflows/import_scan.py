"""A scan from a file of another program: the function behind `x17 import`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from x17.errors import InputError, Problem, UsageError
from x17.report.files import INPUT
from x17.report.interchange.hepdata import SUBMISSION
from x17.report.interchange.hepdata_scan import ColumnChoice, match_columns, missing_columns, scan_of_table
from x17.report.interchange.hepdata_table import HepdataTable, is_table, parse_table, read_documents
from x17.report.interchange.stored_scan import SCAN, scan_beside, scan_of_hs3, scan_of_root
from x17.scan import EnergyScan

METADATA = "scan.toml"
"""Attached to a submission of ours: what the table of energy points does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """What is to be read.

    Attributes
    ----------
    columns : ColumnChoice
        For tables of HEPData.
    table : str or None
        Name of the table in a submission; the first that is a scan by default.
    """

    columns: ColumnChoice
    table: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ImportRun:
    """A scan that was read and written.

    Attributes
    ----------
    scan : EnergyScan
    files : tuple of Path
        CSV and TOML.
    document : dict
        For JSON.
    """

    scan: EnergyScan
    files: tuple[Path, Path]
    document: dict[str, Any]


def column_choice(columns: Sequence[str], values: Sequence[str]) -> ColumnChoice:
    """Read `COLUMN=HEADER` and `COLUMN=NUMBER`.

    Parameters
    ----------
    columns, values : sequence of str

    Returns
    -------
    ColumnChoice

    Raises
    ------
    UsageError
        Anything else.
    """
    headers = dict(_pair(text, "--column", "COLUMN=HEADER") for text in columns)
    numbers: dict[str, float] = {}
    for text in values:
        name, value = _pair(text, "--value", "COLUMN=NUMBER")
        try:
            numbers[name] = float(value)
        except ValueError:
            raise UsageError(f"--value {text}: {value!r} is no number") from None
    return ColumnChoice(headers=headers, values=numbers)


def _pair(text: str, option: str, form: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator or not name.strip() or not value.strip():
        raise UsageError(f"{option} {text}: allowed: {form}")
    return name.strip(), value.strip()


def import_scan(path: Path, out: Path, request: ImportRequest, *, force: bool = False) -> ImportRun:
    """Read a scan and write it as a table of this package.

    Parameters
    ----------
    path : Path
        HS3, pyhf, ROOT or CSV that `x17 export` wrote, a folder of it, or a submission or table of HEPData.
    out : Path
        Ends in `.csv`.
    request : ImportRequest
    force : bool
        Replace what is there.

    Returns
    -------
    ImportRun

    Raises
    ------
    UsageError
        No such file, a place that is taken, a library that is not installed.
    InputError
        A file without a scan, with all of its problems.
    """
    if out.suffix != ".csv":
        raise UsageError(f"--out {out}: the table of a scan must end in .csv; its TOML is written beside it")
    taken = [file for file in (out, out.with_suffix(".toml")) if file.exists()]
    if taken and not force:
        raise UsageError(f"--out: {taken[0]} exists; name another file, or use --force to replace it")
    if not path.exists():
        raise UsageError(f"{path}: there is no such file or folder")
    scan = read_scan(path, request)
    files = scan.write(out)
    document = {
        "out": str(files[0]),
        "name": scan.name,
        "n_points": len(scan),
        "n_used": len(scan.search_points()),
        "notes": list(scan.notes),
        "digest": scan.digest,
    }
    return ImportRun(scan, files, document)


def read_scan(path: Path, request: ImportRequest) -> EnergyScan:
    """Read a scan from a file or folder, by what it is.

    Parameters
    ----------
    path : Path
    request : ImportRequest

    Returns
    -------
    EnergyScan
    """
    if path.is_dir():
        return _of_folder(path, request)
    match path.suffix.lower():
        case ".json":
            return _of_json(path)
        case ".yaml" | ".yml":
            return _of_yaml(path, request)
        case ".root":
            return scan_of_root(path)
        case ".csv" | ".toml":
            return EnergyScan.load(path)
    allowed = ".json (HS3, pyhf), .yaml (HEPData), .root, .csv, or a folder of `x17 export`"
    raise UsageError(f"{path}: {path.suffix or 'no ending'} is not known; allowed: {allowed}")


def _of_folder(folder: Path, request: ImportRequest) -> EnergyScan:
    if (folder / SUBMISSION).is_file():
        return _of_yaml(folder / SUBMISSION, request)
    if (folder / INPUT).is_file():  # results of a search
        return EnergyScan.load(folder / INPUT)
    if (folder / SCAN).is_file():
        return scan_beside(folder, str(folder))
    likelihoods = sorted(folder.glob("M*.json"))
    if likelihoods:
        return _of_json(likelihoods[0])
    what = f"neither {SUBMISSION}, {SCAN} nor HS3 files in it"
    raise InputError(str(folder), [Problem(what)], "Name a file, or a folder that `x17 export` wrote.")


def _of_json(path: Path) -> EnergyScan:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(str(path), [Problem(f"not a JSON ({str(error)[:80]})")]) from error
    if isinstance(document, dict) and "hs3_version" in (document.get("metadata") or {}):
        return scan_of_hs3(document, str(path))
    if isinstance(document, dict) and ("channels" in document or "patches" in document):
        return scan_beside(path.parent, str(path))
    raise InputError(str(path), [Problem("neither an HS3 document nor a workspace of pyhf")])


def _of_yaml(path: Path, request: ImportRequest) -> EnergyScan:
    documents = read_documents(path)
    if is_table(documents[0]):
        table = parse_table(documents[0], path.name, str(path))
        return scan_of_table(table, request.columns, path.stem)
    table = _chosen_table(path, documents, request)
    head = documents[0]
    comment = " ".join(str(head.get("comment") or "").split())
    metadata = path.parent / METADATA
    attached = {str(item.get("location")) for item in head.get("additional_resources") or []}
    given = (str(metadata), metadata.read_bytes()) if METADATA in attached and metadata.is_file() else None
    return scan_of_table(table, request.columns, path.absolute().parent.name, comment, given)


def _chosen_table(path: Path, documents: list[dict[str, Any]], request: ImportRequest) -> HepdataTable:
    """The table named, or the first that has all columns of a scan."""
    entries = [entry for entry in documents if "data_file" in entry]
    names = [str(entry.get("name", "")) for entry in entries]
    if request.table is not None:
        if request.table not in names:
            raise UsageError(f"--table {request.table!r}: {path} has no such table; it has {_listed(names)}")
        return _read_table(path, entries[names.index(request.table)])
    for entry in entries:
        table = _read_table(path, entry)
        if not missing_columns((*match_columns(table, request.columns), *request.columns.values)):
            return table
    what = f"no table has all columns of a scan; tables: {_listed(names)}"
    raise InputError(str(path), [Problem(what)], "Name one with --table, and its columns with --column.")


def _read_table(path: Path, entry: dict[str, Any]) -> HepdataTable:
    file = path.parent / Path(str(entry["data_file"])).name
    return parse_table(read_documents(file)[0], str(entry.get("name", "")), str(file))


def _listed(names: list[str]) -> str:
    return ", ".join(repr(name) for name in names) or "none"
