"""Pages that an index links to are its chapters: the Markdown stays free of directives, as a forge shows it.

On `index.md` and every `README.md` the local links to pages, in their order, become a hidden toctree.
"""

import posixpath
import re
from typing import Any

from sphinx.application import Sphinx

LINK = re.compile(r"\]\((?!\w+:)([^)#\s]+\.md)\)")


def chapters(docname: str, text: str, known: set[str]) -> list[str]:
    """Documents that a text links to without an anchor, each once, below the folder of the document."""
    folder = posixpath.dirname(docname)
    found: dict[str, None] = {}
    for target in LINK.findall(text):
        name = posixpath.normpath(posixpath.join(folder, target)).removesuffix(".md")
        if name in known and name != docname and (not folder or name.startswith(folder + "/")):
            found.setdefault(name)
    return list(found)


def add_chapters(app: Sphinx, docname: str, source: list[str]) -> None:
    """Append the toctree to an index."""
    if posixpath.basename(docname) not in {"index", "README"}:
        return
    names = chapters(docname, source[0], set(app.env.found_docs))
    if docname == app.config.root_doc:
        names = [name for name in names if posixpath.basename(name) == "README" or "/" not in name]
    entries = "\n".join("/" + name for name in names)
    source[0] += f"\n\n```{{toctree}}\n:hidden:\n\n{entries}\n```\n"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("source-read", add_chapters)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
