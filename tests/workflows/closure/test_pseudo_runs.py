"""Pseudo runs from pools of ideal pairs: what is drawn, what comes back, and where a mistake shows."""

import math
from dataclasses import replace

import numpy as np
import pytest

from x17.apparatus import Setup, load_setup
from x17.errors import UsageError
from x17.kinematics import beam_energy_mev
from x17.reconstruction.flux.settings import FluxSettings
from x17.reconstruction.pairs import Pairs
from x17.scan.assembly import AssembledScan
from x17.scan.observable import g_r, g_r_err
from x17.scan.straight_line import fit_line
from x17.simulation.sample import Process
from x17.theory.boson import Boson, SpinParity
from x17.theory.compton import Diamond
from x17.theory.production import yield_curve
from x17.workflows.closure.pools import ClosureSample, PairPool
from x17.workflows.closure.pseudo_run import Miscalibration, pseudo_run
from x17.workflows.closure.study import closure_study, find_boson
from x17.workflows.count_settings import CountSettings
from x17.workflows.scan_constants import model_constants

MASS, COUPLING, EFFICIENCY = 16.9, 1.2e-3, 0.1
B_PER_POT = 3.7e-6


def ideal_pairs(n: int) -> Pairs:
    """Two-body events in the middle of both windows."""
    zero, one = np.zeros(n), np.ones(n)
    return Pairs(
        event=np.arange(n),
        run=np.zeros(n, dtype=np.int64),
        weight=one,
        radius_1=200.0 * one,
        radius_2=240.0 * one,
        azimuth_1=zero,
        azimuth_2=math.pi * one,
        energy_1=150.0 * one,
        energy_2=130.0 * one,
        time_difference=zero,
        delta_phi=math.pi * one,
        sum_theta=math.pi * one,
        charged_1=np.ones(n, dtype=np.bool_),
        charged_2=np.ones(n, dtype=np.bool_),
    )


@pytest.fixture(scope="module")
def setup() -> Setup:
    return load_setup("padme-run3")


@pytest.fixture(scope="module")
def sample(setup: Setup) -> ClosureSample:
    """Pools a tenth of Run III's size: drawing with replacement does not care."""
    boson = Boson(MASS, SpinParity.VECTOR, COUPLING)
    pools = []
    for period in setup.run_plan.periods:
        n_pot = 0.1 * period.n_pot
        energy = [period.beam_energy_mev]
        made = yield_curve(boson, setup.target.slab, energy, setup.beam.energy_spread, Diamond())
        pairs = dict.fromkeys(Process, ideal_pairs(0))
        pairs[Process.ELECTRONS] = ideal_pairs(round(B_PER_POT * n_pot))
        pairs[Process.BOSON] = ideal_pairs(round(float(made.yield_per_pot[0]) * EFFICIENCY * n_pot))
        pools.append(PairPool(period, pairs, n_pot, EFFICIENCY, 0.0))
    return ClosureSample(setup, tuple(pools), COUPLING, CountSettings.of(setup), model_constants(setup))


def mean_of_part(assembled: AssembledScan, part: int) -> float:
    scan = assembled.scan
    used = scan.scan_part == part
    y, err = g_r(scan)[used], g_r_err(scan)[used]
    return float(np.average(y, weights=err**-2.0))


def test_a_pseudo_run_is_its_seed_and_number(sample: ClosureSample) -> None:
    one, same, other = (pseudo_run(sample, 0.0, 3, number).scan for number in (4, 4, 5))
    assert one == same
    assert not np.array_equal(one.n2, other.n2)


def test_counts_are_poisson_about_the_pool(sample: ClosureSample) -> None:
    """57 counts of 27,000 with 2 % of the pairs lost, 0.2 % of that from period to period."""
    scan = pseudo_run(sample, 0.0, 1, 0).scan
    n_pot = np.array([pool.period.n_pot for pool in sample.pools])
    sizes = np.array([pool.pairs[Process.ELECTRONS].size / pool.n_pot for pool in sample.pools]) * n_pot
    drifts = sample.setup.drifts
    mean = sizes * (1.0 - drifts.cluster_loss) ** 2
    error = np.hypot(np.sqrt(mean), 2.0 * drifts.cluster_loss_sigma * mean)
    pulls = (scan.n2 - mean) / error
    # The mean of 57 pulls is known to 0.13, their width to 0.09.
    assert abs(pulls.mean()) < 0.5
    assert pulls.std() == pytest.approx(1.0, abs=0.35)


def test_without_a_boson_the_observable_is_flat(sample: ClosureSample) -> None:
    assembled = pseudo_run(sample, 0.0, 2, 0)
    points = assembled.scan.search_points()
    err = g_r_err(points)
    line = fit_line(points.sqrt_s_mev, g_r(points), err**2, 16.92)
    assert line.chi2 / line.ndf == pytest.approx(1.0, abs=0.9)  # 4 sigma of χ²/40
    assert abs(line.slope) < 4.0 * line.slope_err
    # The talk's error of a point is 0.89 %; here N2 has no side bands to subtract.
    assert 100.0 * np.mean(err / g_r(points)) == pytest.approx(0.89, rel=0.15)


def test_a_boson_comes_back(sample: ClosureSample) -> None:
    study = closure_study(sample, MASS, COUPLING, 4, 11)
    assert study.masses == pytest.approx(np.full(4, MASS), abs=0.03)
    assert np.all(np.abs(study.pulls) < 4.0)
    # One run has an error of 7 % on g².
    assert study.g2_ratio == pytest.approx(1.0, abs=0.15)


def test_results_do_not_depend_on_the_threads(sample: ClosureSample) -> None:
    one, two = (closure_study(sample, MASS, COUPLING, 2, 7, workers=n) for n in (1, 2))
    assert one.found == two.found


def test_a_weaker_boson_is_taken_less_often(sample: ClosureSample) -> None:
    """g_R − K at the peak is ∝ g²; the strong one has 7.5 % there, known to 1 %."""
    heights = []
    for coupling in (0.0, COUPLING / 2.0, COUPLING):
        scan = pseudo_run(sample, coupling, 9, 0).scan
        row = int(np.argmin(np.abs(scan.sqrt_s_mev - 16.9057)))
        heights.append(float(g_r(scan)[row]))
    rise = heights[2] - heights[0]
    assert rise > 0.05
    assert (heights[1] - heights[0]) / rise == pytest.approx(0.25, abs=0.2)


def test_a_boson_needs_a_pool(sample: ClosureSample) -> None:
    with pytest.raises(UsageError, match="no boson"):
        pseudo_run(replace(sample, coupling=0.0), 1e-3, 1, 0)


def test_a_wrong_charge_per_positron_shows_in_the_scale_alone(sample: ClosureSample) -> None:
    right = pseudo_run(sample, 0.0, 4, 0)
    wrong = pseudo_run(sample, 0.0, 4, 0, wrong=Miscalibration(flux=FluxSettings(charge_error=0.01)))
    assert right.validation.normalisation is not None
    assert wrong.validation.normalisation is not None
    ratio = wrong.validation.normalisation.value / right.validation.normalisation.value
    # The charge is 1 % too large, so that positrons are 1 % too few.
    assert ratio == pytest.approx(1.01, abs=2e-4)
    # The weights of the mean below the resonance hold the flux, too: 4e-6.
    assert g_r(wrong.scan) == pytest.approx(g_r(right.scan), rel=2e-5)


def test_a_wrong_ageing_shows_between_the_two_scans(sample: ClosureSample) -> None:
    """1 % over the whole dose: between the middles of the two scans lies half of it."""
    right = pseudo_run(sample, 0.0, 4, 1)
    wrong = pseudo_run(sample, 0.0, 4, 1, wrong=Miscalibration(flux=FluxSettings(slope_error=0.01)))
    change = [mean_of_part(run, 1) / mean_of_part(run, 0) for run in (wrong, right)]
    dose = np.cumsum([p.n_pot for p in sample.setup.run_plan.periods])
    number = np.array([p.scan_part for p in sample.setup.run_plan.periods])
    lever = float(dose[number == 1].mean() - dose[number == 0].mean()) / float(dose[-1])
    assert change[0] / change[1] - 1.0 == pytest.approx(-0.01 * lever, rel=0.05)


def test_without_the_ageing_the_side_band_fails(sample: ClosureSample) -> None:
    wrong = pseudo_run(sample, 0.0, 4, 2, wrong=Miscalibration(flux=FluxSettings(apply_ageing=False)))
    points = wrong.scan.search_points()
    line = fit_line(points.sqrt_s_mev, g_r(points), g_r_err(points) ** 2, 16.92)
    # 10 % of response over the run, against 0.9 % of error a point.
    assert line.chi2 > 150.0


def test_an_unknown_efficiency_shows_in_the_slope_of_k(sample: ClosureSample) -> None:
    """0.1 % per MeV of beam energy is 3.3 % per MeV of √s, dE/d√s being √s/m_e."""
    right, wrong = (
        pseudo_run(sample, 0.0, 4, 3, wrong=Miscalibration(efficiency_per_mev=loss)) for loss in (0.0, 1e-3)
    )
    slopes = []
    for run in (right, wrong):
        points = run.scan.search_points()
        line = fit_line(points.sqrt_s_mev, g_r(points), g_r_err(points) ** 2, 16.92)
        slopes.append(line.slope / line.constant)
    per_mev = float(beam_energy_mev(17.42) - beam_energy_mev(16.42)) * 1e-3
    assert slopes[1] - slopes[0] == pytest.approx(-per_mev, rel=0.05)


def test_without_a_boson_the_fit_finds_none(sample: ClosureSample) -> None:
    found = find_boson(pseudo_run(sample, 0.0, 21, 0).scan)
    assert found.q > -12.0
    assert abs(found.g2_at_truth) < 5.0 * found.g2_at_truth_err
