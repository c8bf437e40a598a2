"""Where the beam goes next: the function behind `x17 plan`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from x17.apparatus.loading import load_setup
from x17.kinematics import sqrt_s_mev
from x17.projection.machine import Machine
from x17.projection.planning_beam import beam_time
from x17.projection.planning_campaign import CampaignPlan, Truth, true_g_r
from x17.projection.planning_diary import DiaryEntry, keep_diary, likely_mass
from x17.projection.planning_knowledge import learn
from x17.projection.planning_prior import hypotheses
from x17.projection.planning_result import PlanResult
from x17.projection.planning_schedule import best_share, make_schedule
from x17.projection.planning_space import plan_space
from x17.report.files import check_folder
from x17.report.plan_document import plan_csv, plan_document
from x17.report.tables import json_text
from x17.scan import EnergyScan
from x17.statistics.blocks import Progress, available_cores, silent
from x17.statistics.model import ScanModel
from x17.statistics.toys import block_stream
from x17.workflows.method_results import Record, write_results
from x17.workflows.plan_request import STEPS, PlanRequest
from x17.workflows.plan_toys import PlanToys, compare_strategies
from x17.workflows.provenance import identity
from x17.workflows.search_settings import SearchSettings

_DIARY_KEY = (0x64696172,)


@dataclass(frozen=True, slots=True, eq=False)
class PlanRun:
    """A finished plan.

    Attributes
    ----------
    result : PlanResult
    document : dict
        Content of `plan.json`.
    """

    result: PlanResult
    document: dict[str, Any]


def make_plan(
    scan_name: str,
    settings: SearchSettings,
    request: PlanRequest,
    *,
    workers: int | None = None,
    bank: Path | None = None,
    out: Path | None = None,
    force: bool = False,
    command: str = "",
    progress: Progress = silent,
) -> PlanRun:
    """Plan the next points of a scan, try the plan on toys, and write it down.

    Parameters
    ----------
    scan_name : str
        Shipped scan or file: the data so far.
    settings : SearchSettings
        Likelihood, confidence level and seed.
    request : PlanRequest
    workers : int, optional
        Threads; all cores by default.
    bank : Path, optional
        Folder where finished toys are kept, and taken from.
    out : Path, optional
        Folder of the results; nothing is written by default.
    force : bool
        Replace results of another input or other settings.
    command : str
        As typed, for the record.
    progress : callable

    Returns
    -------
    PlanRun

    Raises
    ------
    X17Error
        Bad input, a folder that is taken, a fit to the data that failed, a full disk.
    """
    started = datetime.now(UTC)
    loaded, setup = EnergyScan.load(scan_name), load_setup(request.setup)
    scan, resolved = settings.prepared(loaded)

    model = ScanModel.build(scan, resolved.model)
    root_s, energies = model.points.sqrt_s_mev, model.points.beam_energy_mev
    low, high = request.energies_mev or (float(energies.min()), float(energies.max()))
    ends = sqrt_s_mev(np.array([low, high]))
    request = request.decided((min(float(root_s.min()), ends[0]), max(float(root_s.max()), ends[1])))

    def mark_of(asked: PlanRequest) -> str:
        return identity(loaded.digest, resolved.document(), "plan", asked.document(), repr(setup.beam))

    mark = mark_of(request)
    if out is not None:
        check_folder(out, mark, force=force)
    if request.energies_mev is None:
        machine = Machine.of_setup(setup)
        machine.refuse_unreachable(energies, f"--setup {request.setup}, for the points of {loaded.name}")
    beam = beam_time(
        setup,
        float(energies.min()),
        (low, high),
        share_of_step=STEPS[request.step],
        setup_hours=request.setup_hours,
        least_positrons=int(request.least),
    )
    shares = beam.shares(request.positrons, request.steps)
    space = plan_space(model, beam.energies_mev)
    tested = hypotheses(space, request.prior)
    state = learn(space, tested, np.ones(space.n_new), np.zeros(space.n_new))
    schedule = make_schedule(space, state, beam, request.criterion, shares)
    plan = CampaignPlan(space, tested, beam, request.criterion, shares, schedule.places)
    seed, cl = resolved.limit.seed, resolved.limit.cl
    # Neither the number of toys nor what is played beside them decides a block.
    asked = replace(request, toys=0, adaptive=False, no_boson=False)
    toys = PlanToys(plan, request.named_boson, cl, request.toys, seed, bank, mark_of(asked))
    curves, average = (
        compare_strategies(toys, workers or available_cores(), progress) if request.toys else ((), ())
    )
    result = PlanResult(
        scan_name=scan.name,
        beam=beam,
        schedule=schedule,
        best_share=best_share(space, beam),
        no_boson=float(state.probability[0]),
        likely_mass_mev=likely_mass(plan, state),
        diary=_diary(plan, request, seed) if request.adaptive else (),
        truth=_truth(request),
        boson=request.named_boson,
        curves=curves,
        average=average,
        toys=request.toys,
        cl=cl,
        warnings=beam.warnings,
    )
    run = PlanRun(result, {**plan_document(result), "seed": seed})
    if out is not None:
        _write(
            out,
            run,
            Record(
                command=command,
                seed=seed,
                scan=loaded.name,
                digest=loaded.digest,
                identity=mark,
                started=started,
            ),
        )
    return run


def _truth(request: PlanRequest) -> Truth:
    boson = request.named_boson
    return Truth(boson.mass_mev, 0.0) if request.no_boson else boson


def _diary(plan: CampaignPlan, request: PlanRequest, seed: int) -> tuple[DiaryEntry, ...]:
    return keep_diary(plan, true_g_r(plan.space, _truth(request)), block_stream(seed, _DIARY_KEY, 0))


def _write(out: Path, run: PlanRun, record: Record) -> None:
    from x17.report.figures.plan_power import draw_plan_power
    from x17.report.figures.plan_schedule import draw_plan_schedule

    result = run.result
    figures = {"schedule": lambda: draw_plan_schedule(result)}
    if result.curves:
        figures["power"] = lambda: draw_plan_power(result)
    write_results(out, record, {"plan.json": json_text(run.document), "plan.csv": plan_csv(result)}, figures)
