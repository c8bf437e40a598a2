"""A table without lines for a terminal."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


def print_table(
    console: Console, header: Sequence[str], rows: Sequence[Sequence[str]], may_wrap: Container[str] = ()
) -> None:
    """Print an empty line and a table; nothing without rows.

    Parameters
    ----------
    console : rich.console.Console
    header : sequence of str
    rows : sequence of sequence of str
    may_wrap : container of str
        Headings of the columns that give way in a narrow terminal.
    """
    from rich.table import Table
    from rich.text import Text

    if not rows:
        return
    console.print()
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in header:
        table.add_column(name, no_wrap=name not in may_wrap)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)
