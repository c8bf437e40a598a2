"""A tabulated line shape, lane by lane: cubic interpolation in x, Chebyshev polynomials in width and spread.

The table is that of `x17.theory.computed_lineshape.ShapeTable`.
"""

import math

from x17.statistics.kernel.layout import SPREAD, WIDTH, FloatArray, compiled


@compiled
def _polynomials(
    u: float, values: FloatArray, slopes: FloatArray, n: int
) -> None:  # pragma: no cover - compiled
    """T_k(u) and T_k'(u) for k below n, by their recurrences."""
    values[0], slopes[0] = 1.0, 0.0
    if n > 1:
        values[1], slopes[1] = u, 1.0
    for k in range(2, n):
        values[k] = 2.0 * u * values[k - 1] - values[k - 2]
        slopes[k] = 2.0 * values[k - 1] + 2.0 * u * slopes[k - 1] - slopes[k - 2]


@compiled
def shape_table_lanes(
    energy: float,
    e_res: FloatArray,
    theta: FloatArray,
    table: FloatArray,
    scale: FloatArray,
    out: FloatArray,
    work: FloatArray,
) -> None:  # pragma: no cover - compiled
    """Profile at one energy and its derivatives in width and spread: rows 0, 1, 2 of `out`.

    Parameters
    ----------
    energy : float
        Beam energy, MeV.
    e_res : ndarray, shape (lanes,)
        Resonance energy, MeV.
    theta : ndarray, shape (n_parameters, lanes)
    table : ndarray, shape (n_x, n_w, n_b)
    scale : ndarray, shape (6,)
        x_low, 1/x_step, middle and inverse half range of the width, and of the spread.
    out : ndarray, shape (3, lanes)
        NaN outside the table: the fit then halves its step.
    work : ndarray, shape (4, 16)
        Scratch space.
    """
    n_x, n_w, n_b = table.shape
    in_w, slope_w, in_b, slope_b = work[0], work[1], work[2], work[3]
    for lane in range(e_res.shape[0]):
        u = (theta[WIDTH, lane] - scale[2]) * scale[3]
        v = (theta[SPREAD, lane] - scale[4]) * scale[5]
        if not (abs(u) <= 1.0 and abs(v) <= 1.0):
            for row in range(3):
                out[row, lane] = math.nan
            continue
        _polynomials(u, in_w, slope_w, n_w)
        _polynomials(v, in_b, slope_b, n_b)
        position = (energy / e_res[lane] - 1.0 - scale[0]) * scale[1]
        position = min(max(position, 1.0), n_x - 2.000001)
        cell = int(position)
        t = position - cell
        value, by_width, by_spread = 0.0, 0.0, 0.0
        for k in range(4):
            if k == 0:
                weight = -t * (t - 1.0) * (t - 2.0) / 6.0
            elif k == 1:
                weight = (t + 1.0) * (t - 1.0) * (t - 2.0) / 2.0
            elif k == 2:
                weight = -(t + 1.0) * t * (t - 2.0) / 2.0
            else:
                weight = (t + 1.0) * t * (t - 1.0) / 6.0
            for m in range(n_w):
                along, across = 0.0, 0.0
                for n in range(n_b):
                    c = table[cell + k - 1, m, n]
                    along += c * in_b[n]
                    across += c * slope_b[n]
                value += weight * in_w[m] * along
                by_width += weight * slope_w[m] * along
                by_spread += weight * in_w[m] * across
        out[0, lane] = value / e_res[lane]
        out[1, lane] = by_width * scale[3] / e_res[lane]
        out[2, lane] = by_spread * scale[5] / e_res[lane]
