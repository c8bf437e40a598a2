"""The compiled kernel of the profile fit: many fits side by side, Fisher scoring with analytic derivatives.

`LANES` fits advance together. Every inner loop runs over the lanes and every sum over points runs in the same
order for each of them, so that the processor's vector units are busy and yet a fit's result does not depend
on which fits stand beside it. A lane that has converged is frozen.

The model of point i and its nuisances are those of `x17.statistics.model`; what is minimised is

    χ²(θ) = Σ_i ℓ_i(m_i(θ)) + (θ − c)ᵀ Λ (θ − c),   m_i = X_i K_i (1 + u A V_i r_i),   u = g².

Internally "gradient" and "Hessian" are those of χ²/2, so that the covariance is the inverse Hessian and a
Newton step lowers χ² by gradientᵀ·Hessian⁻¹·gradient.
"""

import math

import numba as nb
import numpy as np
from numpy.typing import NDArray

from x17.theory.faddeeva import faddeeva_lanes

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

LANES = 64
"""Fits advanced together: wide enough for any vector unit, small enough for the first-level cache."""

P0, P1, YIELD, WIDTH, SPREAD, Q0, Q1, SIGNAL, N_FIXED = range(9)
"""Order of the parameters: K's constant and slope, A, γ, b, r's constant and slope, u = g²; then templates."""

NEYMAN, GAUSSIAN, POISSON = range(3)
"""The three terms of a point: see `x17.statistics.model.CountTerm`."""

CONVERGED, MAX_ITERATIONS, SINGULAR, NO_DESCENT, NOT_FINITE = range(5)
"""Status of a fit; in words in `x17.statistics.fit_status`."""

_MAX_HALVINGS = 30
_SMALLEST_SPREAD = 1e-9
_INVERSE_SQRT_PI = 1.0 / math.sqrt(math.pi)
_COMPILE = {"error_model": "numpy", "cache": True, "nogil": True}


@nb.njit(**_COMPILE)
def _voigt_lanes(
    energy: float, e_res: FloatArray, theta: FloatArray, out: FloatArray, work: FloatArray
) -> None:  # pragma: no cover - compiled
    """Voigt profile at one energy and its derivatives in γ and b: rows 0, 1, 2 of `out`.

    Uses w'(z) = −2 z w + 2i/√π, so that one Faddeeva function gives all three.
    """
    lanes = e_res.shape[0]
    x, y, w_re, w_im = work[0], work[1], work[2], work[3]
    for lane in range(lanes):
        spread = max(abs(theta[SPREAD, lane]), _SMALLEST_SPREAD)
        scale = 1.0 / (spread * e_res[lane] * math.sqrt(2.0))
        x[lane] = (energy - e_res[lane]) * scale
        y[lane] = theta[WIDTH, lane] * scale
    faddeeva_lanes(x, y, w_re, w_im, work[4:])
    for lane in range(lanes):
        spread = max(abs(theta[SPREAD, lane]), _SMALLEST_SPREAD)
        scale = 1.0 / (spread * e_res[lane] * math.sqrt(2.0))
        norm = scale * _INVERSE_SQRT_PI
        d_re = -2.0 * (x[lane] * w_re[lane] - y[lane] * w_im[lane])
        d_im = -2.0 * (x[lane] * w_im[lane] + y[lane] * w_re[lane]) + 2.0 * _INVERSE_SQRT_PI
        sign = 1.0 if theta[SPREAD, lane] >= 0.0 else -1.0
        out[0, lane] = w_re[lane] * norm
        out[1, lane] = -d_im * scale * norm
        out[2, lane] = -sign * norm * (w_re[lane] + x[lane] * d_re - y[lane] * d_im) / spread


@nb.njit(**_COMPILE)
def _profile_count(
    count_term: int, n: float, mu_free: float, rate_var: float, h: float, eff_err: float
) -> tuple[float, float, float, float]:  # pragma: no cover - compiled
    """Minimise one point's term over its own nuisances, rate t and efficiency e (unit Gaussians).

    The expected count is μ = μ_free e^{σ t} (1 + h (1 + σ_ε e)) / (1 + h). At the minimum t = −σ D and
    e = −s D with D = ½ ∂ℓ/∂ln μ and s = ∂ln μ/∂e: one unknown, D, found by Newton's method.

    Returns
    -------
    tuple
        ℓ at the minimum, D, ½ ∂²ℓ/∂(ln μ)² marginalised over t and e, and the signal's factor 1 + σ_ε e.
    """
    big_d = 0.0
    boost = 1.0
    mu = mu_free
    sens = h * eff_err / (1.0 + h)
    for _ in range(20):
        boost = 1.0 - eff_err * sens * big_d
        total = 1.0 + h * boost
        sens = h * eff_err / total
        mu = mu_free * math.exp(-rate_var * big_d) * total / (1.0 + h)
        if count_term == POISSON:
            slope, curvature = mu - n, mu
        else:
            slope, curvature = (mu - n) * mu / n, (2.0 * mu - n) * mu / n
        change = (slope - big_d) / (1.0 + max(curvature, 0.0) * (rate_var + sens * sens))
        big_d += change
        if abs(change) < 1e-11 * (1.0 + abs(big_d)):
            break
    spread = rate_var + sens * sens
    if count_term == POISSON:
        value = 2.0 * (mu - n + n * math.log(n / mu))
        fisher = 1.0 / (1.0 / n + spread)
    else:
        value = (n - mu) ** 2 / n
        fisher = 1.0 / (n / (mu * mu) + spread)
    return value + spread * big_d * big_d, big_d, fisher, boost


@nb.njit(**_COMPILE)
def _evaluate(
    theta: FloatArray,
    e_res: FloatArray,
    rows: IntArray,
    energy: FloatArray,
    offset: FloatArray,
    templates: FloatArray,
    first: FloatArray,
    second: FloatArray,
    rate_var: FloatArray,
    eff_err: FloatArray,
    count_term: int,
    centers: FloatArray,
    precision: FloatArray,
    free: IntArray,
    chi2: FloatArray,
    gradient: FloatArray,
    hessian: FloatArray,
    columns: FloatArray,
    shape: FloatArray,
    work: FloatArray,
    with_signal: bool,
) -> None:  # pragma: no cover - compiled
    """χ² of every lane, and its half gradient and half Hessian in the free parameters."""
    lanes = e_res.shape[0]
    n_free = free.shape[0]
    n_templates = templates.shape[1]
    n_parameters = N_FIXED + n_templates
    expected, slope, weight, value = work[0], work[1], work[2], work[3]
    chi2[:] = 0.0
    gradient[:] = 0.0
    hessian[:] = 0.0
    for i in range(energy.shape[0]):
        d = offset[i]
        if with_signal:
            _voigt_lanes(energy[i], e_res, theta, shape, work[4:])
        for lane in range(lanes):
            value[lane] = 0.0
        for j in range(n_templates):
            for lane in range(lanes):
                value[lane] += templates[i, j] * theta[N_FIXED + j, lane]
        if n_templates > 0:
            for lane in range(lanes):
                value[lane] = math.exp(value[lane])
        else:
            for lane in range(lanes):
                value[lane] = 1.0
        for lane in range(lanes):
            k = value[lane] * (theta[P0, lane] + theta[P1, lane] * d)
            ratio = theta[Q0, lane] + theta[Q1, lane] * d
            u, a, v = theta[SIGNAL, lane], theta[YIELD, lane], shape[0, lane]
            h = u * a * v * ratio
            columns[P0, lane] = value[lane] * (1.0 + h)
            columns[P1, lane] = value[lane] * (1.0 + h) * d
            columns[YIELD, lane] = k * u * v * ratio
            columns[WIDTH, lane] = k * u * a * ratio * shape[1, lane]
            columns[SPREAD, lane] = k * u * a * ratio * shape[2, lane]
            columns[Q0, lane] = k * u * a * v
            columns[Q1, lane] = k * u * a * v * d
            columns[SIGNAL, lane] = k * a * v * ratio
            expected[lane] = k * (1.0 + h)
        if count_term == NEYMAN:
            for lane in range(lanes):
                residual = first[rows[lane], i] - expected[lane]
                w = second[rows[lane], i]
                value[lane] = w * residual * residual
                slope[lane] = -w * residual
                weight[lane] = w
        else:
            for lane in range(lanes):
                h = theta[SIGNAL, lane] * columns[SIGNAL, lane]
                h = h / (expected[lane] - h)
                mu = second[rows[lane], i] * expected[lane]
                if mu > 0.0:
                    value[lane], big_d, fisher, boost = _profile_count(
                        count_term, first[rows[lane], i], mu, rate_var[i], h, eff_err[i]
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
        for j in range(n_templates):
            for lane in range(lanes):
                columns[N_FIXED + j, lane] = templates[i, j] * expected[lane]
        for lane in range(lanes):
            chi2[lane] += value[lane]
        for p in range(n_free):
            column = columns[free[p]]
            for lane in range(lanes):
                gradient[p, lane] += slope[lane] * column[lane]
                value[lane] = weight[lane] * column[lane]
            for q in range(p + 1):
                other = columns[free[q]]
                for lane in range(lanes):
                    hessian[p, q, lane] += value[lane] * other[lane]
    for p in range(n_parameters):
        for lane in range(lanes):
            columns[p, lane] = theta[p, lane] - centers[rows[lane], p]
    for p in range(n_parameters):
        for q in range(n_parameters):
            if precision[p, q] != 0.0:
                for lane in range(lanes):
                    chi2[lane] += precision[p, q] * columns[p, lane] * columns[q, lane]
    for p in range(n_free):
        for q in range(n_parameters):
            if precision[free[p], q] != 0.0:
                for lane in range(lanes):
                    gradient[p, lane] += precision[free[p], q] * columns[q, lane]
        for q in range(p + 1):
            for lane in range(lanes):
                hessian[p, q, lane] += precision[free[p], free[q]]


@nb.njit(**_COMPILE)
def _solve(
    gradient: FloatArray, hessian: FloatArray, step: FloatArray, decrease: FloatArray, usable: FloatArray
) -> None:  # pragma: no cover - compiled
    """Newton step −H⁻¹ G of every lane by Cholesky's method, in place; `decrease` is Gᵀ H⁻¹ G.

    `usable` becomes 0 in lanes whose Hessian is not positive definite. Afterwards the diagonal of `hessian`
    holds the reciprocals of the pivots.
    """
    n_free, lanes = gradient.shape
    for lane in range(lanes):
        usable[lane] = 1.0
        decrease[lane] = 0.0
    for p in range(n_free):
        for q in range(p):
            for k in range(q):
                for lane in range(lanes):
                    hessian[p, q, lane] -= hessian[p, k, lane] * hessian[q, k, lane]
            for lane in range(lanes):
                hessian[p, q, lane] *= hessian[q, q, lane]
        for k in range(p):
            for lane in range(lanes):
                hessian[p, p, lane] -= hessian[p, k, lane] * hessian[p, k, lane]
        for lane in range(lanes):
            pivot = hessian[p, p, lane]
            good = pivot > 0.0
            usable[lane] = usable[lane] if good else 0.0
            hessian[p, p, lane] = 1.0 / math.sqrt(pivot if good else 1.0)
    for p in range(n_free):
        for lane in range(lanes):
            step[p, lane] = -gradient[p, lane]
        for k in range(p):
            for lane in range(lanes):
                step[p, lane] -= hessian[p, k, lane] * step[k, lane]
        for lane in range(lanes):
            step[p, lane] *= hessian[p, p, lane]
            decrease[lane] += step[p, lane] * step[p, lane]
    for p in range(n_free - 1, -1, -1):
        for k in range(p + 1, n_free):
            for lane in range(lanes):
                step[p, lane] -= hessian[k, p, lane] * step[k, lane]
        for lane in range(lanes):
            step[p, lane] *= hessian[p, p, lane]


@nb.njit(**_COMPILE)
def fit_many(
    rows: IntArray,
    e_res: FloatArray,
    signal: FloatArray,
    start: FloatArray,
    energy: FloatArray,
    offset: FloatArray,
    templates: FloatArray,
    first: FloatArray,
    second: FloatArray,
    rate_var: FloatArray,
    eff_err: FloatArray,
    count_term: int,
    centers: FloatArray,
    precision: FloatArray,
    free: IntArray,
    tolerance: float,
    max_iterations: int,
    out_chi2: FloatArray,
    out_theta: FloatArray,
    out_signal_var: FloatArray,
    out_status: NDArray[np.int8],
    out_iterations: IntArray,
) -> None:  # pragma: no cover - compiled
    """Minimise χ² for each of many (data set, resonance energy, signal) triples.

    Parameters
    ----------
    rows : ndarray of int, shape (n_fits,)
        Which data set each fit is of.
    e_res, signal : ndarray, shape (n_fits,)
        Resonance energy in MeV, and u = g²: fixed, or where to start if `free` holds `SIGNAL`.
    start : ndarray, shape (n_parameters,)
        Where the nuisances start; those not in `free` stay there.
    energy, offset : ndarray, shape (n_points,)
        Beam energy (MeV) and √s − centre (MeV).
    templates : ndarray, shape (n_points, n_templates)
        Logarithmic response of each point to the extra nuisances; may have no columns.
    first, second : ndarray, shape (n_data, n_points)
        Neyman term: g_R and its weight. Count terms: N2 and N_PoT·B.
    rate_var, eff_err : ndarray, shape (n_points,)
        Count terms only: variance of ln(N_PoT·B), and relative error of the efficiency.
    count_term : int
        `NEYMAN`, `GAUSSIAN` or `POISSON`.
    centers : ndarray, shape (n_data, n_parameters)
        Measured values of the nuisances, for each data set.
    precision : ndarray, shape (n_parameters, n_parameters)
        Inverse covariance of the nuisances, zero for what is not constrained.
    free : ndarray of int, shape (n_free,)
        The parameters that vary; `SIGNAL`, if it does, last.
    tolerance : float
        A fit has converged when the next step would lower χ² by less.
    max_iterations : int
        Evaluations of χ² allowed per fit.
    out_chi2, out_signal_var, out_status, out_iterations : ndarray, shape (n_fits,)
        χ² at the minimum, variance of u (of the last free parameter), status, evaluations.
    out_theta : ndarray, shape (n_fits, n_parameters)
        The parameters at the minimum.
    """
    n_parameters = start.shape[0]
    n_free = free.shape[0]
    theta = np.empty((n_parameters, LANES))
    accepted = np.empty((n_parameters, LANES))
    step = np.zeros((n_free, LANES))
    new_step = np.zeros((n_free, LANES))
    gradient = np.empty((n_free, LANES))
    hessian = np.empty((n_free, n_free, LANES))
    columns = np.empty((n_parameters, LANES))
    shape = np.zeros((3, LANES))
    work = np.empty((12, LANES))
    chi2, best, decrease, usable = np.empty(LANES), np.empty(LANES), np.empty(LANES), np.empty(LANES)
    lane_e_res = np.empty(LANES)
    lane_rows = np.empty(LANES, dtype=np.int64)
    halvings = np.empty(LANES, dtype=np.int64)
    active = np.empty(LANES, dtype=np.bool_)
    n_fits = rows.shape[0]
    with_signal = np.any(signal != 0.0) or (n_free > 0 and free[n_free - 1] == SIGNAL)
    for block in range(0, n_fits, LANES):
        for lane in range(LANES):
            fit = min(block + lane, n_fits - 1)
            active[lane] = block + lane < n_fits
            lane_rows[lane] = rows[fit]
            lane_e_res[lane] = e_res[fit]
            best[lane] = math.inf
            halvings[lane] = 0
            for p in range(n_parameters):
                theta[p, lane] = start[p]
                accepted[p, lane] = start[p]
            theta[SIGNAL, lane] = signal[fit]
            accepted[SIGNAL, lane] = signal[fit]
            out_status[fit] = MAX_ITERATIONS
        for iteration in range(1, max_iterations + 1):
            _evaluate(
                theta,
                lane_e_res,
                lane_rows,
                energy,
                offset,
                templates,
                first,
                second,
                rate_var,
                eff_err,
                count_term,
                centers,
                precision,
                free,
                chi2,
                gradient,
                hessian,
                columns,
                shape,
                work,
                with_signal,
            )
            _solve(gradient, hessian, new_step, decrease, usable)
            running = False
            for lane in range(LANES):
                if not active[lane]:
                    continue
                fit = block + lane
                out_iterations[fit] = iteration
                finite = math.isfinite(chi2[lane]) and math.isfinite(decrease[lane])
                if iteration == 1 and not finite:
                    out_status[fit] = NOT_FINITE
                    active[lane] = False
                    continue
                if (
                    not finite
                    or theta[WIDTH, lane] <= 0.0
                    or chi2[lane] > best[lane] + 1e-12 * (1.0 + abs(best[lane]))
                ):
                    halvings[lane] += 1
                    if halvings[lane] > _MAX_HALVINGS:
                        out_status[fit] = NO_DESCENT
                        active[lane] = False
                        continue
                    for p in range(n_free):
                        step[p, lane] *= 0.5
                        theta[free[p], lane] = accepted[free[p], lane] + step[p, lane]
                    running = True
                    continue
                best[lane] = chi2[lane]
                for p in range(n_free):
                    accepted[free[p], lane] = theta[free[p], lane]
                if usable[lane] == 0.0:
                    out_status[fit] = SINGULAR
                    active[lane] = False
                    continue
                for p in range(n_free):
                    step[p, lane] = new_step[p, lane]
                    theta[free[p], lane] = accepted[free[p], lane] + step[p, lane]
                if n_free > 0:
                    out_signal_var[fit] = hessian[n_free - 1, n_free - 1, lane] ** 2
                if decrease[lane] < tolerance:
                    best[lane] -= decrease[lane]
                    for p in range(n_free):
                        accepted[free[p], lane] = theta[free[p], lane]
                    out_status[fit] = CONVERGED
                    active[lane] = False
                    continue
                running = True
            if not running:
                break
        for lane in range(min(LANES, n_fits - block)):
            out_chi2[block + lane] = best[lane]
            for p in range(n_parameters):
                out_theta[block + lane, p] = accepted[p, lane]
