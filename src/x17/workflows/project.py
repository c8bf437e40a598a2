"""Projections: the function behind `x17 project`."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from x17.errors import UsageError
from x17.projection.planned_points import PlannedPoints
from x17.projection.projected_scan import RunDesign, projected_scan
from x17.projection.projection import Projection, ProjectionSettings, project
from x17.projection.systematics_file import load_systematics
from x17.report.files import check_folder, write_folder, write_text
from x17.report.projection_document import projection_csv, projection_document
from x17.report.tables import json_text
from x17.scan import EnergyScan
from x17.statistics.blocks import Progress, silent
from x17.statistics.model_settings import ModelSettings
from x17.theory.boson import SpinParity
from x17.toybank.bank import Notify, ignore
from x17.workflows.limits import LimitPlace
from x17.workflows.mass_grid import grid_text, masses_between
from x17.workflows.method_results import Record
from x17.workflows.project_design import (
    PUBLISHED,
    DesignRequest,
    as_published,
    design_of,
    named_systematics,
)
from x17.workflows.provenance import identity
from x17.workflows.ranges import boson_to_inject, by_number, by_step

ALONE = "none"
COUPLINGS = "1e-4:1.5e-3:57"
_MASS_STEP = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRequest:
    """What is to be projected, and what is to be found.

    Attributes
    ----------
    design : DesignRequest
    systematics : str or None
        A shipped file's name, `none`, or a TOML; None: those of PADME Run III for a run at its energies.
    boson : str
        V, A, S or P.
    inject : str or None
        MASS:COUPLING of a boson that is put in.
    masses : str or None
        LO:HI:STEP, MeV; by default the energies of the run in steps of 0.02.
    couplings : str
        LO:HI:N.
    mass : float or None
        Where errors and statistics are varied, MeV; by default 16.9, or the middle of a run without it.
    combine : str or None
        The scan to combine with, or `none`; None: PADME Run III for a run at its energies.
    cl : float
    toys : int
        Pseudo-experiments; 0 for none.
    seed : int
    """

    design: DesignRequest = field(default_factory=DesignRequest)
    systematics: str | None = None
    boson: str = "V"
    inject: str | None = None
    masses: str | None = None
    couplings: str = COUPLINGS
    mass: float | None = None
    combine: str | None = None
    cl: float = 0.90
    toys: int = 0
    seed: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class ProjectRun:
    """A finished projection.

    Attributes
    ----------
    projection : Projection
    document : dict
        Content of `projection.json`.
    """

    projection: Projection
    document: dict[str, Any]


def find_projection(
    name: str,
    request: ProjectRequest,
    place: LimitPlace,
    *,
    out: Path | None = None,
    force: bool = False,
    command: str = "",
    progress: Progress = silent,
    notify: Notify = ignore,
) -> ProjectRun:
    """Project a run, and write down what is expected of it.

    Parameters
    ----------
    name : str
        A shipped scan or setup, or a file of either.
    request : ProjectRequest
    place : LimitPlace
        Where pseudo-experiments are made and kept; a bank is gone on with where it was left.
    out : Path, optional
        Folder of the results; nothing is written by default.
    force : bool
        Replace results of another input or other settings.
    command : str
        As typed, for the record.
    progress, notify : callable

    Returns
    -------
    ProjectRun

    Raises
    ------
    X17Error
        Bad input, a run that the beam cannot make, a folder that is taken, a fit that failed.
    """
    started = datetime.now(UTC)
    design = design_of(name, request.design)
    request = _decided(request, design.points, name)
    systematics = load_systematics(str(request.systematics))
    settings = _settings(request, design)
    done = None if request.combine in (None, ALONE) else EnergyScan.load(str(request.combine))
    scan = projected_scan(design, systematics)
    mark = identity(scan.digest, asdict(request), done and done.digest, "project")
    if out is not None:
        check_folder(out, mark, force=force)
    progress("projection", 0, 1)
    with place.source(progress, notify) as source:
        projection = project(design, systematics, settings, source, done)
    progress("projection", 1, 1)
    document = projection_document(projection) | {
        "seed": settings.seed,
        "combined_digest": None if done is None else done.digest,
    }
    run = ProjectRun(projection, document)
    if out is not None:
        record = Record(
            command=command,
            seed=settings.seed,
            scan=scan.name,
            digest=scan.digest,
            identity=mark,
            started=started,
        )
        _write(out, run, record)
    return run


def _decided(request: ProjectRequest, points: PlannedPoints, name: str) -> ProjectRequest:
    """The request with errors and the run that is done named; PADME Run III's at its energies."""
    usual = PUBLISHED if as_published(points.sqrt_s_mev) else ALONE
    return replace(
        request,
        systematics=named_systematics(request.systematics, points, name),
        combine=request.combine or usual,
    )


def _settings(request: ProjectRequest, design: RunDesign) -> ProjectionSettings:
    points = design.points
    low, high = float(points.sqrt_s_mev[0]), float(points.sqrt_s_mev[-1])
    if request.boson not in set(SpinParity):
        raise UsageError(f"--boson is {request.boson!r}; allowed: {', '.join(SpinParity)}")
    boson = boson_to_inject(request.inject)
    mass = request.mass if request.mass is not None else 16.9 if low < 16.9 < high else 0.5 * (low + high)
    for option, value in (("--mass", mass), ("--inject", boson[0] if boson else mass)):
        if not low - 0.2 <= value <= high + 0.2:
            raise UsageError(
                f"{option} is {value:g} MeV, far from the energies of the run, √s = {low:.2f} to "
                f"{high:.2f} MeV; choose a mass among them"
            )
    return ProjectionSettings(
        masses=by_step(request.masses or _masses(design, low, high), "--masses"),
        couplings=by_number(request.couplings, "--couplings"),
        mass=mass,
        boson=boson,
        model=ModelSettings(boson=SpinParity(request.boson)),
        cl=request.cl,
        toys=request.toys,
        seed=request.seed,
    )


def _masses(design: RunDesign, low: float, high: float) -> str:
    """Masses between the ends of a run, as Run III has them at its energies."""
    if as_published(design.points.sqrt_s_mev):
        return grid_text(low, high, _MASS_STEP)
    return masses_between(low, high, design.constants.beam_energy_spread)


def _write(out: Path, run: ProjectRun, record: Record) -> None:
    """Write tables, figures, and the report with the figures in it."""
    projection = run.projection
    texts = {
        "projection.json": json_text(run.document),
        "reach.csv": projection_csv(projection.reach),
        "scan.csv": projection.scan.to_csv_text(),
        "scan.toml": projection.scan.to_toml_text(),
    }
    if projection.combined:
        texts["reach-combined.csv"] = projection_csv(projection.combined.reach)

    def fill(target: Path) -> None:
        from x17.report.projection_page import render_projection

        for name, text in texts.items():
            write_text(target / name, text)
        pictures = _draw(projection, target / "figures")
        provenance = record.provenance().document()
        write_text(target / "report.html", render_projection(projection, provenance, pictures))
        files = sorted(path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file())
        document = provenance | {"files": [*files, "provenance.json"]}
        write_text(target / "provenance.json", json_text(document))

    write_folder(out, fill)


def _draw(projection: Projection, folder: Path) -> dict[str, str | bytes]:
    """Save all figures, and give back their vectors."""
    from x17.report.figure_files import save_figure
    from x17.report.figures.projection import projection_figures

    folder.mkdir()
    vectors: dict[str, str | bytes] = {}
    for stem, draw in projection_figures(projection).items():
        save_figure(draw(), folder, stem)
        vectors[stem] = (folder / f"{stem}.svg").read_text(encoding="utf-8")
    return vectors
