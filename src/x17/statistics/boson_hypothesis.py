"""What changes in a scan's model when the boson is not a vector: the area of the line and the acceptance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.errors import UsageError
from x17.scan import SearchPoints
from x17.scan.acceptance import TwoClusterAcceptance
from x17.theory.boson import Boson, SpinParity
from x17.theory.production import narrow_width_area_ub_mev2

FloatArray = NDArray[np.float64]

_NEAR_ONE = 0.95
"""|cos θ*| that no selection of radii means to reach."""


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
    spin_parity: SpinParity, points: SearchPoints, largest_cos_theta: float | None = None
) -> BosonFactors:
    """Factors for a boson of given spin-parity, from its width and its decay angles.

    Parameters
    ----------
    spin_parity : SpinParity
    points : SearchPoints
    largest_cos_theta : float, optional
        Of pairs that the selection accepts, |cos θ*|; from the radii of PADME Run III by default.

    Returns
    -------
    BosonFactors

    Raises
    ------
    UsageError
        The radii of PADME Run III accept nothing at the energies of the scan.
    """
    if spin_parity is SpinParity.VECTOR:
        return BosonFactors(1.0, np.ones(len(points)))
    middle = float(points.sqrt_s_mev.mean())
    boson, vector = Boson(middle, spin_parity, 1.0), Boson(middle, SpinParity.VECTOR, 1.0)
    edges = TwoClusterAcceptance().largest_cos_theta(points.sqrt_s_mev)
    if largest_cos_theta is not None:
        edges = np.full(len(points), largest_cos_theta)
    elif np.any(edges <= 0.0) or np.any(edges > _NEAR_ONE):
        raise UsageError(
            f"--boson {spin_parity}: which decay angles are accepted at √s = {middle:.2f} MeV is not known, "
            "the radii of PADME Run III do not say it; give [model] largest_cos_theta in the scan's TOML "
            "(`x17 theory lineshape --setup FILE` prints it)"
        )
    ratio = [boson.decay_fraction(0.0, edge) / vector.decay_fraction(0.0, edge) for edge in edges.tolist()]
    return BosonFactors(
        narrow_width_area_ub_mev2(boson) / narrow_width_area_ub_mev2(vector),
        np.array(ratio, dtype=np.float64),
    )
