"""The background that the reconstruction expects, beside that of truth: docs/explanation/simulation.md."""

import runpy
from pathlib import Path

import numpy as np
import pytest

from x17.apparatus import load_setup
from x17.reconstruction.expectation import PeriodExpectation
from x17.reconstruction.period_selection import PeriodSettings
from x17.simulation.showers import ShowerLibrary
from x17.theory.qed.published_k import PUBLISHED_K
from x17.workflows.expect import ExpectRequest, chosen_periods, expect, expectation_of

SCRIPT = Path(__file__).parents[2] / "docs" / "figures" / "simulation.py"
PERIOD = 11
"""√s = 16.906 MeV."""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> PeriodExpectation:
    folder = tmp_path_factory.mktemp("expected")
    expect("padme-run3", ExpectRequest(periods=(PERIOD,), positrons=2e9, bosons=20_000), folder, workers=1)
    setup = load_setup("padme-run3")
    (period,) = chosen_periods(setup, (PERIOD,))
    return expectation_of(folder, period, setup, PeriodSettings.of(setup))


def test_clusters_keep_nineteen_of_twenty_true_pairs(found: PeriodExpectation) -> None:
    """0.95 of the pairs whose particles pass the cuts: 2 % fail E_min for what their clusters lose.

    7500 and 6000 pairs know the two to 1.2 and 1.0 %; the ratio found with 30,000 is 0.946 ± 0.007.
    """
    script = runpy.run_path(str(SCRIPT))
    setup, library, rng = load_setup("padme-run3"), ShowerLibrary.load(), np.random.default_rng(3)
    (period,) = chosen_periods(setup, (PERIOD,))
    truth = {}
    for process in script["Annihilation"]:
        k_factor = float(PUBLISHED_K[process.value].at(period.sqrt_s_mev))
        energy = period.beam_energy_mev
        events = script["generate_annihilation"](setup, process, energy, 40_000, rng, k_factor=k_factor)
        kept = script["accepted"](events, setup, library, period.sqrt_s_mev, rng)
        truth[process.value] = float(events.weight[kept].sum())
    assert found.electrons_per_pot / truth["ee"] == pytest.approx(0.946, abs=0.06)
    assert found.photons_per_pot / truth["gg"] == pytest.approx(0.95, abs=0.10)


def test_windows_and_side_bands_take_next_to_nothing(found: PeriodExpectation) -> None:
    count = found.count.count
    assert count.in_window / found.selection.pairs.weight.sum() > 0.998
    assert abs(count.background) < 1e-3 * count.in_window


def test_the_background_is_above_the_published_one(found: PeriodExpectation) -> None:
    """3.52e-6 were published for this energy; truth is 1.13 times that, less what clusters lose."""
    total = found.electrons_per_pot + found.photons_per_pot
    assert total / 3.52e-6 == pytest.approx(1.073, abs=4.0 * 0.012)


def test_tag_and_probe_sees_no_loss_where_there_is_none(found: PeriodExpectation) -> None:
    """The method's own bias is known, below 1 %: of pairs that are there, nearly every probe is found."""
    efficiency = found.count.efficiency
    assert efficiency.efficiency == pytest.approx(0.996, abs=0.006)
