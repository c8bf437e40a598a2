import numpy as np

from x17.statistics.batch_minimum import minimise_batch


def test_parabolas_of_very_different_scales_take_one_step() -> None:
    center = np.array([[1.0, 2e4, -3e-7], [0.5, -1e4, 2e-7]])
    width = np.array([1e-3, 30.0, 1e-8])

    def evaluate(theta: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        pull = (theta - center) / width
        hessian = np.broadcast_to(np.diag(1 / width**2), (2, 3, 3))
        return (pull**2).sum(axis=1), pull / width, hessian

    found = minimise_batch(evaluate, np.zeros((2, 3)))
    assert found.converged.all()
    # The step is exact up to the rounding of numbers that are 1e6 of their width away.
    np.testing.assert_allclose(found.parameters, center, rtol=1e-9)
    np.testing.assert_allclose(found.chi2, 0.0, atol=1e-9)


def test_a_step_that_would_rise_is_halved() -> None:
    # χ² = ln(1 + x²): the Gauss–Newton step overshoots from far away.
    def evaluate(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        x = x[:, 0]
        return np.log1p(x**2), (x / (1 + x**2))[:, None], (1 / (1 + x**2) ** 2)[:, None, None]

    found = minimise_batch(evaluate, np.array([[3.0], [-0.1]]))
    assert found.converged.all()
    np.testing.assert_allclose(found.parameters, 0.0, atol=1e-4)


def test_what_does_not_converge_says_so() -> None:
    def evaluate(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return -x[:, 0], np.full((1, 1), -0.5), np.full((1, 1, 1), 1e-3)

    assert not minimise_batch(evaluate, np.zeros((1, 1))).converged.any()


def test_nothing_to_minimise() -> None:
    def evaluate(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return np.array([1.0, 2.0]), x, np.zeros((2, 0, 0))

    found = minimise_batch(evaluate, np.zeros((2, 0)))
    assert found.converged.all()
    np.testing.assert_array_equal(found.chi2, [1.0, 2.0])
