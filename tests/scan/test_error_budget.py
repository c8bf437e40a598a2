import numpy as np
import pytest

from x17.scan import EnergyScan
from x17.scan.error_budget import error_budget
from x17.scan.observable import g_r, g_r_err, g_r_relative_err


def test_means_of_the_shipped_scan(shipped: EnergyScan) -> None:
    means = error_budget(shipped).means
    assert means["total"] == pytest.approx(0.882, abs=5e-4)
    assert means["n2"] == pytest.approx(0.611, abs=5e-4)
    assert means["n_pot"] == pytest.approx(0.369, abs=5e-4)
    assert means["background"] == pytest.approx(0.516, abs=5e-4)


def test_points(shipped: EnergyScan) -> None:
    budget, points = error_budget(shipped), shipped.search_points()
    np.testing.assert_array_equal(budget.period, points.period)
    np.testing.assert_allclose(budget.total**2, budget.n2**2 + budget.n_pot**2 + budget.background**2)
    np.testing.assert_allclose(budget.total, 100 * g_r_err(points) / g_r(points))


def test_observable_of_one_point(shipped: EnergyScan) -> None:
    points = shipped.search_points()
    i = points.period.tolist().index(12)
    value = 26902 / (7509416743 * 3.51528248e-06)
    relative = np.sqrt(
        1 / 26902 + (1.23236e7 / 7509416743) ** 2 + (1.479585e-8 / 3.51528248e-6) ** 2 + 2 * 0.003**2
    )
    assert g_r(points)[i] == pytest.approx(value, rel=1e-15)
    assert g_r_relative_err(points)[i] == pytest.approx(relative, rel=1e-14)
    assert g_r_err(points)[i] == pytest.approx(value * relative, rel=1e-14)


@pytest.mark.parametrize(
    ("quantity", "kind", "parts", "rounded"),
    [
        ("K", "common", [2.0, 0.5, 0.3], 2.1),
        ("B", "common", [0.4, 0.5], 0.6),
        ("N2", "point", [0.6, 0.3], 0.7),
        ("B", "point", [0.4, 0.2, 0.2, 0.1], 0.5),
        ("N_PoT", "point", [0.3, 0.35], 0.5),
    ],
)
def test_published_contributions(
    shipped: EnergyScan, quantity: str, kind: str, parts: list[float], rounded: float
) -> None:
    budget = error_budget(shipped)
    found = [item.percent for item in budget.published if (item.quantity, item.kind) == (quantity, kind)]
    assert found == parts
    total = budget.published_total(quantity, kind)
    assert total is not None
    assert round(total, 1) == rounded


def test_nothing_published(columns: dict[str, list[str]]) -> None:
    budget = error_budget(EnergyScan.from_columns(columns))
    assert budget.published == ()
    assert budget.published_total("K", "common") is None
    # Only the counts and the two common errors of 0.3 % are left.
    np.testing.assert_allclose(budget.n_pot, 0.3)
    np.testing.assert_allclose(budget.background, 0.3)
