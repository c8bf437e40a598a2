"""The criteria (i) to (iv) on a scan that is sealed, and what of it may be shown.

Where a window is sealed, all that is tested is open, and all of it is shown. Where every count is sealed,
the window is found by the fit: a value would tell of counts that nobody may know yet, so that nothing but
passed or failed is shown until all criteria hold.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from x17.scan import SearchPoints
from x17.scan.model_constants import ModelConstants
from x17.scan.observable import g_r, g_r_err
from x17.scan.straight_line import StraightLine
from x17.statistics.sideband import SidebandFit, fit_outside, fit_sideband
from x17.statistics.sideband_criteria import Criterion, SidebandSettings, check_sideband

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class OpenSideband:
    """The side band without what is masked; every array has shape (n_open,), by rising √s.

    Attributes
    ----------
    sqrt_s_mev, g_r, g_r_err, pulls : ndarray
    scan_part : ndarray of int
    line : StraightLine
        K(s).
    p_value : float
        Of its χ².
    masked_mev : (float, float)
        √s of the first and the last masked point.
    ties : tuple of (float, float)
        Other windows whose χ² is the same within `x17.statistics.sideband.CHI2_TIE`. They tell of masked
        points, and are shown with those.
    """

    sqrt_s_mev: FloatArray
    g_r: FloatArray
    g_r_err: FloatArray
    pulls: FloatArray
    scan_part: NDArray[np.int64]
    line: StraightLine
    p_value: float
    masked_mev: tuple[float, float]
    ties: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """What the criteria say.

    Attributes
    ----------
    criteria : tuple of Criterion
        With their values, also of those that may not be shown: use `document`.
    sideband : OpenSideband
        Likewise: use `shown`.
    automatic : bool
        Whether the window was found by the fit, with every count sealed.
    """

    criteria: tuple[Criterion, ...] = field(repr=False)
    sideband: OpenSideband = field(repr=False)
    automatic: bool

    @property
    def passed(self) -> bool:
        """Whether all criteria hold."""
        return all(criterion.passed for criterion in self.criteria)

    @property
    def shown(self) -> OpenSideband | None:
        """The side band, if it may be seen."""
        return self.sideband if self.passed or not self.automatic else None

    def document(self, *, everything: bool = False) -> dict[str, Any]:
        """What may be shown, as plain values.

        Parameters
        ----------
        everything : bool
            The scan is opened: nothing is kept back.

        Returns
        -------
        dict
            `passed`, `criteria`, and `masked_mev`, `constant`, `slope_per_mev` with errors, `chi2`, `ndf`,
            `chi2_probability`; None where they may not be seen. `ties_mev` once the scan is opened.
        """
        side = self.sideband if everything else self.shown
        criteria = [
            {
                "name": item.name,
                "passed": item.passed,
                "value": None if side is None else item.value,
                "threshold": item.threshold,
                "rule": item.rule,
            }
            for item in self.criteria
        ]
        return {
            "passed": self.passed,
            "criteria": criteria,
            "masked_mev": None if side is None else list(side.masked_mev),
            "ties_mev": [list(tie) for tie in self.sideband.ties] if everything else None,
            "constant": None if side is None else side.line.constant,
            "constant_err": None if side is None else side.line.constant_err,
            "slope_per_mev": None if side is None else side.line.slope,
            "slope_err": None if side is None else side.line.slope_err,
            "chi2": None if side is None else side.line.chi2,
            "ndf": None if side is None else side.line.ndf,
            "chi2_probability": None if side is None else side.p_value,
        }


def judge(
    points: SearchPoints,
    sealed_rows: NDArray[np.int64] | None,
    constants: ModelConstants,
    settings: SidebandSettings,
    *,
    constant: bool = False,
) -> Verdict:
    """Test the criteria.

    Parameters
    ----------
    points : SearchPoints
        All searched points with their counts.
    sealed_rows : ndarray of int or None
        Rows of the table that are sealed, where a window is; None: all are, and the fit finds the window.
    constants : ModelConstants
        Gives the size of the window and the centre.
    settings : SidebandSettings
    constant : bool
        K is a constant instead of a line.

    Returns
    -------
    Verdict
    """
    center = constants.center_sqrt_s_mev
    if sealed_rows is None:
        fit = fit_sideband(points, constants.window_size, center, constant=constant)
    else:
        masked = np.isin(points.row, sealed_rows)
        fit = fit_outside(points, masked, center, constant=constant)
    criteria = check_sideband(points, fit, settings)
    return Verdict(criteria, _outside(points, fit), sealed_rows is None)


def _outside(points: SearchPoints, fit: SidebandFit) -> OpenSideband:
    keep = ~fit.masked
    return OpenSideband(
        sqrt_s_mev=points.sqrt_s_mev[keep],
        g_r=g_r(points)[keep],
        g_r_err=g_r_err(points)[keep],
        pulls=fit.pulls,
        scan_part=points.scan_part[keep],
        line=fit.line,
        p_value=fit.p_value,
        masked_mev=fit.masked_mev,
        ties=tuple(tie[:2] for tie in fit.ties),
    )
