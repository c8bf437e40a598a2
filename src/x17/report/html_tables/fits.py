"""Best fit, nuisances and treatments of K."""

from __future__ import annotations

from itertools import zip_longest

from x17.report.html_tables.table import Table
from x17.report.number_text import UNKNOWN, scaled, signed, with_error
from x17.statistics.search_result import SearchResult

_G = 1e4  # couplings are shown in units of 1e-4  # couplings are shown in units of 1e-4

_MEANING = {
    "P0": "K at the central energy",
    "P1": "slope of K [1/MeV]",
    "A": "signal per positron at g_ve = 1 [MeV]",
    "gamma": "Lorentz half width of the line [MeV]",
    "b": "relative spread of the beam energy",
    "Q0": "ε_S/B at the central energy",
    "Q1": "slope of ε_S/B [1/MeV]",
    "flux_slope": "relative drift of N_PoT over the scan",
    "n_pot_common": "common error of N_PoT [its σ]",
    "background_common": "common error of B [its σ]",
}

_TREATMENT = {
    "published": "the values that come with the scan",
    "from-sideband": "this scan's side-band fit",
    "free": "none",
}


def best_fit_table(result: SearchResult) -> Table:
    """Make the table of the best fit with its intervals.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    Table
    """
    best = result.best
    used = next((k.k_constraint for k in result.k_variants if k.used), UNKNOWN)
    if best.g_ve > 0.0:
        rows = [
            ("Mass [MeV]", f"{best.mass_mev:.3f}", _interval(best.mass_interval_mev, 1.0, 3)),
            ("Coupling g_ve [10⁻⁴]", scaled(best.g_ve, _G, 2), _interval(best.g_ve_interval, _G, 2)),
        ]
    else:
        rows = [
            ("Mass [MeV]", UNKNOWN, "any: no boson fits best"),
            ("Coupling g_ve [10⁻⁴]", "0", _interval(best.g_ve_interval, _G, 2)),
        ]
    rows += [
        ("Q there", signed(best.q, 3), ""),
        ("χ² with a boson", f"{best.chi2:.2f}", ""),
        ("χ² without", f"{result.background.chi2:.2f}", ""),
        ("Energy points", str(result.background.n_points), ""),
    ]
    note = (
        "Intervals: where Q, minimised over the other one of mass and coupling, is one above its minimum. "
        f"χ² contains the penalties of the nuisances; K constrained: {used}."
    )
    return Table(
        "best-fit", "Best fit, g² ≥ 0", ("Quantity", "Value", "68 % interval"), tuple(rows), (), note
    )


def _interval(bounds: tuple[float | None, float | None], scale: float, decimals: int) -> str:
    low, high = (
        "beyond the range searched" if bound is None else f"{bound * scale:.{decimals}f}" for bound in bounds
    )
    return f"{low} to {high}"


def nuisance_table(result: SearchResult) -> Table:
    """Make the table of the fitted nuisances, without and with a boson.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    Table
    """
    rows = tuple(
        (
            item.name,
            _MEANING.get(item.name, ""),
            *(
                cell
                for fitted in (without, with_boson)
                for cell in (
                    (with_error(fitted.value, fitted.error), signed(fitted.pull, 2)) if fitted else ("", "")
                )
            ),
        )
        for without, with_boson in zip_longest(result.background.nuisances, result.best.nuisances)
        if (item := without or with_boson) is not None
    )
    header = ("Nuisance", "Meaning", "Without a boson", "Pull", "Best fit", "Pull")
    note = f"Pull: (fitted − central value) / width of the constraint; “{UNKNOWN}” if there is none."
    return Table("nuisances", "Nuisances of both fits", header, rows, (1,), note)


def treatment_table(result: SearchResult) -> Table:
    """Make the table that shows the best fit under each treatment of K.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    Table
    """
    rows = tuple(
        (
            k.k_constraint,
            _TREATMENT.get(k.k_constraint, ""),
            f"{k.mass_mev:.3f}" if k.g_ve > 0.0 else UNKNOWN,
            scaled(k.g_ve, _G, 2),
            signed(k.q, 2),
            "yes" if k.used else "",
        )
        for k in result.k_variants
    )
    outside = int((~result.sideband.masked).sum())
    note = (
        f"The side-band fit that constrains K uses {outside} of the {len(result.points)} points that are "
        "then fitted again, so that they count twice; with K free no point does, and the change of Q shows "
        "what that is worth."
    )
    header = ("K", "Constraint", "M [MeV]", "g_ve [10⁻⁴]", "Q", "Used here")
    return Table("k-treatments", "The best fit under each treatment of K(s)", header, rows, (1, 5), note)
