"""What the checks found, as sentences with numbers."""

from __future__ import annotations

from collections.abc import Callable

from x17.report.number_text import fraction_text, mass_text, probability, signed, with_error
from x17.statistics.check_fit import CheckFit
from x17.statistics.check_result import Check, CheckResult, CheckRow, CheckStatus

SMALL, LARGE = 0.3, 1.0
"""Changes of ĝ² in its own errors, below and above which they are called small and large."""


def size_word(sigma: float) -> str:
    """Call a change of ĝ² small, moderate or large.

    Parameters
    ----------
    sigma : float
        In errors of ĝ².

    Returns
    -------
    str
    """
    size = abs(sigma)
    return "small" if size < SMALL else "moderate" if size < LARGE else "large"


def largest(rows: tuple[CheckRow, ...]) -> CheckRow | None:
    """The variation that changes ĝ² at the reference mass most.

    Parameters
    ----------
    rows : tuple of CheckRow

    Returns
    -------
    CheckRow or None
        None if no row has a change.
    """
    changed = [row for row in rows if row.change is not None]
    return max(changed, key=lambda row: abs(row.change.signal_sigma if row.change else 0.0), default=None)


def fit_text(fit: CheckFit) -> str:
    """The best fit in a few words.

    Parameters
    ----------
    fit : CheckFit

    Returns
    -------
    str
    """
    best = fit.best
    if best.g_ve <= 0.0:
        return "no boson"
    q = signed(best.q, 2)
    return (
        f"{mass_text(round(best.mass_mev, 3))} MeV, g_ve {best.g_ve * 1e4:.2f} × 10⁻⁴, Q {q} ({fit.z:.2f}σ)"
    )


def findings(check: Check, result: CheckResult) -> tuple[str, ...]:
    """What a check found.

    Parameters
    ----------
    check : Check
    result : CheckResult

    Returns
    -------
    tuple of str
        Sentences.
    """
    if check.status is not CheckStatus.DONE:
        return (f"This check was not made ({check.status.value}): {check.reason}.",)
    special = _SPECIAL.get(check.name)
    sentences = special(check, result) if special else ()
    return (*sentences, *_general(check))


def _general(check: Check) -> tuple[str, ...]:
    row = largest(check.done)
    missing = [r for r in check.rows if r.fit is None]
    lost = (f"{len(missing)} of {len(check.rows)} variations have no result; the table says why.",)
    if row is None or row.change is None or row.fit is None:
        return lost if missing else ()
    change = row.change
    shift = f"; the best fit moves by {signed(change.mass_mev, 3)} MeV" if change.mass_mev is not None else ""
    text = (
        f"The change is {size_word(change.signal_sigma)}: at most {signed(change.signal_sigma, 2)}σ in ĝ² at "
        f"{mass_text(row.fit.reference_mass_mev)} MeV and {signed(100.0 * change.limit, 1)} % in the limit "
        f"({row.label}){shift} and Q by {signed(change.q, 2)}."
    )
    return (text, *(lost if missing else ()))


def _row(check: Check, name: str) -> CheckFit | None:
    return next((row.fit for row in check.rows if row.name == name), None)


def _k_constant(check: Check, result: CheckResult) -> tuple[str, ...]:
    fit = _row(check, "side-band")
    if fit is None:
        return ()
    line = fit.sideband.line
    return (
        f"The constant fitted to the side band is {with_error(line.constant, line.constant_err)} with "
        f"P(χ²) = {100.0 * fit.sideband.p_value:.0f} %; the mask is centred on "
        f"{fit.sideband.masked_center_mev:.3f} MeV. Best fit: {fit_text(fit)}, where the unchanged analysis "
        f"has {fit_text(result.unchanged)}.",
    )


def _background(check: Check, result: CheckResult) -> tuple[str, ...]:
    unchanged = result.unchanged.background
    each = [
        f"{row.label}: χ² without a boson {row.fit.background.chi2:.1f}, best fit {fit_text(row.fit)}"
        for row in check.done
        if row.fit is not None
    ]
    head = f"With B of each point χ² without a boson is {unchanged.chi2:.1f} for {unchanged.n_points} points."
    return (f"{head} {'; '.join(each)}.",)


def _corrections(check: Check, result: CheckResult) -> tuple[str, ...]:
    del result
    poor = [
        f"{row.label} P(χ²) of the side band is {probability(row.fit.sideband.p_value)}"
        for row in check.done
        if row.fit is not None and row.name != "ageing-fitted"
    ]
    sentences = [f"{'; '.join(poor).capitalize()}."] if poor else []
    fitted = _row(check, "ageing-fitted")
    if fitted is not None:
        slopes = [n for n in fitted.best.nuisances if n.name == "flux_slope"]
        sentences += [
            "Fitted to g_R instead of measured, the response drifts by "
            f"{with_error(n.value, n.error)} from the first to the last positron; best fit then: "
            f"{fit_text(fitted)}."
            for n in slopes
        ]
    return tuple(sentences)


def _tag_and_probe(check: Check, result: CheckResult) -> tuple[str, ...]:
    before = result.unchanged.sideband.line
    fits = [
        (row.label, row.fit) for row in check.done if row.fit is not None and row.name != "expected-slope"
    ]
    each = [
        f"{label}: {signed(100.0 * fit.sideband.line.slope, 1)} %/MeV, P(χ²) "
        f"{probability(fit.sideband.p_value)}"
        for label, fit in fits
    ]
    head = f"Slope of K in the side band, {signed(100.0 * before.slope, 1)} %/MeV unchanged"
    return (f"{head}; {'; '.join(each)}.",) if each else ()


def _parts(check: Check, result: CheckResult) -> tuple[str, ...]:
    del result
    if check.tension is None:
        return ()
    one, other = check.done[-2:]
    if one.fit is None or other.fit is None:
        return ()
    values = [
        f"{row.label}: ĝ² = {with_error(1e8 * fit.reference_signal, 1e8 * fit.reference_error)} × 10⁻⁸"
        for row, fit in ((one, one.fit), (other, other.fit))
    ]
    mass = mass_text(one.fit.reference_mass_mev)
    return (
        f"At {mass} MeV the parts differ by {abs(check.tension):.2f}σ ({'; '.join(values)}). Best fits: "
        f"{fit_text(one.fit)} and {fit_text(other.fit)}.",
    )


def _leave_one_out(check: Check, result: CheckResult) -> tuple[str, ...]:
    del result
    fits = [(row.label, row.fit) for row in check.done if row.fit is not None]
    weakest = min(fits, key=lambda item: item[1].z)
    strongest = max(fits, key=lambda item: item[1].z)
    masses = [fit.best.mass_mev for _, fit in fits if fit.best.g_ve > 0.0]
    spread = f"best-fit masses from {min(masses):.3f} to {max(masses):.3f} MeV" if masses else "no boson fits"
    return (
        f"Local significance from {weakest[1].z:.2f}σ ({weakest[0]}) to {strongest[1].z:.2f}σ "
        f"({strongest[0]}); {spread}.",
    )


def _cls_plus_b(check: Check, result: CheckResult) -> tuple[str, ...]:
    fit = _row(check, "clsb")
    if fit is None:
        return ()
    at = mass_text(fit.reference_mass_mev)
    return (
        f"At {at} MeV the limit by CLs+b is {1e4 * fit.reference_limit:.2f} × 10⁻⁴, by CLs "
        f"{1e4 * result.unchanged.reference_limit:.2f} × 10⁻⁴; the fits are the same.",
    )


def _injected(check: Check, result: CheckResult) -> tuple[str, ...]:
    del check
    if result.injected is None or result.band is None:
        return ()
    boson, whole = result.injected, result.band
    k = min(range(whole.band.masses.size), key=lambda i: abs(float(whole.band.masses[i]) - boson.mass_mev))
    low, middle, high = (1e4 * float(boson.band.limits[i, k]) for i in (1, 2, 3))
    without = 1e4 * float(whole.band.limits[2, k])
    return (
        f"At {mass_text(float(whole.band.masses[k]))} MeV the observed limit is "
        f"{1e4 * float(whole.observed_limits[k]):.2f} × 10⁻⁴. Experiments with a boson of "
        f"{mass_text(boson.mass_mev)} MeV and {1e4 * boson.g_ve:g} × 10⁻⁴ have a median of {middle:.2f} "
        f"(68 %: {low:.2f} to {high:.2f}) × 10⁻⁴ there, those without one {without:.2f} × 10⁻⁴. Of those "
        f"with the boson a share of {fraction_text(boson.larger_excess)} has a larger excess than the data.",
    )


_SPECIAL: dict[str, Callable[[Check, CheckResult], tuple[str, ...]]] = {
    "k-constant": _k_constant,
    "background-curve": _background,
    "corrections": _corrections,
    "tag-and-probe": _tag_and_probe,
    "parts": _parts,
    "leave-one-out": _leave_one_out,
    "cls-plus-b": _cls_plus_b,
    "injected-boson": _injected,
}


def check_headline(result: CheckResult) -> str:
    """The outcome in a sentence or two.

    Parameters
    ----------
    result : CheckResult

    Returns
    -------
    str
    """
    rows = tuple(row for check in result.checks for row in check.done)
    head = f"Unchanged: {fit_text(result.unchanged)}."
    row = largest(rows)
    if row is None or row.change is None:
        return head
    sizes = [size_word(r.change.signal_sigma) for r in rows if r.change]
    return (
        f"{head} Of {len(sizes)} variations {sizes.count('small')} change ĝ² at "
        f"{mass_text(result.reference_mass_mev)} MeV by less than {SMALL:g}σ and {sizes.count('large')} by "
        f"{LARGE:g}σ or more, at most {signed(row.change.signal_sigma, 2)}σ ({row.label})."
    )
