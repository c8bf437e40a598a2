"""The mass from nuclear measurements as text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from x17.nuclear.masses.mass_fit import MassFit
from x17.nuclear.masses.mass_result import MassResult
from x17.nuclear.masses.measurement import Grade
from x17.report.nuclear_mass_document import coverage, goodness, measurement_document
from x17.report.number_text import UNKNOWN, fraction_text, probability, signed, with_error
from x17.report.plain_table import print_table

if TYPE_CHECKING:
    from rich.console import Console


_MILLION = 1e6
_MAY_WRAP = ("contains", "source", "experiment")
"""Columns that give way in a narrow terminal."""


def print_masses(console: Console, result: MassResult) -> None:
    """Print the mass and what belongs to it.

    Parameters
    ----------
    console : rich.console.Console
    result : MassResult
    """
    from rich.text import Text

    fit = result.fit
    console.print(Text(f"m_X = {with_error(fit.mass_mev, fit.error_mev)} MeV", style="bold"))
    choices = fit.choices
    errors = "statistical errors only" if choices.statistical_only else f"ρ = {choices.rho:g}"
    console.print(
        Text(f"{len(fit.rows)} rows of {result.table.name}, from {choices.source.value}, {errors}", "dim")
    )
    console.print(Text(_quality(result)))
    _print_measurements(console, fit)
    _print_fits(console, "one nucleus at a time", [(n, one) for n, one in result.nuclei.fits.items()])
    some = [one for one in result.rho_scan if round(10 * one.choices.rho) % 5 == 0]
    _print_fits(
        console, "correlation within a laboratory", [(f"ρ = {one.choices.rho:g}", one) for one in some]
    )
    _print_fits(console, "done in another way", [(v.name, v.fit) for v in result.variants])
    _print_external(console, result)
    _print_rates(console, result)
    if fit.warnings:
        console.print()
    for warning in fit.warnings:
        console.print(Text(f"warning: {warning}", style="yellow"))


def _quality(result: MassResult) -> str:
    fit, nuclei = result.fit, result.nuclei
    text = f"χ²/ndf = {fit.chi2:.1f}/{fit.ndf}"
    if fit.p_value is not None:
        text += f", P = {probability(fit.p_value)}"
    if result.toys is not None:
        cover = coverage(result.toys)
        text += f" (toys: {fraction_text(goodness(fit, result.toys))}; coverage {fraction_text(cover)})"
    if nuclei.p_value is not None:
        text += f"; the nuclei among each other {nuclei.chi2:.2f}/{nuclei.ndf}, P = "
        text += probability(nuclei.p_value)
    return text


def _print_measurements(console: Console, fit: MassFit) -> None:
    rows = []
    for k, row in enumerate(fit.rows):
        one = measurement_document(fit, k)
        errors = ["?" if one[name] is None else f"{one[name]:.2f}" for name in ("stat_mev", "syst_mev")]
        rows.append(
            (
                row.key if row.grade is Grade.A else f"{row.key} ({row.grade})",
                " ± ".join([f"{one['mass_mev']:.2f}", *errors]),
                f"{one['excitation_mev']:.2f}",
                f"{one['angle_deg']:.1f}{'' if one['angle_measured'] else '*'}",
                f"{one['weight']:.3f}".replace("-", "−"),
                signed(one["pull"], 2),
            )
        )
    header = ("measurement", "m ± stat ± syst [MeV]", "E_x [MeV]", "θ_min [°]", "weight", "pull")
    print_table(console, header, rows, _MAY_WRAP)
    if any(fit.inputs.derived):
        console.print("* follows from the mass, not measured", style="dim")


def _print_fits(console: Console, title: str, fits: list[tuple[str, MassFit]]) -> None:
    rows = [
        (
            name,
            with_error(fit.mass_mev, fit.error_mev),
            f"{fit.chi2:.1f}/{fit.ndf}",
            UNKNOWN if fit.p_value is None else probability(fit.p_value),
        )
        for name, fit in fits
    ]
    print_table(console, (title, "m [MeV]", "χ²/ndf", "P"), rows, _MAY_WRAP)


def _print_external(console: Console, result: MassResult) -> None:
    rows = [
        (
            one.key,
            f"{one.mass_mev:.2f} ± {one.error_mev:.2f}",
            signed(result.fit.mass_mev - one.mass_mev, 2),
            " and ".join(one.contains),
            one.source,
        )
        for one in result.external
    ]
    print_table(console, ("not in the fit", "m [MeV]", "ours − it", "contains", "source"), rows, _MAY_WRAP)


def _print_rates(console: Console, result: MassResult) -> None:
    rows = []
    for row in result.rates:
        if row.rate_limit is not None:
            text = f"< {_MILLION * row.rate_limit:.2g}"
        elif row.rate is not None:
            rate, error = _MILLION * row.rate, _MILLION * (row.rate_err or 0.0)
            text = f"{rate:.1f}" + (f" ± {error:.1f}" if error else "")
        else:
            continue
        p = UNKNOWN if row.hypothesis_p is None else f"{100.0 * row.hypothesis_p:.2g} %"
        rows.append((row.key, row.experiment, text, p, row.grade.value))
    print_table(
        console, ("rates", "experiment", "per photon [1e-6]", "p of ATOMKI's", "grade"), rows, _MAY_WRAP
    )
