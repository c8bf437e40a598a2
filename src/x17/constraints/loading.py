"""Loading bounds: those that ship with the package, and files of a user."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from x17.constants import ELEMENTARY_CHARGE
from x17.constraints import data
from x17.constraints.bound import Bound, Statement
from x17.constraints.bound_file import ADVICE, BoundFile, parse_bound_file
from x17.constraints.couplings import Probe
from x17.constraints.curve import Curve
from x17.constraints.curve_file import parse_curve
from x17.constraints.magnetic_moment import Lepton
from x17.constraints.moment_measurement import MomentMeasurement, MomentRule
from x17.errors import InputError, Problem, UsageError
from x17.theory.boson import SpinParity

LARGEST_FILE = 1_000_000
"""Bytes a file may have; the shipped ones have about a thousand."""


def shipped_bounds() -> tuple[Bound, ...]:
    """The bounds that ship with the package.

    Returns
    -------
    tuple of Bound
        In the order of `x17.constraints.data.ORDER`.
    """
    folder = files(data)
    bounds = []
    for key in data.ORDER:
        table = folder / f"{key}.csv"
        curve = table.read_bytes() if table.is_file() else None
        bounds.append(parse_bound(key, key, (folder / f"{key}.toml").read_bytes(), curve))
    return tuple(bounds)


def load_bound(path: Path) -> Bound:
    """Load a bound from a user's files.

    Parameters
    ----------
    path : Path
        Its TOML; a curve is in the CSV of the same stem beside it. The CSV may be named instead.

    Returns
    -------
    Bound
        Its key is the stem.

    Raises
    ------
    UsageError
        No such file.
    InputError
        Files that cannot be used, with all of their problems.
    """
    settings, table = path.with_suffix(".toml"), path.with_suffix(".csv")
    if path.suffix not in (".toml", ".csv"):
        raise UsageError(f"--add {path}: name the .toml of a bound. {ADVICE}")
    if not settings.is_file():
        raise UsageError(f"--add {path}: there is no file {settings}. {ADVICE}")
    curve = _read(table) if table.is_file() else None
    return parse_bound(path.stem, str(settings), _read(settings), curve)


def all_bounds(added: Sequence[Path] = ()) -> tuple[Bound, ...]:
    """Shipped bounds and those of a user; one of a user replaces the shipped one of the same key.

    Parameters
    ----------
    added : sequence of Path

    Returns
    -------
    tuple of Bound

    Raises
    ------
    UsageError, InputError
        Files that cannot be used.
    """
    bounds = {bound.key: bound for bound in shipped_bounds()}
    for path in added:
        bound = load_bound(path)
        bounds[bound.key] = bound
    return tuple(bounds.values())


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise InputError(str(path), [Problem(f"cannot be read: {error.strerror}")]) from error
    if len(content) > LARGEST_FILE:
        raise InputError(str(path), [Problem("larger than 1 MB")], ADVICE)
    return content


def parse_bound(key: str, source: str, settings: bytes, table: bytes | None) -> Bound:
    """Make a bound of the bytes of its files.

    Parameters
    ----------
    key, source : str
        Short name, and the file as the user named it.
    settings : bytes
        TOML.
    table : bytes or None
        CSV, if there is one.

    Returns
    -------
    Bound

    Raises
    ------
    InputError
        Problems of both files at once.
    """
    file, problems = parse_bound_file(settings)
    wants_curve = file.curve is not None if file else table is not None
    curve = None
    if wants_curve and table is None:
        problems.append(Problem(f"a curve without its table: {key}.csv is missing", None, "curve"))
    elif wants_curve and table is not None:
        epsilon = file is not None and file.curve is not None and file.curve.coupling == "epsilon"
        curve, found = parse_curve(table, ELEMENTARY_CHARGE if epsilon else 1.0)
        problems += [Problem(f"{key}.csv: {p.what}", p.line, p.column, p.value, p.allowed) for p in found]
    if problems or file is None:
        raise InputError(source, problems, ADVICE)
    return _bound(key, file, curve)


def _bound(key: str, file: BoundFile, curve: Curve | None) -> Bound:
    return Bound(
        key=key,
        label=file.label,
        reference=file.reference,
        confidence=file.confidence,
        spin_parities=tuple(SpinParity(letter) for letter in file.bosons),
        rule=_rule(file, curve),
        probe=Probe(file.probes),
        read_at_source=file.read_at_source,
        origin=file.origin,
        assumptions=file.assumptions,
        note=file.note,
        used=file.used,
        why_not=file.why_not_used,
    )


def _rule(file: BoundFile, curve: Curve | None) -> Curve | MomentMeasurement | Statement:
    if file.magnetic_moment is not None:
        row = file.magnetic_moment
        return MomentMeasurement(
            Lepton(row.lepton), row.deviation, row.error, row.n_sigma, MomentRule(row.rule)
        )
    if file.statement is not None:
        return Statement(file.statement.low_mev, file.statement.high_mev, file.statement.excludes)
    assert curve is not None, "the file has one of the three tables"
    return curve
