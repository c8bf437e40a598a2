"""Constants of the search model for the scan of an apparatus: its line shape as the theory computes it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.setup import Setup
from x17.constants import ELECTRON_MASS_MEV, PUBLISHED_ELECTRON_MASS_MEV
from x17.kinematics import resonance_energy_mev, sqrt_s_mev
from x17.scan.model_constants import ModelConstants
from x17.theory.boson import Boson, SpinParity
from x17.theory.production import yield_curve
from x17.theory.voigt_fit import fit_voigt

FloatArray = NDArray[np.float64]

_MASS_MEV, _CENTER_MEV = 17.0, 16.92
"""Where the collaboration fits the line, and about which it expands K(s)."""
_REACH_MEV = 9.0
_POINTS = 37
_RELATIVE_ERROR = 0.05
"""As the collaboration fits the published curve: 16 points within 9 MeV of the resonance, 5 % each."""


def model_constants(setup: Setup, energies: FloatArray | None = None) -> ModelConstants:
    """Constants of the model: a Voigt line fitted to the computed yield of the setup's target and beam.

    The line is computed in the middle of the run plan, or at 17 MeV if the plan holds that mass: its area
    does not depend on the mass, its width goes with the energy. The Voigt line has tails that are too fat:
    its area exceeds the computed one by some 7 %. K(s) is left to the side band of the scan.

    Parameters
    ----------
    setup : Setup
    energies : ndarray, optional
        √s of the points in place of the run plan's, MeV.

    Returns
    -------
    ModelConstants
    """
    spread = setup.beam.energy_spread
    mass, center = reference_masses(setup, energies)
    boson = Boson(mass, SpinParity.VECTOR, 1.0)
    resonance = float(resonance_energy_mev(mass))
    # Widths go with the energy: at another energy the fit reaches as many of them.
    reach = (
        _REACH_MEV if mass == _MASS_MEV else _REACH_MEV * resonance / float(resonance_energy_mev(_MASS_MEV))
    )
    energies = resonance + np.linspace(-reach, reach, _POINTS)
    curve = yield_curve(boson, setup.target.slab, energies, spread, setup.target.electron_momenta)
    fit = fit_voigt(
        energies,
        curve.yield_per_pot,
        _RELATIVE_ERROR * curve.yield_per_pot,
        relative_spread=spread,
        coupling=1.0,
        mass_guess=mass,
    )
    return ModelConstants(
        signal_yield_mev=fit.area_mev,
        signal_yield_err=fit.area_err,
        lorentz_half_width_mev=fit.half_width_mev,
        lorentz_half_width_err=fit.half_width_err,
        beam_energy_spread=spread,
        beam_energy_spread_err=setup.beam.energy_spread_err,
        center_sqrt_s_mev=center,
        largest_cos_theta=None if mass == _MASS_MEV else setup.largest_cos_theta(center),
        electron_mass_mev=PUBLISHED_ELECTRON_MASS_MEV if mass == _MASS_MEV else ELECTRON_MASS_MEV,
    )


def reference_masses(setup: Setup, energies: FloatArray | None = None) -> tuple[float, float]:
    """Where the line is fitted, and about which √s K(s) is expanded.

    Parameters
    ----------
    setup : Setup
    energies : ndarray, optional
        √s of the points in place of the run plan's, MeV.

    Returns
    -------
    (float, float)
        17 and 16.92 MeV, as published, for a run plan about them; else the middle of the plan, or the √s of
        the beam if there is no plan.
    """
    plan = setup.run_plan
    searched = plan.sqrt_s_mev[plan.scan_part >= 0] if energies is None else energies
    if searched.size == 0:
        searched = np.atleast_1d(sqrt_s_mev(setup.beam.energy_mev))
        if abs(float(searched[0]) - _MASS_MEV) < 0.5:
            return _MASS_MEV, _CENTER_MEV
    low, high = float(searched.min()), float(searched.max())
    if low <= _MASS_MEV <= high:
        return _MASS_MEV, _CENTER_MEV
    middle = round(0.5 * (low + high), 2)
    return middle, middle
