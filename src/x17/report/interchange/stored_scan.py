"""The scan inside files of this package, read back: HS3, pyhf, ROOT, and folders of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from x17.errors import InputError, Problem
from x17.report.files import PROVENANCE
from x17.report.interchange.result_tables import ENERGY_POINTS
from x17.report.interchange.root_file import SCAN_METADATA, root_library
from x17.scan import EnergyScan
from x17.scan.columns import BY_NAME
from x17.scan.loading import build_scan
from x17.scan.table_text import csv_text

SCAN = "scan.csv"


def scan_of_hs3(document: Mapping[str, Any], source: str) -> EnergyScan:
    """Take the scan from the `misc` of an HS3 document of this package.

    Parameters
    ----------
    document : mapping
    source : str
        The file, as the user named it.

    Returns
    -------
    EnergyScan

    Raises
    ------
    InputError
        A document of another program, or one that was changed.
    """
    try:
        stored = document["misc"]["x17"]["scan"]
        table, metadata, digest = (str(stored[key]) for key in ("table", "metadata", "sha256"))
    except (KeyError, TypeError) as error:
        what = (
            "an HS3 document without misc.x17.scan: its likelihood does not hold N2, N_PoT and B one by one"
        )
        raise InputError(
            source, [Problem(what)], "Only files that `x17 export` wrote hold a scan."
        ) from error
    scan = build_scan(f"{source}: scan", table.encode(), f"{source}: metadata", metadata.encode())
    _check_digest(scan, digest, source)
    return scan


def scan_beside(folder: Path, source: str) -> EnergyScan:
    """Load the scan that an export wrote beside its files.

    Parameters
    ----------
    folder : Path
    source : str
        What the user named.

    Returns
    -------
    EnergyScan

    Raises
    ------
    InputError
        No scan there, or not the one of the export.
    """
    if not (folder / SCAN).is_file():
        what = f"no {SCAN} beside it: a likelihood does not hold N2, N_PoT and B one by one"
        raise InputError(source, [Problem(what)], "Name a folder, or a file in a folder, of `x17 export`.")
    scan = EnergyScan.load(folder / SCAN)
    try:
        record = json.loads((folder / PROVENANCE).read_text(encoding="utf-8"))
        digest = str(record["input_sha256"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(source, [Problem(f"no {PROVENANCE} of an export beside {SCAN}")]) from error
    _check_digest(scan, digest, source)
    return scan


def scan_of_root(path: Path) -> EnergyScan:
    """Take the scan from a ROOT file of this package.

    Parameters
    ----------
    path : Path

    Returns
    -------
    EnergyScan

    Raises
    ------
    UsageError
        uproot is not installed.
    InputError
        Not a ROOT file of `x17 export`.
    """
    uproot = root_library()
    source = str(path)
    try:
        with uproot.open(path) as file:
            metadata = str(file[SCAN_METADATA])
            tree = file[ENERGY_POINTS]
            columns = {name: tree[name].array(library="np") for name in BY_NAME if name in tree}
    except Exception as error:  # what uproot raises on foreign or damaged bytes has no common root
        what = f"no ROOT file of `x17 export` ({type(error).__name__}: {str(error)[:80]})"
        raise InputError(source, [Problem(what)]) from error
    ordered = {name: np.asarray(values) for name, values in columns.items()}
    return build_scan(
        f"{source}: {ENERGY_POINTS}",
        csv_text(ordered).encode(),
        f"{source}: {SCAN_METADATA}",
        metadata.encode(),
    )


def _check_digest(scan: EnergyScan, digest: str, source: str) -> None:
    if scan.digest != digest:
        what = "the scan was changed after the export: its SHA-256 is another"
        raise InputError(source, [Problem(what, value=scan.digest, allowed=digest)])
