import numpy as np
import pytest

from x17.simulation.generators.annihilation import Annihilation
from x17.theory.qed.published_k import PUBLISHED_K


def test_lines() -> None:
    """The published values at 16.92 MeV, and a MeV above."""
    assert PUBLISHED_K["ee"].at(16.92) == 0.9706
    assert PUBLISHED_K["gg"].at([16.92, 17.92]) == pytest.approx([0.984, 0.990], rel=1e-12)
    assert PUBLISHED_K["ee"].err_at(16.92) == 0.0005
    assert PUBLISHED_K["ee"].err_at(17.92) == pytest.approx(np.hypot(0.0005, 0.0017), rel=1e-12)
    assert {kind.value for kind in Annihilation} <= set(PUBLISHED_K)


def test_the_sum_is_the_mean_of_its_parts() -> None:
    """Electrons are 4.6 times as many as photons in the published acceptance; to the error of the sum."""
    mean = (4.6 * PUBLISHED_K["ee"].at(16.92) + PUBLISHED_K["gg"].at(16.92)) / 5.6
    assert mean == pytest.approx(float(PUBLISHED_K["sum"].at(16.92)), abs=PUBLISHED_K["sum"].value_err)
