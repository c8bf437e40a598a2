"""Pairs of electrons and of photons of every period, counted and expected: a CSV beside a scan."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from x17.errors import InputError, Problem, UsageError
from x17.scan.counted import CountedPeriod
from x17.scan.table_text import csv_text

FloatArray = NDArray[np.float64]

ADVICE = "A table of classes is written by `x17 count`, beside the scan that it belongs to."
_LARGEST = 1e30


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ClassTable:
    """Classes of pairs, a period a row; arrays have shape (n,).

    Attributes
    ----------
    period : ndarray of int
    n_ee, n_gg, n_mixed : ndarray
        Pairs with two tags, none and one, side bands subtracted.
    electrons_per_pot, photons_per_pot : ndarray
        Expected pairs of electrons and of photons per positron, whatever their tags.
    ee_per_pot, gg_per_pot, mixed_per_pot : ndarray
        Expected pairs with two tags, none and one: of the same simulated events.
    """

    period: NDArray[np.int64]
    n_ee: FloatArray
    n_gg: FloatArray
    n_mixed: FloatArray
    electrons_per_pot: FloatArray
    photons_per_pot: FloatArray
    ee_per_pot: FloatArray
    gg_per_pot: FloatArray
    mixed_per_pot: FloatArray

    def __len__(self) -> int:
        return int(self.period.size)

    @property
    def counts(self) -> FloatArray:
        """Counts by class, shape (n, 3)."""
        return np.column_stack([self.n_ee, self.n_gg, self.n_mixed])

    @property
    def expected_classes(self) -> FloatArray:
        """Expected pairs per positron by class, shape (n, 3)."""
        return np.column_stack([self.ee_per_pot, self.gg_per_pot, self.mixed_per_pot])

    def rows_of(self, period: NDArray[np.int64]) -> NDArray[np.int64]:
        """Rows of given periods.

        Parameters
        ----------
        period : ndarray of int, shape (m,)

        Returns
        -------
        ndarray of int, shape (m,)

        Raises
        ------
        UsageError
            A period that the table does not have.
        """
        there = {int(number): row for row, number in enumerate(self.period)}
        lost = [int(number) for number in period if int(number) not in there]
        if lost:
            raise UsageError(
                f"the table of classes lacks period {', '.join(map(str, lost[:10]))}; "
                "it must have every point of the search"
            )
        return np.array([there[int(number)] for number in period], dtype=np.int64)

    def to_csv_text(self) -> str:
        """Table as the text of a CSV; every number reads back exactly."""
        return csv_text({item.name: getattr(self, item.name) for item in fields(self)})


def class_table(rows: Sequence[CountedPeriod]) -> ClassTable:
    """Take the classes of counted periods.

    Parameters
    ----------
    rows : sequence of CountedPeriod

    Returns
    -------
    ClassTable
        In the order given.
    """
    counts = np.array([row.count.classes for row in rows], dtype=np.float64).reshape(-1, 3)
    expected = np.array([row.expectation.count.classes for row in rows], dtype=np.float64).reshape(-1, 3)
    return ClassTable(
        period=np.array([row.period.number for row in rows], dtype=np.int64),
        n_ee=counts[:, 0],
        n_gg=counts[:, 1],
        n_mixed=counts[:, 2],
        electrons_per_pot=np.array([row.expectation.electrons_per_pot for row in rows], dtype=np.float64),
        photons_per_pot=np.array([row.expectation.photons_per_pot for row in rows], dtype=np.float64),
        ee_per_pot=expected[:, 0],
        gg_per_pot=expected[:, 1],
        mixed_per_pot=expected[:, 2],
    )


def read_class_table(path: Path) -> ClassTable:
    """Read a table of classes.

    Parameters
    ----------
    path : Path

    Returns
    -------
    ClassTable

    Raises
    ------
    UsageError
        There is no such file.
    InputError
        Not such a table: all problems at once.
    """
    try:
        lines = path.read_bytes().decode("utf-8-sig").splitlines()
    except FileNotFoundError:
        raise UsageError(f"{path}: there is no such file; {ADVICE}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(str(path), [Problem(f"cannot be read: {error}")], ADVICE) from error
    kept = [(n, line) for n, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    cells = list(csv.reader(line for _, line in kept))
    names = [item.name for item in fields(ClassTable)]
    if not cells or [cell.strip() for cell in cells[0]] != names:
        found = ",".join(cells[0]) if cells else "nothing"
        raise InputError(str(path), [Problem("other columns", 1, None, found[:80], ",".join(names))], ADVICE)
    problems: list[Problem] = []
    values = [
        _row(number, row, names, problems) for (number, _), row in zip(kept[1:], cells[1:], strict=True)
    ]
    periods = [row[0] for row in values]
    problems += [] if values else [Problem("no rows below the header", 1)]
    problems += [Problem("a period given twice", None, "period")] if len(set(periods)) < len(periods) else []
    if problems:
        raise InputError(str(path), problems, ADVICE)
    columns = np.array(values, dtype=np.float64).T
    arrays = dict(zip(names[1:], columns[1:], strict=True))
    return ClassTable(period=columns[0].astype(np.int64), **arrays)


def _row(line: int, cells: Sequence[str], names: Sequence[str], problems: list[Problem]) -> list[float]:
    """Numbers of a row, 0 where one is bad."""
    if len(cells) != len(names):
        problems.append(Problem("another number of cells", line, None, str(len(cells)), str(len(names))))
        return [0.0] * len(names)
    found = []
    for name, cell in zip(names, cells, strict=True):
        try:
            value = float(cell)
        except ValueError:
            value = math.nan
        # Counts may fall below 0 where side bands are subtracted; what is expected of pairs may not.
        least = 0.0 if name in ("period", "electrons_per_pot", "photons_per_pot") else -_LARGEST
        if not (math.isfinite(value) and least <= value <= _LARGEST):
            allowed = "a number" if least < 0.0 else "a number, 0 or above"
            problems.append(Problem("not allowed", line, name, cell[:40], allowed))
            value = 0.0
        found.append(value)
    return found
