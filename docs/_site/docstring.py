"""A numpydoc docstring as nodes of a page: as typed, with names in backticks as code.

The text is no reStructuredText: |x|, θ* and ĝ_ve stand for themselves. Indented lines are formulas and stay
as they are, lines that begin with a dash are a list, those in bars a table.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from docutils import nodes

Link = Callable[[str], nodes.Node | None]
"""From a name in backticks to a reference; None if it is no public name."""

CODE = re.compile(r"``(.+?)``|`([^`]+)`|(?<![^\s(])\*([^\s*][^*]*[^\s*])\*(?!\w)")
UNDERLINE = re.compile(r"-{3,}\s*")


def inline(text: str, link: Link) -> list[nodes.Node]:
    """A run of text: code in backticks, emphasis in asterisks.

    Parameters
    ----------
    text : str
    link : callable

    Returns
    -------
    list of Node
    """
    found: list[nodes.Node] = []
    place = 0
    for match in CODE.finditer(text):
        found.append(nodes.Text(text[place : match.start()]))
        code, place = match[1] or match[2], match.end()
        if code is None:
            found.append(nodes.emphasis("", match[3]))
        else:
            found.append(link(code) or nodes.literal("", code))
    return [*found, nodes.Text(text[place:])]


def render(doc: str, link: Link) -> list[nodes.Node]:
    """All of a docstring.

    Parameters
    ----------
    doc : str
        Without indentation.
    link : callable

    Returns
    -------
    list of Node
        Paragraphs, then each section as a rubric with its items.
    """
    lines = doc.splitlines()
    heads = [k for k in range(len(lines) - 1) if lines[k].strip() and UNDERLINE.fullmatch(lines[k + 1])]
    ends = [*heads, len(lines)][1:]
    found = blocks(lines[: heads[0]] if heads else lines, link)
    for start, end in zip(heads, ends, strict=True):
        title, body = lines[start].strip(), lines[start + 2 : end]
        found.append(nodes.rubric("", title))
        found += blocks(body, link) if title in {"Notes", "References", "Examples"} else [items(body, link)]
    return found


def items(lines: list[str], link: Link) -> nodes.definition_list:
    """Items of a section: a line `name : type`, and below it, indented, what is said of it."""
    listed = nodes.definition_list(classes=["x17-items"])
    starts = [k for k, line in enumerate(lines) if line and not line[0].isspace()]
    for start, end in zip(starts, [*starts, len(lines)][1:], strict=True):
        name, colon, kind = lines[start].partition(" : ")
        term = nodes.term("", "", nodes.strong("", name))
        if colon:
            term += [nodes.Text(" : "), *inline(kind, link)]
        body = [line.removeprefix("    ") for line in lines[start + 1 : end]]
        listed += nodes.definition_list_item("", term, nodes.definition("", *blocks(body, link)))
    return listed


def blocks(lines: list[str], link: Link) -> list[nodes.Node]:
    """Paragraphs, formulas, lists and tables, parted by blank lines."""
    found: list[nodes.Node] = []
    for part in re.split(r"\n\s*\n", "\n".join(lines).strip("\n")):
        if not part.strip():
            continue
        if part.startswith((" ", "|---")) or part.count("\n|") > 1:
            text = "\n".join(line.removeprefix("    ") for line in part.splitlines())
            found.append(nodes.literal_block(text, text, language="none"))
        elif re.search(r"^- ", part, re.MULTILINE):
            first, *points = re.split(r"^- ", part, flags=re.MULTILINE)
            if first.strip():
                found.append(paragraph(first, link))
            entries = [nodes.list_item("", paragraph(point, link)) for point in points]
            found.append(nodes.bullet_list("", *entries))
        else:
            found.append(paragraph(part, link))
    return found


def paragraph(text: str, link: Link) -> nodes.paragraph:
    """Lines as one run of text."""
    return nodes.paragraph("", "", *inline(" ".join(line.strip() for line in text.splitlines()), link))
