"""Reading the TOML of a setup: the file boundary, where pydantic checks keys and types."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from x17.apparatus.plan_checks import plan_problems
from x17.apparatus.quantity import BeamEnergy, Part, per_class, quantities, range_problems, shown
from x17.apparatus.run_plan import Period
from x17.apparatus.setup import Setup
from x17.errors import InputError, Problem
from x17.kinematics import sqrt_s_mev

ADVICE = "The keys of a setup file are in docs/reference/setup-files.md."

Values = dict[str, Any]


def parse_setup(source: str, content: bytes) -> Setup:
    """Make a setup from the bytes of its file.

    Parameters
    ----------
    source : str
        The file, as the user named it.
    content : bytes
        UTF-8, with or without a byte order mark.

    Returns
    -------
    Setup

    Raises
    ------
    InputError
        Not a TOML, unknown or missing keys, values of another type or out of range, and parts that
        contradict each other: all that can be found at once.
    """
    problems: list[Problem] = []
    setup = _build(Setup, _read_toml(source, content), "", problems)
    if problems or setup is None:
        raise InputError(source, problems, ADVICE)
    assert isinstance(setup, Setup)
    if problems := plan_problems(setup):
        raise InputError(source, problems, ADVICE)
    return setup


def _read_toml(source: str, content: bytes) -> Values:
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problem = Problem("not UTF-8 text", line, None, f"byte 0x{content[error.start]:02x}")
        raise InputError(source, [problem], ADVICE) from error
    except RecursionError as error:
        raise InputError(source, [Problem("nested too deeply")], ADVICE) from error
    except ValueError as error:  # TOMLDecodeError, and whole numbers of thousands of digits
        raise InputError(source, [Problem(f"not a TOML: {str(error)[:200]}")], ADVICE) from error


def _build(part: type[Any], values: Values, prefix: str, problems: list[Problem]) -> Part | None:
    """Make a part from its table; None, with the reasons added to `problems`, if that fails."""
    known = len(problems)
    inner = _parts(part)
    arguments = _checked(part, {k: v for k, v in values.items() if k not in inner}, prefix, problems)
    for item in fields(part):
        if item.name in inner and item.name in values:
            arguments[item.name] = _build_inner(
                inner[item.name], values[item.name], prefix + item.name, problems
            )
        elif item.name in inner and item.default is MISSING and item.default_factory is MISSING:
            problems.append(Problem("table missing", None, prefix + item.name))
    if len(problems) > known:
        return None
    try:
        made: Part = part(**arguments)
        return made
    except InputError as error:
        problems += _prefixed(error.problems, prefix)
        return None


def _build_inner(part: type[Any], given: object, key: str, problems: list[Problem]) -> Any:
    """Make a part, or a tuple of them from a list of tables."""
    if part is Period:
        if isinstance(given, list) and all(isinstance(row, dict) for row in given):
            rows = [(row, f"{key}[{k}].") for k, row in enumerate(given)]
            return tuple(
                _build(part, _with_sqrt_s(row, place, problems), place, problems) for row, place in rows
            )
        problems.append(Problem("not a list of tables", None, key, shown(given)))
    elif isinstance(given, dict):
        return _build(part, given, f"{key}.", problems)
    else:
        problems.append(Problem("not a table", None, key, shown(given)))
    return None


def _checked(part: type[Any], values: Values, prefix: str, problems: list[Problem]) -> Values:
    """Check keys, types and ranges of one table, the parts inside it left out."""
    try:
        model = _model(part).model_validate(values)
    except ValidationError as error:
        found: list[Values] = [dict(item) for item in error.errors(include_url=False)]
        problems += [_problem_of(part, item, prefix) for item in found]
        wrong = {item["loc"][0] for item in found}
        sound = {name: value for name, value in values.items() if name not in wrong}
    else:
        sound = {name: _as_tuple(getattr(model, name)) for name in model.model_fields_set}
    problems += _prefixed(range_problems(part, sound), prefix)
    return sound


def _with_sqrt_s(row: Values, prefix: str, problems: list[Problem]) -> Values:
    """Replace the beam energy of a period by its √s."""
    if "beam_energy_mev" not in row:
        return row
    key, energy = f"{prefix}beam_energy_mev", row["beam_energy_mev"]
    rest = {name: value for name, value in row.items() if name != "beam_energy_mev"}
    (quantity,) = get_args(BeamEnergy)[1:]
    if "sqrt_s_mev" in row:
        problems.append(Problem("given besides sqrt_s_mev", None, key, shown(energy), "one of the two"))
    elif isinstance(energy, bool) or not isinstance(energy, int | float) or not quantity.allows(energy):
        problems.append(Problem("not a beam energy", None, key, shown(energy), quantity.allowed))
        return rest | {"sqrt_s_mev": 17.0}  # said already: the rest of the row is checked with a stand-in
    else:
        return rest | {"sqrt_s_mev": float(sqrt_s_mev(energy))}
    return rest


def _prefixed(problems: tuple[Problem, ...] | list[Problem], prefix: str) -> list[Problem]:
    return [Problem(p.what, p.line, f"{prefix}{p.column}", p.value, p.allowed) for p in problems]


def _as_tuple(value: object) -> object:
    return tuple(_as_tuple(item) for item in value) if isinstance(value, list) else value


def _problem_of(part: type[Any], item: Values, prefix: str) -> Problem:
    """Turn one finding of pydantic into a sentence about a key of the file."""
    place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in item["loc"])
    key = shown(prefix + place.lstrip("."))
    if item["type"] == "extra_forbidden":
        return Problem("unknown key", None, key, None, ", ".join(_file_keys(part)))
    quantity = quantities(part).get(str(item["loc"][0]))
    allowed = quantity.allowed if quantity else None
    if item["type"] == "missing":
        return Problem("key missing", None, key, None, allowed)
    what = str(item["msg"]).removeprefix("Input ")
    return Problem(what, None, key, shown(item["input"]), allowed)


def _file_keys(part: type[Any]) -> list[str]:
    names = [item.name for item in fields(part) if item.init]
    return [*names, "beam_energy_mev"] if part is Period else names


@per_class
def _parts(part: type[Any]) -> Mapping[str, type[Part]]:
    """Fields of a part that are parts themselves, or tuples of them."""
    found = {}
    for name, hint in get_type_hints(part).items():
        for kind in (hint, *get_args(hint)):
            if isinstance(kind, type) and issubclass(kind, Part):
                found[name] = kind
    return found


@per_class
def _model(part: type[Any]) -> type[BaseModel]:
    """A pydantic model of a part's plain fields: no unknown keys, other types, NaN or infinity."""
    hints = get_type_hints(part)
    rows: Values = {}
    for item in fields(part):
        if item.init and item.name not in _parts(part):
            rows[item.name] = (_as_in_toml(hints[item.name]), ... if item.default is MISSING else None)
    config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
    return create_model(part.__name__, __config__=config, **rows)


def _as_in_toml(hint: Any) -> Any:
    """The type that TOML has for a field: its lists are our tuples."""
    if get_origin(hint) is not tuple:
        return hint
    arguments = get_args(hint)
    # A type made at run time, for pydantic to read: mypy knows only those that are written out.
    elements = list[_as_in_toml(arguments[0])]  # type: ignore[misc, valid-type]
    if arguments[-1] is Ellipsis:
        return elements
    return Annotated[elements, Field(min_length=len(arguments), max_length=len(arguments))]
