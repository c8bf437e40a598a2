"""Results as a ROOT file: a TTree for every table of numbers, graphs of what is usually drawn."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from x17.errors import missing_extra
from x17.report.interchange.result_table import ResultTable, Value, Variable
from x17.report.tables import csv_text
from x17.simulation.storage.file_identity import write_in_one_step

ABOUT, SCAN_METADATA = "about", "scan_metadata"
GRAPHS = ("observable", "limits", "local_p")
"""Tables of which graphs are made."""


def root_library() -> Any:
    """Uproot.

    Raises
    ------
    UsageError
        It is not installed.
    """
    try:
        import uproot
    except ModuleNotFoundError:
        raise missing_extra("ROOT files need uproot", "root") from None
    return uproot


def write_root_results(
    tables: Sequence[ResultTable], about: Mapping[str, Any], scan_toml: str, path: Path
) -> None:
    """Write the file in one step.

    Trees are called as the tables, graphs `graphs/TABLE_COLUMN`, those of errors with `_low` and `_high`
    behind: the ends, because uproot writes graphs without errors only. Tables with words are CSV texts.

    Parameters
    ----------
    tables : sequence of ResultTable
    about : mapping
        Provenance, as JSON in the string `about`.
    scan_toml : str
        Metadata of the scan, in the string `scan_metadata`.
    path : Path

    Raises
    ------
    UsageError
        uproot is not installed.
    X17Error
        The file cannot be written; nothing is left behind.
    """
    uproot = root_library()

    def write(partial: Path) -> None:
        with uproot.recreate(partial) as file:
            file[ABOUT] = json.dumps(dict(about))
            file[SCAN_METADATA] = scan_toml
            for table in tables:
                columns = table.flat()
                if any(isinstance(v, str) for values in columns.values() for v in values):
                    file[table.name] = csv_text(tuple(columns), list(zip(*columns.values(), strict=True)))
                else:
                    # An assignment would make an RNTuple, which older ROOT does not read.
                    file.mktree(table.name, {name: _array(values) for name, values in columns.items()})
                if table.name in GRAPHS:
                    for variable in table.dependent:
                        _graphs(uproot, file, table, variable)

    write_in_one_step(path, write)


def _array(values: tuple[Value, ...]) -> np.ndarray[Any, Any]:
    """Int64 for whole numbers, float64 with NaN for what is missing otherwise."""
    if all(isinstance(value, int) for value in values):
        return np.array(values, dtype=np.int64)
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _graphs(uproot: Any, file: Any, table: ResultTable, variable: Variable) -> None:
    x, y = _array(table.independent[0].values), _array(variable.values).astype(np.float64)
    ends = {"": y}
    for error in variable.errors:
        label = "_" + error.label.replace(" ", "") if error.label else ""
        ends |= {f"{label}_low": y - _array(error.minus), f"{label}_high": y + _array(error.plus)}
    axis = table.independent[0]
    for suffix, values in ends.items():
        known = np.isfinite(values)
        if not known.any():
            continue
        file[f"graphs/{table.name}_{variable.name}{suffix}"] = uproot.as_TGraph(
            {"x": x[known], "y": values[known]},
            title=f"{variable.title}{suffix.replace('_', ' ')}",
            xAxisLabel=f"{axis.title} [{axis.unit}]",
            yAxisLabel=variable.title,
        )
