"""Reading the TOML of a scan: the file boundary, where pydantic checks keys and types."""

import tomllib
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from x17.errors import InputError, Problem
from x17.scan.table_checks import shorten

ADVICE = "The keys of a scan's TOML are in docs/reference/scan-files.md."

Positive = Annotated[float, Field(gt=0, le=1e6)]
Relative = Annotated[float, Field(gt=0, le=0.5)]
AddedError = Annotated[float, Field(ge=0, le=1)]
Whole = Annotated[int, Field(ge=-(10**9), le=10**9)]
K_KEYS = ("k_constant", "k_constant_err", "k_slope_per_mev", "k_slope_err", "k_correlation")


class _Strict(BaseModel):
    """Refuses unknown keys, other types, NaN and infinities."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)


class ModelRow(_Strict):
    """The table ``[model]``; a key left out is None, and the caller puts its default."""

    signal_yield_mev: Positive | None = None
    signal_yield_err: Positive | None = None
    lorentz_half_width_mev: Positive | None = None
    lorentz_half_width_err: Positive | None = None
    beam_energy_spread: Relative | None = None
    beam_energy_spread_err: Relative | None = None
    k_constant: Annotated[float, Field(gt=0, le=1e6)] | None = None
    k_constant_err: Positive | None = None
    k_slope_per_mev: Annotated[float, Field(ge=-1e6, le=1e6)] | None = None
    k_slope_err: Positive | None = None
    k_correlation: Annotated[float, Field(ge=-0.999, le=0.999)] | None = None
    center_sqrt_s_mev: Positive | None = None
    electron_mass_mev: Annotated[float, Field(ge=1e-3, le=1e3)] | None = None
    binding_energy_mev: Annotated[float, Field(ge=-0.0005, le=0.0005)] | None = None
    n_pot_err_added: AddedError | None = None
    background_err_added: AddedError | None = None
    window_size: Annotated[int, Field(ge=1, le=10_000)] | None = None
    largest_cos_theta: Annotated[float, Field(gt=0.0, lt=1.0)] | None = None

    @model_validator(mode="after")
    def _k_complete(self) -> "ModelRow":
        missing = [key for key in K_KEYS if getattr(self, key) is None]
        if missing and len(missing) < len(K_KEYS):
            raise ValueError(f"the constraint on K needs all five of its keys; missing: {', '.join(missing)}")
        return self


class ScanPartRow(_Strict):
    """One ``[[scan_parts]]``."""

    value: Whole
    used: bool
    reason: str


class RepairRow(_Strict):
    """One ``[[repairs]]``."""

    period: Whole
    column: Literal["signal_efficiency"]
    method: Literal["ratio-line"]
    fit_scan_part: Whole
    reason: str


class BudgetRow(_Strict):
    """One ``[[error_budget]]``."""

    quantity: str
    source: str
    percent: Annotated[float, Field(ge=0, le=1000)]
    kind: Literal["point", "common"]


class MetadataFile(_Strict):
    """All of a scan's TOML."""

    name: str | None = None
    source: str = ""
    normalisation: str = ""
    notes: list[str] = []
    applied_corrections: list[Literal["brems_subtraction", "energy_loss", "ageing"]] | None = None
    scan_parts: list[ScanPartRow] | None = None
    repairs: list[RepairRow] = []
    # "model_" is a prefix that pydantic keeps for itself, hence the alias.
    constants: ModelRow | None = Field(default=None, alias="model")
    error_budget: list[BudgetRow] = []


def parse_metadata(source: str, content: bytes) -> MetadataFile:
    """Read a scan's TOML from the bytes of its file.

    Parameters
    ----------
    source : str
        The file, as the user named it.
    content : bytes
        UTF-8, with or without a byte order mark.

    Returns
    -------
    MetadataFile

    Raises
    ------
    InputError
        Not a TOML, unknown keys, or values of another type or size, all at once.
    """
    try:
        data = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problem = Problem("not UTF-8 text", line, None, f"byte 0x{content[error.start]:02x}")
        raise InputError(source, [problem], ADVICE) from error
    except RecursionError as error:
        raise InputError(source, [Problem("nested too deeply")], ADVICE) from error
    except ValueError as error:  # TOMLDecodeError, and whole numbers of thousands of digits
        raise InputError(source, [Problem(f"not a TOML: {str(error)[:200]}")], ADVICE) from error
    try:
        return MetadataFile.model_validate(data)
    except ValidationError as error:
        found = error.errors(include_url=False)
        raise InputError(source, [problem_of(dict(item)) for item in found], ADVICE) from error


def problem_of(item: dict[str, Any]) -> Problem:
    """Turn one finding of pydantic into a sentence about a key of the file."""
    place: Sequence[str | int] = item["loc"]
    key = _key(place)
    if item["type"] == "extra_forbidden":
        return Problem("unknown key", None, key, None, ", ".join(_known_keys(place)))
    if item["type"] == "missing":
        return Problem("key missing", None, key)
    what = str(item["msg"]).removeprefix("Value error, ")
    return Problem(what[0].lower() + what[1:], None, key or None, shorten(_show(item["input"])))


def _key(place: Sequence[str | int]) -> str:
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{shorten(part)}"
    return text.lstrip(".")


def _show(value: object) -> str:
    try:
        return value if isinstance(value, str) else repr(value)
    except ValueError:  # a whole number too long to be written
        return "a number of thousands of digits"


def _known_keys(place: Sequence[str | int]) -> list[str]:
    tables: dict[str, type[BaseModel]] = {
        "model": ModelRow,
        "scan_parts": ScanPartRow,
        "repairs": RepairRow,
        "error_budget": BudgetRow,
    }
    owner = tables.get(str(place[0]), MetadataFile) if len(place) > 1 else MetadataFile
    return [item.alias or name for name, item in owner.model_fields.items()]
