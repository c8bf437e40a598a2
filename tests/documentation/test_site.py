"""The pages as a site: built without a warning, whole, and readable on a phone without a network."""

import ast
import json
import posixpath
import re
import subprocess
import sys
import zlib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from .fences import ROOT, pages

PHONE = 390
LONG_PAGES = ["index.html", "reference/commands.html", "explanation/global-significance.html"]
LARGEST_IMAGE = 200_000


class Page(HTMLParser):
    """Links, files and places of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.places |= {found[name] for name in ("id", "name") if found.get(name)}
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        elif tag == "link" and found.get("rel") not in {"canonical", "index", "search", "next", "prev"}:
            self.loads.append(found.get("href", ""))
        elif tag in {"script", "img", "iframe", "source"} and "src" in found:
            self.loads.append(found["src"])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `make docs` builds it, anew; a warning is an error."""
    out = tmp_path_factory.mktemp("site")
    (recipe,) = re.findall(
        r"^docs:.*\n\t\$\(BIN\)/python (.*) build/docs$", (ROOT / "Makefile").read_text(), re.M
    )
    assert "-W" in recipe.split()
    command = [sys.executable, *recipe.split(), "-d", str(out / "trees"), str(out / "html")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    return out / "html"


@pytest.fixture(scope="module")
def html(site: Path) -> dict[str, Page]:
    """Every page by its path."""
    files = {path.relative_to(site).as_posix(): path for path in site.rglob("*.html")}
    return {name: Page(path.read_text("utf-8")) for name, path in files.items() if "_static/" not in name}


def test_every_page_of_the_repository_is_there(html: dict[str, Page]) -> None:
    sources = (path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md"))
    assert {path.with_suffix(".html").as_posix() for path in sources} <= set(html)
    assert len(html) > 100


def test_links_lead_to_pages_and_places(site: Path, html: dict[str, Page]) -> None:
    lost = []
    for name, page in html.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or not (parts.path or parts.fragment):
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path)))
            target = name if not parts.path else target
            place = unquote(parts.fragment)
            if not (site / target).is_file() or (place and place not in html[target].places):
                lost.append(f"{name}: {link}")
    assert lost == []


def test_every_page_is_reached_by_links_from_the_first(html: dict[str, Page]) -> None:
    seen, todo = set(), ["index.html"]
    while todo:
        name = todo.pop()
        if name in seen or name not in html:
            continue
        seen.add(name)
        paths = (urlsplit(link) for link in html[name].links)
        local = (parts.path for parts in paths if parts.path and not parts.scheme)
        todo += [posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) for path in local]
    assert set(html) - seen <= {"search.html", "genindex.html", "py-modindex.html"}


def test_nothing_is_loaded_from_elsewhere(site: Path, html: dict[str, Page]) -> None:
    elsewhere = [(name, url) for name, page in html.items() for url in page.loads if urlsplit(url).netloc]
    assert elsewhere == []
    styles = "".join(path.read_text("utf-8") for path in site.rglob("*.css"))
    assert re.findall(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", styles) == []


def public_names() -> Iterator[str]:
    """Modules with their functions, classes and methods: a second reading of the source."""
    for path in sorted((ROOT / "src/x17").rglob("*.py")):
        parts = path.relative_to(ROOT / "src").with_suffix("").parts
        if any(part.startswith("_") and part != "__init__" for part in parts):
            continue
        module = ".".join(part for part in parts if part != "__init__")
        yield module
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                yield f"{module}.{node.name}"
                below = node.body if isinstance(node, ast.ClassDef) else []
                methods = [item.name for item in below if isinstance(item, ast.FunctionDef)]
                yield from (f"{module}.{node.name}.{name}" for name in methods if not name.startswith("_"))


def test_the_library_has_every_public_name(html: dict[str, Page]) -> None:
    places = set().union(*(page.places for name, page in html.items() if name.startswith("reference/api/")))
    names = set(public_names())
    assert len(names) > 2000
    assert names - places == set()


def test_other_sites_can_refer_to_it(site: Path) -> None:
    """The inventory that Sphinx reads of other sites knows the names of the library."""
    inventory = zlib.decompress((site / "objects.inv").read_bytes().split(b"\n", 4)[4]).decode()
    assert re.search(
        r"^x17\.scan\.energy_scan\.EnergyScan py:class 1 reference/api/x17\.scan\.html#", inventory, re.M
    )


def test_search_finds_names_and_words(site: Path) -> None:
    text = (site / "searchindex.js").read_text("utf-8")
    index = json.loads(text[text.index("{") : text.rindex("}") + 1])
    assert "weideman" in index["terms"]
    assert "x17.statistics.asymptotic" in json.dumps(index["objects"])


def test_images_are_small_and_used_and_have_their_scripts() -> None:
    scripts = "".join(path.read_text("utf-8") for path in (ROOT / "docs/figures").glob("*.py"))
    texts = "".join(pages().values())
    images = sorted((ROOT / "docs/images").iterdir())
    assert len(images) >= 18
    for image in images:
        assert image.stat().st_size <= LARGEST_IMAGE, image.name
        assert f"images/{image.name})" in texts, f"no page shows {image.name}"
        named = any(f'"{name}"' in scripts for name in (image.stem, image.name))
        assert named or f"/{image.name}" in scripts, f"no script in docs/figures makes {image.name}"


OVERFLOW = "document.documentElement.scrollWidth - window.innerWidth"
CUT = """() => [...document.querySelectorAll('article :is(p, h1, h2, img, pre, dt)')]
    .filter(e => !e.closest('.table-wrapper') && e.getBoundingClientRect().right > window.innerWidth + 1)
    .map(e => e.outerHTML.slice(0, 120))"""
LUMINANCE = """() => ['backgroundColor', 'color'].map(name => getComputedStyle(document.body)[name]
    .match(/[\\d.]+/g).slice(0, 3).reduce((sum, x) => sum + Number(x), 0) / 765)"""


@pytest.mark.parametrize("name", LONG_PAGES)
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (PHONE, "light"), (PHONE, "dark")])
def test_page_in_a_browser(browser: Any, site: Path, name: str, width: int, scheme: str) -> None:
    """The page does not scroll sideways: tables and code do in their boxes. Nothing is asked of a network."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)
    try:
        page, asked, complaints = context.new_page(), [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto((site / name).as_uri(), wait_until="networkidle")
        assert complaints == []
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
        assert page.evaluate(OVERFLOW) <= 0
        assert page.evaluate(CUT) == []
        paper, ink = page.evaluate(LUMINANCE)
        assert (paper < 0.2 and ink > 0.7) if scheme == "dark" else (paper > 0.9 and ink < 0.2)
    finally:
        context.close()


def test_a_wide_table_scrolls_in_its_box(browser: Any, site: Path) -> None:
    page = browser.new_page(viewport={"width": PHONE, "height": 900})
    try:
        page.goto((site / "explanation/published-numbers.html").as_uri())
        box = page.locator(".table-wrapper").first
        assert box.evaluate("e => e.scrollWidth > e.clientWidth && getComputedStyle(e).overflowX === 'auto'")
    finally:
        page.close()
