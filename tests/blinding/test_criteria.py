from dataclasses import replace

import numpy as np
import pytest

from x17.blinding.criteria import Verdict, judge
from x17.scan import EnergyScan
from x17.scan.observable import g_r
from x17.statistics.sideband import fit_sideband
from x17.statistics.sideband_criteria import SidebandSettings, check_sideband

HIDDEN = ("value", "ties_mev", "masked_mev", "constant", "slope_per_mev", "chi2", "chi2_probability")


def verdict(scan: EnergyScan, rows: np.ndarray | None, settings: SidebandSettings | None = None) -> Verdict:
    return judge(scan.search_points(), rows, scan.constants, settings or SidebandSettings())


def test_automatic_is_the_side_band_of_the_search(shipped: EnergyScan) -> None:
    points = shipped.search_points()
    fit = fit_sideband(points, 10, 16.92)
    found = verdict(shipped, None)
    assert found.criteria == check_sideband(points, fit)
    assert found.passed
    assert found.shown is not None
    assert found.shown.masked_mev == fit.masked_mev
    np.testing.assert_array_equal(found.shown.g_r, g_r(points)[~fit.masked])


def test_a_known_window_gives_the_same_fit(shipped: EnergyScan) -> None:
    automatic = verdict(shipped, None).document()
    low, high = automatic["masked_mev"]
    rows = np.flatnonzero((shipped.sqrt_s_mev >= low) & (shipped.sqrt_s_mev <= high))
    assert verdict(shipped, rows).document() == automatic


def test_a_failure_with_every_count_sealed_shows_no_value(shipped: EnergyScan) -> None:
    found = verdict(shipped, None, SidebandSettings(min_chi2_probability=0.9))
    document = found.document()
    assert not found.passed
    assert found.shown is None
    assert [item["passed"] for item in document["criteria"]] == [False, None, None, None, None]
    assert all(item["value"] is None for item in document["criteria"])
    assert all(document[key] is None for key in HIDDEN if key != "value")
    assert "16.7" not in repr(found)
    opened = found.document(everything=True)
    assert opened["ties_mev"] == [pytest.approx([16.794, 16.999], abs=1e-3)]
    assert opened["criteria"][0]["value"] == pytest.approx(0.75, abs=0.01)


def test_a_failure_with_a_window_sealed_shows_what_is_open(shipped: EnergyScan) -> None:
    rows = np.flatnonzero((shipped.sqrt_s_mev >= 16.76) & (shipped.sqrt_s_mev <= 16.99))
    found = verdict(shipped, rows, SidebandSettings(min_chi2_probability=0.9))
    assert not found.passed
    assert found.shown is not None
    assert found.shown.sqrt_s_mev.size == 32


def test_a_known_window_is_not_looked_at(shipped: EnergyScan) -> None:
    """Whatever the counts in it are: the verdict is the same to the last digit."""
    rows = np.flatnonzero((shipped.sqrt_s_mev >= 16.76) & (shipped.sqrt_s_mev <= 16.99))
    n2 = shipped.n2.copy()
    n2[rows] *= 3.0
    assert verdict(replace(shipped, n2=n2), rows).document() == verdict(shipped, rows).document()
