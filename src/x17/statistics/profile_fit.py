"""Profile fits in batches: many data sets at many (M, g), one call."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.statistics.data_sets import DataSets
from x17.statistics.fit_status import FitStatus
from x17.statistics.model import SIGNAL_INDEX, ScanModel
from x17.statistics.model_settings import CountTerm

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

TOLERANCE = 1e-8
"""A fit stops when its next step would lower χ² by less; the χ² returned is then good to 1e-9."""

MAX_ITERATIONS = 60

_COUNT_TERMS = {CountTerm.NEYMAN: 0, CountTerm.GAUSSIAN: 1, CountTerm.POISSON: 2}


@dataclass(frozen=True, slots=True, eq=False)
class FitBatch:
    """Results of a batch of fits, all of one shape S.

    Attributes
    ----------
    chi2 : ndarray, shape S
        Minimum of χ², penalties included.
    parameters : ndarray, shape S + (n_parameters,)
        The parameters there; the signal u = g² is at `SIGNAL_INDEX`.
    last_err : ndarray, shape S
        Error, from the curvature, of the last free parameter: of u = g² where the signal was free.
    status : ndarray of int8, shape S
        `FitStatus` codes.
    iterations : ndarray of int64, shape S
        Evaluations of χ².
    """

    chi2: FloatArray
    parameters: FloatArray
    last_err: FloatArray
    status: NDArray[np.int8]
    iterations: IntArray

    @property
    def ok(self) -> NDArray[np.bool_]:
        """Where the fit converged."""
        return np.asarray(self.status == FitStatus.CONVERGED)

    @property
    def signal(self) -> FloatArray:
        """U = g², shape S."""
        return np.asarray(self.parameters[..., SIGNAL_INDEX])


def _plain(array: FloatArray) -> FloatArray:
    """Contiguous and writable, so that the kernel is compiled for one kind of array only."""
    flags = array.flags
    return array if flags.c_contiguous and flags.writeable else np.array(array, dtype=np.float64, order="C")


def _run(
    model: ScanModel,
    data: DataSets,
    rows: IntArray,
    mass: FloatArray,
    signal: FloatArray,
    *,
    free: IntArray,
    tolerance: float,
) -> FitBatch:
    """Flatten, call the kernel, and give the results the common shape of the inputs."""
    from x17.statistics.kernel.fit import fit_many
    from x17.statistics.kernel.layout import Inputs

    shape = np.broadcast_shapes(rows.shape, mass.shape, signal.shape)
    rows = np.broadcast_to(rows, shape)
    mass, signal = np.broadcast_to(mass, shape), np.broadcast_to(signal, shape)
    size = rows.size
    table, scale = model.line_shape.kernel_table()
    inputs = Inputs(
        energy=_plain(model.points.beam_energy_mev),
        offset=_plain(model.offset),
        templates=_plain(model.templates),
        first=_plain(data.first),
        second=_plain(data.second),
        rate_variance=_plain(model.rate_variance),
        efficiency_err=_plain(model.efficiency_err),
        count_term=_COUNT_TERMS[model.settings.count_term],
        centers=_plain(data.centers),
        precision=_plain(model.precision),
        free=np.array(free, dtype=np.int64),
        shape_table=_plain(table),
        shape_scale=_plain(scale),
    )
    chi2, last_variance = np.empty(size), np.zeros(size)
    parameters = np.empty((size, model.centers.size))
    status, iterations = np.empty(size, dtype=np.int8), np.zeros(size, dtype=np.int64)
    fit_many(
        np.array(rows.ravel(), dtype=np.int64),
        _plain(model.resonance_energy(mass).ravel()),
        _plain(signal.ravel()),
        _plain(model.centers),
        inputs,
        tolerance,
        MAX_ITERATIONS,
        chi2,
        parameters,
        last_variance,
        status,
        iterations,
    )
    return FitBatch(
        chi2.reshape(shape),
        parameters.reshape((*shape, -1)),
        np.sqrt(last_variance).reshape(shape),
        status.reshape(shape),
        iterations.reshape(shape),
    )


def _rows(data: DataSets, n_trailing: int) -> IntArray:
    return np.arange(len(data), dtype=np.int64).reshape((-1, *([1] * n_trailing)))


def fit_background(model: ScanModel, data: DataSets) -> FitBatch:
    """Fit without a boson.

    Parameters
    ----------
    model : ScanModel
    data : DataSets

    Returns
    -------
    FitBatch
        Shape (n_data,).

    Notes
    -----
    With the Neyman term and no common nuisances χ² is a quadratic form and one Newton step is exact.
    """
    quadratic = model.settings.count_term is CountTerm.NEYMAN and model.templates.shape[1] == 0
    return _run(
        model,
        data,
        _rows(data, 0),
        np.full(1, model.constants.center_sqrt_s_mev),
        np.zeros(1),
        free=model.free,
        tolerance=np.inf if quadratic else TOLERANCE,
    )


def fit_fixed_signal(
    model: ScanModel, data: DataSets, mass: ArrayLike, signal: ArrayLike, *, paired: bool = False
) -> FitBatch:
    """Fit the nuisances at fixed mass and signal.

    Parameters
    ----------
    model : ScanModel
    data : DataSets
    mass : array_like
        Boson mass, MeV.
    signal : array_like
        u = g²; negative values are allowed. `mass` and `signal` broadcast to a shape T.
    paired : bool
        The leading axis of T counts the data sets: each has its own hypotheses.

    Returns
    -------
    FitBatch
        Shape (n_data,) + T, or T if `paired`.
    """
    mass, signal = np.asarray(mass, dtype=np.float64), np.asarray(signal, dtype=np.float64)
    shape = np.broadcast_shapes(mass.shape, signal.shape)
    mass, signal = np.broadcast_to(mass, shape), np.broadcast_to(signal, shape)
    rows = _rows(data, mass.ndim - 1 if paired else mass.ndim)
    return _run(model, data, rows, mass, signal, free=model.free, tolerance=TOLERANCE)


def fit_free_signal(model: ScanModel, data: DataSets, mass: ArrayLike, *, bounded: bool = False) -> FitBatch:
    """Fit nuisances and signal at fixed mass.

    Parameters
    ----------
    model : ScanModel
    data : DataSets
    mass : array_like, shape T
        Boson mass, MeV.
    bounded : bool
        Require u = g² ≥ 0: where the free minimum is negative the fit without a boson is returned.

    Returns
    -------
    FitBatch
        Shape (n_data,) + T.
    """
    mass = np.asarray(mass, dtype=np.float64)
    batch = _run(
        model,
        data,
        _rows(data, mass.ndim),
        mass,
        np.zeros(1),
        free=np.append(model.free, SIGNAL_INDEX),
        tolerance=TOLERANCE,
    )
    if not bounded or not np.any(batch.signal < 0.0):
        return batch
    background = fit_background(model, data)
    negative = batch.signal < 0.0
    rows = np.broadcast_to(_rows(data, mass.ndim), negative.shape)[negative]
    for name in ("chi2", "parameters", "status", "iterations"):
        getattr(batch, name)[negative] = getattr(background, name)[rows]
    return batch


@dataclass(frozen=True, slots=True, eq=False)
class QBatch:
    """Q(M, g) = χ²_{S+B} − χ²_B of a batch of shape S.

    Attributes
    ----------
    q : ndarray, shape S
        Meaningful where `status` is `CONVERGED`, zero elsewhere.
    status : ndarray of int8, shape S
        The worse status of the two fits.
    """

    q: FloatArray
    status: NDArray[np.int8]

    @property
    def ok(self) -> NDArray[np.bool_]:
        """Where both fits converged."""
        return np.asarray(self.status == FitStatus.CONVERGED)


def q_statistic(
    model: ScanModel,
    data: DataSets,
    mass: ArrayLike,
    coupling: ArrayLike,
    background: FitBatch | None = None,
) -> QBatch:
    """Q(M, g) = χ²_{S+B} − χ²_B, each minimised over the nuisances.

    Parameters
    ----------
    model : ScanModel
    data : DataSets
    mass, coupling : array_like
        Boson mass (MeV) and coupling g_ve; they broadcast to a shape T.
    background : FitBatch, optional
        The fits without a boson to the same data, if they are at hand.

    Returns
    -------
    QBatch
        Shape (n_data,) + T.
    """
    fit = fit_fixed_signal(model, data, mass, np.square(np.asarray(coupling, dtype=np.float64)))
    background = background or fit_background(model, data)
    column = (-1, *([1] * (fit.chi2.ndim - 1)))
    status = np.maximum(fit.status, background.status.reshape(column))
    # A failed fit has infinite χ²: the difference of two would be no number, and a warning.
    q = np.subtract(
        fit.chi2,
        background.chi2.reshape(column),
        out=np.zeros(fit.chi2.shape),
        where=status == FitStatus.CONVERGED,
    )
    return QBatch(q, status)


def parameter_errors(
    model: ScanModel, data: DataSets, mass: float, signal: float, *, signal_free: bool
) -> FloatArray:
    """Errors of the free parameters of one fit, from the inverse Hessian.

    Parameters
    ----------
    model : ScanModel
    data : DataSets
        One data set.
    mass : float
        Boson mass, MeV.
    signal : float
        u = g², or where it starts.
    signal_free : bool
        Whether u varies too.

    Returns
    -------
    ndarray, shape (n_parameters,)
        Zero for parameters that do not vary.
    """
    free = np.append(model.free, SIGNAL_INDEX) if signal_free else model.free
    errors = np.zeros(model.centers.size)
    for index in free:
        # The kernel knows the error of the parameter that comes last.
        order = np.append(free[free != index], index)
        fit = _run(
            model, data, _rows(data, 0), np.array([mass]), np.array([signal]), free=order, tolerance=TOLERANCE
        )
        errors[index] = fit.last_err[0]
    return errors
