"""The term of one point in χ², profiled over the point's own nuisances where it has any."""

import math

from x17.statistics.kernel.layout import (
    EXPECTED,
    N_FIXED,
    P0,
    P1,
    POISSON,
    SIGNAL,
    SLOPE,
    VALUE,
    WEIGHT,
    YIELD,
    FloatArray,
    IntArray,
    compiled,
    inlined,
)

_NEWTON_STEPS = 20


@compiled
def profile_count(
    count_term: int, n: float, mu_free: float, rate_variance: float, h: float, eff_err: float
) -> tuple[float, float, float, float]:  # pragma: no cover - compiled
    """Minimise a count's term over its own nuisances: rate t and efficiency e, unit Gaussians.

    The expected count is μ = μ_free e^{σ t} (1 + h (1 + σ_ε e)) / (1 + h). At the minimum t = −σ D and
    e = −s D with D = ½ ∂ℓ/∂ln μ and s = ∂ln μ/∂e: one unknown, D, found by Newton's method.

    Parameters
    ----------
    count_term : int
        `GAUSSIAN`, ℓ = (n − μ)²/n, or `POISSON`, ℓ = 2 (μ − n + n ln(n/μ)).
    n, mu_free : float
        Observed count, and the one expected at t = e = 0.
    rate_variance : float
        σ².
    h : float
        Signal over background.
    eff_err : float
        σ_ε.

    Returns
    -------
    tuple
        ℓ + t² + e² at the minimum, D, half the Fisher information on ln μ, and the signal's factor 1 + σ_ε e.
    """
    big_d = 0.0
    boost = 1.0
    mu = mu_free
    sens = h * eff_err / (1.0 + h)
    for _ in range(_NEWTON_STEPS):
        boost = 1.0 - eff_err * sens * big_d
        total = 1.0 + h * boost
        sens = h * eff_err / total
        mu = mu_free * math.exp(-rate_variance * big_d) * total / (1.0 + h)
        if count_term == POISSON:
            slope, curvature = mu - n, mu
        else:
            slope, curvature = (mu - n) * mu / n, (2.0 * mu - n) * mu / n
        change = (slope - big_d) / (1.0 + max(curvature, 0.0) * (rate_variance + sens * sens))
        big_d += change
        if abs(change) < 1e-11 * (1.0 + abs(big_d)):
            break
    variance = rate_variance + sens * sens
    if count_term == POISSON:
        value = 2.0 * (mu - n + n * math.log(n / mu))
        fisher = 1.0 / (1.0 / n + variance)
    else:
        value = (n - mu) ** 2 / n
        fisher = 1.0 / (n / (mu * mu) + variance)
    return value + variance * big_d * big_d, big_d, fisher, boost


@inlined
def neyman_lanes(
    g_r: FloatArray, inverse_variance: FloatArray, rows: IntArray, point: FloatArray
) -> None:  # pragma: no cover - compiled
    """(y − m)² over the variance of the observed y.

    Parameters
    ----------
    g_r, inverse_variance : ndarray, shape (n_data,)
        The point in every data set.
    rows : ndarray of int, shape (lanes,)
        Data set of each lane.
    point : ndarray, shape (4, lanes)
        `EXPECTED` is read; `VALUE`, `SLOPE` and `WEIGHT` are written.
    """
    expected, value, slope, weight = point[EXPECTED], point[VALUE], point[SLOPE], point[WEIGHT]
    for lane in range(rows.shape[0]):
        residual = g_r[rows[lane]] - expected[lane]
        w = inverse_variance[rows[lane]]
        value[lane] = w * residual * residual
        slope[lane] = -w * residual
        weight[lane] = w


@compiled
def count_lanes(
    count_term: int,
    n2: FloatArray,
    exposure: FloatArray,
    rate_variance: float,
    efficiency_err: float,
    rows: IntArray,
    signal: FloatArray,
    columns: FloatArray,
    point: FloatArray,
) -> None:  # pragma: no cover - compiled
    """Terms of the count likelihoods; the columns are moved to the profiled efficiency.

    Parameters
    ----------
    count_term : int
        `GAUSSIAN` or `POISSON`.
    n2, exposure : ndarray, shape (n_data,)
        Counts and N_PoT·B of the point in every data set.
    rate_variance, efficiency_err : float
        Variance of ln(N_PoT·B) and relative error of ε_S.
    rows : ndarray of int, shape (lanes,)
        Data set of each lane.
    signal : ndarray, shape (lanes,)
        u = g².
    columns : ndarray, shape (n_parameters, lanes)
        Derivatives of the expectation, adjusted in place.
    point : ndarray, shape (4, lanes)
        `EXPECTED` is adjusted; `VALUE`, `SLOPE` and `WEIGHT` are written.
    """
    expected, value, slope, weight = point[EXPECTED], point[VALUE], point[SLOPE], point[WEIGHT]
    for lane in range(rows.shape[0]):
        boson = signal[lane] * columns[SIGNAL, lane]
        h = boson / (expected[lane] - boson)
        mu = exposure[rows[lane]] * expected[lane]
        if mu > 0.0:
            value[lane], big_d, fisher, boost = profile_count(
                count_term, n2[rows[lane]], mu, rate_variance, h, efficiency_err
            )
        else:
            value[lane], big_d, fisher, boost = math.inf, 0.0, 1.0, 1.0
        correction = (1.0 + h * boost) / (1.0 + h)
        expected[lane] *= correction
        columns[P0, lane] *= correction
        columns[P1, lane] *= correction
        for p in range(YIELD, N_FIXED):
            columns[p, lane] *= boost
        slope[lane] = big_d / expected[lane]
        weight[lane] = fisher / (expected[lane] * expected[lane])
