"""What a combination needs of a mass that was measured elsewhere: χ²(m), however it was made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


class MassTerm(Protocol):
    """χ² of a mass; a fit to nuclear measurements is one."""

    @property
    def mass_mev(self) -> float:
        """Where χ² is least, MeV."""
        ...

    @property
    def error_mev(self) -> float:
        """Standard error, MeV."""
        ...

    @property
    def chi2(self) -> float:
        """Its least value."""
        ...

    @property
    def largest_mass(self) -> float:
        """Above this mass there is no χ², MeV; may be infinite."""
        ...

    def chi2_at(self, mass: ArrayLike) -> FloatArray:
        """χ² at masses in MeV, the shape of `mass`."""
        ...


@dataclass(frozen=True, slots=True)
class GaussianMass:
    """A mass with a Gaussian error, such as a published one.

    Attributes
    ----------
    mass_mev, error_mev : float
        MeV.
    """

    mass_mev: float
    error_mev: float
    chi2: float = 0.0
    largest_mass: float = np.inf

    def chi2_at(self, mass: ArrayLike) -> FloatArray:
        """((m − mass)/error)².

        Parameters
        ----------
        mass : array_like
            MeV.

        Returns
        -------
        ndarray
            The shape of `mass`.
        """
        m = np.asarray(mass, dtype=np.float64)
        return np.asarray(self.chi2 + np.square((m - self.mass_mev) / self.error_mev))
