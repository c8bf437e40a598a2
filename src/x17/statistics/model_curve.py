"""The expected observable between the energy points, for curves in a figure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from x17.kinematics import beam_energy_mev
from x17.statistics.model import SIGNAL_INDEX, ScanModel

FloatArray = NDArray[np.float64]


def curve_energies(model: ScanModel, n: int = 241, margin: float = 0.02) -> FloatArray:
    """√s at which a curve through all points is drawn.

    Parameters
    ----------
    model : ScanModel
    n : int
        Number of values.
    margin : float
        Beyond the first and the last point, in parts of the range.

    Returns
    -------
    ndarray, shape (n,)
        MeV, rising, in equal steps.
    """
    sqrt_s = model.points.sqrt_s_mev
    low, high = float(sqrt_s[0]), float(sqrt_s[-1])
    beyond = margin * (high - low)
    return np.linspace(low - beyond, high + beyond, n)


def expected_curve(model: ScanModel, parameters: FloatArray, mass: float, sqrt_s: FloatArray) -> FloatArray:
    """g_R(s) = X(η) K(s) [1 + g² S(E; M) r(s)] at any √s.

    At an energy point it is `ScanModel.expected_g_r`; the factor X of nuisances common to several points is
    known at the points only and runs straight between them.

    Parameters
    ----------
    model : ScanModel
    parameters : ndarray, shape (n_parameters,)
        With the signal u = g² at `SIGNAL_INDEX`.
    mass : float
        MeV.
    sqrt_s : ndarray, shape (n,)
        MeV.

    Returns
    -------
    ndarray, shape (n,)
    """
    theta = np.asarray(parameters, dtype=np.float64)
    offset = sqrt_s - model.constants.center_sqrt_s_mev
    profile = model.line_shape.unit_profile(
        beam_energy_mev(sqrt_s, model.constants.electron_mass_mev),
        model.resonance_energy(mass)[None],
        theta[3:4],
        theta[4:5],
    )
    signal = theta[SIGNAL_INDEX] * theta[2] * profile * (theta[5] + theta[6] * offset)
    common = model.scale(theta) / (theta[0] + theta[1] * model.offset)
    factor = np.interp(sqrt_s, model.points.sqrt_s_mev, common)
    return np.asarray(factor * (theta[0] + theta[1] * offset) * (1.0 + signal))
