"""Figures, tables, page, files and terminal of a counted scan, with much to show and with little."""

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from x17.report.calibration_budget import budget_lines, in_quadrature
from x17.report.calibration_captions import calibration_captions
from x17.report.calibration_files import write_calibration
from x17.report.calibration_page import calibration_headline, render_calibration
from x17.report.calibration_tables import period_table
from x17.report.count_text import count_text
from x17.report.figures.calibration import CALIBRATION_FIGURES, calibration_figures
from x17.report.style import house_style
from x17.scan.calibration import Calibration, calibration_of
from x17.scan.counted import CountedScan
from x17.scan.error_budget import COMMON, POINT

VOID = {"meta", "img", "br"}
SVG = "<svg xmlns='http://www.w3.org/2000/svg'></svg>"


@pytest.fixture(params=["counted", "bare"])
def any_scan(request: pytest.FixtureRequest) -> CountedScan:
    scan = request.getfixturevalue(request.param)
    assert isinstance(scan, CountedScan)
    return scan


class Page(HTMLParser):
    """Collects tags and text, and checks that every tag is closed in its turn."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text.append(data)


def test_a_page_for_every_scan(any_scan: CountedScan) -> None:
    found = calibration_of(any_scan)
    figures = dict.fromkeys(calibration_figures(found), SVG)
    page = Page(render_calibration(any_scan, figures, calibration=found))
    text = " ".join(" ".join(page.text).split())
    assert calibration_headline(any_scan, found) in text
    assert not re.search(r"\b(nan|inf|None)\b", text)
    identifiers = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    assert {f"figure-{stem}" for stem in figures} <= set(identifiers)
    for tag, attributes in page.tags:
        assert tag not in ("script", "link", "b", "i")
        assert str(attributes.get("href", "#")).startswith("#")
        assert str(attributes.get("src", "data:")).startswith("data:")


def test_the_page_names_the_search_if_there_is_one(counted: CountedScan) -> None:
    page = Page(render_calibration(counted, {}, search_report="../search/report.html"))
    links = [attributes.get("href") for tag, attributes in page.tags if tag == "a"]
    assert "../search/report.html" in links


def test_the_page_says_what_was_left_out(counted: CountedScan) -> None:
    text = " ".join(" ".join(Page(render_calibration(counted, {})).text).split())
    assert "Period 4 no event was reconstructed" in text
    assert "Period 7, run 0 energy for each positron far from that of the other runs" in text


def test_every_figure_has_words(calibration: Calibration) -> None:
    captions = calibration_captions(calibration)
    assert list(captions) == list(CALIBRATION_FIGURES)
    assert all(caption.title and caption.text.endswith(".") and caption.alt for caption in captions.values())


@pytest.mark.parametrize("stem", CALIBRATION_FIGURES)
def test_draws_with_units_and_without_a_warning(stem: str, counted: CountedScan, bare: CountedScan) -> None:
    for scan in (counted, bare):
        found = calibration_of(scan)
        draw = calibration_figures(found).get(stem)
        if draw is None:
            assert scan is bare
            assert stem in ("stability", "validation", "tag_probe")
            continue
        figure = draw(found)
        check_units(figure)
        figure.set_layout_engine("none")  # the layout takes most of the time and is tested with the files
        with house_style():
            figure.draw_without_rendering()


def check_units(figure: Figure) -> None:
    parts = [figure, *figure.subfigs]
    named = [label for part in parts for label in (part.get_supxlabel(), part.get_supylabel())]
    for axes in figure.axes:
        named += [axes.get_xlabel(), axes.get_ylabel(), *(c.get_ylabel() for c in axes.child_axes)]
    named = [label for label in named if label]
    assert len(named) >= 2
    assert all("[" in label and label.endswith("]") for label in named), named


def test_tables_are_rectangular(counted: CountedScan, calibration: Calibration) -> None:
    table = period_table(counted, calibration)
    assert len(table.rows) == len(counted.assembled.scan)
    assert all(len(row) == len(table.header) for row in table.rows)
    page = Page(render_calibration(counted, {}, calibration=calibration))
    assert {
        f"table-{key}" for key in ("budget", "validation", "cut-flow", "left-out", "ageing", "bands")
    } <= {str(attributes.get("id")) for _, attributes in page.tags}


def test_budget_beside_that_of_run_3(counted: CountedScan, calibration: Calibration) -> None:
    lines = budget_lines(counted.assembled.scan.published_budget, calibration)
    point = [line for line in lines if line.kind == POINT]
    assert len(point) == 8
    assert all(line.here is not None and line.run3 is not None for line in point)
    # 0.6, 0.3, 0.4, 0.2, 0.2, 0.1, 0.3, 0.35 % as the talk shows them; it quotes 0.89 %.
    assert in_quadrature(lines, POINT)[1] == pytest.approx(0.9552, abs=1e-4)
    # 2.0, 0.5, 0.3 % of K and 0.4, 0.5 % of B.
    assert in_quadrature(lines, COMMON)[1] == pytest.approx(2.179, abs=1e-3)
    (missing,) = (line for line in lines if line.here is None)
    assert missing.source == "acceptance and target"


def test_terminal_text_fits_and_is_complete(any_scan: CountedScan) -> None:
    text = count_text(any_scan)
    assert max(map(len, text.splitlines())) <= 80
    assert not re.search(r"\b(nan|inf|None)\b", text)
    first = [line.split()[0] for line in text.splitlines() if line.strip()]
    assert {str(number) for number in any_scan.assembled.scan.period} <= set(first)
    joined = " ".join(text.split())
    for entry in any_scan.assembled.left_out:
        assert entry.reason in joined
    for reason, good in zip(any_scan.quality.reasons, any_scan.quality.good, strict=True):
        assert good or reason in joined


def test_files_are_complete_and_replace_earlier_ones(
    tmp_path: Path, counted: CountedScan, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = {stem: CALIBRATION_FIGURES[stem] for stem in ("points", "ageing")}
    monkeypatch.setattr("x17.report.figures.calibration.calibration_figures", lambda _: few)
    seen: list[tuple[str, int, int]] = []
    folder = tmp_path / "calibration"
    page = write_calibration(
        folder, counted, quick=True, search_report="../s.html", progress=lambda *step: seen.append(step)
    )
    record = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert sorted(record["files"]) == files
    assert record["scan_sha256"] == counted.assembled.scan.digest
    assert {Path(name).stem for name in files if name.endswith(".png")} == set(few)
    assert seen[-1] == ("calibration figures", len(few), len(few))
    first = page.read_text(encoding="utf-8")
    assert 'href="../s.html"' in first
    # Again with vectors: the pictures are the same, and nothing of before is left beside them.
    write_calibration(folder, counted)
    assert page.read_text(encoding="utf-8") != first
    assert {path.name for path in (folder / "figures").iterdir()} == {
        f"{s}.{f}" for s in few for f in ("png", "svg")
    }
    assert len(list(tmp_path.iterdir())) == 1


def test_terminal_text_needs_no_figures() -> None:
    code = (
        "import sys, x17.report.count_text, x17.report.calibration_files; print('matplotlib' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
