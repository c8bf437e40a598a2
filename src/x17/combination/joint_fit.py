"""One mass and one coupling from a mass measured elsewhere and the likelihood of a scan.

    Δχ²(m, g) = χ²_mass(m) − min χ²_mass + Q(m, g)

The scan enters with its likelihood, not with the mass it prefers: Q has several minima and no Gaussian shape.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.combination.crossings import Interval, intervals_below
from x17.combination.joint_curve import JointCurve, joint_curve
from x17.combination.mass_term import MassTerm
from x17.errors import UsageError, X17Error
from x17.statistics.data_sets import DataSets, observed
from x17.statistics.fit_status import FitStatus
from x17.statistics.model import ScanModel
from x17.statistics.profile_fit import fit_background, fit_fixed_signal

FloatArray = NDArray[np.float64]

MASS_STEP_MEV = 0.005
"""Step of the curves: a quarter of the beam spread's 20 keV."""

COUPLINGS = np.linspace(0.0, 1.2e-3, 61)
"""Couplings g_ve of the map and of the interval; above, every scan of this kind has long excluded a boson."""


@dataclass(frozen=True, slots=True, eq=False)
class JointFit:
    """A joint fit.

    Attributes
    ----------
    term_mass_mev, term_error_mev : float
        The mass measured elsewhere, MeV.
    curve : JointCurve
    mass_mev, g_ve : float
        Where Δχ² + Q is least.
    mass_intervals_mev : tuple of (float or None, float or None)
        Where it is at most one above that, g profiled; an end outside the masses is None.
    g_intervals : tuple of (float or None, float or None)
        The same for g, m profiled; a lower end of 0 is a boson that need not be.
    total, q, mass_chi2 : float
        Δχ² + Q at the minimum, and its two parts.
    scan_mass_mev, scan_g_ve, scan_q : float
        Minimum of Q alone.
    scan_intervals_mev : tuple of (float or None, float or None)
        Where Q is at most one above it.
    couplings : ndarray, shape (k,)
    map : ndarray, shape (m, k)
        Δχ² + Q at the masses of the curve and the couplings.
    """

    term_mass_mev: float
    term_error_mev: float
    curve: JointCurve
    mass_mev: float
    g_ve: float
    mass_intervals_mev: tuple[Interval, ...]
    g_intervals: tuple[Interval, ...]
    total: float
    q: float
    mass_chi2: float
    scan_mass_mev: float
    scan_g_ve: float
    scan_q: float
    scan_intervals_mev: tuple[Interval, ...]
    couplings: FloatArray
    map: FloatArray

    @property
    def tension(self) -> float:
        """What asking for one mass costs, min(Δχ² + Q) − min Q: as χ² with one degree of freedom.

        That holds if the scan's excess is a boson; if it is a fluctuation, it says nothing about one.
        """
        return self.total - self.scan_q

    @property
    def tension_p(self) -> float:
        """P(χ² ≥ tension), one degree of freedom."""
        from scipy.special import erfc

        return float(erfc(np.sqrt(0.5 * max(self.tension, 0.0))))


def joint_masses(low: float, high: float) -> FloatArray:
    """Masses of the curves from one end to the other, about `MASS_STEP_MEV` apart.

    Parameters
    ----------
    low, high : float
        MeV.

    Returns
    -------
    ndarray

    Raises
    ------
    UsageError
        No range.
    """
    if not high > low:
        raise UsageError(f"masses from {low:g} to {high:g} MeV are no range; allowed: LO < HI")
    return np.linspace(low, high, max(3, round((high - low) / MASS_STEP_MEV) + 1))


def fit_jointly(term: MassTerm, model: ScanModel, low: float, high: float) -> JointFit:
    """Combine a mass with the observed scan.

    Parameters
    ----------
    term : MassTerm
    model : ScanModel
    low, high : float
        Range of masses, MeV.

    Returns
    -------
    JointFit

    Raises
    ------
    UsageError
        No range of masses, or one beyond the mass term.
    X17Error
        A fit to the scan failed.
    """
    data, masses = observed(model), joint_masses(low, high)
    curve = joint_curve(term, model, data, masses)

    def at(mass: float) -> JointCurve:
        return joint_curve(term, model, data, np.array([mass]))

    best = at(_minimum(lambda m: float(at(m).total[0]), masses, curve.total))
    alone = at(_minimum(lambda m: float(at(m).q[0]), masses, curve.q))
    total, scan_q = float(best.total[0]), float(alone.q[0])
    grid = joint_map(term, model, data, masses, COUPLINGS)
    return JointFit(
        term_mass_mev=term.mass_mev,
        term_error_mev=term.error_mev,
        curve=curve,
        mass_mev=float(best.masses[0]),
        g_ve=float(best.g_ve[0]),
        mass_intervals_mev=intervals_below(lambda m: float(at(m).total[0]), masses, curve.total, total + 1.0),
        g_intervals=_coupling_intervals(term, model, data, masses, grid, total + 1.0),
        total=total,
        q=float(best.q[0]),
        mass_chi2=float(best.mass_chi2[0]),
        scan_mass_mev=float(alone.masses[0]),
        scan_g_ve=float(alone.g_ve[0]),
        scan_q=scan_q,
        scan_intervals_mev=intervals_below(lambda m: float(at(m).q[0]), masses, curve.q, scan_q + 1.0),
        couplings=COUPLINGS,
        map=grid,
    )


def joint_map(
    term: MassTerm, model: ScanModel, data: DataSets, masses: FloatArray, couplings: FloatArray
) -> FloatArray:
    """Δχ²(m) + Q(m, g) on a grid.

    Parameters
    ----------
    term : MassTerm
    model : ScanModel
    data : DataSets
        One data set.
    masses : ndarray, shape (m,)
        MeV.
    couplings : ndarray, shape (k,)

    Returns
    -------
    ndarray, shape (m, k)

    Raises
    ------
    X17Error
        A fit to the scan failed.
    """
    background = fit_background(model, data)
    fit = fit_fixed_signal(model, data, masses[:, None], np.square(couplings)[None, :])
    if not fit.ok.all():
        raise X17Error(f"a fit to the scan failed: {FitStatus(int(fit.status.max())).sentence}")
    mass_chi2 = term.chi2_at(masses) - term.chi2
    return np.asarray(mass_chi2[:, None] + fit.chi2[0] - background.chi2[0])


def _minimum(function: object, masses: FloatArray, values: FloatArray) -> float:
    """Refine the lowest point of a curve between its neighbours."""
    from scipy.optimize import minimize_scalar

    k = int(np.argmin(values))
    bounds = (masses[max(k - 1, 0)], masses[min(k + 1, masses.size - 1)])
    refined = minimize_scalar(function, bounds=bounds, method="bounded", options={"xatol": 1e-6})
    return float(refined.x) if refined.fun < values[k] else float(masses[k])


def _coupling_intervals(
    term: MassTerm, model: ScanModel, data: DataSets, masses: FloatArray, grid: FloatArray, level: float
) -> tuple[Interval, ...]:
    """Couplings at which Δχ² + Q, minimised over the mass, is below a level; an open lower end is 0."""

    def profile(coupling: float) -> float:
        return _vertex(joint_map(term, model, data, masses, np.array([coupling]))[:, 0])

    values = np.array([_vertex(column) for column in grid.T])
    pieces = intervals_below(profile, COUPLINGS, values, level)
    return tuple((0.0 if low is None else low, high) for low, high in pieces)


def _vertex(values: FloatArray) -> float:
    """Minimum of a curve on even steps, by the parabola through its lowest point and the neighbours."""
    k = int(np.clip(np.argmin(values), 1, values.size - 2))
    left, middle, right = values[k - 1 : k + 2]
    curvature = left - 2.0 * middle + right
    vertex = middle - 0.125 * (right - left) ** 2 / curvature if curvature > 0.0 else middle
    return float(min(vertex, values.min()))
