"""A view has the numbers of the search with the same settings, whatever was chosen."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtr

from x17.errors import InputError, UsageError, X17Error
from x17.scan import EnergyScan
from x17.scan.corrections import remove
from x17.statistics import profile_fit
from x17.statistics.model_settings import KSource
from x17.statistics.search_result import SearchResult
from x17.theory.boson import SpinParity
from x17.workflows.explore import Choices, ExploredScan, explore
from x17.workflows.search import run_search
from x17.workflows.search_settings import SearchSettings, resolve_settings

BASE = resolve_settings(
    options={"search.masses": "16.3:17.5:0.1", "search.couplings": "1e-4:9e-4:6", "limit.toys": 0}
)
LEFT_OUT = (5, 17, 30)
"""Periods of both scan parts; no value of theirs was repaired."""


def run3() -> EnergyScan:
    return EnergyScan.load("padme-run3")


def by_hand(folder: Path, left_out: tuple[int, ...]) -> EnergyScan:
    """The published scan with lines deleted from its CSV."""
    header, *rows = [line for line in run3().to_csv_text().splitlines() if not line.startswith("#")]
    column = header.split(",").index("period")
    kept = [row for row in rows if int(row.split(",")[column]) not in left_out]
    assert len(kept) == len(rows) - len(left_out)
    (folder / "fewer.csv").write_text("\n".join([header, *kept, ""]), "utf-8")
    (folder / "fewer.toml").write_text(run3().to_toml_text(), "utf-8")
    return EnergyScan.load(folder / "fewer.csv")


def spread_of(scan: EnergyScan, value: float) -> EnergyScan:
    return replace(scan, constants=replace(scan.constants, beam_energy_spread=value))


def searched(scan: EnergyScan, base: SearchSettings = BASE, **model: object) -> SearchResult:
    return run_search(
        scan,
        base.masses,
        base.couplings,
        model_settings=replace(base.model, **model),
        limit_settings=base.limit,
    )


def assert_same(view: ExploredScan, search: SearchResult) -> None:
    limits = search.limits
    assert all(point.asymptotic is not None and point.local_p is not None for point in limits)
    # The same fits, made in batches of other shapes: equal but for the order of a sum.
    close = {"rtol": 1e-9, "atol": 1e-13}
    np.testing.assert_array_equal(view.q_map.masses, [point.mass_mev for point in limits])
    np.testing.assert_allclose(view.limit, [point.asymptotic for point in limits], **close)
    np.testing.assert_allclose(view.expected.T, [point.expected for point in limits], **close)
    local_p = ndtr(-np.maximum(view.signal.signed_z[0], 0.0))
    # z is the root of a difference of two χ², each good to 1e-9.
    np.testing.assert_allclose(local_p, [point.local_p for point in limits], atol=2e-5)
    np.testing.assert_allclose(view.q_map.q, search.q_map.q, rtol=1e-9, atol=1e-8)
    assert view.q_map.ok.all()
    assert view.background.chi2[0] == pytest.approx(search.background.chi2, rel=1e-10)
    assert view.sideband.line.constant == pytest.approx(search.sideband.line.constant, rel=1e-12)
    assert view.sideband.p_value == pytest.approx(search.sideband.p_value, rel=1e-9)
    np.testing.assert_allclose(view.g_r[view.fitted], search.curves.g_r, rtol=1e-14)
    np.testing.assert_allclose(view.g_r_err[view.fitted], search.curves.g_r_err, rtol=1e-14)
    assert_same_minimum(view, search)


def assert_same_minimum(view: ExploredScan, search: SearchResult) -> None:
    """The view tries 301 masses, 4 keV apart here; the search goes on from the best to the minimum."""
    half_step = (BASE.masses[-1] - BASE.masses[0]) / 600
    low, high = search.best.mass_interval_mev
    assert abs(view.best.mass_mev - search.best.mass_mev) <= 1.05 * half_step
    assert view.best.g_ve == pytest.approx(search.best.g_ve, rel=2e-3)
    # Q rises by one within half the interval; a third more is left for a rise that is no parabola.
    assert -1e-7 < view.best.q - search.best.q < 1.3 * (half_step / (0.5 * (high - low))) ** 2


CHOICES = {
    "published": (Choices(), run3, {"k_constraint": KSource.PUBLISHED}),
    "axial vector": (
        Choices(boson=SpinParity.AXIAL_VECTOR),
        run3,
        {"boson": SpinParity.AXIAL_VECTOR, "k_constraint": KSource.PUBLISHED},
    ),
    "wide beam": (
        Choices(beam_spread=0.004),
        lambda: spread_of(run3(), 0.004),
        {"k_constraint": KSource.PUBLISHED},
    ),
    "K free": (Choices(k_constraint=KSource.FREE), run3, {"k_constraint": KSource.FREE}),
    "K from the side band": (
        Choices(k_constraint=KSource.FROM_SIDEBAND),
        run3,
        {"k_constraint": KSource.FROM_SIDEBAND},
    ),
    # Without a correction the published constraint on K is of another scan, and the search drops it.
    "a correction off": (
        Choices(removed=("ageing",)),
        lambda: remove(run3(), "ageing"),
        {"k_constraint": KSource.FROM_SIDEBAND},
    ),
    "all at once": (
        Choices(
            boson=SpinParity.PSEUDOSCALAR,
            beam_spread=0.002,
            k_constraint=KSource.FREE,
            removed=("energy_loss", "ageing"),
        ),
        lambda: spread_of(remove(remove(run3(), "ageing"), "energy_loss"), 0.002),
        {"boson": SpinParity.PSEUDOSCALAR, "k_constraint": KSource.FREE},
    ),
}


@pytest.mark.parametrize(("choices", "scan", "model"), CHOICES.values(), ids=CHOICES)
def test_numbers_are_those_of_the_search(choices: Choices, scan: object, model: dict[str, object]) -> None:
    view = explore(run3(), BASE, choices)
    assert view.choices is choices
    assert view.fitted.all()
    assert_same(view, searched(scan(), **model))  # type: ignore[operator]


def test_choices_change_the_numbers() -> None:
    """Were a choice lost on the way, its search above would be the published one."""
    limits = [explore(run3(), BASE, choices).limit for choices, _, _ in CHOICES.values()]
    for i, limit in enumerate(limits):
        for other in limits[:i]:
            assert np.abs(limit / other - 1.0).max() > 1e-3


@pytest.mark.parametrize("removed", [(), ("ageing",)], ids=["published", "a correction off"])
def test_points_left_out_are_as_if_they_had_never_been_taken(
    tmp_path: Path, removed: tuple[str, ...]
) -> None:
    """A correction that is taken off leaves its mean, which is that of the points there are."""
    scan = by_hand(tmp_path, LEFT_OUT)
    for name in removed:
        scan = remove(scan, name)
    view = explore(run3(), BASE, Choices(left_out=LEFT_OUT, removed=removed, k_constraint=KSource.PUBLISHED))
    assert_same(view, searched(scan, k_constraint=KSource.PUBLISHED))
    assert view.shown.period[~view.fitted].tolist() == sorted(LEFT_OUT, key=view.shown.period.tolist().index)
    assert len(view.model.points) == len(view.shown) - len(LEFT_OUT)
    np.testing.assert_array_equal(view.shown.sqrt_s_mev, explore(run3(), BASE, Choices()).shown.sqrt_s_mev)


def test_settings_of_the_search_are_where_choices_begin() -> None:
    """Free K and a correction off are what the search was made with; nothing is chosen."""
    base = replace(
        BASE,
        model=replace(BASE.model, k_constraint=KSource.FREE),
        search=replace(BASE.search, without=("ageing",)),
        constants={"beam_energy_spread": 0.004},
    )
    view = explore(run3(), base, Choices())
    changed = spread_of(remove(run3(), "ageing"), 0.004)
    assert_same(view, searched(changed, k_constraint=KSource.FREE))
    # A choice goes before the settings, and what is off already is not taken off again.
    chosen = explore(run3(), base, Choices(beam_spread=0.002, removed=("ageing",)))
    assert chosen.settings.search.without == ("ageing",)
    assert_same(chosen, searched(spread_of(changed, 0.002), k_constraint=KSource.FREE))


def test_masses_are_those_of_all_points_whichever_are_left_out(tmp_path: Path) -> None:
    rows = "".join(f"{14.0 + 0.05 * i:.2f},25000,7e9,3.6e-6,0.09\n" for i in range(16))
    (tmp_path / "low.csv").write_text("sqrt_s_mev,n2,n_pot,background_per_pot,signal_efficiency\n" + rows)
    scan = EnergyScan.load(tmp_path / "low.csv")
    view, fewer = (explore(scan, resolve_settings(), Choices(left_out=out)) for out in ((), (0, 15)))
    assert view.q_map.masses[[0, -1]].tolist() == [14.0, 14.75]
    np.testing.assert_array_equal(view.q_map.masses, fewer.q_map.masses)


def test_curves_cover_the_points_and_fits_are_counted() -> None:
    view = explore(run3(), BASE, Choices())
    assert view.curve_sqrt_s[0] < view.shown.sqrt_s_mev[0] < view.shown.sqrt_s_mev[-1] < view.curve_sqrt_s[-1]
    line = view.background.parameters[0]
    offset = view.curve_sqrt_s - run3().constants.center_sqrt_s_mev
    np.testing.assert_allclose(view.curve_background, line[0] + line[1] * offset, rtol=1e-14)
    # Without a boson one, 301 for the best, û and three for its error with and without data, the map.
    assert view.n_fits == 1 + 301 + 2 * 4 * 13 + 13 * 6
    assert 0.0 < view.seconds < 60.0


def test_the_same_choices_give_the_same_bits() -> None:
    one, two = (explore(run3(), BASE, Choices(left_out=(5,))) for _ in range(2))
    for name in ("limit", "expected", "g_r", "curve_background"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))


def all_but(n: int) -> tuple[int, ...]:
    return tuple(int(period) for period in run3().search_points().period[n:])


@pytest.mark.parametrize(
    ("choices", "kind", "message"),
    [
        (Choices(left_out=all_but(12)), InputError, "12 points to search .* 13 are needed"),
        (Choices(left_out=all_but(0)), InputError, "points to search"),
        (Choices(left_out=(5, 999)), UsageError, "padme-run3 has no period 999"),
        (Choices(removed=("gravity",)), UsageError, "gravity"),
        (Choices(beam_spread=-1.0), InputError, "beam_energy_spread"),
    ],
    ids=["too few", "none", "unknown period", "unknown correction", "impossible spread"],
)
def test_choices_that_cannot_be_fitted(choices: Choices, kind: type[X17Error], message: str) -> None:
    with pytest.raises(kind, match=message):
        explore(run3(), BASE, choices)


def test_a_published_k_has_to_be_there() -> None:
    scan = run3()
    bare = replace(scan, constants=replace(scan.constants, k_constraint=None))
    with pytest.raises(UsageError, match=r"has no k_constraint in its \[model\] table"):
        explore(bare, BASE, Choices(k_constraint=KSource.PUBLISHED))
    assert explore(bare, BASE, Choices()).settings.model.k_constraint is KSource.FROM_SIDEBAND


def test_a_fit_without_a_boson_that_fails_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profile_fit, "MAX_ITERATIONS", 0)
    with pytest.raises(X17Error, match=r"the fit without a boson failed: .*iterations"):
        explore(run3(), BASE, Choices())
