"""A pair spectrometer as frozen parts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from x17.errors import InputError, Problem, UsageError

FloatArray = NDArray[np.float64]


_SPOT_MARGIN = 6.0
"""Standard deviations of the beam's spread that a cone allows for."""


class Process(StrEnum):
    """Where a pair comes from."""

    INTERNAL = "internal"
    EXTERNAL = "external"
    BOSON = "boson"


@dataclass(frozen=True, slots=True)
class Arms:
    """Telescopes: flat faces around the target, the beam along z, azimuths from the x axis.

    Attributes
    ----------
    azimuth_deg : tuple of float
        One an arm.
    polar_deg : float
        Angle of all arms to the beam.
    distance_mm : float
        From the target to the centre of the position detector.
    width_mm, height_mm : float
        Of the face, across and along the beam (for a polar angle of 90 degrees).
    position_sigma_mm : float
        Resolution of a hit on the face, in both directions.
    scatterer_x0 : float
        Matter before the face, in radiation lengths.
    scatterer_distance_mm : float
        Where it is, from the target.
    energy_stochastic, energy_constant : float
        σ_T/T = stochastic/√(T/MeV) and constant, in quadrature.
    spot_sigma_mm : float
        Spread of the beam on the target, across the beam.
    """

    azimuth_deg: tuple[float, ...]
    polar_deg: float
    distance_mm: float
    width_mm: float
    height_mm: float
    position_sigma_mm: float
    scatterer_x0: float
    scatterer_distance_mm: float
    energy_stochastic: float
    energy_constant: float
    spot_sigma_mm: float

    @property
    def axes(self) -> FloatArray:
        """Normal, across and along of every arm, shape (arms, 3, 3)."""
        phi, theta = np.radians(self.azimuth_deg), math.radians(self.polar_deg)
        zero = np.zeros(phi.size)
        flat = math.sin(theta)
        normal = np.stack([flat * np.cos(phi), flat * np.sin(phi), zero + math.cos(theta)], 1)
        across = np.stack([-np.sin(phi), np.cos(phi), zero], 1)
        return np.stack([normal, across, np.cross(normal, across)], 1)

    @property
    def cone_cos(self) -> float:
        """Cosine of the half angle of a cone around an arm that holds its face, from all of the target."""
        reach = 0.5 * math.hypot(self.width_mm, self.height_mm) + _SPOT_MARGIN * self.spot_sigma_mm
        return math.cos(math.atan2(reach, max(self.distance_mm - _SPOT_MARGIN * self.spot_sigma_mm, 0.0)))

    @property
    def solid_angle_share(self) -> float:
        """Share of all directions that one arm covers, seen from a point at the target."""
        a, b = 0.5 * self.width_mm / self.distance_mm, 0.5 * self.height_mm / self.distance_mm
        return math.atan(a * b / math.sqrt(1.0 + a**2 + b**2)) / math.pi


@dataclass(frozen=True, slots=True)
class Response:
    """A spectrometer known by its published efficiencies and resolutions alone.

    Attributes
    ----------
    angle_sigma_deg, energy_sum_sigma_mev : float
        Gaussian.
    efficiency_internal, efficiency_external, efficiency_boson : float
        Share of the pairs that are selected, the same at all angles.
    """

    angle_sigma_deg: float
    energy_sum_sigma_mev: float
    efficiency_internal: float
    efficiency_external: float
    efficiency_boson: float

    def efficiency(self, process: Process) -> float:
        """Of one process.

        Parameters
        ----------
        process : Process

        Returns
        -------
        float
        """
        return {
            Process.INTERNAL: self.efficiency_internal,
            Process.EXTERNAL: self.efficiency_external,
            Process.BOSON: self.efficiency_boson,
        }[process]


@dataclass(frozen=True, slots=True)
class PairWindow:
    """Which measured pairs count.

    Attributes
    ----------
    least_energy_mev : float
        Kinetic energy of each lepton.
    energy_sum_window_mev : float
        Largest |E₊ + E₋ − W|.
    largest_asymmetry : float
        Of |T₊ − T₋|/(T₊ + T₋), kinetic energies.
    """

    least_energy_mev: float
    energy_sum_window_mev: float
    largest_asymmetry: float


@dataclass(frozen=True, slots=True)
class Spectrometer:
    """A pair spectrometer; without arms and response it is a placeholder, a name without a geometry.

    Attributes
    ----------
    name, title, source : str
    targets : tuple of str
        Reactions it measures, as on the command line.
    proposed : bool
        Whether it has yet to publish pairs.
    unknown : tuple of str
        Keys whose values stand in for what is not known.
    pair_window : PairWindow
    arms : Arms or None
    response : Response or None

    Raises
    ------
    InputError
        Both arms and a response.
    """

    name: str
    title: str
    source: str
    targets: tuple[str, ...]
    proposed: bool
    unknown: tuple[str, ...]
    pair_window: PairWindow
    arms: Arms | None = None
    response: Response | None = None

    def __post_init__(self) -> None:
        if self.arms is not None and self.response is not None:
            raise InputError(self.name, [Problem("both tables", None, "arms, response", None, "one of them")])

    @property
    def is_placeholder(self) -> bool:
        """Whether nothing of its geometry is known."""
        return self.arms is None and self.response is None

    def require_geometry(self) -> None:
        """Refuse to go on with a placeholder.

        Raises
        ------
        UsageError
            It is one.
        """
        if self.is_placeholder:
            raise UsageError(
                f"{self.name} ({self.title}) is a placeholder: its geometry is not known here, so neither an "
                "acceptance nor a sensitivity is quoted; give a TOML of your own with a table [arms] or "
                "[response], see docs/how-to/plan-a-pair-spectrometer.md"
            )
