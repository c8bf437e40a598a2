import numpy as np
import pytest

from x17.scan.acceptance import TwoClusterAcceptance


def test_without_a_margin_the_edge_is_the_partner_of_r_max() -> None:
    # Published kinematics at √s = 16.9 MeV with R_max = 270 mm and D = 3640 mm: R_min = 179.5 mm and
    # |cos θ*| < 0.2012; the radii are rounded to 0.1 mm, which is 2e-4 of the cosine.
    edge = TwoClusterAcceptance(distance_mm=3640.0, margin_mm=0.0).largest_cos_theta(16.9)
    assert float(edge) == pytest.approx(0.2012, abs=3e-4)


def test_edge_is_where_the_inner_cluster_reaches_r_min_less_the_margin() -> None:
    cuts = TwoClusterAcceptance()
    for sqrt_s in (16.4, 16.9, 17.4):
        c = float(cuts.largest_cos_theta(sqrt_s))
        scale = cuts.distance_mm * 2 * 0.511 / sqrt_s
        inner = scale * np.sqrt((1 - c) / (1 + c))  # tan(θ*/2) of the smaller angle
        assert inner == pytest.approx(scale**2 / cuts.r_max_mm - cuts.margin_mm, rel=1e-12)


def test_a_wider_margin_accepts_more_and_never_more_than_all() -> None:
    edges = [
        float(TwoClusterAcceptance(margin_mm=m).largest_cos_theta(16.9)) for m in (0.0, 20.0, 100.0, 1e4)
    ]
    assert edges == sorted(edges)
    assert edges[-1] <= 1.0
