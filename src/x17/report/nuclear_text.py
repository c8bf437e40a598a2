"""Documents of `x17 nuclear` as text of at most 80 columns."""

from __future__ import annotations

import textwrap
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


def setup_text(document: Document) -> str:
    """A spectrometer's setup as text.

    Parameters
    ----------
    document : dict
        From `x17.workflows.nuclear_spectrometer.setup_document`.

    Returns
    -------
    str
        Ends in a newline.
    """
    lines = [document["title"], document["source"], f"targets: {', '.join(document['targets'])}"]
    if document["placeholder"]:
        lines += ["", "a placeholder: its geometry is not known here, and no sensitivity is quoted"]
    for table in ("arms", "response", "pair_window"):
        if document[table] is not None and not (document["placeholder"] and table == "pair_window"):
            lines += ["", f"[{table}]"]
            lines += [
                f"  {key + _mark(document, f'{table}.{key}'):28s} {_value(value)}"
                for key, value in document[table].items()
            ]
    if document["unknown"] and not document["placeholder"]:
        lines += ["", "?: not known, the setup says what stands in"]
    return "\n".join(lines) + "\n"


def _mark(document: Document, key: str) -> str:
    return " ?" if key in document["unknown"] else ""


def _value(value: object) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(_value(item) for item in value)
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def through_text(document: Document) -> str:
    """What a spectrometer sees as text.

    Parameters
    ----------
    document : dict
        From `x17.workflows.nuclear_spectrometer.spectrum_through`.

    Returns
    -------
    str
        Ends in a newline.
    """
    request, acceptance = document["request"], document["acceptance"]
    lines = [
        f"{document['title']}: {request['transition_mev']:g} MeV, {request['multipole']}",
        f"{request['n_internal']:.3g} internal pairs emitted, {sum(document['background']):.4g} counted",
        f"acceptance of internal pairs {scientific(acceptance['internal'])}",
    ]
    if acceptance["boson"] is not None:
        lines.append(f"acceptance of the boson's pairs {scientific(acceptance['boson'])}")
    found, fit = document["discovery"], document["fit"]
    if found is not None:
        per_photon = found["bosons_per_photon"]
        what = f"{scientific(found['bosons_per_pair'])} of the internal pairs"
        what += "" if per_photon is None else f", {scientific(per_photon)} per photon"
        lines += [
            "",
            f"{found['significance']:g} σ at {found['mass_mev']:g} MeV: {found['bosons_emitted']:.4g} bosons "
            f"({found['bosons_selected']:.4g} counted)",
            f"  {what}",
        ]
    if fit is not None:
        lines += ["", *_fit_lines(fit)]
    if document["unknown"]:
        lines += ["", "with stand-ins for what is not known: " + ", ".join(document["unknown"])]
    return "\n".join(line for text in lines for line in (textwrap.wrap(text, 80) or [""])) + "\n"


def _fit_lines(fit: Document) -> list[str]:
    lines = [f"pseudo-experiment with the boson: {fit['message']}"]
    if fit["mass_err_mev"] is not None:
        lines += [
            f"  mass {fit['mass_mev']:.3f} ± {fit['mass_err_mev']:.3f} MeV, rate {scientific(fit['rate'])} "
            f"± {scientific(fit['rate_err'], 2)}",
            f"  {fit['local_significance']:.2f} σ (local), "
            f"deviance {fit['deviance']:.1f} / {fit['n_degrees']}",
        ]
    return lines
