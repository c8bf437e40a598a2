import numpy as np
import pytest

from x17.errors import InputError, UsageError
from x17.kinematics import beam_energy_mev
from x17.scan import EnergyScan
from x17.scan.variations import (
    farthest_background,
    only_part,
    tag_and_probe_line,
    with_beam_energy,
    with_smooth_background,
    with_smooth_tag_and_probe,
    without_period,
)


@pytest.fixture(scope="module")
def scan() -> EnergyScan:
    return EnergyScan.load("padme-run3")


def test_beam_energies_are_scaled_and_nothing_else(scan: EnergyScan) -> None:
    moved = with_beam_energy(scan, 1.005)
    mass = scan.constants.electron_mass_mev
    ratio = beam_energy_mev(moved.sqrt_s_mev, mass) / beam_energy_mev(scan.sqrt_s_mev, mass)
    np.testing.assert_allclose(ratio, 1.005, rtol=1e-12)  # rounding of the square and its root
    for name in ("n2", "n_pot", "background_per_pot", "signal_efficiency"):
        np.testing.assert_array_equal(moved.columns[name], scan.columns[name])
    # dE/d√s = √s/m_e: 0.5 % of E is 0.25 % of √s.
    np.testing.assert_allclose(moved.sqrt_s_mev / scan.sqrt_s_mev - 1.0, 0.0025, rtol=0.01)


def test_one_part_is_shifted_against_the_other(scan: EnergyScan) -> None:
    moved = with_beam_energy(scan, 1.002, part=1)
    here = scan.scan_part == 1
    assert np.all(moved.sqrt_s_mev[here] > scan.sqrt_s_mev[here])
    np.testing.assert_array_equal(moved.sqrt_s_mev[~here], scan.sqrt_s_mev[~here])
    points = moved.search_points()
    assert np.all(np.diff(points.sqrt_s_mev) > 0.0)
    with pytest.raises(UsageError, match="has no searched scan part -1; it has 0, 1"):
        with_beam_energy(scan, 1.002, part=-1)


@pytest.mark.parametrize(("part", "number"), [(0, 23), (1, 19)])
def test_one_part_alone(scan: EnergyScan, part: int, number: int) -> None:
    alone = only_part(scan, part).search_points()
    assert len(alone) == number
    assert set(alone.scan_part.tolist()) == {part}


def test_a_point_is_left_out_with_its_repair(scan: EnergyScan) -> None:
    for period in (0, 11):
        less = without_period(scan, period)
        assert len(less.search_points()) == 41
        assert period not in less.period
        assert len(less.repairs) == (0 if period == 0 else 1)
    with pytest.raises(UsageError, match="has no period 99"):
        without_period(scan, 99)


def test_too_few_points_are_refused_as_for_any_scan(scan: EnergyScan) -> None:
    small = only_part(scan, 1)
    for period in scan.period[scan.scan_part == 1][:6].tolist():
        small = without_period(small, period)
    with pytest.raises(InputError, match="13"):
        without_period(small, int(scan.period[scan.scan_part == 1][-1]))


@pytest.mark.parametrize("degree", [1, 2, 3])
def test_smooth_background_is_the_weighted_polynomial(scan: EnergyScan, degree: int) -> None:
    smooth = with_smooth_background(scan, degree)
    for part in (0, 1):
        here = scan.scan_part == part
        x = scan.sqrt_s_mev[here] - 16.92
        weight = 1.0 / scan.background_err[here]
        design = np.vander(x, degree + 1)
        # Normal equations written out: residuals orthogonal to every power, in the metric of the errors.
        residual = (scan.background_per_pot[here] - smooth.background_per_pot[here]) * weight
        np.testing.assert_allclose((design * (weight / weight.mean())[:, None]).T @ residual, 0.0, atol=1e-9)
    validation = scan.scan_part == -1
    np.testing.assert_array_equal(smooth.background_per_pot[validation], scan.background_per_pot[validation])
    np.testing.assert_array_equal(smooth.background_err_raw, scan.background_err_raw)


def test_a_polynomial_needs_points(scan: EnergyScan) -> None:
    with pytest.raises(UsageError, match=r"degree 20 .* part 1 has 19"):
        with_smooth_background(scan, 20)


def test_the_first_period_is_farthest_from_its_line(scan: EnergyScan) -> None:
    period, distance = farthest_background(scan)
    assert period == 0
    assert distance == pytest.approx(2.5, abs=0.1)  # 1.27 % above, with an error of 0.51 %


def test_slope_of_tag_and_probe_is_the_expected_one(scan: EnergyScan) -> None:
    line = tag_and_probe_line(scan)
    assert line.slope == pytest.approx(0.023, abs=5e-4)  # +2.3(6) %/MeV
    assert line.slope_err == pytest.approx(0.006, abs=5e-4)
    for power in (1, 2):
        factor = with_smooth_tag_and_probe(scan, power).background_per_pot / scan.background_per_pot
        np.testing.assert_allclose(factor, (line(scan.sqrt_s_mev) / line.constant) ** power, rtol=1e-12)


def test_a_scan_without_tag_and_probe_says_so(scan: EnergyScan) -> None:
    columns = {k: v for k, v in scan.columns.items() if not k.startswith("tag_and_probe")}
    with pytest.raises(UsageError, match="has no column tag_and_probe"):
        tag_and_probe_line(EnergyScan.from_columns(columns))
    columns["tag_and_probe"] = scan.columns["tag_and_probe"]
    with pytest.raises(UsageError, match="has no column tag_and_probe_err"):
        tag_and_probe_line(EnergyScan.from_columns(columns))
