"""What a run to be projected is made of: a scan or a setup, its yields, and changes to its points."""

from __future__ import annotations

import csv
import math
import shlex
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from x17.apparatus import Setup, load_setup, setups
from x17.constants import PUBLISHED_ELECTRON_MASS_MEV
from x17.errors import InputError, Problem, UsageError
from x17.projection.machine import Machine
from x17.projection.planned_points import (
    PlannedPoints,
    at_half_step,
    even_points,
    points_of_scan,
    points_of_setup,
)
from x17.projection.projected_scan import RunDesign
from x17.projection.yield_lines import (
    YieldLines,
    electrons_ratio,
    lines_of_scan,
    lines_of_setup,
    lines_of_theory,
    lines_of_yields,
)
from x17.scan import EnergyScan, datasets
from x17.scan.model_constants import KConstraint, ModelConstants
from x17.workflows.expect import TABLE
from x17.workflows.ranges import by_number
from x17.workflows.scan_constants import model_constants

FloatArray = NDArray[np.float64]

PUBLISHED = "padme-run3"
"""The scan, and the setup, that yields of other setups are scaled from."""

_SYSTEMATICS = "systematics.toml"
"""The errors of a run beside its setup, as the example has them."""

_NEAR_MEV = 1.0

STEPS = ("same", "half")
_NEEDED = (
    "sqrt_s_mev",
    "background_per_pot",
    "background_err_raw",
    "signal_efficiency",
    "signal_efficiency_err",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignRequest:
    """Which run is to be projected.

    Attributes
    ----------
    statistics : float
        Factor on the positrons of all points together.
    step : str
        `same`, or `half`: a point in the middle of each gap.
    expected : str or None
        Folder of `x17 expect`, for a setup.
    energies : str or None
        LO:HI:N, beam energies in MeV in the place of those of the source.
    positrons : float or None
        On target, of all points together; with `energies`.
    spread : float or None
        Relative beam energy spread, in the place of the source's.

    Raises
    ------
    UsageError
        A number outside its range, or options that do not go together.
    """

    statistics: float = 1.0
    step: str = "same"
    expected: str | None = None
    energies: str | None = None
    positrons: float | None = None
    spread: float | None = None

    def __post_init__(self) -> None:
        if not 1e-3 <= self.statistics <= 1e6:
            raise UsageError(f"--statistics is {self.statistics:g}; allowed: 0.001 to 1e6, e.g. 4")
        if self.step not in STEPS:
            raise UsageError(f"--step is {self.step!r}; allowed: {', '.join(STEPS)}")
        if (self.energies is None) != (self.positrons is None):
            raise UsageError("--energies and --positrons go together: where, and how many positrons in all")
        if self.positrons is not None and not 1.0 <= self.positrons <= 1e20:
            raise UsageError(f"--positrons is {self.positrons:g}; allowed: 1 to 1e20, all points together")
        if self.spread is not None and not 1e-5 <= self.spread <= 0.1:
            raise UsageError(f"--spread is {self.spread:g}; allowed: 1e-5 to 0.1, e.g. 0.0025")


def design_of(name: str, request: DesignRequest) -> RunDesign:
    """Make the run that is to be projected.

    Parameters
    ----------
    name : str
        A shipped scan or setup, the CSV of a scan, or the TOML of either. A name of both is the scan, unless
        yields of a simulation are given.
    request : DesignRequest

    Returns
    -------
    RunDesign

    Raises
    ------
    X17Error
        Nothing of that name, or a run that the beam cannot make.
    """
    _check_name(name)
    if _is_setup(name, request):
        setup = load_setup(name)
        points = _chosen(request) or points_of_setup(setup)
        machine, title = Machine.of_setup(setup), setup.name
        constants = _constants(setup, points)
        mass = constants.electron_mass_mev
        points = _chosen(request, mass) or replace(points, electron_mass_mev=mass)
    else:
        if request.expected is not None:
            raise UsageError(f"--expected goes with a setup; {name} is a scan and has its own yields")
        scan = EnergyScan.load(name)
        setup = None
        mass = scan.constants.electron_mass_mev
        points = _chosen(request, mass) or replace(points_of_scan(scan), electron_mass_mev=mass)
        machine = Machine().with_energies(points_of_scan(scan).beam_energy_mev)
        constants, title = scan.constants, scan.name
    machine.refuse_unreachable(points.beam_energy_mev, "--energies" if request.energies else name)
    lines = lines_of_scan(scan) if setup is None else _lines(setup, points, request, constants)
    if request.step == "half":
        points = at_half_step(points)
    if request.spread is not None:
        constants = replace(constants, beam_energy_spread=request.spread)
    return RunDesign(_title(title, request), points.times(request.statistics), lines, constants)


def _check_name(name: str) -> None:
    if name in setups.names() or name in datasets.names() or Path(name).is_file():
        return
    raise UsageError(
        f"{name[:200]!r} is neither a file nor shipped; shipped setups: {', '.join(setups.names())}; "
        f"shipped scans: {', '.join(datasets.names())}"
    )


def _is_setup(name: str, request: DesignRequest) -> bool:
    if name in setups.names() and (name not in datasets.names() or request.expected is not None):
        return True
    if name in datasets.names() or not name.endswith(".toml"):
        return False
    try:
        tree = tomllib.loads(Path(name).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return False  # whoever loads a scan says what is wrong
    return "beam" in tree and "calorimeter" in tree


def _chosen(
    request: DesignRequest, electron_mass: float = PUBLISHED_ELECTRON_MASS_MEV
) -> PlannedPoints | None:
    if request.energies is None or request.positrons is None:
        return None
    return even_points(by_number(request.energies, "--energies"), request.positrons, electron_mass)


def as_published(sqrt_s: FloatArray) -> bool:
    """Whether energies are those of PADME Run III, so that what it published says something of them.

    Parameters
    ----------
    sqrt_s : ndarray
        MeV.

    Returns
    -------
    bool
        All within 1 MeV of the points that it searched.
    """
    known = EnergyScan.load(PUBLISHED).search_points().sqrt_s_mev
    return bool(sqrt_s.min() > known.min() - _NEAR_MEV and sqrt_s.max() < known.max() + _NEAR_MEV)


def named_systematics(name: str | None, points: PlannedPoints, setup: str) -> str:
    """The systematic errors of a run: those that are named, or PADME Run III's at its energies.

    Parameters
    ----------
    name : str or None
        A shipped file's name, `none`, or a TOML.
    points : PlannedPoints
    setup : str
        What the run is of, as it was named; a `systematics.toml` beside that file is offered, never taken.

    Returns
    -------
    str

    Raises
    ------
    UsageError
        None are named, and the run is at other energies.
    """
    if name is None and not as_published(points.sqrt_s_mev):
        beside = Path(setup).with_name(_SYSTEMATICS)
        start = (
            f"{_SYSTEMATICS} lies beside {Path(setup).name}: --systematics {shlex.quote(str(beside))}. "
            "Or give another TOML,"
            if Path(setup).is_file() and beside.is_file()
            else "Give a TOML (docs/how-to/your-own-experiment.md has one to start from),"
        )
        raise UsageError(
            f"--systematics: which errors does a run at √s = {points.sqrt_s_mev[0]:.2f} to "
            f"{points.sqrt_s_mev[-1]:.2f} MeV have? {start} none for counts alone, or {PUBLISHED} to take "
            "those of PADME Run III"
        )
    return name or PUBLISHED


def _like_published(setup: Setup, points: PlannedPoints) -> bool:
    """As Run III, and with electrons that move as those of its target."""
    return as_published(points.sqrt_s_mev) and setup.target.slab.element == "C"


def _constants(setup: Setup, points: PlannedPoints) -> ModelConstants:
    """Central values of the model: the published ones for setups like Run III, else those of the theory."""
    spread = setup.beam.energy_spread
    if _like_published(setup, points):
        published = EnergyScan.load(PUBLISHED).constants
        area = published.signal_yield_mev * electrons_ratio(setup, load_setup(PUBLISHED))
        return replace(published, signal_yield_mev=area, beam_energy_spread=spread)
    expected_k = KConstraint(k_constant=1.0, k_slope_per_mev=0.0, k_correlation=0.0)
    return replace(model_constants(setup, points.sqrt_s_mev), k_constraint=expected_k)


def _lines(
    setup: Setup, points: PlannedPoints, request: DesignRequest, constants: ModelConstants
) -> YieldLines:
    if request.expected is not None:
        return _lines_of_folder(Path(request.expected), constants.center_sqrt_s_mev)
    if _like_published(setup, points):
        return lines_of_setup(setup, points.sqrt_s_mev, EnergyScan.load(PUBLISHED), load_setup(PUBLISHED))
    return lines_of_theory(setup, points.sqrt_s_mev, constants.center_sqrt_s_mev)


def _title(name: str, request: DesignRequest) -> str:
    parts = [name]
    if request.energies:
        parts.append(f"at {request.energies} MeV with {request.positrons:.3g} positrons")
    if request.statistics != 1.0:
        parts.append(f"× {request.statistics:g}")
    if request.step == "half":
        parts.append("half step")
    return ", ".join(parts)


def _lines_of_folder(folder: Path, center: float) -> YieldLines:
    """Lines through what `x17 expect` found."""
    path = folder / TABLE
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    except (OSError, ValueError) as error:
        raise UsageError(
            f"--expected {folder}: has no {TABLE} that can be read; "
            f"make it with `x17 expect SETUP --out {folder}`"
        ) from error
    problems = [Problem("column missing", 1, key) for key in _NEEDED if not rows or key not in rows[0]] or [
        Problem("not a number above 0", line, key, str(row[key])[:40], "a finite number above 0")
        for line, row in enumerate(rows, start=2)
        for key in _NEEDED
        if not _is_positive(row[key])
    ]
    if problems:
        raise InputError(str(path), problems, "Make it with `x17 expect SETUP --bosons N --out DIR`.")
    column = {key: np.array([float(row[key]) for row in rows]) for key in _NEEDED}
    return lines_of_yields(
        column["sqrt_s_mev"],
        (column["background_per_pot"], column["background_err_raw"]),
        (column["signal_efficiency"], column["signal_efficiency_err"]),
        center,
        f"the simulation in {folder.name}",
    )


def _is_positive(text: str | None) -> bool:
    try:
        value = float(text or "")
    except ValueError:
        return False
    return math.isfinite(value) and value > 0.0
