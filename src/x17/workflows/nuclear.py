"""`x17 nuclear angle|spectrum|spectra`: pairs from nuclei as plain documents, and their figures."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from x17.errors import UsageError
from x17.nuclear.pair_angles.boson_decay import emitted_with_recoil, theta_min
from x17.nuclear.pair_angles.mixture import MultipoleMixture
from x17.nuclear.pair_angles.spectrum import AngleSpectrum, angle_spectrum, spectra_of
from x17.nuclear.transitions import reaction_of

Document = dict[str, Any]

ANGLES_DEG = (90, 109, 120, 130, 140)
"""Angles above which shares are quoted."""

NUCLEI = ("8Be", "4He", "12C")
"""Those whose spectra are drawn."""

FORMATS = ("png", "svg")


def angle_document(target: str, beam_energy: float, mass: float) -> Document:
    """The smallest opening angle of X → e⁺e⁻ after a capture to the ground state.

    Parameters
    ----------
    target : str
        `7Li`, `3H`, `11B` or `n3He`.
    beam_energy : float
        Kinetic energy of the projectile, MeV.
    mass : float
        m_X, MeV.

    Returns
    -------
    dict
        `excitation_mev`; `theta_min_deg`, 2 asin(m_X/E_x); `theta_min_exact_deg` and `beta_x` in the frame of
        the excited nucleus, with its recoil and the electron mass.

    Raises
    ------
    UsageError
        An unknown target, a beam energy out of range, or too heavy a boson.
    """
    reaction = reaction_of(target)
    boson = emitted_with_recoil(mass, reaction, beam_energy)
    excitation = float(reaction.excitation_mev(beam_energy))
    return {
        "excitation_mev": excitation,
        "theta_min_deg": math.degrees(float(theta_min(mass, excitation))),
        "theta_min_exact_deg": math.degrees(boson.theta_min),
        "beta_x": boson.beta,
    }


def spectrum_document(
    transition: float,
    multipole: str,
    mass: float | None = None,
    rate: float | None = None,
    y_cut: float | None = None,
    out: Path | None = None,
) -> Document:
    """Opening angles of the pairs of a transition, with or without a boson.

    Parameters
    ----------
    transition : float
        W, MeV.
    multipole : str
        One multipolarity, or a mixture as `M1:0.77,E1:0.23`.
    mass : float, optional
        m_X, MeV.
    rate : float, optional
        Bosons per photon; of E0, per internal pair.
    y_cut : float, optional
        Largest |y| of the pairs in `fraction_above_deg_within_y_cut`.
    out : Path, optional
        Figure to draw besides.

    Returns
    -------
    dict
        `pair_coefficient` (None for E0), `fraction_above_deg`, the spectrum in bins as shares of the internal
        pairs, and under `boson` the same of the boson, None without.

    Raises
    ------
    UsageError
        Values that cannot be used, or a boson above the transition energy.
    """
    spectrum = angle_spectrum(transition, MultipoleMixture.parse(multipole), mass, rate)
    mixture = spectrum.mixture
    document = {
        "transition_mev": transition,
        "multipole": str(mixture),
        "pair_coefficient": mixture.pair_coefficient(transition),
        "fraction_above_deg": _above(lambda angle: mixture.fraction_above(transition, angle)),
        "y_cut": y_cut,
        "fraction_within_y_cut": None if y_cut is None else mixture.fraction_above(transition, 0.0, y_cut),
        "fraction_above_deg_within_y_cut": None
        if y_cut is None
        else _above(lambda angle: mixture.fraction_above(transition, angle, y_cut)),
        "bin_edges_deg": spectrum.edges_deg.tolist(),
        "share_per_bin": spectrum.internal.tolist(),
        "boson": _boson_part(spectrum, y_cut),
    }
    if out is not None:
        document["figure"] = str(draw_spectra_to(out, [spectrum]))
    return document


def _above(fraction: Callable[[float], float]) -> dict[str, float]:
    return {str(angle): float(fraction(math.radians(angle))) for angle in ANGLES_DEG}


def _boson_part(spectrum: AngleSpectrum, y_cut: float | None) -> Document | None:
    boson = spectrum.boson
    if boson is None or spectrum.from_boson is None:
        return None
    return {
        "mass_mev": boson.mass_mev,
        "rate": spectrum.rate,
        "per_internal_pair": spectrum.bosons_per_pair,
        "theta_min_deg": math.degrees(boson.theta_min),
        "beta_x": boson.beta,
        "y_max": boson.y_max,
        "fraction_above_deg": _above(lambda angle: float(boson.fraction_above(angle))),
        "fraction_within_y_cut": None if y_cut is None else float(boson.fraction_above(0.0, y_cut)),
        "share_per_bin": spectrum.from_boson.tolist(),
    }


def nuclear_spectra(nucleus: str | None, mass: float | None, rate: float | None) -> tuple[AngleSpectrum, ...]:
    """Spectra of the transitions to the ground state of one nucleus, or of all.

    Parameters
    ----------
    nucleus : str, optional
        `8Be`, `4He` or `12C`; all of them without.
    mass, rate : float, optional
        Of a boson, as for `spectrum_document`.

    Returns
    -------
    tuple of AngleSpectrum

    Raises
    ------
    UsageError
        A nucleus without levels, or numbers out of range.
    """
    if rate is not None and mass is None:
        raise UsageError("--rate is given without --mass; allowed: both, or --mass alone")
    chosen = NUCLEI if nucleus is None else (nucleus,)
    found = tuple(spectrum for name in chosen for spectrum in spectra_of(name, mass, rate))
    if mass is not None and all(spectrum.boson is None for spectrum in found):
        raise UsageError(f"a boson of {mass:g} MeV is above every transition: no decay")
    return found


def draw_spectra_to(out: Path, spectra: Sequence[AngleSpectrum]) -> Path:
    """Draw spectra into a file.

    Parameters
    ----------
    out : Path
        Ends in .png or .svg; its folder is there.
    spectra : sequence of AngleSpectrum

    Returns
    -------
    Path
        The file.

    Raises
    ------
    UsageError
        A file name that cannot be used.
    """
    from x17.report.figure_files import save_figure
    from x17.report.figures.nuclear_spectra import draw_spectra

    check_figure_name(out)
    (path,) = save_figure(draw_spectra(spectra), out.parent, out.stem, (out.suffix[1:].lower(),))
    return path


def check_figure_name(out: Path) -> None:
    """Refuse a name under which no figure can be saved.

    Parameters
    ----------
    out : Path

    Raises
    ------
    UsageError
        An ending other than .png and .svg, or a folder that is not there.
    """
    if out.suffix.removeprefix(".").lower() not in FORMATS:
        raise UsageError(f"--out {out}; allowed: a name that ends in {' or '.join('.' + f for f in FORMATS)}")
    if not out.parent.is_dir():
        raise UsageError(f"--out {out}: there is no folder {out.parent}; make it first")
