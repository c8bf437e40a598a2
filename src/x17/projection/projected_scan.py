"""A run that has not been taken, as an `EnergyScan`: the counts expected of it, with their errors."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from x17.errors import UsageError
from x17.projection.planned_points import PlannedPoints
from x17.projection.systematics import Quantity, RunSize, Systematics
from x17.projection.yield_lines import YieldLines
from x17.scan import EnergyScan
from x17.scan.model_constants import KConstraint, ModelConstants
from x17.scan.straight_line import fit_line
from x17.statistics.model import ScanModel
from x17.statistics.model_settings import KSource, ModelSettings

FloatArray = NDArray[np.float64]

FEWEST_COUNTS = 100.0
"""Counts that a point must be expected to have: its error is then 10 %, and Gaussian."""

_LARGEST_WINDOW = 10
_POINTS_PER_WINDOW = 4
_NO_ERROR = 1e-9
"""Stands for no error of what needs a weight, and of constants that the file of a scan has with an error."""


@dataclass(frozen=True, slots=True, eq=False)
class RunDesign:
    """What decides the counts of a run.

    Attributes
    ----------
    name : str
    points : PlannedPoints
    lines : YieldLines
    constants : ModelConstants
        Central values of the model; their errors come from the systematics.
    """

    name: str
    points: PlannedPoints
    lines: YieldLines
    constants: ModelConstants

    def times(self, statistics: float) -> RunDesign:
        """The same with more positrons at every point.

        Parameters
        ----------
        statistics : float
            Factor.

        Returns
        -------
        RunDesign
        """
        return replace(self, points=self.points.times(statistics))

    @property
    def counts(self) -> FloatArray:
        """Expected counts without a boson, K · N_PoT · B, shape (n,)."""
        k = self.constants.k_constraint or KConstraint()
        offset = self.points.sqrt_s_mev - self.constants.center_sqrt_s_mev
        background = self.lines.background_per_pot(self.points.sqrt_s_mev)
        return np.asarray((k.k_constant + k.k_slope_per_mev * offset) * self.points.n_pot * background)


def refuse_empty_points(design: RunDesign) -> None:
    """Refuse a run whose points have too few counts to be fitted.

    Parameters
    ----------
    design : RunDesign

    Raises
    ------
    UsageError
        Fewer positrons than a point needs.
    """
    counts, points = design.counts, design.points
    fewest = int(np.argmin(counts))
    if counts[fewest] < FEWEST_COUNTS:
        needed = points.n_pot[fewest] * FEWEST_COUNTS / counts[fewest]
        raise UsageError(
            f"{design.name}: {points.n_pot[fewest]:.3g} positrons at {points.beam_energy_mev[fewest]:.2f} MeV"
            f" give {counts[fewest]:.3g} two-cluster counts; a point needs {FEWEST_COUNTS:g}, from "
            f"{needed:.2g} positrons; allow more positrons "
            f"(--statistics, --positrons) or fewer points (--energies)"
        )


def spread_warning(design: RunDesign) -> str | None:
    """Say that neighbouring points lie within the beam's own spread, where a finer step shows no more.

    Parameters
    ----------
    design : RunDesign

    Returns
    -------
    str or None
        None if they do not.
    """
    step = design.points.energy_step_mev
    width = design.constants.beam_energy_spread * float(np.mean(design.points.beam_energy_mev))
    if step >= width:
        return None
    return (
        f"The energy step, {step:.3g} MeV, is below the spread of the beam, {width:.3g} MeV: neighbouring "
        "points see the same boson, more of them show no finer line, and only their positrons count."
    )


def projected_scan(design: RunDesign, systematics: Systematics) -> EnergyScan:
    """Make the scan that is expected of a run without a boson.

    Parameters
    ----------
    design : RunDesign
    systematics : Systematics

    Returns
    -------
    EnergyScan
        N2 as expected, exactly; errors and constraints as the systematics have them.

    Raises
    ------
    UsageError
        Fewer positrons than a point needs, or fewer than four points.
    """
    refuse_empty_points(design)
    points, counts = design.points, design.counts
    if len(points) < _POINTS_PER_WINDOW:
        raise UsageError(
            f"{design.name}: {len(points)} energy points; allowed: {_POINTS_PER_WINDOW} or more, "
            "a line and a boson need them"
        )
    size = _size(design, systematics)
    background = design.lines.background_per_pot(points.sqrt_s_mev)
    efficiency = design.lines.signal_efficiency(points.sqrt_s_mev)
    flux_err, background_err, efficiency_err = (
        systematics.total(quantity, size)
        for quantity in (Quantity.FLUX, Quantity.BACKGROUND, Quantity.EFFICIENCY)
    )
    return EnergyScan.from_columns(
        {
            "period": np.arange(len(points)),
            "scan_part": points.scan_part,
            "sqrt_s_mev": points.sqrt_s_mev,
            "n2": counts,
            "n_pot": points.n_pot,
            "n_pot_err_raw": flux_err * points.n_pot,
            "background_per_pot": background,
            "background_err_raw": background_err * background,
            "signal_efficiency": efficiency,
            "signal_efficiency_err": max(efficiency_err, 2.0 * _NO_ERROR) * efficiency,
        },
        name=design.name,
        source=f"expected counts; yields of {design.lines.origin}; {systematics.name} errors",
        constants=_constants(design, systematics, size),
    )


def projected_model(
    design: RunDesign, systematics: Systematics, settings: ModelSettings | None = None
) -> ScanModel:
    """Make the likelihood of a run: nuisances without an error are held.

    Parameters
    ----------
    design : RunDesign
    systematics : Systematics
    settings : ModelSettings, optional
        The boson and the like.

    Returns
    -------
    ScanModel

    Raises
    ------
    UsageError
        The run cannot be made, or the settings do not fit it.
    """
    chosen = settings or ModelSettings()
    held = tuple(dict.fromkeys((*chosen.fixed, *systematics.held)))
    scan = projected_scan(design, systematics)
    return ScanModel.build(scan, replace(chosen, fixed=held, k_constraint=_k_source(chosen)))


def _k_source(settings: ModelSettings) -> KSource:
    """K as the systematics have it, unless it is asked for otherwise."""
    return KSource.PUBLISHED if settings.k_constraint is KSource.AUTO else settings.k_constraint


def _size(design: RunDesign, systematics: Systematics) -> RunSize:
    """Counts of a point, and errors of a line through all points, with the errors of each."""
    counts = design.counts
    size = RunSize(counts=float(counts.mean()))
    common = systematics.total(Quantity.FLUX, size) ** 2 + systematics.total(Quantity.BACKGROUND, size) ** 2
    center = design.constants.center_sqrt_s_mev
    line = fit_line(design.points.sqrt_s_mev, np.ones(counts.size), 1.0 / counts + common, center)
    return replace(size, k_constant_err=line.constant_err, k_slope_err=line.slope_err)


def _constants(design: RunDesign, systematics: Systematics, size: RunSize) -> ModelConstants:
    old = design.constants

    def error(quantity: Quantity) -> float:
        return systematics.total(quantity, size)

    k = replace(
        old.k_constraint or KConstraint(),
        k_constant_err=error(Quantity.K_CONSTANT) or _NO_ERROR,
        k_slope_err=error(Quantity.K_SLOPE) or _NO_ERROR,
    )
    return replace(
        old,
        signal_yield_err=(error(Quantity.SIGNAL_YIELD) or _NO_ERROR) * old.signal_yield_mev,
        lorentz_half_width_err=(error(Quantity.LORENTZ_WIDTH) or _NO_ERROR) * old.lorentz_half_width_mev,
        beam_energy_spread_err=(error(Quantity.BEAM_SPREAD) or _NO_ERROR) * old.beam_energy_spread,
        k_constraint=k,
        n_pot_err_added=0.0,
        background_err_added=0.0,
        window_size=min(_LARGEST_WINDOW, max(1, len(design.points) // _POINTS_PER_WINDOW)),
    )
