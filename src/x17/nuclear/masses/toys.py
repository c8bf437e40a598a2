"""Toy measurements: goodness of fit and coverage of a mass without the formulas for Gaussian errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.nuclear.masses.angle_fit import angle_chi2, fit_angles
from x17.nuclear.masses.choices import Source
from x17.nuclear.masses.inputs import MassInputs
from x17.nuclear.masses.mass_fit import MassFit
from x17.nuclear.masses.weighted_mean import weighted_mean

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

BLOCK = 1000
"""Toys that share a stream of random numbers."""


@dataclass(frozen=True, slots=True, eq=False)
class MassToys:
    """Fits of n toys, made at one true mass.

    Attributes
    ----------
    truth_mev : float
    mass, chi2 : ndarray, shape (n,)
    covered : ndarray of bool, shape (n,)
        Whether χ² at the true mass is less than one above its minimum: the 68 % interval holds the truth.
    converged : ndarray of bool, shape (n,)
    """

    truth_mev: float
    mass: FloatArray
    chi2: FloatArray
    covered: BoolArray
    converged: BoolArray

    def __len__(self) -> int:
        return int(self.mass.size)

    @property
    def n_converged(self) -> int:
        """Toys whose fits converged."""
        return int(self.converged.sum())

    def count_above(self, chi2: float) -> int:
        """Converged toys whose fit is no better than one with this χ².

        Parameters
        ----------
        chi2 : float

        Returns
        -------
        int
        """
        return int(np.count_nonzero(self.chi2[self.converged] >= chi2))

    def count_covered(self) -> int:
        """Converged toys whose interval holds the true mass."""
        return int(np.count_nonzero(self.covered[self.converged]))

    def first(self, n_toys: int) -> MassToys:
        """The first toys alone.

        Parameters
        ----------
        n_toys : int

        Returns
        -------
        MassToys
        """
        first = slice(n_toys)
        return MassToys(
            self.truth_mev, self.mass[first], self.chi2[first], self.covered[first], self.converged[first]
        )

    @classmethod
    def joined(cls, parts: list[MassToys]) -> MassToys:
        """Blocks put together, in their order.

        Parameters
        ----------
        parts : list of MassToys
            At least one.

        Returns
        -------
        MassToys
        """
        return cls(
            parts[0].truth_mev,
            np.concatenate([part.mass for part in parts]),
            np.concatenate([part.chi2 for part in parts]),
            np.concatenate([part.covered for part in parts]),
            np.concatenate([part.converged for part in parts]),
        )


def toy_block(
    fit: MassFit, seed: int, block: int, n_toys: int = BLOCK, *, reality: MassFit | None = None
) -> MassToys:
    """Draw the measurements of a block of toys about the fitted mass, and fit each as the data.

    Parameters
    ----------
    fit : MassFit
        How toys are fitted, and its mass is the truth.
    seed, block : int
        The stream is child `block` of the seed: the same whichever other blocks are made.
    n_toys : int
        At most `BLOCK`.
    reality : MassFit, optional
        The same rows with other errors or correlations, with which toys are drawn: what happens if those of
        `fit` are wrong.

    Returns
    -------
    MassToys
    """
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(block,))))
    # The whole block is fitted even if some of it is wanted: products of other sizes round differently.
    normal = generator.standard_normal((BLOCK, len(fit.rows)))
    made = _from_masses if fit.choices.source is Source.MASSES else _from_angles
    return made(fit, normal, (reality or fit).inputs).first(n_toys)


def _from_masses(fit: MassFit, normal: FloatArray, drawn: MassInputs) -> MassToys:
    truth = fit.mass_mev
    values = truth + normal @ np.linalg.cholesky(drawn.mass_covariance).T
    mean = weighted_mean(values, fit.inputs.mass_covariance)
    covered = np.abs(mean.value - truth) <= mean.error
    return MassToys(truth, mean.value, mean.chi2, covered, np.ones(BLOCK, dtype=bool))


def _from_angles(fit: MassFit, normal: FloatArray, drawn: MassInputs) -> MassToys:
    inputs, truth = fit.inputs, fit.mass_mev
    values = inputs.relation.angles(truth) + normal @ np.linalg.cholesky(drawn.angle_covariance).T
    start, precision = np.full(BLOCK, truth), inputs.angle_precision
    fits = fit_angles(inputs.relation, values, precision, start)
    at_truth = angle_chi2(inputs.relation, values, precision, start)
    return MassToys(truth, fits.mass, fits.chi2, at_truth - fits.chi2 <= 1.0, fits.converged)


def blocks_of(n_toys: int) -> list[tuple[int, int]]:
    """Number and size of the blocks of so many toys.

    Parameters
    ----------
    n_toys : int

    Returns
    -------
    list of (int, int)
    """
    return [(k, min(BLOCK, n_toys - k * BLOCK)) for k in range(-(-n_toys // BLOCK))]
