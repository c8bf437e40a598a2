"""`x17 nuclear spectrometer`: what a pair spectrometer sees, and how many bosons it needs."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from x17.errors import UsageError
from x17.nuclear.pair_angles.born import require_transition
from x17.nuclear.pair_angles.boson_decay import EmittedBoson
from x17.nuclear.pair_angles.mixture import MultipoleMixture
from x17.nuclear.spectrometers.expected_spectrum import ExpectedSpectrum
from x17.nuclear.spectrometers.sensitivity import bosons_for_discovery
from x17.nuclear.spectrometers.setup_file import load_spectrometer
from x17.nuclear.spectrometers.spectrometer import Spectrometer
from x17.nuclear.spectrometers.spectrum_fit import SpectrumFit, fit_spectrum
from x17.nuclear.spectrometers.templates import AngularTemplates, make_templates, mass_grid

Document = dict[str, Any]
FloatArray = NDArray[np.float64]

MASS_REACH_MEV = 0.5
"""Masses are simulated this far around the one that is asked for."""

_COUNTS = 1_000_000
"""Child of the seed that draws the counts of a pseudo-experiment; those below it draw pairs."""


@dataclass(frozen=True, slots=True)
class SpectrumRequest:
    """What is asked of a spectrometer.

    Attributes
    ----------
    transition_mev : float
        W.
    multipole : str
        One multipolarity, or a mixture as `M1:0.77,E1:0.23`.
    mass_mev : float or None
    rate : float or None
        Bosons per photon (of E0: per internal pair) put into a pseudo-experiment, which is then fitted.
    n_internal : float
        Internal pairs that the run emits.
    external_rate : float
        External pairs per internal pair.
    significance : float
        Whose number of bosons is sought.
    simulated : int
        Pairs behind the templates.
    seed : int

    Raises
    ------
    UsageError
        Values out of range.
    """

    transition_mev: float
    multipole: str = "M1"
    mass_mev: float | None = None
    rate: float | None = None
    n_internal: float = 1e8
    external_rate: float = 0.0
    significance: float = 5.0
    simulated: int = 2_000_000
    seed: int = 1

    def __post_init__(self) -> None:
        require_transition(self.transition_mev)
        if self.rate is not None and self.mass_mev is None:
            raise UsageError("--rate is given without --mass; allowed: both, or --mass alone")
        if self.mass_mev is not None:
            EmittedBoson(self.mass_mev, self.transition_mev)  # refuses a mass that is not emitted
        for name, value in (("--rate", self.rate or 0.0), ("--external", self.external_rate)):
            if not 0.0 <= value <= 1e3:
                raise UsageError(f"{name} {value:g}; allowed: 0 to 1000")
        if not 1.0 <= self.n_internal <= 1e15:
            raise UsageError(f"--pairs {self.n_internal:g}; allowed: 1 to 1e15")
        if not (10_000 <= self.simulated <= 100_000_000 and self.seed >= 0):
            raise UsageError(
                f"--simulated {self.simulated}, --seed {self.seed}; allowed: 10 000 to 100 000 000 pairs, "
                "a seed of 0 or above"
            )


def setup_document(name: str) -> Document:
    """A spectrometer's setup.

    Parameters
    ----------
    name : str
        A shipped one, or a file.

    Returns
    -------
    dict
        Its fields; `placeholder` says whether a geometry is missing.

    Raises
    ------
    UsageError, InputError
        A setup that cannot be used.
    """
    return _setup_part(load_spectrometer(name))


def _setup_part(spectrometer: Spectrometer) -> Document:
    document = asdict(spectrometer)
    return {"placeholder": spectrometer.is_placeholder} | document


def spectrum_through(name: str, request: SpectrumRequest) -> tuple[Document, ExpectedSpectrum]:
    """Send internal pairs, external pairs and a boson through a spectrometer.

    Parameters
    ----------
    name : str
        A shipped spectrometer, or a file.
    request : SpectrumRequest

    Returns
    -------
    document : dict
        `bin_edges_deg`, `background` and `boson` (expected counts), `acceptance` of the fitted angles,
        `discovery` and `fit`, None where they were not asked for; `unknown` names what stands in.
    spectrum : ExpectedSpectrum
        For the figure.

    Raises
    ------
    UsageError, InputError
        A placeholder, or values that cannot be used.
    """
    spectrometer = load_spectrometer(name)
    spectrometer.require_geometry()
    mixture = MultipoleMixture.parse(request.multipole)
    templates = _templates(spectrometer, mixture, request)
    external = request.external_rate * request.n_internal
    background = request.n_internal * templates.background(mixture)
    if templates.external is not None:
        background = background + external * templates.external
    document: Document = {
        **{key: getattr(spectrometer, key) for key in ("name", "title", "source")},
        "unknown": list(spectrometer.unknown),
        "request": asdict(request),
        "acceptance": _acceptance(templates, mixture, request),
        "bin_edges_deg": np.degrees(templates.edges).tolist(),
        "usable": templates.usable.tolist(),
        "background": background.tolist(),
        "boson": None,
        "discovery": None,
        "fit": None,
    }
    spectrum = ExpectedSpectrum(
        spectrometer.title, np.degrees(templates.edges), background, None, "", templates.usable
    )
    if request.mass_mev is None:
        return document, spectrum
    sensitivity = bosons_for_discovery(
        templates, mixture, request.n_internal, request.mass_mev, request.significance, external
    )
    document["discovery"] = asdict(sensitivity)
    shape = templates.boson_at(request.mass_mev)
    label = f"X of {request.mass_mev:g} MeV"
    if request.rate is None:
        boson = sensitivity.bosons_emitted * shape
        spectrum = replace(spectrum, boson=boson, boson_label=f"{label}, {request.significance:g} σ")
    else:
        boson = request.rate * _photons(request, mixture) * shape
        spectrum = replace(spectrum, boson=boson, boson_label=f"{label}, rate {request.rate:g}")
        counts, fit = _pseudo_experiment(background + boson, templates, request.seed)
        fitted = fit.pairs @ templates.free + fit.bosons * templates.boson_at(fit.mass_mev)
        spectrum = replace(spectrum, counts=counts, fitted=fitted)
        document["fit"] = {"counts": counts.tolist()} | _fit_part(fit, _photons(request, mixture))
    document["boson"] = boson.tolist()
    return document, spectrum


def _pseudo_experiment(
    expected: FloatArray, templates: AngularTemplates, seed: int
) -> tuple[FloatArray, SpectrumFit]:
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_COUNTS,)))
    counts = rng.poisson(expected).astype(np.float64)
    return counts, fit_spectrum(counts, templates)


def _templates(
    spectrometer: Spectrometer, mixture: MultipoleMixture, request: SpectrumRequest
) -> AngularTemplates:
    multipoles = [multipole for multipole, _ in mixture.shares]
    mass, top = request.mass_mev, request.transition_mev
    # Without a boson one mass serves to fill the place; its spectrum is not used.
    masses: FloatArray = np.array([0.9 * top])
    if mass is not None:
        masses = mass_grid(mass - MASS_REACH_MEV, min(mass + MASS_REACH_MEV, 0.5 * (mass + top)))
        masses = np.unique(np.append(masses, mass))
    return make_templates(
        spectrometer,
        top,
        multipoles,
        masses,
        request.seed,
        request.simulated,
        max(request.simulated // 10, 1000),
        request.simulated if request.external_rate > 0.0 else 0,
    )


def _acceptance(templates: AngularTemplates, mixture: MultipoleMixture, request: SpectrumRequest) -> Document:
    """Share of the emitted pairs that is selected in the range of angles."""
    boson = None if request.mass_mev is None else float(templates.boson_at(request.mass_mev).sum())
    return {
        "internal": float(templates.background(mixture).sum()),
        "external": None if templates.external is None else float(templates.external.sum()),
        "boson": boson,
    }


def _photons(request: SpectrumRequest, mixture: MultipoleMixture) -> float:
    """What a rate is relative to: photons, of E0 internal pairs."""
    coefficient = mixture.pair_coefficient(request.transition_mev)
    return request.n_internal / (1.0 if coefficient is None else coefficient)


def _fit_part(fit: SpectrumFit, photons: float) -> Document:
    return {
        "status": fit.status.name.lower(),
        "message": fit.status.value,
        "mass_mev": fit.mass_mev,
        "mass_err_mev": fit.mass_err_mev if math.isfinite(fit.mass_err_mev) else None,
        "rate": fit.bosons / photons,
        "rate_err": fit.bosons_err / photons,
        "bosons": fit.bosons,
        "bosons_err": fit.bosons_err,
        "background_pairs": fit.pairs.tolist(),
        "background_pairs_err": fit.pairs_err.tolist(),
        "deviance": fit.deviance,
        "n_degrees": fit.n_degrees,
        "local_significance": fit.significance,
    }


def draw_through(out: Path, spectrum: ExpectedSpectrum) -> Path:
    """Draw a spectrometer's spectrum into a file.

    Parameters
    ----------
    out : Path
        Ends in .png or .svg; its folder is there.
    spectrum : ExpectedSpectrum

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
    from x17.report.figures.pair_spectrometer import draw_pair_spectrometer
    from x17.workflows.nuclear import check_figure_name

    check_figure_name(out)
    figure = draw_pair_spectrometer(spectrum)
    (path,) = save_figure(figure, out.parent, out.stem, (out.suffix[1:].lower(),))
    return path
