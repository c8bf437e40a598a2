import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from x17.simulation.generators.two_body import decay, perpendicular


def test_momentum_and_energy_are_conserved_and_masses_right() -> None:
    rng = np.random.default_rng(1)
    n, mu = 1000, 0.511
    momentum = rng.uniform(0.0, 400.0, n)
    energy = np.sqrt(momentum**2 + rng.uniform(2.0, 30.0, n) ** 2)
    direction = rng.normal(size=(n, 3)) * [0.01, 0.01, 0.0] + [0.0, 0.0, 1.0]
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    products = decay(energy, momentum, direction, mu, rng.uniform(-1, 1, n), rng.uniform(0, 6.3, n))
    np.testing.assert_allclose(products.energy.sum(axis=1), energy, rtol=1e-13)
    np.testing.assert_allclose(products.momentum.sum(axis=1), momentum[:, None] * direction, atol=1e-10)
    squared = products.energy**2 - np.sum(products.momentum**2, axis=2)
    # Differences of squares of 1e5 MeV² carry rounding of 1e-11.
    np.testing.assert_allclose(squared, mu**2, atol=1e-8)


@given(st.floats(-0.99, 0.99), st.floats(0.0, 6.28))
def test_angle_in_the_rest_frame_is_the_one_asked_for(cosine: float, phi: float) -> None:
    energy, momentum = np.array([280.0]), np.array([np.sqrt(280.0**2 - 17.0**2)])
    direction = np.array([[0.0, 0.0, 1.0]])
    products = decay(energy, momentum, direction, 0.511, np.array([cosine]), np.array([phi]))
    gamma, beta_gamma = energy[0] / 17.0, momentum[0] / 17.0
    p, e = products.momentum[0, 0], products.energy[0, 0]
    along = gamma * p[2] - beta_gamma * e
    size = np.sqrt(8.5**2 - 0.511**2)
    assert along / size == pytest.approx(cosine, abs=1e-10)
    assert np.hypot(p[0], p[1]) == pytest.approx(size * np.sqrt(1 - cosine**2), abs=1e-9)
    assert np.arctan2(p[1], p[0]) == pytest.approx(np.angle(np.exp(1j * phi)), abs=1e-7)


def test_radii_of_massless_products_at_a_plane() -> None:
    """R = (D/γ) sin θ*/(β + cos θ*): R₁ R₂ = (D/γ)² but for 1/γ², which is how R_min is made from R_max."""
    sqrt_s, distance = 16.9, 3640.41
    energy = np.array([sqrt_s**2 / (2 * 0.51099895)])
    momentum = np.sqrt(energy**2 - sqrt_s**2)
    products = decay(energy, momentum, np.array([[0.0, 0.0, 1.0]]), 0.0, np.array([0.2012]), np.array([0.4]))
    radius = distance * np.hypot(*products.momentum[0, :, :2].T) / products.momentum[0, :, 2]
    gamma, beta = energy[0] / sqrt_s, momentum[0] / energy[0]
    exact = (distance / gamma) ** 2 * (1 - 0.2012**2) / (beta**2 - 0.2012**2)
    assert radius.prod() == pytest.approx(exact, rel=1e-9)
    assert radius.prod() == pytest.approx((distance / gamma) ** 2, rel=1.1 / gamma**2)


def test_perpendicular_vectors_are_orthonormal() -> None:
    direction = np.array([[0.01, -0.02, 1.0], [0.0, 0.0, 1.0], [0.3, 0.1, 0.9]])
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    first, second = perpendicular(direction)
    frames = np.stack([first, second, direction], axis=1)
    np.testing.assert_allclose(frames @ frames.transpose(0, 2, 1), np.tile(np.eye(3), (3, 1, 1)), atol=1e-14)
    np.testing.assert_allclose(np.linalg.det(frames), 1.0)
