"""A submission to HEPData: `submission.yaml`, one YAML a table, and attached files.

The format is that of HEPData's schemas 1.1; plain YAML is all there is to it, and written here without a
library between.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from x17.errors import missing_extra
from x17.report.interchange.result_table import ErrorColumn, ResultTable, Value, Variable

SUBMISSION = "submission.yaml"
MISSING = "-"
"""What stands in a cell without a value."""

COLUMN = "Column"
"""Qualifier with the name of the column in a scan table, by which a scan is read back."""

KEYWORDS = (
    ("reactions", ["E+ E- --> X", "E+ E- --> E+ E-"]),
    ("phrases", ["X17", "Resonance search", "Positron beam"]),
)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file beside the tables.

    Attributes
    ----------
    name : str
    description : str
    """

    name: str
    description: str


def yaml_library() -> Any:
    """PyYAML.

    Raises
    ------
    UsageError
        It is not installed.
    """
    try:
        import yaml
    except ModuleNotFoundError:
        raise missing_extra("HEPData files need PyYAML", "hepdata") from None
    return yaml


def hepdata_submission(
    tables: Sequence[ResultTable], comment: str, attachments: Sequence[Attachment]
) -> dict[str, str]:
    """Texts of a submission.

    Parameters
    ----------
    tables : sequence of ResultTable
    comment : str
        About the whole record.
    attachments : sequence of Attachment
        Files that the caller writes beside.

    Returns
    -------
    dict of str to str
        File name to content.

    Raises
    ------
    UsageError
        PyYAML is not installed.
    """
    yaml = yaml_library()
    head = {
        "comment": comment,
        "additional_resources": [{"location": a.name, "description": a.description} for a in attachments],
    }
    texts = {SUBMISSION: yaml.safe_dump_all([head, *map(_entry, tables)], **_STYLE)}
    for table in tables:
        texts[_file(table)] = yaml.safe_dump(_data(table), **_STYLE)
    return texts


_STYLE: Mapping[str, Any] = {"sort_keys": False, "allow_unicode": True, "width": 110, "explicit_start": True}


def _file(table: ResultTable) -> str:
    return f"{table.name}.yaml"


def _entry(table: ResultTable) -> dict[str, Any]:
    keywords = [*KEYWORDS, ("observables", [table.name.upper()])]
    return {
        "name": table.title,
        "description": table.description,
        "keywords": [{"name": name, "values": list(values)} for name, values in keywords],
        "data_file": _file(table),
    }


def _data(table: ResultTable) -> dict[str, Any]:
    return {
        "independent_variables": [
            {"header": _header(v), "values": [{"value": _cell(value)} for value in v.values]}
            for v in table.independent
        ],
        "dependent_variables": [
            {
                "header": _header(v),
                **(
                    {"qualifiers": [{"name": name, "value": value} for name, value in v.qualifiers.items()]}
                    if v.qualifiers
                    else {}
                ),
                "values": [_value(v, i) for i in range(len(v.values))],
            }
            for v in table.dependent
        ],
    }


def _header(variable: Variable) -> dict[str, str]:
    unit = {"units": variable.unit} if variable.unit else {}
    return {"name": variable.title, **unit}


def _cell(value: Value) -> Value:
    return MISSING if value is None else value


def _value(variable: Variable, i: int) -> dict[str, Any]:
    value: dict[str, Any] = {"value": _cell(variable.values[i])}
    errors = [_error(error, i) for error in variable.errors]
    known = [error for error in errors if error is not None]
    if known and variable.values[i] is not None:
        value["errors"] = known
    return value


def _error(error: ErrorColumn, i: int) -> dict[str, Any] | None:
    minus, plus = error.minus[i], error.plus[i]
    if minus is None or plus is None:
        return None
    label = {"label": error.label} if error.label else {}
    if minus == plus:
        return {"symerror": plus, **label}
    return {"asymerror": {"minus": -minus, "plus": plus}, **label}
