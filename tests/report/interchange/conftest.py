"""A stored search of a few masses, as `x17 search` leaves it, without figures."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from x17.report.files import INPUT, PROVENANCE, write_text
from x17.report.stored_results import StoredResults, read_results
from x17.report.tables import json_text, likelihood_csv, limits_csv, scan_csv, summary_document
from x17.scan import EnergyScan
from x17.statistics.expanded_model import ExpandedModel
from x17.statistics.model import ScanModel
from x17.statistics.search_result import SearchResult
from x17.workflows.provenance import Provenance
from x17.workflows.search_settings import resolve_settings

Store = Callable[[Path, SearchResult], Path]


@pytest.fixture(scope="session")
def scan() -> EnergyScan:
    return EnergyScan.load("padme-run3")


@pytest.fixture(scope="session")
def model(scan: EnergyScan) -> ScanModel:
    return ScanModel.build(scan)


@pytest.fixture(scope="session")
def expanded(model: ScanModel) -> ExpandedModel:
    return ExpandedModel.build(model, 16.9)


@pytest.fixture(scope="session")
def store(scan: EnergyScan) -> Store:
    """Write a result of `tests/report/conftest.py` as a folder."""

    def write(folder: Path, result: SearchResult) -> Path:
        settings = resolve_settings(options={"search.masses": "16.5:17.3:0.2"})
        tree = settings.prepared(scan)[1].document()
        now = datetime.now(UTC)
        record = Provenance(
            command="x17 search",
            options={},
            seed=1,
            scan=scan.name,
            input_sha256=scan.digest,
            identity="0" * 64,
            started=now,
            finished=now,
        ).document()
        folder.mkdir(parents=True)
        texts = {
            "summary.json": json_text(summary_document(result, tree)),
            "limits.csv": limits_csv(result),
            "likelihood.csv": likelihood_csv(result),
            "scan.csv": scan_csv(result),
            INPUT: scan.to_csv_text(),
            "input.toml": scan.to_toml_text(),
        }
        for name, text in texts.items():
            write_text(folder / name, text)
        write_text(folder / PROVENANCE, json_text(record | {"files": [*texts, PROVENANCE]}))
        return folder

    return write


@pytest.fixture(scope="session")
def stored(
    store: Store, with_significance: SearchResult, tmp_path_factory: pytest.TempPathFactory
) -> StoredResults:
    """With toys and global p-values."""
    return read_results(store(tmp_path_factory.mktemp("stored") / "results", with_significance))


@pytest.fixture(scope="session")
def stored_quick(
    store: Store, without_toys: SearchResult, tmp_path_factory: pytest.TempPathFactory
) -> StoredResults:
    """Asymptotic only."""
    return read_results(store(tmp_path_factory.mktemp("stored") / "quick", without_toys))
