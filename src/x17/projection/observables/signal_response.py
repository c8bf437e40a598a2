"""What a boson adds to each observable, and how that moves with the line shape."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.kinematics import resonance_energy_mev
from x17.projection.observables.class_points import ClassPoints
from x17.projection.observables.tagging import Tagging
from x17.scan.model_constants import ModelConstants
from x17.theory.lineshape import Voigt

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class SignalResponse:
    """Relative signals of the observables at g = 1.

    Attributes
    ----------
    points : ClassPoints
    line_shape : Voigt
        With the area of the boson at unit coupling.
    constants : ModelConstants
        Electron mass and binding energy.
    per_boson : ndarray, shape (n, k, 2)
        Relative change of each observable by one boson kept per positron, of decays to electrons and to
        photons.
    """

    points: ClassPoints
    line_shape: Voigt
    constants: ModelConstants
    per_boson: FloatArray

    @classmethod
    def of(
        cls,
        points: ClassPoints,
        tagging: Tagging,
        weight: FloatArray,
        line_shape: Voigt,
        constants: ModelConstants,
    ) -> SignalResponse:
        """Signals of observables.

        Parameters
        ----------
        points : ClassPoints
        tagging : Tagging
        weight : ndarray, shape (n, k, 3)
            Of `observable.weights`.
        line_shape : Voigt
        constants : ModelConstants

        Returns
        -------
        SignalResponse
        """
        total = np.einsum("nt,tc->nc", points.yields, tagging.shares)
        inverse = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0.0)
        per_boson = np.einsum("nkc,nc,tc->nkt", weight, inverse, tagging.shares)
        return cls(points, line_shape, constants, per_boson)

    def at(self, masses: ArrayLike) -> FloatArray:
        """Relative signal, s = S(E; M) ε_S times `per_boson`.

        Parameters
        ----------
        masses : array_like, shape (m,)
            MeV.

        Returns
        -------
        ndarray, shape (m, n, k, 2)
        """
        return self._relative(self._profile(masses, *self.line_shape.parameters))

    def line_errors(self, masses: ArrayLike) -> FloatArray:
        """Change of the signal by one standard deviation of A, γ and b.

        Parameters
        ----------
        masses : array_like, shape (m,)
            MeV.

        Returns
        -------
        ndarray, shape (3, m, n, k, 2)
        """
        center = np.array(self.line_shape.parameters)
        steps = 0.5 * np.diag(np.sqrt(np.diag(self.line_shape.covariance)))
        changes = [self._profile(masses, *(center + s)) - self._profile(masses, *(center - s)) for s in steps]
        return np.stack([self._relative(change) for change in changes])

    def _profile(self, masses: ArrayLike, area: float, width: float, spread: float) -> FloatArray:
        constants, energies = self.constants, np.atleast_1d(np.asarray(masses, dtype=np.float64))
        peak = resonance_energy_mev(energies, constants.electron_mass_mev, constants.binding_energy_mev)
        beam = self.points.beam_energy_mev
        return area * self.line_shape.unit_profile(beam, np.asarray(peak)[:, None], width, spread)

    def _relative(self, profile: FloatArray) -> FloatArray:
        kept = profile * self.points.signal_efficiency
        return np.asarray(kept[:, :, None, None] * self.per_boson)
