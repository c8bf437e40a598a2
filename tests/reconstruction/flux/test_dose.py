import numpy as np

from x17.apparatus.run_plan import Period, RunPlan
from x17.reconstruction.flux.dose import dose_shares

PLAN = RunPlan(
    periods=tuple(Period(number=n, sqrt_s_mev=17.0, n_pot=pot) for n, pot in ((4, 2e9), (2, 1e9), (9, 1e9)))
)


def test_the_plan_says_where_periods_sit() -> None:
    # Two runs of period 2 after the 2e9 of period 4, then period 9; 4e9 in all.
    found = dose_shares(np.array([2, 2, 9]), np.array([4e8, 6e8, 1e9]), PLAN)
    np.testing.assert_allclose(found, [2.2 / 4, 2.7 / 4, 3.5 / 4], rtol=1e-12)


def test_without_a_plan_all_is_measured() -> None:
    found = dose_shares(np.array([1, 1, 5]), np.array([1e9, 2e9, 1e9]), RunPlan())
    np.testing.assert_allclose(found, [0.125, 0.5, 0.875], rtol=1e-12)


def test_a_run_without_a_measurement_counts_as_the_mean() -> None:
    found = dose_shares(np.array([1, 2, 3]), np.array([1e9, 0.0, 1e9]), RunPlan())
    np.testing.assert_allclose(found, [1 / 6, 3 / 6, 5 / 6], rtol=1e-12)
    nothing = dose_shares(np.array([1, 2]), np.zeros(2), RunPlan())
    np.testing.assert_allclose(nothing, [0.25, 0.75], rtol=1e-12)
