"""Which two clusters count as a pair: radii, energies and the back-to-back requirement."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.constants import ELECTRON_MASS_MEV
from x17.errors import UsageError
from x17.kinematics import sqrt_s_mev
from x17.theory.target_scattering.checks import FloatArray, floats, require, require_beam_energy


@dataclass(frozen=True, slots=True)
class PairSelection:
    """Two-cluster selection on a plane across the beam, for an ideal detector in a straight beam.

    A massless two-body pair of CM energy √s has its clusters at R = (D/γ) tan(θ*/2), γ = √s/(2m_e): the
    partner of one at R_max is at R_min = (D/γ)²/R_max with the larger energy, the one at R_max has
    E_min = E_tot/(1 + (R_max γ/D)²). Selected: both clusters at R > R_min − margin with E above a share of
    E_min, at least one at R < R_max, both within the wedges about the horizontal. Back to back: θ*₁ + θ*₂ and
    |φ₁ − φ₂| within their windows of π, θ* being that of a massless particle at the same place. The default
    radii, energies and angular widths are those of PADME Run III (its presentation and kinematics figures);
    its wedge is 40.11° in a figure, and the edge stands for that of the crystals.

    Attributes
    ----------
    distance_mm : float
        D, from target to clusters.
    radius_max_mm : float
        R_max of the first cluster.
    margin_mm : float
        Below R_min: 1.5 crystals of 21.5 mm.
    edge_mm : float
        Where the calorimeter ends for the second cluster, at least R_max.
    energy_share : float
        Lowest energy over E_min.
    wedge_deg : float
        Largest azimuth from the horizontal, either side, 0 to 90; 90 takes all.
    sum_theta_window, delta_phi_window : float
        Largest |θ*₁ + θ*₂ − π| and ||φ₁ − φ₂| − π|, rad. By default four standard deviations of the measured
        distributions, 0.0932 and 0.1105 rad.

    Raises
    ------
    UsageError
        A length, share or window that is not positive, a wedge above 90°, an edge inside R_max.
    """

    distance_mm: float = 3640.0
    radius_max_mm: float = 270.0
    margin_mm: float = 32.25
    edge_mm: float = 300.0
    energy_share: float = 0.4
    wedge_deg: float = 90.0
    sum_theta_window: float = 4 * 0.0932
    delta_phi_window: float = 4 * 0.1105

    def __post_init__(self) -> None:
        for name in ("distance_mm", "radius_max_mm", "edge_mm", "energy_share"):
            value = getattr(self, name)
            require(0.0 < value < math.inf, name, value, "above 0")
        require(self.margin_mm >= 0.0, "margin_mm", self.margin_mm, "0 or above")
        require(0.0 < self.wedge_deg <= 90.0, "wedge_deg", self.wedge_deg, "above 0, up to 90")
        for name in ("sum_theta_window", "delta_phi_window"):
            value = getattr(self, name)
            require(0.0 < value <= math.pi, name, value, "above 0, up to π")
        require(self.edge_mm >= self.radius_max_mm, "edge_mm", self.edge_mm, "radius_max_mm or above")

    def radius_min_mm(self, beam_energy_mev: float) -> float:
        """R_min = (D/γ)²/R_max.

        Parameters
        ----------
        beam_energy_mev : float
            Total beam energy, MeV.

        Returns
        -------
        float
            mm.
        """
        require_beam_energy(beam_energy_mev)
        gamma = float(sqrt_s_mev(beam_energy_mev)) / (2.0 * ELECTRON_MASS_MEV)
        return (self.distance_mm / gamma) ** 2 / self.radius_max_mm

    def energy_min_mev(self, beam_energy_mev: float) -> float:
        """E_min = E_tot/(1 + (R_max γ/D)²), before the share is taken.

        Parameters
        ----------
        beam_energy_mev : float
            Total beam energy, MeV.

        Returns
        -------
        float
            MeV.
        """
        ratio = self.radius_max_mm / self.radius_min_mm(beam_energy_mev)  # (R_max γ/D)²
        return (beam_energy_mev + ELECTRON_MASS_MEV) / (1.0 + ratio)

    def angles(self, beam_energy_mev: float) -> tuple[float, float, float]:
        """Smallest angle of a cluster, largest of the first and largest of the second, lab.

        Parameters
        ----------
        beam_energy_mev : float
            Total beam energy, MeV.

        Returns
        -------
        low, first, edge : float
            rad.

        Raises
        ------
        UsageError
            R_min − margin not between 0 and R_max: a beam energy for which these radii select no pair.
        """
        lowest = self.radius_min_mm(beam_energy_mev) - self.margin_mm
        if not 0.0 < lowest < self.radius_max_mm:
            raise UsageError(
                f"R_min − margin is {lowest:g} mm at {beam_energy_mev:g} MeV; allowed: between 0 and R_max = "
                f"{self.radius_max_mm:g} mm; change the radii or the beam energy"
            )
        low, first, edge = (
            math.atan(radius / self.distance_mm) for radius in (lowest, self.radius_max_mm, self.edge_mm)
        )
        return low, first, edge

    def selected(
        self, energies: Any, angles: Any, azimuths: Any, beam_energy_mev: float
    ) -> NDArray[np.bool_]:
        """Pairs that pass radii, energies and wedges.

        Parameters
        ----------
        energies, angles, azimuths : sequence of two array_like
            Of the two clusters: MeV, rad in the lab, rad from the horizontal.
        beam_energy_mev : float
            Total beam energy, MeV.

        Returns
        -------
        ndarray of bool
        """
        low, first, edge = self.angles(beam_energy_mev)
        threshold = self.energy_share * self.energy_min_mev(beam_energy_mev)
        one, two = (floats(angle) for angle in angles)
        good = np.minimum(one, two) < first
        for energy, angle, azimuth in zip(energies, (one, two), azimuths, strict=True):
            good = good & (angle > low) & (angle < edge) & (floats(energy) > threshold)
            if self.wedge_deg < 90.0:
                good = good & (np.abs(np.sin(azimuth)) < math.sin(math.radians(self.wedge_deg)))
        return np.asarray(good, dtype=np.bool_)

    def back_to_back(self, angles: Any, azimuths: Any, beam_energy_mev: float) -> NDArray[np.bool_]:
        """Pairs that are back to back in the CM system of the beam and an electron at rest.

        Parameters
        ----------
        angles, azimuths : sequence of two array_like
            Of the two clusters, rad in the lab.
        beam_energy_mev : float
            Total beam energy, MeV.

        Returns
        -------
        ndarray of bool
        """
        sum_theta = sum(cm_angle(angle, beam_energy_mev) for angle in angles)
        apart = floats(azimuths[0]) - floats(azimuths[1]) - math.pi
        off = np.abs(apart - 2.0 * math.pi * np.round(apart / (2.0 * math.pi)))
        return np.asarray(
            (np.abs(sum_theta - math.pi) < self.sum_theta_window) & (off < self.delta_phi_window)
        )


def cm_angle(angle: ArrayLike, beam_energy_mev: float) -> FloatArray:
    """CM angle of a massless particle, tan(θ*/2) = √((1+β)/(1−β)) tan(θ/2), β = p/(E + m_e).

    Parameters
    ----------
    angle : array_like
        θ in the lab, 0 to π, rad.
    beam_energy_mev : float
        Total energy E of a positron on an electron at rest, MeV.

    Returns
    -------
    ndarray
        θ*, rad.

    Raises
    ------
    UsageError
        An angle outside 0 to π.
    """
    require_beam_energy(beam_energy_mev)
    theta = floats(angle)
    require((theta >= 0.0) & (theta <= math.pi), "angle in rad", theta, "0 to π")
    total = beam_energy_mev + ELECTRON_MASS_MEV
    p = math.sqrt(beam_energy_mev**2 - ELECTRON_MASS_MEV**2)
    # (1 + β)/(1 − β) = (E_tot + p)²/s, free of the cancellation in 1 − β.
    stretch = (total + p) / float(sqrt_s_mev(beam_energy_mev))
    return np.asarray(2.0 * np.arctan(stretch * np.tan(theta / 2.0)))


def lab_angle(angle: ArrayLike, beam_energy_mev: float) -> FloatArray:
    """Lab angle of a massless particle; the inverse of `cm_angle`.

    Parameters
    ----------
    angle : array_like
        θ* in the CM system, 0 to π, rad.
    beam_energy_mev : float
        Total energy E of a positron on an electron at rest, MeV.

    Returns
    -------
    ndarray
        θ, rad.

    Raises
    ------
    UsageError
        An angle outside 0 to π.
    """
    require_beam_energy(beam_energy_mev)
    theta = floats(angle)
    require((theta >= 0.0) & (theta <= math.pi), "CM angle in rad", theta, "0 to π")
    total = beam_energy_mev + ELECTRON_MASS_MEV
    p = math.sqrt(beam_energy_mev**2 - ELECTRON_MASS_MEV**2)
    stretch = (total + p) / float(sqrt_s_mev(beam_energy_mev))
    return np.asarray(2.0 * np.arctan(np.tan(theta / 2.0) / stretch))
