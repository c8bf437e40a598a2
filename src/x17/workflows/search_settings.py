"""The settings of a search: defaults, a TOML file, `--set` and options, resolved into one object.

Five tables: `[search]` (grids, corrections taken off), `[model]` (choices of the likelihood, and any constant
of the scan's own `[model]` table), `[limit]`, `[sideband]` and `[significance]`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from x17.errors import InputError, Problem, UsageError, did_you_mean
from x17.scan import EnergyScan
from x17.scan.columns import CORRECTIONS
from x17.scan.constants_override import constants_with
from x17.scan.corrections import remove
from x17.scan.metadata_file import ModelRow
from x17.statistics.limit_settings import LimitSettings
from x17.statistics.model_settings import KSource, LineShapeKind, ModelSettings
from x17.statistics.sideband_criteria import SidebandSettings
from x17.statistics.significance_settings import SignificanceSettings
from x17.theory.boson import SpinParity
from x17.workflows.folder_names import folder_name
from x17.workflows.mass_grid import AUTO, COARSE, allowed_masses, masses_of
from x17.workflows.ranges import by_number, by_step

FloatArray = NDArray[np.float64]
Tree = dict[str, dict[str, Any]]

BANKS = Path("results/toybank")
"""Where the toy banks of all scans are by default, each in a folder of its name."""

DEFAULT_COUPLINGS = "1e-4:9.775e-4:40"


@dataclass(frozen=True, slots=True, kw_only=True)
class GridSettings:
    """The table `[search]`.

    Attributes
    ----------
    masses : str
        LO:HI:STEP in MeV, both ends included; `auto` for those of the scan, `coarse` for every other of them
        (`x17.workflows.mass_grid`).
    couplings : str
        LO:HI:N of g_ve, both ends included; the default is the published left-edge grid.
    without : tuple of str
        Corrections to take off the scan before the search.
    """

    masses: str = AUTO
    couplings: str = DEFAULT_COUPLINGS
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSettings:
    """All settings of a search, validated.

    Attributes
    ----------
    search : GridSettings
    model : ModelSettings
    constants : dict
        Constants of the scan's `[model]` table to be replaced.
    limit : LimitSettings
    sideband : SidebandSettings
    significance : SignificanceSettings
    """

    search: GridSettings = field(default_factory=GridSettings)
    model: ModelSettings = field(default_factory=ModelSettings)
    constants: Mapping[str, float | int] = field(default_factory=dict)
    limit: LimitSettings = field(default_factory=LimitSettings)
    sideband: SidebandSettings = field(default_factory=SidebandSettings)
    significance: SignificanceSettings = field(default_factory=SignificanceSettings)

    @property
    def masses(self) -> FloatArray:
        """Boson masses, MeV; those of a scan once `prepared` has seen it."""
        return by_step(self.search.masses, "--masses")

    @property
    def couplings(self) -> FloatArray:
        """Couplings g_ve of the grid."""
        return by_number(self.search.couplings, "--couplings")

    def default_bank(self, scan_name: str) -> Path:
        """Where toys of a scan are kept unless said otherwise; without corrections it is another scan.

        Parameters
        ----------
        scan_name : str

        Returns
        -------
        Path
        """
        return BANKS / folder_name("-without-".join([scan_name, *sorted(self.search.without)]))

    def prepared(self, scan: EnergyScan) -> tuple[EnergyScan, SearchSettings]:
        """The scan as this search takes it, and the settings with what depends on the scan resolved.

        Parameters
        ----------
        scan : EnergyScan

        Returns
        -------
        EnergyScan
            With corrections taken off and constants replaced.
        SearchSettings
            With `model.k_constraint` other than `auto`, and masses as LO:HI:STEP.

        Raises
        ------
        UsageError, InputError
            A correction the scan does not have, or constants that do not fit it.
        """
        for name in self.search.without:
            scan = remove(scan, name)
        if self.constants:
            scan = replace(scan, constants=constants_with(scan.constants, self.constants))
        grid = replace(self.search, masses=masses_of(scan, self.search.masses))
        _check_masses(by_step(grid.masses, "--masses"), scan)
        source = self.model.k_constraint
        if source is KSource.AUTO:
            published = scan.constants.k_constraint is not None and not self.search.without
            source = KSource.PUBLISHED if published else KSource.FROM_SIDEBAND
        return scan, replace(self, search=grid, model=replace(self.model, k_constraint=source))

    def document(self) -> Tree:
        """All settings as a plain tree, for JSON."""
        tree: Tree = {
            "search": asdict(self.search),
            "model": {**asdict(self.model), **self.constants},
            "limit": asdict(self.limit),
            "sideband": asdict(self.sideband),
            "significance": asdict(self.significance),
        }
        for table in tree.values():
            for key, value in table.items():
                if isinstance(value, tuple):
                    table[key] = [list(item) if isinstance(item, tuple) else item for item in value]
        return tree


def _check_masses(masses: FloatArray, scan: EnergyScan) -> None:
    """Refuse masses so far from every energy point that the scan says nothing of them."""
    sqrt_s = scan.search_points().sqrt_s_mev
    low, high = allowed_masses(scan)
    outside = masses[(masses < low) | (masses > high)]
    if outside.size:
        raise UsageError(
            f"a mass of {outside[0]:g} MeV is far from every energy point of {scan.name} "
            f"({sqrt_s.min():.2f} to {sqrt_s.max():.2f} MeV); allowed: {low:.2f} to {high:.2f} MeV"
        )


_TABLES: dict[str, type] = {
    "search": GridSettings,
    "model": ModelSettings,
    "limit": LimitSettings,
    "sideband": SidebandSettings,
    "significance": SignificanceSettings,
}


_QUICK = (("search", "masses"), ("limit", "toys"))
"""Settings that `--quick` changes."""

_CHOICES: dict[str, type[StrEnum]] = {"model.boson": SpinParity, "model.lineshape": LineShapeKind}
"""Settings with an option of their name that is one of several words."""

TABLES = tuple(_TABLES)
"""Names of the tables."""


def known_settings() -> tuple[str, ...]:
    """Every setting as `table.key`."""
    names = [f"{table}.{item.name}" for table, kind in _TABLES.items() for item in fields(kind)]
    return (*names, *(f"model.{key}" for key in ModelRow.model_fields))


def resolve_settings(
    *,
    config: Path | None = None,
    assignments: Sequence[str] = (),
    options: Mapping[str, Any] | None = None,
    quick: bool = False,
    others: Collection[str] = (),
) -> SearchSettings:
    """Put the settings together; later ones win: defaults, quick, file, assignments, options.

    Parameters
    ----------
    config : Path, optional
        TOML file with the tables of this module.
    assignments : sequence of str
        `table.key=value`, the value as in TOML; a bare word is a string.
    options : mapping, optional
        `table.key` to value; None means "not given".
    quick : bool
        Start from a coarser mass grid without toys.
    others : collection of str
        Tables of the file that are not of a search.

    Returns
    -------
    SearchSettings

    Raises
    ------
    UsageError, InputError
        Unknown settings or values that are not allowed, in one message.
    """
    tree: Tree = {table: {} for table in _TABLES}
    if quick:
        tree["search"]["masses"] = COARSE
        tree["limit"]["toys"] = 0
    if config is not None:
        given = {table: entries for table, entries in _read(config).items() if table not in others}
        _merge(tree, given, str(config))
    for text in assignments:
        key, separator, value = text.partition("=")
        if not separator:
            raise UsageError(f"--set {text}: allowed: TABLE.KEY=VALUE, e.g. --set model.k_constraint=free")
        _merge(tree, _nested(key.strip(), _toml_value(value.strip())), f"--set {text}")
    for key, value in (options or {}).items():
        if value is not None:
            _refuse_unknown_choice(key, value)
            _merge(tree, _nested(key, value), key)
    return _validated(tree)


def _refuse_unknown_choice(key: str, value: object) -> None:
    """Refuse an option's value that is none of its choices, by the name of the option."""
    kind = _CHOICES.get(key)
    if kind is not None and value not in list(kind):
        allowed = ", ".join(str(item.value) for item in kind)
        raise UsageError(f"--{key.partition('.')[2]} is {value!r}; allowed: {allowed}")


def quick_note(config: Path | None) -> str | None:
    """Say what of `--quick` a settings file takes back.

    Parameters
    ----------
    config : Path or None
        A file that `resolve_settings` took.

    Returns
    -------
    str or None
        A sentence; None if the file leaves all of it to `--quick`.
    """
    given = {} if config is None else _read(config)
    keys = [f"{table}.{key} = {given[table][key]!r}" for table, key in _QUICK if key in given.get(table, {})]
    return f"{config} wins over --quick: {', '.join(keys)}" if keys else None


def settings_of(document: Mapping[str, Mapping[str, Any]]) -> SearchSettings:
    """Settings from their plain tree; what `SearchSettings.document` gives comes back.

    Parameters
    ----------
    document : mapping

    Returns
    -------
    SearchSettings

    Raises
    ------
    UsageError, InputError
        Unknown settings or values that are not allowed, in one message.
    """
    tree: Tree = {table: {} for table in _TABLES}
    _merge(tree, document, "settings")
    return _validated(tree)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise UsageError(f"--config {path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise InputError(str(path), [Problem(f"not a TOML: {str(error)[:200]}")]) from error


def _toml_value(text: str) -> object:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except ValueError:
        return text


def _nested(key: str, value: object) -> Tree:
    table, dot, name = key.partition(".")
    if not dot or not name:
        raise UsageError(
            f"unknown setting {key!r}; a setting is TABLE.KEY with TABLE one of {', '.join(_TABLES)}"
        )
    return {table: {name: value}}


def _merge(tree: Tree, given: Mapping[str, Any], source: str) -> None:
    known = known_settings()
    problems = []
    for table, entries in given.items():
        if not isinstance(entries, dict):
            problems.append(Problem("not a table", None, str(table), None, ", ".join(_TABLES)))
            continue
        for key, value in entries.items():
            if f"{table}.{key}" not in known:
                mine = [name.partition(".")[2] for name in known if name.startswith(f"{table}.")]
                allowed = ", ".join(mine) if mine else "tables " + ", ".join(_TABLES)
                what = "unknown setting" + (
                    did_you_mean(key, mine) if mine else did_you_mean(f"{table}.{key}", known)
                )
                problems.append(Problem(what, None, f"{table}.{key}", None, allowed))
            else:
                tree[table][key] = value
    if problems:
        raise InputError(source, problems)


def _sentence(text: str) -> str:
    """What pydantic says with a small first letter; letters that are values stay as they are."""
    return text[:1].lower() + text[1:]


def _validated(tree: Tree) -> SearchSettings:
    constants = {key: tree["model"].pop(key) for key in list(tree["model"]) if key in ModelRow.model_fields}
    parts: dict[str, Any] = {}
    problems: list[Problem] = []
    for table, kind in _TABLES.items():
        try:
            parts[table] = TypeAdapter(kind).validate_python(tree[table])
        except ValidationError as error:
            problems += [
                Problem(
                    _sentence(str(item["msg"])),
                    None,
                    ".".join([table, *(str(part) for part in item["loc"])]),
                    str(item["input"])[:80],
                )
                for item in error.errors(include_url=False)
            ]
    if problems:
        raise InputError("settings", problems, "`x17 search --help` names the options.")
    unknown = [name for name in parts["search"].without if name not in CORRECTIONS]
    if unknown:
        raise UsageError(
            f"search.without: unknown correction {unknown[0]!r}; known: {', '.join(CORRECTIONS)}"
        )
    settings = SearchSettings(constants=constants, **parts)
    _ = settings.couplings  # a range that cannot be read is reported here
    if settings.search.masses not in (AUTO, COARSE):
        _ = settings.masses
    return settings
