"""The four criteria of the side band, in their order; each is tested only if the one before holds.

Source: arXiv:2503.05650 and the collaboration's presentation of Run III.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.scan import SearchPoints
from x17.scan.straight_line import fit_line
from x17.statistics.sideband import SidebandFit

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class SidebandSettings:
    """Thresholds of the criteria; the defaults are the published ones.

    Attributes
    ----------
    min_chi2_probability : float
        (i) smallest P(χ²) of the side-band fit.
    min_pull_probability : float
        (ii) smallest probability of the Gaussian fit to the pulls' histogram.
    pull_bin_width : float
        Width of that histogram's bins.
    max_pull_slope_sigma : float
        (iii) largest slope of a line through the pulls, in its standard errors.
    expected_constant, constant_tolerance : float
        (iv) K at the centre and how far it may be off.
    expected_slope_per_mev, slope_tolerance_per_mev : float
        (iv) slope of K and how far it may be off.
    """

    min_chi2_probability: float = 0.20
    min_pull_probability: float = 0.05
    pull_bin_width: float = 0.5
    max_pull_slope_sigma: float = 2.0
    expected_constant: float = 1.0
    constant_tolerance: float = 0.04
    expected_slope_per_mev: float = 0.0
    slope_tolerance_per_mev: float = 0.02


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion.

    Attributes
    ----------
    name : str
    value : float or None
        What was measured; None if an earlier criterion failed.
    threshold : float
        The bound.
    passed : bool or None
        None if an earlier criterion failed.
    rule : str
        How value and threshold compare when the criterion holds.
    """

    name: str
    value: float | None
    threshold: float
    passed: bool | None
    rule: str


def gaussian_pull_probability(pulls: FloatArray, bin_width: float) -> float:
    """Fit a Gaussian to the histogram of the pulls and return the probability of the fit.

    Binned maximum likelihood in mean and width, the total fixed; the Poisson likelihood ratio against the
    saturated model (Baker and Cousins, NIM 221 (1984) 437) is taken as χ² with bins − 3 degrees of freedom.
    The outermost bins reach to infinity.

    Parameters
    ----------
    pulls : ndarray, shape (n,)
    bin_width : float

    Returns
    -------
    float
    """
    from scipy.optimize import minimize
    from scipy.special import gammaincc, ndtr, xlogy

    first = np.floor(pulls.min() / bin_width)
    last = np.ceil(pulls.max() / bin_width)
    n_bins = max(int(last - first), 4)
    edges = bin_width * (first + np.arange(n_bins + 1))
    counts, _ = np.histogram(pulls, edges)
    inner = edges[1:-1]

    def deviance(parameters: FloatArray) -> float:
        cumulative = ndtr((inner - parameters[0]) * np.exp(-parameters[1]))
        share = np.diff(np.concatenate([[0.0], cumulative, [1.0]]))
        expected = pulls.size * np.maximum(share, 1e-300)
        return float(2.0 * np.sum(xlogy(counts, counts / expected)))

    start = np.array([pulls.mean(), np.log(max(float(pulls.std()), 1e-3))])
    fit = minimize(deviance, start, method="Nelder-Mead")
    # A perfect fit may come out below zero by rounding.
    return float(gammaincc(0.5 * (n_bins - 3), 0.5 * max(float(fit.fun), 0.0)))


def check_sideband(
    points: SearchPoints, sideband: SidebandFit, settings: SidebandSettings | None = None
) -> tuple[Criterion, ...]:
    """Test the criteria in order.

    Parameters
    ----------
    points : SearchPoints
    sideband : SidebandFit
    settings : SidebandSettings, optional

    Returns
    -------
    tuple of Criterion
        Five: (i), (ii), (iii), and the constant and the slope of (iv).
    """
    chosen = settings or SidebandSettings()
    outside = points.sqrt_s_mev[~sideband.masked]
    pull_line = fit_line(outside, sideband.pulls, np.ones_like(outside), float(outside.mean()))
    line = sideband.line
    measured = [
        ("(i) chi2 probability", sideband.p_value, chosen.min_chi2_probability, "value > threshold"),
        (
            "(ii) gaussian pulls",
            gaussian_pull_probability(sideband.pulls, chosen.pull_bin_width),
            chosen.min_pull_probability,
            "value > threshold",
        ),
        (
            "(iii) slope of pulls / error",
            pull_line.slope / pull_line.slope_err,
            chosen.max_pull_slope_sigma,
            "|value| < threshold",
        ),
        (
            "(iv) constant - expected",
            line.constant - chosen.expected_constant,
            chosen.constant_tolerance,
            "|value| < threshold",
        ),
        (
            "(iv) slope - expected per MeV",
            line.slope - chosen.expected_slope_per_mev,
            chosen.slope_tolerance_per_mev,
            "|value| < threshold",
        ),
    ]
    criteria: list[Criterion] = []
    reached = True
    for name, value, threshold, rule in measured:
        if not reached:
            criteria.append(Criterion(name, None, threshold, None, rule))
            continue
        passed = bool(value > threshold if rule.startswith("value") else abs(value) < threshold)
        criteria.append(Criterion(name, float(value), threshold, passed, rule))
        reached = passed
    return tuple(criteria)
