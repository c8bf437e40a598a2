import math

import numpy as np
import pytest

from x17.errors import UsageError
from x17.reconstruction.angle_windows import AngleWindows


def test_windows_are_about_pi_or_where_the_collaboration_has_them() -> None:
    windows = AngleWindows()
    assert windows.delta_phi_edges == pytest.approx((math.pi - 0.3315, math.pi + 0.3315))
    assert windows.sum_theta_edges == pytest.approx((math.pi - 0.2796, math.pi + 0.2796))
    padme = AngleWindows.padme(4.0)
    assert padme.delta_phi_edges == pytest.approx((3.093 - 0.442, 3.093 + 0.442))
    assert padme.sum_theta_center == 3.113


def test_edges_are_outside() -> None:
    windows = AngleWindows(delta_phi_center=3.0, delta_phi_sigma=0.25, sum_theta_sigma=0.25, n_sigma=2.0)
    np.testing.assert_array_equal(
        windows.in_delta_phi(np.array([2.5, 2.6, 3.4, 3.5])), [False, True, True, False]
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"n_sigma": 0.0}, "n_sigma is 0; allowed: above 0"),
        ({"sum_theta_sigma": float("nan")}, "sum_theta_sigma is nan"),
        ({"n_sigma": 40.0}, "within 0 to 2π"),
    ],
)
def test_windows_are_checked(change: dict[str, float], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        AngleWindows(**change)
