"""A table of a page, and settings as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from x17.report.number_text import UNKNOWN


@dataclass(frozen=True, slots=True)
class Table:
    """A table of text; the first cell of a row is its header.

    Attributes
    ----------
    key : str
        Identifier within the page.
    caption : str
    header : tuple of str
    rows : tuple of tuple of str
    words : tuple of int
        Columns of words, which are set flush left; the first always is.
    note : str
        Follows the table.
    """

    key: str
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: tuple[int, ...] = ()
    note: str = ""


def tree_table(key: str, caption: str, tree: Mapping[str, Any]) -> Table:
    """Make a table of a tree of settings, one row a leaf.

    Parameters
    ----------
    key, caption : str
    tree : mapping
        Of mappings and plain values.

    Returns
    -------
    Table
    """
    return Table(key, caption, ("Name", "Value"), tuple(_leaves(tree, "")), (1,))


def _leaves(tree: Mapping[str, Any], prefix: str) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for name, value in tree.items():
        if isinstance(value, Mapping):
            rows += _leaves(value, f"{prefix}{name}.")
        else:
            rows.append((f"{prefix}{name}", _leaf(value)))
    return rows


def _leaf(value: Any) -> str:
    if value is None or value == "":
        return UNKNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(_leaf(item) for item in value) if value else "none"
    return str(value)
