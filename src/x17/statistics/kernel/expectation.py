"""The expectation of one point and its derivatives in every parameter, lane by lane."""

import math

from x17.statistics.kernel.layout import (
    EXPECTED,
    N_FIXED,
    P0,
    P1,
    Q0,
    Q1,
    SIGNAL,
    SPREAD,
    VALUE,
    WIDTH,
    YIELD,
    FloatArray,
    compiled,
    inlined,
)
from x17.theory.faddeeva import faddeeva_lanes

_SMALLEST_SPREAD = 1e-9
_INVERSE_SQRT_PI = 1.0 / math.sqrt(math.pi)


@compiled
def voigt_lanes(
    energy: float, e_res: FloatArray, theta: FloatArray, out: FloatArray, work: FloatArray
) -> None:  # pragma: no cover - compiled
    """Voigt profile at one energy and its derivatives in γ and b: rows 0, 1, 2 of `out`.

    Parameters
    ----------
    energy : float
        Beam energy, MeV.
    e_res : ndarray, shape (lanes,)
        Resonance energy, MeV.
    theta : ndarray, shape (n_parameters, lanes)
    out : ndarray, shape (3, lanes)
        V in 1/MeV, ∂V/∂γ in 1/MeV², ∂V/∂b in 1/MeV.
    work : ndarray, shape (8, lanes)

    Notes
    -----
    w'(z) = −2 z w + 2i/√π: one Faddeeva function gives all three. V is even in b.
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


@inlined
def _common_factor(
    responses: FloatArray, theta: FloatArray, out: FloatArray
) -> None:  # pragma: no cover - compiled
    """X = exp(Σ_k T_k η_k), the factor of the nuisances common to several points."""
    lanes = out.shape[0]
    n_templates = responses.shape[0]
    if n_templates == 0:
        for lane in range(lanes):
            out[lane] = 1.0
        return
    for lane in range(lanes):
        out[lane] = 0.0
    for k in range(n_templates):
        for lane in range(lanes):
            out[lane] += responses[k] * theta[N_FIXED + k, lane]
    for lane in range(lanes):
        out[lane] = math.exp(out[lane])


@inlined
def expectation_lanes(
    d: float,
    responses: FloatArray,
    theta: FloatArray,
    shape: FloatArray,
    columns: FloatArray,
    point: FloatArray,
) -> None:  # pragma: no cover - compiled
    """m_i of one point and its derivatives in the parameters of fixed place.

    Parameters
    ----------
    d : float
        √s − centre, MeV.
    responses : ndarray, shape (n_templates,)
        Logarithmic response to the common nuisances.
    theta : ndarray, shape (n_parameters, lanes)
    shape : ndarray, shape (3, lanes)
        From `voigt_lanes`.
    columns : ndarray, shape (n_parameters, lanes)
        The first `N_FIXED` rows are written.
    point : ndarray, shape (4, lanes)
        Row `EXPECTED` is written.
    """
    factor, expected = point[VALUE], point[EXPECTED]
    _common_factor(responses, theta, factor)
    for lane in range(factor.shape[0]):
        k = factor[lane] * (theta[P0, lane] + theta[P1, lane] * d)
        ratio = theta[Q0, lane] + theta[Q1, lane] * d
        u, a, v = theta[SIGNAL, lane], theta[YIELD, lane], shape[0, lane]
        h = u * a * v * ratio
        columns[P0, lane] = factor[lane] * (1.0 + h)
        columns[P1, lane] = factor[lane] * (1.0 + h) * d
        columns[YIELD, lane] = k * u * v * ratio
        columns[WIDTH, lane] = k * u * a * ratio * shape[1, lane]
        columns[SPREAD, lane] = k * u * a * ratio * shape[2, lane]
        columns[Q0, lane] = k * u * a * v
        columns[Q1, lane] = k * u * a * v * d
        columns[SIGNAL, lane] = k * a * v * ratio
        expected[lane] = k * (1.0 + h)
