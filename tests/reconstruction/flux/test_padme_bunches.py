from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from x17.apparatus.setup import Setup
from x17.reconstruction.flux.padme_bunches import bunches_of
from x17.reconstruction.flux.period_flux import measure_flux
from x17.reconstruction.flux.run_sums import sum_runs
from x17.reconstruction.flux.status import FluxStatus
from x17.reconstruction.padme_events import PadmeEvents
from x17.reconstruction.padme_files import read_padme_events

FILE = Path(__file__).parents[1] / "padme_files" / "padme_reco.root"


@pytest.fixture(scope="module")
def events(setup: Setup) -> PadmeEvents:
    return read_padme_events(FILE, setup.calorimeter, leave_out=True)


def test_monitors_of_triggered_bunches_are_taken_over(events: PadmeEvents) -> None:
    assert events.lead_glass is not None
    assert events.target is not None
    assert events.clusters is not None
    beam = events.has_beam
    found = bunches_of(events)
    assert found.run.size == beam.sum() > 0
    np.testing.assert_array_equal(found.lead_glass_pc, events.lead_glass.charge_pc[beam])
    np.testing.assert_array_equal(found.target_x_mm, events.target.x_mm[beam])
    energy = [events.clusters.energy[events.clusters.event == i].sum() for i in np.flatnonzero(beam)]
    # Rounding.
    np.testing.assert_allclose(found.calorimeter_mev, energy, rtol=1e-12)
    assert np.isnan(found.pixel_x_mm).all()


def test_the_flux_of_a_file_is_what_its_charges_say(setup: Setup, events: PadmeEvents) -> None:
    assert events.lead_glass is not None
    bunches = bunches_of(events)
    runs = sum_runs([bunches], setup, period=0, beam_energy_mev=282.8)
    flux = measure_flux(runs, setup)
    # No pixel detector, so the leakage of the setup.
    assert flux.status.tolist() == [FluxStatus.NO_SPOT]
    charge = bunches.lead_glass_pc[bunches.lead_glass_pc > 250 * 0.239 * 282.8 / 402.5].sum()
    assert flux.n_raw[0] == pytest.approx(charge / 0.239 * 402.5 / 282.8, rel=1e-9)


def test_what_a_file_lacks_is_missing(events: PadmeEvents) -> None:
    bare = bunches_of(replace(events, lead_glass=None, target=None, clusters=None))
    assert np.isnan(bare.lead_glass_pc).all()
    assert np.isnan(bare.target_pc).all()
    assert np.isfinite(bare.calorimeter_mev).all()
    assert np.isnan(bunches_of(replace(events, clusters=None, hits=None)).calorimeter_mev).all()
