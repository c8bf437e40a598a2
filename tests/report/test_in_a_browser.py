"""The reports of a search and of its checks as Chromium shows them, without a network."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from x17.workflows.check_list import chosen_plans
from x17.workflows.check_results import checks_to_folder
from x17.workflows.checks import CheckRequest
from x17.workflows.limits import LimitPlace
from x17.workflows.search_results import search_to_folder
from x17.workflows.search_settings import resolve_settings


@pytest.fixture(scope="module")
def search_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A quick search with all that a report may show."""
    out = tmp_path_factory.mktemp("search")
    options = {"search.masses": "16.5:17.3:0.1", "significance.toys": 200}
    settings = resolve_settings(quick=True, options=options)
    search_to_folder(
        "padme-run3",
        settings,
        out=out / "results",
        bank=out / "bank",
        quick=True,
        full=True,
        constraints=True,
        checks=True,
    )
    return out / "results" / "report.html"


@pytest.fixture(scope="module")
def checks_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("checks") / "results"
    settings = resolve_settings(quick=True, options={"search.masses": "16.7:17.1:0.1"})
    request = CheckRequest(plans=chosen_plans("k-constant,parts,conventions"), experiments=0)
    checks_to_folder("padme-run3", settings, request, LimitPlace(workers=1), out=out, quick=True)
    return out / "report.html"


def test_report_of_a_search(inspect: Callable[[Path], None], search_report: Path) -> None:
    inspect(search_report)


def test_report_of_checks(inspect: Callable[[Path], None], checks_report: Path) -> None:
    inspect(checks_report)


def test_a_link_to_a_folded_table_opens_it(pages: Any, search_report: Path) -> None:
    with pages.visit(search_report, 390) as visit:
        table = visit.page.locator("#table-points")
        assert not table.is_visible()
        visit.page.locator("#figure-observable a", has_text="Points").click()
        table.wait_for(state="visible", timeout=5000)
        top = table.evaluate("t => t.getBoundingClientRect().top")
        assert -1.0 < top < 900.0


def test_a_wide_table_scrolls_and_keeps_its_first_column(pages: Any, search_report: Path) -> None:
    with pages.visit(search_report, 390) as visit:
        scroll = visit.page.locator(".scroll:has(#table-nuisances)")
        before = visit.page.locator("#table-nuisances tbody th").first.bounding_box()
        assert scroll.evaluate("e => e.scrollWidth > e.clientWidth")
        scroll.evaluate("e => { e.scrollLeft = 200 }")
        after = visit.page.locator("#table-nuisances tbody th").first.bounding_box()
        assert after["x"] == pytest.approx(before["x"], abs=1.0)


def test_sections_and_figures_of_a_full_report(pages: Any, search_report: Path) -> None:
    with pages.visit(search_report) as visit:
        sections = visit.value("[...document.querySelectorAll('section')].map(s => s.id)")
        figures = visit.value("[...document.querySelectorAll('figure')].map(f => f.id.slice(7))")
    assert sections == [
        "data",
        "limits",
        "local",
        "global",
        "fit",
        "budget",
        "corrections",
        "checks",
        "making",
    ]
    assert figures == [
        "observable",
        "pulls",
        "limit",
        "local_p",
        "global_p",
        "q_map",
        "budget",
        "corrections",
        "checks_overview",
        "checks_impacts",
    ]


SPOILS: dict[str, tuple[str, str, str]] = {
    "a picture from elsewhere": (
        "opens_alone",
        "<main>",
        '<main><img src="https://example.org/a.png" alt="a">',
    ),
    "a script": ("opens_alone", "<main>", "<main><script>1</script>"),
    "a picture that is none": ("opens_alone", "data:image/png;base64,", "data:image/png;base64,AAAA"),
    "tables that do not scroll": ("fits_a_phone", "overflow-x: auto;", ""),
    "no dark colours": ("is_dark", "prefers-color-scheme: dark", "prefers-color-scheme: none"),
    "nothing for paper": ("prints", "@media print", "@media none"),
    "folded tables on paper": ("prints", "content-visibility: visible", "content-visibility: hidden"),
    "a link to nowhere": ("links_lead_somewhere", "#table-points", "#table-nowhere"),
    "a link to no file": ("links_lead_somewhere", 'href="scan.csv"', 'href="scan.txt"'),
}


@pytest.mark.parametrize("spoil", SPOILS)
def test_the_inspection_notices(
    spoil: str, inspection: Callable[[Path], Any], search_report: Path, tmp_path: Path
) -> None:
    what, old, new = SPOILS[spoil]
    html = search_report.read_text(encoding="utf-8")
    assert old in html
    for name in ("scan.csv", "limits.csv", "likelihood.csv", "summary.json"):
        (tmp_path / name).touch()
    spoilt = tmp_path / "report.html"
    spoilt.write_text(html.replace(old, new), encoding="utf-8")
    with pytest.raises(AssertionError):
        getattr(inspection(spoilt), what)()
