import numpy as np
import pytest
from scipy.special import wofz

from x17.theory.faddeeva import faddeeva_lanes


def faddeeva(z: np.ndarray) -> np.ndarray:
    x, y = np.ascontiguousarray(z.real), np.ascontiguousarray(z.imag)
    re, im = np.empty_like(x), np.empty_like(x)
    faddeeva_lanes(x, y, re, im, np.empty((4, x.size)))
    return re + 1j * im


@pytest.mark.parametrize(
    ("im", "of_modulus", "of_real_part"),
    # The bounds the module claims; towards the real axis Re w is small where |w| is not.
    [
        (0.01, 4e-13, 4e-10),
        (0.3, 4e-13, 1e-11),
        (1.0, 4e-13, 4e-12),
        (1.7, 4e-13, 4e-12),
        (50.0, 4e-13, 1e-13),
    ],
)
def test_agrees_with_scipy(im: float, of_modulus: float, of_real_part: float) -> None:
    z = np.linspace(-60.0, 60.0, 2401) + 1j * im
    difference, reference = faddeeva(z) - wofz(z), wofz(z)
    assert np.max(np.abs(difference) / np.abs(reference)) < of_modulus
    assert np.max(np.abs(difference.real) / reference.real) < of_real_part


@pytest.mark.parametrize("im", [0.01, 1.0, 1e3, 1e6, 1e9])
def test_agrees_far_out_too(im: float) -> None:
    """A beam spread that goes to zero in a fit sends both parts of the argument to infinity."""
    z = np.concatenate([-np.geomspace(1e7, 1.0, 500), np.geomspace(1.0, 1e7, 500)]) + 1j * im
    reference = wofz(z)
    assert np.max(np.abs(faddeeva(z) - reference) / np.abs(reference)) < 4e-13
    assert np.max(np.abs(faddeeva(z).real / reference.real - 1.0)) < 4e-10


def test_symmetry() -> None:
    z = np.linspace(0.0, 20.0, 64) + 1.3j
    np.testing.assert_allclose(faddeeva(-np.conj(z)), np.conj(faddeeva(z)), rtol=1e-15)


def test_a_lane_does_not_see_its_neighbours() -> None:
    z = np.linspace(-5.0, 5.0, 64) + 1.7j
    together = faddeeva(z)
    assert faddeeva(z[::-1].copy())[::-1].tobytes() == together.tobytes()
