"""What each nuisance does to the signal: pulls, and impacts on û = ĝ² at a fixed mass.

The impact of a nuisance is how far û moves when that nuisance is held one standard deviation below or above
its fitted value θ̂ and everything else is fitted again,

    Δu±(θ) = û(θ held at θ̂ ± Δθ) − û.

With Δθ the width of the constraint it is the impact *before* the fit, with Δθ the fitted error the one
*after* (as in the ranking plots of the LHC experiments, e.g. cabinetry). For a Gaussian likelihood the latter
is ρ(u, θ) σ_u. The mass is fixed, because û moves along a valley with it; u may be negative. Beside it stands
Q = χ²_{S+B} − χ²_B with the nuisance held at the same value in both fits, so that its own penalty cancels.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from x17.errors import X17Error
from x17.statistics.data_sets import DataSets
from x17.statistics.fit_status import FitStatus
from x17.statistics.model import SIGNAL_INDEX, ScanModel
from x17.statistics.profile_fit import FitBatch, fit_background, fit_free_signal, parameter_errors

Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Impact:
    """One nuisance; pairs are for the nuisance held below and above its fitted value.

    Attributes
    ----------
    name : str
    value, error : float
        Fitted with the signal free.
    width : float or None
        Of its constraint; None if it has none.
    pull : float or None
        (value − centre)/width.
    before : (float, float) or None
        Change of û = ĝ² for one width of the constraint; None without a constraint.
    after : (float, float)
        Change of û for one fitted error.
    q_after : (float, float)
        Change of Q for one fitted error.
    """

    name: str
    value: float
    error: float
    width: float | None
    pull: float | None
    before: Pair | None
    after: Pair
    q_after: Pair

    @property
    def size(self) -> float:
        """The larger of the two changes after the fit: what impacts are ranked by."""
        return max(abs(change) for change in self.after)


@dataclass(frozen=True, slots=True)
class Impacts:
    """All nuisances at one mass, largest impact after the fit first.

    Attributes
    ----------
    mass_mev : float
    signal, error : float
        û = ĝ² and its error from the curvature.
    statistics_error : float
        The error of û with every nuisance held at its fitted value: what counts, N_PoT and B of single
        points leave.
    q : float
        χ²(û) − χ²_B.
    nuisances : tuple of Impact
    """

    mass_mev: float
    signal: float
    error: float
    statistics_error: float
    q: float
    nuisances: tuple[Impact, ...]


def nuisance_impacts(model: ScanModel, data: DataSets, mass: float) -> Impacts:
    """Pulls and impacts of every nuisance that varies.

    Parameters
    ----------
    model : ScanModel
    data : DataSets
        One data set.
    mass : float
        Boson mass, MeV.

    Returns
    -------
    Impacts

    Raises
    ------
    X17Error
        A fit failed.
    """
    free = _good(fit_free_signal(model, data, mass), "with a boson")
    theta, u = free.parameters[0], float(free.signal[0])
    q = float(free.chi2[0] - _good(fit_background(model, data), "without a boson").chi2[0])
    errors = parameter_errors(model, data, mass, u, signal_free=True)
    rows = []
    for index in model.free:
        value, error = float(theta[index]), float(errors[index])
        width = float(np.sqrt(model.covariance[index, index])) or None
        after = [_held(model, data, mass, int(index), value + step) for step in (-error, error)]
        before = width and [_held(model, data, mass, int(index), value + step) for step in (-width, width)]
        rows.append(
            Impact(
                name=model.parameter_names[index],
                value=value,
                error=error,
                width=width,
                pull=(value - float(data.centers[0, index])) / width if width else None,
                before=(before[0][0] - u, before[1][0] - u) if before else None,
                after=(after[0][0] - u, after[1][0] - u),
                q_after=(after[0][1] - q, after[1][1] - q),
            )
        )
    rows.sort(key=lambda row: -row.size)
    all_held = replace(model, free=model.free[:0], centers=theta)
    statistics = _good(fit_free_signal(all_held, data, mass), "with every nuisance held")
    return Impacts(
        mass_mev=mass,
        signal=u,
        error=float(errors[SIGNAL_INDEX]),
        statistics_error=float(statistics.last_err[0]),
        q=q,
        nuisances=tuple(rows),
    )


def _held(model: ScanModel, data: DataSets, mass: float, index: int, value: float) -> Pair:
    """û and Q with one nuisance held at a value.

    Fits start at the model's centres and leave there what does not vary; the penalties are about the centres
    of the data, so that nuisances correlated with this one follow it.
    """
    start = model.centers.copy()
    start[index] = value
    held = replace(model, free=model.free[model.free != index], centers=start)
    name = model.parameter_names[index]
    fit = _good(fit_free_signal(held, data, mass), f"with {name} held at {value:g}")
    background = _good(fit_background(held, data), f"without a boson and {name} held at {value:g}")
    return float(fit.signal[0]), float(fit.chi2[0] - background.chi2[0])


def _good(fit: FitBatch, what: str) -> FitBatch:
    status = int(fit.status.max())
    if status != FitStatus.CONVERGED:
        raise X17Error(f"the fit {what} failed: {FitStatus(status).sentence}")
    return fit
