"""Checks of arguments shared by the cross sections of this folder."""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.constants import ELECTRON_MASS_MEV
from x17.errors import UsageError

FloatArray = NDArray[np.float64]


def floats(value: ArrayLike) -> FloatArray:
    """The argument as float64.

    Parameters
    ----------
    value : array_like

    Returns
    -------
    ndarray
    """
    return np.asarray(value, dtype=np.float64)


def require(allowed: Any, name: str, value: ArrayLike, text: str) -> None:
    """Refuse values that are not allowed; NaN never is.

    Parameters
    ----------
    allowed : bool or array of bool
        True where the value can be used.
    name : str
        What the value is, as a user would say it.
    value : array_like
        The values, of the shape of `allowed` or one that broadcasts to it.
    text : str
        What is allowed.

    Raises
    ------
    UsageError
        Naming the first value that is not allowed.
    """
    good = np.asarray(allowed)
    if not good.all():
        found = np.broadcast_to(floats(value), good.shape)[~good].flat[0]
        raise UsageError(f"the {name} is {found:g}; allowed: {text}")


def require_beam_energy(energy_mev: float) -> None:
    """Refuse a beam energy that is not a positron's.

    Parameters
    ----------
    energy_mev : float
        Total energy, MeV.

    Raises
    ------
    UsageError
        At or below m_e, or not finite.
    """
    require(
        math.isfinite(energy_mev) and energy_mev > ELECTRON_MASS_MEV,
        "beam energy in MeV",
        energy_mev,
        f"above m_e = {ELECTRON_MASS_MEV:.4f} MeV",
    )
