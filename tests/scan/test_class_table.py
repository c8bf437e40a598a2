"""Tables of classes: what is written is what is read; bad ones say all that is wrong."""

from pathlib import Path

import numpy as np
import pytest

from x17.errors import InputError, UsageError
from x17.scan.class_table import ClassTable, read_class_table

HEADER = "period,n_ee,n_gg,n_mixed,electrons_per_pot,photons_per_pot,ee_per_pot,gg_per_pot,mixed_per_pot"
ROW = "3,24000.5,5000.25,-1.5,2.9e-06,6e-07,2.8e-06,6e-07,1e-07"


def written(folder: Path, *lines: str) -> Path:
    path = folder / "scan-classes.csv"
    path.write_text("\n".join([*lines, ""]), "utf-8")
    return path


def test_round_trip(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER, ROW, ROW.replace("3,", "7,", 1))
    table = read_class_table(path)
    assert len(table) == 2
    assert table.to_csv_text() == path.read_text("utf-8")
    np.testing.assert_array_equal(table.counts[0], [24000.5, 5000.25, -1.5])
    np.testing.assert_array_equal(table.expected_classes[0], [2.8e-6, 6e-7, 1e-7])


def test_rows_of_periods(tmp_path: Path) -> None:
    table: ClassTable = read_class_table(written(tmp_path, HEADER, ROW, ROW.replace("3,", "7,", 1)))
    assert table.rows_of(np.array([7, 3])).tolist() == [1, 0]
    with pytest.raises(UsageError, match="lacks period 5"):
        table.rows_of(np.array([3, 5]))


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ((), "other columns"),
        ((HEADER,), "no rows"),
        ((HEADER.replace("n_gg", "gg"), ROW), "other columns"),
        ((HEADER, ROW + ",1"), "another number of cells"),
        ((HEADER, ROW.replace("5000.25", "many")), "n_gg"),
        ((HEADER, ROW.replace("2.9e-06", "-2.9e-06")), "a number, 0 or above"),
        ((HEADER, ROW.replace("24000.5", "nan")), "n_ee"),
        ((HEADER, ROW, ROW), "given twice"),
    ],
    ids=["empty", "no rows", "columns", "cells", "text", "negative", "nan", "twice"],
)
def test_bad_tables(tmp_path: Path, lines: tuple[str, ...], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_class_table(written(tmp_path, *lines))
