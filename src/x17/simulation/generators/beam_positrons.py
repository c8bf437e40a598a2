"""Positrons of the beam at the target: energy, direction, place and time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.setup import Setup
from x17.constants import ELECTRON_MASS_MEV

FloatArray = NDArray[np.float64]

SPEED_OF_LIGHT_MM_NS = 299.792458


@dataclass(frozen=True, slots=True, eq=False)
class BeamPositrons:
    """Positrons where they do something in the target.

    Attributes
    ----------
    energy : ndarray, shape (n,)
        Total, MeV.
    direction : ndarray, shape (n, 3)
        Unit vectors.
    vertex : ndarray, shape (n, 3)
        mm; evenly distributed over the thickness of the target.
    time : ndarray, shape (n,)
        From the start of the bunch, ns.
    """

    energy: FloatArray
    direction: FloatArray
    vertex: FloatArray
    time: FloatArray

    @property
    def momentum(self) -> FloatArray:
        """√(E² − m_e²), MeV, shape (n,)."""
        return np.asarray(np.sqrt(self.energy**2 - ELECTRON_MASS_MEV**2))


def draw_positrons(
    setup: Setup, beam_energy_mev: float, n: int, rng: np.random.Generator, energy: FloatArray | None = None
) -> BeamPositrons:
    """Draw positrons of a bunch.

    Parameters
    ----------
    setup : Setup
    beam_energy_mev : float
        Mean total energy, MeV.
    n : int
    rng : numpy.random.Generator
    energy : ndarray, shape (n,), optional
        Energies, if the process chooses them; from the beam's Gaussian spread by default.

    Returns
    -------
    BeamPositrons
    """
    beam, target = setup.beam, setup.target
    normal = rng.standard_normal((5, n))
    uniform = rng.random((3, n))
    if energy is None:
        drawn = beam_energy_mev * (1.0 + beam.energy_spread * normal[0])
        energy = np.maximum(drawn, 2.0 * ELECTRON_MASS_MEV)
    slope = np.stack(
        [
            1e-3 * (beam.tilt_x_mrad + beam.divergence_mrad * normal[1]),
            1e-3 * (beam.tilt_y_mrad + beam.divergence_mrad * normal[2]),
            np.ones(n),
        ],
        axis=1,
    )
    depth = target.thickness_mm * uniform[0]
    vertex = np.stack(
        [
            beam.center_x_mm + beam.spot_sigma_x_mm * normal[3],
            beam.center_y_mm + beam.spot_sigma_y_mm * normal[4],
            np.full(n, target.z_mm),
        ],
        axis=1,
    )
    vertex += slope * depth[:, None]
    n_micro = max(1, round(beam.bunch_length_ns / beam.micro_bunch_period_ns))
    micro = np.minimum(np.floor(n_micro * uniform[1]), n_micro - 1)
    time = beam.micro_bunch_period_ns * micro + beam.micro_bunch_on_ns * uniform[2]
    direction = slope / np.linalg.norm(slope, axis=1, keepdims=True)
    return BeamPositrons(energy, direction, vertex, time + depth / SPEED_OF_LIGHT_MM_NS)
