"""What each figure of the checks shows."""

from __future__ import annotations

from x17.report.caption import Caption
from x17.report.number_text import confidence, mass_text
from x17.statistics.check_result import Check, CheckResult


def check_captions(result: CheckResult) -> dict[str, Caption]:
    """Captions by file stem.

    Parameters
    ----------
    result : CheckResult

    Returns
    -------
    dict
        One for every figure that the checks may have.
    """
    captions = {"overview": _overview(result), "impacts": _impacts()}
    for check in result.checks:
        if check.name == "leave-one-out":
            captions[check.name] = _leave_one_out(result)
        elif check.name == "injected-boson":
            captions[check.name] = _injected(result)
        elif check.name == "cls-plus-b":
            captions[check.name] = _methods(result)
        else:
            captions[check.name] = _profile(result, check)
            captions[f"{check.name}-observable"] = _observable(check)
    return captions


def _overview(result: CheckResult) -> Caption:
    return Caption(
        "All variations",
        "Best-fit mass with its 68 % interval, local significance √−Q, and limit at "
        f"{mass_text(result.reference_mass_mev)} MeV ({confidence(result.cl)}, asymptotic; diamonds: by toys "
        "where made). Grey lines: unchanged. Shades part the checks; of the points left out one by "
        "one the two that change the significance most are shown.",
        "Three columns of dots, a line for each variation, most of them close to the unchanged analysis.",
    )


def _impacts() -> Caption:
    return Caption(
        "Pulls and impacts",
        "Left: fitted value of each nuisance minus its centre, and its fitted error, in widths of the "
        "constraint. Right: change of the free signal ĝ² in its own errors, with the nuisance held below "
        "(blue) or above (orange) its fitted value; filled: by its fitted error, outlined: by the width of "
        "its constraint. Sorted by the filled bars.",
        "Bars of the impact of each nuisance; that of the constant of K is the longest.",
    )


def _profile(result: CheckResult, check: Check) -> Caption:
    return Caption(
        check.title,
        "Above: Q minimised over g² ≥ 0 against the mass, with the best fits as dots. Below: asymptotic "
        f"limit at {confidence(result.cl)}; dotted line: the mass at which limits are compared.",
        "Curves of Q and of the limit against mass for each variation and for the unchanged analysis.",
    )


def _observable(check: Check) -> Caption:
    return Caption(
        f"{check.title}: the observable",
        "Grey: g_R of the unchanged analysis; red: changed, with its uncorrelated error; line, or bars where "
        "nuisances move single points: best fit to the changed points; shaded: what the changed side band "
        "leaves out.",
        "Panels with the observable against energy before and after each change.",
    )


def _leave_one_out(result: CheckResult) -> Caption:
    return Caption(
        "One point left out",
        "Local significance, best-fit mass, and limit at "
        f"{mass_text(result.reference_mass_mev)} MeV ({confidence(result.cl)}, asymptotic), against the "
        "energy of the point that was left out. Lines: all points.",
        "Three panels of dots along the energy; they leave the line only near the excess.",
    )


def _injected(result: CheckResult) -> Caption:
    return Caption(
        "The observed limit beside experiments with a boson",
        f"Asymptotic limits at {confidence(result.cl)}: observed; the band of {result.n_experiments} "
        "pseudo-experiments without a boson; the median (dashed) and ±1σ (dotted) of as many with one.",
        "Observed limit on the band expected without a boson, with the median and the band of experiments "
        "with a boson, which rise at its mass.",
    )


def _methods(result: CheckResult) -> Caption:
    return Caption(
        "Limits by CLs, CLs+b and power constraint",
        f"Asymptotic limits at {confidence(result.cl)}. A power-constrained limit is drawn where its "
        "constraint acts; a triangle on the axis is where every coupling is excluded.",
        "Limits against mass by three methods, which agree where there is an excess.",
    )
