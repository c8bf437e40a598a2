"""The result of a search in one sentence, for the terminal and the report."""

from __future__ import annotations

from x17.report.number_text import confidence, fraction_text, mass_text, probability, scientific
from x17.statistics.monte_carlo import TailFraction
from x17.statistics.search_result import LimitPoint, SearchResult

EVIDENCE, OBSERVATION = 3.0, 5.0
"""The usual names of local significances, in one-sided standard deviations."""

_SAME_MASS = 0.005


def headline(result: SearchResult) -> str:
    """Say what a search found: the largest excess, the best fit and the limit there.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    str
        One sentence of plain text with a full stop; a second one if a criterion of the side band failed, for
        then the first is not to be read without it.
    """
    return _found(result) + _warning(result)


def _warning(result: SearchResult) -> str:
    """The first criterion of the side band that failed; those after it are not looked at."""
    failed = next((criterion for criterion in result.criteria if criterion.passed is False), None)
    if failed is None or failed.value is None:
        return ""
    bound = failed.rule.removesuffix("threshold").removeprefix("|").replace("|", "").removeprefix("value")
    wanted = f"{bound.strip()} {failed.threshold:g} wanted"
    return f" But the side band fails criterion {failed.name} ({failed.value:.3g}; {wanted})."


def _found(result: SearchResult) -> str:
    name = " ".join(result.scan_name.split())
    if name == "scan":  # as a file scan.csv without a name of its own is called
        name = "this scan"
    if not has_excess(result):
        first, last = (mass_text(result.limits[k].mass_mev) for k in (0, -1))
        return (
            f"No boson is established: {name} shows no excess at any of the {len(result.limits)} masses "
            f"searched, {first} to {last} MeV; {_strongest(result)}."
        )
    best, mass = result.best, result.local_p.mass_mev
    where = "" if abs(best.mass_mev - mass) < _SAME_MASS else f" at {mass_text(best.mass_mev)} MeV"
    return (
        f"{_verdict(local_significance(result))}: the largest excess in {name} is at {mass_text(mass)} MeV "
        f"({_local_p(result)}; {_global_p(result)}), "
        f"best fit g_ve = {scientific(best.g_ve)}{where}; {_limit_there(result)}."
    )


def has_excess(result: SearchResult) -> bool:
    """Whether the data prefer a boson at any mass of the grid.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    bool
    """
    return result.local_p.z_q0 > 0.0


def counted(result: SearchResult) -> TailFraction | None:
    """Local p by pseudo-experiments, if there are any whose fits converged.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    TailFraction or None
    """
    fraction = result.local_p.limit
    return fraction if fraction is not None and fraction.n_toys > 0 else None


def local_significance(result: SearchResult) -> float:
    """One-sided local significance: by pseudo-experiments where they can tell, else from q0.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    float
    """
    fraction = counted(result)
    # Neither none nor all of them give a finite number of standard deviations.
    if fraction is not None and 0 < fraction.successes < fraction.n_toys:
        return fraction.significance
    return result.local_p.z_q0


def limit_at_excess(result: SearchResult) -> LimitPoint:
    """Limits at the mass of the largest excess.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    LimitPoint
    """
    return min(result.limits, key=lambda point: abs(point.mass_mev - result.local_p.mass_mev))


def best_known_limit(point: LimitPoint) -> tuple[float, str] | None:
    """Observed limit and its method: by toys where there is one, else asymptotic.

    Parameters
    ----------
    point : LimitPoint

    Returns
    -------
    (float, str) or None
    """
    if point.toy is not None and point.toy.coupling is not None:
        return point.toy.coupling, "toy CLs"
    if point.asymptotic is not None:
        return point.asymptotic, "asymptotic CLs"
    return None


def strongest_limit(result: SearchResult) -> tuple[float, str, float] | None:
    """Smallest observed limit, its method and its mass.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    (float, str, float) or None
    """
    known = [(*found, point.mass_mev) for point in result.limits if (found := best_known_limit(point))]
    return min(known, default=None)


def _verdict(z: float) -> str:
    if z >= OBSERVATION:
        return "Observation-level local excess"
    if z >= EVIDENCE:
        return "Evidence-level local excess"
    return "No boson is established"


def _local_p(result: SearchResult) -> str:
    local, fraction = result.local_p, counted(result)
    asymptotic = f"local p = {probability(local.p_q0)}, {local.z_q0:.2f}σ one-sided, asymptotic"
    if fraction is None:
        return asymptotic
    if fraction.successes == 0:
        return (
            f"local p {fraction_text(fraction)} as none of {fraction.n_toys} toys is as extreme; {asymptotic}"
        )
    if fraction.successes == fraction.n_toys:
        return f"all of {fraction.n_toys} toys are as extreme; {asymptotic}"
    return f"local p = {fraction_text(fraction)}, {fraction.significance:.2f}σ one-sided"


def _global_p(result: SearchResult) -> str:
    if not result.significance:
        return "global p not computed here"
    whole = result.significance[0]
    published, (low, high) = whole.definitions[0].fraction, whole.window_mev
    # "p < …" where no toy is as extreme.
    relation = "" if published.successes == 0 else "= "
    return f"global p {relation}{fraction_text(published)} in {mass_text(low)} to {mass_text(high)} MeV"


def _limit_there(result: SearchResult) -> str:
    found = best_known_limit(limit_at_excess(result))
    if found is None:
        return "no limit could be set at that mass"
    coupling, method = found
    where = f"at {confidence(result.cl)} at that mass ({method})"
    return f"couplings above {scientific(coupling)} are excluded {where}"


def _strongest(result: SearchResult) -> str:
    found = strongest_limit(result)
    if found is None:
        return "no limit could be set at any mass"
    coupling, method, mass = found
    return (
        f"couplings above {scientific(coupling)} are excluded at {confidence(result.cl)} "
        f"at {mass_text(mass)} MeV, where the limit is strongest ({method})"
    )
