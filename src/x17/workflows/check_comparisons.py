"""The numbers that the collaboration gave for its own checks, beside those found here.

Source: the presentation of Run III, "Post unblinding checks".
"""

from __future__ import annotations

from collections.abc import Sequence

from x17.statistics.check_result import CheckRow, Comparison
from x17.statistics.global_p import GlobalStatistic

PUBLISHED_SCAN = "padme-run3"
"""The scan that these numbers are about."""

MASK_CENTER_MEV = 16.888


def comparisons(check: str, rows: Sequence[CheckRow], nominal: CheckRow) -> tuple[Comparison, ...]:
    """What was published for a check.

    Parameters
    ----------
    check : str
        Its name.
    rows : sequence of CheckRow
    nominal : CheckRow
        The unchanged analysis.

    Returns
    -------
    tuple of Comparison
        Empty if nothing was published, or the variation in question was not fitted.
    """
    by_name = {row.name: row for row in rows if row.fit is not None}
    if check == "k-constant" and "side-band" in by_name:
        return (*_side_band(by_name["side-band"]), *_strengths(by_name["side-band"], 1.6, None, nominal))
    if check == "background-curve":
        kept = [by_name[name] for name in ("line", "line-without-farthest", "degree-3") if name in by_name]
        found = [_strength(f"equivalent σ, {row.label}", row, 1.6, None) for row in kept]
        return (*found, _strength("equivalent σ, unchanged", nominal, 1.77, 0.15)) if found else ()
    if check == "cls-plus-b" and "clsb" in by_name:
        return _strengths(by_name["clsb"], 1.62, 0.13, nominal)
    if check == "corrections" and "ageing-fitted" in by_name:
        return _ageing(by_name["ageing-fitted"])
    return ()


def _side_band(row: CheckRow) -> tuple[Comparison, ...]:
    if row.fit is None:
        return ()
    sideband = row.fit.sideband
    line = sideband.line
    return (
        Comparison("P(χ²) of the side band", 0.37, None, sideband.p_value, None),
        Comparison("K of the side band", 1.0112, 0.0014, line.constant, line.constant_err),
        Comparison("centre of the mask [MeV]", MASK_CENTER_MEV, None, sideband.masked_center_mev, None),
    )


def _strengths(
    row: CheckRow, published: float, error: float | None, nominal: CheckRow
) -> tuple[Comparison, ...]:
    return (
        _strength(f"equivalent σ, {row.label}", row, published, error),
        _strength("equivalent σ, unchanged", nominal, 1.77, 0.15),
    )


def _strength(what: str, row: CheckRow, published: float, error: float | None) -> Comparison:
    """Global significance by the published deviation."""
    from scipy.special import ndtri

    for found in row.global_p:
        if found.statistic is GlobalStatistic.PUBLISHED_DEVIATION and found.fraction.successes:
            low, high = found.fraction.interval()
            spread = 0.5 * float(ndtri(high) - ndtri(low))
            return Comparison(what, published, error, found.fraction.significance, spread)
    return Comparison(what, published, error, None, None)


def _ageing(row: CheckRow) -> tuple[Comparison, ...]:
    """The drift fitted in place of the correction for ageing, with the boson of the best fit."""
    fitted = [n for n in row.fit.best.nuisances if n.name == "flux_slope"] if row.fit else []
    return tuple(
        Comparison("slope of the ageing over the run", 0.097, 0.007, n.value, n.error) for n in fitted
    )
