from dataclasses import replace

import numpy as np
import pytest

from x17.apparatus.setup import Setup
from x17.errors import UsageError
from x17.simulation.conditions import Conditions
from x17.simulation.planning import SampleSettings, plan_samples
from x17.simulation.sample import PlannedSample, Process, Sample
from x17.theory.boson import Boson, SpinParity
from x17.theory.qed.published_k import PUBLISHED_K

BOSON = Boson(16.9, SpinParity.VECTOR, 5e-4)


def test_runs_share_the_positrons_of_a_period(setup: Setup) -> None:
    (period,) = (one for one in setup.run_plan.periods if one.number == 11)
    settings = SampleSettings(boson=BOSON, n_pot=6e8)
    plans = plan_samples(setup, [period], settings, 1, conditions=Conditions.drawn(setup, 1))
    assert [(p.sample.run, p.sample.process.value) for p in plans] == [
        (run, name) for run in range(3) for name in ("ee", "gg", "X")
    ]
    assert {p.sample.n_pot for p in plans} == {2e8}
    assert len({p.rate_per_pot for p in plans if p.sample.process is Process.ELECTRONS}) == 1
    assert len({p.n_events for p in plans if p.sample.process is Process.ELECTRONS}) == 3


def test_one_run_is_as_without_conditions(setup: Setup) -> None:
    """The first run has the random numbers that a period had before there were runs."""
    period = setup.run_plan.periods[20]
    for conditions in (None, Conditions.nominal(setup)):
        plans = plan_samples(setup, [period], SampleSettings(n_pot=1e8), 4, conditions=conditions)
        alone = Sample(
            process=Process.ELECTRONS,
            beam_energy_mev=period.beam_energy_mev,
            n_pot=1e8,
            period=period.number,
        )
        assert plans[0] == PlannedSample.draw(setup, alone, 4)


def test_published_factors_multiply_pairs_and_nothing_else(setup: Setup) -> None:
    period = setup.run_plan.periods[0]
    settings = SampleSettings(
        processes=(Process.ELECTRONS, Process.PHOTONS, Process.ACCIDENTAL), boson=BOSON, n_pot=1e8
    )
    period = replace(period, sqrt_s_mev=16.9)
    plain, scaled = (
        plan_samples(setup, [period], replace(settings, published_k=k), 1) for k in (False, True)
    )
    ratio = [s.rate_per_pot / p.rate_per_pot for s, p in zip(scaled, plain, strict=True)]
    expected = [float(PUBLISHED_K["ee"].at(16.9)), float(PUBLISHED_K["gg"].at(16.9)), 1.0, 1.0]
    np.testing.assert_allclose(ratio, expected, rtol=1e-12)


def test_what_cannot_be_planned(setup: Setup) -> None:
    with pytest.raises(UsageError, match="not among the processes"):
        SampleSettings(processes=(Process.BOSON,))
    other, nominal = replace(setup.run_plan.periods[0], number=900), Conditions.nominal(setup)
    with pytest.raises(UsageError, match="no conditions of period 900"):
        plan_samples(setup, [other], SampleSettings(), 1, conditions=nominal)
