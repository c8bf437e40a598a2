"""Reading a file of systematic errors: the boundary where keys, types and ranges are checked."""

from __future__ import annotations

import math
import tomllib
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from x17.errors import InputError, Problem, UsageError
from x17.projection import data
from x17.projection.systematics import Quantity, RunSize, Scaling, SystematicError, Systematics

ADVICE = "The keys of a file of systematic errors are in docs/how-to/project-the-next-run.md."

_REFERENCES = ("reference_counts", "reference_k_constant_err", "reference_k_slope_err")
_KEYS = ("name", "source", *_REFERENCES, "error")
_ERROR_KEYS = ("quantity", "source", "error", "scales")


def load_systematics(name_or_path: str | Path) -> Systematics:
    """Load systematic errors by shipped name or from a TOML.

    Parameters
    ----------
    name_or_path : str or Path
        A name of `x17.projection.data.names()`, ``none``, or a file.

    Returns
    -------
    Systematics

    Raises
    ------
    UsageError
        No shipped file and no file of this name.
    InputError
        A file that cannot be used, with all of its problems.
    """
    text = str(name_or_path)
    if text == "none":
        return replace(load_systematics("padme-run3").none, name="no systematic", source="")
    if text in data.names():
        return parse_systematics(text, files(data).joinpath(f"{text}.toml").read_bytes())
    try:
        return parse_systematics(text, Path(text).read_bytes())
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise UsageError(
            f"--systematics {text}: {reason}; allowed: {', '.join((*data.names(), 'none'))}, or a TOML file"
        ) from error


def parse_systematics(source: str, content: bytes) -> Systematics:
    """Make systematic errors from the bytes of their file.

    Parameters
    ----------
    source : str
        The file, as the user named it.
    content : bytes
        UTF-8 text.

    Returns
    -------
    Systematics

    Raises
    ------
    InputError
        Not a TOML, unknown or missing keys, values of another type or out of range: all at once.
    """
    try:
        tree = tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InputError(source, [Problem(f"not a TOML: {str(error)[:200]}")], ADVICE) from error
    problems = [Problem("unknown key", None, key, None, ", ".join(_KEYS)) for key in tree if key not in _KEYS]
    numbers = [_number(tree, key, key, problems, smallest=1e-12) for key in _REFERENCES]
    rows = tree.get("error", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        problems.append(Problem("not a list of tables", None, "error", None, "[[error]] tables"))
        rows = []
    errors = [_error(row, f"error[{k}]", problems) for k, row in enumerate(rows)]
    if problems:
        raise InputError(source, problems, ADVICE)
    return Systematics(
        name=str(tree.get("name", Path(source).stem)),
        source=str(tree.get("source", "")),
        reference=RunSize(counts=numbers[0], k_constant_err=numbers[1], k_slope_err=numbers[2]),
        errors=tuple(item for item in errors if item is not None),
    )


def _number(
    row: dict[str, Any], key: str, place: str, problems: list[Problem], *, smallest: float = 0.0
) -> float:
    value = row.get(key)
    allowed = f"a number from {smallest:g}"
    if value is None:
        problems.append(Problem("key missing", None, place, None, allowed))
    elif isinstance(value, bool) or not isinstance(value, int | float):
        problems.append(Problem("not a number", None, place, str(value)[:60], allowed))
    elif not (math.isfinite(value) and value >= smallest):
        problems.append(Problem("out of range", None, place, f"{value:g}", allowed))
    else:
        return float(value)
    return 1.0


def _error(row: dict[str, Any], place: str, problems: list[Problem]) -> SystematicError | None:
    known = len(problems)
    problems += [
        Problem("unknown key", None, f"{place}.{key}", None, ", ".join(_ERROR_KEYS))
        for key in row
        if key not in _ERROR_KEYS
    ]
    size = _number(row, "error", f"{place}.error", problems)
    if size > 1.0:
        problems.append(Problem("out of range", None, f"{place}.error", f"{size:g}", "at most 1 (100 %)"))
    quantity, scales = str(row.get("quantity", "")), str(row.get("scales", Scaling.FIXED))
    if quantity not in set(Quantity):
        allowed = ", ".join(Quantity)
        problems.append(Problem("no such quantity", None, f"{place}.quantity", quantity, allowed))
    if scales not in set(Scaling):
        problems.append(Problem("no such scaling", None, f"{place}.scales", scales, ", ".join(Scaling)))
    elif scales == Scaling.LINE and not quantity.startswith("k_"):
        problems.append(
            Problem("only for K", None, f"{place}.scales", scales, f"{Scaling.FIXED}, {Scaling.COUNTS}")
        )
    if len(problems) > known:
        return None
    return SystematicError(
        quantity=Quantity(quantity),
        source=str(row.get("source", "")),
        error=size,
        scales=Scaling(scales),
    )
