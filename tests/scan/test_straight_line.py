import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from x17.errors import UsageError
from x17.scan.straight_line import fit_line

X = np.array([1.0, 2.0, 4.0, 7.0, 7.5])
Y = np.array([2.1, 2.9, 5.2, 7.8, 8.6])
VARIANCE = np.array([0.1, 0.2, 0.1, 0.3, 0.05])


def test_exact_line_is_found() -> None:
    line = fit_line(X, 3.0 - 0.5 * (X - 4.0), VARIANCE, 4.0)
    assert line.constant == pytest.approx(3.0, abs=1e-14)
    assert line.slope == pytest.approx(-0.5, abs=1e-14)
    assert line.chi2 == pytest.approx(0.0, abs=1e-26)
    assert line.ndf == 3


def test_against_the_normal_equations() -> None:
    design = np.column_stack([np.ones(5), X - 3.0])
    information = design.T @ (design / VARIANCE[:, None])
    expected = np.linalg.solve(information, design.T @ (Y / VARIANCE))
    line = fit_line(X, Y, VARIANCE, 3.0)
    np.testing.assert_allclose([line.constant, line.slope], expected, rtol=1e-12)
    np.testing.assert_allclose(line.covariance, np.linalg.inv(information), rtol=1e-12)
    assert line.chi2 == pytest.approx(np.sum((Y - design @ expected) ** 2 / VARIANCE), rel=1e-12)
    assert line.constant_err == pytest.approx(np.sqrt(line.covariance[0, 0]))
    assert line.slope_err == pytest.approx(np.sqrt(line.covariance[1, 1]))
    assert line.correlation == pytest.approx(
        line.covariance[0, 1] / np.sqrt(line.covariance[0, 0] * line.covariance[1, 1])
    )


@given(center=st.floats(-1e4, 1e4))
def test_the_center_changes_only_the_description(center: float) -> None:
    near, far = fit_line(X, Y, VARIANCE, 4.0), fit_line(X, Y, VARIANCE, center)
    np.testing.assert_allclose(far(X), near(X), rtol=1e-10)
    assert far.chi2 == pytest.approx(near.chi2, rel=1e-9)
    assert far.slope_err == pytest.approx(near.slope_err, rel=1e-12)


def test_two_points_leave_no_freedom() -> None:
    line = fit_line([1.0, 3.0], [1.0, 2.0], [1.0, 1.0], 1.0)
    assert (line.constant, line.slope, line.ndf) == (1.0, 0.5, 0)
    assert line.chi2 == 0.0


def test_covariance_is_read_only() -> None:
    line = fit_line(X, Y, VARIANCE, 4.0)
    with pytest.raises(ValueError, match="read-only"):
        line.covariance[0, 0] = 0.0


def test_the_line_keeps_the_shape_of_its_argument() -> None:
    line = fit_line(X, Y, VARIANCE, 4.0)
    assert line(np.ones((2, 3))).shape == (2, 3)
    assert line(4.0).shape == ()
    assert float(line(4.0)) == line.constant


@pytest.mark.parametrize(
    ("x", "y", "variance", "message"),
    [
        ([1.0, 2.0], [1.0], [1.0, 1.0], "one length"),
        ([[1.0, 2.0]], [[1.0, 2.0]], [[1.0, 1.0]], "one length"),
        ([1.0, 2.0], [1.0, np.nan], [1.0, 1.0], "finite"),
        ([1.0, np.inf], [1.0, 2.0], [1.0, 1.0], "finite"),
        ([1.0, 2.0], [1.0, 2.0], [1.0, 0.0], "positive variances"),
        ([1.0, 2.0], [1.0, 2.0], [1.0, -1.0], "positive variances"),
        ([2.0, 2.0], [1.0, 2.0], [1.0, 1.0], "two different positions"),
        ([2.0], [1.0], [1.0], "two different positions"),
        ([], [], [], "two different positions"),
    ],
)
def test_bad_input(x: list[float], y: list[float], variance: list[float], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        fit_line(x, y, variance, 0.0)
