"""A combination of masses as text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from x17.combination.crossings import Interval
from x17.combination.joint_fit import JointFit
from x17.combination.joint_result import JointResult
from x17.report.number_text import fraction_text, probability, signed, with_error
from x17.report.plain_table import print_table

if TYPE_CHECKING:
    from rich.console import Console


def with_pieces(value: float, pieces: tuple[Interval, ...], scale: float, decimals: int) -> str:
    """Write a value with its interval, such as "16.901 +0.026 −0.029".

    Parameters
    ----------
    value : float
    pieces : tuple of (float or None, float or None)
        Of the interval.
    scale : float
        Multiplies everything.
    decimals : int

    Returns
    -------
    str
        Of an interval in pieces, or with an open end, which is "…", the ends in brackets.
    """
    text = f"{scale * value:.{decimals}f}"
    ends = [end for piece in pieces for end in piece]
    if len(pieces) == 1 and None not in ends:
        low, high = (scale * end for end in ends if end is not None)
        up, down = high - scale * value, scale * value - low
        return f"{text} +{up:.{decimals}f} −{down:.{decimals}f}"
    cells = ["…" if end is None else f"{scale * end:.{decimals}f}" for end in ends]
    return f"{text} ({', '.join('–'.join(pair) for pair in zip(cells[::2], cells[1::2], strict=True))})"


def _mass(fit: JointFit) -> str:
    return with_pieces(fit.mass_mev, fit.mass_intervals_mev, 1.0, 3)


def _coupling(fit: JointFit) -> str:
    return with_pieces(fit.g_ve, fit.g_intervals, 1e4, 2)


def print_joint(console: Console, result: JointResult) -> None:
    """Print a combination.

    Parameters
    ----------
    console : rich.console.Console
    result : JointResult
    """
    from rich.text import Text

    fit = result.fit
    console.print(
        Text(f"m_X = {_mass(fit)} MeV", style="bold"),
        Text(f"g_ve = ({_coupling(fit)})e-4", style="bold"),
        sep="\n",
    )
    console.print(
        Text(f"{result.scan_name} with {result.term_name}; intervals where Δχ² + Q is 1 higher", "dim")
    )
    console.print(
        Text(
            f"Δχ² + Q = {signed(fit.total, 2)}; one mass for both costs {fit.tension:.2f}, "
            f"P = {probability(fit.tension_p)} for a boson in both"
        )
    )
    if result.p_value is not None:
        p = result.p_value
        console.print(
            Text(
                f"a scan without a boson wants one as much near this mass with p = {fraction_text(p)} "
                f"({p.significance:.2f}σ, {p.n_toys} toys)"
                if p.successes
                else f"no scan out of {p.n_toys} without a boson wants one as much near this mass"
            )
        )
    _print_parts(console, result)
    _print_variants(console, result)
    if result.warnings:
        console.print()
    for warning in result.warnings:
        console.print(Text(f"warning: {warning}", style="yellow"))


def _print_parts(console: Console, result: JointResult) -> None:
    fit = result.fit
    rows = [
        ("nuclear", with_error(fit.term_mass_mev, fit.term_error_mev), "", ""),
        (
            "scan alone",
            with_pieces(fit.scan_mass_mev, fit.scan_intervals_mev, 1.0, 3),
            f"{1e4 * fit.scan_g_ve:.2f}",
            signed(fit.scan_q, 2),
        ),
        ("together", _mass(fit), _coupling(fit), signed(fit.q, 2)),
    ]
    if result.gaussian is not None:
        rows.append(("together, both as Gaussian masses", with_error(*result.gaussian), "", ""))
    print_table(console, ("", "m [MeV]", "g_ve [1e-4]", "Q"), rows)


def _print_variants(console: Console, result: JointResult) -> None:
    rows = [
        (
            variant.name,
            with_error(variant.fit.term_mass_mev, variant.fit.term_error_mev),
            _mass(variant.fit),
            f"{1e4 * variant.fit.g_ve:.2f}",
            probability(variant.fit.tension_p),
        )
        for variant in result.variants
    ]
    header = ("together with", "its m [MeV]", "joint m [MeV]", "g_ve", "P (one m)")
    print_table(console, header, rows, header[:1])
