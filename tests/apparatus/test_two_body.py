"""Radii and energies against the exact boost of the theory, and against the published formulas."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from x17.apparatus import two_body
from x17.theory.qed.laboratory import to_laboratory

D = 3640.41
SQRT_S = st.floats(5.0, 50.0)
RADIUS = st.floats(1.0, 1000.0)


@given(sqrt_s=SQRT_S, r_max=RADIUS)
def test_partner_of_the_partner(sqrt_s: float, r_max: float) -> None:
    r_min = two_body.r_min_mm(sqrt_s, D, r_max)
    assert two_body.r_min_mm(sqrt_s, D, r_min) == pytest.approx(r_max, rel=1e-12)


@given(sqrt_s=SQRT_S, radius=RADIUS)
def test_energies_of_partners_add_up(sqrt_s: float, radius: float) -> None:
    partner = two_body.r_min_mm(sqrt_s, D, radius)
    total = two_body.energy_at_mev(sqrt_s, D, radius) + two_body.energy_at_mev(sqrt_s, D, partner)
    assert total == pytest.approx(float(two_body.gamma(sqrt_s) * sqrt_s), rel=1e-12)


@given(sqrt_s=SQRT_S, r_max=RADIUS)
def test_published_formulas(sqrt_s: float, r_max: float) -> None:
    """t = atan(γ R_max/D); R_min = D cot t/γ; E_max,min = ½ √s γ (1 ∓ cos 2t)."""
    gamma = float(two_body.gamma(sqrt_s))
    t = np.arctan(gamma * r_max / D)
    r_min = D / np.tan(t) / gamma
    assert two_body.r_min_mm(sqrt_s, D, r_max) == pytest.approx(r_min, rel=1e-9)
    e_max, e_min = (0.5 * sqrt_s * gamma * (1.0 + sign * np.cos(2.0 * t)) for sign in (-1.0, 1.0))
    # 1 − cos 2t loses digits where t is small: compared relative to the sum of both.
    assert two_body.energy_at_mev(sqrt_s, D, r_min) == pytest.approx(e_max, abs=1e-9 * sqrt_s * gamma)
    assert two_body.energy_at_mev(sqrt_s, D, r_max) == pytest.approx(e_min, abs=1e-9 * sqrt_s * gamma)


@pytest.mark.parametrize("cos_theta", [-0.6, -0.2, 0.0, 0.2, 0.6])
def test_exact_boost(cos_theta: float) -> None:
    """Massless products of the exact boost: the formulas put β = 1, which is 1 − δ with δ = 1/(2γ²) = 0.18 %.

    Exactly R R' = (D/γ)²/(1 − 1/(γ sin θ*)²); the energy is larger by δ (1 − 2c)/(1 + c) to first order, and
    2e-4 leaves room for the second, some (5.5 δ)².
    """
    product = to_laboratory(16.9, cos_theta, 0.0)
    radius = D * np.tan(product.theta_rad)
    partner = D * np.tan(to_laboratory(16.9, -cos_theta, 0.0).theta_rad)
    gamma = float(two_body.gamma(16.9))
    neglected = 1.0 / (gamma**2 * (1.0 - cos_theta**2))
    r_min = two_body.r_min_mm(16.9, D, radius)
    assert r_min == pytest.approx(float(partner) * (1.0 - neglected), rel=1e-9)
    first_order = 1.0 + 0.5 / gamma**2 * (1.0 - 2.0 * cos_theta) / (1.0 + cos_theta)
    energy = two_body.energy_at_mev(16.9, D, radius)
    assert energy * first_order == pytest.approx(float(product.energy_mev), rel=2e-4)


def test_shapes_broadcast() -> None:
    assert two_body.r_min_mm(np.full((3, 1), 17.0), D, np.full(4, 270.0)).shape == (3, 4)
