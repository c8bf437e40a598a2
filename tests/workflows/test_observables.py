"""From counts to the classes of pairs and their joint fit."""

from pathlib import Path

import numpy as np
import pytest

from x17.apparatus import Setup
from x17.errors import UsageError
from x17.scan import EnergyScan
from x17.scan.class_table import read_class_table
from x17.statistics.blocks import silent
from x17.workflows.count_settings import CountSettings
from x17.workflows.observables import ObservablesRequest, compare
from x17.workflows.pipeline import count_to_files
from x17.workflows.project_design import DesignRequest


@pytest.fixture(scope="module")
def scan(
    short_data: Path, short_expected: Path, short_setup: Setup, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    out = tmp_path_factory.mktemp("counted")
    given = (out, short_data, short_expected, short_setup, CountSettings.of(short_setup), 1, "", silent)
    count_to_files(*given, scan=out / "scan.csv")
    return out / "scan.csv"


def test_classes_add_up_to_the_count(scan: Path) -> None:
    table, counted = read_class_table(scan.with_name("scan-classes.csv")), EnergyScan.load(scan)
    rows = table.rows_of(counted.period)
    np.testing.assert_allclose(table.counts[rows].sum(axis=1), counted.n2, rtol=1e-12)
    np.testing.assert_allclose(
        table.expected_classes.sum(axis=1), table.electrons_per_pot + table.photons_per_pot, rtol=1e-9
    )


def test_split_tags_and_data_come_from_the_table(scan: Path) -> None:
    classes = scan.with_name("scan-classes.csv")
    run = compare(str(scan), ObservablesRequest(classes=classes, masses=(16.7, 16.9)))
    table = read_class_table(classes)
    assert run.n_points == 14
    share = table.photons_per_pot.sum() / (table.photons_per_pot + table.electrons_per_pot).sum()
    # A mean of shares against a share of sums, of points that differ by some per cent.
    assert run.photon_pairs == pytest.approx(share, rel=0.1)
    # Simulated bars always see a charged particle, and photons in some 2 %.
    assert run.tagging.efficiency > 0.99
    assert 0.0 < run.tagging.photon_tags < 0.05
    assert run.fit is not None
    # No boson is in these data: five standard deviations.
    assert all(abs(pull) < 5.0 for pull in run.fit.signals.values())
    assert 0.0 <= run.fit.share.low <= run.fit.share.share <= run.fit.share.high <= 1.0


def test_classes_go_with_their_own_scan(scan: Path) -> None:
    classes = scan.with_name("scan-classes.csv")
    with pytest.raises(UsageError, match="goes with the scan"):
        compare("padme-run4", ObservablesRequest(classes=classes))
    with pytest.raises(UsageError, match="goes with the scan"):
        compare(str(scan), ObservablesRequest(classes=classes, design=DesignRequest(statistics=4.0)))
    with pytest.raises(UsageError, match="lacks period"):
        compare("padme-run3", ObservablesRequest(classes=classes))


def test_gains_grow_where_statistics_are_not_the_limit() -> None:
    """What photon pairs teach about positrons and efficiencies is worth more with more counts."""
    gains = [
        compare("padme-run3", ObservablesRequest(design=DesignRequest(statistics=f))).rows[-1].z_gain[0]
        for f in (0.25, 1.0, 4.0)
    ]
    assert 1.0 < gains[0] < gains[1] < gains[2]
