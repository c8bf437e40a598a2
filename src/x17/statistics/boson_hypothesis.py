"""What changes in a scan's model when the boson is not a vector: the area of the line and the acceptance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.scan import SearchPoints
from x17.scan.acceptance import TwoClusterAcceptance
from x17.theory.boson import Boson, SpinParity
from x17.theory.production import narrow_width_area_ub_mev2

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class BosonFactors:
    """Factors against the vector that a scan's constants and efficiencies describe.

    Attributes
    ----------
    area : float
        Ratio of the narrow-width areas: 1 for V, 0.995 for A, 0.497 for S, 0.499 for P at 17 MeV.
    efficiency : ndarray, shape (n_points,)
        Ratio of the shares of decays inside the selection's angles.
    """

    area: float
    efficiency: FloatArray

    @property
    def mean_efficiency(self) -> float:
        """Mean of `efficiency`."""
        return float(self.efficiency.mean())


def boson_factors(
    spin_parity: SpinParity, points: SearchPoints, acceptance: TwoClusterAcceptance | None = None
) -> BosonFactors:
    """Factors for a boson of given spin-parity, from its width and its decay angles.

    Parameters
    ----------
    spin_parity : SpinParity
    points : SearchPoints
    acceptance : TwoClusterAcceptance, optional
        PADME Run III's selection by default.

    Returns
    -------
    BosonFactors
    """
    if spin_parity is SpinParity.VECTOR:
        return BosonFactors(1.0, np.ones(len(points)))
    middle = float(points.sqrt_s_mev.mean())
    boson, vector = Boson(middle, spin_parity, 1.0), Boson(middle, SpinParity.VECTOR, 1.0)
    edges = (acceptance or TwoClusterAcceptance()).largest_cos_theta(points.sqrt_s_mev)
    ratio = [boson.decay_fraction(0.0, edge) / vector.decay_fraction(0.0, edge) for edge in edges.tolist()]
    return BosonFactors(
        narrow_width_area_ub_mev2(boson) / narrow_width_area_ub_mev2(vector),
        np.array(ratio, dtype=np.float64),
    )
