"""Simulate the events of the test file of PADME's layout, and write them as JSON beside it.

Run in the project's environment: `python make_padme_events.py`; then `write_padme_reco.py` with ROOT.
The clusters are found here by a plain loop over hits, written from the description of PADME's algorithm and
apart from the package's own, so that tests can compare the two.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from x17.apparatus.loading import load_setup
from x17.apparatus.setup import Setup
from x17.kinematics import beam_energy_mev
from x17.simulation.digitisation.bunch_monitors import PC_PER_ELECTRON, Bunches, monitor_bunches
from x17.simulation.sample import PlannedSample, Process, Sample
from x17.simulation.showers.library import ShowerLibrary
from x17.simulation.simulate import simulate_block

OUT = Path(__file__).with_name("padme_reco.json")
SEED = 20221001
PERIOD, SQRT_S_MEV = 11, 16.9057186
SAMPLES = ((Process.ELECTRONS, 120, False), (Process.PHOTONS, 100, False), (Process.ELECTRONS, 60, True))
"""Process, events, pile-up."""
EMPTY = 20
"""Triggers without beam at the end: no hits, no charge."""
RUNS = (50501, 50502)

PITCH_MM, OFFSET_X_MM, OFFSET_Y_MM = 21.45, 3.13, 3.86
"""The lattice of PADME's reconstruction: its pitch is not that of the crystals."""
CENTRE = 14
ENERGY_STEPS, TIME_STEPS = 256, 64
"""Energies and times are multiples of 1/256 MeV and 1/64 ns: exact in the file, and small when compressed."""

SEED_MEV, WINDOW_NS, REACH = 15.0, 6.0, 2
CONTAINMENT = (0.915362, 1.96729e-4, -4.50361e-7, 4.58042e-10, -1.70299e-13)
LEAD_GLASS_PC, REFERENCE_MEV = 0.239, 402.5

Hit = tuple[int, float, float]
"""Channel, energy, time."""


def place(channel: int) -> tuple[float, float]:
    """Centre of a crystal as PADME's reconstruction has it."""
    ix, iy = divmod(channel, 100)
    return OFFSET_X_MM + PITCH_MM * (ix - CENTRE), OFFSET_Y_MM + PITCH_MM * (iy - CENTRE)


def contained(energy: float) -> float:
    return sum(c * energy**power for power, c in enumerate(CONTAINMENT)) if energy < 1000.0 else 0.94


def find_clusters(hits: Sequence[Hit]) -> list[dict[str, Any]]:
    """PADME's simple algorithm: the brightest unused hit takes what is near in place and time."""
    free, clusters = set(range(len(hits))), []
    while free:
        seed = max(free, key=lambda i: (hits[i][1], -i))
        channel, energy, time = hits[seed]
        if energy <= SEED_MEV:
            break
        ix, iy = divmod(channel, 100)
        taken = [
            i
            for i in sorted(free)
            if abs(hits[i][2] - time) < WINDOW_NS
            and max(abs(hits[i][0] // 100 - ix), abs(hits[i][0] % 100 - iy)) <= REACH
        ]
        total = sum(hits[i][1] for i in taken)
        x, y = (sum(hits[i][1] * place(hits[i][0])[axis] for i in taken) / total for axis in (0, 1))
        clusters.append(
            {
                "seed": seed,
                "channel": channel,
                "hits": taken,
                "energy": round(total / contained(total), 4),
                "time": time,
                "x": round(x, 4),
                "y": round(y, 4),
            }
        )
        free -= set(taken)
    return clusters


def simulated_hits(setup: Setup, energy: float) -> list[list[Hit]]:
    """Hits of every event, in the order of time: the reconstruction must not lean on any order."""
    library, events = ShowerLibrary.load(), []
    for seed, (process, number, pile_up) in enumerate(SAMPLES, SEED):
        sample = Sample(process=process, beam_energy_mev=energy, n_pot=1e9, period=PERIOD, pile_up=pile_up)
        plan = PlannedSample(
            sample=sample, seed=seed, rate_per_pot=sample.rate_per_pot(setup), n_events=number
        )
        hits = simulate_block(setup, library, plan, 0).hits
        channel = setup.calorimeter.cells.channel[hits.cell]
        mev = np.round(hits.energy * ENERGY_STEPS) / ENERGY_STEPS
        ns = np.round(hits.time * TIME_STEPS) / TIME_STEPS
        for event in range(number):
            of_event = np.flatnonzero(hits.event == event)
            of_event = of_event[np.argsort(ns[of_event], kind="stable")]
            events.append([(int(channel[i]), float(mev[i]), float(ns[i])) for i in of_event])
    return events


def monitors(bunches: Bunches, energy: float, target_pc: float) -> list[dict[str, float]]:
    """What lead glass and target say, with the formulas of PADME's reconstruction for the positrons."""
    columns = {
        "lead_glass_pc": bunches.lead_glass_pc,
        "lead_glass_n_pot": bunches.lead_glass_pc / LEAD_GLASS_PC * REFERENCE_MEV / energy,
        "target_x": bunches.target_x_mm,
        "target_y": bunches.target_y_mm,
        "target_width_x": bunches.target_sigma_x_mm,
        "target_width_y": bunches.target_sigma_y_mm,
        "target_pc": bunches.target_pc,
        "target_n_pot": bunches.target_pc / target_pc,
    }
    number = bunches.n_positrons.size
    return [{name: round(float(values[i]), 4) for name, values in columns.items()} for i in range(number)]


def event_record(number: int, hits: list[Hit], beam: dict[str, float], with_beam: int) -> dict[str, Any]:
    """All of an event, energies and times of hits in steps; the first `with_beam` events have beam."""
    return {
        "run": RUNS[2 * number >= with_beam],
        "event": 7 * number + 3,
        "trigger_mask": 1 if number < with_beam else 2,
        "status": 0b1101 if number < with_beam else 0b0101,
        "hits": [(c, round(e * ENERGY_STEPS), round(t * TIME_STEPS)) for c, e, t in hits],
        "clusters": find_clusters(hits),
        **beam,
    }


def main() -> None:
    setup = load_setup("padme-run3")
    energy = float(beam_energy_mev(SQRT_S_MEV))
    hits = simulated_hits(setup, energy)
    rng = np.random.default_rng(SEED)
    target_pc = setup.target.pairs_per_um * setup.target.charge_collection_um * PC_PER_ELECTRON
    beam = monitors(monitor_bunches(setup, energy, len(hits), 0.0, rng), energy, target_pc)
    silent = dict.fromkeys(beam[0], 0.0)
    hits, beam = hits + [[]] * EMPTY, beam + [silent] * EMPTY
    events = [event_record(n, hits[n], beam[n], len(hits) - EMPTY) for n in range(len(hits))]
    about = {
        "energy_step_mev": 1 / ENERGY_STEPS,
        "time_step_ns": 1 / TIME_STEPS,
        "beam_energy_mev": energy,
        "pitch_mm": PITCH_MM,
        "offset_mm": [OFFSET_X_MM, OFFSET_Y_MM],
    }
    lines = ",\n".join(json.dumps(event, separators=(",", ":")) for event in events)
    OUT.write_text(f'{{"about":{json.dumps(about)},"events":[\n{lines}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
