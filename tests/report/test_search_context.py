"""What the report of a search shows beside its result: error budget, corrections, checks."""

import re
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure

from x17.report.captions import captions
from x17.report.context import ReportContext
from x17.report.figures import FIGURES, figures_of
from x17.report.figures.budget import draw_error_budget
from x17.report.figures.corrections import draw_corrections
from x17.report.html_tables.checks import checks_table
from x17.report.html_tables.corrections import corrections_table, period_factors_table
from x17.report.html_tables.points import budget_points_table, budget_table, points_table
from x17.report.search_page import render_search
from x17.report.style import house_style
from x17.scan import EnergyScan
from x17.scan.error_budget import ErrorBudget, error_budget
from x17.scan.period_factors import PeriodFactors, period_factors
from x17.statistics.check_result import CheckResult
from x17.statistics.search_result import SearchResult
from x17.workflows.check_list import chosen_plans
from x17.workflows.checks import CheckRequest, run_checks
from x17.workflows.search_settings import resolve_settings

SVG = "<svg xmlns='http://www.w3.org/2000/svg'></svg>"


@pytest.fixture(scope="module")
def scan() -> EnergyScan:
    return EnergyScan.load("padme-run3")


@pytest.fixture(scope="module")
def budget(scan: EnergyScan) -> ErrorBudget:
    return error_budget(scan)


@pytest.fixture(scope="module")
def factors(scan: EnergyScan) -> tuple[PeriodFactors, ...]:
    return period_factors(scan)


@pytest.fixture(scope="module")
def checks(scan: EnergyScan) -> CheckResult:
    prepared, settings = resolve_settings(
        options={"search.masses": "16.7:17.1:0.2", "limit.toys": 0}
    ).prepared(scan)
    plans = chosen_plans("k-constant,conventions,injected-boson")
    return run_checks(prepared, settings, CheckRequest(plans=plans, experiments=0))


@pytest.fixture(scope="module")
def context(budget: ErrorBudget, factors: tuple[PeriodFactors, ...], checks: CheckResult) -> ReportContext:
    return ReportContext(budget=budget, factors=factors, checks=checks)


def drawn(figure: Figure) -> Figure:
    figure.set_layout_engine("none")
    with house_style():
        figure.draw_without_rendering()
    return figure


def test_figures_and_captions_belong_together(without_toys: SearchResult, context: ReportContext) -> None:
    figures = figures_of(without_toys, context)
    added = ["budget", "corrections", "checks_overview", "checks_impacts"]
    assert list(figures) == list(captions(without_toys, context)) == [*FIGURES, *added]
    for stem in added:
        drawn(figures[stem](without_toys))


def test_nothing_is_added_without_a_context(without_toys: SearchResult) -> None:
    assert list(figures_of(without_toys)) == list(FIGURES)
    assert list(figures_of(without_toys, ReportContext())) == list(FIGURES)


def test_checks_without_impacts_have_no_figure_of_them(
    without_toys: SearchResult, checks: CheckResult
) -> None:
    bare = ReportContext(checks=replace(checks, impacts=None, impacts_reason="no fit"))
    assert "checks_impacts" not in figures_of(without_toys, bare)
    html = render_search(without_toys, {}, {}, {"checks_overview": SVG}, bare)
    assert 'id="table-checks"' in html
    assert 'id="table-impacts"' not in html


def test_page_with_everything(without_toys: SearchResult, context: ReportContext) -> None:
    html = render_search(without_toys, {}, {}, dict.fromkeys(captions(without_toys, context), SVG), context)
    identifiers = re.findall(r' id="([^"]+)"', html)
    assert len(identifiers) == len(set(identifiers))
    inside = set(re.findall(r'href="#([^"]+)"', html))
    assert inside <= set(identifiers)
    keys = "points budget budget-points corrections period-factors checks overview impacts"
    assert {f"table-{key}" for key in keys.split()} <= set(identifiers)
    assert not re.search(
        r"\b(nan|inf|None)\b", re.sub(r'src="[^"]*"|<style>.*?</style>', "", html, flags=re.S)
    )


def test_stacks_add_up_to_the_error_of_each_point(budget: ErrorBudget) -> None:
    left, right = drawn(draw_error_budget(budget, "padme-run3")).axes
    tops = np.zeros(len(budget.period))
    for bars in left.containers:
        tops += [bar.get_height() for bar in bars]
    assert tops == pytest.approx(budget.total**2)
    heights = {}
    for bars in right.containers:
        for bar in bars:
            place = round(bar.get_x() + 0.5 * bar.get_width())
            heights[place] = heights.get(place, 0.0) + bar.get_height()
    assert heights[0] == pytest.approx(np.mean(budget.total**2))
    # 0.6, 0.3; 0.4, 0.2, 0.2, 0.1; 0.3, 0.35 % as the collaboration showed them.
    assert heights[1] == pytest.approx(0.45 + 0.25 + 0.2125)


def test_a_budget_that_nobody_published(budget: ErrorBudget) -> None:
    bare = replace(budget, published=())
    labels = [t.get_text() for t in drawn(draw_error_budget(bare, "mine")).axes[1].get_xticklabels()]
    assert labels == ["Mean"]
    table = budget_table(bare)
    assert [row[0] for row in table.rows] == ["N2", "N_PoT", "B", "g_R"]
    assert {row[-1] for row in table.rows} == {"–"}


def test_budget_table(budget: ErrorBudget) -> None:
    rows = {row[:2]: row[2:] for row in budget_table(budget).rows}
    assert rows["N2", "all"] == ("0.61", "0.49 to 0.72", "0.67")
    assert rows["g_R", "in quadrature"] == ("0.88", "0.78 to 0.98", "0.96")
    assert rows["B", "tag and probe"] == ("–", "–", "0.20")
    assert rows["K", "pC per MeV, common"][-1] == "2.00"
    assert len(budget_points_table(budget).rows) == 42


def test_every_period_is_drawn_where_it_was_taken(factors: tuple[PeriodFactors, ...]) -> None:
    figure = drawn(draw_corrections(factors, "padme-run3"))
    assert len(figure.axes) == 5
    for axes, one in zip(figure.axes, factors, strict=True):
        points = [c.lines[0].get_xydata() for c in axes.containers]
        together = np.concatenate(points)
        together = together[np.argsort(together[:, 0])]
        assert together[:, 0].tolist() == np.flatnonzero(one.known).tolist()
        assert together[:, 1] == pytest.approx(one.value[one.known])
        assert axes.get_ylabel().endswith("[1]")
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert set(labels) == {"Scan 1 (part 0)", "Scan 2 (part 1)", "Not searched", "Mean"}


def test_tables_of_corrections(factors: tuple[PeriodFactors, ...]) -> None:
    rows = {row[0]: row[1:] for row in corrections_table(factors).rows}
    # The means that the published analysis states to three digits: 0.922, 0.941, 1.000.
    assert rows["Leakage"][0] == "0.9221"
    assert rows["Bremsstrahlung"][0] == "0.9406"
    assert rows["Ageing"][0] == "1.0002"
    assert rows["R_max shift"][1] == "–"
    assert rows["Tag and probe"][-1] == "beside them"
    periods = period_factors_table(factors)
    assert len(periods.rows) == 52
    assert periods.rows[0][2] == "0.9437 ± 0.0014"
    assert periods.rows[1][-1] == "–"
    assert sum(row[1] == "not searched" for row in periods.rows) == 10


def test_points_say_what_is_masked(without_toys: SearchResult) -> None:
    rows = points_table(without_toys).rows
    assert sum(row[8] == "masked" for row in rows) == 10
    curves = without_toys.curves
    pulls = (curves.g_r - curves.background) / curves.g_r_err
    assert [float(row[9].replace("−", "-")) for row in rows] == pytest.approx(pulls.tolist(), abs=0.005)


def test_masked_points_are_open(without_toys: SearchResult) -> None:
    for stem in ("observable", "pulls"):
        axes = FIGURES[stem](without_toys).axes[0]
        of_parts = {c.get_label(): c.lines[0] for c in axes.containers}
        assert len(of_parts) == 4
        for label, line in of_parts.items():
            assert (line.get_markerfacecolor() == "white") == label.endswith("masked")
        inside = sum(len(line.get_xdata()) for label, line in of_parts.items() if label.endswith("masked"))
        assert inside == without_toys.sideband.masked.sum()


def test_checks_are_a_line_each(checks: CheckResult) -> None:
    rows = {row[0]: row[1:] for row in checks_table(checks).rows}
    assert len(rows) == len(checks.checks) == 3
    assert rows["Conventions of mass and binding"][1] == "small"
    (boson,) = (row for title, row in rows.items() if "boson" in title)
    assert boson[1] == "–"
    assert boson[-1].startswith("not applicable")
