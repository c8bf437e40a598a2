"""The reference of the library: a page for each package, from the source, its modules one after the other.

`api-module` is a directive that fills a section from the docstrings of one module.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from docstring import render
from docutils import nodes
from source import Entry, Kind, read_packages
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

SOURCE = Path(__file__).parents[2] / "src" / "x17"
FOLDER = "reference/api"
INDEX = "reference/library"
WORD = re.compile(r"[A-Za-z_][\w.]*")


class Library:
    """All public names, with the page of each.

    Attributes
    ----------
    packages : dict
        As `read_packages` gives them.
    modules : dict
        Name to module.
    page : dict
        Dotted name of everything to the document that has it.
    """

    def __init__(self, source: Path) -> None:
        self.packages = read_packages(source)
        self.modules = {entry.name: entry for entries in self.packages.values() for entry in entries}
        self.page: dict[str, str] = {}
        for package, entries in self.packages.items():
            for entry in entries:
                self._place(entry, f"{FOLDER}/{package}")

    def _place(self, entry: Entry, page: str) -> None:
        self.page[entry.name] = page
        for member in entry.members:
            self._place(member, page)

    def resolve(self, word: str, module: Entry, owner: str = "") -> str | None:
        """Dotted name of what a module, or a class in it, calls `word`; None if it is none of ours."""
        first, _, rest = word.partition(".")
        imported = module.imported.get(first, first) + (f".{rest}" if rest else "")
        for name in (f"{owner}.{word}", f"{module.name}.{word}", imported, word):
            if name in self.page:
                return name
            package, _, short = name.rpartition(".")
            # A name that a package passes on is at home elsewhere.
            home = self.modules[package].imported.get(short) if package in self.modules else None
            if home in self.page:
                return home
        return None


def page(package: str, modules: list[Entry]) -> str:
    """Text of a page: a heading for each module, and the directive that fills it."""
    lines = [f"# {package}", ""]
    for entry in modules:
        if entry.name != package:
            lines += [f"## {entry.name.removeprefix(package + '.')}", ""]
        lines += [f"```{{api-module}} {entry.name}", "```", ""]
    return "\n".join(lines)


def write_pages(app: Sphinx) -> None:
    """Write the pages among the sources, where git ignores them; those that did not change stay."""
    app.x17_library = library = Library(SOURCE)  # type: ignore[attr-defined]
    folder = Path(app.srcdir) / FOLDER
    folder.mkdir(exist_ok=True)
    wanted = {f"{name}.md": page(name, modules) for name, modules in library.packages.items()}
    for old in set(folder.iterdir()) - {folder / name for name in wanted}:
        old.unlink()
    for name, text in wanted.items():
        file = folder / name
        if not file.is_file() or file.read_text("utf-8") != text:
            file.write_text(text, "utf-8")


def list_packages(app: Sphinx, docname: str, source: list[str]) -> None:
    """Append to the page of the library a table of its packages, and their pages as chapters."""
    if docname != INDEX:
        return
    library: Library = app.x17_library  # type: ignore[attr-defined]
    lines = ["", "| package | what |", "|---|---|"]
    for package, modules in library.packages.items():
        lines.append(f"| [{package}](api/{package}.md) | {modules[0].doc.partition(chr(10))[0]} |")
    toctree = (f"/{FOLDER}/{package}" for package in library.packages)
    source[0] += "\n".join([*lines, "", "```{toctree}", ":hidden:", "", *toctree, "```", ""])


class ApiModule(SphinxDirective):
    """All public names of a module, with their docstrings."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Nodes of the module."""
        self.library: Library = self.env.app.x17_library
        self.module = self.library.modules[self.arguments[0]]
        for file in SOURCE.rglob(f"{self.module.name.rpartition('.')[2]}.py"):
            self.env.note_dependency(str(file))
        self.env.domains.python_domain.note_module(self.module.name, self.module.name, "", "", False)
        target = nodes.target("", "", ids=[self.module.name])
        found = [target, *render(self.module.doc, self._link)]
        if self.module.exported:
            links = [self._link(name) or nodes.literal("", name) for name in self.module.exported]
            words = [part for link in links for part in (nodes.Text(", "), link)][1:]
            found.append(nodes.paragraph("", "", nodes.Text("To be imported from here: "), *words))
        return found + [self._entry(member) for member in self.module.members]

    def _link(self, code: str, owner: str = "", text: str = "") -> nodes.Node | None:
        name = self.library.resolve(code.removesuffix("()"), self.module, owner)
        if name is None:
            return None
        there = self.env.app.builder.get_relative_uri(self.env.docname, self.library.page[name])
        same = there == self.env.app.builder.get_relative_uri(self.env.docname, self.env.docname)
        place = f"#{name}" if same else f"{there}#{name}"
        inner = nodes.Text(text) if text else nodes.literal("", code)
        return nodes.reference("", "", inner, internal=True, refuri=place)

    def _entry(self, entry: Entry) -> addnodes.desc:
        self.env.domains.python_domain.note_object(entry.name, entry.kind.value, entry.name)
        signature = addnodes.desc_signature("", "", ids=[entry.name], classes=["sig-object"])
        signature["_toc_parts"], signature["_toc_name"] = (), ""
        owner = entry.name if entry.kind is Kind.CLASS else entry.name.rpartition(".")[0]
        if entry.before:
            signature += addnodes.desc_annotation("", entry.before)
        signature += addnodes.desc_name("", entry.short)
        signature += self._typed(entry.signature)
        content = addnodes.desc_content("", *render(entry.doc, lambda code: self._link(code, owner)))
        content += [self._entry(member) for member in entry.members]
        return addnodes.desc("", signature, content, domain="py", objtype=entry.kind.value, classes=["py"])

    def _typed(self, text: str) -> nodes.inline:
        """A signature in which types of the library are links."""
        box = nodes.inline("", classes=["x17-signature"])
        place = 0
        for match in WORD.finditer(text):
            # Names of arguments and values of text are no types.
            if match[0][0].isupper() and (link := self._link(match[0], text=match[0])) is not None:
                box += [nodes.Text(text[place : match.start()]), link]
                place = match.end()
        box += nodes.Text(text[place:])
        return box


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.add_directive("api-module", ApiModule)
    app.connect("builder-inited", write_pages)
    app.connect("source-read", list_packages)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
