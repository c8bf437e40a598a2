"""Reach from pseudo-experiments: quantiles of their limits, and how often 3σ and 5σ come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from x17.projection.reach import DISCOVERY, EVIDENCE, FloatArray
from x17.statistics.ensembles import Ensemble
from x17.statistics.expected_band import ExpectedBand, expected_band
from x17.statistics.experiment_set import ExperimentSet
from x17.statistics.model import ScanModel
from x17.statistics.monte_carlo import TailFraction
from x17.statistics.toy_set import ToySource

Boson = tuple[float, float]
"""Mass in MeV and g_ve."""


@dataclass(frozen=True, slots=True)
class SimulatedPower:
    """How often a boson is seen, at its mass.

    Attributes
    ----------
    boson : (float, float)
        Mass in MeV and g_ve.
    median_z : float
        Median of the local significance, negative for a deficit.
    evidence, discovery : TailFraction
        Share of pseudo-experiments of 3σ and of 5σ and more.
    """

    boson: Boson
    median_z: float
    evidence: TailFraction
    discovery: TailFraction


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedReach:
    """Pseudo-experiments of one run.

    Attributes
    ----------
    band : ExpectedBand
        Limits without a boson.
    with_bosons : tuple of ExpectedBand
        Limits with each boson.
    powers : tuple of SimulatedPower
        For each boson.
    n_failed : int
        Pseudo-experiments left out because a fit failed.
    """

    band: ExpectedBand
    with_bosons: tuple[ExpectedBand, ...]
    powers: tuple[SimulatedPower, ...]
    n_failed: int


def simulate_reach(
    model: ScanModel,
    source: ToySource,
    masses: FloatArray,
    bosons: Sequence[Boson],
    n_toys: int,
    *,
    cl: float = 0.90,
    seed: int = 1,
) -> SimulatedReach:
    """Find limits and significances in pseudo-experiments, whose measured nuisances fluctuate, too.

    Parameters
    ----------
    model : ScanModel
        Of a projected run.
    source : callable
        Makes pseudo-experiments, or takes them from a bank.
    masses : ndarray, shape (m,)
        Where limits are found, MeV; masses of bosons are added.
    bosons : sequence of (float, float)
        Mass in MeV and g_ve of each boson that is put in, one at a time.
    n_toys : int
        Of each.
    cl : float
    seed : int

    Returns
    -------
    SimulatedReach
    """
    grid = np.unique(np.concatenate([masses, [mass for mass, _ in bosons]]))
    sets = [_set(grid, seed, boson) for boson in (None, *bosons)]
    bands: list[ExpectedBand] = []
    powers: list[SimulatedPower] = []
    n_failed = 0
    for boson, wanted, arrays in zip((None, *bosons), sets, source(model, sets, n_toys), strict=True):
        scan = wanted.signal_scan(arrays)
        good = scan.complete
        n_failed += int((~good).sum())
        bands.append(expected_band(grid, scan.limits(cl)[good]))
        if boson is not None:
            z = scan.signed_z[good, int(np.argmin(np.abs(grid - boson[0])))]
            powers.append(_power(boson, z, int((~good).sum())))
    return SimulatedReach(bands[0], tuple(bands[1:]), tuple(powers), n_failed)


def _set(masses: FloatArray, seed: int, boson: Boson | None) -> ExperimentSet:
    mass, coupling = boson or (0.0, 0.0)
    return ExperimentSet(
        ensemble=Ensemble.PUBLISHED,
        masses=tuple(masses.tolist()),
        seed=seed,
        truth_mass=mass,
        truth_coupling=coupling,
    )


def _power(boson: Boson, z: FloatArray, failed: int) -> SimulatedPower:
    def share(threshold: float) -> TailFraction:
        return TailFraction(int((z >= threshold).sum()), z.size, failed)

    return SimulatedPower(boson, float(np.median(z)), share(EVIDENCE), share(DISCOVERY))
