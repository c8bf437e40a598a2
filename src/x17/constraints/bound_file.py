"""Reading the TOML of a bound: the file boundary, where pydantic checks keys and types."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from x17.constraints.couplings import Probe
from x17.constraints.magnetic_moment import Lepton
from x17.constraints.moment_measurement import MomentRule
from x17.errors import Problem
from x17.scan.table_checks import shorten
from x17.theory.boson import SpinParity

ADVICE = "The files of a bound are described in docs/reference/bounds-files.md."

Text = Annotated[str, Field(min_length=1, max_length=2000)]
_LETTERS = tuple(SpinParity)


class _Strict(BaseModel):
    """Refuses unknown keys, other types, NaN and infinities."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)


class CurveRow(_Strict):
    """The table ``[curve]``: the numbers are in the CSV of the same stem."""

    coupling: Literal["g_ve", "epsilon"]


class MomentRow(_Strict):
    """The table ``[magnetic_moment]``: measured minus predicted (g − 2)/2."""

    lepton: Literal["electron", "muon"]
    deviation: Annotated[float, Field(ge=-1.0, le=1.0)]
    error: Annotated[float, Field(gt=0.0, le=1.0)]
    n_sigma: Annotated[float, Field(gt=0.0, le=100.0)]
    rule: Literal["magnitude", "signed"]


class StatementRow(_Strict):
    """The table ``[statement]``: a result that excludes a model without being a limit on g_ve."""

    low_mev: Annotated[float, Field(gt=0.0, le=1e6)]
    high_mev: Annotated[float, Field(gt=0.0, le=1e6)]
    excludes: Text


class BoundFile(_Strict):
    """All of a bound's TOML; one of its three tables is given."""

    label: Annotated[str, Field(min_length=1, max_length=40)]
    reference: Text
    confidence: Text
    bosons: Annotated[list[Literal["V", "A", "S", "P"]], Field(min_length=1)]
    read_at_source: bool
    origin: Text
    assumptions: Text
    probes: Literal["electrons", "protons", "muons"] = "electrons"
    note: str = ""
    used: bool = True
    why_not_used: str = ""
    curve: CurveRow | None = None
    magnetic_moment: MomentRow | None = None
    statement: StatementRow | None = None


TABLES = ("curve", "magnetic_moment", "statement")
_ALLOWED: dict[str, str] = {
    "bosons": f"a list of {', '.join(_LETTERS)}",
    "probes": ", ".join(Probe),
    "lepton": ", ".join(Lepton),
    "rule": ", ".join(MomentRule),
    "coupling": "g_ve, epsilon",
    "deviation": "−1 to 1",
    "error": "above 0, at most 1",
    "n_sigma": "above 0, at most 100",
    "low_mev": "above 0, at most 1e6",
    "high_mev": "above low_mev, at most 1e6",
    "label": "1 to 40 characters",
    "read_at_source": "true, false",
    "used": "true, false",
}


def parse_bound_file(content: bytes) -> tuple[BoundFile | None, list[Problem]]:
    """Read the TOML of a bound.

    Parameters
    ----------
    content : bytes
        UTF-8.

    Returns
    -------
    BoundFile or None
        None if there are problems.
    list of Problem
        All of them, with the line of the key where the file has it.
    """
    try:
        text = content.decode("utf-8-sig")
        data = tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return None, [Problem("not UTF-8 text", line, None, f"byte 0x{content[error.start]:02x}")]
    except RecursionError:
        return None, [Problem("nested too deeply")]
    except ValueError as error:  # TOMLDecodeError names the line; whole numbers of thousands of digits
        return None, [Problem(f"not a TOML: {str(error)[:200]}")]
    problems = []
    try:
        file = BoundFile.model_validate(data)
    except ValidationError as error:
        file = None
        problems = [_problem_of(dict(item), text) for item in error.errors(include_url=False)]
    problems += _other_problems(data, text)
    return (None, problems) if problems else (file, [])


def _other_problems(data: dict[str, Any], text: str) -> list[Problem]:
    """What no single key is to blame for."""
    problems = []
    given = [name for name in TABLES if name in data]
    if len(given) != 1:
        found = ", ".join(given) or "none"
        problems.append(
            Problem("one table says what is excluded", None, None, found, f"one of {', '.join(TABLES)}")
        )
    if data.get("used") is False and not data.get("why_not_used"):
        problems.append(Problem("a bound that is not used says why", _line(text, ("used",)), "why_not_used"))
    row = data.get("statement")
    if isinstance(row, dict):
        low, high = row.get("low_mev"), row.get("high_mev")
        if isinstance(low, float) and isinstance(high, float) and high < low:
            place = ("statement", "high_mev")
            problems.append(
                Problem(
                    "below low_mev", _line(text, place), ".".join(place), repr(high), _ALLOWED["high_mev"]
                )
            )
    return problems


def _problem_of(item: dict[str, Any], text: str) -> Problem:
    """Turn one finding of pydantic into a sentence about a key of the file."""
    place: Sequence[str | int] = item["loc"]
    key = shorten(".".join(str(part) for part in place if isinstance(part, str)))
    line = _line(text, place)
    if item["type"] == "extra_forbidden":
        return Problem("unknown key", line, key, None, ", ".join(_known_keys(place)))
    allowed = _ALLOWED.get(next((str(part) for part in reversed(place) if isinstance(part, str)), ""))
    if item["type"] == "missing":
        return Problem("key missing", None, key, None, allowed)
    what = str(item["msg"]).removeprefix("Value error, ")
    return Problem(what[0].lower() + what[1:], line, key, _shown(item["input"]), allowed)


def _shown(value: object) -> str:
    try:
        return shorten(value if isinstance(value, str) else repr(value))
    except ValueError:  # a whole number too long to be written
        return "a number of thousands of digits"


def _line(text: str, place: Sequence[str | int]) -> int | None:
    """Line on which a key stands, as far as it is written in the plain way."""
    keys = [part for part in place if isinstance(part, str)]
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*\[([\w.\"-]+)\]", line)
        if header:
            table = header.group(1)
            if keys == [table]:
                return number
        found = re.match(r"\s*([\w-]+)\s*=", line)
        if found and [*([table] if table else []), found.group(1)] == keys:
            return number
    return None


def _known_keys(place: Sequence[str | int]) -> list[str]:
    tables: dict[str, type[BaseModel]] = {
        "curve": CurveRow,
        "magnetic_moment": MomentRow,
        "statement": StatementRow,
    }
    owner = tables.get(str(place[0]), BoundFile) if len(place) > 1 else BoundFile
    return list(owner.model_fields)
