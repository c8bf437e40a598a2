"""Results as CSV tables, with one JSON that says what they and their columns are."""

from __future__ import annotations

from collections.abc import Sequence

from x17.report.interchange.result_table import ResultTable
from x17.report.tables import csv_text, json_text

INDEX = "tables.json"


def csv_bundle(tables: Sequence[ResultTable]) -> dict[str, str]:
    """Texts of the bundle.

    Parameters
    ----------
    tables : sequence of ResultTable

    Returns
    -------
    dict of str to str
        File name to content: one CSV a table, errors in columns of their own, and `tables.json`.
    """
    texts = {f"{table.name}.csv": _csv(table) for table in tables}
    return texts | {INDEX: json_text({"tables": [_about(table) for table in tables]})}


def _csv(table: ResultTable) -> str:
    columns = table.flat()
    return csv_text(tuple(columns), list(zip(*columns.values(), strict=True)))


def _about(table: ResultTable) -> dict[str, object]:
    return {
        "file": f"{table.name}.csv",
        "title": table.title,
        "description": table.description,
        "columns": [
            {
                "name": variable.name,
                "title": variable.title,
                "unit": variable.unit,
                "independent": variable in table.independent,
                **({"qualifiers": dict(variable.qualifiers)} if variable.qualifiers else {}),
            }
            for variable in table.variables
        ],
    }
