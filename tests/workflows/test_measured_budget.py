"""The error budget on periods whose errors are known by hand."""

import math
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from x17.apparatus import load_setup
from x17.reconstruction.flux.period_flux import PeriodFlux
from x17.scan.counted import CountedPeriod
from x17.scan.error_budget import COMMON, POINT
from x17.workflows.count_settings import CountSettings
from x17.workflows.measured_budget import measured_budget

SETTINGS = CountSettings.of(load_setup("padme-run3"))


def efficiency(value: float, error: float) -> SimpleNamespace:
    return SimpleNamespace(efficiency=value, error=error)


def period(number: int, part: int = 0, ratio: float = 1.0, **changes: Any) -> CountedPeriod:
    """10000 pairs, 9900 after subtraction; two runs whose line is known to 3 and 4 mm in x and y."""
    stability = SimpleNamespace(
        double_ratio=np.array([0.9, ratio]), double_ratio_error=np.array([0.001, 0.002])
    )
    row: dict[str, Any] = {
        "period": SimpleNamespace(number=number, scan_part=part),
        "count": SimpleNamespace(
            count=SimpleNamespace(n2=9900.0, in_window_error=100.0, background_error=10.0),
            efficiency=efficiency(0.95, 0.0019),
        ),
        "expectation": SimpleNamespace(
            count=SimpleNamespace(
                count=SimpleNamespace(n2=4e-6, n2_error=1.2e-8), efficiency=efficiency(0.96, 0.00144)
            ),
            spot=SimpleNamespace(per_mm=0.0007),
        ),
        "selection": SimpleNamespace(
            lines=SimpleNamespace(
                lines=(None, None),
                cog_x_error_mm=np.array([3.0, 3.0]),
                cog_y_error_mm=np.array([4.0, 4.0]),
            )
        ),
        "r_max": stability,
    }
    return cast(CountedPeriod, SimpleNamespace(**(row | changes)))


def flux(n: int) -> PeriodFlux:
    return cast(
        PeriodFlux,
        SimpleNamespace(
            period=np.arange(n),
            usable=np.ones(n, dtype=bool),
            n_pot=np.full(n, 1e10),
            n_pot_err_raw=np.full(n, 4e7),
            common_errors={"charge per positron": 0.02, "energy loss": 0.005},
        ),
    )


def budget(*rows: CountedPeriod) -> dict[str, float]:
    items = measured_budget(rows, flux(10), SETTINGS)
    assert all((item.kind == COMMON) == (item.quantity == "K") for item in items)
    assert {item.kind for item in items} <= {POINT, COMMON}
    return {item.source: item.percent for item in items}


def test_every_item_by_hand() -> None:
    found = budget(period(0), period(1), period(2, part=-1, count=None))
    assert found == {
        "statistics": pytest.approx(100.0 * 100 / 9900, rel=1e-12),
        "subtraction of side bands": pytest.approx(100.0 * 10 / 9900, rel=1e-12),
        "MC statistics": pytest.approx(0.3, rel=1e-12),
        # Two clusters: twice √(0.2 %² + 0.15 %²) = 0.25 %.
        "tag and probe": pytest.approx(0.5, rel=1e-12),
        "cut stability": 0.0,
        # 0.07 % a mm; 5 mm are 5/√2 in each of x and y, and two runs make it another √2 smaller.
        "beam spot": pytest.approx(0.07 * 5.0 / math.sqrt(2.0) / math.sqrt(2.0), rel=1e-12),
        "beam energy": pytest.approx(0.3, rel=1e-12),
        "ageing and leakage": pytest.approx(0.4, rel=1e-12),
        "charge per positron": pytest.approx(2.0, rel=1e-12),
        "energy loss": pytest.approx(0.5, rel=1e-12),
    }


def test_scatter_beyond_statistics() -> None:
    """Double ratios of 0.99 and 1.01: variance 2e-4, less 4e-6 of statistics."""
    found = budget(period(0, ratio=0.99), period(1, ratio=1.01))
    assert found["cut stability"] == pytest.approx(100.0 * math.sqrt(2e-4 - 4e-6), rel=1e-12)
    assert budget(period(0, ratio=0.99))["cut stability"] == 0.0


def test_what_was_not_measured_is_left_out_of_the_mean() -> None:
    without = period(
        1,
        count=SimpleNamespace(
            count=SimpleNamespace(n2=9900.0, in_window_error=100.0, background_error=10.0),
            efficiency=efficiency(0.0, math.inf),
        ),
        r_max=None,
    )
    assert budget(period(0), without)["tag and probe"] == pytest.approx(0.5, rel=1e-12)
    assert measured_budget([period(0, part=-1)], flux(1), SETTINGS) == ()
