"""The boson at the cursor, held against the data: a fit or two, so that it follows a hand."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.statistics.asymptotic import cls_limit, cls_value, discovery_z, estimate_signal
from x17.statistics.fit_status import FitStatus
from x17.statistics.model_curve import expected_curve
from x17.statistics.profile_fit import fit_fixed_signal
from x17.workflows.explore.explored_scan import ExploredScan

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Cursor:
    """What the data say of one boson.

    Attributes
    ----------
    mass_mev, coupling : float
    q : float
        Q(M, g) = χ²(M, g) − χ² without a boson.
    chi2 : float
        χ²(M, g).
    pulls : ndarray, shape (n_points,)
        (g_R − expected)/σ of the fitted points, at the nuisances that fit best with this boson.
    curve : ndarray, shape (n_curve,)
        Expected g_R at the energies of `ExploredScan.curve_sqrt_s`.
    cls : float
        Asymptotic CLs of this boson.
    limit : float
        Asymptotic limit on g_ve at this mass.
    expected : float
        Its median without a boson.
    local_p : float
        One-sided, asymptotic, at this mass, of any coupling.
    ok : bool
        Whether all fits converged.
    status : str
        What went wrong otherwise, as a sentence.
    seconds : float
        What the fits took.
    """

    mass_mev: float
    coupling: float
    q: float
    chi2: float
    pulls: FloatArray
    curve: FloatArray
    cls: float
    limit: float
    expected: float
    local_p: float
    ok: bool
    status: str
    seconds: float


def at_cursor(explored: ExploredScan, mass: float, coupling: float) -> Cursor:
    """Hold one boson against the data.

    Parameters
    ----------
    explored : ExploredScan
    mass : float
        MeV.
    coupling : float
        g_ve, 0 or above.

    Returns
    -------
    Cursor
    """
    from scipy.special import ndtr

    model, data = explored.model, explored.data
    started = time.perf_counter()
    fit = fit_fixed_signal(model, data, np.float64(mass), np.float64(coupling**2))
    estimate = estimate_signal(model, data, mass)
    seconds = time.perf_counter() - started
    parameters = fit.parameters[0]
    fitted = explored.fitted
    expected = model.expected_g_r(parameters, mass)
    worst = max(int(fit.status[0]), int(estimate.status[0]))
    limit = float(cls_limit(estimate.signal[0], estimate.error[0], explored.settings.limit.cl))
    return Cursor(
        mass_mev=mass,
        coupling=coupling,
        q=float(fit.chi2[0] - explored.background.chi2[0]),
        chi2=float(fit.chi2[0]),
        pulls=(explored.g_r[fitted] - expected) / explored.g_r_err[fitted],
        curve=expected_curve(model, parameters, mass, explored.curve_sqrt_s),
        cls=float(cls_value(estimate.signal[0], estimate.error[0], coupling**2)),
        limit=limit**0.5,
        expected=float(np.interp(mass, explored.q_map.masses, explored.expected[2])),
        local_p=float(ndtr(-discovery_z(estimate, explored.background.chi2[0])[0])),
        ok=worst == FitStatus.CONVERGED,
        status=FitStatus(worst).sentence,
        seconds=seconds,
    )
