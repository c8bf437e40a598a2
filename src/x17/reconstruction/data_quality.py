"""Runs to be left out, by the energy in the calorimeter for each positron."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from x17.errors import UsageError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_NORMAL_FROM_MEDIAN = 1.4826
"""A Gaussian's width over the median of its absolute deviations."""


class RunFlag(IntEnum):
    """Whether a run is good, and why not."""

    GOOD = 0
    NO_POSITRONS = 1
    NO_ENERGY = 2
    TOO_MUCH = 3
    OUTLIER = 4

    @property
    def sentence(self) -> str:
        """What was found, and what to do."""
        return _SENTENCES[self]


_SENTENCES = {
    RunFlag.GOOD: "good",
    RunFlag.NO_POSITRONS: "no positrons were counted; look at the beam catcher of this run",
    RunFlag.NO_ENERGY: "no energy in the calorimeter; look whether it was read out",
    RunFlag.TOO_MUCH: "more energy for each positron than the absolute limit; look at the halo of the beam",
    RunFlag.OUTLIER: "energy for each positron far from that of the other runs; look at both detectors",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class QualitySettings:
    """Limits of what a good run has.

    Attributes
    ----------
    most_mev_per_positron : float
        Absolute limit; 0.43 MeV in one code of the collaboration, for the calorimeter and target of Run III.
        Infinity for none.
    most_deviations : float
        Largest distance from the median, in robust standard deviations.
    least_relative : float
        A distance below this share of the median is never far: a few good runs can be very alike.
    """

    most_mev_per_positron: float = math.inf
    most_deviations: float = 5.0
    least_relative: float = 0.03

    def __post_init__(self) -> None:
        if min(self.most_mev_per_positron, self.most_deviations) <= 0.0 or self.least_relative < 0.0:
            raise UsageError(
                f"limits of {self.most_mev_per_positron:g} MeV, {self.most_deviations:g} deviations and "
                f"{self.least_relative:g} of the median; allowed: above 0, above 0, 0 or more"
            )


@dataclass(frozen=True, slots=True, eq=False)
class RunQuality:
    """Judgement of runs; arrays have shape (n_runs,).

    Attributes
    ----------
    mev_per_positron : ndarray
        NaN where there are no positrons.
    deviations : ndarray
        From the median of the group, in robust standard deviations; 0 where there is no value.
    flag : ndarray of int
        `RunFlag`.
    """

    mev_per_positron: FloatArray
    deviations: FloatArray
    flag: IntArray

    @property
    def good(self) -> NDArray[np.bool_]:
        """Whether each run is good."""
        return np.asarray(self.flag == RunFlag.GOOD)

    @property
    def reasons(self) -> tuple[str, ...]:
        """A sentence for each run."""
        return tuple(RunFlag(flag).sentence for flag in self.flag)


def judge_runs(
    energy_mev: FloatArray,
    positrons: FloatArray,
    settings: QualitySettings | None = None,
    group: IntArray | None = None,
) -> RunQuality:
    """Judge runs by ⟨E⟩/⟨N⟩, absolutely and against the median of their group.

    Parameters
    ----------
    energy_mev : ndarray, shape (n_runs,)
        Sum over the bunches of the energy in the calorimeter.
    positrons : ndarray, shape (n_runs,)
        Sum over the same bunches.
    settings : QualitySettings, optional
    group : ndarray of int, shape (n_runs,), optional
        Runs that are compared, such as those of a period; all by default.

    Returns
    -------
    RunQuality

    Raises
    ------
    UsageError
        Arrays of different shapes.
    """
    settings = QualitySettings() if settings is None else settings
    group = np.zeros(energy_mev.shape, dtype=np.int64) if group is None else group
    if not energy_mev.shape == positrons.shape == group.shape:
        raise UsageError(
            f"energies, positrons and groups of shapes {energy_mev.shape}, {positrons.shape}, {group.shape}; "
            "allowed: one of each a run"
        )
    counted = np.isfinite(positrons) & (positrons > 0.0)
    value = np.divide(energy_mev, positrons, out=np.full(energy_mev.shape, np.nan), where=counted)
    lit = counted & (value > 0.0)
    deviations = np.zeros(value.shape)
    far = np.zeros(value.shape, dtype=bool)
    for member in np.unique(group[lit]):
        kept = lit & (group == member)
        middle = float(np.median(value[kept]))
        off = np.abs(value[kept] - middle)
        # One width for the runs of a group; never below what differences are taken for real.
        width = _NORMAL_FROM_MEDIAN * float(np.median(off))
        deviations[kept] = off / width if width > 0.0 else 0.0
        far[kept] = off > max(settings.most_deviations * width, settings.least_relative * middle)
    flag = np.select(
        [~counted, ~lit, value > settings.most_mev_per_positron, far],
        [RunFlag.NO_POSITRONS, RunFlag.NO_ENERGY, RunFlag.TOO_MUCH, RunFlag.OUTLIER],
        RunFlag.GOOD,
    )
    return RunQuality(value, deviations, flag.astype(np.int64))
