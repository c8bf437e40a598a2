"""Sums over the bunches of a run as plain values, for JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from x17.reconstruction.flux.moments import Moments
from x17.reconstruction.flux.run_sums import RunSums


def run_sums_to_document(sums: RunSums) -> dict[str, Any]:
    """All sums, with None in the place of NaN.

    Parameters
    ----------
    sums : RunSums

    Returns
    -------
    dict
    """
    return {name: _without_nan(value) for name, value in asdict(sums).items()}


def run_sums_from_document(document: Mapping[str, Any]) -> RunSums:
    """The inverse of `run_sums_to_document`.

    Parameters
    ----------
    document : mapping

    Returns
    -------
    RunSums

    Raises
    ------
    KeyError, TypeError
        It is no such document.
    """
    values: dict[str, Any] = {}
    for item in fields(RunSums):
        value = document[item.name]
        if isinstance(value, Mapping):
            values[item.name] = Moments(**value)
        else:
            values[item.name] = math.nan if value is None else value
    return RunSums(**values)


def _without_nan(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
