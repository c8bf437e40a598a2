from collections.abc import Callable

import numpy as np
import pytest

from x17.constants import ELECTRON_MASS_MEV
from x17.theory.qed.three_bodies import beams, decay, direction, photon_momentum

EVENTS = 500


@pytest.fixture
def random_states() -> Callable[[float, float], tuple[np.ndarray, ...]]:
    """(share, mass) → p1, p2, one, other, photon at √s = 17 MeV, the photon with share · √s/2."""

    def make(share: float, mass: float) -> tuple[np.ndarray, ...]:
        rng = np.random.default_rng(20240607)
        photon = photon_momentum(np.full(EVENTS, share * 8.5), rng.uniform(-1.0, 1.0, EVENTS))
        unit = direction(rng.uniform(-0.8, 0.8, EVENTS), rng.uniform(0.0, 2.0 * np.pi, EVENTS))
        one, other, _ = decay(17.0, photon, unit, mass)
        return *beams(17.0, ELECTRON_MASS_MEV, EVENTS), one, other, photon

    return make
