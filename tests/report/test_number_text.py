"""Numbers as text."""

import pytest

from x17.report.number_text import (
    between,
    confidence,
    fraction_text,
    mass_text,
    probability,
    scaled,
    scientific,
    signed,
    with_error,
)
from x17.statistics.monte_carlo import TailFraction


@pytest.mark.parametrize(
    ("value", "text"), [(16.259999999999998, "16.26"), (16.9, "16.90"), (16.525, "16.525"), (17.0, "17.00")]
)
def test_mass(value: float, text: str) -> None:
    assert mass_text(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(4.4169e-4, "4.42e-4"), (0.0, "0"), (1.348e-3, "1.35e-3"), (1e-12, "1.00e-12")]
)
def test_scientific(value: float, text: str) -> None:
    assert scientific(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.5, "0.5"), (0.011371, "0.0114"), (2.87e-7, "2.87e-7"), (0.0, "0")]
)
def test_probability(value: float, text: str) -> None:
    assert probability(value) == text


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (1.01160315, 0.00158405, "1.0116 ± 0.0016"),
        (-0.0104511, 0.0048489, "−0.0105 ± 0.0048"),
        (24828.658, 26.4947, "24829 ± 26"),
        (1.5, 0.0, "1.5"),
        (1.5, float("nan"), "1.5"),
    ],
)
def test_with_error(value: float, error: float, text: str) -> None:
    assert with_error(value, error) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.404, "+0.40"), (-0.279, "−0.28"), (-4.9e-6, "0.00"), (0.0, "0.00"), (None, "–")]
)
def test_signed(value: float | None, text: str) -> None:
    assert signed(value, 2) == text


def test_scaled() -> None:
    assert scaled(4.417e-4, 1e4, 2) == "4.42"
    assert scaled(None, 1e4, 2) == "–"


@pytest.mark.parametrize(("cl", "text"), [(0.9, "90 % CL"), (0.6827, "68.27 % CL"), (0.95, "95 % CL")])
def test_confidence(cl: float, text: str) -> None:
    assert confidence(cl) == text


@pytest.mark.parametrize(
    ("successes", "toys", "text"),
    [
        (119, 10_000, "0.0119 +0.0012 −0.0011"),
        (0, 10_000, "< 1.8e-4"),
        (0, 50, "< 0.036"),
        (3, 100_000, "(3.0 +2.9 −1.6)e-5"),
    ],
)
def test_fraction(successes: int, toys: int, text: str) -> None:
    assert fraction_text(TailFraction(successes, toys)) == text


@pytest.mark.parametrize("successes", [1, 25, 49, 50])
def test_fraction_of_few_toys(successes: int) -> None:
    value, up, down = fraction_text(TailFraction(successes, 50)).split()
    assert float(value) == pytest.approx(successes / 50)
    assert up.startswith("+")
    assert down.startswith("−")


@pytest.mark.parametrize(
    ("value", "low", "high", "scale", "text"),
    [
        (16.9001, 16.8701, 16.9268, 1.0, "16.900 +0.027 −0.030"),
        (4.42e-4, 3.31e-4, 5.30e-4, 1e4, "4.42 +0.88 −1.11"),
        (16.9, None, 17.1, 1.0, "16.90 +0.20 −?"),
        (0.0, 0.0, 3.3e-4, 1e4, "0.0 +3.3 −0.0"),
        (16.9, None, None, 1.0, "16.90 +? −?"),
    ],
)
def test_between(value: float, low: float | None, high: float | None, scale: float, text: str) -> None:
    assert between(value, low, high, scale) == text
