"""Toys that test couplings at one mass: for CLs, CLs+b and Feldman–Cousins."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from x17.statistics.data_sets import DataSets, observed
from x17.statistics.ensembles import Ensemble, hypothesis_truth
from x17.statistics.model import ScanModel
from x17.statistics.profile_fit import FitBatch, fit_background, fit_free_signal, q_statistic
from x17.statistics.toys import block_stream, draw_in_parts

FloatArray = NDArray[np.float64]

TOYS_PER_BLOCK = 2000
"""Toys of a coupling drawn and fitted at once: bounds the memory, and is part of what a seed means."""

_PURPOSE = 1


class Hypothesis(StrEnum):
    """What the toys contain."""

    BACKGROUND = "background"
    SIGNAL = "signal"
    """The boson of the tested coupling."""


def stream_key(hypothesis: Hypothesis, mass: float, coupling: float) -> tuple[int, ...]:
    """Key of the random numbers of toys at (M, g), whatever grid the coupling belongs to.

    Parameters
    ----------
    hypothesis : Hypothesis
    mass, coupling : float

    Returns
    -------
    tuple of int
    """
    return (_PURPOSE, int(hypothesis is Hypothesis.SIGNAL), round(mass * 1e6), round(coupling * 1e12))


@dataclass(frozen=True, slots=True, kw_only=True)
class CouplingSet:
    """Toys at several couplings of one mass, each with toys of its own.

    Attributes
    ----------
    ensemble : Ensemble
    hypothesis : Hypothesis
    mass : float
        MeV.
    couplings : tuple of float
        Tested g_ve.
    best : bool
        Keep the minimum of Q over g² ≥ 0 too, which Feldman–Cousins needs.
    seed : int
    """

    ensemble: Ensemble
    hypothesis: Hypothesis
    mass: float
    couplings: tuple[float, ...]
    seed: int
    best: bool = False

    @property
    def toys_per_block(self) -> int:
        """Toys in a block."""
        return TOYS_PER_BLOCK

    def inputs(self) -> dict[str, object]:
        """Everything but the model that decides the toys."""
        return {
            "kind": "couplings",
            "ensemble": self.ensemble.value,
            "hypothesis": self.hypothesis.value,
            "mass": self.mass,
            "couplings": list(self.couplings),
            "best": self.best,
            "seed": self.seed,
            "toys_per_block": TOYS_PER_BLOCK,
        }

    def describe(self) -> str:
        """The set in a few words."""
        return f"{self.hypothesis.value} toys at {self.mass:g} MeV"

    def make(self, model: ScanModel, block: int) -> dict[str, NDArray[np.generic]]:
        """Make a block: `q`, `status` and, if asked for, `q_best`, shape (n_toys, n_couplings).

        Parameters
        ----------
        model : ScanModel
        block : int

        Returns
        -------
        dict
        """
        data, shape = observed(model), (TOYS_PER_BLOCK, len(self.couplings))
        q, status, q_best = np.empty(shape), np.empty(shape, dtype=np.int8), np.empty(shape)
        for k, coupling in enumerate(self.couplings):
            boson = coupling if self.hypothesis is Hypothesis.SIGNAL else 0.0
            truth = hypothesis_truth(model, data, self.ensemble, self.mass, boson)
            rng = block_stream(self.seed, stream_key(self.hypothesis, self.mass, coupling), block)
            for part, toys in draw_in_parts(model, truth, TOYS_PER_BLOCK, rng):
                background = fit_background(model, toys)
                batch = q_statistic(model, toys, self.mass, coupling, background)
                q[part, k], status[part, k] = batch.q, batch.status
                if self.best:
                    q_best[part, k], fitted = self._best(model, toys, background)
                    status[part, k] = np.maximum(batch.status, fitted)
        arrays: dict[str, NDArray[np.generic]] = {"q": q, "status": status}
        return arrays | ({"q_best": q_best} if self.best else {})

    def _best(
        self, model: ScanModel, toys: DataSets, background: FitBatch
    ) -> tuple[FloatArray, NDArray[np.int8]]:
        """Minimum of Q over g² ≥ 0, zero where a fit failed, and the status."""
        free = fit_free_signal(model, toys, self.mass, bounded=True)
        status = np.maximum(free.status, background.status)
        best = np.subtract(free.chi2, background.chi2, out=np.zeros(len(toys)), where=status == 0)
        return best, status
