"""The line shape: the yield of a boson per positron on target against the beam energy.

The published analysis describes it by a Voigt profile: the Gaussian is the beam's energy spread, the
Lorentzian stands for the motion of the bound electrons (arXiv:2403.15387, arXiv:2505.24797).
"""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


def voigt_profile(x: ArrayLike, sigma: ArrayLike, gamma: ArrayLike) -> FloatArray:
    """Voigt profile of unit area, V(x; σ, γ) = Re w((x + iγ) / (σ√2)) / (σ√(2π)).

    Parameters
    ----------
    x : array_like
        Distance from the centre.
    sigma : array_like
        Standard deviation of the Gaussian, > 0, in the unit of `x`.
    gamma : array_like
        Half width at half maximum of the Lorentzian, ≥ 0, in the unit of `x`.

    Returns
    -------
    ndarray
        The profile, in inverse units of `x`, of the broadcast shape.
    """
    from scipy.special import wofz

    width = np.asarray(sigma, dtype=np.float64)
    z = (np.asarray(x, dtype=np.float64) + 1j * np.asarray(gamma, dtype=np.float64)) / (width * np.sqrt(2.0))
    return np.asarray(wofz(z).real / (width * np.sqrt(2.0 * np.pi)))


def _no_covariance() -> FloatArray:
    return np.zeros((3, 3))


class LineShape(Protocol):
    """What the likelihood needs of a line shape: three parameters (area, width, spread) and a profile."""

    @property
    def width_name(self) -> str:
        """Name of the second parameter."""
        ...

    @property
    def parameters(self) -> tuple[float, float, float]:
        """Central values: area at unit coupling (MeV), width, relative beam spread."""
        ...

    @property
    def covariance(self) -> FloatArray:
        """Covariance of the parameters, shape (3, 3)."""
        ...

    def unit_profile(
        self, beam_energy: ArrayLike, resonance_energy: ArrayLike, width: ArrayLike, spread: ArrayLike
    ) -> FloatArray:
        """Profile of unit area, 1/MeV; arguments broadcast."""
        ...

    def kernel_table(self) -> tuple[FloatArray, FloatArray]:
        """Table and axes for the compiled fit; empty for the Voigt profile."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Voigt:
    """Voigt line shape S(E; E_res) = A V(E − E_res; b E_res, γ) at unit coupling.

    Attributes
    ----------
    area_mev : float
        A: the area under the yield per positron at g = 1, MeV.
    half_width_mev : float
        γ: half width at half maximum of the Lorentzian (electron motion), MeV.
    relative_spread : float
        b: standard deviation of the beam energy over the resonance energy.
    covariance : ndarray, shape (3, 3)
        Covariance of (area_mev, half_width_mev, relative_spread).

    Raises
    ------
    ValueError
        A width or the area is not positive, or the covariance is not a 3×3 symmetric matrix.
    """

    area_mev: float
    half_width_mev: float
    relative_spread: float
    covariance: FloatArray = field(default_factory=_no_covariance)

    def __post_init__(self) -> None:
        for name in ("area_mev", "half_width_mev", "relative_spread"):
            value = getattr(self, name)
            if not (np.isfinite(value) and value > 0.0):
                raise ValueError(f"Voigt: {name} is {value}, but must be positive and finite")
        covariance = np.array(self.covariance, dtype=np.float64)
        if covariance.shape != (3, 3) or not np.array_equal(covariance, covariance.T):
            raise ValueError("Voigt: the covariance must be a symmetric 3×3 matrix")
        covariance.flags.writeable = False
        object.__setattr__(self, "covariance", covariance)

    @property
    def width_name(self) -> str:
        """Name of the nuisance that widens the line besides the beam: the Lorentzian's γ."""
        return "gamma"

    @property
    def parameters(self) -> tuple[float, float, float]:
        """Central (A, γ, b)."""
        return self.area_mev, self.half_width_mev, self.relative_spread

    def unit_profile(
        self, beam_energy: ArrayLike, resonance_energy: ArrayLike, width: ArrayLike, spread: ArrayLike
    ) -> FloatArray:
        """Profile of unit area for given γ and b, 1/MeV; arguments broadcast.

        Parameters
        ----------
        beam_energy, resonance_energy : array_like
            MeV.
        width, spread : array_like
            γ (MeV) and b.

        Returns
        -------
        ndarray
        """
        center = np.asarray(resonance_energy, dtype=np.float64)
        distance = np.asarray(beam_energy, dtype=np.float64) - center
        return voigt_profile(distance, np.abs(np.asarray(spread)) * center, width)

    def kernel_table(self) -> tuple[FloatArray, FloatArray]:
        """Nothing: the compiled fit has the Voigt profile built in."""
        return np.zeros((0, 0, 0)), np.zeros(6)

    def yield_per_pot(self, beam_energy: ArrayLike, resonance_energy: ArrayLike) -> FloatArray:
        """Bosons made per positron on target at unit coupling; the yield goes with g².

        Parameters
        ----------
        beam_energy : array_like
            Mean beam energy, MeV.
        resonance_energy : array_like
            Where the boson resonates, MeV (`x17.kinematics.resonance_energy_mev`).

        Returns
        -------
        ndarray
            S, of the broadcast shape.
        """
        return self.area_mev * self.unit_profile(
            beam_energy, resonance_energy, self.half_width_mev, self.relative_spread
        )
