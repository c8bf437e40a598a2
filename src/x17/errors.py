"""One root for every error the package raises on purpose.

An error of this family is an answer to the user: it says what is wrong, where, which value was found,
what is allowed and what to do. The command line prints it without a traceback and exits with `exit_code`.
"""

from collections.abc import Sequence
from dataclasses import dataclass


class X17Error(Exception):
    """Root of the package's errors: something went wrong that a sentence can explain."""

    exit_code = 1


class UsageError(X17Error):
    """An option, a setting or an argument that cannot be used.

    Usual cause: a misspelt setting or a range written the wrong way round.
    """

    exit_code = 2


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
