"""Units and allowed ranges of the fields of an apparatus, written where the fields are declared.

A field is annotated ``Annotated[float, Quantity("mm", above=0.0)]``, mostly through the names below. The same
annotation checks a part made in Python, a part read from a file, and the reference page.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from x17.errors import InputError, Problem

_LONGEST_VALUE = 40
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Quantity:
    """Unit and range of a field; in a field that is a tuple, of each element.

    Attributes
    ----------
    unit : str
        Empty for a pure number.
    least, most : float
        Smallest and largest allowed value.
    above : float
        The value must be larger than this.
    """

    unit: str = ""
    least: float = -math.inf
    most: float = math.inf
    above: float = -math.inf

    def allows(self, value: float) -> bool:
        """Whether a value is in the range; NaN is in none.

        Parameters
        ----------
        value : float

        Returns
        -------
        bool
        """
        return self.least <= value <= self.most and value > self.above

    @property
    def allowed(self) -> str:
        """The range in words, with its unit."""
        lower = f"above {self.above:g}" if math.isfinite(self.above) else f"{self.least:g}"
        joint = ", at most" if math.isfinite(self.above) else " to"
        return f"{lower}{joint} {self.most:g} {self.unit}".rstrip()


Energy = Annotated[float, Quantity("MeV", least=0.0, most=1e5)]
BeamEnergy = Annotated[float, Quantity("MeV", least=1.0, most=1e5)]
"""Total energy of a positron: beyond its mass, and where an electron at rest is still the target."""
SqrtS = Annotated[float, Quantity("MeV", above=1.022, most=320.0)]
"""Above 2 m_e, and up to what the largest beam energy gives."""
Length = Annotated[float, Quantity("mm", above=0.0, most=1e5)]
Width = Annotated[float, Quantity("mm", least=0.0, most=1e5)]
"""A length that may vanish: a spread, a wrapping, a depth."""
Position = Annotated[float, Quantity("mm", least=-1e5, most=1e5)]
Time = Annotated[float, Quantity("ns", least=0.0, most=1e6)]
Duration = Annotated[float, Quantity("ns", above=0.0, most=1e6)]
Fraction = Annotated[float, Quantity("", least=0.0, most=1.0)]
Factor = Annotated[float, Quantity("", above=0.0, most=1e3)]
Field = Annotated[float, Quantity("T", least=-10.0, most=10.0)]
Count = Annotated[int, Quantity("", least=1, most=10_000)]
Positrons = Annotated[float, Quantity("", above=0.0, most=1e30)]


class Part:
    """A part of the apparatus: checks its own fields when it is made.

    Raises
    ------
    InputError
        Fields out of range, or in contradiction to each other, all at once.
    """

    __slots__ = ()

    def __post_init__(self) -> None:
        part: type[Any] = type(self)
        values = {name: getattr(self, name) for name in quantities(part)}
        problems = range_problems(part, values) or self.contradictions()
        if problems:
            raise InputError(part.__name__, problems)

    def contradictions(self) -> list[Problem]:
        """Find fields that are each allowed but cannot go together.

        Returns
        -------
        list of Problem
            With the name of the field as `column`.
        """
        return []


def per_class(function: Callable[[type[Any]], _Answer]) -> Callable[[type[Any]], _Answer]:
    """Ask a function once for each class: `functools.cache`, to which mypy does not pass classes.

    Parameters
    ----------
    function : callable

    Returns
    -------
    callable
    """
    return cache(function)  # type: ignore[return-value]  # mypy's `cache` takes no class for a hashable


@per_class
def quantities(part: type[Any]) -> Mapping[str, Quantity]:
    """Unit and range of the fields of a part that have one.

    Parameters
    ----------
    part : type
        A dataclass.

    Returns
    -------
    mapping
        Field name to `Quantity`.
    """
    found = {}
    for name, hint in get_type_hints(part, include_extras=True).items():
        quantity = _quantity_in(hint)
        if quantity is not None:
            found[name] = quantity
    return found


def _quantity_in(hint: Any) -> Quantity | None:
    """The `Quantity` of an annotation, of the elements of a tuple, or of a value that may be None."""
    if get_origin(hint) is Annotated:
        return next((item for item in get_args(hint)[1:] if isinstance(item, Quantity)), None)
    if get_origin(hint) is tuple:
        return _quantity_in(get_args(hint)[0])
    if get_origin(hint) in (Union, UnionType):
        return next((found for one in get_args(hint) if (found := _quantity_in(one))), None)
    return None


def range_problems(part: type[Any], values: Mapping[str, Any]) -> list[Problem]:
    """Find values out of the range of their field.

    Parameters
    ----------
    part : type
        A dataclass.
    values : mapping
        Field name to a number or a tuple of numbers; a name without a range is passed over.

    Returns
    -------
    list of Problem
        One for each field, naming the first value that is out of range.
    """
    problems = []
    for name, quantity in quantities(part).items():
        given = values.get(name)
        elements = given if isinstance(given, tuple | list) else () if given is None else (given,)
        bad = [value for value in elements if not quantity.allows(value)]
        if bad:
            problems.append(Problem("out of range", None, name, shown(bad[0]), quantity.allowed))
    return problems


def shown(value: object) -> str:
    """Write a value for a message.

    Parameters
    ----------
    value : object

    Returns
    -------
    str
        At most 41 characters, the last one "…" if something was cut.
    """
    try:
        text = value if isinstance(value, str) else repr(value)
    except ValueError:
        text = "a number of thousands of digits"
    return text if len(text) <= _LONGEST_VALUE else text[:_LONGEST_VALUE] + "…"
