import csv
import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from x17.report.significance_table import print_significance, significance_document, significance_rows
from x17.report.tables import band_csv, json_text
from x17.statistics.monte_carlo import TailFraction
from x17.statistics.search_result import SearchResult
from x17.statistics.significance import Significance


@pytest.fixture(scope="module")
def whole(with_significance: SearchResult) -> Significance:
    return with_significance.significance[0]


@pytest.fixture(scope="module")
def beyond_all(whole: Significance) -> Significance:
    """No toy is as extreme as the data."""
    none = TailFraction(0, 300)
    return replace(
        whole,
        local=replace(whole.local, limit=none),
        definitions=tuple(replace(d, fraction=none) for d in whole.definitions),
        maxima=tuple(replace(m, p_global=none) for m in whole.maxima),
    )


def test_document_has_what_scripts_look_for(whole: Significance) -> None:
    document = json.loads(json_text(significance_document(whole)))
    assert set(document) == {"window_mev", "local", "maxima", "global"}
    assert {"mass_mev", "p_q0", "p_limit", "p_low", "p_high", "z", "n_toys"} <= set(document["local"])
    assert set(document["global"]) == {"published-deviation", "min-q", "max-z", "gross-vitells"}
    for entry in document["global"].values():
        assert {"p", "p_low", "p_high", "z", "n_toys"} <= set(entry)
        assert 0.0 <= entry["p_low"] <= entry["p"] <= entry["p_high"]
        assert entry["n_toys"] == 300
        assert entry["z_low"] <= entry["z"] <= entry["z_high"]
    assert set(document["maxima"][0]) == {"mass_mev", "g_ve", "q", "p_local", "p_global"}
    assert document["maxima"][0]["mass_mev"] == document["local"]["mass_mev"] == 16.9


def test_no_toy_as_extreme_is_an_upper_bound_and_no_infinity(beyond_all: Significance) -> None:
    document = json.loads(json_text(significance_document(beyond_all)))
    entry = document["global"]["min-q"]
    assert (entry["p"], entry["p_low"], entry["z"], entry["z_high"]) == (0.0, 0.0, None, None)
    # (1 - p)^300 = 0.159
    assert entry["p_high"] == pytest.approx(1 - 0.15865 ** (1 / 300), rel=1e-3)
    rows = {name: (p, z) for name, p, z, _ in significance_rows(beyond_all)}
    assert rows["global, deepest Q"] == ("< 0.0061", "> 2.5")


@pytest.mark.parametrize("kind", ["whole", "beyond_all"])
def test_text_fits_a_terminal_of_80_columns(kind: str, request: pytest.FixtureRequest) -> None:
    console = Console(file=io.StringIO(), width=80, no_color=True)
    about = "ensemble unconditional; K from-sideband; masses 16.22:17.72:0.02; seed 1"
    print_significance(console, request.getfixturevalue(kind), "padme-run3", about)
    text = console.file.getvalue()
    assert max(len(line) for line in text.splitlines()) <= 80
    assert "…" not in text
    for words in ("16.90 MeV", "local, from q0", "global, deepest Q", "Gross–Vitells", "90 % CL"):
        assert words in text
    assert sum(line.startswith(("local", "global")) for line in text.splitlines()) == 6


def test_failed_pseudo_experiments_are_told(whole: Significance) -> None:
    console = Console(file=io.StringIO(), width=80, no_color=True)
    print_significance(console, replace(whole, n_failed=3), "padme-run3", "about")
    assert "3 pseudo-experiments left out: a fit failed" in console.file.getvalue()


def test_no_excess_is_said(whole: Significance) -> None:
    console = Console(file=io.StringIO(), width=80, no_color=True)
    print_significance(console, replace(whole, maxima=()), "padme-run3", "about")
    assert "No excess above one standard deviation" in console.file.getvalue()


def test_band_as_csv(whole: Significance) -> None:
    rows = list(csv.DictReader(io.StringIO(band_csv(whole))))
    assert [float(row["mass_mev"]) for row in rows] == whole.band.masses.tolist()
    for k, row in enumerate(rows):
        assert float(row["observed"]) == pytest.approx(whole.observed_limits[k])
        for i, name in enumerate(("minus_2", "minus_1", "median", "plus_1", "plus_2")):
            assert float(row[name]) == pytest.approx(whole.band.limits[i, k])
            assert float(row[f"{name}_low"]) <= float(row[name]) <= float(row[f"{name}_high"])
