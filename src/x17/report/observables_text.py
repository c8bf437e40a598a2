"""The observables side by side, as text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from x17.report.plain_table import print_table

if TYPE_CHECKING:
    from rich.console import Console

TITLES = {
    "2cl": "N_2cl/N_PoT",
    "ee": "N_ee/N_PoT",
    "gg": "N_γγ/N_PoT",
    "ee/gg": "N_ee/N_γγ",
    "joint": "all together",
}


def print_observables(console: Console, document: dict[str, Any]) -> None:
    """Print the table of gains at the mass where all together see most, and what data say.

    Parameters
    ----------
    console : rich.console.Console
    document : dict
        Of `x17.workflows.observables.ObservablesRun`.
    """
    rows = document["observables"]
    joint = rows[-1]["z"]
    at = max(range(len(joint)), key=joint.__getitem__)
    tagging, mass = document["tagging"], document["masses_mev"][at]
    console.print(
        f"{document['source']}: {document['points']} points, {document['photon_pairs']:.1%} of the pairs "
        f"photons; tags of {tagging['efficiency']:.3g} of the charged particles (± "
        f"{tagging['efficiency_err']:.2g} from point to point), {tagging['photon_tags']:.3g} of the photons",
        highlight=False,
    )
    console.print(
        f"boson {document['boson']} of {mass:.2f} MeV, g = {document['coupling']:.3g}, "
        f"{document['photon_share']:.0%} of its decays to two photons; limits at {document['cl']:.0%}",
        highlight=False,
    )
    header = ("observable", "error a point", "median limit", "gain", "median Z", "gain ")
    cells = [
        (
            TITLES[row["name"]],
            "" if row["point_error"] is None else f"{row['point_error']:.2%}",
            f"{row['limit'][at]:.3g}",
            f"{row['limit_gain'][at]:.3f}",
            f"{row['z'][at]:.2f}",
            f"{row['z_gain'][at]:.3f}",
        )
        for row in rows
    ]
    print_table(console, header, cells)
    console.print(
        f"\ne⁺e⁻ alone against γγ alone: {document['electrons_against_photons_z'][at]:.2f}σ; "
        f"this boson against e⁺e⁻ alone: {document['share_against_none_z'][at]:.2f}σ",
        highlight=False,
    )
    if document["fit"]:
        _print_fit(console, document["fit"])


def _print_fit(console: Console, fit: dict[str, Any]) -> None:
    pulls = ", ".join(f"{TITLES[name]} {value:+.2f}" for name, value in fit["signals"].items())
    share = fit["share"]
    console.print(f"data, at {fit['mass']:.2f} MeV, g² over its error: {pulls}", highlight=False)
    console.print(
        f"share of decays to two photons: {share['share']:.2f} ({share['low']:.2f} to {share['high']:.2f})",
        highlight=False,
    )
