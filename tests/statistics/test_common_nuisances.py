from dataclasses import replace

import numpy as np
import pytest

from x17.errors import UsageError
from x17.scan import EnergyScan
from x17.scan.straight_line import fit_line
from x17.statistics.common_nuisances import background_curves, common_nuisances, integrated_flux_fraction
from x17.statistics.model_settings import ModelSettings


def test_flux_fraction_rises_in_order_of_data_taking(scan: EnergyScan) -> None:
    points = scan.search_points()
    fraction = integrated_flux_fraction(points)
    in_time = fraction[np.argsort(points.period)]
    assert (np.diff(in_time) > 0).all()
    assert np.average(fraction, weights=points.n_pot) == pytest.approx(0.0, abs=1e-12)
    assert 0.9 < in_time[-1] - in_time[0] < 1.0  # from the middle of the first point to that of the last


def test_nothing_asked_for_changes_nothing(scan: EnergyScan) -> None:
    points = scan.search_points()
    common = common_nuisances(points, ModelSettings(), 16.92)
    assert common.names == ()
    np.testing.assert_array_equal(common.n_pot_err, points.n_pot_err)
    np.testing.assert_array_equal(common.background_err, points.background_err)


def test_a_common_share_keeps_the_total_variance_of_each_point(scan: EnergyScan) -> None:
    points = scan.search_points()
    settings = ModelSettings(correlated_flux_fraction=0.3, correlated_background_fraction=1.0)
    common = common_nuisances(points, settings, 16.92)
    assert common.names == ("n_pot_common", "background_common")
    total = (common.n_pot_err / points.n_pot) ** 2 + common.templates[:, 0] ** 2
    np.testing.assert_allclose(total, (points.n_pot_err / points.n_pot) ** 2, rtol=1e-12)
    assert (common.background_err == 0.0).all()


def test_curves_are_the_lines_of_each_part_with_their_covariance(scan: EnergyScan) -> None:
    points = scan.search_points()
    names, templates, covariance, background = background_curves(points, 16.92)
    assert names == ["B_part0_constant", "B_part0_slope", "B_part1_constant", "B_part1_slope"]
    for part, k in ((0, 0), (1, 2)):
        here = points.scan_part == part
        line = fit_line(
            points.sqrt_s_mev[here], points.background_per_pot[here], points.background_err[here] ** 2, 16.92
        )
        np.testing.assert_allclose(background[here], line(points.sqrt_s_mev[here]), rtol=1e-12)
        # Moving both parameters by their errors moves the curve as the templates say, to first order.
        step = np.array([0.3, -0.2]) * np.sqrt(np.diag(line.covariance))
        moved = line.constant + step[0] + (line.slope + step[1]) * (points.sqrt_s_mev[here] - 16.92)
        nuisances = np.zeros(4)
        nuisances[k : k + 2] = step / line.constant
        np.testing.assert_allclose(
            np.exp(templates[here] @ nuisances), moved / background[here], rtol=1e-6
        )  # second order: the square of 1e-3
        np.testing.assert_allclose(
            covariance[k : k + 2, k : k + 2], line.covariance / line.constant**2, rtol=1e-12
        )


def test_a_part_with_two_points_has_no_curve(scan: EnergyScan) -> None:
    points = scan.search_points()
    part = np.zeros(42, dtype=np.int64)
    part[:2] = 7
    with pytest.raises(UsageError, match="part 7 has 2"):
        background_curves(replace(points, scan_part=part), 16.92)


def test_flux_fraction_of_three_equal_points(scan: EnergyScan) -> None:
    points = scan.search_points()
    three = replace(
        points,
        **{
            name: np.array(getattr(points, name)[:3])
            for name in points.__dataclass_fields__
            if name not in ("period", "n_pot")
        },
        period=np.array([5, 1, 3]),
        n_pot=np.full(3, 2e9),
    )
    # Middles of the thirds, 5/6, 1/6 and 1/2 of the exposure, less their mean.
    np.testing.assert_allclose(integrated_flux_fraction(three), [1 / 3, -1 / 3, 0.0], atol=1e-15)


def test_covariance_is_that_of_the_widths_asked_for(scan: EnergyScan) -> None:
    settings = ModelSettings(
        flux_slope_err=0.02, correlated_flux_fraction=0.3, correlated_background_fraction=0.2
    )
    common = common_nuisances(scan.search_points(), settings, 16.92)
    np.testing.assert_allclose(common.covariance, np.diag([0.02**2, 1.0, 1.0]), rtol=1e-15)
