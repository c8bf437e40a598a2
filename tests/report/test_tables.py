import csv
import io
import json
import math

import pytest

from x17.report.tables import (
    LIKELIHOOD_COLUMNS,
    LIMIT_COLUMNS,
    SCAN_COLUMNS,
    csv_text,
    json_text,
    likelihood_csv,
    limits_csv,
    scan_csv,
    summary_document,
)
from x17.statistics.search_result import SearchResult


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_json_has_null_for_what_is_not_finite() -> None:
    assert json.loads(json_text({"a": math.nan, "b": [math.inf, 1.5], "c": None})) == {
        "a": None,
        "b": [None, 1.5],
        "c": None,
    }


def test_csv_cells() -> None:
    assert csv_text(("a", "b", "c"), [(None, 0.1 + 0.2, "x, y"), (math.nan, 1, "")]) == (
        'a,b,c\n,0.3,"x, y"\n,1,\n'
    )


def test_summary_has_the_documented_shape(with_toys: SearchResult) -> None:
    document = json.loads(json_text(summary_document(with_toys, {"limit": {"cl": 0.9}})))
    assert set(document["sideband"]) >= {
        "constant",
        "constant_err",
        "slope_per_mev",
        "slope_err",
        "correlation",
        "chi2",
        "ndf",
        "p_value",
        "masked_mev",
        "masked_center_mev",
        "criteria",
    }
    first, last = document["sideband"]["masked_mev"]
    assert document["sideband"]["masked_center_mev"] == pytest.approx((first + last) / 2)
    assert set(document["sideband"]["criteria"][0]) == {"name", "value", "threshold", "passed"}
    assert set(document["background_fit"]) == {"chi2", "n_points", "nuisances"}
    assert set(document["best_fit"]) == {
        "mass_mev",
        "mass_interval_mev",
        "g_ve",
        "g_ve_interval",
        "q",
        "chi2",
        "nuisances",
    }
    assert set(document["best_fit"]["nuisances"]) == {"P0", "P1", "A", "gamma", "b", "Q0", "Q1"}
    assert set(document["best_fit"]["nuisances"]["P0"]) == {"value", "error", "pull"}
    local = document["local_p"]
    assert set(local) == {"mass_mev", "p_q0", "z_q0", "p_limit", "p_limit_low", "p_limit_high", "n_toys"}
    assert local["p_limit_low"] <= local["p_limit"] <= local["p_limit_high"]
    assert document["settings"] == {"limit": {"cl": 0.9}}


def test_without_toys_what_needs_them_is_null(without_toys: SearchResult) -> None:
    local = summary_document(without_toys, {})["local_p"]
    assert [local[key] for key in ("p_limit", "p_limit_low", "p_limit_high", "n_toys")] == [None] * 4
    for row in rows(limits_csv(without_toys)):
        assert row["g_observed"] == row["g_observed_low"] == row["g_observed_high"] == ""
        assert float(row["g_observed_asymptotic"]) > 0.0


def test_limits_table(with_toys: SearchResult) -> None:
    text = limits_csv(with_toys)
    assert text.splitlines()[0] == ",".join(LIMIT_COLUMNS)
    table = rows(text)
    assert [float(row["mass_mev"]) for row in table] == [point.mass_mev for point in with_toys.limits]
    for row in table:
        band = [float(row[f"g_{name}"]) for name in ("minus_2sigma", "minus_1sigma", "median", "plus_1sigma")]
        assert band == sorted(band)
        if row["g_observed"]:
            assert float(row["g_observed_low"]) <= float(row["g_observed"]) <= float(row["g_observed_high"])
        else:
            assert row["notes"]


def test_likelihood_table_holds_the_grid(with_toys: SearchResult) -> None:
    text = likelihood_csv(with_toys)
    assert text.splitlines()[0] == ",".join(LIKELIHOOD_COLUMNS)
    assert len(rows(text)) == with_toys.q_map.q.size


def test_scan_table_is_sorted_and_marks_the_window(with_toys: SearchResult) -> None:
    text = scan_csv(with_toys)
    assert text.splitlines()[0] == ",".join(SCAN_COLUMNS)
    table = rows(text)
    energies = [float(row["sqrt_s_mev"]) for row in table]
    assert energies == sorted(energies)
    assert sum(int(row["masked"]) for row in table) == 10
    assert len(table) == 42
