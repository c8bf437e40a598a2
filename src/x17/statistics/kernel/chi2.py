"""χ² of every lane with its half gradient and half Hessian in the free parameters."""

from x17.statistics.kernel.expectation import expectation_lanes, voigt_lanes
from x17.statistics.kernel.layout import (
    EXPECTED,
    N_FIXED,
    NEYMAN,
    SIGNAL,
    SLOPE,
    VALUE,
    WEIGHT,
    FloatArray,
    Inputs,
    IntArray,
    Scratch,
    compiled,
    inlined,
)
from x17.statistics.kernel.shape_table import shape_table_lanes
from x17.statistics.kernel.terms import count_lanes, neyman_lanes


@inlined
def _add_point(
    chi2: FloatArray,
    gradient: FloatArray,
    hessian: FloatArray,
    free: IntArray,
    columns: FloatArray,
    point: FloatArray,
) -> None:  # pragma: no cover - compiled
    """Add the term of one point."""
    lanes = chi2.shape[0]
    value, slope, weight = point[VALUE], point[SLOPE], point[WEIGHT]
    weighted = point[EXPECTED]  # the expectation has done its work: its row is free
    for lane in range(lanes):
        chi2[lane] += value[lane]
    for p in range(free.shape[0]):
        column = columns[free[p]]
        for lane in range(lanes):
            gradient[p, lane] += slope[lane] * column[lane]
            weighted[lane] = weight[lane] * column[lane]
        for q in range(p + 1):
            other = columns[free[q]]
            for lane in range(lanes):
                hessian[p, q, lane] += weighted[lane] * other[lane]


@compiled
def _add_penalty(
    theta: FloatArray,
    rows: IntArray,
    inputs: Inputs,
    chi2: FloatArray,
    gradient: FloatArray,
    hessian: FloatArray,
    distance: FloatArray,
) -> None:  # pragma: no cover - compiled
    """Add (θ − c)ᵀ Λ (θ − c); `distance` is scratch space of the shape of `theta`."""
    n_parameters, lanes = theta.shape
    free, precision, centers = inputs.free, inputs.precision, inputs.centers
    for p in range(n_parameters):
        for lane in range(lanes):
            distance[p, lane] = theta[p, lane] - centers[rows[lane], p]
    for p in range(n_parameters):
        for q in range(n_parameters):
            if precision[p, q] != 0.0:
                for lane in range(lanes):
                    chi2[lane] += precision[p, q] * distance[p, lane] * distance[q, lane]
    for p in range(free.shape[0]):
        for q in range(n_parameters):
            if precision[free[p], q] != 0.0:
                for lane in range(lanes):
                    gradient[p, lane] += precision[free[p], q] * distance[q, lane]
        for q in range(p + 1):
            for lane in range(lanes):
                hessian[p, q, lane] += precision[free[p], free[q]]


@compiled
def chi2_lanes(
    theta: FloatArray,
    e_res: FloatArray,
    rows: IntArray,
    inputs: Inputs,
    with_signal: bool,
    chi2: FloatArray,
    gradient: FloatArray,
    hessian: FloatArray,
    scratch: Scratch,
) -> None:  # pragma: no cover - compiled
    """Evaluate a block of lanes.

    Parameters
    ----------
    theta : ndarray, shape (n_parameters, lanes)
    e_res : ndarray, shape (lanes,)
        Resonance energy, MeV.
    rows : ndarray of int, shape (lanes,)
        Data set of each lane.
    inputs : Inputs
    with_signal : bool
        Whether any lane has a signal; if not, the line shape stays zero.
    chi2 : ndarray, shape (lanes,)
    gradient : ndarray, shape (n_free, lanes)
    hessian : ndarray, shape (n_free, n_free, lanes)
        Lower triangle.
    scratch : Scratch
    """
    # Taken out of the tuples before the loops: inside, passing them costs more than the arithmetic.
    energy, offset, templates, free = inputs.energy, inputs.offset, inputs.templates, inputs.free
    first, second, count_term = inputs.first, inputs.second, inputs.count_term
    rate_variance, efficiency_err = inputs.rate_variance, inputs.efficiency_err
    columns, shape, point, work = scratch.columns, scratch.shape, scratch.point, scratch.work
    table, scale, polynomials = inputs.shape_table, inputs.shape_scale, scratch.polynomials
    tabulated = table.shape[0] > 0
    expected = point[EXPECTED]
    chi2[:] = 0.0
    gradient[:] = 0.0
    hessian[:] = 0.0
    for i in range(energy.shape[0]):
        if with_signal and tabulated:
            shape_table_lanes(energy[i], e_res, theta, table, scale, shape, polynomials)
        elif with_signal:
            voigt_lanes(energy[i], e_res, theta, shape, work)
        expectation_lanes(offset[i], templates[i], theta, shape, columns, point)
        if count_term == NEYMAN:
            neyman_lanes(first[:, i], second[:, i], rows, point)
        else:
            count_lanes(
                count_term,
                first[:, i],
                second[:, i],
                rate_variance[i],
                efficiency_err[i],
                rows,
                theta[SIGNAL],
                columns,
                point,
            )
        for k in range(templates.shape[1]):
            for lane in range(chi2.shape[0]):
                columns[N_FIXED + k, lane] = templates[i, k] * expected[lane]
        _add_point(chi2, gradient, hessian, free, columns, point)
    _add_penalty(theta, rows, inputs, chi2, gradient, hessian, columns)
