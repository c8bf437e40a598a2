"""The loop that drives a block of lanes to their minima, and the batch made of such blocks."""

import hashlib
import math
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from x17.statistics.kernel.chi2 import chi2_lanes
from x17.statistics.kernel.layout import (
    CONVERGED,
    LANES,
    MAX_ITERATIONS,
    NO_DESCENT,
    NOT_FINITE,
    SIGNAL,
    SINGULAR,
    WIDTH,
    FloatArray,
    Inputs,
    IntArray,
    Scratch,
    compiled,
)
from x17.statistics.kernel.newton import newton_step_lanes
from x17.theory import faddeeva

_MAX_HALVINGS = 30
_ROUNDING = 1e-12
_RUNNING = -1


class Lanes(NamedTuple):
    """State of the lanes of a block; every array ends in the axis of the lanes.

    Attributes
    ----------
    theta, accepted : ndarray, shape (n_parameters, lanes)
        Where χ² is evaluated next, and the best place so far.
    step, new_step : ndarray, shape (n_free, lanes)
        The step being tried, and the one proposed by the last evaluation.
    chi2, best, decrease, usable : ndarray, shape (lanes,)
        χ² at `theta` and at `accepted`; what `newton_step_lanes` gives.
    gradient, hessian : ndarray, shape (n_free, lanes), (n_free, n_free, lanes)
    last_variance : ndarray, shape (lanes,)
        Variance of the last free parameter.
    halvings, status, iterations : ndarray of int, shape (lanes,)
    """

    theta: FloatArray
    accepted: FloatArray
    step: FloatArray
    new_step: FloatArray
    chi2: FloatArray
    best: FloatArray
    decrease: FloatArray
    usable: FloatArray
    gradient: FloatArray
    hessian: FloatArray
    last_variance: FloatArray
    halvings: IntArray
    status: IntArray
    iterations: IntArray


@compiled
def _advance(state: Lanes, free: IntArray, tolerance: float) -> bool:  # pragma: no cover - compiled
    """Judge the last evaluation of every running lane and set its next place; true while any is running."""
    # Taken out of the tuple before the loop: inside, that costs more than the arithmetic.
    theta, accepted, step, new_step = state.theta, state.accepted, state.step, state.new_step
    chi2, best, decrease, usable = state.chi2, state.best, state.decrease, state.usable
    hessian, last_variance = state.hessian, state.last_variance
    halvings, status, iterations = state.halvings, state.status, state.iterations
    n_free, lanes = step.shape
    running = False
    for lane in range(lanes):
        if status[lane] != _RUNNING:
            continue
        iterations[lane] += 1
        finite = math.isfinite(chi2[lane]) and math.isfinite(decrease[lane])
        if iterations[lane] == 1 and not finite:
            status[lane] = NOT_FINITE
            continue
        allowed = best[lane] + _ROUNDING * (1.0 + abs(best[lane]))
        if not finite or theta[WIDTH, lane] <= 0.0 or chi2[lane] > allowed:
            halvings[lane] += 1
            for p in range(n_free):
                step[p, lane] *= 0.5
                theta[free[p], lane] = accepted[free[p], lane] + step[p, lane]
            if halvings[lane] > _MAX_HALVINGS:
                status[lane] = NO_DESCENT
            else:
                running = True
            continue
        best[lane] = chi2[lane]
        for p in range(n_free):
            accepted[free[p], lane] = theta[free[p], lane]
        if usable[lane] == 0.0:
            status[lane] = SINGULAR
            continue
        for p in range(n_free):
            step[p, lane] = new_step[p, lane]
            theta[free[p], lane] = accepted[free[p], lane] + step[p, lane]
        if n_free > 0:
            last_variance[lane] = hessian[n_free - 1, n_free - 1, lane] ** 2
        if decrease[lane] < tolerance:
            # The step is so small that the parabola tells what it brings: no need to evaluate χ² there.
            best[lane] -= decrease[lane]
            for p in range(n_free):
                accepted[free[p], lane] = theta[free[p], lane]
            status[lane] = CONVERGED
            continue
        running = True
    return running


@compiled
def _minimise(
    state: Lanes,
    e_res: FloatArray,
    rows: IntArray,
    inputs: Inputs,
    with_signal: bool,
    tolerance: float,
    max_iterations: int,
    scratch: Scratch,
) -> None:  # pragma: no cover - compiled
    """Drive the lanes whose status is running to their end."""
    for _ in range(max_iterations):
        chi2_lanes(
            state.theta,
            e_res,
            rows,
            inputs,
            with_signal,
            state.chi2,
            state.gradient,
            state.hessian,
            scratch,
        )
        newton_step_lanes(state.gradient, state.hessian, state.new_step, state.decrease, state.usable)
        if not _advance(state, inputs.free, tolerance):
            return
    status = state.status
    for lane in range(e_res.shape[0]):
        if status[lane] == _RUNNING:
            status[lane] = MAX_ITERATIONS


@compiled
def _lanes(n_parameters: int, n_free: int) -> Lanes:  # pragma: no cover - compiled
    return Lanes(
        np.empty((n_parameters, LANES)),
        np.empty((n_parameters, LANES)),
        np.zeros((n_free, LANES)),
        np.zeros((n_free, LANES)),
        np.empty(LANES),
        np.empty(LANES),
        np.empty(LANES),
        np.empty(LANES),
        np.empty((n_free, LANES)),
        np.empty((n_free, n_free, LANES)),
        np.zeros(LANES),
        np.empty(LANES, dtype=np.int64),
        np.empty(LANES, dtype=np.int64),
        np.empty(LANES, dtype=np.int64),
    )


def source_digest() -> str:
    """Hash of every source file that is compiled into the kernel.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    sources = [*sorted(Path(__file__).parent.glob("*.py")), Path(faddeeva.__file__)]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()


def _compile(digest: str) -> Callable[..., str]:
    """Compile the kernel for these sources, or take it from the cache on disk.

    Numba looks at the file of the outermost function alone to tell whether its cache is out of date, and
    would go on running an old line shape after an edit. The function closes over the digest of all files,
    which makes it part of the cache's key.
    """

    @nb.njit(error_model="numpy", nogil=True, cache=True)
    def fit_many(
        rows: IntArray,
        e_res: FloatArray,
        signal: FloatArray,
        start: FloatArray,
        inputs: Inputs,
        tolerance: float,
        max_iterations: int,
        out_chi2: FloatArray,
        out_theta: FloatArray,
        out_last_variance: FloatArray,
        out_status: NDArray[np.int8],
        out_iterations: IntArray,
    ) -> str:  # pragma: no cover - compiled
        n_parameters, n_fits = start.shape[0], rows.shape[0]
        state = _lanes(n_parameters, inputs.free.shape[0])
        scratch = Scratch(
            np.empty((n_parameters, LANES)),
            np.zeros((3, LANES)),
            np.empty((4, LANES)),
            np.empty((8, LANES)),
            np.empty((4, 16)),
        )
        lane_e_res = np.empty(LANES)
        lane_rows = np.empty(LANES, dtype=np.int64)
        with_signal = bool(np.any(signal != 0.0) or np.any(inputs.free == SIGNAL))
        for block in range(0, n_fits, LANES):
            for lane in range(LANES):
                fit = min(block + lane, n_fits - 1)
                lane_rows[lane], lane_e_res[lane] = rows[fit], e_res[fit]
                state.best[lane] = math.inf
                state.halvings[lane] = state.iterations[lane] = 0
                # Lanes beyond the last fit repeat it and are never looked at.
                state.status[lane] = _RUNNING if block + lane < n_fits else CONVERGED
                for p in range(n_parameters):
                    state.theta[p, lane] = start[p] if p != SIGNAL else signal[fit]
                    state.accepted[p, lane] = state.theta[p, lane]
            _minimise(state, lane_e_res, lane_rows, inputs, with_signal, tolerance, max_iterations, scratch)
            for lane in range(min(LANES, n_fits - block)):
                fit = block + lane
                out_chi2[fit], out_last_variance[fit] = state.best[lane], state.last_variance[lane]
                out_status[fit], out_iterations[fit] = state.status[lane], state.iterations[lane]
                for p in range(n_parameters):
                    out_theta[fit, p] = state.accepted[p, lane]
        return digest

    return fit_many


fit_many = _compile(source_digest())
"""Minimise χ² for each of many (data set, resonance energy, signal) triples.

Parameters
----------
rows : ndarray of int, shape (n_fits,)
    Which data set each fit is of.
e_res, signal : ndarray, shape (n_fits,)
    Resonance energy in MeV, and u = g²: fixed, or where to start if `SIGNAL` is free.
start : ndarray, shape (n_parameters,)
    Where the other parameters start; those that are not free stay there.
inputs : Inputs
tolerance : float
    A fit has converged when the next step would lower χ² by less.
max_iterations : int
    Evaluations of χ² allowed per fit.
out_chi2, out_last_variance, out_status, out_iterations : ndarray, shape (n_fits,)
    χ² at the minimum, variance of the last free parameter, status, evaluations.
out_theta : ndarray, shape (n_fits, n_parameters)
    The parameters at the minimum.
"""
