"""Pseudo-experiments behind checks: global p-values of variations, and the band of a boson."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.errors import UsageError, X17Error
from x17.statistics.check_fit import LimitRule, rule_limits
from x17.statistics.experiment_set import ExperimentSet
from x17.statistics.global_p import GlobalP, min_q, published_deviation
from x17.statistics.injected_boson import InjectedBoson, injected_boson
from x17.statistics.model import ScanModel
from x17.statistics.signal_scan import SignalScan
from x17.statistics.significance import FEWEST_TOYS, Significance, significance, window_columns
from x17.statistics.toy_set import ToySource
from x17.workflows.search_settings import SearchSettings
from x17.workflows.significance import PUBLISHED_WINDOWS

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Experiments:
    """How pseudo-experiments are made.

    Attributes
    ----------
    settings : SearchSettings
        Masses, ensemble, confidence level and seed.
    number : int
    source : ToySource
    window : (float, float)
        Masses among which an excess counts, MeV.
    """

    settings: SearchSettings
    number: int
    source: ToySource
    window: tuple[float, float]

    def scan(self, model: ScanModel, boson: tuple[float, float] = (0.0, 0.0)) -> SignalScan:
        """Make them.

        Parameters
        ----------
        model : ScanModel
        boson : (float, float)
            Mass in MeV and coupling; none by default.

        Returns
        -------
        SignalScan
        """
        wanted = ExperimentSet(
            ensemble=self.settings.limit.ensemble,
            masses=tuple(self.settings.masses.tolist()),
            seed=self.settings.limit.seed,
            truth_mass=boson[0],
            truth_coupling=boson[1],
        )
        (arrays,) = self.source(model, [wanted], self.number)
        return wanted.signal_scan(arrays)


def window_of(masses: FloatArray) -> tuple[float, float]:
    """The published window of masses if it is inside those searched, or else all of them.

    Parameters
    ----------
    masses : ndarray
        MeV, rising.

    Returns
    -------
    (float, float)
    """
    low, high = PUBLISHED_WINDOWS[0]
    inside = (masses >= low - 1e-6) & (masses <= high + 1e-6)
    if masses[0] <= low and high <= masses[-1] and inside.any():
        return low, high
    return float(masses[0]), float(masses[-1])


def global_p(
    model: ScanModel, data: SignalScan, rule: LimitRule, experiments: Experiments
) -> tuple[GlobalP, ...]:
    """Global p-values of a variation, each against pseudo-experiments of its own model.

    Parameters
    ----------
    model : ScanModel
    data : SignalScan
        One experiment.
    rule : LimitRule
        Which limits the published deviation compares.
    experiments : Experiments

    Returns
    -------
    tuple of GlobalP
        By the published deviation and by the deepest Q.

    Raises
    ------
    X17Error
        Too many fits failed.
    """
    columns = window_columns(data.masses, *experiments.window)
    toys = experiments.scan(model)
    failed = int(np.count_nonzero(~toys.complete))
    toys, data = toys.select(toys.complete, columns), data.select(slice(None), columns)
    if len(toys) < FEWEST_TOYS:
        raise X17Error(f"only {len(toys)} pseudo-experiments have no failed fit; {FEWEST_TOYS} are needed")
    cl = experiments.settings.limit.cl
    limits = rule_limits(toys.signal, toys.error, cl, rule)
    observed = rule_limits(data.signal[0], data.error[0], cl, rule)
    return published_deviation(limits, observed, toys.masses, failed), min_q(toys, data, failed)


def _inside(model: ScanModel, data: SignalScan) -> tuple[float, float]:
    """First and last mass among the energies of the scan: beyond, limits grow and hide what is inside."""
    energies = model.points.sqrt_s_mev
    inside = data.masses[(data.masses >= energies[0]) & (data.masses <= energies[-1])]
    if inside.size < 2:
        return float(data.masses[0]), float(data.masses[-1])
    return float(inside[0]), float(inside[-1])


def make_band(model: ScanModel, data: SignalScan, experiments: Experiments) -> Significance:
    """Pseudo-experiments without a boson, at the masses among the energies of the scan.

    Parameters
    ----------
    model : ScanModel
    data : SignalScan
    experiments : Experiments

    Returns
    -------
    Significance
    """
    cl = experiments.settings.limit.cl
    return significance(data, experiments.scan(model), cl, _inside(model, data))


def make_injected(
    model: ScanModel, data: SignalScan, experiments: Experiments, boson: tuple[float, float]
) -> InjectedBoson:
    """Pseudo-experiments with a boson, beside the data.

    Parameters
    ----------
    model : ScanModel
    data : SignalScan
    experiments : Experiments
    boson : (float, float)
        Mass in MeV and coupling.

    Returns
    -------
    InjectedBoson

    Raises
    ------
    UsageError
        A boson outside the masses.
    """
    low, high = _inside(model, data)
    if not low <= boson[0] <= high:
        raise UsageError(
            f"a boson of {boson[0]:g} MeV is outside the masses compared, {low:g} to {high:g} MeV; "
            "name another with --inject MASS:COUPLING"
        )
    toys, columns = experiments.scan(model, boson), window_columns(data.masses, low, high)
    toys, data = toys.select(slice(None), columns), data.select(slice(None), columns)
    return injected_boson(data, toys, experiments.settings.limit.cl, (low, high), boson)
