"""Expected counts of the classes of pairs, how they move together, and with what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.projection.observables.class_points import ClassPoints
from x17.projection.observables.tagging import Tagging

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ClassResponse:
    """Expected counts and their relative responses; classes are ee, γγ and mixed.

    Attributes
    ----------
    expected : ndarray, shape (n, 3)
        Counts without a boson.
    origins : ndarray, shape (n, 2, 3)
        Share of a class that pairs of electrons, and of photons, make; 0 in an empty class.
    tags : ndarray, shape (n, 2, 3)
        Relative change of a class by η, and by f.
    """

    expected: FloatArray
    origins: FloatArray
    tags: FloatArray

    @classmethod
    def of(cls, points: ClassPoints, tagging: Tagging) -> ClassResponse:
        """Responses of the classes.

        Parameters
        ----------
        points : ClassPoints
        tagging : Tagging

        Returns
        -------
        ClassResponse
        """
        parts = points.yields[:, :, None] * tagging.shares
        total = parts.sum(axis=1)
        there = (total > 0.0)[:, None, :]
        changes = points.yields[:, :, None] * tagging.slopes
        origins, tags = (
            np.divide(one, total[:, None, :], out=np.zeros_like(parts), where=there)
            for one in (parts, changes)
        )
        return cls(points.n_pot[:, None] * total, origins, tags)


def relative_covariance(points: ClassPoints, tagging: Tagging, response: ClassResponse) -> FloatArray:
    """Covariance of the relative counts of the classes at each point.

    V = diag(1/N) + (σ_P² + σ_shared²) 11ᵀ + Σ_t σ_t² o_t o_tᵀ + σ_η² j jᵀ + σ_f² k kᵀ, o the origins, j and
    k the tags: statistics, positrons and selection, simulated events of each kind, and the tags' changes
    from point to point.

    Parameters
    ----------
    points : ClassPoints
    tagging : Tagging
    response : ClassResponse

    Returns
    -------
    ndarray, shape (n, 3, 3)
        Rows and columns of an empty class are those of the positrons alone.
    """
    counts = response.expected
    statistics = np.divide(1.0, counts, out=np.zeros_like(counts), where=counts > 0.0)
    covariance = statistics[:, :, None] * np.eye(3)
    covariance += (points.flux_err**2 + points.shared_err**2)[:, None, None]
    errors = np.stack([points.electrons_err, points.photons_err], axis=1)
    covariance += np.einsum("nt,nta,ntb->nab", errors**2, response.origins, response.origins)
    of_tags = np.square([tagging.efficiency_err, tagging.photon_tags_err])
    return np.asarray(covariance + np.einsum("t,nta,ntb->nab", of_tags, response.tags, response.tags))
