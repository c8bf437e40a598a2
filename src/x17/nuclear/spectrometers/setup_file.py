"""Reading the TOML of a spectrometer: the file boundary, where pydantic checks keys, types and ranges."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from x17.errors import InputError, Problem, UsageError
from x17.nuclear.spectrometers.spectrometer import Arms, PairWindow, Response, Spectrometer
from x17.nuclear.transitions.reactions import REACTIONS

ADVICE = "The keys of a spectrometer's file are in docs/how-to/plan-a-pair-spectrometer.md."
_LARGEST_FILE = 100_000

Length = Annotated[float, Field(gt=0.0, le=1e4)]
Width = Annotated[float, Field(ge=0.0, le=1e4)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Azimuth = Annotated[float, Field(ge=-360.0, le=360.0)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class _Arms(_Strict):
    azimuth_deg: Annotated[list[Azimuth], Field(min_length=2, max_length=64)]
    polar_deg: Annotated[float, Field(gt=0.0, lt=180.0)] = 90.0
    distance_mm: Length
    width_mm: Length
    height_mm: Length
    position_sigma_mm: Width
    scatterer_x0: Annotated[float, Field(ge=0.0, le=1.0)]
    scatterer_distance_mm: Width
    energy_stochastic: Share
    energy_constant: Share
    spot_sigma_mm: Width


class _Response(_Strict):
    angle_sigma_deg: Annotated[float, Field(ge=0.0, le=90.0)]
    energy_sum_sigma_mev: Annotated[float, Field(ge=0.0, le=20.0)]
    efficiency_internal: Share
    efficiency_external: Share
    efficiency_boson: Share


class _PairWindow(_Strict):
    least_energy_mev: Annotated[float, Field(ge=0.0, le=50.0)]
    energy_sum_window_mev: Annotated[float, Field(gt=0.0, le=100.0)]
    largest_asymmetry: Annotated[float, Field(gt=0.0, le=1.0)]


class _File(_Strict):
    name: str
    title: str
    source: str
    targets: list[str]
    proposed: bool = True
    unknown: list[str] = []
    pair_window: _PairWindow
    arms: _Arms | None = None
    response: _Response | None = None


def spectrometer_names() -> tuple[str, ...]:
    """Names of the shipped spectrometers, in alphabetical order.

    Returns
    -------
    tuple of str
    """
    found = (item.name for item in _folder().iterdir() if item.name.endswith(".toml"))
    return tuple(sorted(name.removesuffix(".toml") for name in found))


def _folder() -> Any:
    return files("x17.nuclear.spectrometers").joinpath("setups")


def load_spectrometer(name_or_path: str | Path) -> Spectrometer:
    """Load a spectrometer.

    Parameters
    ----------
    name_or_path : str or Path
        Name of a shipped one, or path of a TOML.

    Returns
    -------
    Spectrometer

    Raises
    ------
    UsageError
        No shipped spectrometer and no file of this name.
    InputError
        A file that cannot be used, with all of its problems.
    """
    name = str(name_or_path)
    if name in spectrometer_names():
        shipped = _folder().joinpath(f"{name}.toml")
        return parse_spectrometer(shipped.name, shipped.read_bytes())
    path = Path(name)
    try:
        if not path.is_file():
            raise UsageError(
                f"{name[:200]!r} is neither a file nor a shipped spectrometer; "
                f"shipped: {', '.join(spectrometer_names())}"
            )
        content = path.read_bytes()[: _LARGEST_FILE + 1]
    except (OSError, ValueError) as error:
        raise InputError(name[:200], [Problem(f"cannot be read: {error}")]) from error
    if len(content) > _LARGEST_FILE:
        raise InputError(name, [Problem("larger than 100 kB")], ADVICE)
    return parse_spectrometer(name, content)


def parse_spectrometer(source: str, content: bytes) -> Spectrometer:
    """Make a spectrometer from the bytes of its file.

    Parameters
    ----------
    source : str
        The file, as the user named it.
    content : bytes
        UTF-8.

    Returns
    -------
    Spectrometer

    Raises
    ------
    InputError
        Not a TOML, unknown or missing keys, values of another type or out of range.
    """
    try:
        table = tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InputError(source, [Problem(f"not a TOML: {str(error)[:200]}")], ADVICE) from error
    try:
        model = _File.model_validate(table)
    except ValidationError as error:
        raise InputError(source, [_problem(dict(item)) for item in error.errors()], ADVICE) from error
    problems = [
        Problem("unknown target", None, "targets", target, ", ".join(REACTIONS))
        for target in model.targets
        if target not in REACTIONS
    ]
    problems += [
        Problem("no such key", None, "unknown", key) for key in model.unknown if not _has(table, key)
    ]
    if model.arms is not None and model.response is not None:
        problems.append(Problem("both tables", None, "arms, response", None, "one of them"))
    if problems:
        raise InputError(source, problems, ADVICE)
    return _made(model)


def _has(table: dict[str, Any], key: str) -> bool:
    """Whether a key is in the file; a placeholder may name a table that it lacks."""
    head, _, tail = key.partition(".")
    return key in ("arms", "response") or (isinstance(table.get(head), dict) and tail in table[head])


def _problem(item: dict[str, Any]) -> Problem:
    key = ".".join(str(step) for step in item["loc"])
    if item["type"] == "missing":
        return Problem("key missing", None, key)
    if item["type"] == "extra_forbidden":
        return Problem("unknown key", None, key)
    return Problem(str(item["msg"]).removeprefix("Input "), None, key, str(item["input"])[:40])


def _made(model: _File) -> Spectrometer:
    arms = None
    if model.arms is not None:
        values = model.arms.model_dump()
        arms = Arms(**values | {"azimuth_deg": tuple(values["azimuth_deg"])})
    return Spectrometer(
        model.name,
        model.title,
        model.source,
        tuple(model.targets),
        model.proposed,
        tuple(model.unknown),
        PairWindow(**model.pair_window.model_dump()),
        arms,
        None if model.response is None else Response(**model.response.model_dump()),
    )
