"""What the checks found, as sentences with numbers."""

from __future__ import annotations

from collections.abc import Callable

from x17.report.number_text import fraction_text, mass_text, probability, signed, with_error
from x17.statistics.check_fit import Change, CheckFit
from x17.statistics.check_result import Check, CheckResult, CheckRow, CheckStatus

SMALL, LARGE = 0.3, 1.0
"""Sizes of a change (`Change.size`) below and above which it is called small and large."""


def size_word(size: float) -> str:
    """Call a change small, moderate or large.

    Parameters
    ----------
    size : float
        `Change.size`.

    Returns
    -------
    str
    """
    return "small" if size < SMALL else "moderate" if size < LARGE else "large"


def largest(rows: tuple[CheckRow, ...], measure: Callable[[Change], float]) -> CheckRow | None:
    """The variation with the largest change.

    Parameters
    ----------
    rows : tuple of CheckRow
    measure : callable
        What of a change counts; its sign does not.

    Returns
    -------
    CheckRow or None
        None if no row has a change.
    """
    changed = [row for row in rows if row.change is not None]
    return max(changed, key=lambda row: abs(measure(row.change)) if row.change else 0.0, default=None)


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
    return f"{best.mass_mev:.3f} MeV, g_ve {best.g_ve * 1e4:.2f} × 10⁻⁴, Q {q} ({fit.z:.2f}σ)"


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
    missing = [r for r in check.rows if r.fit is None]
    lost = (f"{len(missing)} of {len(check.rows)} variations have no result; the table says why.",)
    top = largest(check.done, lambda change: change.size)
    if top is None or top.change is None or top.fit is None:
        return lost if missing else ()
    at = mass_text(top.fit.reference_mass_mev)
    measures: tuple[tuple[Callable[[Change], float], Callable[[float], str]], ...] = (
        (lambda c: c.signal_sigma, lambda v: f"ĝ² at {at} MeV by {signed(v, 2)}σ"),
        (lambda c: c.limit, lambda v: f"the limit there by {signed(100.0 * v, 1)} %"),
        (lambda c: c.q, lambda v: f"Q by {signed(v, 2)}"),
        (lambda c: c.mass_mev or 0.0, lambda v: f"the best-fit mass by {signed(v, 3)} MeV"),
    )
    by_row: dict[str, list[str]] = {}
    for measure, text in measures:
        row = largest(check.done, measure)
        if row is not None and row.change is not None:
            by_row.setdefault(row.label, []).append(text(measure(row.change)))
    most = "; ".join(f"{', '.join(texts)} ({label})" for label, texts in by_row.items())
    sentence = f"The change is {size_word(top.change.size)}; at most {most}."
    return (sentence, *(lost if missing else ()))


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
    text = "; ".join(poor)
    sentences = [f"{text[0].upper()}{text[1:]}."] if poor else []
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
    row = largest(rows, lambda change: change.size)
    if row is None or row.change is None:
        return head
    words = [size_word(r.change.size) for r in rows if r.change]
    return (
        f"{head} Of {len(words)} variations {words.count('small')} change ĝ² at "
        f"{mass_text(result.reference_mass_mev)} MeV and the local significance by less than {SMALL:g}σ and "
        f"{words.count('large')} by {LARGE:g}σ or more, most of all: {row.label}, {row.change.size:.2f}σ."
    )
