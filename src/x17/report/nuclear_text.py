"""Documents of `x17 nuclear` as text of at most 80 columns."""

from __future__ import annotations

from typing import Any

from x17.report.number_text import scientific

Document = dict[str, Any]


def spectrum_text(document: Document) -> str:
    """A spectrum as text.

    Parameters
    ----------
    document : dict
        From `x17.workflows.nuclear.spectrum_document`.

    Returns
    -------
    str
        Ends in a newline.
    """
    boson, coefficient = document["boson"], document["pair_coefficient"]
    per_photon = "no photon" if coefficient is None else f"{scientific(coefficient, 4)} pairs per photon"
    lines = [f"{document['transition_mev']:g} MeV, {document['multipole']}: {per_photon}"]
    if boson is not None:
        lines.append(
            f"boson of {boson['mass_mev']:g} MeV: angles above {boson['theta_min_deg']:.2f} degrees, "
            f"|y| up to {boson['y_max']:.4f}"
        )
        if boson["rate"] is not None:
            lines.append(f"{scientific(boson['per_internal_pair'])} bosons per internal pair")
    lines += ["", "share of pairs that open by more than"]
    lines += [
        f"{angle:>5s} degrees  {share:.4f}" + ("" if boson is None else _of_boson(boson, angle))
        for angle, share in document["fraction_above_deg"].items()
    ]
    if document["y_cut"] is not None:
        within = f"{document['fraction_within_y_cut']:.4f}"
        lines += ["", f"with |y| below {document['y_cut']:g}: {within} of all pairs; above"]
        lines += [
            f"{angle:>5s} degrees  {share:.4f}"
            for angle, share in document["fraction_above_deg_within_y_cut"].items()
        ]
    return "\n".join(lines) + "\n"


def _of_boson(boson: Document, angle: str) -> str:
    return f"   of the boson's {boson['fraction_above_deg'][angle]:.4f}"
