"""The Faddeeva function w(z) of many arguments at once, compiled, for z in the upper half plane.

Weideman's rational approximation (SIAM J. Numer. Anal. 31 (1994) 1497), with N terms and L = √(N/√2),

    w(z) ≈ 2 p(Z) / (L − iz)² + 1 / (√π (L − iz)),   Z = (L + iz) / (L − iz),

needs one reciprocal and a polynomial of real coefficients. `scipy.special.wofz` is exact to the last digits
but branches on its argument, so that a processor cannot evaluate several at once; here every argument takes
the same path. With N = 32 the relative error of |w| is below 4e-13 for Im z ≥ 0.01, and of Re w below 4e-10.
"""

import math

import numba as nb
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

N_TERMS = 32
_SCALE = math.sqrt(N_TERMS / math.sqrt(2.0))
_INVERSE_SQRT_PI = 1.0 / math.sqrt(math.pi)


def _weideman_coefficients(n_terms: int, scale: float) -> FloatArray:
    """Coefficients of p(Z) in rising powers: Fourier coefficients of e^(−t²)(L² + t²), t = L tan(θ/2)."""
    half = 2 * n_terms
    theta = np.arange(-half + 1, half) * math.pi / half
    t = scale * np.tan(theta / 2.0)
    samples = np.concatenate([[0.0], np.exp(-(t**2)) * (scale**2 + t**2)])
    spectrum = np.fft.fft(np.fft.fftshift(samples)).real / (2 * half)
    return np.ascontiguousarray(spectrum[1 : n_terms + 1])


_COEFFICIENTS = _weideman_coefficients(N_TERMS, _SCALE)


@nb.njit(error_model="numpy", nogil=True)
def faddeeva_lanes(
    x: FloatArray, y: FloatArray, w_re: FloatArray, w_im: FloatArray, work: FloatArray
) -> None:  # pragma: no cover - compiled
    """w(x + iy) for each lane, written to `w_re`, `w_im`.

    Parameters
    ----------
    x, y : ndarray, shape (lanes,)
        Real and imaginary parts, y > 0.
    w_re, w_im : ndarray, shape (lanes,)
        Results.
    work : ndarray, shape (4, lanes)
        Scratch space.

    Notes
    -----
    p(Z) of real coefficients at complex Z by the two-term recurrence
    b_k = a_k + 2 Re Z b_{k+1} − |Z|² b_{k+2}: half the multiplications of complex Horner. The loop over lanes
    is innermost, so that it vectorises without reordering any sum.
    """
    lanes = x.shape[0]
    twice_re, modulus, b1, b2 = work[0], work[1], work[2], work[3]
    for lane in range(lanes):
        c_re = _SCALE + y[lane]
        inverse = 1.0 / (c_re * c_re + x[lane] * x[lane])
        z_re = ((_SCALE - y[lane]) * c_re - x[lane] * x[lane]) * inverse
        z_im = 2.0 * _SCALE * x[lane] * inverse
        twice_re[lane] = 2.0 * z_re
        modulus[lane] = z_re * z_re + z_im * z_im
        b1[lane] = _COEFFICIENTS[N_TERMS - 1]
        b2[lane] = 0.0
    for k in range(N_TERMS - 2, 0, -1):
        a = _COEFFICIENTS[k]
        for lane in range(lanes):
            b0 = a + (twice_re[lane] * b1[lane] - modulus[lane] * b2[lane])
            b2[lane] = b1[lane]
            b1[lane] = b0
    for lane in range(lanes):
        c_re = _SCALE + y[lane]
        inverse = 1.0 / (c_re * c_re + x[lane] * x[lane])
        e_re = c_re * inverse
        e_im = x[lane] * inverse
        p_re = _COEFFICIENTS[0] + 0.5 * twice_re[lane] * b1[lane] - modulus[lane] * b2[lane]
        p_im = 2.0 * _SCALE * x[lane] * inverse * b1[lane]
        e2_re = e_re * e_re - e_im * e_im
        e2_im = 2.0 * e_re * e_im
        w_re[lane] = 2.0 * (p_re * e2_re - p_im * e2_im) + _INVERSE_SQRT_PI * e_re
        w_im[lane] = 2.0 * (p_re * e2_im + p_im * e2_re) + _INVERSE_SQRT_PI * e_im
