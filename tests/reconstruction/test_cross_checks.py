import numpy as np
import pytest

from x17.reconstruction.cross_checks import energy_sum, gaussian_core, time_difference

from .pairs_by_hand import pairs_with


def test_errors_are_the_spread_of_toys() -> None:
    rng = np.random.default_rng(1)
    cores = [gaussian_core(5.0 + 2.0 * rng.standard_normal(400)) for _ in range(600)]
    for value, error, truth in (("mean", "mean_error", 5.0), ("width", "width_error", 2.0)):
        found = np.array([getattr(core, value) for core in cores])
        given = np.mean([getattr(core, error) for core in cores])
        # Spread of 600 toys: 3 %; the errors hold for many events, 400 are enough to some per cent.
        assert found.std() == pytest.approx(given, rel=0.15)
        # The width of 400 values comes out low by less than one per cent.
        assert found.mean() == pytest.approx(truth, abs=0.02)


def test_a_tail_hardly_moves_the_core() -> None:
    rng = np.random.default_rng(2)
    values = np.concatenate([rng.standard_normal(20_000), rng.uniform(3.0, 30.0, 1000)])
    core = gaussian_core(values)
    assert core.mean == pytest.approx(0.0, abs=0.03)
    assert core.width == pytest.approx(1.0, abs=0.03)
    assert core.share == pytest.approx(0.9545 / 1.05, abs=0.01)


def test_weights_count_as_events() -> None:
    rng = np.random.default_rng(3)
    values = rng.standard_normal(2000)
    plain, doubled = gaussian_core(np.tile(values, 2)), gaussian_core(values, np.full(2000, 2.0))
    assert doubled.mean == pytest.approx(plain.mean)
    assert doubled.width == pytest.approx(plain.width)
    # A weight of two is one event that stands for two, not two events.
    assert doubled.mean_error == pytest.approx(np.sqrt(2.0) * plain.mean_error)


def test_few_values_have_no_error_to_speak_of() -> None:
    assert gaussian_core(np.zeros(3)).mean_error == float("inf")
    assert gaussian_core(np.zeros(0)).n == 0


def test_equal_values_have_no_width() -> None:
    core = gaussian_core(np.full(30, 4.0))
    assert (core.mean, core.share) == (4.0, 1.0)
    assert core.width == pytest.approx(0.0, abs=1e-12)


def test_pairs_have_a_sum_and_a_difference() -> None:
    rng = np.random.default_rng(4)
    pairs = pairs_with(np.full(2000, np.pi), energy=(150.0 + 8.0 * rng.standard_normal(2000), 130.0))
    assert energy_sum(pairs).mean == pytest.approx(280.0, abs=1.0)
    assert time_difference(pairs).mean == 0.0
