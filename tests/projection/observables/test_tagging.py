"""What single tags make of pairs, and back."""

from dataclasses import replace

import numpy as np
import pytest

from x17.errors import UsageError
from x17.projection.observables.tagging import ELECTRONS, PHOTONS, Tagging

TAGS = Tagging(efficiency=0.97, photon_tags=0.02)


def test_every_pair_has_a_class() -> None:
    np.testing.assert_allclose(TAGS.shares.sum(axis=1), 1.0, rtol=1e-15)
    np.testing.assert_allclose(TAGS.slopes.sum(axis=1), 0.0, atol=1e-15)
    np.testing.assert_allclose(TAGS.shares[ELECTRONS], [0.97**2, 0.03**2, 2 * 0.97 * 0.03])
    np.testing.assert_allclose(TAGS.shares[PHOTONS], [0.02**2, 0.98**2, 2 * 0.98 * 0.02])


def test_slopes_are_derivatives() -> None:
    step = 1e-6
    for row, name in ((ELECTRONS, "efficiency"), (PHOTONS, "photon_tags")):
        up, down = (replace(TAGS, **{name: getattr(TAGS, name) + sign * step}) for sign in (1.0, -1.0))
        # Central differences of a parabola are exact but for rounding, 1e-16/1e-6.
        np.testing.assert_allclose(TAGS.slopes[row], (up.shares - down.shares)[row] / (2 * step), atol=1e-9)


@pytest.mark.parametrize(("efficiency", "photons"), [(0.98, 0.003), (0.9997, 0.021), (0.7, 0.2), (1.0, 0.0)])
def test_tags_from_the_yields_that_they_give(efficiency: float, photons: float) -> None:
    truth = Tagging(efficiency=efficiency, photon_tags=photons)
    yields = np.array([2.9e-6, 0.6e-6])
    two, none, one = (yields @ truth.shares).tolist()
    found = Tagging.of_yields((2.9e-6, 0.6e-6), (two, none, one), efficiency_err=0.001)
    # The root of a difference of two nearly equal squares at η = 1: half of the digits.
    assert found.efficiency == pytest.approx(efficiency, abs=1e-7)
    assert found.photon_tags == pytest.approx(photons, abs=1e-6)
    assert found.efficiency_err == 0.001


@pytest.mark.parametrize(
    "wrong",
    [
        {"efficiency": 1.1},
        {"photon_tags": 0.98},
        {"photon_tags": -0.1},
        {"efficiency_err": -0.1},
        {"photon_tags_err": 2.0},
        {"efficiency": float("nan")},
    ],
    ids=str,
)
def test_impossible_tags_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(UsageError, match=r"allowed|tagging"):
        replace(TAGS, **wrong)


def test_yields_of_one_kind_do_not_tell_both() -> None:
    with pytest.raises(UsageError, match="0 of photons"):
        Tagging.of_yields((1.0, 0.0), (0.9, 0.05, 0.05))
