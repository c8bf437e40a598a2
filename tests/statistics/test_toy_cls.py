import numpy as np
import pytest

from x17.statistics.coupling_set import CouplingSet, Hypothesis
from x17.statistics.data_sets import DataSets
from x17.statistics.ensembles import Ensemble
from x17.statistics.model import ScanModel
from x17.statistics.profile_fit import fit_background, fit_fixed_signal, q_statistic
from x17.statistics.toy_cls import ToyCLs, count_toys, toy_cls, toy_q
from x17.statistics.toy_set import InMemory
from x17.statistics.toys import Centers, ToyTruth


def test_counts_are_those_of_the_definition(model: ScanModel, data: DataSets) -> None:
    coupling, n = 5e-4, 700
    result = toy_cls(model, data, 16.9, coupling, n, seed=4)
    q_observed = float(q_statistic(model, data, 16.9, coupling).q[0])
    signal = ToyTruth(fit_fixed_signal(model, data, 16.9, coupling**2).parameters[0], 16.9, Centers.MEASURED)
    background = ToyTruth(fit_background(model, data).parameters[0], 16.9, Centers.MEASURED)
    key = (round(16.9e6), round(coupling * 1e12))
    q_s, _ = toy_q(model, signal, 16.9, coupling, n, 4, (1, 1, *key))
    q_b, _ = toy_q(model, background, 16.9, coupling, n, 4, (1, 0, *key))
    assert result.q_observed == pytest.approx(q_observed)
    assert (result.n_signal, result.n_background, result.n_failed) == (n, n, 0)
    assert result.cls_plus_b == pytest.approx(np.mean(q_s > q_observed))
    assert result.one_minus_p_b == pytest.approx(1 - np.mean(q_b < q_observed))
    assert result.cls == pytest.approx(result.cls_plus_b / result.one_minus_p_b)


@pytest.mark.parametrize("ensemble", list(Ensemble))
def test_toys_are_those_of_a_coupling_set(model: ScanModel, data: DataSets, ensemble: Ensemble) -> None:
    couplings, n = (4e-4, 6e-4), 2300  # more than a block
    signal, background = (
        next(
            InMemory()(
                model,
                [
                    CouplingSet(
                        ensemble=ensemble, hypothesis=hypothesis, mass=16.9, couplings=couplings, seed=5
                    )
                ],
                n,
            )
        )
        for hypothesis in (Hypothesis.SIGNAL, Hypothesis.BACKGROUND)
    )
    q_observed = q_statistic(model, data, 16.9, np.array(couplings)).q[0]
    counted = count_toys(16.9, couplings, q_observed, signal, background)
    made = toy_cls(model, data, 16.9, np.array(couplings), n, seed=5, ensemble=ensemble)
    for name in ToyCLs.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(counted, name), getattr(made, name), err_msg=name)


def test_failed_toys_are_counted_and_left_out() -> None:
    q = np.array([[-3.0, 1.0], [-1.0, 2.0], [5.0, -9.0]])
    status = np.array([[0, 0], [0, 2], [0, 0]], dtype=np.int8)
    toys = {"q": q, "status": status}
    counted = count_toys(16.9, [4e-4, 5e-4], [-2.0, 0.0], toys, toys)
    assert counted.n_signal.tolist() == [3, 2]
    assert counted.n_signal_above.tolist() == [2, 1]
    assert counted.n_background_below.tolist() == [1, 1]
    assert counted.n_failed.tolist() == [0, 2]


def test_a_point_whose_fit_to_the_data_failed_has_no_toys(model: ScanModel, data: DataSets) -> None:
    broken = DataSets(np.full_like(data.first, np.nan), data.second, data.centers)
    result = toy_cls(model, broken, 16.9, 5e-4, 60, seed=1)
    assert (result.n_signal, result.n_background, result.n_failed) == (0, 0, 120)


def test_workers_and_grid_do_not_change_a_point(model: ScanModel, data: DataSets) -> None:
    masses, couplings = np.array([16.6, 16.9]), np.array([3e-4, 5e-4, 7e-4])
    whole = toy_cls(model, data, masses[:, None], couplings, 150, seed=9, workers=2)
    point = toy_cls(model, data, 16.9, 5e-4, 150, seed=9)
    assert whole.cls.shape == (2, 3)
    for name in ToyCLs.__dataclass_fields__:
        assert getattr(whole, name)[1, 1] == getattr(point, name)
    other = toy_cls(model, data, 16.9, 5e-4, 150, seed=10)
    assert other.n_signal_above != point.n_signal_above


def test_error_of_cls_is_that_of_repeated_measurement(model: ScanModel, data: DataSets) -> None:
    repeated = [toy_cls(model, data, 16.9, 5.4e-4, 200, seed=s, workers=2) for s in range(60)]
    scatter = np.std([float(r.cls) for r in repeated], ddof=1)
    # The scatter of 60 values is known to 1/sqrt(120) = 9 %.
    assert scatter == pytest.approx(np.mean([float(r.cls_err) for r in repeated]), rel=0.3)


def test_cls_falls_with_the_coupling(model: ScanModel, data: DataSets) -> None:
    cls = toy_cls(model, data, 16.6, np.array([2e-4, 4e-4, 8e-4]), 300, seed=1).cls
    assert cls[0] > cls[1] > cls[2]


def test_cls_is_one_where_no_background_toy_reaches_the_data() -> None:
    counts = [np.array([n]) for n in (100, 50, 100, 100, 0)]
    result = ToyCLs(np.array([16.9]), np.array([5e-4]), np.array([-1.0]), *counts)
    assert result.cls.tolist() == [1.0]
    assert np.isfinite(result.cls_err).all()


def test_error_of_cls_has_a_part_from_either_hypothesis() -> None:
    counts = [np.array([n]) for n in (100, 20, 100, 60, 0)]
    result = ToyCLs(np.array([16.9]), np.array([5e-4]), np.array([-1.0]), *counts)
    # P_S = 20/100, 1 - P_B = 40/100: the relative binomial errors add in quadrature.
    assert result.cls == pytest.approx(0.5)
    assert result.cls_err == pytest.approx(0.5 * np.sqrt(0.8 / 20 + 0.6 / 40))
