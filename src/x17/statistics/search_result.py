"""Everything a search found, as one object that reports and figures take."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.scan import SearchPoints
from x17.statistics.best_fit import BackgroundFit, BestFit
from x17.statistics.local_p import LocalP
from x17.statistics.sideband import SidebandFit
from x17.statistics.sideband_criteria import Criterion
from x17.statistics.significance import Significance
from x17.statistics.toy_limit import ToyLimit

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LimitPoint:
    """Limits on g_ve at one mass; what is missing is None and `notes` says why.

    Attributes
    ----------
    mass_mev : float
    toy : ToyLimit or None
        Observed limit by toy CLs; None if no toys were asked for.
    toy_tanh : ToyLimit or None
        The same toys read off by the published tanh fit.
    asymptotic : float or None
        Observed limit by asymptotic CLs.
    expected : tuple of 5 (float or None)
        Limit expected without a boson: −2σ, −1σ, median, +1σ, +2σ.
    local_p : float or None
        Asymptotic one-sided local p-value from q0.
    notes : tuple of str
    """

    mass_mev: float
    toy: ToyLimit | None
    toy_tanh: ToyLimit | None
    asymptotic: float | None
    expected: tuple[float | None, float | None, float | None, float | None, float | None]
    local_p: float | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class QMap:
    """Q(M, g) of the data on the grid.

    Attributes
    ----------
    masses : ndarray, shape (n_masses,)
        MeV.
    couplings : ndarray, shape (n_couplings,)
    q : ndarray, shape (n_masses, n_couplings)
    ok : ndarray of bool, shape (n_masses, n_couplings)
        Where the fit converged.
    """

    masses: FloatArray
    couplings: FloatArray
    q: FloatArray
    ok: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class ScanCurves:
    """The observable and the fitted curves at the energy points; arrays of shape (n_points,).

    Attributes
    ----------
    g_r, g_r_err : ndarray
        Observable and its uncorrelated error.
    sideband : ndarray
        K from the side-band fit, inside the window too.
    background, best_fit : ndarray
        Expectation of the fit without and with a boson.
    """

    g_r: FloatArray
    g_r_err: FloatArray
    sideband: FloatArray
    background: FloatArray
    best_fit: FloatArray


@dataclass(frozen=True, slots=True)
class KVariant:
    """The best fit under one treatment of K: shows what using points twice is worth.

    Attributes
    ----------
    k_constraint : str
    mass_mev, g_ve, q : float
    used : bool
        Whether this is the treatment of the search itself.
    """

    k_constraint: str
    mass_mev: float
    g_ve: float
    q: float
    used: bool


@dataclass(frozen=True, slots=True, eq=False)
class SearchResult:
    """The outcome of a search.

    Attributes
    ----------
    scan_name, scan_source : str
    notes : tuple of str
        What the user should know about the input and the procedure.
    points : SearchPoints
        The energy points, by rising √s.
    cl : float
        Confidence level of the limits.
    n_toys : int
        Toys of each hypothesis at each (M, g); 0 for an asymptotic search.
    sideband : SidebandFit
    criteria : tuple of Criterion
    background : BackgroundFit
    best : BestFit
    local_p : LocalP
    limits : tuple of LimitPoint
        By rising mass.
    q_map : QMap
    curves : ScanCurves
    k_variants : tuple of KVariant
    failures : dict
        Number of failed fits by status.
    significance : tuple of Significance
        One for each window of masses; empty unless asked for. The expected limits and the local p-value are
        then those of its pseudo-experiments.
    """

    scan_name: str
    scan_source: str
    notes: tuple[str, ...]
    points: SearchPoints
    cl: float
    n_toys: int
    sideband: SidebandFit
    criteria: tuple[Criterion, ...]
    background: BackgroundFit
    best: BestFit
    local_p: LocalP
    limits: tuple[LimitPoint, ...]
    q_map: QMap
    curves: ScanCurves
    k_variants: tuple[KVariant, ...]
    failures: dict[str, int]
    significance: tuple[Significance, ...] = ()
