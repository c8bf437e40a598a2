"""`x17 theory`: widths, yields and line shapes as plain documents."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from x17.apparatus import load_setup
from x17.constants import PUBLISHED_ELECTRON_MASS_MEV
from x17.errors import UsageError
from x17.kinematics import resonance_energy_mev
from x17.theory.boson import Boson, SpinParity
from x17.theory.compton import ComptonProfile, read_profile
from x17.theory.production import yield_curve
from x17.theory.published_yield import PUBLISHED_YIELD
from x17.theory.qed import cross_section
from x17.theory.target import Target
from x17.theory.target_profile import PROFILES, profile_of_target
from x17.theory.voigt_fit import VoigtFit, fit_voigt
from x17.workflows.ranges import by_step
from x17.workflows.scan_constants import model_constants

Document = dict[str, Any]
FloatArray = NDArray[np.float64]


def boson_of(letter: str, mass: float, coupling: float) -> Boson:
    """A boson from what a user types.

    Parameters
    ----------
    letter : str
        V, A, S or P.
    mass, coupling : float
        MeV and g_ve.

    Returns
    -------
    Boson

    Raises
    ------
    UsageError
        Values that no boson has.
    """
    if letter not in tuple(SpinParity):
        raise UsageError(f"--boson {letter!r}; allowed: {', '.join(SpinParity)}")
    return Boson(mass, SpinParity(letter), coupling)


def profile_of(name: str, target: Target) -> ComptonProfile | None:
    """A Compton profile by name or from a file.

    Parameters
    ----------
    name : str
        One of `x17.theory.target_profile.PROFILES`, or a file with columns q_au, j_au.
    target : Target

    Returns
    -------
    ComptonProfile or None
        None for electrons at rest.

    Raises
    ------
    UsageError, InputError
        A file that cannot be used.
    """
    if name in PROFILES:
        return profile_of_target(target, name)
    if not Path(name).exists():
        raise UsageError(f"--profile {name!r}; allowed: {', '.join(PROFILES)}, or a file")
    return read_profile(name, float(target.atomic_number))


def width_document(boson: Boson) -> Document:
    """Width, lifetime and decay length.

    Parameters
    ----------
    boson : Boson

    Returns
    -------
    dict
        `width_ev`, `lifetime_s`, `ctau_um`; None where there is no coupling.
    """
    decays = boson.width_mev > 0.0
    return {
        "boson": boson.spin_parity.value,
        "mass_mev": boson.mass_mev,
        "g_ve": boson.g_ve,
        "epsilon": boson.epsilon,
        "width_ev": boson.width_mev * 1e6,
        "lifetime_s": boson.lifetime_s if decays else None,
        "ctau_um": boson.ctau_mm * 1e3 if decays else None,
    }


def yield_document(
    boson: Boson,
    energies: str | None = None,
    relative_spread: float | None = None,
    profile: str | None = None,
    target: str | None = None,
    setup: str | None = None,
) -> Document:
    """Yield per positron on target against the beam energy.

    Parameters
    ----------
    boson : Boson
    energies : str or None
        LO:HI:STEP, MeV, both ends included; three per cent about the resonance by default.
    relative_spread : float or None
        b; that of the setup, or 0.0025.
    profile, target : str or None
        As typed; those of the setup, or of 0.1 mm of diamond.
    setup : str or None
        A shipped setup or a file.

    Returns
    -------
    dict
        `beam_energy_mev`, `yield_per_pot`, `area_mev` (total), `area_in_range_mev`, and what was asked.

    Raises
    ------
    UsageError, InputError
        Values that cannot be used.
    """
    apparatus = None if setup is None else load_setup(setup)
    if apparatus is not None and target is None:
        made_of, known = apparatus.target.slab, apparatus.target.electron_momenta
        target = f"{made_of.material}:{made_of.thickness_mm:g}mm"
    else:
        made_of = Target.parse(target or "carbon:0.1mm")
        known = None if profile else profile_of_target(made_of)
    if relative_spread is None:
        relative_spread = 0.0025 if apparatus is None else apparatus.beam.energy_spread
    momenta = profile_of(profile, made_of) if profile else known
    curve = yield_curve(
        boson,
        made_of,
        by_step(energies, "--energies") if energies else _about(boson.mass_mev),
        relative_spread,
        momenta,
    )
    return {
        "boson": boson.spin_parity.value,
        "mass_mev": boson.mass_mev,
        "g_ve": boson.g_ve,
        "target": target,
        "profile": "rest" if momenta is None else momenta.name if profile is None else profile,
        "relative_spread": relative_spread,
        "resonance_energy_mev": curve.resonance_energy_mev,
        "area_mev": curve.area_mev,
        "area_in_range_mev": curve.area_in_range_mev,
        "beam_energy_mev": curve.beam_energy_mev.tolist(),
        "yield_per_pot": curve.yield_per_pot.tolist(),
    }


def _about(mass: float) -> FloatArray:
    """Beam energies within three per cent of the resonance, 13 of them."""
    return float(resonance_energy_mev(mass)) * np.linspace(0.97, 1.03, 13)


def model_table(setup: str) -> tuple[Document, str]:
    """Constants of the model for scans of an apparatus, as `[model]` of their TOML has them.

    Parameters
    ----------
    setup : str
        A shipped setup or a file.

    Returns
    -------
    dict
    str
        The table as TOML.

    Raises
    ------
    UsageError, InputError
        A setup that cannot be used.
    """
    constants = model_constants(load_setup(setup))
    document = {key: value for key, value in constants.plain().items() if value is not None}
    lines = [f"{key} = {value:.6g}" for key, value in document.items()]
    return document, "\n".join(["[model]", *lines]) + "\n"


_PROCESSES = {"bhabha": "bhabha", "gammagamma": "two_photon"}


def cross_section_document(
    process: str,
    sqrt_s: float,
    theta: str,
    order: str = "lo",
    *,
    acollinearity: float | None = None,
    min_energy: float | None = None,
    recombine: float | None = None,
    seed: int = 1,
    accuracy: float = 1e-3,
) -> Document:
    """Cross section of Bhabha scattering or two-photon annihilation within cuts.

    Parameters
    ----------
    process : str
        `bhabha` or `gammagamma` (identical photons are counted once).
    sqrt_s : float
        MeV.
    theta : str
        LO:HI, CM angles in degrees; both particles inside.
    order : str
        `lo`, `nlo` or `resummed`.
    acollinearity, min_energy : float, optional
        10 degrees and 0.4 beyond tree level by default; tree level knows no such cuts.
    recombine : float, optional
        Cone in degrees within which a photon is added to its lepton.
    seed : int
    accuracy : float
        Of the K factor.

    Returns
    -------
    dict
        `value_ub`, `error_ub`, `k_factor`, its pieces and the cuts.

    Raises
    ------
    UsageError
        Values out of range.
    """
    if process not in _PROCESSES:
        raise UsageError(f"--process {process!r}; allowed: {', '.join(_PROCESSES)}")
    try:
        low, high = (float(angle) for angle in theta.split(":"))
    except ValueError:
        raise UsageError(f"--theta {theta!r}; allowed: LO:HI in degrees, e.g. 40:140") from None
    if order == "lo" and not (acollinearity is None and min_energy is None and recombine is None):
        raise UsageError(
            "tree level has no photon to cut on; leave --acollinearity, --min-energy and --recombine out, "
            "or ask for --order nlo"
        )
    result = cross_section(
        _PROCESSES[process],
        sqrt_s,
        (low, high),
        order,
        acollinearity_deg=10.0 if acollinearity is None else acollinearity,
        min_energy=0.4 if min_energy is None else min_energy,
        recombine_deg=recombine,
        seed=seed,
        accuracy=accuracy,
    )
    document = asdict(result)
    document["process"] = process
    settings = document.pop("settings")
    del settings["vacuum_polarization"]  # the key of the same name in the result is the factor itself
    if order == "lo":
        settings = {"theta_range_deg": settings["theta_range_deg"]}
    return {**document, **settings}


def lineshape_document(profile: str = "published", relative_spread: float = 0.005) -> Document:
    """Voigt fit to the published yield, or to the yield computed at the same energies.

    Parameters
    ----------
    profile : str
        `published`: the 16 points of arXiv:2403.15387; else a Compton profile as for the yield.
    relative_spread : float
        b, for a computed yield; the published points have 0.005.

    Returns
    -------
    dict
        Area, mass, half width with errors, χ².

    Raises
    ------
    UsageError, InputError
        A profile that cannot be used.
    """
    energy, values = PUBLISHED_YIELD.T
    if profile != "published":
        boson, target = Boson(17.0, SpinParity.VECTOR, 1e-3), Target()
        values = yield_curve(
            boson, target, energy, relative_spread, profile_of(profile, target)
        ).yield_per_pot
    elif relative_spread != 0.005:
        raise UsageError("the published points have a beam spread of 0.005; another needs a --profile")
    fit = published_fit(energy, values, relative_spread)
    return {
        "profile": profile,
        "relative_spread": relative_spread,
        "area_mev": fit.area_mev,
        "area_err": fit.area_err,
        "area_per_g2_mev": fit.line_shape.area_mev,
        "mass_mev": fit.mass_mev,
        "mass_err": fit.mass_err,
        "half_width_mev": fit.half_width_mev,
        "half_width_err": fit.half_width_err,
        "chi2": fit.chi2,
        "ndf": fit.ndf,
    }


def published_fit(energy: np.ndarray, values: np.ndarray, relative_spread: float) -> VoigtFit:
    """Voigt fit with the conventions of the published analysis: errors of 5 %, m_e = 0.511 MeV.

    Parameters
    ----------
    energy, values : ndarray, shape (n,)
    relative_spread : float

    Returns
    -------
    VoigtFit
    """
    return fit_voigt(
        energy,
        values,
        0.05 * values,
        relative_spread=relative_spread,
        coupling=1e-3,
        mass_guess=17.0,
        electron_mass=PUBLISHED_ELECTRON_MASS_MEV,
    )
