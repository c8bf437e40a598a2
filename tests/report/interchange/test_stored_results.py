import json
import shutil
from pathlib import Path

import pytest

from x17.errors import InputError, UsageError
from x17.report.stored_results import StoredResults, read_results
from x17.scan import EnergyScan
from x17.statistics.search_result import SearchResult


def test_what_was_written_is_read(stored: StoredResults, with_significance: SearchResult) -> None:
    assert stored.scan == EnergyScan.load("padme-run3")
    assert [row["mass_mev"] for row in stored.limits] == [p.mass_mev for p in with_significance.limits]
    # The tables have ten digits.
    assert stored.curves[3]["g_r"] == pytest.approx(with_significance.curves.g_r[3], rel=1e-9)
    assert len(stored.likelihood) == with_significance.q_map.q.size
    assert stored.summary["best_fit"]["q"] == with_significance.best.q


@pytest.fixture
def copy(stored_quick: StoredResults, tmp_path: Path) -> Path:
    return Path(shutil.copytree(stored_quick.folder, tmp_path / "copy"))


def test_no_results(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no such folder"):
        read_results(tmp_path / "nowhere")
    with pytest.raises(UsageError, match=r"holds no results of a search .* x17 search --out DIR"):
        read_results(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="is a file"):
        read_results(tmp_path / "file")


def test_all_that_is_missing_is_named_at_once(copy: Path) -> None:
    for name in ("limits.csv", "input.toml"):
        (copy / name).unlink()
    (copy / "likelihood.csv").write_text("mass,coupling\n1,2\n")
    with pytest.raises(InputError) as caught:
        read_results(copy)
    text = str(caught.value)
    assert len(caught.value.problems) == 3
    for name in ("limits.csv", "input.toml", "likelihood.csv"):
        assert name in text


def test_damaged_files(copy: Path) -> None:
    (copy / "scan.csv").write_text((copy / "scan.csv").read_text().replace("1.01", "one", 1))
    with pytest.raises(InputError, match=r"scan\.csv: a cell that is no number"):
        read_results(copy)
    (copy / "summary.json").write_text("{")
    with pytest.raises(InputError, match=r"summary\.json: cannot be read"):
        read_results(copy)


def test_another_scan_beside_the_results_is_noticed(copy: Path) -> None:
    record = json.loads((copy / "provenance.json").read_text())
    (copy / "provenance.json").write_text(json.dumps(record | {"input_sha256": "0" * 64}))
    with pytest.raises(InputError, match="not the scan that was searched"):
        read_results(copy)


def test_a_folder_of_another_command_is_named_by_it(tmp_path: Path) -> None:
    (tmp_path / "provenance.json").write_text('{"command": "x17 checks --quick"}')
    with pytest.raises(UsageError, match="but what `x17 checks --quick` wrote"):
        read_results(tmp_path)
