"""The columns of a scan table: names, units, allowed values and defaults, in the order of the file."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.errors import UsageError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
AnyArray = NDArray[np.float64] | NDArray[np.int64]

LARGEST = 1e30
"""Upper bound of a count or a flux: its square and its products stay far from the overflow of a double."""


@dataclass(frozen=True, slots=True)
class Column:
    """What one column of a scan table holds.

    Attributes
    ----------
    name : str
        Heading in the file and attribute of `EnergyScan`.
    unit : str
        Unit, empty for a pure number.
    meaning : str
        One phrase for the user.
    low, high : float
        Smallest and largest value allowed, both included. For an error (`error_of` set) the upper bound
        is the value it belongs to: a relative error is at most 1.
    required : bool
        Whether a table without the column is refused.
    integer : bool
        Whether the column holds whole numbers.
    may_be_empty : bool
        Whether single cells may be empty (they become NaN).
    error_of : str or None
        The column this one is the standard error of.
    """

    name: str
    unit: str
    meaning: str
    low: float
    high: float
    required: bool = False
    integer: bool = False
    may_be_empty: bool = False
    error_of: str | None = None

    @property
    def allowed(self) -> str:
        """What a cell of the column may hold, as a phrase."""
        if self.error_of is not None:
            return f"a number from {self.low:g} up to the value of {self.error_of}"
        kind = "a whole number" if self.integer else "a number"
        phrase = f"{kind} from {self.low:g} to {self.high:g}"
        return f"{phrase}, or an empty cell" if self.may_be_empty else phrase


def _error(of: str, *, low: float = 0.0, meaning: str = "", may_be_empty: bool = False) -> Column:
    name = f"{of}_err"
    return Column(
        name, "", meaning or f"standard error of {of}", low, LARGEST, False, False, may_be_empty, of
    )


COLUMNS: tuple[Column, ...] = (
    Column("period", "", "number of the energy point, unique", -1e9, 1e9, integer=True),
    Column("scan_part", "", "group of points; 0 and above are searched by default", -1e9, 1e9, integer=True),
    Column("sqrt_s_mev", "MeV", "centre-of-mass energy", 1e-3, 1e6, required=True),
    # A count below 1 has a relative error above 100 %, which no least-squares weight can describe.
    Column("n2", "", "two-cluster candidates, background subtracted", 1.0, LARGEST, required=True),
    _error("n2", low=1e-30),
    Column("n_pot", "", "positrons on target", 1e-30, LARGEST, required=True),
    Column("n_pot_err_raw", "", "error of n_pot before the common one", 0.0, LARGEST, error_of="n_pot"),
    Column("background_per_pot", "", "expected yield per positron, B", 1e-30, LARGEST, required=True),
    Column(
        "background_err_raw",
        "",
        "error of B before the common one",
        0.0,
        LARGEST,
        error_of="background_per_pot",
    ),
    Column("signal_efficiency", "", "signal efficiency, ε_S", 1e-12, 1.0, required=True),
    _error("signal_efficiency"),
    Column("brems_subtraction", "", "n2 after over before the subtraction", 1e-3, 1e3),
    _error("brems_subtraction"),
    Column("energy_loss", "", "lead-glass response to the lost energy", 1e-3, 1e3),
    _error("energy_loss"),
    Column("ageing", "", "lead-glass response with dose", 1e-3, 1e3),
    _error("ageing"),
    Column("tag_and_probe", "", "data over MC efficiency per cluster", 1e-3, 1e3, may_be_empty=True),
    _error("tag_and_probe", may_be_empty=True),
    Column("rmax_shift", "", "relative yield shift with R_max", -1.0, 1.0, may_be_empty=True),
)
"""All columns a table may have, in the order in which a file is written."""

BY_NAME: Mapping[str, Column] = {column.name: column for column in COLUMNS}
REQUIRED: tuple[str, ...] = tuple(column.name for column in COLUMNS if column.required)
ALWAYS: tuple[str, ...] = tuple(
    c.name for c in COLUMNS[: [c.name for c in COLUMNS].index("brems_subtraction")]
)
"""Columns that every `EnergyScan` has: the required ones and those with a default."""
CORRECTIONS: tuple[str, ...] = ("brems_subtraction", "energy_loss", "ageing")
"""Columns that are factors in the numbers of the table, in the order in which they were applied."""


def fill_defaults(columns: Mapping[str, ArrayLike]) -> dict[str, AnyArray]:
    """Complete a table with the columns that have a default, and put it in the order of `COLUMNS`.

    Defaults: `period` the row counted from 0; `scan_part` 0; `n2_err` √n2; the other errors 0.

    Parameters
    ----------
    columns : mapping of str to array_like, shape (n,)
        At least the required columns.

    Returns
    -------
    dict of str to ndarray, shape (n,)
        New read-only arrays, int64 for the whole-number columns and float64 for the others.

    Raises
    ------
    UsageError
        Unknown or missing columns, shapes that differ, or cells that are not numbers.
    """
    if unknown := sorted(set(columns) - set(BY_NAME)):
        raise UsageError(f"unknown columns {', '.join(unknown)}; known: {', '.join(BY_NAME)}")
    if missing := [name for name in REQUIRED if name not in columns]:
        raise UsageError(f"missing columns {', '.join(missing)}")
    given = {name: _as_array(BY_NAME[name], values) for name, values in columns.items()}
    rows = given["sqrt_s_mev"].size
    if wrong := [name for name, values in given.items() if values.shape != (rows,)]:
        raise UsageError(f"columns of other length than sqrt_s_mev ({rows}): {', '.join(wrong)}")
    defaults: dict[str, AnyArray] = {name: np.zeros(rows) for name in ALWAYS}
    defaults["period"] = np.arange(rows, dtype=np.int64)
    defaults["scan_part"] = np.zeros(rows, dtype=np.int64)
    # Where n2 itself is impossible the default must not be a second mistake.
    defaults["n2_err"] = np.sqrt(np.fmax(given["n2"], 1.0))
    full = {name: given.get(name, defaults.get(name)) for name in BY_NAME}
    result = {name: values for name, values in full.items() if values is not None}
    for values in result.values():
        values.flags.writeable = False
    return result


def _as_array(column: Column, values: ArrayLike) -> AnyArray:
    """Copy into a new array of the column's type, refusing anything that is not a number."""
    try:
        array = np.array(values, dtype=np.float64, ndmin=1)
    except (TypeError, ValueError) as error:
        raise UsageError(f"column {column.name} holds something that is not a number") from error
    if not column.integer:
        return array
    if not np.all(np.isfinite(array) & (array == np.rint(array)) & (np.abs(array) <= column.high)):
        raise UsageError(
            f"column {column.name} must hold whole numbers from {column.low:g} to {column.high:g}"
        )
    return array.astype(np.int64)
