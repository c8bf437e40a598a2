"""How often a scan without a boson would look as good near the mass measured elsewhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from x17.combination.mass_term import MassTerm
from x17.statistics.monte_carlo import TailFraction
from x17.statistics.signal_scan import SignalScan

FloatArray = NDArray[np.float64]


def constrained_statistic(term: MassTerm, scan: SignalScan) -> FloatArray:
    """T = min over m of Δχ²_mass(m) + min over g ≥ 0 of Q(m, g), of each experiment.

    Parameters
    ----------
    term : MassTerm
    scan : SignalScan
        n experiments.

    Returns
    -------
    ndarray, shape (n,)
        At most zero, the lower the more a boson near the mass is wanted.
    """
    mass_chi2 = term.chi2_at(scan.masses) - term.chi2
    return np.asarray(np.min(mass_chi2 + scan.excess_q, axis=1))


def constrained_p(term: MassTerm, data: SignalScan, toys: SignalScan) -> TailFraction:
    """Share of experiments without a boson whose T is as low as that of the data.

    The mass measured elsewhere is taken as it is, so that this is a local p-value in which the mass is known
    as well as it was measured: between the local one at a fixed mass and the global one over all masses.

    Parameters
    ----------
    term : MassTerm
    data : SignalScan
        One experiment.
    toys : SignalScan
        Experiments without a boson, at the same masses.

    Returns
    -------
    TailFraction
    """
    ok = toys.complete
    reached = constrained_statistic(term, toys)[ok] <= constrained_statistic(term, data)[0]
    return TailFraction(int(reached.sum()), int(ok.sum()), int((~ok).sum()))
