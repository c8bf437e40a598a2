"""From counts, flux and expected yields of the periods to an `EnergyScan`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.run_plan import RunPlan
from x17.errors import UsageError
from x17.reconstruction.expected_yields import ExpectedYields
from x17.reconstruction.flux.period_flux import PeriodFlux
from x17.reconstruction.flux.status import FluxStatus
from x17.reconstruction.period_counts import CountStatus, PeriodCounts
from x17.scan.energy_scan import EnergyScan
from x17.scan.error_budget import BudgetItem
from x17.scan.model_constants import ModelConstants
from x17.scan.selection import ScanPart, Selection
from x17.scan.validation import BesideResonance, Validation, validate

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

NORMALISATION = (
    "Yields are per positron on target. The expected background is scaled so that the points below the "
    "resonance agree with it on average."
)
_FLUX_COLUMNS = ("n_pot", "n_pot_err_raw", "energy_loss", "energy_loss_err", "ageing", "ageing_err")
AS_SIMULATED = "Yields are per positron on target; the expected background is as simulated."


@dataclass(frozen=True, slots=True, eq=False)
class LeftOut:
    """A period that is not in the scan.

    Attributes
    ----------
    period : int
    reason : str
        A sentence without a full stop.
    """

    period: int
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class AssembledScan:
    """A scan made from counts, with what was found on the way.

    Attributes
    ----------
    scan : EnergyScan
    validation : Validation
        Checks beside the resonance; `normalisation` is in the scan's B if that was asked for.
    left_out : tuple of LeftOut
    """

    scan: EnergyScan
    validation: Validation
    left_out: tuple[LeftOut, ...]


def assemble_scan(
    plan: RunPlan,
    counts: PeriodCounts,
    flux: PeriodFlux,
    expected: ExpectedYields,
    *,
    name: str,
    source: str,
    constants: ModelConstants,
    normalise: bool = True,
    budget: tuple[BudgetItem, ...] = (),
    rmax_shift: FloatArray | None = None,
    details: Mapping[int, str] | None = None,
) -> AssembledScan:
    """Put counts, flux and expectation of the same periods together.

    g_R = N2/(N_PoT B). A period without a count, a flux or an expectation is left out and named; the others
    go on. With points below the resonance B is multiplied by the mean of N2/(N_PoT B) there.

    Parameters
    ----------
    plan : RunPlan
        Energies and groups of the periods.
    counts : PeriodCounts
    flux : PeriodFlux
    expected : ExpectedYields
        These three hold the same periods in the same order.
    name, source : str
        Of the scan.
    constants : ModelConstants
    normalise : bool
        Scale B by the points below the resonance, if there are any.
    budget : tuple of BudgetItem
        Contributions to the error that are stated beside the table.
    rmax_shift : ndarray, shape (n_periods,), optional
        Relative change of the yield with R_max; NaN where unknown.
    details : mapping of int to str, optional
        By period, what is known of why it could not be counted.

    Returns
    -------
    AssembledScan

    Raises
    ------
    UsageError
        Periods that differ, or none that can be used.
    """
    if not (np.array_equal(counts.period, flux.period) and np.array_equal(counts.period, expected.period)):
        raise UsageError(
            f"counts, flux and expectation are of other periods: {_numbers(counts.period)}; "
            f"{_numbers(flux.period)}; {_numbers(expected.period)}"
        )
    known = {period.number: period for period in plan.periods}
    if strangers := [int(number) for number in counts.period if int(number) not in known]:
        raise UsageError(f"periods {strangers} are not in the run plan; it has {_numbers(plan.number)}")
    left_out = _left_out(counts, flux, expected, details or {})
    gone = {entry.period for entry in left_out}
    kept = np.array([int(number) not in gone for number in counts.period])
    if not kept.any():
        raise UsageError("no period can be used: " + "; ".join(f"{e.period}: {e.reason}" for e in left_out))
    counts, expected = counts.select(kept), expected.select(kept)
    measured = {name: getattr(flux, name)[kept] for name in _FLUX_COLUMNS}
    part = np.array([known[int(number)].scan_part for number in counts.period], dtype=np.int64)
    checks = _validation(part, counts, measured, expected)
    scale = checks.normalisation.value if normalise and checks.normalisation else 1.0
    columns = _columns(part, counts, measured, expected, scale)
    if rmax_shift is not None:
        # Few pairs may change by more than their own number; such a shift says nothing.
        columns["rmax_shift"] = np.where(np.abs(rmax_shift[kept]) <= 1.0, rmax_shift[kept], np.nan)
    scan = EnergyScan.from_columns(
        columns,
        selection=_selection(part),
        name=name,
        source=source,
        normalisation=NORMALISATION if scale != 1.0 else AS_SIMULATED,
        constants=constants,
        published_budget=budget,
        notes=tuple(f"Period {entry.period} is left out: {entry.reason}." for entry in left_out),
    )
    return AssembledScan(scan, checks, left_out)


def _numbers(periods: IntArray) -> str:
    return ", ".join(str(int(number)) for number in periods) or "none"


def _left_out(
    counts: PeriodCounts, flux: PeriodFlux, expected: ExpectedYields, details: Mapping[int, str]
) -> tuple[LeftOut, ...]:
    found = []
    for row, number in enumerate(counts.period):
        reasons = []
        counted = counts.status[row] == CountStatus.GOOD
        if not counted:
            detail = f" ({details[int(number)]})" if int(number) in details else ""
            reasons.append(CountStatus(int(counts.status[row])).sentence + detail)
        elif counts.n2[row] < max(1.0, counts.n2_err[row]):
            reasons.append(CountStatus.NO_CANDIDATES.sentence)
        if not flux.usable[row]:
            reasons.append(FluxStatus(int(flux.status[row])).sentence)
        # What could not be counted has no expectation, either.
        if counted and not expected.background_per_pot[row] > expected.background_err_raw[row]:
            reasons.append("the simulation expects no pair here; simulate more positrons")
        if counted and not expected.signal_efficiency[row] > expected.signal_efficiency_err[row]:
            reasons.append("no simulated boson is selected here; simulate more bosons")
        if reasons:
            found.append(LeftOut(int(number), " and ".join(reason.rstrip(".") for reason in reasons)))
    return tuple(found)


def _validation(
    part: IntArray, counts: PeriodCounts, flux: dict[str, FloatArray], expected: ExpectedYields
) -> Validation:
    yields = counts.n2 / flux["n_pot"]
    variance = np.square(counts.n2_err / counts.n2) + np.square(flux["n_pot_err_raw"] / flux["n_pot"])
    ratio = yields / expected.background_per_pot
    of_b = np.square(expected.background_err_raw / expected.background_per_pot)
    return validate(
        expected.sqrt_s_mev,
        ratio,
        ratio**2 * (variance + of_b),
        yields,
        yields**2 * variance,
        BesideResonance.of(expected.sqrt_s_mev, part >= 0),
        np.ones(part.size, dtype=np.bool_),
    )


def _columns(
    part: IntArray,
    counts: PeriodCounts,
    flux: dict[str, FloatArray],
    expected: ExpectedYields,
    scale: float,
) -> dict[str, FloatArray | IntArray]:
    columns: dict[str, FloatArray | IntArray] = {
        "period": counts.period,
        "scan_part": part,
        "sqrt_s_mev": expected.sqrt_s_mev,
        "n2": counts.n2,
        "n2_err": counts.n2_err,
        "background_per_pot": scale * expected.background_per_pot,
        "background_err_raw": scale * expected.background_err_raw,
        # A boson shares what the scale stands for, efficiency and target: S ε_S/B stays as simulated.
        "signal_efficiency": scale * expected.signal_efficiency,
        "signal_efficiency_err": scale * expected.signal_efficiency_err,
        "brems_subtraction": counts.brems_subtraction,
        "brems_subtraction_err": counts.brems_subtraction_err,
        **flux,
    }
    return columns | _tag_and_probe(counts, expected)


def _tag_and_probe(counts: PeriodCounts, expected: ExpectedYields) -> dict[str, FloatArray]:
    """Data over simulation where both were measured better than not at all; no columns if nowhere."""
    known = (counts.tag_and_probe > counts.tag_and_probe_err) & (
        expected.tag_and_probe > expected.tag_and_probe_err
    )
    if not known.any():
        return {}
    data, simulated = (np.where(known, one.tag_and_probe, np.nan) for one in (counts, expected))
    relative = np.hypot(counts.tag_and_probe_err / data, expected.tag_and_probe_err / simulated)
    return {
        "tag_and_probe": data / simulated,
        "tag_and_probe_err": data / simulated * np.minimum(relative, 1.0),
    }


def _selection(part: IntArray) -> Selection:
    """Groups below 0 are for validation."""
    default = Selection.default(part)
    words = {True: "searched", False: "validation only"}
    return Selection(tuple(ScanPart(p.value, p.used, words[p.used]) for p in default.parts))
