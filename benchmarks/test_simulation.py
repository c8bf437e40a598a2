"""Speed of the simulation, from the positron in the target to a Parquet file, on one core."""

from pathlib import Path
from typing import Any

import pytest

from x17.apparatus import load_setup
from x17.simulation.sample import EVENTS_PER_BLOCK, PlannedSample, Process, Sample
from x17.simulation.showers import ShowerLibrary
from x17.simulation.simulate import simulate_block
from x17.simulation.storage.event_table import event_table
from x17.simulation.storage.parquet_events import read_parquet, write_parquet


@pytest.mark.parametrize("pile_up", [False, True], ids=["alone", "with pile-up"])
def test_simulate_and_write(benchmark: Any, tmp_path: Path, pile_up: bool) -> None:
    setup, library = load_setup("padme-run3"), ShowerLibrary.load()
    sample = Sample(process=Process.ELECTRONS, beam_energy_mev=279.0, n_pot=7.5e9, pile_up=pile_up)
    plan, path = PlannedSample.draw(setup, sample, 1), tmp_path / "events.parquet"

    def work() -> None:
        write_parquet(
            event_table(simulate_block(setup, library, plan, 0), setup, {"program": "x17 simulate"}), path
        )

    work()  # compiles
    benchmark(work)
    assert read_parquet(path).n_events == EVENTS_PER_BLOCK
    rate = EVENTS_PER_BLOCK / benchmark.stats.stats.median
    benchmark.extra_info["events_per_second"] = round(rate)
    print(f"\n{rate:,.0f} events simulated and written per second")
