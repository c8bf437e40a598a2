"""Points beside the resonance: what normalises the expected background, and what checks flux and trend.

Below the resonance no boson is made: there the counts fix the common scale of B, and a straight line through
them tells a trend from none. Over the resonance a beam of one energy repeats itself: the yield per positron
must be constant, whatever B is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.errors import UsageError
from x17.scan.straight_line import StraightLine, fit_line

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ConstantFit:
    """A weighted mean and how well the points agree with it.

    Attributes
    ----------
    value, error : float
        Σ w y / Σ w and 1/√Σ w with w = 1/variance.
    chi2 : float
    ndf : int
        Points minus one.
    """

    value: float
    error: float
    chi2: float
    ndf: int

    @property
    def p(self) -> float:
        """Probability of a χ² at least as large; 1 for a single point."""
        return chi2_probability(self.chi2, self.ndf)

    @property
    def relative_rms(self) -> float:
        """Scatter about the mean in units of the errors, √(χ²/ndf); 0 for a single point."""
        return float(np.sqrt(self.chi2 / self.ndf)) if self.ndf else 0.0


def chi2_probability(chi2: float, ndf: int) -> float:
    """Probability of a χ² at least as large.

    Parameters
    ----------
    chi2 : float
    ndf : int

    Returns
    -------
    float
        1 without degrees of freedom.
    """
    from scipy.special import chdtrc

    return float(chdtrc(ndf, chi2)) if ndf > 0 else 1.0


def fit_constant(values: ArrayLike, variance: ArrayLike) -> ConstantFit:
    """Weighted mean of points.

    Parameters
    ----------
    values, variance : array_like, shape (n,)
        At least one point; variances above 0.

    Returns
    -------
    ConstantFit

    Raises
    ------
    UsageError
        No point, or numbers that cannot be used.
    """
    y, v = (np.asarray(a, dtype=np.float64) for a in (values, variance))
    if y.size == 0 or y.shape != v.shape or not np.all(np.isfinite(y)) or not np.all(v > 0.0):
        raise UsageError("a mean needs at least one point, finite values and positive variances")
    weight = 1.0 / v
    mean = float((weight * y).sum() / weight.sum())
    return ConstantFit(
        mean, float(weight.sum() ** -0.5), float((weight * (y - mean) ** 2).sum()), int(y.size) - 1
    )


@dataclass(frozen=True, slots=True, eq=False)
class BesideResonance:
    """Which points lie beside the searched ones.

    Attributes
    ----------
    below, over : ndarray of bool, shape (n,)
        Not searched, and at least `gap_mev` under the lowest or above the highest searched point.
    """

    below: BoolArray
    over: BoolArray

    @classmethod
    def of(cls, sqrt_s: ArrayLike, searched: ArrayLike, gap_mev: float = 1.0) -> BesideResonance:
        """Sort points by their energies.

        Parameters
        ----------
        sqrt_s : array_like, shape (n,)
            MeV.
        searched : array_like of bool, shape (n,)
        gap_mev : float
            In Run III of PADME the points below are 1.6 MeV, those over the resonance 2.9 MeV away; five late
            points within 0.13 MeV are neither.

        Returns
        -------
        BesideResonance
            Nothing is beside a scan without searched points.
        """
        energy, used = np.asarray(sqrt_s, dtype=np.float64), np.asarray(searched, dtype=np.bool_)
        if not used.any():
            none = np.zeros(energy.shape, dtype=np.bool_)
            return cls(none, none)
        low, high = float(energy[used].min()), float(energy[used].max())
        return cls(~used & (energy < low - gap_mev), ~used & (energy > high + gap_mev))


@dataclass(frozen=True, slots=True, eq=False)
class Validation:
    """The two checks beside the resonance, and the common scale of B.

    Attributes
    ----------
    normalisation : ConstantFit or None
        Mean of N2/(N_PoT B) below the resonance, by which B is multiplied; None without such points.
    below : StraightLine or None
        Line through N2/(N_PoT B) below the resonance, B normalised; None with fewer than three points.
    over : ConstantFit or None
        N2/N_PoT over the resonance; None with fewer than two points.
    """

    normalisation: ConstantFit | None
    below: StraightLine | None
    over: ConstantFit | None


def validate(
    sqrt_s: ArrayLike,
    ratio: ArrayLike,
    ratio_variance: ArrayLike,
    n2_per_pot: ArrayLike,
    n2_per_pot_variance: ArrayLike,
    beside: BesideResonance,
    usable: ArrayLike,
) -> Validation:
    """Fit the points beside the resonance.

    Parameters
    ----------
    sqrt_s : array_like, shape (n,)
        MeV.
    ratio, ratio_variance : array_like, shape (n,)
        N2/(N_PoT B) with B before normalisation.
    n2_per_pot, n2_per_pot_variance : array_like, shape (n,)
    beside : BesideResonance
    usable : array_like of bool, shape (n,)
        Points with a count and a flux.

    Returns
    -------
    Validation
    """
    energy, y, v, yields, yields_variance = (
        np.asarray(a, dtype=np.float64)
        for a in (sqrt_s, ratio, ratio_variance, n2_per_pot, n2_per_pot_variance)
    )
    good = np.asarray(usable, dtype=np.bool_)
    below, over = beside.below & good, beside.over & good
    scale = fit_constant(y[below], v[below]) if below.any() else None
    line = None
    if scale is not None and np.unique(energy[below]).size > 2:
        centre = float(energy[below].mean())
        line = fit_line(energy[below], y[below] / scale.value, v[below] / scale.value**2, centre)
    constant = fit_constant(yields[over], yields_variance[over]) if over.sum() > 1 else None
    return Validation(scale, line, constant)
