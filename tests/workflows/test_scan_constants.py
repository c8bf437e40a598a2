"""Constants of the model from the computed yield of the target."""

from dataclasses import replace

import pytest

from x17.apparatus import load_setup
from x17.workflows.scan_constants import model_constants


def test_run3_is_near_the_published_constants() -> None:
    """Of the yield computed for electrons in diamond; the published ones are fitted to another curve."""
    setup = load_setup("padme-run3")
    found = model_constants(setup)
    published = type(found)()
    assert found.beam_energy_spread == setup.beam.energy_spread
    assert found.beam_energy_spread_err == setup.beam.energy_spread_err
    assert found.signal_yield_mev == pytest.approx(published.signal_yield_mev, rel=0.02)
    assert found.lorentz_half_width_mev == pytest.approx(published.lorentz_half_width_mev, rel=0.04)


def test_the_area_follows_the_thickness() -> None:
    setup = load_setup("padme-run3")
    thick = replace(setup, target=replace(setup.target, thickness_mm=2.0 * setup.target.thickness_mm))
    one, two = model_constants(setup), model_constants(thick)
    assert two.signal_yield_mev == pytest.approx(2.0 * one.signal_yield_mev, rel=1e-6)
    assert two.lorentz_half_width_mev == pytest.approx(one.lorentz_half_width_mev, rel=1e-6)
