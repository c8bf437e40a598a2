"""The significance of an excess as a JSON document and as text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from x17.report.number_text import (
    confidence,
    fraction_percent,
    fraction_text,
    mass_text,
    probability,
    scientific,
    signed,
)
from x17.statistics.asymptotic_check import AsymptoticCheck
from x17.statistics.global_p import GlobalP, GlobalStatistic
from x17.statistics.injected_boson import InjectedBoson
from x17.statistics.monte_carlo import TailFraction
from x17.statistics.significance import Significance
from x17.statistics.upcrossings import GrossVitells

if TYPE_CHECKING:
    from rich.console import Console

Document = dict[str, Any]

NAMES = {
    GlobalStatistic.PUBLISHED_DEVIATION: "published deviation",
    GlobalStatistic.MIN_Q: "deepest Q",
    GlobalStatistic.MAX_Z: "largest calibrated z",
}
GROSS_VITELLS = "Gross–Vitells"

_SYMBOLS = {
    GlobalStatistic.PUBLISHED_DEVIATION: "d",
    GlobalStatistic.MIN_Q: "Q",
    GlobalStatistic.MAX_Z: "z",
}


def _one_sided(p: float) -> float:
    from scipy.special import ndtri

    return float(-ndtri(min(p, 1.0)))


def _tail(fraction: TailFraction) -> Document:
    low, high = fraction.interval()
    return {
        "p": fraction.value,
        "p_low": low,
        "p_high": high,
        "z": fraction.significance,
        "z_low": _one_sided(high),
        "z_high": _one_sided(low),
        "n_toys": fraction.n_toys,
        "n_failed": fraction.n_failed,
    }


def _global(definition: GlobalP) -> Document:
    return _tail(definition.fraction) | {"observed": definition.observed, "mass_mev": definition.mass_mev}


def _upcrossings(result: GrossVitells) -> Document:
    return {
        "p": result.p,
        "p_low": result.p_low,
        "p_high": result.p_high,
        "z": _one_sided(result.p),
        "z_low": _one_sided(result.p_high),
        "z_high": _one_sided(result.p_low),
        "n_toys": result.n_toys,
        "upcrossings": result.upcrossings,
        "upcrossings_err": result.upcrossings_err,
        "level": result.level,
    }


def significance_document(result: Significance) -> Document:
    """The numbers as a plain document; what no number can say, such as the z of p = 0, is null in JSON.

    Parameters
    ----------
    result : Significance

    Returns
    -------
    dict
        `window_mev`, `local`, `maxima` and `global`.
    """
    local = result.local
    document: Document = {"mass_mev": local.mass_mev, "p_q0": local.p_q0, "z_q0": local.z_q0}
    if local.limit is not None:
        tail = _tail(local.limit)
        document |= {"p_limit": tail.pop("p")} | tail
    return {
        "window_mev": list(result.window_mev),
        "local": document,
        "maxima": [
            {
                "mass_mev": maximum.mass_mev,
                "g_ve": maximum.g_ve,
                "q": maximum.q,
                "p_local": maximum.p_local,
                "p_global": maximum.p_global.value,
            }
            for maximum in result.maxima
        ],
        "global": {d.statistic.value: _global(d) for d in result.definitions}
        | {"gross-vitells": _upcrossings(result.gross_vitells)},
    }


def injected_document(injected: InjectedBoson) -> Document:
    """What experiments with a boson show, as a plain document.

    Parameters
    ----------
    injected : InjectedBoson

    Returns
    -------
    dict
    """
    low, high = injected.larger_excess.interval()
    return {
        "mass_mev": injected.mass_mev,
        "g_ve": injected.g_ve,
        "larger_excess": injected.larger_excess.value,
        "larger_excess_low": low,
        "larger_excess_high": high,
        "n_toys": injected.larger_excess.n_toys,
    }


def check_document(check: AsymptoticCheck) -> Document:
    """Asymptotic limits beside those from toys, as a plain document; differences are toys/asymptotic − 1.

    Parameters
    ----------
    check : AsymptoticCheck

    Returns
    -------
    dict
    """
    (mean, mean_err), (rms, rms_err) = check.mean, check.rms
    return {
        "n_experiments": len(check),
        "n_failed": check.n_failed,
        "mean_difference": mean,
        "mean_difference_err": mean_err,
        "rms_difference": rms,
        "rms_difference_err": rms_err,
        "rms_from_toys": check.monte_carlo_rms,
    }


def extra_lines(injected: InjectedBoson | None, check: AsymptoticCheck | None) -> list[str]:
    """Sentences on an injected boson and on the asymptotic limits, those that were asked for.

    Parameters
    ----------
    injected : InjectedBoson or None
    check : AsymptoticCheck or None

    Returns
    -------
    list of str
    """
    lines = []
    if injected is not None:
        lines.append(
            f"With a boson of {mass_text(injected.mass_mev)} MeV, g_ve = {scientific(injected.g_ve)}, "
            f"{fraction_percent(injected.larger_excess)} % of the experiments have a larger excess (Q)."
        )
    if check is not None:
        (mean, error), (rms, _) = check.mean, check.rms
        lines.append(
            f"Limits by toys against asymptotic ones, {len(check)} experiments: "
            f"{signed(100.0 * mean, 2)} ± {100.0 * error:.2f} %, scatter {100.0 * rms:.2f} % "
            f"of which toys {100.0 * check.monte_carlo_rms:.2f} %."
        )
    return lines


def significance_rows(result: Significance) -> list[tuple[str, str, str, str]]:
    """Every p-value with its name, its significance and what was observed.

    Parameters
    ----------
    result : Significance

    Returns
    -------
    list of (name, p, z, observed)
    """
    local, crossings = result.local, result.gross_vitells
    rows = [("local, from q0", probability(local.p_q0), f"{local.z_q0:.2f}", f"q0 = {local.z_q0**2:.2f}")]
    if local.limit is not None:
        k = int(np.argmin(np.abs(result.band.masses - local.mass_mev)))
        limit = f"g_ve < {scientific(float(result.observed_limits[k]))}"
        rows.append(("local, by limits", fraction_text(local.limit), _z_text(local.limit), limit))
    for definition in result.definitions:
        observed = f"{_SYMBOLS[definition.statistic]} = {signed(definition.observed, 2).lstrip('+')}"
        if definition.mass_mev != local.mass_mev:
            observed += f" at {mass_text(definition.mass_mev)}"
        fraction = definition.fraction
        rows.append(
            (f"global, {NAMES[definition.statistic]}", fraction_text(fraction), _z_text(fraction), observed)
        )
    error = 0.5 * (crossings.p_high - crossings.p_low)
    text = f"{crossings.p:.4f} ± {error:.4f}" if crossings.p >= 1e-3 else scientific(crossings.p)
    mean = f"N = {crossings.upcrossings:.3f}"
    rows.append((f"global, {GROSS_VITELLS}", text, f"{_one_sided(crossings.p):.2f}", mean))
    return rows


def _z_text(fraction: TailFraction) -> str:
    if fraction.successes:
        return f"{fraction.significance:.2f}"
    return f"> {_one_sided(fraction.interval()[1]):.1f}"


def print_significance(console: Console, result: Significance, scan_name: str, about: str) -> None:
    """Print the significance of the largest excess.

    Parameters
    ----------
    console : rich.console.Console
    result : Significance
    scan_name : str
    about : str
        Ensemble and treatment of K.
    """
    from rich.table import Table
    from rich.text import Text

    low, high = result.window_mev
    console.print(
        Text(
            f"{scan_name}: largest excess of {mass_text(low)} to {mass_text(high)} MeV at "
            f"{mass_text(result.local.mass_mev)} MeV",
            style="bold",
        )
    )
    console.print(f"{result.n_toys} pseudo-experiments without a boson; limits at {confidence(result.cl)}")
    console.print(Text(about, style="dim"))
    if result.n_failed:
        console.print(Text(f"{result.n_failed} pseudo-experiments left out: a fit failed", style="yellow"))
    console.print()
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("p-value", "", "z [σ]", "observed"):
        table.add_column(name, no_wrap=name != "observed")
    for name, p, z, observed in significance_rows(result):
        table.add_row(Text(name), Text(p), Text(z), Text(observed))
    console.print(table)
    if not result.maxima:
        console.print(Text("\nNo excess above one standard deviation."))
        return
    console.print()
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("excesses", "g_ve", "Q", "local p", "global p (Q)"):
        table.add_column(name, no_wrap=True)
    for maximum in result.maxima:
        table.add_row(
            f"{mass_text(maximum.mass_mev)} MeV",
            scientific(maximum.g_ve),
            signed(maximum.q, 2),
            probability(maximum.p_local),
            fraction_text(maximum.p_global),
        )
    console.print(table)
