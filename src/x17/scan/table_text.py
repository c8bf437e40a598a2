"""Writing a scan table as the text of a CSV, without loss."""

from collections.abc import Mapping

import numpy as np

from x17.scan.columns import AnyArray


def csv_text(columns: Mapping[str, AnyArray]) -> str:
    """Write columns as a CSV: a header and one line per row.

    Floats are written by `repr`, the shortest text that reads back to the same double; NaN becomes an
    empty cell.

    Parameters
    ----------
    columns : mapping of str to ndarray, shape (n,)
        Columns in the order in which they are to be written.

    Returns
    -------
    str
        Lines that end in a line feed.
    """
    cells = [[_cell(value) for value in values.tolist()] for values in columns.values()]
    lines = [",".join(columns), *(",".join(row) for row in zip(*cells, strict=True))]
    return "\n".join(lines) + "\n"


def _cell(value: float) -> str:
    return "" if np.isnan(value) else repr(value)
