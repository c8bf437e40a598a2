"""The page stands alone, is well formed, and holds every table."""

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest

from x17.report.captions import captions
from x17.report.headline import headline
from x17.report.number_text import mass_text
from x17.report.search_cards import search_cards
from x17.report.search_page import render_search
from x17.statistics.search_result import SearchResult

SETTINGS = {
    "search": {"masses": "16.5:17.3:0.2", "without": []},
    "limit": {"toys": 50, "seed": None, "flag": True},
}
PROVENANCE = {"program": "x17", "command": "x17 search <a> & 'b'", "libraries": {"numpy": "2.0"}}
SVG = "<svg xmlns='http://www.w3.org/2000/svg'></svg>"
PNG = b"\x89PNG\r\n\x1a\n"
FILES = {"scan.csv", "limits.csv", "likelihood.csv", "summary.json"}
"""What `x17 search` writes beside the page."""

VOID = {"meta", "img", "br", "link", "hr", "input"}
TABLES = {
    "sideband",
    "criteria",
    "limits",
    "limits-full",
    "local-p",
    "best-fit",
    "k-treatments",
    "nuisances",
    "settings",
    "provenance",
    "failures",
}


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
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text.append(data)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def parsed(html: str) -> Page:
    page = Page()
    page.feed(html)
    page.close()
    assert page.open == []
    return page


def rendered(result: SearchResult, figures: dict[str, str | bytes] | None = None) -> str:
    given = dict.fromkeys(captions(result), SVG) if figures is None else figures
    return render_search(result, SETTINGS, PROVENANCE, given)


def test_every_result_makes_a_balanced_page_without_holes(any_result: SearchResult) -> None:
    page = parsed(rendered(any_result))
    text = " ".join(" ".join(page.text).split())
    # Numbers of the headline are elements of their own: the pieces are compared without what stands between.
    assert headline(any_result).replace(" ", "") in text.replace(" ", "")
    assert not re.search(r"\b(nan|inf|None)\b", text)
    identifiers = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    assert {f"table-{key}" for key in TABLES} <= set(identifiers)


def test_numbers_with_an_exponent_stay_on_one_line(without_toys: SearchResult) -> None:
    local = replace(without_toys.local_p, p_q0=4.68e-10, z_q0=6.12, limit=None)
    html = rendered(replace(without_toys, local_p=local))
    assert ".whole { white-space: nowrap; }" in html
    first, cards = (
        re.search(pattern, html, re.DOTALL)
        for pattern in (r'<p class="headline">(.*?)</p>', r'<dl class="glance.*?</dl>')
    )
    assert first is not None
    assert cards is not None
    for part in (first[0], cards[0]):
        assert '<span class="whole">4.68e-10</span>' in part
        assert not re.search(r"\d[\d.]*e-\d", re.sub(r'<span class="whole">[^<]*</span>', "", part))


def test_refers_to_nothing_outside(with_toys: SearchResult) -> None:
    html = rendered(with_toys)
    assert "http://" not in html
    assert "https://" not in html
    assert "url(" not in html
    assert "@import" not in html
    page = parsed(html)
    assert not page.named("script")
    assert not page.named("link")
    for _, attributes in page.tags:
        assert (attributes.get("src") or "data:").startswith("data:")
        target = attributes.get("href") or "#"
        assert target.startswith("#") or target in FILES
    policy = next(
        m["content"] for m in page.named("meta") if m.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    assert "default-src 'none'" in policy


def test_links_lead_to_sections_and_tables(any_result: SearchResult) -> None:
    page = parsed(rendered(any_result))
    sections = {attributes["id"] for attributes in page.named("section")}
    tables = {attributes["id"] for attributes in page.named("table")}
    targets = {attributes["href"] or "" for attributes in page.named("a")} - FILES
    assert targets <= {f"#{name}" for name in sections | tables}
    assert {f"#{name}" for name in sections} <= targets


def test_every_number_at_the_top_leads_to_its_table(any_result: SearchResult) -> None:
    cards = search_cards(any_result)
    tables = {attributes["id"] for attributes in parsed(rendered(any_result)).named("table")}
    assert all(card.target.removeprefix("#") in tables for card in cards)


@pytest.mark.parametrize(
    ("figure", "start", "content"),
    [(SVG, "data:image/svg+xml;base64,", SVG.encode()), (PNG, "data:image/png;base64,", PNG)],
)
def test_figures_are_embedded(
    with_toys: SearchResult, figure: str | bytes, start: str, content: bytes
) -> None:
    page = parsed(rendered(with_toys, {"limit": figure}))
    (image,) = page.named("img")
    source = image["src"] or ""
    assert source.startswith(start)
    assert base64.b64decode(source.removeprefix(start)) == content
    assert image["alt"]


def test_a_data_uri_is_taken_as_it_is(with_toys: SearchResult) -> None:
    uri = "data:image/png;base64,AAAA"
    assert parsed(rendered(with_toys, {"limit": uri})).named("img")[0]["src"] == uri


def test_all_figures_have_captions_and_alternatives(with_toys: SearchResult) -> None:
    page = parsed(rendered(with_toys))
    assert len(page.named("img")) == len(page.named("figcaption")) == 5
    assert all(image["alt"] for image in page.named("img"))


def test_no_figures_at_all(with_toys: SearchResult) -> None:
    assert parsed(rendered(with_toys, {})).named("img") == []


def test_a_name_cannot_become_markup(variants: Any, with_toys: SearchResult) -> None:
    html = rendered(variants["odd-name"](with_toys))
    assert "<script" not in html
    assert "<b>source" not in html
    assert "<i>note" not in html
    assert "&lt;script&gt;" in html
    assert "x17 search &lt;a&gt; &amp;" in html


def test_accessible_structure(with_toys: SearchResult) -> None:
    page = parsed(rendered(with_toys))
    assert page.named("html")[0]["lang"] == "en"
    assert any(meta.get("name") == "viewport" for meta in page.named("meta"))
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert levels.count(1) == 1
    assert all(attributes.get("scope") in {"row", "col"} for attributes in page.named("th"))
    assert len(page.named("caption")) == len(page.named("table"))
    style = " ".join(rendered(with_toys).split())
    assert "prefers-color-scheme: dark" in style
    assert "@media print" in style


def test_says_which_significance_and_warns_of_double_counting(with_toys: SearchResult) -> None:
    text = " ".join(" ".join(parsed(rendered(with_toys)).text).split())
    assert "One-sided significance" in text
    assert "uses 32 of the 42 points that are then fitted again" in text
    for variant in with_toys.k_variants:
        assert variant.k_constraint in text


def test_criteria_that_were_not_reached(with_toys: SearchResult) -> None:
    first, *rest = with_toys.criteria
    after = tuple(replace(c, value=None, passed=None) for c in rest)
    result = replace(with_toys, criteria=(replace(first, value=0.1, passed=False), *after))
    text = " ".join(parsed(rendered(result)).text)
    assert "failed" in text
    assert text.count("not reached") == len(rest)


def test_settings_and_provenance_are_listed(with_toys: SearchResult) -> None:
    text = " ".join(parsed(rendered(with_toys)).text)
    for cell in ("search.masses", "16.5:17.3:0.2", "search.without", "none", "libraries.numpy", "yes"):
        assert cell in text


def test_many_masses_are_shortened_and_still_all_there(with_toys: SearchResult) -> None:
    limits = tuple(replace(with_toys.limits[0], mass_mev=16.0 + 0.02 * k) for k in range(31))
    html = rendered(replace(with_toys, limits=limits))
    short, full = (
        re.search(rf'<table id="table-{key}"[^>]*>.*?</table>', html, re.DOTALL)
        for key in ("limits", "limits-full")
    )
    assert short is not None
    assert full is not None
    assert short.group().count('scope="row"') == 7
    assert all(mass_text(point.mass_mev) in full.group() for point in limits)
    before = html[: html.index('id="table-limits-full"')]
    assert before.rindex("<details>") > before.rindex('id="table-limits"')  # folded


def test_the_template_travels_with_the_package() -> None:
    assert (files("x17.report") / "templates" / "report.html.j2").is_file()


def test_the_same_result_gives_the_same_page(with_toys: SearchResult) -> None:
    assert rendered(with_toys) == rendered(with_toys)


def test_without_an_excess_the_strongest_limit_stands_out(variants: Any, without_toys: SearchResult) -> None:
    html = rendered(variants["no-excess"](without_toys))
    smallest = min(point.asymptotic for point in without_toys.limits if point.asymptotic is not None)
    (glance,) = re.findall(r'<dl class="glance">.*?</dl>', html, re.DOTALL)
    assert "Strongest limit on g_ve [10⁻⁴]" in glance
    assert f">{smallest * 1e4:.2f}<" in glance
    assert "Best-fit" not in glance
