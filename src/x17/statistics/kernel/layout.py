"""What the parts of the kernel share: the order of the parameters, codes, and the inputs of a batch."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numba as nb
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Function = TypeVar("Function", bound=Callable[..., Any])

LANES = 64
"""Fits advanced together: wide enough for any vector unit, small enough for the first-level cache."""

P0, P1, YIELD, WIDTH, SPREAD, Q0, Q1, SIGNAL, N_FIXED = range(9)
"""Parameters: K's constant and slope, A, γ, b, r's constant and slope, u = g²; templates follow."""

NEYMAN, GAUSSIAN, POISSON = range(3)
"""How a point enters χ²: see `x17.statistics.model_settings.CountTerm`."""

EXPECTED, VALUE, SLOPE, WEIGHT = range(4)
"""Rows of `Scratch.point`."""

CONVERGED, MAX_ITERATIONS, SINGULAR, NO_DESCENT, NOT_FINITE = range(5)
"""Status of a fit; in words in `x17.statistics.fit_status`."""


def compiled(function: Function) -> Function:
    """Compile for the processor at hand, without reordering sums, and outside Python's lock.

    Parameters
    ----------
    function : callable

    Returns
    -------
    callable
        Of the same signature.
    """
    return cast(Function, nb.njit(error_model="numpy", nogil=True)(function))


def inlined(function: Function) -> Function:
    """Compile into every caller: for what is called once a point, where passing the tuples costs too much.

    Parameters
    ----------
    function : callable

    Returns
    -------
    callable
        Of the same signature.
    """
    return cast(Function, nb.njit(error_model="numpy", nogil=True, forceinline=True)(function))


class Inputs(NamedTuple):
    """The data of a batch of fits and the model they are fitted with.

    Attributes
    ----------
    energy, offset : ndarray, shape (n_points,)
        Beam energy (MeV) and √s − centre (MeV).
    templates : ndarray, shape (n_points, n_templates)
        Logarithmic response of each point to the common nuisances; may have no columns.
    first, second : ndarray, shape (n_data, n_points)
        Neyman term: g_R and its weight. Count terms: N2 and N_PoT·B.
    rate_variance, efficiency_err : ndarray, shape (n_points,)
        Count terms only: variance of ln(N_PoT·B), and relative error of the efficiency.
    count_term : int
        `NEYMAN`, `GAUSSIAN` or `POISSON`.
    centers : ndarray, shape (n_data, n_parameters)
        Measured values of the nuisances, for each data set.
    precision : ndarray, shape (n_parameters, n_parameters)
        Inverse covariance of the nuisances, zero for what is not constrained.
    free : ndarray of int, shape (n_free,)
        The parameters that vary.
    shape_table : ndarray, shape (n_x, n_w, n_b)
        A tabulated line shape; empty for the Voigt profile.
    shape_scale : ndarray, shape (6,)
        Its axes; see `x17.statistics.kernel.shape_table`.
    """

    energy: FloatArray
    offset: FloatArray
    templates: FloatArray
    first: FloatArray
    second: FloatArray
    rate_variance: FloatArray
    efficiency_err: FloatArray
    count_term: int
    centers: FloatArray
    precision: FloatArray
    free: IntArray
    shape_table: FloatArray
    shape_scale: FloatArray


class Scratch(NamedTuple):
    """Work space of one block of lanes; every array ends in the axis of the lanes.

    Attributes
    ----------
    columns : ndarray, shape (n_parameters, lanes)
        Derivatives of the expectation of the point at hand.
    shape : ndarray, shape (3, lanes)
        Line shape of that point and its derivatives in γ and b.
    point : ndarray, shape (4, lanes)
        Rows `EXPECTED`, `VALUE`, `SLOPE`, `WEIGHT`: expectation of that point, its term of χ², and half the
        term's first and second derivative in the expectation.
    work : ndarray, shape (8, lanes)
        Of the line shape.
    polynomials : ndarray, shape (4, 16)
        Of a tabulated line shape.
    """

    columns: FloatArray
    shape: FloatArray
    point: FloatArray
    work: FloatArray
    polynomials: FloatArray
