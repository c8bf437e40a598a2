"""Limits by toys: those of the search, on any number of workers, and given up when nobody waits."""

import threading
import time
from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest

from x17.scan import EnergyScan
from x17.statistics.limit_scan import scan_limits
from x17.theory.boson import SpinParity
from x17.workflows.explore import Choices, ExploredScan, Superseded, explore, toy_curve
from x17.workflows.search_settings import resolve_settings

CHOICES = Choices(boson=SpinParity.AXIAL_VECTOR, left_out=(5, 17))
N_TOYS = 60


def view(**options: object) -> ExploredScan:
    settings = resolve_settings(options={f"search.{key}": value for key, value in options.items()})
    return explore(EnergyScan.load("padme-run3"), settings, CHOICES)


@pytest.fixture(scope="module")
def small() -> ExploredScan:
    return view(masses="16.5:17.1:0.2", couplings="1e-4:9e-4:8")


def test_limits_are_those_of_the_search(small: ExploredScan) -> None:
    curve = toy_curve(small, N_TOYS, threading.Event())
    points = scan_limits(
        small.model,
        small.data,
        small.settings.masses,
        small.settings.couplings,
        replace(small.settings.limit, toys=N_TOYS),
    )
    assert all(point.toy is not None and point.toy.coupling is not None for point in points)
    assert curve.mass_mev.tolist() == [point.mass_mev for point in points]
    assert curve.g_limit.tolist() == [point.toy.coupling for point in points if point.toy]
    assert curve.n_toys == N_TOYS
    assert curve.choices is CHOICES
    # Toys and the asymptotic formula agree to the error of so few toys, some 10 % on g.
    np.testing.assert_allclose(curve.g_limit, small.limit, rtol=0.35)


def test_workers_change_nothing(small: ExploredScan) -> None:
    one, two = (toy_curve(small, N_TOYS, threading.Event(), workers=n) for n in (1, 2))
    assert one.g_limit.tolist() == two.g_limit.tolist()
    assert one.mass_mev.tolist() == two.mass_mev.tolist()


def test_grids_are_thinned_and_keep_their_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = view()
    tried: list[np.ndarray] = []

    def no_toys(*arguments: np.ndarray, **_: object) -> tuple[()]:
        tried.extend(arguments[2:4])
        return ()

    monkeypatch.setattr(import_module("x17.workflows.explore.toy_curve"), "scan_limits", no_toys)
    empty = toy_curve(whole, N_TOYS, threading.Event())
    assert empty.mass_mev.shape == empty.g_limit.shape == (0,)
    for some, all_of_them, number in zip(
        tried, (whole.settings.masses, whole.settings.couplings), (26, 12), strict=True
    ):
        assert some.size == number < all_of_them.size
        assert np.isin(some, all_of_them).all()
        assert some[[0, -1]].tolist() == all_of_them[[0, -1]].tolist()
        # Even to a step of the grid that they are taken from.
        assert np.ptp(np.diff(some)) < 1.01 * (all_of_them[1] - all_of_them[0])


def test_a_mass_without_a_limit_is_left_out(small: ExploredScan) -> None:
    """Where CLs is not reached below the largest coupling there is nothing to draw."""
    low = replace(
        small, settings=replace(small.settings, limit=replace(small.settings.limit, max_coupling=4e-4))
    )
    curve = toy_curve(low, N_TOYS, threading.Event())
    assert 0 < curve.mass_mev.size < 4
    assert (curve.g_limit <= 4e-4).all()


def test_work_is_not_begun_for_choices_that_are_gone(small: ExploredScan) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Superseded, match="other choices were made"):
        toy_curve(small, 100_000, stop)


@pytest.mark.parametrize("workers", [1, 2])
def test_work_is_given_up_at_once(workers: int) -> None:
    """So many toys would take minutes; the grid of the published search is the slowest to leave."""
    whole = view()
    stop, timer, begun = threading.Event(), [0.0], time.monotonic()

    def give_up() -> None:
        timer[0] = time.monotonic()
        stop.set()

    clock = threading.Timer(0.3, give_up)
    clock.start()
    with pytest.raises(Superseded):
        toy_curve(whole, 4000, stop, workers=workers)
    ended = time.monotonic()
    clock.join()
    assert timer[0] > begun
    assert ended - timer[0] < 1.0
