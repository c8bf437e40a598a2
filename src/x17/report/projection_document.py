"""A projection as a JSON document, a CSV table, and text for a terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from x17.projection.limiting_errors import LimitingRow
from x17.projection.projection import Combined, Projection
from x17.projection.reach import DISCOVERY, EVIDENCE, MEDIAN, FloatArray, Reach
from x17.projection.simulated_reach import SimulatedReach
from x17.report.number_text import UNKNOWN, confidence, mass_text
from x17.report.plain_table import print_table
from x17.report.tables import csv_text
from x17.statistics.monte_carlo import TailFraction

if TYPE_CHECKING:
    from rich.console import Console

Document = dict[str, Any]

COLUMNS = (
    "mass_mev",
    "limit_minus_2",
    "limit_minus_1",
    "limit_median",
    "limit_plus_1",
    "limit_plus_2",
    "evidence_g_ve",
    "discovery_g_ve",
)
"""Limits are on g_ve; evidence and discovery are the g_ve of which the median experiment sees 3σ and 5σ."""

_SHOWN_MASSES = 12
_SCALE = 1e4


def known(value: float) -> float | None:
    """None for NaN: a document has no other word for "not known".

    Parameters
    ----------
    value : float

    Returns
    -------
    float or None
    """
    return float(value) if math.isfinite(value) else None


def reach_rows(reach: Reach) -> list[tuple[float | None, ...]]:
    """A row with the values of `COLUMNS` for each mass.

    Parameters
    ----------
    reach : Reach

    Returns
    -------
    list of tuple
    """
    table = (*reach.band, reach.coupling_at(EVIDENCE), reach.coupling_at(DISCOVERY))
    columns = np.column_stack([reach.masses, *table])
    return [tuple(known(value) for value in row) for row in columns.tolist()]


def projection_document(projection: Projection) -> Document:
    """Make a plain document of a projection.

    Parameters
    ----------
    projection : Projection

    Returns
    -------
    dict
        `run`, `reach`, `power`, `combined`, `limiting`, `saturation`, `simulated`, `notes`.
    """
    scan, settings = projection.scan, projection.settings
    return {
        "run": {
            "name": scan.name,
            "source": scan.source,
            "points": len(scan),
            "n_pot": float(scan.n_pot.sum()),
            "counts": float(scan.n2.sum()),
            "systematics": projection.systematics.name,
            "beam_energy_spread": scan.constants.beam_energy_spread,
            "k_constant_err": scan.constants.k_constraint.k_constant_err
            if scan.constants.k_constraint
            else None,
            "relative_flux_err": float(np.mean(scan.n_pot_err / scan.n_pot)),
            "relative_background_err": float(np.mean(scan.background_err / scan.background_per_pot)),
        },
        "boson": settings.model.boson.value,
        "injected": None
        if settings.boson is None
        else dict(zip(("mass_mev", "g_ve"), settings.boson, strict=True)),
        "cl": settings.cl,
        "reach": _reach(projection.reach),
        "power": _power(projection.reach),
        "with_boson": _band(projection.boson_band),
        "combined": None if projection.combined is None else _combined(projection.combined),
        "limiting": [_limiting(row) for row in projection.limiting],
        "limiting_mass_mev": settings.mass,
        "saturation": _saturation(projection),
        "simulated": None if projection.simulated is None else _simulated(projection.simulated),
        "notes": list(projection.notes),
    }


def _reach(reach: Reach) -> list[Document]:
    return [dict(zip(COLUMNS, row, strict=True)) for row in reach_rows(reach)]


def _power(reach: Reach) -> Document:
    return {
        "masses": reach.masses.tolist(),
        "couplings": reach.couplings.tolist(),
        "median_z": reach.z.tolist(),
        "power_3_sigma": reach.power(EVIDENCE).tolist(),
        "power_5_sigma": reach.power(DISCOVERY).tolist(),
    }


def _band(band: FloatArray | None) -> list[list[float]] | None:
    return None if band is None else band.tolist()


def _combined(combined: Combined) -> Document:
    return {
        "with": combined.name,
        "done": _reach(combined.done),
        "reach": _reach(combined.reach),
        "power": _power(combined.reach),
        "after_data": combined.after_data.tolist(),
        "with_boson": _band(combined.boson_band),
    }


def _limiting(row: LimitingRow) -> Document:
    return {
        "errors": "all" if row.group is None else row.group.value,
        "factor": row.factor,
        "value_one_error_up": row.factor is None,
        "limit": row.limit,
        "evidence_g_ve": known(row.evidence),
    }


def _saturation(projection: Projection) -> Document:
    found = projection.saturation
    return {
        "mass_mev": found.mass_mev,
        "statistics": found.statistics.tolist(),
        "limit": found.limit.tolist(),
        "counts_only": found.counts_only.tolist(),
        "floor": found.floor,
        "saturates_at": found.saturates_at,
    }


def _simulated(found: SimulatedReach) -> Document:
    def share(fraction: TailFraction) -> Document:
        low, high = fraction.interval()
        return {"value": known(fraction.value), "low": low, "high": high, "n_toys": fraction.n_toys}

    return {
        "n_toys": found.band.n_toys,
        "n_failed": found.n_failed,
        "masses": found.band.masses.tolist(),
        "band": found.band.limits.tolist(),
        "band_low": found.band.low.tolist(),
        "band_high": found.band.high.tolist(),
        "with_bosons": [
            {
                "mass_mev": power.boson[0],
                "g_ve": power.boson[1],
                "median_z": power.median_z,
                "power_3_sigma": share(power.evidence),
                "power_5_sigma": share(power.discovery),
                "band": band.limits.tolist(),
            }
            for power, band in zip(found.powers, found.with_bosons, strict=True)
        ],
    }


def projection_csv(reach: Reach) -> str:
    """Reach as CSV, a row for each mass.

    Parameters
    ----------
    reach : Reach

    Returns
    -------
    str
    """
    return csv_text(COLUMNS, reach_rows(reach))


def in_units(value: float | None) -> str:
    """A coupling in units of 1e-4, or a dash.

    Parameters
    ----------
    value : float or None

    Returns
    -------
    str
    """
    return UNKNOWN if value is None or not math.isfinite(value) else f"{value * _SCALE:.2f}"


def reach_lines(projection: Projection) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Header and rows of the reach at a few masses, couplings in units of 1e-4.

    Parameters
    ----------
    projection : Projection

    Returns
    -------
    header : tuple of str
    rows : list of tuple of str
    """
    reach, combined = projection.reach, projection.combined
    header: tuple[str, ...] = ("MeV", "limit", "±1σ band", "3σ", "5σ")
    columns = [reach.median, reach.coupling_at(EVIDENCE), reach.coupling_at(DISCOVERY)]
    if combined:
        header = (*header, f"with {combined.name}: limit", "3σ", "5σ")
        both = combined.reach
        columns += [both.median, both.coupling_at(EVIDENCE), both.coupling_at(DISCOVERY)]
    step = max(1, -(-reach.masses.size // _SHOWN_MASSES))
    rows = []
    for row in range(0, reach.masses.size, step):
        cells = [in_units(float(column[row])) for column in columns]
        band = f"{in_units(reach.band[MEDIAN - 1, row])}–{in_units(reach.band[MEDIAN + 1, row])}"
        rows.append((mass_text(float(reach.masses[row])), cells[0], band, *cells[1:]))
    return header, rows


def limiting_lines(projection: Projection) -> list[tuple[str, str, str, str, str]]:
    """Rows of errors, what is done to them, limit, its change, and 3σ; couplings in units of 1e-4.

    Parameters
    ----------
    projection : Projection

    Returns
    -------
    list of tuple of str
    """
    first = projection.limiting[0].limit
    rows = []
    for row in projection.limiting:
        what = "all" if row.group is None else row.group.value
        percent = round(100.0 * (row.limit / first - 1.0), 1) + 0.0  # no minus before a zero
        change = f"{percent:+.1f} %".replace("-", "−")
        rows.append((what, _done_to(row), in_units(row.limit), change, in_units(row.evidence)))
    return rows


def _done_to(row: LimitingRow) -> str:
    if row.factor is None:
        return "value one error up"
    return {1.0: "as they are", 0.5: "halved", 0.0: "off"}.get(row.factor, f"× {row.factor:g}")


def saturation_sentence(projection: Projection) -> str:
    """Say where statistics saturate.

    Parameters
    ----------
    projection : Projection

    Returns
    -------
    str
    """
    found = projection.saturation
    floor = in_units(found.floor)
    if found.saturates_at is None:
        return f"With any number of positrons the limit would be {floor}e-4; 10⁴ times more are not near it."
    share = found.saturates_at
    return (
        f"With any number of positrons the limit at {mass_text(found.mass_mev)} MeV would be {floor}e-4; "
        f"{share:.2g} times the positrons of this run are within 10 % of it."
    )


def print_projection(console: Console, projection: Projection) -> None:
    """Print a projection.

    Parameters
    ----------
    console : rich.console.Console
    projection : Projection
    """
    from rich.text import Text

    scan, settings = projection.scan, projection.settings
    console.print(Text(f"{scan.name}: what to expect, couplings g_ve in units of 1e-4", style="bold"))
    about = (
        f"{len(scan)} points, {scan.n_pot.sum():.3g} positrons, boson {settings.model.boson.value}, "
        f"limits at {confidence(settings.cl)}; {projection.systematics.name} errors"
    )
    console.print(Text(about, style="dim"))
    for note in projection.notes:
        console.print(Text(note, style="yellow"))
    header, rows = reach_lines(projection)
    print_table(console, header, rows)
    console.print()
    console.print(Text(f"What limits the run at {mass_text(settings.mass)} MeV", style="bold"))
    print_table(console, ("errors", "", "limit", "change", "3σ"), limiting_lines(projection))
    console.print()
    console.print(Text(saturation_sentence(projection)))
    if projection.simulated:
        for power in projection.simulated.powers:
            console.print(
                Text(
                    f"Boson of {mass_text(power.boson[0])} MeV, {in_units(power.boson[1])}e-4, in "
                    f"{power.evidence.n_toys} pseudo-experiments: median Z {power.median_z:.2f}, 3σ in "
                    f"{100.0 * power.evidence.value:.1f} %, 5σ in {100.0 * power.discovery.value:.1f} %"
                )
            )
