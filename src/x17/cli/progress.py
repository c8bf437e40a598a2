"""A progress bar on standard error, for work that takes more than a moment."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from x17.errors import X17Error

if TYPE_CHECKING:
    from x17.statistics.blocks import Progress


class Interrupted(X17Error):
    """Ctrl-C during work of which a part is safe; the message says which."""

    exit_code = 130


def tell(message: str) -> None:
    """Put a note on standard error.

    Parameters
    ----------
    message : str
    """
    sys.stderr.write(f"note: {message}\n")


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Show what runs, how far it is and how long it will take; nothing if standard error is no terminal.

    Yields
    ------
    callable
        To be called with (what, done, total).

    Raises
    ------
    Interrupted
        Ctrl-C, where the work says what of it is safe.
    """
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        ProgressColumn,
        Task,
        TaskID,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bars
    from rich.text import Text

    class RateColumn(ProgressColumn):
        """How many are done in a second."""

        def render(self, task: Task) -> Text:
            if not task.speed:
                return Text()
            return Text(f"{task.speed:.2f}/s" if task.speed < 100.0 else f"{task.speed:,.0f}/s")

    console = Console(stderr=True)
    bars = Bars(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        RateColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    shown: dict[str, TaskID] = {}

    def report(what: str, done: int, total: int) -> None:
        if what not in shown:
            for earlier in shown.values():
                bars.update(earlier, visible=False)
            shown[what] = bars.add_task(what, total=total)
        bars.update(shown[what], completed=done, total=total, visible=True)

    try:
        with bars:
            yield report
    except KeyboardInterrupt as stop:
        if not str(stop):
            raise
        raise Interrupted(f"interrupted; {stop}") from None
