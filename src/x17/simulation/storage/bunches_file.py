"""Bunches of a period as a Parquet file: one row a bunch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from x17.apparatus.setup import Setup
from x17.simulation.digitisation.bunch_monitors import Bunches, monitor_bunches
from x17.simulation.storage.file_identity import ABOUT, write_in_one_step
from x17.simulation.storage.parquet_events import pyarrow

BUNCHES_PER_BLOCK = 2**17
_BUNCHES = 13
"""What these random numbers are for; see `x17.simulation.sample`."""

COLUMNS: Mapping[str, str] = {
    item.name: "int32" if item.name == "n_positrons" else "float32" for item in fields(Bunches)
}
"""Names and types of the columns."""


def write_bunches(
    path: Path,
    setup: Setup,
    about: Mapping[str, Any],
    *,
    positrons_before: float,
) -> int:
    """Draw the bunches of a period block by block and write them.

    Parameters
    ----------
    path : Path
    setup : Setup
    about : mapping
        `seed`, `period`, `beam_energy_mev`, `n_pot`, and what else is to be kept with them.
    positrons_before : float
        On target since the start of the run.

    Returns
    -------
    int
        Bunches: positrons on target over the mean of a bunch, at least one.

    Raises
    ------
    UsageError
        pyarrow is not installed.
    X17Error
        The file cannot be written; nothing is left behind.
    """
    arrow, parquet = pyarrow()
    mean = setup.beam.positrons_per_bunch
    total: int = max(1, round(about["n_pot"] / mean))
    schema = arrow.schema(
        [(name, getattr(arrow, kind)()) for name, kind in COLUMNS.items()],
        metadata={f"x17.{ABOUT}": json.dumps({**about, "n_bunches": total})},
    )

    def write(partial: Path) -> None:
        with parquet.ParquetWriter(partial, schema, compression="zstd") as writer:
            for block, first in enumerate(range(0, total, BUNCHES_PER_BLOCK)):
                key = (_BUNCHES, about["period"] % 2**32, block)
                rng = np.random.default_rng(np.random.SeedSequence(about["seed"], spawn_key=key))
                n, before = min(BUNCHES_PER_BLOCK, total - first), positrons_before + first * mean
                bunches = monitor_bunches(setup, about["beam_energy_mev"], n, before, rng)
                arrays = [getattr(bunches, name).astype(kind) for name, kind in COLUMNS.items()]
                writer.write_table(arrow.table(arrays, schema=schema))

    write_in_one_step(path, write)
    return total
