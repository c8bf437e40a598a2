from dataclasses import replace

import numpy as np
import pytest

from x17.apparatus.setup import Setup
from x17.errors import UsageError
from x17.simulation.bunch_blocks import BUNCHES_PER_BLOCK, bunch_blocks, n_bunches
from x17.simulation.conditions import Conditions
from x17.simulation.digitisation.bunch_monitors import ageing, mean_response

N_POT = 3 * 3000 * 20_000.0


def test_runs_have_their_own_beam_gains_and_scales(setup: Setup) -> None:
    drawn = Conditions.drawn(setup, 3)
    blocks = list(bunch_blocks(setup, drawn, 11, N_POT, 1))
    assert [run for run, _ in blocks] == [0, 1, 2]
    per_positron = []
    for run, bunches in blocks:
        truth = drawn.run_of(11, run)
        assert np.all(bunches.run == run)
        assert bunches.run.size == 20_000
        # The mean of 6e7 positrons is known to 1.3e-4 mm, four times that.
        assert bunches.target_y_mm.mean() == pytest.approx(truth.center_y_mm, abs=5.2e-4)
        per_positron.append(bunches.target_pc.sum() / bunches.n_positrons.sum() / truth.target_gain)
    np.testing.assert_allclose(per_positron, 432 * 1.602176634e-7, rtol=1e-12)


def test_the_catcher_has_the_true_charge_dose_and_place(setup: Setup) -> None:
    drawn = Conditions.drawn(setup, 3)
    before = 0.0
    for period in setup.run_plan.periods:
        if period.number == 11:
            break
        before += period.n_pot
    for run, bunches in bunch_blocks(setup, drawn, 11, N_POT, 1):
        truth = drawn.setup_for(setup, 11, run)
        assert truth.beam_catcher is not None
        share = (before + (run + 0.5) * N_POT / 3) / setup.run_plan.n_pot.sum()
        expected = truth.beam_catcher.charge_pc(1.0, period.beam_energy_mev)
        expected *= mean_response(truth, truth.beam_catcher) * ageing(truth.beam_catcher, share)
        measured = bunches.lead_glass_pc.sum() / bunches.n_positrons.sum()
        # The dose inside the run, 1e-4 of all, is in its middle: second order, and the Poisson counts.
        assert measured == pytest.approx(float(expected), rel=1e-7)


def test_blocks_do_not_depend_on_each_other(setup: Setup) -> None:
    nominal = Conditions.nominal(setup)
    n_pot = 3000.0 * (BUNCHES_PER_BLOCK + 10)
    two = list(bunch_blocks(setup, nominal, 11, n_pot, 1))
    assert [bunches.run.size for _, bunches in two] == [BUNCHES_PER_BLOCK, 10]
    (one,) = bunch_blocks(setup, nominal, 11, 3000.0 * 10, 1)
    assert not np.array_equal(one[1].n_positrons, two[1][1].n_positrons)
    (again,) = bunch_blocks(setup, nominal, 11, 3000.0 * 10, 1)
    np.testing.assert_array_equal(one[1].lead_glass_pc, again[1].lead_glass_pc)


def test_a_period_has_its_own_positrons_by_default(setup: Setup) -> None:
    weak = replace(setup, beam=replace(setup.beam, positrons_per_bunch=1e8))
    ((_, bunches),) = bunch_blocks(weak, Conditions.nominal(weak), 11, None, 1)
    assert bunches.run.size == 75 == n_bunches(weak, 7489155210)
    with pytest.raises(UsageError, match="has no period 99"):
        next(bunch_blocks(setup, Conditions.nominal(setup), 99, None, 1))
