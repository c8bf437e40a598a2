"""Mixtures of multipolarities."""

import math

import numpy as np
import pytest

from x17.errors import UsageError
from x17.nuclear.multipole import Multipole
from x17.nuclear.pair_angles.coefficients import angle_density, fraction_above, pair_coefficient
from x17.nuclear.pair_angles.mixture import MultipoleMixture


def test_one_multipolarity_is_itself() -> None:
    mixture = MultipoleMixture.parse("M1")
    assert str(mixture) == "M1"
    assert mixture.pair_coefficient(18.15) == pair_coefficient(Multipole.M1, 18.15)
    theta = np.linspace(0.5, 3.0, 5)
    assert mixture.angle_density(18.15, theta) == pytest.approx(angle_density(Multipole.M1, 18.15, theta))


def test_shares_weight_what_they_are_shares_of() -> None:
    mixture = MultipoleMixture.parse("M1:0.77, E1:0.23")
    assert str(mixture) == "M1:0.77,E1:0.23"
    above = math.radians(130.0)
    expected = 0.77 * fraction_above(Multipole.M1, 18.15, above)
    expected += 0.23 * fraction_above(Multipole.E1, 18.15, above)
    assert mixture.fraction_above(18.15, above) == pytest.approx(expected, rel=1e-12)


def test_photons_and_pairs_are_two_bases() -> None:
    m1, e1 = (pair_coefficient(m, 18.15) for m in (Multipole.M1, Multipole.E1))
    assert m1 is not None
    assert e1 is not None
    mixture = MultipoleMixture.of_photons(((Multipole.M1, 0.77), (Multipole.E1, 0.23)), 18.15)
    assert mixture.pair_coefficient(18.15) == pytest.approx(0.77 * m1 + 0.23 * e1, rel=1e-12)


def test_e0_alone_has_no_coefficient() -> None:
    assert MultipoleMixture.parse("E0").pair_coefficient(20.21) is None
    with pytest.raises(UsageError, match="no photons"):
        MultipoleMixture.of_photons(((Multipole.E0, 1.0),), 20.21)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("M1:0.5,E1:0.6", "sum 1"),
        ("M1:1.5,E1:-0.5", "above 0"),
        ("M1:0.5,M1:0.5", "once"),
        ("M1:half,E1:0.5", "allowed: one multipolarity, or as"),
        ("M1,E1", "unknown multipolarity"),
        ("", "unknown multipolarity"),
    ],
)
def test_bad_mixtures(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        MultipoleMixture.parse(text)
