"""Two-cluster yield and signal efficiency of the simulation beside the columns of the published scan.

python docs/figures/simulation.py [EVENTS]: prints a table, and writes docs/images/simulation-yield.png.
"""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from x17.apparatus import Setup, load_setup
from x17.kinematics import beam_energy_mev
from x17.scan import EnergyScan
from x17.simulation.calorimeter_deposits import shower_deposits
from x17.simulation.digitisation.calorimeter_hits import digitise
from x17.simulation.events import EventBatch
from x17.simulation.generators.annihilation import Annihilation, generate_annihilation
from x17.simulation.generators.boson import generate_boson
from x17.simulation.showers import ShowerLibrary
from x17.simulation.transport import to_calorimeter
from x17.theory.boson import Boson

K_FACTOR = 0.973
"""Published ratio of the corrected to the tree-level rate at 16.92 MeV."""


def accepted(
    events: EventBatch, setup: Setup, library: ShowerLibrary, sqrt_s: float, rng: np.random.Generator
) -> np.ndarray:
    """Whether both particles pass: impact points, energies, and a hit above the seed threshold."""
    cuts, calorimeter = setup.pair_cuts, setup.calorimeter
    arrivals = to_calorimeter(events, setup)
    place = np.full((2, events.pdg.size), np.nan)
    place[:, arrivals.particle] = arrivals.x, arrivals.y
    center = np.array(setup.axis_at_plane_mm)[:, None]
    radius = np.hypot(*(place - center))
    azimuth = np.arctan2(*(place - center)[::-1])
    low = float(setup.r_min_mm(sqrt_s)) - cuts.margin_mm
    good = (radius > low) & cuts.inside_wedge(azimuth)
    good &= events.energy > cuts.e_min_factor * float(setup.e_min_mev(sqrt_s))
    pairs = good.reshape(-1, 2).all(axis=1)
    pairs &= (radius.reshape(-1, 2) < cuts.r_max_mm).any(axis=1)
    # Each particle as an event of its own: its highest hit is that of its own shower.
    kept = events.select(pairs)
    alone = replace(kept, event=np.arange(kept.pdg.size))
    deposits = shower_deposits(alone, to_calorimeter(kept, setup), calorimeter, library, rng)
    hits = digitise(deposits, calorimeter, rng)
    highest = np.zeros(kept.pdg.size)
    np.maximum.at(highest, hits.event, hits.energy)
    passed = pairs.copy()
    passed[pairs] = (highest > calorimeter.seed_threshold_mev).reshape(-1, 2).all(axis=1)
    return passed


def yields(setup: Setup, library: ShowerLibrary, sqrt_s: float, n: int) -> tuple[float, float, float]:
    """Background per positron with the K factor, and efficiencies of vector and isotropic decays."""
    rng = np.random.default_rng([1, round(1e6 * sqrt_s)])
    energy = float(beam_energy_mev(sqrt_s))
    background = 0.0
    for process in Annihilation:
        events = generate_annihilation(setup, process, energy, n, rng, k_factor=K_FACTOR)
        background += float(events.weight[accepted(events, setup, library, sqrt_s, rng)].sum())
    efficiency = []
    for letter in ("V", "S"):
        events = generate_boson(setup, Boson(sqrt_s, letter, 5e-4), energy, n, rng)
        efficiency.append(float(accepted(events, setup, library, sqrt_s, rng).mean()))
    return background, efficiency[0], efficiency[1]


def main() -> None:
    """Print the table and draw the figure."""
    from x17.report.style import BLACK, BLUE, GREEN, house_style, new_figure

    n = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    setup, library, scan = load_setup("padme-run3"), ShowerLibrary.load(), EnergyScan.load("padme-run3")
    order = np.argsort(scan.sqrt_s_mev)
    root_s = scan.sqrt_s_mev[order]
    published_b, published_e = scan.background_per_pot[order], scan.signal_efficiency[order]
    ours = np.array([yields(setup, library, float(value), n) for value in root_s])
    ratio_b, ratio_v, ratio_s = ours[:, 0] / published_b, ours[:, 1] / published_e, ours[:, 2] / published_e
    print("sqrt_s_mev  B_sim/1e-6  B_pub/1e-6  ratio   eps_V  eps_S  eps_pub  V/pub  S/pub")
    for k, value in enumerate(root_s):
        print(
            f"{value:10.4f} {1e6 * ours[k, 0]:10.4f} {1e6 * published_b[k]:10.4f} {ratio_b[k]:7.4f} "
            f"{ours[k, 1]:7.4f} {ours[k, 2]:6.4f} {published_e[k]:8.4f} {ratio_v[k]:6.3f} {ratio_s[k]:6.3f}"
        )
    # The first period has the published efficiency of another energy, 0.203.
    near = (root_s > 16.3) & (published_e < 0.15)
    for name, ratio in (("B", ratio_b), ("eps V", ratio_v), ("eps S", ratio_s)):
        slope, _ = np.polyfit(root_s[near] - 16.92, ratio[near], 1)
        mean = float(ratio[near].mean())
        print(f"{name}: mean ratio {mean:.4f}, slope {100 * slope / mean:+.2f} %/MeV")
    for name, b in (("simulated", ours[:, 0]), ("published", published_b)):
        slope, middle = np.polyfit(root_s[near] - 16.92, b[near], 1)
        print(f"B {name}: {middle:.4g} at 16.92 MeV, rising {100 * slope / middle:.2f} % per MeV")

    with house_style():
        figure = new_figure(4.2)
        axes = figure.add_subplot()
        axes.axhline(1.0, color=BLACK, linewidth=0.8)
        for ratio, color, label in (
            (ratio_b, BLACK, "Background per positron, tree level × 0.973"),
            (ratio_v, BLUE, "Signal efficiency, vector"),
            (ratio_s, GREEN, "Signal efficiency, isotropic"),
        ):
            axes.plot(root_s[near], ratio[near], "o-", color=color, markersize=3.0, label=label)
        axes.set_xlabel("√s [MeV]")
        axes.set_ylabel("Simulated / published")
        axes.set_ylim(0.75, 1.7)
        axes.legend(loc="lower left")
        figure.savefig(
            Path(__file__).parents[1] / "images" / "simulation-yield.png", metadata={"Software": None}
        )


if __name__ == "__main__":
    main()
