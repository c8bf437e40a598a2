"""Files of bunches: what comes back, and what is no such file."""

import json
from pathlib import Path

import numpy as np
import pytest

from x17.apparatus.setup import Setup
from x17.errors import InputError
from x17.simulation.bunch_blocks import bunch_blocks
from x17.simulation.conditions import Conditions
from x17.simulation.storage.bunches_file import (
    COLUMNS,
    as_stored,
    bunches_record,
    read_bunch_record,
    write_bunches,
)

parquet = pytest.importorskip("pyarrow.parquet")
pyarrow = pytest.importorskip("pyarrow")

ABOUT = {"setup": "padme-run3", "period": 11, "n_pot": 6e6, "seed": 1}


def test_bunches_come_back_as_stored(setup: Setup, tmp_path: Path) -> None:
    conditions = Conditions.drawn(setup, 1)
    path = tmp_path / "bunches.parquet"
    n = write_bunches(path, setup, ABOUT, conditions)
    table = parquet.read_table(path)
    blocks = [as_stored(bunches) for _, bunches in bunch_blocks(setup, conditions, 11, 6e6, 1)]
    assert n == table.num_rows == sum(bunches.run.size for bunches in blocks)
    for name in COLUMNS:
        stored = np.concatenate([getattr(bunches, name) for bunches in blocks])
        np.testing.assert_array_equal(table[name].to_numpy(), stored)
        assert stored.dtype == table[name].to_numpy().dtype
    record = read_bunch_record(path)
    assert record == bunches_record(setup, ABOUT, conditions) == {**ABOUT, "n_runs": 3, "n_bunches": n}


def test_what_is_no_file_of_bunches(setup: Setup, tmp_path: Path) -> None:
    path = tmp_path / "bunches.parquet"
    with pytest.raises(InputError, match="no Parquet file, or was cut short"):
        read_bunch_record(path)
    write_bunches(path, setup, ABOUT, Conditions.nominal(setup))
    path.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(InputError, match="no Parquet file, or was cut short"):
        read_bunch_record(path)
    for metadata in ({}, {"x17.about": "not JSON"}, {"x17.about": json.dumps(3)}):
        table = pyarrow.table({"a": [1]}).replace_schema_metadata(metadata)
        parquet.write_table(table, path)
        with pytest.raises(InputError, match="holds no bunches of x17"):
            read_bunch_record(path)
