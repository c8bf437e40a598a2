from collections.abc import Iterator
from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest

from x17.apparatus.setup import Setup
from x17.errors import UsageError
from x17.reconstruction.flux.moments import Moments
from x17.reconstruction.flux.run_sums import RunSums, sum_runs
from x17.simulation.digitisation.bunch_monitors import Bunches, monitor_bunches

ENERGY = 280.0
N = 5000


@pytest.fixture(scope="module")
def bunches(setup: Setup) -> Bunches:
    return monitor_bunches(setup, ENERGY, N, 0.0, np.random.default_rng(1))


def parts(bunches: Bunches, *edges: int) -> Iterator[Bunches]:
    for low, high in pairwise(edges):
        yield Bunches(*(getattr(bunches, item.name)[low:high] for item in fields(Bunches)))


def sums_of(setup: Setup, *blocks: Bunches, least: float | None = None) -> tuple[RunSums, ...]:
    return sum_runs(blocks, setup, period=3, beam_energy_mev=ENERGY, min_positrons=least)


def assert_same(one: RunSums, other: RunSums) -> None:
    for item in fields(RunSums):
        left, right = getattr(one, item.name), getattr(other, item.name)
        if isinstance(left, Moments):
            left, right = (left.n, left.total, left.squares), (right.n, right.total, right.squares)
        # The order of the sum.
        assert left == pytest.approx(right, rel=1e-12, nan_ok=True), item.name


def test_sums_are_those_of_the_bunches(setup: Setup, bunches: Bunches) -> None:
    (found,) = sums_of(setup, bunches)
    assert (found.period, found.run, found.beam_energy_mev) == (3, 0, ENERGY)
    assert (found.n_bunches, found.n_good, found.n_missing) == (N, N, 0)
    # Rounding.
    assert found.lead_glass_pc == pytest.approx(bunches.lead_glass_pc.sum(), rel=1e-12)
    assert found.target_pc == pytest.approx(bunches.target_pc.sum(), rel=1e-12)
    assert found.calorimeter_mev == pytest.approx(bunches.calorimeter_mev.sum(), rel=1e-12)
    product = (bunches.lead_glass_pc * bunches.calorimeter_mev).sum()
    assert found.lead_glass_calorimeter == pytest.approx(product, rel=1e-12)
    assert found.pixel_y.mean == pytest.approx(bunches.pixel_y_mm.mean(), rel=1e-9)
    assert found.pixel_var_y.mean == pytest.approx((bunches.pixel_sigma_y_mm**2).mean(), rel=1e-12)


def test_blocks_add_up_to_the_whole(setup: Setup, bunches: Bunches) -> None:
    (whole,) = sums_of(setup, bunches)
    (found,) = sums_of(setup, *parts(bunches, 0, 1000, 1001, N))
    assert_same(found, whole)


def test_the_true_number_of_positrons_is_not_read(setup: Setup, bunches: Bunches) -> None:
    hidden = replace(bunches, n_positrons=np.full(N, -1))
    assert_same(sums_of(setup, hidden)[0], sums_of(setup, bunches)[0])


def test_runs_are_kept_apart_and_ordered(setup: Setup, bunches: Bunches) -> None:
    mixed = replace(bunches, run=np.where(np.arange(N) % 3 == 0, 7, 2))
    found = sums_of(setup, *parts(mixed, 0, 10, N))
    assert [one.run for one in found] == [2, 7]
    assert found[1].lead_glass_pc == pytest.approx(bunches.lead_glass_pc[::3].sum(), rel=1e-12)
    assert found[0].n_bunches + found[1].n_bunches == N


def test_weak_bunches_are_counted_and_left_out(setup: Setup, bunches: Bunches) -> None:
    weak = bunches.lead_glass_pc.copy()
    # 250 positrons at 280 MeV, just below and just above.
    weak[:2] = 250 * 0.239 * ENERGY / 402.5 * np.array([0.999, 1.001])
    (found,) = sums_of(setup, replace(bunches, lead_glass_pc=weak))
    assert (found.n_bunches, found.n_good, found.n_missing) == (N, N - 1, 0)
    assert found.target_x.n == N - 1
    (found,) = sums_of(setup, bunches, least=1e6)
    assert (found.n_good, found.lead_glass_pc) == (0, 0.0)


def test_missing_lead_glass_is_counted_not_raised(setup: Setup, bunches: Bunches) -> None:
    glass = bunches.lead_glass_pc.copy()
    glass[:100] = np.nan
    (found,) = sums_of(setup, replace(bunches, lead_glass_pc=glass))
    assert (found.n_good, found.n_missing) == (N - 100, 100)
    assert found.missing_target_pc == pytest.approx(bunches.target_pc[:100].sum(), rel=1e-12)
    # Their spots are as good as any.
    assert found.target_x.n == N
    (none,) = sums_of(setup, replace(bunches, lead_glass_pc=np.full(N, np.nan)))
    assert (none.n_good, none.n_missing, none.lead_glass_pc) == (0, N, 0.0)


def test_single_precision_is_summed_in_double(setup: Setup, bunches: Bunches) -> None:
    single = replace(bunches, lead_glass_pc=bunches.lead_glass_pc.astype(np.float32))
    # The numbers are rounded to 6e-8 each, at random.
    expected = bunches.lead_glass_pc.sum()
    assert sums_of(setup, single)[0].lead_glass_pc == pytest.approx(expected, rel=1e-8)


def test_sums_of_different_runs_do_not_add(setup: Setup, bunches: Bunches) -> None:
    (found,) = sums_of(setup, bunches)
    with pytest.raises(UsageError, match="period 3, run 0, 280 MeV do not add"):
        found + replace(found, run=1)


def test_a_setup_without_lead_glass_is_refused(setup: Setup, bunches: Bunches) -> None:
    with pytest.raises(UsageError, match="has no beam_catcher"):
        sums_of(replace(setup, beam_catcher=None), bunches)
