"""What the metadata of a scan must satisfy, given its table."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from x17.errors import Problem
from x17.scan.columns import CORRECTIONS
from x17.scan.repairs import COLUMNS, METHODS, POINTS_NEEDED, points_for_fit, repaired_efficiency

if TYPE_CHECKING:
    from x17.scan.energy_scan import EnergyScan


def find_metadata_problems(scan: "EnergyScan") -> list[Problem]:
    """Find everything wrong with the metadata of a scan whose table is sound.

    Parameters
    ----------
    scan : EnergyScan

    Returns
    -------
    list of Problem
        `column` is the key as it is called in the TOML.
    """
    problems = [*_texts(scan), *_parts(scan), *_corrections(scan), *_repairs(scan)]
    return problems or list(_repaired_values(scan))


def _texts(scan: "EnergyScan") -> Iterator[Problem]:
    for key in ("name", "source", "normalisation"):
        try:
            getattr(scan, key).encode()
        except UnicodeEncodeError:
            yield Problem("not a text that UTF-8 can hold", None, key)
    if not scan.name.strip():
        yield Problem("empty", None, "name", scan.name, "a short name")


def _parts(scan: "EnergyScan") -> Iterator[Problem]:
    known = scan.selection.known_values
    for value in sorted({value for value in known if known.count(value) > 1}):
        yield Problem("scan part described twice", None, "scan_parts.value", str(value))


def _corrections(scan: "EnergyScan") -> Iterator[Problem]:
    applied = scan.applied_corrections
    for name in dict.fromkeys(applied):
        if name not in CORRECTIONS:
            allowed = ", ".join(CORRECTIONS)
            yield Problem("unknown correction", None, "applied_corrections", name, allowed)
        elif name not in scan.columns:
            yield Problem("the table has no column of this name", None, "applied_corrections", name)
        if applied.count(name) > 1:
            yield Problem("correction named twice", None, "applied_corrections", name)


def _repairs(scan: "EnergyScan") -> Iterator[Problem]:
    periods = [repair.period for repair in scan.repairs]
    for i, repair in enumerate(scan.repairs):
        key = f"repairs[{i}]"
        if repair.column not in COLUMNS:
            yield Problem(
                "not a column that can be repaired", None, f"{key}.column", repair.column, COLUMNS[0]
            )
        if repair.method not in METHODS:
            yield Problem("unknown method", None, f"{key}.method", repair.method, METHODS[0])
        if repair.period not in scan.period:
            yield Problem("the table has no such period", None, f"{key}.period", str(repair.period))
        elif repair.period in periods[:i]:
            yield Problem("period repaired twice", None, f"{key}.period", str(repair.period))
        energies = np.unique(scan.sqrt_s_mev[points_for_fit(scan, repair)]).size
        if energies < POINTS_NEEDED:
            what = f"the scan part has {energies} other energies, {POINTS_NEEDED} are needed for a line"
            yield Problem(what, None, f"{key}.fit_scan_part", str(repair.fit_scan_part))


def _repaired_values(scan: "EnergyScan") -> Iterator[Problem]:
    efficiency = repaired_efficiency(scan)
    for i, repair in enumerate(scan.repairs):
        value = float(efficiency[scan.period == repair.period][0])
        if not 0 < value <= 1:
            what = "the repair gives an impossible signal efficiency"
            yield Problem(what, None, f"repairs[{i}].period", f"{value:.4g}", "more than 0, at most 1")
