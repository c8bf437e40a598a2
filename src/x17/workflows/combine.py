"""A mass from nuclei and the likelihood of a scan: the function behind `x17 combine`."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from x17.combination import GaussianMass, MassTerm, fit_jointly
from x17.combination.constrained_p import constrained_p
from x17.combination.joint_result import JointResult, JointVariant
from x17.errors import UsageError
from x17.nuclear.masses.choices import FitChoices, Source
from x17.nuclear.masses.mass_fit import MassFit, fit_mass
from x17.nuclear.masses.measurement import DEFAULT_ROWS
from x17.nuclear.masses.shipped import SHIPPED, ExternalMass, external_masses, load_measurements
from x17.report.files import check_folder
from x17.report.joint_document import joint_csv, joint_document
from x17.report.tables import json_text
from x17.scan import EnergyScan
from x17.statistics.blocks import Progress, available_cores, silent
from x17.statistics.data_sets import observed
from x17.statistics.experiment_set import ExperimentSet
from x17.statistics.model import ScanModel
from x17.statistics.monte_carlo import TailFraction
from x17.statistics.signal_scan import scan_signal
from x17.statistics.toy_set import InMemory
from x17.workflows.method_results import Record, write_results
from x17.workflows.nuclear_masses import table_digest
from x17.workflows.provenance import identity
from x17.workflows.search_settings import SearchSettings

MOST_TOYS = 10_000_000
NUCLEAR, SCAN = "nuclear", "PADME"


@dataclass(frozen=True, slots=True, kw_only=True)
class CombineRequest:
    """What a scan is combined with.

    Attributes
    ----------
    table, rows : str
        Measurements, and a selection of them.
    choices : FitChoices
    external : str or None
        Key of a mass of others, in place of the fit.
    toys : int
        Scans without a boson, for a p-value; 0 for none.

    Raises
    ------
    UsageError
        A number of toys outside its range.
    """

    table: str = SHIPPED
    rows: str = DEFAULT_ROWS
    choices: FitChoices
    external: str | None = None
    toys: int = 2000

    def __post_init__(self) -> None:
        if not 0 <= self.toys <= MOST_TOYS:
            raise UsageError(f"--toys is {self.toys}; allowed: 0 to {MOST_TOYS}")

    def document(self) -> dict[str, Any]:
        """All of it as a plain tree, for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True, eq=False)
class CombineRun:
    """A finished combination.

    Attributes
    ----------
    result : JointResult
    document : dict
        Content of `joint.json`.
    """

    result: JointResult
    document: dict[str, Any]


def external_of(key: str) -> ExternalMass:
    """A mass of others that a scan may be combined with.

    Parameters
    ----------
    key : str

    Returns
    -------
    ExternalMass

    Raises
    ------
    UsageError
        An unknown one, or one that contains the scan of PADME already.
    """
    known = {one.key: one for one in external_masses()}
    usable = [name for name, one in known.items() if SCAN not in one.contains]
    if key in known and key not in usable:
        raise UsageError(
            f"--external is {key!r}: that mass contains {SCAN} already, and would count it twice; "
            f"allowed: {', '.join(usable)}"
        )
    if key not in known:
        raise UsageError(f"--external is {key!r}; allowed: {', '.join(usable)}")
    return known[key]


def combine(
    scan_name: str,
    settings: SearchSettings,
    request: CombineRequest,
    *,
    workers: int | None = None,
    out: Path | None = None,
    force: bool = False,
    command: str = "",
    progress: Progress = silent,
) -> CombineRun:
    """Combine nuclear masses with a scan, and write it down.

    Parameters
    ----------
    scan_name : str
        Shipped scan or file.
    settings : SearchSettings
        Masses, likelihood and seed.
    request : CombineRequest
    workers : int, optional
        Threads; all cores by default.
    out : Path, optional
        Folder of the results; nothing is written by default.
    force : bool
        Replace results of another input or other settings.
    command : str
        As typed, for the record.
    progress : callable

    Returns
    -------
    CombineRun

    Raises
    ------
    X17Error
        Bad input, a folder that is taken, a fit to the scan that failed, a full disk.
    """
    started = datetime.now(UTC)
    table = load_measurements(request.table)
    loaded = EnergyScan.load(scan_name)
    scan, resolved = settings.prepared(loaded)
    mark = identity(loaded.digest, resolved.document(), "combine", request.document(), table_digest(table))
    if out is not None:
        check_folder(out, mark, force=force)
    nuclear = fit_mass(table.select(request.rows), request.choices)
    model = ScanModel.build(scan, resolved.model)
    result = _joint(scan.name, model, resolved, request, nuclear)
    if request.toys:
        term = _term(request, nuclear)[1]
        p_value = _p_value(model, resolved, term, request.toys, workers or available_cores(), progress)
        result = replace(result, p_value=p_value)
    seed = resolved.limit.seed
    run = CombineRun(result, {**joint_document(result), "seed": seed})
    if out is not None:
        from x17.report.figures.joint_likelihood import draw_joint

        record = Record(
            command=command,
            seed=seed,
            scan=loaded.name,
            digest=loaded.digest,
            identity=mark,
            started=started,
        )
        texts = {"joint.json": json_text(run.document), "joint.csv": joint_csv(result)}
        write_results(out, record, texts, {"joint": lambda: draw_joint(result)})
    return run


def _term(request: CombineRequest, nuclear: MassFit) -> tuple[str, MassTerm]:
    """The mass that is combined with, and its name."""
    if request.external is not None:
        one = external_of(request.external)
        return f"{one.mass_mev:g} ± {one.error_mev:g} MeV of {one.source}", GaussianMass(
            one.mass_mev, one.error_mev
        )
    choices = nuclear.choices
    errors = "statistical errors" if choices.statistical_only else f"ρ = {choices.rho:g}"
    return f"{len(nuclear.rows)} nuclear {choices.source.value}, {errors}", nuclear


def _joint(
    name: str, model: ScanModel, settings: SearchSettings, request: CombineRequest, nuclear: MassFit
) -> JointResult:
    low, high = float(settings.masses[0]), float(settings.masses[-1])
    term_name, term = _term(request, nuclear)
    variants = [
        JointVariant(other, fit_jointly(one, model, low, min(high, one.largest_mass - 1e-6)))
        for other, one in _others(request, nuclear)
        if other != term_name and one.largest_mass > low
    ]
    top = min(high, term.largest_mass - 1e-6)
    warnings = () if request.external else nuclear.warnings
    if top < high:
        warnings = (*warnings, f"masses above {top:.2f} MeV are left out: one of the transitions makes none")
    fit = fit_jointly(term, model, low, top)
    return JointResult(name, term_name, fit, tuple(variants), warnings=warnings)


def _others(request: CombineRequest, nuclear: MassFit) -> list[tuple[str, MassTerm]]:
    """Other correlations, the other source, and the masses of others that do not contain the scan."""
    choices, found = nuclear.choices, list[tuple[str, MassTerm]]()
    for change in (
        replace(choices, rho=0.0, across=0.0),
        replace(choices, rho=1.0),
        replace(choices, statistical_only=True),
        replace(choices, source=Source.MASSES),
        replace(choices, source=Source.ANGLES),
    ):
        fit = fit_mass(nuclear.rows, change)
        found.append(_term(replace(request, external=None), fit))
    for one in external_masses():
        if SCAN not in one.contains:
            found.append(_term(replace(request, external=one.key), nuclear))
    return list(dict(found).items())


def _p_value(
    model: ScanModel, settings: SearchSettings, term: MassTerm, n_toys: int, workers: int, progress: Progress
) -> TailFraction:
    masses = settings.masses[settings.masses < term.largest_mass]
    wanted = ExperimentSet(
        ensemble=settings.limit.ensemble, masses=tuple(masses.tolist()), seed=settings.limit.seed
    )
    (arrays,) = InMemory(workers, progress)(model, [wanted], n_toys)
    data = scan_signal(model, observed(model), masses)
    return constrained_p(term, data, wanted.signal_scan(arrays))
