"""Fit of a spectrum of opening angles for a boson's mass and number, above free internal pairs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.errors import UsageError
from x17.nuclear.spectrometers.templates import AngularTemplates

FloatArray = NDArray[np.float64]

_TINY = 1e-12


class FitStatus(StrEnum):
    """How a fit ended; the value is a sentence."""

    CONVERGED = "converged"
    NO_BOSON = "no boson is wanted: its number is zero and its mass means nothing"
    AT_EDGE = "the mass ends at the edge of the simulated ones: simulate more of them"
    FAILED = "the minimiser did not converge: rebin, or leave out a multipolarity"


@dataclass(frozen=True, slots=True, eq=False)
class SpectrumFit:
    """Outcome of a fit.

    Attributes
    ----------
    status : FitStatus
    mass_mev, mass_err_mev : float
    bosons, bosons_err : float
        Emitted bosons.
    pairs, pairs_err : ndarray, shape (backgrounds,)
        Emitted pairs of each background: multipolarities, then external pairs if there is a template.
    deviance : float
        −2 ln of the likelihood over that of the data themselves.
    n_degrees : int
        Bins less parameters.
    q0 : float
        Deviance without a boson less that with it: √q0 is the local significance.
    """

    status: FitStatus
    mass_mev: float
    mass_err_mev: float
    bosons: float
    bosons_err: float
    pairs: FloatArray
    pairs_err: FloatArray
    deviance: float
    n_degrees: int
    q0: float

    @property
    def significance(self) -> float:
        """√q0, at the fitted mass alone."""
        return math.sqrt(max(self.q0, 0.0))


def poisson_deviance(counts: FloatArray, expected: FloatArray) -> float:
    """2 Σ [µ − n + n ln(n/µ)].

    Parameters
    ----------
    counts, expected : ndarray
        n and µ.

    Returns
    -------
    float
    """
    mu = np.maximum(expected, _TINY)
    logarithm = np.where(counts > 0.0, counts * np.log(np.where(counts > 0.0, counts, 1.0) / mu), 0.0)
    return 2.0 * float(np.sum(mu - counts + logarithm))


def fit_norms(counts: FloatArray, templates: FloatArray) -> tuple[FloatArray, float]:
    """Non-negative norms of templates with the largest Poisson likelihood.

    Parameters
    ----------
    counts : ndarray, shape (bins,)
    templates : ndarray, shape (k, bins)

    Returns
    -------
    norms : ndarray, shape (k,)
    deviance : float
    """
    fit = _migrad(counts, lambda values: values @ templates, _start(counts, templates))
    return np.array(fit.values), float(fit.fval)


def fit_spectrum(counts: ArrayLike, templates: AngularTemplates) -> SpectrumFit:
    """Fit a boson of free mass and number, and the norm of every background.

    The templates are taken as known: simulate some ten times more pairs than are counted.

    Parameters
    ----------
    counts : array_like, shape (bins,)
        Measured pairs in the bins of the templates.
    templates : AngularTemplates
        With two masses or more.

    Returns
    -------
    SpectrumFit

    Raises
    ------
    UsageError
        Counts of another shape, negative ones, none at all, or too few masses or bins.
    """
    data, usable = _checked(counts, templates)
    free = templates.free[:, usable]
    _, without = fit_norms(data, free)
    # The start: the best simulated mass.
    trials = [fit_norms(data, np.vstack([free, one[usable]])) for one in templates.boson]
    best = int(np.argmin([deviance for _, deviance in trials]))
    if without - trials[best][1] < 1e-3:
        return _without_boson(data, free, templates, best)

    def expected(values: FloatArray) -> FloatArray:
        boson = templates.boson_at(float(np.clip(values[-1], templates.masses[0], templates.masses[-1])))
        return np.asarray(values[:-2] @ free + values[-2] * boson[usable])

    mass_limits = (float(templates.masses[0]), float(templates.masses[-1]))
    start = np.append(trials[best][0], templates.masses[best])
    fit = _migrad(data, expected, start, mass_limits)
    values, errors = np.array(fit.values), np.array(fit.errors)
    status = FitStatus.CONVERGED if fit.valid else FitStatus.FAILED
    if min(values[-1] - mass_limits[0], mass_limits[1] - values[-1]) < 1e-3:
        status = FitStatus.AT_EDGE
    return SpectrumFit(
        status,
        float(values[-1]),
        float(errors[-1]),
        float(values[-2]),
        float(errors[-2]),
        values[:-2],
        errors[:-2],
        float(fit.fval),
        data.size - values.size,
        without - float(fit.fval),
    )


def _without_boson(data: FloatArray, free: FloatArray, templates: AngularTemplates, best: int) -> SpectrumFit:
    fit = _migrad(data, lambda values: values @ free, _start(data, free))
    return SpectrumFit(
        FitStatus.NO_BOSON,
        float(templates.masses[best]),
        math.inf,
        0.0,
        0.0,
        np.array(fit.values),
        np.array(fit.errors),
        float(fit.fval),
        data.size - free.shape[0] - 2,
        0.0,
    )


def _checked(counts: ArrayLike, templates: AngularTemplates) -> tuple[FloatArray, NDArray[np.bool_]]:
    data, usable = np.asarray(counts, dtype=np.float64), templates.usable
    if data.shape != usable.shape:
        raise UsageError(f"{data.size} counts for {usable.size} bins; allowed: one a bin")
    if not np.all(np.isfinite(data) & (data >= 0.0)) or data[usable].sum() <= 0.0:
        raise UsageError("the counts of a spectrum are numbers of 0 or above, not all zero")
    if usable.sum() <= templates.free.shape[0] + 2 or templates.masses.size < 2:
        raise UsageError(
            f"{int(usable.sum())} bins and {templates.masses.size} masses; allowed: more bins than "
            "backgrounds and two, and two masses or more; simulate more pairs"
        )
    return data[usable], usable


def _start(counts: FloatArray, templates: FloatArray) -> FloatArray:
    """Least squares with the counts as variances."""
    from scipy.optimize import nnls

    weight = 1.0 / np.sqrt(np.maximum(counts, 1.0))
    scale = np.maximum(templates.sum(axis=1), _TINY)
    norms, _ = nnls((templates / scale[:, None] * weight).T, counts * weight)
    return np.asarray(np.maximum(norms, 1e-3 * counts.sum()) / scale)


def _migrad(
    counts: FloatArray, expected: Any, start: FloatArray, mass_limits: tuple[float, float] | None = None
) -> Any:
    """Minimise the deviance; the last parameter is a mass if limits for it are given, the others norms."""
    from iminuit import Minuit

    minuit = Minuit(lambda values: poisson_deviance(counts, expected(values)), start)
    minuit.errordef = Minuit.LEAST_SQUARES
    n_norms = start.size - (mass_limits is not None)
    for k in range(n_norms):
        minuit.limits[k] = (0.0, None)
        minuit.errors[k] = max(0.1 * start[k], 1e-6)
    if mass_limits is not None:
        minuit.limits[n_norms] = mass_limits
        minuit.errors[n_norms] = 0.05
    minuit.strategy = 1
    minuit.migrad()
    if not minuit.valid:
        minuit.simplex().migrad()
    minuit.hesse()
    return minuit
