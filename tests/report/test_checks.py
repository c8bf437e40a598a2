"""Tables, figures, page and document of the checks, for whatever checks can come up with."""

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from rich.console import Console

from x17.report.check_captions import check_captions
from x17.report.check_document import COLUMNS, check_csv, check_document
from x17.report.check_figures import check_figures
from x17.report.check_findings import check_headline, findings, size_word
from x17.report.check_page import render_checks
from x17.report.check_tables import cells, comparison_table, header, impact_table, overview_table, rows_table
from x17.report.check_terminal import SHOWN, print_checks, print_summary
from x17.report.style import house_style
from x17.report.tables import json_text
from x17.scan import EnergyScan
from x17.statistics.check_result import CheckResult, CheckStatus
from x17.workflows.check_list import chosen_plans
from x17.workflows.checks import CheckRequest, run_checks
from x17.workflows.search_settings import resolve_settings

VOID = {"meta", "img", "br"}
SVG = "<svg xmlns='http://www.w3.org/2000/svg'></svg>"
Variant = Callable[[CheckResult], CheckResult]


@pytest.fixture(scope="module")
def checked() -> CheckResult:
    scan = EnergyScan.load("padme-run3")
    options = {"search.masses": "16.7:17.1:0.1", "limit.toys": 60}
    prepared, settings = resolve_settings(options=options).prepared(scan)
    names = "k-constant,corrections,parts,cls-plus-b,injected-boson,conventions"
    request = CheckRequest(plans=chosen_plans(names), experiments=200)
    result = run_checks(prepared, settings, request)
    # Forty-two points left out cost time and show what two show.
    points = run_checks(
        prepared,
        resolve_settings(options=options | {"limit.toys": 0}),
        CheckRequest(plans=chosen_plans("leave-one-out"), experiments=0),
    )
    return replace(result, checks=(*result.checks, *points.checks))


def without_boson(result: CheckResult) -> CheckResult:
    fit = result.unchanged
    best = replace(fit.best, g_ve=0.0, q=0.0, mass_interval_mev=(None, None), g_ve_interval=(0.0, None))
    bare = replace(fit, best=best, local_p=0.5)
    rows = [
        replace(check, rows=tuple(replace(r, fit=replace(r.fit, best=best)) for r in check.rows if r.fit))
        for check in result.checks
    ]
    return replace(result, nominal=replace(result.nominal, fit=bare), checks=tuple(rows))


def all_failed(result: CheckResult) -> CheckResult:
    status, reason = CheckStatus.FAILED, "the fit <b>failed</b>"
    checks = tuple(
        replace(
            check,
            status=status,
            reason=reason,
            comparisons=(),
            tension=None,
            rows=tuple(
                replace(row, status=status, reason=reason, fit=None, change=None, toy_limit=None, global_p=())
                for row in check.rows
            ),
        )
        for check in result.checks
    )
    return replace(
        result, checks=checks, impacts=None, impacts_reason="no fit", methods=None, band=None, injected=None
    )


def odd_name(result: CheckResult) -> CheckResult:
    return replace(result, scan_name="<script>alert('$x_{y}$ & \\frac')</script>", notes=("<i>note</i>",))


VARIANTS: dict[str, Variant] = {
    "as-it-is": lambda result: result,
    "without-boson": without_boson,
    "all-failed": all_failed,
    "odd-name": odd_name,
}


@pytest.fixture(params=VARIANTS)
def any_result(request: pytest.FixtureRequest, checked: CheckResult) -> CheckResult:
    return VARIANTS[request.param](checked)


class Page(HTMLParser):
    """Collects tags and text, and checks that every tag is closed in its turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text.append(data)


def parsed(result: CheckResult) -> Page:
    page = Page()
    page.feed(render_checks(result, {"a": 1}, {"b": 2}, dict.fromkeys(check_figures(result), SVG)))
    page.close()
    assert page.open == []
    return page


def test_a_page_for_every_result(any_result: CheckResult) -> None:
    page = parsed(any_result)
    text = " ".join(" ".join(page.text).split())
    assert check_headline(any_result) in text
    assert not re.search(r"\b(nan|inf|None)\b", text)
    identifiers = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    for check in any_result.checks:
        assert check.name in identifiers
        assert check.question in text
    for _, attributes in page.tags:
        assert (attributes.get("src") or "data:").startswith("data:")
        assert (attributes.get("href") or "#").startswith("#")
    assert not any(tag == "script" for tag, _ in page.tags)


def test_every_figure_has_a_caption_and_is_drawn(any_result: CheckResult) -> None:
    figures = check_figures(any_result)
    assert set(figures) <= set(check_captions(any_result))
    for draw in figures.values():
        figure = draw()
        figure.set_layout_engine("none")  # the layout takes most of the time
        with house_style():
            figure.draw_without_rendering()


def test_one_figure_a_check(checked: CheckResult) -> None:
    figures = check_figures(checked)
    assert {check.name for check in checked.checks} <= set(figures)
    assert {"overview", "impacts", "k-constant-observable", "corrections-observable"} <= set(figures)


def test_axes_have_units(checked: CheckResult) -> None:
    for stem, draw in check_figures(checked).items():
        figure = draw()
        texts = [axes.get_xlabel() for axes in figure.axes] + [axes.get_ylabel() for axes in figure.axes]
        shared = figure.get_supylabel()
        labels = [text for text in (*texts, shared) if text]
        assert len(labels) >= 2, stem
        assert all(re.search(r"\[.+\]|of the point left out", label) for label in labels), (stem, labels)


def test_rows_are_as_long_as_their_header(any_result: CheckResult) -> None:
    tables = [overview_table(any_result)]
    tables += [rows_table(any_result, check) for check in any_result.checks]
    tables += [comparison_table(check) for check in any_result.checks if check.comparisons]
    tables += [impact_table(any_result.impacts)] if any_result.impacts else []
    for table in tables:
        assert all(len(row) == len(table.header) for row in table.rows), table.key


def test_a_row_without_a_fit_says_why(checked: CheckResult) -> None:
    result = all_failed(checked)
    row = cells(result, result.checks[0].rows[0])
    assert row[-1] == "failed: the fit <b>failed</b>"
    assert len(row) == len(header(result))
    (sentence,) = findings(result.checks[0], result)
    assert sentence == "This check was not made (failed): the fit <b>failed</b>."


def test_findings_carry_the_numbers(checked: CheckResult) -> None:
    found = {check.name: " ".join(findings(check, checked)) for check in checked.checks}
    assert "1.0112 ± 0.0016 with P(χ²) = 56 %" in found["k-constant"]
    assert "the response drifts by 0.1068 ± 0.0050" in found["corrections"]
    assert "the parts differ by 0.7" in found["parts"]
    assert "from 1.59σ (without 16.906 MeV) to 2.84σ (without 16.952 MeV)" in found["leave-one-out"]
    assert "median of 5.9" in found["injected-boson"]
    assert "Of those with the boson a share of 0." in found["injected-boson"]
    assert found["conventions"].startswith("The change is small")


def test_sizes_have_words() -> None:
    assert [size_word(s) for s in (0.0, 0.29, 0.3, 0.99, 1.0)] == [
        "small",
        "small",
        "moderate",
        "moderate",
        "large",
    ]


def test_the_document_is_json_without_gaps(any_result: CheckResult) -> None:
    document = json.loads(json_text(check_document(any_result, {"x": 1})))
    assert [check["name"] for check in document["checks"]] == [check.name for check in any_result.checks]
    for check in document["checks"]:
        for row in check["variations"]:
            assert {"name", "label", "sentence", "status", "reason", "change", "global_p"} <= set(row)
    assert document["unchanged"]["best_fit"]["q"] == any_result.unchanged.best.q


def test_the_csv_has_a_line_for_every_variation(any_result: CheckResult) -> None:
    rows = list(csv.DictReader(io.StringIO(check_csv(any_result))))
    assert len(rows) == 1 + sum(len(check.rows) for check in any_result.checks)
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["variation"] == "unchanged"
    assert not any(None in row for row in rows)


def test_the_terminal_shows_every_check(any_result: CheckResult) -> None:
    stream = io.StringIO()
    print_checks(Console(file=stream, width=100), any_result)
    text = stream.getvalue()
    assert all(f"{check.name}: " in text for check in any_result.checks)
    assert "unchanged" in text


def test_the_summary_counts_every_variation_and_is_short(any_result: CheckResult) -> None:
    stream = io.StringIO()
    print_summary(Console(file=stream, width=80), any_result)
    lines = [line.rstrip() for line in stream.getvalue().splitlines()]
    assert len(lines) <= 2 * len(any_result.checks) + SHOWN + 12
    for check in any_result.checks:
        (row,) = [line for line in lines if line.split(" ")[0] == check.name and "was not made" not in line]
        cells = row.split()[1:]
        counted = cells[:-1] if cells and check.done else [cell for cell in cells if cell.isdigit()]
        assert sum(int(cell) for cell in counted) == len(check.rows)
    sizes = [row.change.size for check in any_result.checks for row in check.done if row.change is not None]
    assert ("What moves most" in lines) is bool(sizes)
    if sizes:
        assert f"{max(sizes):.2f}σ" in lines[lines.index("What moves most") + 1]
