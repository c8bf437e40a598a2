"""One small search, with toys and without, and what could become of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

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


@dataclass
class Visit:
    """A page in a browser without a network, and what it did that it should not."""

    page: Any
    complaints: list[str]
    requests: list[str]

    def value(self, script: str) -> Any:
        return self.page.evaluate(script)


class Pages:
    """Opens files in a browser."""

    def __init__(self, browser: Any) -> None:
        self._browser = browser

    @contextmanager
    def visit(
        self, path: Path, width: int = 1280, *, media: str = "screen", dark: bool = False
    ) -> Iterator[Visit]:
        context = self._browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", offline=True
        )
        try:
            page = context.new_page()
            visit = Visit(page, [], [])
            page.on("console", lambda message: visit.complaints.append(f"{message.type}: {message.text}"))
            page.on("pageerror", lambda error: visit.complaints.append(str(error)))
            page.on("request", lambda request: visit.requests.append(request.url))
            page.emulate_media(media=media)
            page.goto(path.as_uri())
            yield visit
        finally:
            context.close()


@pytest.fixture(scope="module")
def pages(browser: Any) -> Pages:
    return Pages(browser)


OVERFLOW = "document.documentElement.scrollWidth - window.innerWidth"
WIDER = """limit => [...document.querySelectorAll('table, img, figcaption, p, .glance div')]
    .filter(e => e.getBoundingClientRect().right > limit + 1).map(e => e.id || e.className || e.tagName)"""
OUTSIDE_SCROLL = """() => [...document.querySelectorAll('.scroll, figure, p, dl, h1, h2')]
    .filter(e => e.getBoundingClientRect().right > window.innerWidth + 1).map(e => e.id || e.className)"""
BROKEN = "[...document.images].filter(i => !i.complete || i.naturalWidth === 0).map(i => i.alt)"
LOST = """[...document.querySelectorAll('a[href^="#"]')].map(a => a.getAttribute('href'))
    .filter(href => document.getElementById(href.slice(1)) === null)"""
FILES = """[...document.querySelectorAll('a:not([href^="#"])')].map(a => a.getAttribute('href'))"""
LUMINANCE = """() => ['backgroundColor', 'color'].map(name => getComputedStyle(document.body)[name]
    .match(/[\\d.]+/g).slice(0, 3).reduce((sum, x) => sum + Number(x), 0) / 765)"""
CLOSED = """[...document.querySelectorAll('details table')]
    .filter(t => t.getBoundingClientRect().height < 20 || !t.checkVisibility({contentVisibilityAuto: true}))
    .map(t => t.id)"""
PRINTED_WIDTH = 703
"""A4 without its margins, in CSS pixels."""


@dataclass(frozen=True)
class Inspection:
    """What every page must stand."""

    pages: Pages
    path: Path

    def opens_alone(self) -> None:
        """No complaint, no request but for itself, every picture there."""
        with self.pages.visit(self.path) as visit:
            assert visit.complaints == []
            own = self.path.as_uri()
            assert [url for url in visit.requests if url != own and not url.startswith("data:")] == []
            assert visit.value(BROKEN) == []
            assert visit.value("document.images.length") > 0

    def fits(self, width: int) -> None:
        """With all folded tables open the page does not scroll sideways: wide ones scroll in themselves."""
        with self.pages.visit(self.path, width) as visit:
            visit.value("document.querySelectorAll('details').forEach(d => d.open = true)")
            assert visit.value(OVERFLOW) <= 0
            assert visit.value(OUTSIDE_SCROLL) == []

    def fits_a_phone(self) -> None:
        self.fits(390)

    def is_dark(self) -> None:
        with self.pages.visit(self.path, dark=True) as visit:
            paper, ink = visit.value(LUMINANCE)
            assert paper < 0.2
            assert ink > 0.7

    def prints(self) -> None:
        """Dark readers get white paper; folded tables are open; nothing is wider than the paper."""
        with self.pages.visit(self.path, PRINTED_WIDTH, media="print", dark=True) as visit:
            paper, ink = visit.value(LUMINANCE)
            assert (paper, ink) == (1.0, 0.0)
            assert visit.value(CLOSED) == []
            assert visit.page.evaluate(WIDER, PRINTED_WIDTH) == []
            assert visit.page.pdf(format="A4").startswith(b"%PDF-")

    def links_lead_somewhere(self) -> None:
        with self.pages.visit(self.path) as visit:
            assert visit.value(LOST) == []
            assert all((self.path.parent / name).is_file() for name in visit.value(FILES))


CHECKS = {
    "opens alone": Inspection.opens_alone,
    "fits 1280 pixels": lambda page: page.fits(1280),
    "fits 390 pixels": Inspection.fits_a_phone,
    "dark": Inspection.is_dark,
    "print": Inspection.prints,
    "links": Inspection.links_lead_somewhere,
}


@pytest.fixture
def inspection(pages: Pages) -> Callable[[Path], Inspection]:
    return lambda path: Inspection(pages, path)


@pytest.fixture(params=CHECKS)
def inspect(request: pytest.FixtureRequest, pages: Pages) -> Callable[[Path], None]:
    """Each of the things that every page must stand."""
    return lambda path: CHECKS[request.param](Inspection(pages, path))
