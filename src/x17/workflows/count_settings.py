"""Every choice of the analysis from clusters to a scan, as tables that a file or `--set` can change."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, get_type_hints

from x17.apparatus.pair_cuts import PairCuts
from x17.apparatus.setup import Setup
from x17.errors import InputError, Problem, UsageError
from x17.reconstruction.angle_windows import AngleWindows
from x17.reconstruction.beam_line_fit import BeamLineSettings
from x17.reconstruction.data_quality import QualitySettings
from x17.reconstruction.flux.settings import FluxSettings
from x17.reconstruction.pair_selection import SelectionSettings
from x17.reconstruction.period_selection import PeriodSettings
from x17.reconstruction.side_bands import SideBands
from x17.reconstruction.tags import TagAndProbeSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanSettings:
    """Choices about the scan that comes out.

    Attributes
    ----------
    normalise : bool
        Scale B by the points below the resonance.
    subtract : bool
        Take the side bands off the counts.
    n_pot_err_added, background_err_added : float
        Relative errors added to those of every point: beam energy; tag and probe, cuts and spot.
    """

    normalise: bool = True
    subtract: bool = True
    n_pot_err_added: float = 0.003
    background_err_added: float = 0.003

    def __post_init__(self) -> None:
        for name in ("n_pot_err_added", "background_err_added"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise UsageError(f"scan.{name} is {getattr(self, name)}; allowed: 0 to 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class CountSettings:
    """All choices of `x17 count`.

    Attributes
    ----------
    cuts : PairCuts
    selection : SelectionSettings
    angles : AngleWindows
    side_bands : SideBands
    tag_and_probe : TagAndProbeSettings
    beam_lines : BeamLineSettings
    flux : FluxSettings
    quality : QualitySettings
    scan : ScanSettings
    """

    cuts: PairCuts
    selection: SelectionSettings
    angles: AngleWindows = field(default_factory=AngleWindows)
    side_bands: SideBands = field(default_factory=SideBands)
    tag_and_probe: TagAndProbeSettings = field(default_factory=TagAndProbeSettings)
    beam_lines: BeamLineSettings = field(default_factory=BeamLineSettings)
    flux: FluxSettings = field(default_factory=FluxSettings)
    quality: QualitySettings = field(default_factory=QualitySettings)
    scan: ScanSettings = field(default_factory=ScanSettings)

    @classmethod
    def of(cls, setup: Setup) -> CountSettings:
        """The choices that a setup names.

        Parameters
        ----------
        setup : Setup

        Returns
        -------
        CountSettings
        """
        return cls(
            cuts=setup.pair_cuts,
            selection=SelectionSettings.of(setup),
            tag_and_probe=TagAndProbeSettings.of(setup),
        )

    @property
    def period(self) -> PeriodSettings:
        """Choices about the events of a period, put together."""
        return PeriodSettings(
            selection=replace(self.selection, cuts=self.cuts),
            bands=replace(self.side_bands, windows=self.angles),
            tags=replace(self.tag_and_probe, windows=self.angles),
            beam_lines=self.beam_lines,
            subtract=self.scan.subtract,
        )

    def document(self) -> dict[str, dict[str, Any]]:
        """All choices as a plain tree, for JSON."""
        return {
            name: {key: _plain(value) for key, value in asdict(getattr(self, name)).items() if key in known}
            for name, known in _KNOWN.items()
        }


_Tree = dict[str, dict[str, tuple[Any, str]]]
"""Values and where they were given, by table and key."""

_KNOWN: dict[str, tuple[str, ...]] = {
    # A part that stands in a table of its own is not a key of another.
    item.name: tuple(inner.name for inner in fields(kind) if inner.name not in ("cuts", "windows"))
    for item, kind in zip(
        fields(CountSettings),
        (
            PairCuts,
            SelectionSettings,
            AngleWindows,
            SideBands,
            TagAndProbeSettings,
            BeamLineSettings,
            FluxSettings,
            QualitySettings,
            ScanSettings,
        ),
        strict=True,
    )
}

TABLES = tuple(_KNOWN)
"""Names of the tables."""


def split_assignments(assignments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Part settings of the counting from those of other tables, such as the search's.

    Parameters
    ----------
    assignments : sequence of str
        `TABLE.KEY=VALUE`.

    Returns
    -------
    counting, others : list of str
    """
    mine = [text for text in assignments if text.partition(".")[0].strip() in _KNOWN]
    return mine, [text for text in assignments if text not in mine]


def resolve_count_settings(
    setup: Setup,
    *,
    config: Path | None = None,
    assignments: Sequence[str] = (),
    others: Collection[str] = (),
) -> CountSettings:
    """Put the settings together; later ones win: setup, file, assignments.

    Parameters
    ----------
    setup : Setup
    config : Path, optional
        TOML with the tables of `CountSettings`.
    assignments : sequence of str
        `TABLE.KEY=VALUE`, the value as in TOML; a bare word is a string.
    others : collection of str
        Tables of the file that are not of the counting.

    Returns
    -------
    CountSettings

    Raises
    ------
    UsageError, InputError
        Unknown settings, or values that are not allowed.
    """
    tree: _Tree = {name: {} for name in _KNOWN}
    if config is not None:
        given = {table: entries for table, entries in _read(config).items() if table not in others}
        _merge(tree, given, str(config))
    for text in assignments:
        key, separator, value = text.partition("=")
        table, dot, name = key.strip().partition(".")
        if not separator or not dot:
            raise UsageError(f"--set {text}: allowed: TABLE.KEY=VALUE, e.g. --set cuts.r_max_mm=250")
        _merge(tree, {table: {name: _value(value.strip())}}, f"--set {text}")
    base = CountSettings.of(setup)
    parts = {name: _changed(getattr(base, name), name, tree[name]) for name in _KNOWN}
    settings = CountSettings(**parts)
    settings.period  # noqa: B018  (windows and side bands that contradict each other are found here)
    return settings


def _read(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise UsageError(f"--config {path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise InputError(str(path), [Problem(f"not a TOML: {str(error)[:200]}")]) from error


def _value(text: str) -> object:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except ValueError:
        return text


def _merge(tree: _Tree, given: Mapping[str, Any], source: str) -> None:
    problems = []
    for table, entries in given.items():
        if table not in _KNOWN or not isinstance(entries, Mapping):
            problems.append(Problem("unknown table", None, str(table), None, ", ".join(_KNOWN)))
            continue
        for key, value in entries.items():
            if key not in _KNOWN[table]:
                problems.append(
                    Problem("unknown setting", None, f"{table}.{key}", None, ", ".join(_KNOWN[table]))
                )
            else:
                tree[table][key] = value, source
    if problems:
        raise InputError(source, problems)


def _changed(part: Any, name: str, values: Mapping[str, tuple[Any, str]]) -> Any:
    """A part with some values replaced, each in the type of the field."""
    kinds = get_type_hints(type(part))
    given = {key: _typed(kinds[key], f"{name}.{key}", *value) for key, value in values.items()}
    try:
        return replace(part, **given) if given else part
    except InputError as error:
        # Parts of an apparatus name themselves as the source; the user gave a setting.
        raise InputError(next(iter(values.values()))[1], error.problems, error.advice) from error


def _typed(kind: Any, name: str, value: Any, source: str) -> Any:
    from pydantic import TypeAdapter, ValidationError

    try:
        # Whole numbers are fine where a number is wanted, a truth value is not.
        if isinstance(value, bool) and kind is not bool:
            raise InputError(source, [Problem("a truth value, not what is wanted", None, name, str(value))])
        if isinstance(value, float) and math.isnan(value):
            raise InputError(source, [Problem("no number", None, name, str(value))])
        return TypeAdapter(kind).validate_python(value)
    except ValidationError as error:
        raise InputError(source, [Problem(error.errors()[0]["msg"], None, name, str(value))]) from error


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
