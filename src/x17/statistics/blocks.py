"""Run independent pieces of work on several threads, in order, with progress and a clean stop.

The compiled kernel and NumPy's generators release Python's lock, so that threads suffice: no pickling, one
compilation, and an interrupt reaches everything.
"""

import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

Progress = Callable[[str, int, int], None]
"""Called with (what, done, total) as work proceeds."""


def silent(what: str, done: int, total: int) -> None:
    """Report no progress.

    Parameters
    ----------
    what : str
    done, total : int
    """
    del what, done, total


def available_cores() -> int:
    """Number of processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_blocks(
    work: Callable[[Task], Result],
    tasks: Iterable[Task],
    *,
    workers: int = 1,
    what: str = "",
    progress: Progress = silent,
    stop: threading.Event | None = None,
) -> list[Result]:
    """Apply `work` to every task and return the results in the order of the tasks.

    Parameters
    ----------
    work : callable
        Must not depend on the order in which tasks run.
    tasks : iterable
    workers : int
        Threads.
    what : str
        What is being done, for the progress report.
    progress : callable
    stop : threading.Event, optional
        Set when the work ends early, by an error or an interrupt: a long task that looks at it now and then
        can end too, instead of being waited for.

    Returns
    -------
    list
    """
    todo = list(tasks)
    results: list[Result] = []
    progress(what, 0, len(todo))
    if workers <= 1:
        for task in todo:
            results.append(work(task))
            progress(what, len(results), len(todo))
        return results
    pool = ThreadPoolExecutor(max_workers=workers)
    try:
        for result in pool.map(work, todo):
            results.append(result)
            progress(what, len(results), len(todo))
    finally:
        if stop is not None:
            stop.set()
        pool.shutdown(wait=True, cancel_futures=True)
    return results
