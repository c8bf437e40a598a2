import dataclasses

import numpy as np
import pytest

from x17.errors import UsageError
from x17.scan import EnergyScan
from x17.scan.corrections import CORRECTIONS, apply, check_tag_and_probe, remove, weighted_mean
from x17.scan.observable import g_r

NAMES = [step.name for step in CORRECTIONS]


def test_order() -> None:
    assert NAMES == ["brems_subtraction", "energy_loss", "ageing"]


@pytest.mark.parametrize(
    ("name", "mean"), [("energy_loss", 0.9221), ("brems_subtraction", 0.9406), ("ageing", 1.0002)]
)
def test_weighted_means(shipped: EnergyScan, name: str, mean: float) -> None:
    assert weighted_mean(shipped, name) == pytest.approx(mean, abs=1e-4)


@pytest.mark.parametrize("step", CORRECTIONS, ids=NAMES)
def test_removed_step_is_divided_out(shipped: EnergyScan, step) -> None:
    bare = remove(shipped, step.name)
    ratio = getattr(shipped, step.target) / getattr(bare, step.target)
    expected = (getattr(shipped, step.name) / weighted_mean(shipped, step.name)) ** step.power
    np.testing.assert_allclose(ratio, expected, rtol=1e-15)
    relative = getattr(bare, step.target_err) / getattr(bare, step.target)
    np.testing.assert_allclose(
        relative, getattr(shipped, step.target_err) / getattr(shipped, step.target), rtol=5e-16
    )
    assert bare.applied_corrections == tuple(name for name in NAMES if name != step.name)
    untouched = set(shipped.columns) - {step.target, step.target_err}
    assert all(np.array_equal(bare.columns[c], shipped.columns[c], equal_nan=True) for c in untouched)


@pytest.mark.parametrize("name", NAMES)
def test_apply_is_the_inverse_of_remove(shipped: EnergyScan, name: str) -> None:
    back = apply(remove(shipped, name), name)
    for column, values in shipped.columns.items():
        np.testing.assert_allclose(back.columns[column], values, rtol=1e-15)
    assert back.applied_corrections == shipped.applied_corrections


def test_all_steps_in_any_order(shipped: EnergyScan) -> None:
    bare = shipped
    for name in ("ageing", "brems_subtraction", "energy_loss"):
        bare = remove(bare, name)
    assert bare.applied_corrections == ()
    for name in ("energy_loss", "ageing", "brems_subtraction"):
        bare = apply(bare, name)
    np.testing.assert_allclose(g_r(bare.search_points()), g_r(shipped.search_points()), rtol=2e-15)
    assert bare.applied_corrections == shipped.applied_corrections


def test_the_mean_flux_stays(shipped: EnergyScan) -> None:
    used = shipped.selection.mask(shipped.scan_part)
    for step in CORRECTIONS:
        before = getattr(shipped, step.target)[used]
        after = getattr(remove(shipped, step.name), step.target)[used]
        assert after.mean() == pytest.approx(before.mean(), rel=5e-3)


def test_without_errors_the_mean_is_plain(shipped: EnergyScan) -> None:
    bare = dataclasses.replace(shipped, ageing_err=None)
    assert shipped.ageing is not None
    used = shipped.selection.mask(shipped.scan_part)
    assert weighted_mean(bare, "ageing") == pytest.approx(shipped.ageing[used].mean(), rel=1e-15)


def test_what_cannot_be_done(shipped: EnergyScan) -> None:
    with pytest.raises(UsageError, match=r"unknown correction tag_and_probe; known: brems_subtraction"):
        remove(shipped, "tag_and_probe")
    with pytest.raises(UsageError, match="unknown correction foo"):
        apply(shipped, "foo")
    with pytest.raises(UsageError, match="already"):
        apply(shipped, "ageing")
    bare = remove(shipped, "ageing")
    with pytest.raises(UsageError, match="cannot be removed"):
        remove(bare, "ageing")
    without = dataclasses.replace(bare, ageing=None, ageing_err=None)
    with pytest.raises(UsageError, match="no column ageing"):
        apply(without, "ageing")


def test_a_scan_without_a_step_survives_its_files(shipped: EnergyScan, tmp_path) -> None:
    bare = remove(shipped, "ageing")
    bare.write(tmp_path / "bare.csv")
    assert EnergyScan.load(tmp_path / "bare.csv") == bare
    assert bare.digest != shipped.digest


def test_tag_and_probe_is_a_labelled_check(shipped: EnergyScan) -> None:
    checked = check_tag_and_probe(shipped)
    assert checked.applied_corrections == shipped.applied_corrections
    assert any("Check" in note and "tag_and_probe" in note for note in checked.notes)
    assert shipped.tag_and_probe is not None
    used = shipped.selection.mask(shipped.scan_part)
    ratio = checked.background_per_pot / shipped.background_per_pot
    np.testing.assert_allclose(ratio[used].mean(), 1.0, rtol=1e-14)
    np.testing.assert_allclose(ratio / ratio[0], (shipped.tag_and_probe / shipped.tag_and_probe[0]) ** 2)
    # The scatter of the measurement, 2.4 %, is far above that of g_R itself.
    assert g_r(checked.search_points()).std() > 2 * g_r(shipped.search_points()).std()


def test_tag_and_probe_skips_empty_cells(shipped: EnergyScan) -> None:
    assert shipped.tag_and_probe is not None
    holed = shipped.tag_and_probe.copy()
    holed[3] = np.nan
    checked = check_tag_and_probe(dataclasses.replace(shipped, tag_and_probe=holed))
    assert checked.background_per_pot[3] == shipped.background_per_pot[3]


def test_tag_and_probe_must_be_there(shipped: EnergyScan) -> None:
    with pytest.raises(UsageError, match="no column tag_and_probe"):
        check_tag_and_probe(dataclasses.replace(shipped, tag_and_probe=None, tag_and_probe_err=None))
    empty = np.full(len(shipped), np.nan)
    with pytest.raises(UsageError, match="no value of tag_and_probe"):
        check_tag_and_probe(dataclasses.replace(shipped, tag_and_probe=empty))
