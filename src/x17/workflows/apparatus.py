"""`x17 apparatus`: a setup as a plain document, as text, and as a picture."""

from __future__ import annotations

import textwrap
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args

from x17.apparatus import Setup, load_setup, two_body
from x17.apparatus.quantity import BeamEnergy, Quantity, SqrtS, shown
from x17.errors import UsageError
from x17.kinematics import beam_energy_mev, sqrt_s_mev

Document = dict[str, Any]

FORMATS = ("png", "svg")
WIDTH = 80
"""Columns of the text."""
_NAME_WIDTH = 28

_HEADS = ("name", "source", "unknown")


def sqrt_s_of(setup: Setup, sqrt_s: float | None = None, energy: float | None = None) -> float:
    """√s from what a user gives: √s itself, a beam energy, or nothing for the setup's own beam energy.

    Parameters
    ----------
    setup : Setup
    sqrt_s, energy : float, optional
        MeV; at most one of them.

    Returns
    -------
    float
        MeV.

    Raises
    ------
    UsageError
        Both given, or one out of range.
    """
    if sqrt_s is not None and energy is not None:
        raise UsageError("--sqrt-s and --energy are both given; allowed: one of them")
    if sqrt_s is not None:
        return _in_range("--sqrt-s", sqrt_s, SqrtS)
    given = setup.beam.energy_mev if energy is None else _in_range("--energy", energy, BeamEnergy)
    return float(sqrt_s_mev(given))


def _in_range(option: str, value: float, kind: Any) -> float:
    quantity: Quantity = get_args(kind)[1]
    if not quantity.allows(value):
        raise UsageError(f"{option} {value:g}; allowed: {quantity.allowed}")
    return value


def apparatus_document(name: str, sqrt_s: float | None = None, energy: float | None = None) -> Document:
    """A setup with what follows from it at one energy.

    Parameters
    ----------
    name : str
        A shipped setup or a file.
    sqrt_s, energy : float, optional
        MeV; at most one of them. Without, the setup's own beam energy.

    Returns
    -------
    dict
        `n_cells`, `n_dead`, `r_min_mm`, `r_max_mm`, `beam_energy_mev` and more; under the name of each
        table its fields, None for a part that is not there.

    Raises
    ------
    UsageError, InputError
        A setup or an energy that cannot be used.
    """
    setup = load_setup(name)
    root_s = sqrt_s_of(setup, sqrt_s, energy)
    beam_energy, r_min = float(beam_energy_mev(root_s)), float(setup.r_min_mm(root_s))
    n_cells, n_dead = len(setup.calorimeter.cells), int(setup.calorimeter.cells.dead.sum())
    derived = {
        "sqrt_s_mev": root_s,
        "beam_energy_mev": beam_energy,
        "beam_energy_sigma_mev": setup.beam.energy_spread * beam_energy,
        "gamma": float(two_body.gamma(root_s)),
        "positrons_per_s": setup.beam.positrons_per_s,
        "hours_for_1e10_positrons": setup.beam.hours_for(1e10),
        "electrons_per_cm2": setup.target.slab.electrons_per_cm2,
        "n_cells": n_cells,
        "n_dead": n_dead,
        "distance_mm": setup.distance_mm,
        "lever_arm_mm": setup.lever_arm_mm,
        "r_min_mm": r_min,
        "r_min_lowered_mm": r_min - setup.pair_cuts.margin_mm,
        "r_max_mm": setup.pair_cuts.r_max_mm,
        "e_min_mev": float(setup.e_min_mev(root_s)),
        "e_max_mev": float(setup.e_max_mev(root_s)),
        "bore_shadow_mm": list(setup.bore_shadow_mm),
        "n_periods": len(setup.run_plan),
        "n_pot_total": float(setup.run_plan.n_pot.sum()),
    }
    named = {"name": setup.name, "source": setup.source, "unknown": list(setup.unknown)}
    return named | derived | {table: _plain(getattr(setup, table)) for table in _tables(setup)}


def _tables(setup: Setup) -> list[str]:
    return [item.name for item in fields(setup) if item.name not in _HEADS]


def _plain(value: Any) -> Any:
    """Parts as dictionaries of the fields that a file has, tuples as lists."""
    if is_dataclass(value):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value) if item.init}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def apparatus_text(document: Document) -> str:
    """A document as text of at most 80 columns; the names carry the units.

    Parameters
    ----------
    document : dict
        From `apparatus_document`.

    Returns
    -------
    str
        Ends in a newline.
    """
    parts = {key: value for key, value in document.items() if isinstance(value, dict)}
    lines = [shown(document["name"]), *textwrap.wrap(document["source"], WIDTH), ""]
    lines += [
        _line(key, value)
        for key, value in document.items()
        if key not in _HEADS and key not in parts and value is not None
    ]
    for table, part in parts.items():
        marked = {key: f"{key} ?" if f"{table}.{key}" in document["unknown"] else key for key in part}
        lines += ["", f"[{table}]", *(_line(marked[key], value) for key, value in part.items())]
    absent = [key for key, value in document.items() if value is None]
    lines += ["", f"not there: {', '.join(absent)}"] if absent else []
    if document["unknown"]:
        lines += ["", "?: not known, the setup file says what stands in"]
    return "\n".join(lines) + "\n"


def _line(key: str, value: object) -> str:
    """A name and its value; a list too long for the line is counted."""
    if isinstance(value, list):
        text = ", ".join(_text(item) for item in value)
        text = text if len(text) <= WIDTH - _NAME_WIDTH - 3 else f"{len(value)} entries"
    else:
        text = _text(value)
    return f"  {key:{_NAME_WIDTH}s} {text}"


def _text(value: object) -> str:
    if value is None:
        return "not given"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.6g}" if isinstance(value, float) else shown(value)


def draw_apparatus(name: str, out: Path, sqrt_s: float | None = None, energy: float | None = None) -> Path:
    """Draw the face of a setup's calorimeter into a file.

    Parameters
    ----------
    name : str
        A shipped setup or a file.
    out : Path
        Ends in .png or .svg; its folder is there.
    sqrt_s, energy : float, optional
        As for `apparatus_document`.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    UsageError, InputError
        A setup, an energy or a file name that cannot be used.
    """
    from x17.report.figure_files import save_figure
    from x17.report.figures.calorimeter_face import draw_calorimeter_face

    kind = out.suffix.removeprefix(".").lower()
    if kind not in FORMATS:
        raise UsageError(f"--out {out}; allowed: a name that ends in {' or '.join('.' + f for f in FORMATS)}")
    if not out.parent.is_dir():
        raise UsageError(f"--out {out}: there is no folder {out.parent}; make it first")
    setup = load_setup(name)
    figure = draw_calorimeter_face(setup, sqrt_s_of(setup, sqrt_s, energy))
    (path,) = save_figure(figure, out.parent, out.stem, (kind,))
    return path
