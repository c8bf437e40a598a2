"""One small search, with toys and without, and what could become of it."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from x17.scan import EnergyScan
from x17.statistics.limit_settings import LimitSettings
from x17.statistics.monte_carlo import TailFraction
from x17.statistics.search_result import LimitPoint, SearchResult
from x17.statistics.toy_set import InMemory
from x17.workflows.search import run_search
from x17.workflows.search import with_significance as add_significance
from x17.workflows.search_settings import resolve_settings
from x17.workflows.significance import report_windows, run_significance

Variant = Callable[[SearchResult], SearchResult]


def _search(toys: int) -> SearchResult:
    return run_search(
        EnergyScan.load("padme-run3"),
        np.linspace(16.5, 17.3, 5),
        np.linspace(1e-4, 9.775e-4, 14),
        limit_settings=LimitSettings(toys=toys, local_p_toys=50),
    )


@pytest.fixture(scope="session")
def with_toys() -> SearchResult:
    return _search(50)


@pytest.fixture(scope="session")
def without_toys() -> SearchResult:
    return _search(0)


@pytest.fixture(scope="session")
def with_significance(with_toys: SearchResult) -> SearchResult:
    """What `x17 search --full` adds, from few pseudo-experiments, in two windows."""
    scan = EnergyScan.load("padme-run3")
    settings = resolve_settings(
        options={
            "search.masses": "16.5:17.3:0.2",
            "significance.toys": 300,
            "significance.windows": ["16.7:17.1"],
        }
    )
    windows = run_significance(scan, settings.prepared(scan)[1], InMemory(), report_windows(settings))
    return add_significance(with_toys, windows)


def without_limits(result: SearchResult) -> SearchResult:
    """Every second mass has lost all that is known of it."""

    def bare(point: LimitPoint) -> LimitPoint:
        toy = replace(point.toy, coupling=None, low=None, high=None, reason="no limit") if point.toy else None
        return replace(
            point, toy=toy, asymptotic=None, expected=(None,) * 5, local_p=None, notes=("no limit",)
        )

    return replace(result, limits=tuple(bare(p) if k % 2 == 0 else p for k, p in enumerate(result.limits)))


def without_any_limit(result: SearchResult) -> SearchResult:
    once = without_limits(result)
    return replace(once, limits=without_limits(replace(once, limits=once.limits[1::2])).limits[::2])


def without_excess(result: SearchResult) -> SearchResult:
    return replace(
        result,
        best=replace(result.best, g_ve=0.0, q=0.0, mass_interval_mev=(None, None), g_ve_interval=(0.0, None)),
        local_p=replace(result.local_p, p_q0=0.5, z_q0=0.0, limit=None),
        limits=tuple(replace(point, local_p=0.5) for point in result.limits),
        q_map=replace(result.q_map, q=np.abs(result.q_map.q)),
        curves=replace(result.curves, best_fit=result.curves.background),
    )


def large_excess(result: SearchResult) -> SearchResult:
    return replace(
        result,
        best=replace(result.best, q=-45.0),
        local_p=replace(result.local_p, p_q0=1e-11, z_q0=6.7, limit=TailFraction(0, 10_000)),
        limits=tuple(replace(point, local_p=(point.local_p or 0.5) ** 8) for point in result.limits),
        q_map=replace(result.q_map, q=9.0 * result.q_map.q),
    )


def underflowed_p(result: SearchResult) -> SearchResult:
    return replace(result, limits=tuple(replace(point, local_p=0.0) for point in result.limits))


def failed_fits(result: SearchResult) -> SearchResult:
    ok = result.q_map.ok.copy()
    ok[::2, ::3] = False
    return replace(result, q_map=replace(result.q_map, ok=ok), failures={"not converged": int((~ok).sum())})


def one_mass(result: SearchResult) -> SearchResult:
    grid = result.q_map
    small = replace(
        grid, masses=grid.masses[2:3], couplings=grid.couplings[:1], q=grid.q[2:3, :1], ok=grid.ok[2:3, :1]
    )
    return replace(result, limits=result.limits[2:3], q_map=small)


def odd_name(result: SearchResult) -> SearchResult:
    name = "<script>alert('$x_{y}$ & \\frac')</script> \u540d\u524d \U0001f600\n" + 80 * "long "
    return replace(result, scan_name=name, scan_source="<b>source</b>", notes=("<i>note</i>",))


VARIANTS: dict[str, Variant] = {
    "as-it-is": lambda result: result,
    "missing-limits": without_limits,
    "no-limits": without_any_limit,
    "no-excess": without_excess,
    "large-excess": large_excess,
    "underflowed-p": underflowed_p,
    "failed-fits": failed_fits,
    "one-mass": one_mass,
    "odd-name": odd_name,
}


FORMS = [*(f"toys/{name}" for name in VARIANTS), *(f"asymptotic/{name}" for name in list(VARIANTS)[:4])]


@pytest.fixture(params=FORMS)
def any_result(
    request: pytest.FixtureRequest, with_toys: SearchResult, without_toys: SearchResult
) -> SearchResult:
    """A result in each of the forms it can take."""
    toys, _, name = request.param.partition("/")
    return VARIANTS[name](with_toys if toys == "toys" else without_toys)


@pytest.fixture(scope="session")
def variants() -> dict[str, Variant]:
    return VARIANTS
