"""Which systematic error limits a run: its reach with each of them as it is, halved and switched off.

Errors of the line (its area, its width, the beam's spread) do not move an expected limit: without a boson
the likelihood does not feel them. What moves it is the value itself: the reach with each value one error up
stands beside the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from x17.projection.projected_scan import RunDesign
from x17.projection.reach import EVIDENCE, FloatArray, Reach, find_reach
from x17.projection.systematics import Group, Quantity, Systematics
from x17.statistics.model import ScanModel

FACTORS = (1.0, 0.5, 0.0)
LINE = (Group.BEAM_SPREAD, Group.LINE_SHAPE)
"""Groups whose values, and not their errors, decide what can be expected."""

BuildModel = Callable[[RunDesign, Systematics], ScanModel]
"""A run and its errors → its likelihood: `projected_model` with the settings that are wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitingRow:
    """Reach at one mass with some errors changed.

    Attributes
    ----------
    group : Group or None
        Errors that are changed; None: all.
    factor : float or None
        By which they are multiplied; None: errors as they are, but the values themselves one error up.
    limit : float
        Median expected limit on g_ve.
    evidence : float
        g_ve of which the median experiment sees 3σ, by interpolation; NaN beyond the grid.
    """

    group: Group | None
    factor: float | None
    limit: float
    evidence: float


def limiting_errors(
    build: BuildModel,
    design: RunDesign,
    systematics: Systematics,
    mass: float,
    couplings: FloatArray,
    cl: float = 0.90,
) -> tuple[LimitingRow, ...]:
    """Find the reach at one mass with each group of errors as it is, halved and off, and with none at all.

    Parameters
    ----------
    build : callable
        Makes the likelihood of a run and its errors.
    design : RunDesign
    systematics : Systematics
    mass : float
        MeV.
    couplings : ndarray
        Grid of g_ve for significances.
    cl : float

    Returns
    -------
    tuple of LimitingRow
        First all errors as they are, then group by group halved and off, then none, then the line's values
        one error up.

    Raises
    ------
    X17Error
        A fit failed.
    """

    def row(
        group: Group | None, factor: float | None, errors: Systematics, run: RunDesign = design
    ) -> LimitingRow:
        return _row(group, factor, find_reach([build(run, errors)], np.array([mass]), couplings, cl))

    rows = [row(None, 1.0, systematics)]
    for group in Group:
        rows += [row(group, factor, systematics.times(group, factor)) for factor in FACTORS[1:]]
    rows.append(row(None, 0.0, systematics.none))
    shifted = [row(group, None, systematics, _one_error_up(design, systematics, group)) for group in LINE]
    return (*rows, *shifted)


def _one_error_up(design: RunDesign, systematics: Systematics, group: Group) -> RunDesign:
    """The run whose beam spread, or whose line, has the values one error up, the signal yield one down."""
    size, old = systematics.reference, design.constants
    if group is Group.BEAM_SPREAD:
        change = 1.0 + systematics.total(Quantity.BEAM_SPREAD, size)
        constants = replace(old, beam_energy_spread=change * old.beam_energy_spread)
    else:
        wider = 1.0 + systematics.total(Quantity.LORENTZ_WIDTH, size)
        weaker = 1.0 - systematics.total(Quantity.SIGNAL_YIELD, size)
        constants = replace(
            old,
            lorentz_half_width_mev=wider * old.lorentz_half_width_mev,
            signal_yield_mev=weaker * old.signal_yield_mev,
        )
    return replace(design, constants=constants)


def _row(group: Group | None, factor: float | None, reach: Reach) -> LimitingRow:
    return LimitingRow(
        group=group,
        factor=factor,
        limit=float(reach.median[0]),
        evidence=float(reach.coupling_at(EVIDENCE)[0]),
    )
