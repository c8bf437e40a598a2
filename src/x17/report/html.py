"""Pages: one HTML file each that needs nothing else, neither now nor in ten years."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from x17.report.caption import Caption
from x17.report.html_tables import Table

_EXPONENT = re.compile(r"(\d[\d.]*e-\d+)")


@dataclass(frozen=True, slots=True)
class Link:
    """Where the numbers of something stand.

    Attributes
    ----------
    text : str
    target : str
        `#table-…` in the page, or a file beside it.
    """

    text: str
    target: str


@dataclass(frozen=True, slots=True)
class Card:
    """A number at the top of a page.

    Attributes
    ----------
    label, text : str
    target : str
        Where it stands with all that belongs to it, as in `Link`; empty if nowhere.
    """

    label: str
    text: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure as the page shows it.

    Attributes
    ----------
    key : str
    source : str
        Data URI.
    caption : Caption
    links : tuple of Link
        Where the numbers in it stand.
    """

    key: str
    source: str
    caption: Caption
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page.

    Attributes
    ----------
    key, title : str
    pictures : tuple of Picture
    tables : tuple of Table
        Beside one picture or below several.
    wide : tuple of Table
        Below all of these.
    folded : tuple of Table
        Shown on request.
    text : tuple of str
        Paragraphs before everything else.
    """

    key: str
    title: str
    pictures: tuple[Picture, ...]
    tables: tuple[Table, ...]
    wide: tuple[Table, ...] = ()
    folded: tuple[Table, ...] = ()
    text: tuple[str, ...] = ()


def page_template(name: str) -> Template:
    """Load a template of the package; whatever is put into it is escaped.

    Parameters
    ----------
    name : str
        File name.

    Returns
    -------
    jinja2.Template
    """
    environment = Environment(
        loader=PackageLoader("x17.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["code"] = _code
    environment.filters["whole"] = _whole
    return environment.get_template(name)


def _whole(text: str) -> Markup:
    """Text whose numbers with an exponent stay on one line: a browser would break them behind the minus."""
    return Markup("").join(
        Markup('<span class="whole">{}</span>' if k % 2 else "{}").format(part)
        for k, part in enumerate(_EXPONENT.split(text))
    )


def _code(text: str) -> Markup:
    """Text with what stands between backticks as code."""
    return Markup("").join(
        Markup("<code>{}</code>" if k % 2 else "{}").format(part) for k, part in enumerate(text.split("`"))
    )


def data_uri(figure: str | bytes) -> str:
    """Pictures in data URIs: scripts in an SVG do not run, and identifiers of two SVGs do not clash.

    Parameters
    ----------
    figure : str or bytes
        Text of an SVG, bytes of a PNG, or a data URI.

    Returns
    -------
    str
    """
    if isinstance(figure, str) and figure.startswith("data:"):
        return figure
    kind, content = ("svg+xml", figure.encode()) if isinstance(figure, str) else ("png", figure)
    return f"data:image/{kind};base64,{b64encode(content).decode('ascii')}"
