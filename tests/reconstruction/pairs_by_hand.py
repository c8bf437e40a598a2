"""Pairs with given angles; what is not given is that of a perfect two-body event."""

import math

import numpy as np
from numpy.typing import ArrayLike

from x17.reconstruction.pairs import Pairs


def pairs_with(
    delta_phi: ArrayLike = math.pi,
    sum_theta: ArrayLike = math.pi,
    weight: ArrayLike = 1.0,
    charged: tuple[ArrayLike, ArrayLike] = (True, True),
    energy: tuple[ArrayLike, ArrayLike] = (140.0, 140.0),
    radius: tuple[ArrayLike, ArrayLike] = (220.0, 220.0),
) -> Pairs:
    phi, theta, w, c1, c2, e1, e2, r1, r2 = np.broadcast_arrays(
        np.atleast_1d(delta_phi), sum_theta, weight, *charged, *energy, *radius
    )
    n = phi.size
    zeros = np.zeros(n)
    return Pairs(
        event=np.arange(n),
        run=np.zeros(n, dtype=np.int64),
        weight=w.astype(float),
        radius_1=r1.astype(float),
        radius_2=r2.astype(float),
        azimuth_1=zeros,
        azimuth_2=zeros + math.pi,
        energy_1=e1.astype(float),
        energy_2=e2.astype(float),
        time_difference=zeros,
        delta_phi=phi.astype(float),
        sum_theta=theta.astype(float),
        charged_1=c1.astype(bool),
        charged_2=c2.astype(bool),
    )
