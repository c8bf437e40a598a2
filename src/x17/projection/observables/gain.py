"""What each observable, and all of them together, gain over two-cluster counting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.projection.observables.class_points import ClassPoints
from x17.projection.observables.common_responses import PriorErrors
from x17.projection.observables.joint_likelihood import JointLikelihood
from x17.projection.observables.observable import ALL, Observable
from x17.projection.observables.tagging import Tagging
from x17.scan.model_constants import ModelConstants
from x17.theory.lineshape import Voigt

FloatArray = NDArray[np.float64]

JOINT = "joint"
"""Name of all observables together."""


@dataclass(frozen=True, slots=True, eq=False)
class ObservableReach:
    """Reach of one observable, or of all.

    Attributes
    ----------
    name : str
        An `Observable`, or `JOINT`.
    point_error : float or None
        Mean relative error of a point; None for the joint likelihood.
    limit : ndarray, shape (m,)
        Median limit on g without a boson.
    z : ndarray, shape (m,)
        Median significance of the boson.
    limit_gain, z_gain : ndarray, shape (m,)
        Limit of two-cluster counting over this one; this significance over that of two-cluster counting.
    """

    name: str
    point_error: float | None
    limit: FloatArray
    z: FloatArray
    limit_gain: FloatArray
    z_gain: FloatArray


def compare_observables(
    points: ClassPoints,
    tagging: Tagging,
    line_shape: Voigt,
    constants: ModelConstants,
    masses: FloatArray,
    coupling: float,
    *,
    photon_share: float = 0.0,
    cl: float = 0.9,
    prior: PriorErrors | None = None,
) -> tuple[ObservableReach, ...]:
    """Compare the observables with two-cluster counting.

    Parameters
    ----------
    points : ClassPoints
    tagging : Tagging
    line_shape : Voigt
    constants : ModelConstants
    masses : ndarray, shape (m,)
        MeV.
    coupling : float
        g of the boson whose significance is asked for.
    photon_share : float
        r of the boson, for limits and significance.
    cl : float
    prior : PriorErrors, optional

    Returns
    -------
    tuple of ObservableReach
        2cl, ee, gg, ee/gg and joint.
    """
    sets: list[tuple[str, Sequence[Observable]]] = [(one.value, (one,)) for one in ALL]
    sets.append((JOINT, ALL))
    rows: list[ObservableReach] = []
    for name, chosen in sets:
        likelihood = JointLikelihood.build(points, tagging, chosen, line_shape, constants, prior)
        limit = likelihood.expected_limit(masses, photon_share, cl)
        z = likelihood.expected_z(masses, coupling, photon_share)
        base = rows[0] if rows else None
        rows.append(
            ObservableReach(
                name=name,
                point_error=float(likelihood.point_errors[0]) if len(chosen) == 1 else None,
                limit=limit,
                z=z,
                limit_gain=base.limit / limit if base else np.ones_like(limit),
                z_gain=z / base.z if base else np.ones_like(z),
            )
        )
    return tuple(rows)
