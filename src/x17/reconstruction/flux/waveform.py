"""Charge, length and roughness of a lead-glass pulse from its digitised waveform."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.errors import UsageError

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveformSettings:
    """How a waveform is integrated; the defaults are those of padme-fw for Run III.

    Attributes
    ----------
    pedestal_first, pedestal_last : int
        Samples of the pedestal, both included.
    gate_first, gate_last : int
        Samples of the charge, both included.
    sample_ns : float
    pc_per_count : float
        Charge of one count over one sample: 1 V/4096/50 Ω · 1 ns.
    threshold_counts : float
        A bunch is where the pulse is higher.
    """

    pedestal_first: int = 0
    pedestal_last: int = 99
    gate_first: int = 200
    gate_last: int = 600
    sample_ns: float = 1.0
    pc_per_count: float = 1e3 / 4096.0 / 50.0
    threshold_counts: float = 50.0

    def __post_init__(self) -> None:
        if not 0 <= self.pedestal_first <= self.pedestal_last < self.gate_first <= self.gate_last:
            raise UsageError(
                f"pedestal {self.pedestal_first} to {self.pedestal_last}, gate {self.gate_first} to "
                f"{self.gate_last}; allowed: samples from 0, the pedestal before the gate"
            )


@dataclass(frozen=True, slots=True, eq=False)
class LeadGlassPulses:
    """What is read off the waveforms of many bunches; all arrays have shape (n,).

    Attributes
    ----------
    pedestal, pedestal_rms : ndarray
        Mean and scatter of the samples before the pulse, counts.
    charge_pc : ndarray
        pC; NaN where a sample is not finite.
    length_ns : ndarray
        Time above the threshold, within the gate; 0 where it is never reached.
    roughness : ndarray
        Scatter of the samples above the threshold, counts: how even the bunch is ("BBQ").
    """

    pedestal: FloatArray
    pedestal_rms: FloatArray
    charge_pc: FloatArray
    length_ns: FloatArray
    roughness: FloatArray


def read_pulses(waveforms: ArrayLike, settings: WaveformSettings | None = None) -> LeadGlassPulses:
    """Integrate negative pulses: charge = Σ(pedestal − sample) · pC per count over the gate.

    Parameters
    ----------
    waveforms : array_like, shape (n, n_samples)
        Counts.
    settings : WaveformSettings, optional

    Returns
    -------
    LeadGlassPulses

    Raises
    ------
    UsageError
        Not two-dimensional, or fewer samples than the gate needs.

    Notes
    -----
    Pedestal, gate and threshold: lead-glass reconstruction of padme-fw, Run III.
    """
    how = settings or WaveformSettings()
    counts = np.asarray(waveforms, dtype=np.float64)
    if counts.ndim != 2 or counts.shape[1] <= how.gate_last:
        raise UsageError(
            f"waveforms of shape {counts.shape}; allowed: (bunches, samples), "
            f"at least {how.gate_last + 1} samples"
        )
    before = counts[:, how.pedestal_first : how.pedestal_last + 1]
    pedestal = before.mean(axis=1)
    pulse = pedestal[:, None] - counts[:, how.gate_first : how.gate_last + 1]
    above = pulse > how.threshold_counts
    number = above.sum(axis=1)
    mean = np.where(above, pulse, 0.0).sum(axis=1) / np.maximum(number, 1)
    deviation = np.where(above, pulse - mean[:, None], 0.0)
    return LeadGlassPulses(
        pedestal,
        before.std(axis=1),
        pulse.sum(axis=1) * how.pc_per_count,
        number * how.sample_ns,
        np.sqrt((deviation**2).sum(axis=1) / np.maximum(number, 1)),
    )
