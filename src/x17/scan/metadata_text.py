"""Writing the metadata of a scan as the text of a TOML, without loss."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from typing import TYPE_CHECKING

from x17.scan.model_constants import ModelConstants

if TYPE_CHECKING:
    from x17.scan.energy_scan import EnergyScan

Scalar = str | bool | int | float


def toml_text(scan: "EnergyScan", *, notes: bool = True) -> str:
    """Write everything but the table of a scan as a TOML.

    Parameters
    ----------
    scan : EnergyScan
    notes : bool
        Whether to include the notes for the user.

    Returns
    -------
    str
        Reads back to the same metadata.
    """
    head = [f"{key} = {_value(getattr(scan, key))}" for key in ("name", "source", "normalisation")]
    head.append(f"applied_corrections = {_list(scan.applied_corrections)}")
    if notes:
        head.append(f"notes = {_list(scan.notes)}")
    tables = [
        *(_table("[[scan_parts]]", asdict(part)) for part in scan.selection.parts),
        *(_table("[[repairs]]", asdict(repair)) for repair in scan.repairs),
        _table("[model]", _model(scan.constants)),
        *(_table("[[error_budget]]", asdict(item)) for item in scan.published_budget),
    ]
    return "\n\n".join(["\n".join(head), *tables]) + "\n"


def _model(constants: ModelConstants) -> dict[str, Scalar]:
    """Constants with the five numbers of the constraint on K among them, as in a file."""
    result: dict[str, Scalar] = {}
    for item in fields(constants):
        value = getattr(constants, item.name)
        if item.name == "k_constraint":
            result |= {} if value is None else {key: float(v) for key, v in asdict(value).items()}
        elif value is not None:
            result[item.name] = int(value) if item.name == "window_size" else float(value)
    return result


def _table(heading: str, content: Mapping[str, Scalar]) -> str:
    return "\n".join([heading, *(f"{key} = {_value(value)}" for key, value in content.items())])


def _list(values: Iterable[str]) -> str:
    return "[" + ", ".join(_value(value) for value in values) + "]"


def _value(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + "".join(_character(c) for c in value) + '"'
    return repr(value)


def _character(character: str) -> str:
    """Escape what a basic string of TOML may not hold as it is."""
    if character in '"\\':
        return "\\" + character
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x20 or code == 0x7F else character
