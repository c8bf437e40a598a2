"""Fit a Voigt line shape to a yield curve, computed or tabulated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.constants import ELECTRON_MASS_MEV
from x17.errors import UsageError
from x17.kinematics import resonance_energy_mev
from x17.theory.lineshape import Voigt, voigt_profile
from x17.theory.production import BINDING_ENERGY_MEV

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class VoigtFit:
    """A fitted line shape.

    Attributes
    ----------
    line_shape : Voigt
        Area per unit g² and widths, with the covariance of the fit; the spread was fixed, without variance.
    mass_mev, mass_err : float
        Mass at the centre of the line.
    area_mev, area_err : float
        Area under the fitted curve at the coupling of the data, MeV.
    half_width_mev, half_width_err : float
        γ.
    chi2 : float
    ndf : int
    """

    line_shape: Voigt
    mass_mev: float
    mass_err: float
    area_mev: float
    area_err: float
    half_width_mev: float
    half_width_err: float
    chi2: float
    ndf: int


def fit_voigt(
    beam_energies: ArrayLike,
    yields: ArrayLike,
    errors: ArrayLike,
    *,
    relative_spread: float,
    coupling: float,
    mass_guess: float,
    electron_mass: float = ELECTRON_MASS_MEV,
    binding_energy: float = BINDING_ENERGY_MEV,
) -> VoigtFit:
    """Least squares in area, mass and Lorentz width, at fixed beam spread, σ = b E_res.

    Parameters
    ----------
    beam_energies : array_like, shape (n,)
        MeV.
    yields, errors : array_like, shape (n,)
        Per positron on target.
    relative_spread : float
        b.
    coupling : float
        g of the yields, > 0.
    mass_guess : float
        MeV.
    electron_mass, binding_energy : float
        MeV.

    Returns
    -------
    VoigtFit

    Raises
    ------
    UsageError
        Fewer than four points, errors that are not positive, or a fit that does not converge.
    """
    from scipy.optimize import least_squares

    energy, y, sigma = (np.asarray(a, dtype=np.float64) for a in (beam_energies, yields, errors))
    if energy.size < 4 or not (np.all(sigma > 0.0) and np.all(np.isfinite(y))):
        raise UsageError("a Voigt fit needs four points or more, finite, with errors above 0")
    if coupling <= 0.0:
        raise UsageError(f"the coupling is {coupling}; allowed: above 0")
    scale = float(np.trapezoid(y, energy))

    def curve(parameters: FloatArray) -> FloatArray:
        area, shift, gamma = parameters
        center = resonance_energy_mev(mass_guess + 0.01 * shift, electron_mass, binding_energy)
        return np.asarray(
            scale * area * voigt_profile(energy - center, relative_spread * center, np.abs(gamma))
        )

    fit = least_squares(lambda p: (curve(p) - y) / sigma, np.array([1.0, 0.0, 1.5]), method="lm", xtol=1e-12)
    covariance = np.linalg.inv(fit.jac.T @ fit.jac)
    if not fit.success or not np.all(np.isfinite(covariance)):
        raise UsageError("the Voigt fit did not converge: do the points cover the line?")
    units = np.array([scale, 0.01, 1.0])
    area, _, gamma = fit.x * units
    covariance = 0.5 * (covariance + covariance.T) * np.outer(units, units)
    area_err, mass_err, gamma_err = np.sqrt(np.diag(covariance))
    per_coupling = np.array([1.0 / coupling**2, 1.0])
    shape_covariance = np.zeros((3, 3))
    shape_covariance[:2, :2] = covariance[np.ix_([0, 2], [0, 2])] * np.outer(per_coupling, per_coupling)
    return VoigtFit(
        Voigt(float(area) / coupling**2, abs(float(gamma)), relative_spread, shape_covariance),
        mass_guess + float(0.01 * fit.x[1]),
        float(mass_err),
        float(area),
        float(area_err),
        abs(float(gamma)),
        float(gamma_err),
        float(2.0 * fit.cost),
        int(energy.size - 3),
    )
