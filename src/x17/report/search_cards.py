"""The few numbers that most readers of a search want, each with its error and the table that has it."""

from __future__ import annotations

from x17.report.headline import (
    best_known_limit,
    counted,
    has_excess,
    limit_at_excess,
    local_significance,
    strongest_limit,
)
from x17.report.html import Card
from x17.report.number_text import (
    UNKNOWN,
    between,
    confidence,
    fraction_short,
    fraction_text,
    mass_text,
    probability,
    with_error,
)
from x17.statistics.global_p import GlobalStatistic
from x17.statistics.monte_carlo import TailFraction
from x17.statistics.search_result import LimitPoint, SearchResult

_G = 1e4  # couplings are shown in units of 1e-4
_LIMITS = "#table-limits-full"


def search_cards(result: SearchResult) -> tuple[Card, ...]:
    """Pick the numbers that stand at the top of the report.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    tuple of Card
        None if no limit is known and nothing was found.
    """
    if not has_excess(result):
        return _without_excess(result)
    best, point = result.best, limit_at_excess(result)
    low, high = best.mass_interval_mev
    fraction = counted(result)
    how = "asymptotic" if fraction is None else "by toys"
    return (
        Card("Best-fit mass [MeV]", between(best.mass_mev, low, high, 1.0), "#table-best-fit"),
        Card("Best-fit g_ve [10⁻⁴]", between(best.g_ve, *best.g_ve_interval, _G), "#table-best-fit"),
        Card(
            f"Local p at {mass_text(result.local_p.mass_mev)} MeV, {how}",
            probability(result.local_p.p_q0) if fraction is None else fraction_text(fraction),
            "#table-local-p",
        ),
        Card("Local significance, one-sided", _significance(result, fraction), "#table-local-p"),
        *_global(result),
        Card(
            f"Limit on g_ve [10⁻⁴] at {mass_text(point.mass_mev)} MeV, {confidence(result.cl)}",
            _limit(point),
            _LIMITS,
        ),
    )


def _without_excess(result: SearchResult) -> tuple[Card, ...]:
    strongest = strongest_limit(result)
    if strongest is None:
        return ()
    mass = strongest[2]
    point = next(point for point in result.limits if point.mass_mev == mass)
    return (
        Card("Largest excess", "none", "#table-local-p"),
        Card(f"Strongest limit on g_ve [10⁻⁴], {confidence(result.cl)}", _limit(point), _LIMITS),
        Card("It is at", f"{mass_text(mass)} MeV", _LIMITS),
    )


def _global(result: SearchResult) -> tuple[Card, ...]:
    """The global p of the first two windows, by the deepest Q."""
    cards = []
    for window in result.significance[:2]:
        low, high = window.window_mev
        by_q = next(d for d in window.definitions if d.statistic is GlobalStatistic.MIN_Q)
        label = f"Global p, {mass_text(low)} to {mass_text(high)} MeV"
        cards.append(Card(label, fraction_short(by_q.fraction), "#table-global-p"))
    return tuple(cards)


def _significance(result: SearchResult, fraction: TailFraction | None) -> str:
    z = local_significance(result)
    if fraction is None or not 0 < fraction.successes < fraction.n_toys:
        return f"{z:.2f}σ".replace("-", "−")
    from scipy.special import ndtri

    low, high = (float(-ndtri(p)) for p in fraction.interval())
    return f"{with_error(z, 0.5 * abs(high - low))} σ"


def _limit(point: LimitPoint) -> str:
    """The observed limit with its Monte-Carlo error, or without one if it is asymptotic."""
    found, toy = best_known_limit(point), point.toy
    if found is None:
        return UNKNOWN
    if toy is None or toy.coupling is None or toy.low is None or toy.high is None:
        return f"{_G * found[0]:.2f}"
    return with_error(_G * toy.coupling, 0.5 * _G * (toy.high - toy.low))
