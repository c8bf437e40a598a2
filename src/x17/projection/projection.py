"""One run projected: all that is expected of it, alone and beside a run that is done."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from x17.errors import UsageError
from x17.projection.limiting_errors import LimitingRow, limiting_errors
from x17.projection.projected_scan import RunDesign, projected_model, projected_scan, spread_warning
from x17.projection.reach import (
    FloatArray,
    Reach,
    band_after_data,
    band_of,
    estimate_with_boson,
    find_reach,
)
from x17.projection.saturation import Saturation, saturation
from x17.projection.simulated_reach import Boson, SimulatedReach, simulate_reach
from x17.projection.systematics import Systematics
from x17.scan import EnergyScan
from x17.statistics.model import ScanModel
from x17.statistics.model_settings import ModelSettings
from x17.statistics.toy_set import ToySource

FEWEST_TOYS = 50


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ProjectionSettings:
    """What is to be found about a run.

    Attributes
    ----------
    masses : ndarray, shape (m,)
        MeV, rising.
    couplings : ndarray, shape (c,)
        g_ve, rising.
    mass : float
        Where errors and statistics are varied, MeV.
    boson : (float, float) or None
        Mass in MeV and g_ve of a boson that is put in.
    model : ModelSettings
        The spin-parity of the boson and the like.
    cl : float
        Confidence level of the limits.
    toys : int
        Pseudo-experiments, with and without a boson; 0: asymptotic only.
    seed : int

    Raises
    ------
    UsageError
        A number outside its range.
    """

    masses: FloatArray
    couplings: FloatArray
    mass: float = 16.9
    boson: Boson | None = None
    model: ModelSettings = field(default_factory=ModelSettings)
    cl: float = 0.90
    toys: int = 0
    seed: int = 1

    def __post_init__(self) -> None:
        if not 0.5 <= self.cl < 1.0:
            raise UsageError(f"--cl is {self.cl}; allowed: 0.5 to below 1, e.g. 0.90")
        if self.toys and not FEWEST_TOYS <= self.toys <= 10_000_000:
            raise UsageError(
                f"--toys is {self.toys}; allowed: 0 (asymptotic only) or {FEWEST_TOYS} to 10000000"
            )
        if not 0 <= self.seed < 2**63:
            raise UsageError(f"--seed is {self.seed}; allowed: 0 to 2**63 - 1")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Combined:
    """A run together with one that is done.

    Attributes
    ----------
    name : str
        Of the run that is done.
    done : Reach
        What was expected of it alone.
    reach : Reach
        Of both, the data of neither looked at.
    after_data : ndarray, shape (5, m)
        Limits with the data that are there, the new run without a boson.
    boson_band : ndarray, shape (5, m), or None
        Limits of both with the boson that is put in.
    """

    name: str
    done: Reach
    reach: Reach
    after_data: FloatArray
    boson_band: FloatArray | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Projection:
    """What is expected of a run.

    Attributes
    ----------
    scan : EnergyScan
        Expected counts and errors of its points.
    systematics : Systematics
    settings : ProjectionSettings
    reach : Reach
    boson_band : ndarray, shape (5, m), or None
        Limits with the boson that is put in.
    combined : Combined or None
    limiting : tuple of LimitingRow
    saturation : Saturation
    simulated : SimulatedReach or None
    notes : tuple of str
        Sentences that the user should see.
    """

    scan: EnergyScan
    systematics: Systematics
    settings: ProjectionSettings
    reach: Reach
    boson_band: FloatArray | None
    combined: Combined | None
    limiting: tuple[LimitingRow, ...]
    saturation: Saturation
    simulated: SimulatedReach | None
    notes: tuple[str, ...]


def project(
    design: RunDesign,
    systematics: Systematics,
    settings: ProjectionSettings,
    source: ToySource,
    done: EnergyScan | None = None,
) -> Projection:
    """Project a run.

    Parameters
    ----------
    design : RunDesign
    systematics : Systematics
    settings : ProjectionSettings
    source : callable
        Makes pseudo-experiments; not asked if there are to be none.
    done : EnergyScan, optional
        A run that is done, to be combined with.

    Returns
    -------
    Projection

    Raises
    ------
    X17Error
        The run cannot be made, or a fit failed.
    """

    def build(run: RunDesign, errors: Systematics) -> ScanModel:
        return projected_model(run, errors, settings.model)

    model = build(design, systematics)
    warning = spread_warning(design)
    return Projection(
        scan=projected_scan(design, systematics),
        systematics=systematics,
        settings=settings,
        reach=find_reach([model], settings.masses, settings.couplings, settings.cl),
        boson_band=_boson_band([model], settings),
        combined=_combined(model, done, settings),
        limiting=limiting_errors(build, design, systematics, settings.mass, settings.couplings, settings.cl),
        saturation=saturation(build, design, systematics, settings.mass, settings.cl),
        simulated=_simulated(model, settings, source),
        notes=(warning,) if warning else (),
    )


def _boson_band(models: list[ScanModel], settings: ProjectionSettings) -> FloatArray | None:
    if settings.boson is None:
        return None
    signal, error = estimate_with_boson(models, settings.masses, settings.boson)
    return band_of(signal, error, settings.cl)


def _combined(model: ScanModel, done: EnergyScan | None, settings: ProjectionSettings) -> Combined | None:
    if done is None:
        return None
    measured = ScanModel.build(done, settings.model)
    models, grid = [model, measured], (settings.masses, settings.couplings, settings.cl)
    return Combined(
        name=done.name,
        done=find_reach([measured], *grid),
        reach=find_reach(models, *grid),
        after_data=band_after_data([model], measured, settings.masses, settings.cl),
        boson_band=_boson_band(models, settings),
    )


def _simulated(model: ScanModel, settings: ProjectionSettings, source: ToySource) -> SimulatedReach | None:
    if not settings.toys:
        return None
    bosons = [settings.boson] if settings.boson else []
    grid = np.asarray(settings.masses)
    return simulate_reach(model, source, grid, bosons, settings.toys, cl=settings.cl, seed=settings.seed)
