"""What experiments with a boson would have shown: their limits, and how large an excess."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from x17.statistics.expected_band import ExpectedBand, expected_band
from x17.statistics.monte_carlo import TailFraction
from x17.statistics.signal_scan import SignalScan
from x17.statistics.significance import window_columns


@dataclass(frozen=True, slots=True, eq=False)
class InjectedBoson:
    """Pseudo-experiments with a boson, beside the data.

    Attributes
    ----------
    mass_mev, g_ve : float
        The boson.
    band : ExpectedBand
        Of their limits.
    larger_excess : TailFraction
        Share of them whose deepest Q in the window is deeper than that of the data.
    """

    mass_mev: float
    g_ve: float
    band: ExpectedBand
    larger_excess: TailFraction


def injected_boson(
    data: SignalScan,
    toys: SignalScan,
    cl: float,
    window: tuple[float, float],
    boson: tuple[float, float],
) -> InjectedBoson:
    """Compare the data with pseudo-experiments that have a boson.

    Parameters
    ----------
    data : SignalScan
        One experiment.
    toys : SignalScan
        Pseudo-experiments with the boson at the same masses.
    cl : float
        Confidence level of the limits.
    window : (float, float)
        First and last mass, MeV.
    boson : (float, float)
        Mass in MeV and coupling.

    Returns
    -------
    InjectedBoson
    """
    columns = window_columns(data.masses, *window)
    n_all = len(toys)
    toys = toys.select(toys.complete, columns)
    deepest = float(data.select(slice(None), columns).excess_q.min())
    deeper = int(np.count_nonzero(toys.excess_q.min(axis=1) < deepest))
    return InjectedBoson(
        *boson,
        expected_band(toys.masses, toys.limits(cl)),
        TailFraction(deeper, len(toys), n_all - len(toys)),
    )
