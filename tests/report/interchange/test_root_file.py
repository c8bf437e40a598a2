import json
from pathlib import Path

import numpy as np
import pytest
import uproot

from x17.errors import UsageError
from x17.report.interchange.result_tables import result_tables
from x17.report.interchange.root_file import root_library, write_root_results
from x17.report.interchange.stored_scan import scan_of_root
from x17.report.stored_results import StoredResults


@pytest.fixture(scope="module")
def file(stored: StoredResults, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("root") / "results.root"
    write_root_results(result_tables(stored), {"scan": "padme-run3"}, stored.scan.to_toml_text(), path)
    return path


def test_trees_hold_the_tables(file: Path, stored: StoredResults) -> None:
    with uproot.open(file) as opened:
        assert json.loads(str(opened["about"])) == {"scan": "padme-run3"}
        limits = opened["limits"].arrays(library="np")
        np.testing.assert_array_equal(limits["g_median"], [row["g_median"] for row in stored.limits])
        assert opened["likelihood"].num_entries == len(stored.likelihood)
        assert str(opened["nuisances"]).startswith("parameter,")


def test_graphs_are_what_would_be_drawn(file: Path, stored: StoredResults) -> None:
    with uproot.open(file) as opened:
        graph = opened["graphs/limits_g_median_1sigma_high"]
        x, y = graph.values()
        np.testing.assert_array_equal(x, [row["mass_mev"] for row in stored.limits])
        np.testing.assert_allclose(y, [row["g_plus_1sigma"] for row in stored.limits], rtol=1e-12)
        assert graph.member("fTitle").startswith("median expected limit")
        assert "graphs/observable_g_r_low" in opened


def test_scan_comes_back(file: Path, stored: StoredResults) -> None:
    assert scan_of_root(file) == stored.scan


def test_without_uproot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "uproot", None)
    with pytest.raises(UsageError, match=r"pip install .*\[root\]'"):
        root_library()
