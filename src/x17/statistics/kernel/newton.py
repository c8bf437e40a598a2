"""The Newton step of every lane, by Cholesky's method."""

import math

from x17.statistics.kernel.layout import FloatArray, compiled


@compiled
def _factorise(hessian: FloatArray, usable: FloatArray) -> None:  # pragma: no cover - compiled
    """H = L Lᵀ in place, with the reciprocals of L's diagonal on the diagonal."""
    n_free, _, lanes = hessian.shape
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


@compiled
def newton_step_lanes(
    gradient: FloatArray, hessian: FloatArray, step: FloatArray, decrease: FloatArray, usable: FloatArray
) -> None:  # pragma: no cover - compiled
    """Solve for −H⁻¹ G and the decrease of χ² that it promises, Gᵀ H⁻¹ G.

    Parameters
    ----------
    gradient, step : ndarray, shape (n_free, lanes)
    hessian : ndarray, shape (n_free, n_free, lanes)
        Replaced by its factor; the last diagonal element squared is the variance of the last parameter.
    decrease, usable : ndarray, shape (lanes,)
        `usable` becomes 0 where the Hessian is not positive definite, 1 elsewhere.
    """
    n_free, lanes = gradient.shape
    for lane in range(lanes):
        usable[lane] = 1.0
        decrease[lane] = 0.0
    _factorise(hessian, usable)
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
