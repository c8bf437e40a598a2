"""Internal pairs of several multipolarities together."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.errors import UsageError
from x17.nuclear.multipole import Multipole, multipole_of
from x17.nuclear.pair_angles.coefficients import angle_density, integral_above, pair_coefficient

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MultipoleMixture:
    """Multipolarities with their shares of the pairs; they do not interfere where nuclei are not aligned.

    Attributes
    ----------
    shares : tuple of (Multipole, float)
        Each above 0; together one.

    Raises
    ------
    UsageError
        No, repeated or negative shares, or a sum that is not one.
    """

    shares: tuple[tuple[Multipole, float], ...]

    def __post_init__(self) -> None:
        names = [multipole for multipole, _ in self.shares]
        values = [share for _, share in self.shares]
        if not names or len(set(names)) != len(names):
            raise UsageError("a mixture names each of its multipolarities once")
        if not (all(share > 0.0 for share in values) and abs(math.fsum(values) - 1.0) < 1e-6):
            raise UsageError(
                f"shares {', '.join(f'{share:g}' for share in values)} of a mixture; allowed: above 0, sum 1"
            )

    @classmethod
    def parse(cls, text: str) -> MultipoleMixture:
        """A mixture from what a user types.

        Parameters
        ----------
        text : str
            One multipolarity, or `M1:0.77,E1:0.23` with shares of the pairs.

        Returns
        -------
        MultipoleMixture

        Raises
        ------
        UsageError
            Unknown multipolarities, or shares that are not numbers or do not add up to one.
        """
        if ":" not in text:
            return cls(((multipole_of(text), 1.0),))
        parts = [part.strip().partition(":") for part in text.split(",")]
        try:
            return cls(tuple((multipole_of(name), float(share)) for name, _, share in parts))
        except ValueError:
            raise UsageError(f"mixture {text!r}; allowed: one multipolarity, or as M1:0.77,E1:0.23") from None

    @classmethod
    def of_photons(cls, photons: tuple[tuple[Multipole, float], ...], energy: float) -> MultipoleMixture:
        """A mixture from shares of the photons instead of the pairs.

        Parameters
        ----------
        photons : tuple of (Multipole, float)
            Not E0; any scale.
        energy : float
            W, MeV.

        Returns
        -------
        MultipoleMixture

        Raises
        ------
        UsageError
            E0, or shares that make no mixture.
        """
        pairs = []
        for multipole, share in photons:
            coefficient = pair_coefficient(multipole, energy)
            if coefficient is None:
                raise UsageError("E0 has no photons to mix by; give shares of pairs")
            pairs.append(share * coefficient)
        total = math.fsum(pairs)
        names = [multipole for multipole, _ in photons]
        return cls(tuple((name, pair / total) for name, pair in zip(names, pairs, strict=True)))

    def pair_coefficient(self, energy: float) -> float | None:
        """Pairs per photon: 1/Σ share_i/α_i.

        Parameters
        ----------
        energy : float
            W, MeV.

        Returns
        -------
        float or None
            None where no photon is emitted (E0 alone).

        Raises
        ------
        UsageError
            A transition below 2 m_e.
        """
        photons = [
            share / coefficient
            for multipole, share in self.shares
            if (coefficient := pair_coefficient(multipole, energy)) is not None
        ]
        return 1.0 / math.fsum(photons) if photons else None

    def fraction_above(self, energy: float, theta: float, y_cut: float | None = None) -> float:
        """Share of all pairs that open by more than θ and pass a cut on |y|.

        Parameters
        ----------
        energy : float
            W, MeV.
        theta : float
            rad.
        y_cut : float, optional
            Largest |y| of total energies.

        Returns
        -------
        float

        Raises
        ------
        UsageError
            Values out of range.
        """
        return math.fsum(
            share * integral_above(multipole, energy, theta, y_cut) / integral_above(multipole, energy)
            for multipole, share in self.shares
        )

    def angle_density(self, energy: float, theta: ArrayLike) -> FloatArray:
        """Density of the opening angle per rad.

        Parameters
        ----------
        energy : float
            W, MeV.
        theta : array_like, shape (n,)
            rad.

        Returns
        -------
        ndarray, shape (n,)

        Raises
        ------
        UsageError
            A transition below 2 m_e.
        """
        parts = [share * angle_density(multipole, energy, theta) for multipole, share in self.shares]
        return np.asarray(np.sum(parts, axis=0))

    def __str__(self) -> str:
        if len(self.shares) == 1:
            return self.shares[0][0].value
        return ",".join(f"{multipole.value}:{share:g}" for multipole, share in self.shares)
