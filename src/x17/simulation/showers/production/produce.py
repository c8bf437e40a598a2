"""Run a plan: a library of showers, and summaries of fresh ones to compare it with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np

from x17.simulation.showers.geometry import DEPTH_SPREAD_MM, REFERENCE_DEPTH_MM
from x17.simulation.showers.library_file import StoredShowers, encode_fractions
from x17.simulation.showers.production.job import RawShowers, ShowerJob, run_job
from x17.simulation.showers.production.plan import LIBRARY_SLOPES, REFERENCE_SLOPES, ProductionPlan
from x17.simulation.showers.production.thinning import representatives
from x17.simulation.showers.summary import ShowerSummary, summarise

Report = Callable[[ShowerJob, RawShowers], None]
Runner = Callable[[ShowerJob], RawShowers]


def geant4_runner(plan: ProductionPlan, scratch: Path) -> Runner:
    """What makes the showers of a job: Geant4, in the plan's block of crystals.

    Parameters
    ----------
    plan : ProductionPlan
        Its block is used.
    scratch : Path
        Folder for tables and results.

    Returns
    -------
    callable
        `ShowerJob` → `RawShowers`.
    """
    return lambda job: run_job(job, plan.block, scratch)


def make_library(plan: ProductionPlan, runner: Runner, report: Report) -> StoredShowers:
    """Make the showers of a library.

    Parameters
    ----------
    plan : ProductionPlan
        What to make.
    runner : callable
        Makes the showers of a job.
    report : callable
        Told of each job when done.

    Returns
    -------
    StoredShowers
    """
    axes, codes, version = [], [], ""
    for job in plan.library_jobs():
        raw = runner(job)
        report(job, raw)
        kept = representatives(raw.energy_mev, plan.showers)
        axes.append(raw.axis[kept])
        codes.append(encode_fractions(raw.energy_mev[kept].reshape(plan.showers, -1) / job.energy_mev))
        version = raw.geant4
    shape = (len(plan.particles), len(plan.energies_mev), plan.showers)
    return StoredShowers(
        plan.block.pitch_mm,
        REFERENCE_DEPTH_MM,
        DEPTH_SPREAD_MM,
        *LIBRARY_SLOPES,
        pdg=np.array(plan.particles),
        energies_mev=np.array(plan.energies_mev),
        axis=np.array(axes, dtype=np.float32).reshape(*shape, 4),
        codes=np.array(codes).reshape(*shape, -1),
        origin={
            "geant4": version,
            "physics": "G4EmStandardPhysics, cut 0.7 mm",
            "block": asdict(plan.block),
            "seed": plan.seed,
            "made_per_kept": plan.made_per_kept,
        },
    )


def make_reference(plan: ProductionPlan, runner: Runner, report: Report) -> list[dict[str, object]]:
    """Summaries of fresh showers at energies that the library does not hold.

    Parameters
    ----------
    plan : ProductionPlan
        What to make.
    runner : callable
        Makes the showers of a job.
    report : callable
        Told of each job when done.

    Returns
    -------
    list of dict
        For JSON: particle, energy, slopes, number of showers, and the fields of `ShowerSummary`.
    """
    points = []
    for job in plan.reference_jobs():
        raw = runner(job)
        report(job, raw)
        summary: ShowerSummary = summarise(raw.energy_mev / job.energy_mev, raw.axis, plan.block.pitch_mm)
        head = {
            "pdg": job.pdg,
            "energy_mev": job.energy_mev,
            "showers": job.showers,
            "slopes": REFERENCE_SLOPES,
        }
        points.append(head | summary.rounded())
    return points
