"""One root for every error the package raises on purpose.

An error of this family is an answer to the user: it says what is wrong, where, which value was found,
what is allowed and what to do. The command line prints it without a traceback and exits with `exit_code`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


class X17Error(Exception):
    """Root of the package's errors: something went wrong that a sentence can explain."""

    exit_code = 1


class UsageError(X17Error):
    """An option, a setting or an argument that cannot be used.

    Usual cause: a misspelt setting or a range written the wrong way round.
    """

    exit_code = 2


def missing_extra(need: str, extra: str, instead: str | None = None) -> UsageError:
    """The error for a library of an optional extra that is not installed.

    Parameters
    ----------
    need : str
        What needs which library, e.g. "ROOT files need uproot".
    extra : str
        The extra that brings it.
    instead : str, optional
        What can be done without it, e.g. "give a table".

    Returns
    -------
    UsageError
        To be raised.
    """
    other = "" if instead is None else f", or {instead}"
    return UsageError(f"{need}: {pip_command(extra)}{other}\n`x17 doctor` shows what else is missing.")


def pip_command(*extras: str) -> str:
    """The command that adds extras, or a library of the core that is missing, to this installation.

    Parameters
    ----------
    *extras : str

    Returns
    -------
    str
        For the Python that runs now, and the folder that x17 was installed from if it was one.
    """
    import shlex
    import sys
    from pathlib import Path

    def near(path: str) -> str:
        """Relative to where the user is, if it lies below."""
        here, wanted = Path.cwd(), Path(path)
        return str(wanted.relative_to(here)) if wanted.is_relative_to(here) else path

    source, editable = _installed_from()
    where = "x17" if source is None else near(source)
    flags = " --editable" if editable else ""
    chosen = f"[{','.join(extras)}]" if extras else ""
    return f"{shlex.quote(near(sys.executable))} -m pip install{flags} '{where}{chosen}'"


def _installed_from() -> tuple[str | None, bool]:
    """Folder that this package was installed from, if it was one, and whether it is used in place."""
    import json
    from importlib.metadata import PackageNotFoundError, distribution
    from urllib.parse import unquote, urlsplit

    try:
        record = json.loads(distribution("x17").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        return None, False
    url = urlsplit(record.get("url", ""))
    if url.scheme != "file" or "dir_info" not in record:
        return None, False
    return unquote(url.path), bool(record["dir_info"].get("editable"))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A question that offers the known names nearest to a mistyped one.

    Parameters
    ----------
    word : str
    known : iterable of str

    Returns
    -------
    str
        "; did you mean …?", to be put behind a message, or nothing if no name is near.
    """
    import difflib

    names = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower(), names, n=2, cutoff=0.6)
    return f"; did you mean {' or '.join(names[name] for name in near)}?" if near else ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input file.

    Attributes
    ----------
    what : str
        What is wrong, as a sentence without a full stop.
    line : int or None
        Line of the file, counted from 1.
    column : str or None
        Name of the column or key.
    value : str or None
        The value found, as written.
    allowed : str or None
        What is allowed there.
    """

    what: str
    line: int | None = None
    column: str | None = None
    value: str | None = None
    allowed: str | None = None

    def __str__(self) -> str:
        where = [f"line {self.line}"] if self.line is not None else []
        if self.column is not None:
            # Without a line it is the key of a settings or metadata file.
            where.append(self.column if self.line is None else f"column {self.column}")
        text = f"{', '.join(where)}: {self.what}" if where else self.what
        if self.value is not None:
            text += f" (found {self.value!r})"
        if self.allowed is not None:
            text += f"; allowed: {self.allowed}"
        return text


class InputError(X17Error):
    """A file that cannot be used, with all of its problems at once.

    Usual cause: a table exported with another separator, or a column in other units.

    Parameters
    ----------
    source : str
        The file, as the user named it.
    problems : sequence of Problem
        Everything wrong with it, at least one.
    advice : str or None
        What to do about it.
    """

    exit_code = 2
    _SHOWN = 12

    def __init__(self, source: str, problems: Sequence[Problem], advice: str | None = None) -> None:
        self.source = source
        self.problems = tuple(problems)
        self.advice = advice
        super().__init__(str(self))

    def __str__(self) -> str:
        count = len(self.problems)
        head = f"{self.source}: " + ("1 problem" if count == 1 else f"{count} problems")
        lines = [head, *(f"  {p}" for p in self.problems[: self._SHOWN])]
        if count > self._SHOWN:
            lines.append(f"  … and {count - self._SHOWN} more")
        if self.advice:
            lines.append(self.advice)
        return "\n".join(lines)
