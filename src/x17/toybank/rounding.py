"""Numbers as they enter a name: rounded, so that the last bits of another processor do not change it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

N_PROJECTIONS = 4


def rounded(value: object, digits: int) -> object:
    """Replace every number with a fractional part by itself at so many significant digits.

    Parameters
    ----------
    value : object
        Numbers, strings, None, arrays, and sequences and mappings of them.
    digits : int

    Returns
    -------
    object
        The same tree of plain dictionaries, lists and numbers, for JSON.
    """
    if isinstance(value, float):
        return float(f"{value:.{digits}g}") + 0.0  # −0 and 0 are one number
    if isinstance(value, np.ndarray):
        return rounded(value.tolist(), digits)
    if isinstance(value, Mapping):
        return {str(key): rounded(item, digits) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(item, digits) for item in value]
    return str(value) if isinstance(value, str) else value  # an enumeration is its value


def projections(table: NDArray[np.float64], digits: int) -> list[float]:
    """A large table as a few numbers: its norm, and its projections on fixed cosines in units of the norm.

    Among a hundred thousand rounded numbers one would as a rule stand so near to an edge of the rounding that
    the last bits decide; among five none does.

    Parameters
    ----------
    table : ndarray
        Any shape.
    digits : int
        Digits kept, significant ones of the norm and decimals of the projections.

    Returns
    -------
    list of float
        Empty for an empty table.
    """
    flat = table.ravel()
    norm = float(np.linalg.norm(flat))
    if norm == 0.0:
        return []
    index = np.arange(1.0, flat.size + 1.0)
    waves = (float(np.sum(flat * np.cos(k * index))) / norm for k in range(1, N_PROJECTIONS + 1))
    return [float(f"{norm:.{digits}g}"), *(round(wave, digits) + 0.0 for wave in waves)]
