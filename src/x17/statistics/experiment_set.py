"""Pseudo-experiments with the free signal at every mass of a grid: for bands, local and global p-values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.statistics.data_sets import observed
from x17.statistics.ensembles import Ensemble, experiment_truth
from x17.statistics.model import ScanModel
from x17.statistics.signal_scan import SignalScan, scan_signal
from x17.statistics.toy_set import Arrays
from x17.statistics.toys import ToyCounts, block_stream, draw_counts

EXPERIMENTS_PER_BLOCK = 500
"""Part of what a seed means; with 76 masses a block takes half a second."""

_PURPOSE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentSet:
    """A set of pseudo-experiments.

    The stream of random numbers depends on the seed and the boson alone: other ensembles, models and mass
    grids with the same seed see the same fluctuations, and their differences are better known than they are.

    Attributes
    ----------
    ensemble : Ensemble
    masses : tuple of float
        Where the signal is fitted, MeV, by rising mass.
    seed : int
    truth_mass, truth_coupling : float
        The boson that is put in, MeV and g_ve; a coupling of 0 is none.
    """

    ensemble: Ensemble
    masses: tuple[float, ...]
    seed: int
    truth_mass: float = 0.0
    truth_coupling: float = 0.0

    @property
    def toys_per_block(self) -> int:
        """Toys in a block."""
        return EXPERIMENTS_PER_BLOCK

    def inputs(self) -> dict[str, object]:
        """Everything but the model that decides the toys."""
        return {
            "kind": "experiments",
            "ensemble": self.ensemble.value,
            "hypothesis": self._boson(),
            "masses": list(self.masses),
            "seed": self.seed,
            "toys_per_block": EXPERIMENTS_PER_BLOCK,
        }

    def _boson(self) -> str:
        return f"M={self.truth_mass:.6f} g={self.truth_coupling:.6e}" if self.truth_coupling else "background"

    def describe(self) -> str:
        """The set in a few words."""
        boson = (
            f"with a boson of {self.truth_mass:g} MeV, g = {self.truth_coupling:g}"
            if self.truth_coupling
            else "without a boson"
        )
        return f"pseudo-experiments {boson}"

    def counts(self, model: ScanModel, block: int) -> ToyCounts:
        """What the pseudo-experiments of a block measured.

        Parameters
        ----------
        model : ScanModel
        block : int

        Returns
        -------
        ToyCounts
        """
        mass = self.truth_mass if self.truth_coupling else model.constants.center_sqrt_s_mev
        truth = experiment_truth(model, observed(model), self.ensemble, mass, self.truth_coupling)
        key = (_PURPOSE, round(self.truth_mass * 1e6), round(self.truth_coupling * 1e12))
        return draw_counts(model, truth, EXPERIMENTS_PER_BLOCK, block_stream(self.seed, key, block))

    def make(self, model: ScanModel, block: int) -> dict[str, NDArray[np.generic]]:
        """Make a block: `signal`, `error`, `q` and `status`, shape (n_toys, n_masses).

        Parameters
        ----------
        model : ScanModel
        block : int

        Returns
        -------
        dict
        """
        scan = scan_signal(model, self.counts(model, block).data_sets(model), np.array(self.masses))
        return {"signal": scan.signal, "error": scan.error, "q": scan.q, "status": scan.status}

    def signal_scan(self, arrays: Arrays) -> SignalScan:
        """The stored arrays as one object.

        Parameters
        ----------
        arrays : Arrays

        Returns
        -------
        SignalScan
        """
        return SignalScan(
            np.array(self.masses),
            np.asarray(arrays["signal"], dtype=np.float64),
            np.asarray(arrays["error"], dtype=np.float64),
            np.asarray(arrays["q"], dtype=np.float64),
            np.asarray(arrays["status"], dtype=np.int8),
        )
