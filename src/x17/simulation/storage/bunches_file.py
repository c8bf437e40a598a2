"""Bunches of a period as a Parquet file: one row a bunch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from x17.apparatus.setup import Setup
from x17.simulation.bunch_blocks import bunch_blocks, n_bunches
from x17.simulation.conditions import Conditions
from x17.simulation.digitisation.bunch_monitors import Bunches
from x17.simulation.storage.file_identity import ABOUT, foreign, write_in_one_step
from x17.simulation.storage.parquet_events import pyarrow

_INTEGERS = {"n_positrons": "int32", "run": "int16"}
COLUMNS: Mapping[str, str] = {item.name: _INTEGERS.get(item.name, "float32") for item in fields(Bunches)}
"""Names and types of the columns."""


def write_bunches(path: Path, setup: Setup, about: Mapping[str, Any], conditions: Conditions) -> int:
    """Draw the bunches of a period block by block and write them.

    Parameters
    ----------
    path : Path
    setup : Setup
        As the analyst knows it.
    about : mapping
        `seed`, `period`, `n_pot`, and what else is to be kept with them.
    conditions : Conditions

    Returns
    -------
    int
        Bunches.

    Raises
    ------
    UsageError
        pyarrow is not installed.
    X17Error
        The file cannot be written; nothing is left behind.
    """
    arrow, parquet = pyarrow()
    record = bunches_record(setup, about, conditions)
    schema = arrow.schema(
        [(name, getattr(arrow, kind)()) for name, kind in COLUMNS.items()],
        metadata={f"x17.{ABOUT}": json.dumps(record)},
    )

    def write(partial: Path) -> None:
        with parquet.ParquetWriter(partial, schema, compression="zstd") as writer:
            for _, bunches in bunch_blocks(setup, conditions, about["period"], about["n_pot"], about["seed"]):
                arrays = [getattr(bunches, name).astype(kind) for name, kind in COLUMNS.items()]
                writer.write_table(arrow.table(arrays, schema=schema))

    write_in_one_step(path, write)
    return int(record["n_bunches"])


def bunches_record(setup: Setup, about: Mapping[str, Any], conditions: Conditions) -> dict[str, Any]:
    """Say what decides the bunches of a period.

    Parameters
    ----------
    setup : Setup
    about : mapping
        `period`, `n_pot`, and what else is to be kept with them.
    conditions : Conditions

    Returns
    -------
    dict
        `about`, `n_runs` and `n_bunches`, for JSON.
    """
    n_runs = conditions.n_runs(about["period"])
    return {**about, "n_runs": n_runs, "n_bunches": n_runs * n_bunches(setup, about["n_pot"] / n_runs)}


def as_stored(bunches: Bunches) -> Bunches:
    """Bunches as they come back from a file: in single precision.

    Parameters
    ----------
    bunches : Bunches

    Returns
    -------
    Bunches
    """
    return Bunches(**{name: getattr(bunches, name).astype(kind) for name, kind in COLUMNS.items()})


def read_bunch_record(path: Path) -> dict[str, Any]:
    """Read where the bunches of a file come from, and nothing else.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict
        `about` of `write_bunches`, `n_runs` and `n_bunches`.

    Raises
    ------
    UsageError
        pyarrow is not installed.
    InputError
        Not a file of bunches, or one that was cut short.
    """
    arrow, parquet = pyarrow()
    try:
        content = (parquet.read_schema(path).metadata or {}).get(f"x17.{ABOUT}".encode())
        return dict(json.loads(content or b""))
    except (arrow.ArrowInvalid, OSError) as error:
        raise foreign(path, "is no Parquet file, or was cut short") from error
    except (ValueError, TypeError) as error:
        raise foreign(path, "holds no bunches of x17") from error
