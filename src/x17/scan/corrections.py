"""The corrections that are factors in the numbers of a scan: named, ordered steps that can be undone.

For PADME Run III N2 = N2_raw · brems_subtraction and N_PoT = N_raw · ageing / (energy_loss / 0.922). A step
is taken off or put on relative to its weighted mean over the searched points, so that the mean count or
flux stays and only the trend with energy changes. `tag_and_probe` and `rmax_shift` are measurements beside
the table, not steps: `check_tag_and_probe` applies the former as a check.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from x17.errors import UsageError
from x17.scan.energy_scan import EnergyScan

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Correction:
    """One step of the chain.

    Attributes
    ----------
    name : str
        The step, and the column with its factor f.
    target : str
        The column that it multiplies.
    target_err : str
        The error of the target, which scales with it.
    power : int
        +1: the target is multiplied by f; −1: divided.
    meaning : str
        One phrase for the user.
    """

    name: str
    target: str
    target_err: str
    power: int
    meaning: str


CORRECTIONS: tuple[Correction, ...] = (
    Correction("brems_subtraction", "n2", "n2_err", 1, "bremsstrahlung background taken off the counts"),
    Correction("energy_loss", "n_pot", "n_pot_err_raw", -1, "energy lost before the lead glass"),
    Correction("ageing", "n_pot", "n_pot_err_raw", 1, "loss of lead-glass response with dose"),
)
"""The steps in the order in which they were applied."""


def weighted_mean(scan: EnergyScan, name: str) -> float:
    """Average a correction factor over the searched points, weighted with its own errors.

    Σ f/σ² / Σ 1/σ²; the plain mean if an error is missing or 0. For PADME Run III 0.9221 (energy_loss),
    0.9406 (brems_subtraction) and 1.0002 (ageing).

    Parameters
    ----------
    scan : EnergyScan
    name : str
        A column of `scan` that is a correction.

    Returns
    -------
    float

    Raises
    ------
    UsageError
        No such correction, or a scan without its column.
    """
    _find(name)
    factor = _factor(scan, name)
    used = scan.selection.mask(scan.scan_part)
    err = scan.columns.get(f"{name}_err")
    if err is None or not np.all(err[used] > 0):
        return float(np.mean(factor[used]))
    weight = (err[used].min() / err[used]) ** 2  # scaled, so that tiny errors cannot overflow
    return float(np.sum(weight * factor[used]) / np.sum(weight))


def remove(scan: EnergyScan, name: str) -> EnergyScan:
    """Take one correction off: divide it out, relative to its weighted mean.

    The errors of the target keep their relative size: they are not taken apart into contributions.

    Parameters
    ----------
    scan : EnergyScan
    name : str
        One of `scan.applied_corrections`.

    Returns
    -------
    EnergyScan
        A new scan; `scan` stays as it is.

    Raises
    ------
    UsageError
        No such correction, one that is not applied, or a scan without its column.
    """
    correction = _find(name)
    if name not in scan.applied_corrections:
        raise UsageError(f"the correction {name} is not in {scan.name}, so it cannot be removed")
    remaining = tuple(step for step in scan.applied_corrections if step != name)
    return _scaled(scan, correction, -correction.power, remaining)


def apply(scan: EnergyScan, name: str) -> EnergyScan:
    """Put one correction on, relative to its weighted mean; the inverse of `remove`.

    Parameters
    ----------
    scan : EnergyScan
    name : str
        A correction that is not applied.

    Returns
    -------
    EnergyScan
        A new scan; `scan` stays as it is.

    Raises
    ------
    UsageError
        No such correction, one that is applied already, or a scan without its column.
    """
    correction = _find(name)
    if name in scan.applied_corrections:
        raise UsageError(f"the correction {name} is in {scan.name} already")
    present = {*scan.applied_corrections, name}
    ordered = tuple(step.name for step in CORRECTIONS if step.name in present)
    return _scaled(scan, correction, correction.power, ordered)


def check_tag_and_probe(scan: EnergyScan) -> EnergyScan:
    """Multiply B by tag_and_probe², relative to its mean, point by point: a check, not a correction.

    The factor is a measurement whose scatter is its own error, so that the points scatter more afterwards;
    it is squared because two clusters are found. Points without a value stay as they are.

    Parameters
    ----------
    scan : EnergyScan

    Returns
    -------
    EnergyScan
        A new scan with a note that says what was done.

    Raises
    ------
    UsageError
        A scan without the column, or without a value at any searched point.
    """
    if scan.tag_and_probe is None:
        raise UsageError(f"{scan.name} has no column tag_and_probe")
    squared = scan.tag_and_probe**2
    used = scan.selection.mask(scan.scan_part) & np.isfinite(squared)
    if not np.any(used):
        raise UsageError(f"{scan.name} has no value of tag_and_probe at a searched point")
    factor = np.where(np.isfinite(squared), squared / squared[used].mean(), 1.0)
    note = "Check: background_per_pot was multiplied by tag_and_probe squared, point by point."
    return replace(
        scan,
        background_per_pot=scan.background_per_pot * factor,
        background_err_raw=scan.background_err_raw * factor,
        notes=(*scan.notes, note),
    )


def _find(name: str) -> Correction:
    for correction in CORRECTIONS:
        if correction.name == name:
            return correction
    raise UsageError(f"unknown correction {name}; known: {', '.join(step.name for step in CORRECTIONS)}")


def _factor(scan: EnergyScan, name: str) -> FloatArray:
    factor = scan.columns.get(name)
    if factor is None:
        raise UsageError(f"{scan.name} has no column {name}")
    return np.asarray(factor, dtype=np.float64)


def _scaled(scan: EnergyScan, step: Correction, power: int, applied: tuple[str, ...]) -> EnergyScan:
    relative = _factor(scan, step.name) / weighted_mean(scan, step.name)
    # The same product or quotient both ways, so that apply(remove(scan)) differs by rounding only.
    target, err = getattr(scan, step.target), getattr(scan, step.target_err)
    changed = {step.target: target * relative, step.target_err: err * relative}
    if power < 0:
        changed = {step.target: target / relative, step.target_err: err / relative}
    return replace(scan, **changed, applied_corrections=applied)
