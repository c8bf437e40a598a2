"""Keeping some showers for many."""

import numpy as np

from x17.simulation.showers.production.thinning import representatives


def showers(n: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    share = rng.beta(4.0, 2.0, n)
    leak = rng.exponential(0.03, n)
    energy = np.zeros((n, 7, 7))
    energy[:, 3, 3] = share * (1.0 - leak)
    energy[:, 3, 4] = (1.0 - share) * (1.0 - leak)
    energy[:, 0, 0] = leak
    return energy


def test_each_is_kept_once() -> None:
    kept = representatives(showers(2000, 1), 500)
    assert len(kept) == 500
    assert len(np.unique(kept)) == 500
    assert np.all(np.diff(kept) > 0)


def test_keeping_all_keeps_all() -> None:
    np.testing.assert_array_equal(representatives(showers(100, 2), 100), np.arange(100))


def test_sums_of_the_kept_are_nearer_to_those_of_all_than_random_ones() -> None:
    """Means of the brightest cell and of 5 × 5, 30 samples of 2000: a third of the random error or less."""
    systematic, random = [], []
    rng = np.random.default_rng(3)
    for seed in range(30):
        energy = showers(2000, seed)
        sums = np.column_stack([energy.max(axis=(1, 2)), energy[:, 1:6, 1:6].sum(axis=(1, 2))])
        systematic.append(sums[representatives(energy, 500)].mean(axis=0) - sums.mean(axis=0))
        random.append(sums[rng.choice(2000, 500, replace=False)].mean(axis=0) - sums.mean(axis=0))
    assert np.all(np.std(systematic, axis=0) < np.std(random, axis=0) / 3.0)
