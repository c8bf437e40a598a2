"""A scan with something about it changed: energies shifted, points left out, B smoothed.

Each function takes a scan and gives a new one, with a note that says what was done; corrections are taken off
in `x17.scan.corrections`.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from x17.errors import UsageError
from x17.kinematics import beam_energy_mev, sqrt_s_mev
from x17.scan.energy_scan import EnergyScan
from x17.scan.selection import Selection
from x17.scan.straight_line import StraightLine, fit_line

FloatArray = NDArray[np.float64]


def with_beam_energy(scan: EnergyScan, factor: float, part: int | None = None) -> EnergyScan:
    """Multiply beam energies by a factor; √s follows, counts and yields stay.

    Parameters
    ----------
    scan : EnergyScan
    factor : float
        Of the total beam energy E = (s − 2m_e²)/(2m_e).
    part : int, optional
        Only the points of this scan part.

    Returns
    -------
    EnergyScan

    Raises
    ------
    UsageError
        The scan has no such part.
    """
    here = np.ones(len(scan), dtype=np.bool_) if part is None else _rows_of(scan, part)
    mass = scan.constants.electron_mass_mev
    moved = sqrt_s_mev(factor * beam_energy_mev(scan.sqrt_s_mev, mass), mass)
    where = "all beam energies" if part is None else f"beam energies of scan part {part}"
    note = f"Check: {where} were multiplied by {factor:g}."
    return replace(scan, sqrt_s_mev=np.where(here, moved, scan.sqrt_s_mev), notes=(*scan.notes, note))


def only_part(scan: EnergyScan, part: int) -> EnergyScan:
    """Search one scan part alone.

    Parameters
    ----------
    scan : EnergyScan
    part : int

    Returns
    -------
    EnergyScan
        The same table; the other parts are not searched.

    Raises
    ------
    UsageError
        The scan has no such part.
    InputError
        Too few points remain.
    """
    _rows_of(scan, part)
    parts = tuple(
        p if p.value == part else replace(p, used=False, reason="left out by a check")
        for p in scan.selection.parts
    )
    note = f"Check: only scan part {part} was searched."
    return replace(scan, selection=Selection(parts), notes=(*scan.notes, note))


def without_period(scan: EnergyScan, period: int) -> EnergyScan:
    """Leave one energy point out, and with it the repairs of its values.

    Parameters
    ----------
    scan : EnergyScan
    period : int

    Returns
    -------
    EnergyScan
        One row shorter.

    Raises
    ------
    UsageError
        The scan has no such period.
    InputError
        Too few points remain.
    """
    kept = scan.period != period
    if kept.all():
        raise UsageError(f"{scan.name} has no period {period}")
    columns = {name: values[kept] for name, values in scan.columns.items()}
    repairs = tuple(repair for repair in scan.repairs if repair.period != period)
    note = f"Check: period {period} was left out."
    return replace(scan, **columns, repairs=repairs, notes=(*scan.notes, note))


def with_smooth_background(scan: EnergyScan, degree: int) -> EnergyScan:
    """Replace B of each point by a polynomial in √s, one for each searched scan part; errors stay.

    The polynomial is fitted with the total errors of B. The errors of single points are kept as they are,
    although those of points on a curve would be smaller and common to its part.

    Parameters
    ----------
    scan : EnergyScan
    degree : int
        1 is a line.

    Returns
    -------
    EnergyScan

    Raises
    ------
    UsageError
        A part with no more points than coefficients.
    """
    background = scan.background_per_pot.copy()
    for part in scan.selection.used_values:
        here = scan.scan_part == part
        if here.sum() <= degree + 1:
            raise UsageError(
                f"a polynomial of degree {degree} through B needs more than {degree + 1} points in each scan "
                f"part; part {part} has {int(here.sum())}"
            )
        x = scan.sqrt_s_mev[here] - scan.constants.center_sqrt_s_mev
        fit = np.polynomial.Polynomial.fit(x, background[here], degree, w=1.0 / scan.background_err[here])
        background[here] = fit(x)
    note = f"Check: B was replaced by a polynomial of degree {degree} in each scan part."
    return replace(scan, background_per_pot=background, notes=(*scan.notes, note))


def farthest_background(scan: EnergyScan) -> tuple[int, float]:
    """The searched point whose B is farthest from the line of its scan part.

    Parameters
    ----------
    scan : EnergyScan

    Returns
    -------
    int
        Its period.
    float
        Its distance, in errors of B.

    Raises
    ------
    UsageError
        As for `with_smooth_background`.
    """
    smooth = with_smooth_background(scan, 1).background_per_pot
    distance = (scan.background_per_pot - smooth) / scan.background_err
    k = int(np.argmax(np.abs(distance)))
    return int(scan.period[k]), float(distance[k])


def tag_and_probe_line(scan: EnergyScan) -> StraightLine:
    """The line through tag_and_probe of the searched points, weighted with its errors.

    Parameters
    ----------
    scan : EnergyScan

    Returns
    -------
    StraightLine
        For PADME Run III a slope of +2.3(6) %/MeV.

    Raises
    ------
    UsageError
        A scan without the column or its errors, or with values at fewer than two energies.
    """
    values, errors = scan.tag_and_probe, scan.tag_and_probe_err
    if values is None or errors is None:
        missing = "tag_and_probe" if values is None else "tag_and_probe_err"
        raise UsageError(f"{scan.name} has no column {missing}")
    used = scan.selection.mask(scan.scan_part) & np.isfinite(values) & np.isfinite(errors) & (errors > 0.0)
    center = scan.constants.center_sqrt_s_mev
    return fit_line(scan.sqrt_s_mev[used], values[used], errors[used] ** 2, center)


def with_smooth_tag_and_probe(scan: EnergyScan, power: int = 1) -> EnergyScan:
    """Multiply B by a power of the line through tag_and_probe, relative to its value at the centre.

    Parameters
    ----------
    scan : EnergyScan
    power : int
        1 changes the slope of K by as much as the collaboration expects of tag and probe, −2.2(6) %/MeV;
        2 because a pair has two clusters.

    Returns
    -------
    EnergyScan

    Raises
    ------
    UsageError
        As for `tag_and_probe_line`.
    """
    line = tag_and_probe_line(scan)
    factor = (line(scan.sqrt_s_mev) / line.constant) ** power
    note = f"Check: background_per_pot was multiplied by the line through tag_and_probe to the power {power}."
    return replace(
        scan,
        background_per_pot=scan.background_per_pot * factor,
        background_err_raw=scan.background_err_raw * factor,
        notes=(*scan.notes, note),
    )


def _rows_of(scan: EnergyScan, part: int) -> NDArray[np.bool_]:
    here = scan.scan_part == part
    if part not in scan.selection.used_values or not here.any():
        known = ", ".join(str(value) for value in scan.selection.used_values)
        raise UsageError(f"{scan.name} has no searched scan part {part}; it has {known}")
    return np.asarray(here)
