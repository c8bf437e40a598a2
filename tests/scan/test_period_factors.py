"""What a scan says of each period, against its own columns and a mean made another way."""

from dataclasses import replace

import numpy as np
import pytest

from x17.scan import EnergyScan
from x17.scan.corrections import remove, weighted_mean
from x17.scan.period_factors import period_factors


def test_all_quantities_of_the_shipped_scan_in_the_order_of_data_taking(shipped: EnergyScan) -> None:
    found = {one.name: one for one in period_factors(shipped)}
    assert list(found) == ["brems_subtraction", "energy_loss", "ageing", "tag_and_probe", "rmax_shift"]
    for name, one in found.items():
        np.testing.assert_array_equal(one.value, shipped.columns[name])
        assert one.period.tolist() == list(range(52))
        assert one.searched.sum() == 42
    assert [one.applied for one in found.values()] == [True, True, True, None, None]
    assert found["tag_and_probe"].error == pytest.approx(shipped.columns["tag_and_probe_err"])
    assert not found["rmax_shift"].error.any()


def test_means_are_those_that_corrections_are_relative_to(shipped: EnergyScan) -> None:
    found = {one.name: one.mean for one in period_factors(shipped)}
    for name in ("brems_subtraction", "energy_loss", "ageing"):
        # Two ways of weighting with the errors: equal but for rounding.
        assert found[name] == pytest.approx(weighted_mean(shipped, name), rel=1e-13)
    used = np.isfinite(shipped.columns["rmax_shift"]) & (shipped.scan_part >= 0)
    assert found["rmax_shift"] == pytest.approx(np.sum(shipped.columns["rmax_shift"][used]) / used.sum())


def test_a_correction_taken_off_is_told_apart(shipped: EnergyScan) -> None:
    found = {one.name: one.applied for one in period_factors(remove(shipped, "ageing"))}
    assert found["ageing"] is False
    assert found["energy_loss"] is True


def test_a_scan_without_corrections_has_none(shipped: EnergyScan) -> None:
    bare = EnergyScan.from_columns(
        {name: shipped.columns[name][:22] for name in ("sqrt_s_mev", "n2", "n_pot", "background_per_pot")}
        | {"signal_efficiency": shipped.columns["signal_efficiency"][1:23]}
    )
    assert period_factors(bare) == ()


def test_values_known_outside_the_search_only_have_no_mean(shipped: EnergyScan) -> None:
    shift = np.where(shipped.scan_part < 0, 0.01, np.nan)
    (one,) = (f for f in period_factors(replace(shipped, rmax_shift=shift)) if f.name == "rmax_shift")
    assert one.known.sum() == 10
    assert np.isnan(one.mean)
    unknown = replace(shipped, rmax_shift=np.full(52, np.nan))
    assert "rmax_shift" not in [f.name for f in period_factors(unknown)]
