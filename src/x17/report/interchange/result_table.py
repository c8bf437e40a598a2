"""A table of results as other formats take it: variables with units, values, and errors by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Value = float | int | str | None


@dataclass(frozen=True, slots=True)
class ErrorColumn:
    """Errors of a variable.

    Attributes
    ----------
    label : str
        Where they come from; empty for the only one.
    minus, plus : tuple of float or None
        Sizes, not negative; None where there is none.
    """

    label: str
    minus: tuple[float | None, ...]
    plus: tuple[float | None, ...]

    @property
    def symmetric(self) -> bool:
        """Whether the two sides are equal everywhere."""
        return self.minus == self.plus


@dataclass(frozen=True, slots=True)
class Variable:
    """A column.

    Attributes
    ----------
    name : str
        As in the files of x17.
    title : str
        As a person would write it.
    unit : str
        Empty for a pure number.
    values : tuple
        None where nothing is known.
    errors : tuple of ErrorColumn
    qualifiers : mapping of str to str
        What holds for the whole column, e.g. the confidence level.
    """

    name: str
    title: str
    unit: str
    values: tuple[Value, ...]
    errors: tuple[ErrorColumn, ...] = ()
    qualifiers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ResultTable:
    """A table.

    Attributes
    ----------
    name : str
        A word, for files and trees.
    title : str
        A phrase.
    description : str
        A sentence or two.
    independent, dependent : tuple of Variable
        All of one length.
    """

    name: str
    title: str
    description: str
    independent: tuple[Variable, ...]
    dependent: tuple[Variable, ...]

    @property
    def variables(self) -> tuple[Variable, ...]:
        """All columns, the independent ones first."""
        return (*self.independent, *self.dependent)

    def flat(self) -> dict[str, tuple[Value, ...]]:
        """Columns with their errors as columns of their own, `NAME_err`, or `_err_minus` and `_err_plus`."""
        columns: dict[str, tuple[Value, ...]] = {}
        for variable in self.variables:
            columns[variable.name] = variable.values
            for error in variable.errors:
                stem = "_".join([variable.name, "err", *error.label.replace(" ", "_").split("/")]).rstrip("_")
                if error.symmetric:
                    columns[stem] = error.plus
                else:
                    columns |= {f"{stem}_minus": error.minus, f"{stem}_plus": error.plus}
        return columns
