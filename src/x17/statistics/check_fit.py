"""Everything about one variation of an analysis that is compared with the unchanged one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from x17.errors import X17Error
from x17.scan import SearchPoints
from x17.scan.observable import g_r, g_r_err
from x17.statistics.asymptotic import cls_limit, estimate_signal
from x17.statistics.best_fit import BackgroundFit, BestFit, background_fit, best_fit
from x17.statistics.cls_plus_b import cls_plus_b_limit
from x17.statistics.data_sets import observed
from x17.statistics.fit_status import FitStatus
from x17.statistics.model import ScanModel
from x17.statistics.model_settings import KShape
from x17.statistics.profile_fit import fit_background
from x17.statistics.search_result import ScanCurves
from x17.statistics.sideband import SidebandFit, fit_sideband
from x17.statistics.signal_scan import SignalScan, scan_signal

FloatArray = NDArray[np.float64]


class LimitRule(StrEnum):
    """Where an asymptotic limit is placed."""

    CLS = "cls"
    CLSB = "clsb"


@dataclass(frozen=True, slots=True, eq=False)
class CheckFit:
    """Fits and asymptotic limits of one variation.

    Attributes
    ----------
    k_constraint : str
        Constraint on K in force.
    points : SearchPoints
    sideband : SidebandFit
    background : BackgroundFit
    best : BestFit
    local_p : float
        Asymptotic, one-sided, at the best-fit mass: 1 − Φ(√−Q).
    curves : ScanCurves
    scan : SignalScan
        The data, one experiment, at m masses.
    limits : ndarray, shape (m,)
        Upper limit on g_ve there; 0 if every coupling is excluded.
    reference_mass_mev : float
    reference_signal, reference_error : float
        û = ĝ² and its error at the reference mass.
    reference_limit : float
        Upper limit on g_ve there.
    """

    k_constraint: str
    points: SearchPoints
    sideband: SidebandFit
    background: BackgroundFit
    best: BestFit
    local_p: float
    curves: ScanCurves
    scan: SignalScan
    limits: FloatArray
    reference_mass_mev: float
    reference_signal: float
    reference_error: float
    reference_limit: float

    @property
    def z(self) -> float:
        """Local significance of the best fit, √−Q."""
        return float(np.sqrt(max(-self.best.q, 0.0)))


@dataclass(frozen=True, slots=True)
class Change:
    """What a variation changed, against the unchanged analysis with the same treatment of K.

    Attributes
    ----------
    mass_mev : float or None
        Of the best fit; None if one of the two has no boson.
    g_ve : float
        Of the best fit.
    q : float
    z : float
        Local significance of the best fit.
    limit : float
        Relative change of the limit at the reference mass.
    signal_sigma : float
        Change of û at the reference mass, in its errors in the unchanged analysis.
    """

    mass_mev: float | None
    g_ve: float
    q: float
    z: float
    limit: float
    signal_sigma: float

    @property
    def size(self) -> float:
        """The larger of the changes of ĝ², in its errors, and of the local significance."""
        return max(abs(self.signal_sigma), abs(self.z))


def rule_limits(signal: FloatArray, error: FloatArray, cl: float, rule: LimitRule) -> FloatArray:
    """Asymptotic upper limits on g_ve, any shape; 0 where every coupling is excluded.

    Parameters
    ----------
    signal, error : ndarray
        û and σ.
    cl : float
    rule : LimitRule

    Returns
    -------
    ndarray
    """
    if rule is LimitRule.CLS:
        return np.sqrt(cls_limit(signal, error, cl))
    return np.sqrt(np.maximum(cls_plus_b_limit(signal, error, cl), 0.0))


def check_fit(
    model: ScanModel,
    masses: FloatArray,
    reference_mass: float,
    cl: float,
    rule: LimitRule = LimitRule.CLS,
) -> CheckFit:
    """Fit the model's own data.

    Parameters
    ----------
    model : ScanModel
    masses : ndarray, shape (m,)
        MeV, rising; the best fit is sought between the first and the last.
    reference_mass : float
        MeV.
    cl : float
        Confidence level of the limits.
    rule : LimitRule

    Returns
    -------
    CheckFit

    Raises
    ------
    UsageError
        Too few points for a side band.
    X17Error
        A fit failed.
    """
    from scipy.special import ndtr

    data = observed(model)
    points = model.points
    sideband = fit_sideband(
        points,
        model.constants.window_size,
        model.constants.center_sqrt_s_mev,
        constant=model.settings.k_shape is KShape.CONSTANT,
    )
    best = best_fit(model, data, float(masses[0]), float(masses[-1]))
    scan = scan_signal(model, data, masses)
    reference = estimate_signal(model, data, reference_mass)
    worst = max(int(scan.status.max()), int(reference.status.max()))
    if worst != FitStatus.CONVERGED:
        raise X17Error(f"a fit with a boson failed: {FitStatus(worst).sentence}")
    without = fit_background(model, data).parameters[0]
    return CheckFit(
        k_constraint=model.k_constraint.value,
        points=points,
        sideband=sideband,
        background=background_fit(model, data),
        best=best,
        local_p=float(ndtr(-np.sqrt(max(-best.q, 0.0)))),
        curves=ScanCurves(
            g_r=g_r(points),
            g_r_err=g_r_err(points),
            sideband=sideband.line(points.sqrt_s_mev),
            background=model.expected_g_r(without, best.mass_mev),
            best_fit=model.expected_g_r(best.parameters, best.mass_mev),
        ),
        scan=scan,
        limits=rule_limits(scan.signal[0], scan.error[0], cl, rule),
        reference_mass_mev=reference_mass,
        reference_signal=float(reference.signal[0]),
        reference_error=float(reference.error[0]),
        reference_limit=float(rule_limits(reference.signal[0], reference.error[0], cl, rule)),
    )


def tension(one: CheckFit, other: CheckFit) -> float:
    """Difference of the signals of two independent data sets at the reference mass, over its error.

    (û₁ − û₂)/√(σ₁² + σ₂²); a nuisance that both share makes the error somewhat too large.

    Parameters
    ----------
    one, other : CheckFit

    Returns
    -------
    float
    """
    error = np.hypot(one.reference_error, other.reference_error)
    return float((one.reference_signal - other.reference_signal) / error)


def change_between(changed: CheckFit, unchanged: CheckFit) -> Change:
    """Compare two fits.

    Parameters
    ----------
    changed, unchanged : CheckFit
        At the same reference mass.

    Returns
    -------
    Change
    """
    both = changed.best.g_ve > 0.0 and unchanged.best.g_ve > 0.0
    return Change(
        mass_mev=changed.best.mass_mev - unchanged.best.mass_mev if both else None,
        g_ve=changed.best.g_ve - unchanged.best.g_ve,
        q=changed.best.q - unchanged.best.q,
        z=changed.z - unchanged.z,
        limit=changed.reference_limit / unchanged.reference_limit - 1.0,
        signal_sigma=(changed.reference_signal - unchanged.reference_signal) / unchanged.reference_error,
    )
