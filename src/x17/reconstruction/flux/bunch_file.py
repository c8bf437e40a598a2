"""Sums of runs from a file of bunches, a row group at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from x17.apparatus.setup import Setup
from x17.errors import InputError, Problem
from x17.reconstruction.flux.run_sums import RunSums, sum_runs
from x17.simulation.digitisation.bunch_monitors import Bunches
from x17.simulation.storage.bunches_file import COLUMNS
from x17.simulation.storage.file_identity import ABOUT
from x17.simulation.storage.parquet_events import pyarrow

_KEY = f"x17.{ABOUT}".encode()
_TRUTH = "n_positrons"
_ADVICE = "Files of bunches are made by `x17 simulate`: delete this one and run the command again."


def sum_bunch_file(path: Path, setup: Setup, *, min_positrons: float | None = None) -> tuple[RunSums, ...]:
    """Sum the bunches of a period run by run.

    The true number of positrons in the file is not read.

    Parameters
    ----------
    path : Path
        ``bunches.parquet`` of a period.
    setup : Setup
    min_positrons : float, optional
        A good bunch has more; that of the setup by default.

    Returns
    -------
    tuple of RunSums
        By run, rising.

    Raises
    ------
    UsageError
        pyarrow is not installed, or the setup has no beam catcher.
    InputError
        No file of bunches, one that lacks columns, or one that was cut short.
    """
    arrow, parquet = pyarrow()
    try:
        with parquet.ParquetFile(path) as file:
            period, energy = _origin(path, file)
            _check_columns(path, file)
            blocks = _blocks(file)
            return sum_runs(blocks, setup, period=period, beam_energy_mev=energy, min_positrons=min_positrons)
    except FileNotFoundError as error:
        raise _bad(path, "there is no such file") from error
    except (arrow.ArrowInvalid, OSError) as error:
        raise _bad(path, f"no Parquet file, cut short or damaged: {str(error)[:120]}") from error


def _origin(path: Path, file: Any) -> tuple[int, float]:
    """Period and beam energy, MeV."""
    try:
        about = json.loads((file.schema_arrow.metadata or {})[_KEY])
        return int(about["period"]), float(about["beam_energy_mev"])
    except (KeyError, TypeError, ValueError) as error:
        raise _bad(path, "the file does not say of which period and beam energy it is") from error


def _check_columns(path: Path, file: Any) -> None:
    there = set(file.schema_arrow.names)
    missing = [name for name in COLUMNS if name not in there and name != _TRUTH]
    if missing:
        problems = [Problem("missing", None, name) for name in missing]
        raise InputError(str(path), problems, _ADVICE)


def _blocks(file: Any) -> Iterator[Bunches]:
    names = [name for name in COLUMNS if name != _TRUTH]
    for group in range(file.num_row_groups):
        content = file.read_row_group(group, columns=names)
        arrays = {name: content[name].to_numpy() for name in names}
        yield Bunches(**{_TRUTH: np.zeros(content.num_rows, dtype=np.int64), **arrays})


def _bad(path: Path, what: str) -> InputError:
    return InputError(str(path), [Problem(what)], _ADVICE)
