"""What the limits are called in tables and figures."""

from __future__ import annotations

from x17.statistics.limit_methods import Calculation, LimitName

METHOD_NAMES = {
    LimitName.CLS: "CLs",
    LimitName.CLSB: "CLs+b",
    LimitName.PCL: "PCL, median",
    LimitName.PCL_STANDARD: "PCL, −1σ",
    LimitName.FC: "Feldman–Cousins",
    LimitName.ROLKE: "Rolke–López",
    LimitName.STAT: "statistics only",
}

CALCULATION_NAMES = {
    Calculation.TOYS: "toys",
    Calculation.ASYMPTOTIC: "asymptotic",
    Calculation.COUNTS: "counts",
}


def best_calculations(
    columns: tuple[tuple[LimitName, Calculation], ...],
) -> tuple[tuple[LimitName, Calculation], ...]:
    """One calculation of each limit: toys where there are any.

    Parameters
    ----------
    columns : tuple of (LimitName, Calculation)

    Returns
    -------
    tuple of (LimitName, Calculation)
        In the order of `LimitName`.
    """
    order = list(Calculation)
    best: dict[LimitName, Calculation] = {}
    for name, calculation in columns:
        if name not in best or order.index(calculation) < order.index(best[name]):
            best[name] = calculation
    return tuple((name, best[name]) for name in LimitName if name in best)
