"""Sums of runs through JSON."""

import json
import math

import pytest

from x17.apparatus.setup import Setup
from x17.reconstruction.flux.run_sums import RunSums, sum_runs
from x17.reconstruction.flux.run_sums_document import run_sums_from_document, run_sums_to_document
from x17.simulation.bunch_blocks import bunch_blocks
from x17.simulation.conditions import Conditions


def test_sums_come_back_exactly(setup: Setup) -> None:
    blocks = bunch_blocks(setup, Conditions.drawn(setup, 1), 11, 3e7, 1)
    sums = sum_runs((bunches for _, bunches in blocks), setup, period=11, beam_energy_mev=279.7)
    for run in sums:
        document = json.loads(json.dumps(run_sums_to_document(run), allow_nan=False))
        assert run_sums_from_document(document) == run


def test_what_is_not_a_number_is_none() -> None:
    run = RunSums(period=1, run=0, beam_energy_mev=280.0, calorimeter_mev=math.nan)
    document = json.loads(json.dumps(run_sums_to_document(run), allow_nan=False))
    assert document["calorimeter_mev"] is None
    assert math.isnan(run_sums_from_document(document).calorimeter_mev)


def test_other_documents_are_errors() -> None:
    document = run_sums_to_document(RunSums(period=1, run=0, beam_energy_mev=280.0))
    for wrong in ({}, {**document, "target_x": {"m": 1}}):
        with pytest.raises((KeyError, TypeError)):
            run_sums_from_document(wrong)
