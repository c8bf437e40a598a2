"""Ranges and bosons as users write them; LO:HI:STEP and LO:HI:N always include both ends."""

import math
import re
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from x17.errors import UsageError

FloatArray = NDArray[np.float64]

LARGEST = 100_000
"""Values a range may have."""


def _numbers(text: str, name: str, form: str) -> tuple[float, float, float]:
    parts = text.split(":")
    try:
        low, high, third = (float(part) for part in parts)
    except ValueError:
        raise UsageError(f"{name} is {text!r}; allowed: {form}, three numbers separated by colons") from None
    if not all(math.isfinite(v) for v in (low, high, third)):
        raise UsageError(f"{name} is {text!r}; allowed: finite numbers")
    if low <= 0.0 or high < low:
        raise UsageError(f"{name} is {text!r}; allowed: 0 < LO ≤ HI")
    return low, high, third


def by_step(text: str, name: str) -> FloatArray:
    """Values of LO:HI:STEP.

    Parameters
    ----------
    text : str
    name : str
        The option, for the message.

    Returns
    -------
    ndarray
        From LO to HI, both included, rounded to 1e-9 of their decimal value.

    Raises
    ------
    UsageError
        Not three numbers, not rising, or HI is not a whole number of steps above LO.
    """
    low, high, step = _numbers(text, name, "LO:HI:STEP")
    if step <= 0.0:
        raise UsageError(f"{name} is {text!r}; allowed: a step above 0")
    steps = (high - low) / step
    if steps > LARGEST:
        raise UsageError(f"{name} is {text!r}: more than {LARGEST} values; take a larger step")
    n = round(steps)
    if abs(steps - n) > 1e-6 * max(1.0, steps):
        below, above = low + math.floor(steps) * step, low + math.ceil(steps) * step
        raise UsageError(
            f"{name} is {text!r}: HI is not a whole number of steps above LO; "
            f"take HI = {below:.10g} or {above:.10g}"
        )
    return np.round(low + step * np.arange(n + 1), 9)


def by_number(text: str, name: str) -> FloatArray:
    """Values of LO:HI:N, evenly spaced.

    Parameters
    ----------
    text : str
    name : str
        The option, for the message.

    Returns
    -------
    ndarray
        N values from LO to HI, both included.

    Raises
    ------
    UsageError
        Not three numbers, not rising, or N is not a whole number that fits.
    """
    low, high, number = _numbers(text, name, "LO:HI:N")
    if number != int(number) or not 1 <= number <= LARGEST:
        raise UsageError(f"{name} is {text!r}; allowed: N a whole number, 1 to {LARGEST}")
    if (number == 1) != (low == high):
        raise UsageError(f"{name} is {text!r}; allowed: N of 2 or more, or LO = HI with N = 1")
    return np.linspace(low, high, int(number))


def window(text: str, name: str) -> tuple[float, float]:
    """The two ends of LO:HI.

    Parameters
    ----------
    text : str
    name : str
        The option, for the message.

    Returns
    -------
    (float, float)

    Raises
    ------
    UsageError
        Not two finite numbers, or LO above HI.
    """
    try:
        low, high = (float(part) for part in text.split(":"))
    except ValueError:
        raise UsageError(f"{name} is {text!r}; allowed: LO:HI, two numbers separated by a colon") from None
    if not (math.isfinite(low) and math.isfinite(high) and 0.0 < low <= high):
        raise UsageError(f"{name} is {text!r}; allowed: 0 < LO ≤ HI, finite")
    return low, high


def boson_to_inject(text: str | None) -> tuple[float, float] | None:
    """Mass and coupling of MASS:COUPLING.

    Parameters
    ----------
    text : str or None

    Returns
    -------
    (float, float) or None

    Raises
    ------
    UsageError
    """
    if text is None:
        return None
    try:
        mass, coupling = (float(part) for part in text.split(":"))
    except ValueError:
        mass = coupling = 0.0
    if not (1.0 < mass < 1000.0 and 0.0 < coupling < 1.0):
        raise UsageError(
            f"--inject is {text!r}; allowed: MASS:COUPLING, a mass in MeV (1 to 1000) and a g_ve (0 to 1), "
            "e.g. 16.9:5e-4"
        )
    return mass, coupling


def numbers_of(text: str | None, name: str) -> tuple[int, ...] | None:
    """Whole numbers of a list like 0-22,28,-3: single ones and ranges with both ends, separated by commas.

    Parameters
    ----------
    text : str or None
    name : str
        The option, for the message.

    Returns
    -------
    tuple of int or None
        Rising, each once; None for None.

    Raises
    ------
    UsageError
        Not such a list, or too long a range.
    """
    if text is None:
        return None
    found: set[int] = set()
    for part in text.split(","):
        match = re.fullmatch(r"\s*(-?\d{1,9})(?:-(\d{1,9}))?\s*", part)
        low = int(match.group(1)) if match else 0
        high = int(match.group(2)) if match and match.group(2) else low
        if not match or high < low or high - low > LARGEST:
            raise UsageError(f"{name} is {text!r}; allowed: numbers and ranges LO-HI, e.g. 0-22,28")
        found |= set(range(low, high + 1))
    return tuple(sorted(found))


def ranges_of(numbers: Iterable[int]) -> str:
    """The shortest list that `numbers_of` reads as these numbers.

    Parameters
    ----------
    numbers : iterable of int

    Returns
    -------
    str
        Empty without numbers.
    """
    spans: list[list[int]] = []
    for number in sorted(set(numbers)):
        # A range cannot start below 0: its dash would be that of the number.
        if spans and spans[-1][0] >= 0 and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in spans)
