"""Numbers as people write them: as many digits as the error allows, no padded exponents."""

from __future__ import annotations

import math

from x17.statistics.monte_carlo import TailFraction

UNKNOWN = "–"
"""Stands for a number that is not known."""


def _minus(text: str) -> str:
    return text.replace("-", "−")


def mass_text(mass: float) -> str:
    """Write a mass in MeV with two decimals, three if the third is not zero.

    Parameters
    ----------
    mass : float

    Returns
    -------
    str
    """
    text = f"{mass:.3f}"
    return text.removesuffix("0")


def scientific(value: float, digits: int = 3) -> str:
    """Write a number in the form 4.42e-4.

    Parameters
    ----------
    value : float
    digits : int
        Significant ones.

    Returns
    -------
    str
    """
    if value == 0.0:
        return "0"
    mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
    return f"{mantissa}e{int(exponent)}"


def probability(p: float) -> str:
    """Write a probability with three significant digits.

    Parameters
    ----------
    p : float

    Returns
    -------
    str
    """
    return scientific(p) if p < 1e-3 else f"{p:.3g}"


def confidence(cl: float) -> str:
    """Write a confidence level, such as "90 % CL".

    Parameters
    ----------
    cl : float
        Between 0 and 1.

    Returns
    -------
    str
    """
    return f"{100.0 * cl:.4g} % CL"


def _decimals(error: float) -> int:
    """Decimals that show two significant digits of an error."""
    return max(0, 1 - math.floor(math.log10(error)))


def with_error(value: float, error: float) -> str:
    """Write value ± error, both to two significant digits of the error.

    Parameters
    ----------
    value, error : float

    Returns
    -------
    str
        The value alone if the error is zero.
    """
    if not (math.isfinite(error) and error > 0.0):
        return _minus(f"{value:.6g}")
    decimals = _decimals(error)
    return f"{_minus(f'{value:.{decimals}f}')} ± {error:.{decimals}f}"


def between(value: float, low: float | None, high: float | None, scale: float) -> str:
    """Write a number with the distances to the ends of its interval, such as "16.900 +0.027 −0.029".

    Parameters
    ----------
    value : float
    low, high : float or None
        Ends around it; None if they are not known.
    scale : float
        Factor that changes the unit.

    Returns
    -------
    str
        With "?" for an end that is not known.
    """
    up, down = (None if end is None else scale * abs(end - value) for end in (high, low))
    known = [error for error in (up, down) if error is not None and error > 0.0]
    decimals = _decimals(min(known)) if known else 2
    ends = ("?" if error is None else f"{error:.{decimals}f}" for error in (up, down))
    return _minus(f"{scale * value:.{decimals}f}") + " +{} −{}".format(*ends)


def signed(value: float | None, decimals: int) -> str:
    """Write a number with its sign and a true minus.

    Parameters
    ----------
    value : float or None
    decimals : int

    Returns
    -------
    str
    """
    if value is None:
        return UNKNOWN
    # No sign on what rounds to zero.
    return _minus(f"{value:+.{decimals}f}") if round(value, decimals) else f"{0.0:.{decimals}f}"


def scaled(value: float | None, scale: float, decimals: int) -> str:
    """Write a number in another unit, or a dash.

    Parameters
    ----------
    value : float or None
    scale : float
    decimals : int

    Returns
    -------
    str
    """
    return UNKNOWN if value is None else f"{value * scale:.{decimals}f}"


def fraction_text(fraction: TailFraction) -> str:
    """Write a share of toys with the ends of its 68 % interval, such as "0.0119 +0.0012 −0.0010".

    Parameters
    ----------
    fraction : TailFraction
        Of at least one toy.

    Returns
    -------
    str
        "< …", the upper end, if no toy was as extreme.
    """
    low, high = fraction.interval()
    value = fraction.value
    if fraction.successes == 0:
        return f"< {high:.2g}" if high >= 1e-3 else f"< {scientific(high, 2)}"
    exponent = 0 if value >= 1e-3 else math.floor(math.log10(value))
    scale = 10.0**-exponent
    up, down = (high - value) * scale, (value - low) * scale
    decimals = _decimals(min(error for error in (up, down) if error > 0.0))
    text = f"{value * scale:.{decimals}f} +{up:.{decimals}f} −{down:.{decimals}f}"
    return text if exponent == 0 else f"({text})e{exponent}"


def fraction_short(fraction: TailFraction) -> str:
    """Write a share of toys with one error for both sides, where there is no room for two.

    Parameters
    ----------
    fraction : TailFraction
        Of at least one toy.

    Returns
    -------
    str
        As `fraction_text` if no toy was as extreme.
    """
    low, high = fraction.interval()
    return with_error(fraction.value, 0.5 * (high - low)) if fraction.successes else fraction_text(fraction)


def fraction_percent(fraction: TailFraction) -> str:
    """Write a share of toys in per cent with one error, the sign for per cent left out.

    Parameters
    ----------
    fraction : TailFraction
        Of at least one toy.

    Returns
    -------
    str
        "< …", the upper end, if no toy was as extreme.
    """
    low, high = (100.0 * end for end in fraction.interval())
    if not fraction.successes:
        return f"< {high:.2g}"
    return with_error(100.0 * fraction.value, 0.5 * (high - low))
