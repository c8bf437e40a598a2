"""Files lose nothing: what is written reads back to the same scan, to the last bit."""

import dataclasses
import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from x17.scan import EnergyScan, KConstraint, ModelConstants
from x17.scan.error_budget import BudgetItem
from x17.scan.loading import build_scan
from x17.scan.repairs import Repair
from x17.scan.selection import ScanPart, Selection


def read_back(scan: EnergyScan) -> EnergyScan:
    return build_scan("other.csv", scan.to_csv_text().encode(), "o.toml", scan.to_toml_text().encode())


def assert_same(scan: EnergyScan, other: EnergyScan) -> None:
    """Compare field by field, without the help of the scan's own equality."""
    for item in dataclasses.fields(EnergyScan):
        one, two = getattr(scan, item.name), getattr(other, item.name)
        if isinstance(one, np.ndarray):
            assert one.dtype == two.dtype
            np.testing.assert_array_equal(one, two, err_msg=item.name)
        else:
            assert one == two, item.name
    assert scan == other
    assert scan.digest == other.digest


def test_shipped_scan(shipped: EnergyScan, tmp_path: Path) -> None:
    csv, toml = shipped.write(tmp_path / "copy.csv")
    assert_same(EnergyScan.load(csv), shipped)
    assert_same(EnergyScan.load(toml), shipped)
    assert_same(EnergyScan.load(str(toml)), shipped)


def test_csv_alone_keeps_its_name_and_notes(columns: dict[str, list[str]], tmp_path: Path) -> None:
    columns["sqrt_s_mev"].reverse()
    text = "\n".join([",".join(columns), *map(",".join, zip(*columns.values(), strict=True))])
    (tmp_path / "alone.csv").write_text(text, "utf-8")
    scan = EnergyScan.load(tmp_path / "alone.csv")
    assert len(scan.notes) == 2
    scan.write(tmp_path / "written.csv")
    assert_same(EnergyScan.load(tmp_path / "written.csv"), scan)


def test_text_of_a_text(shipped: EnergyScan) -> None:
    again = read_back(shipped)
    assert again.to_csv_text() == shipped.to_csv_text()
    assert again.to_toml_text() == shipped.to_toml_text()


def test_order_of_columns_and_numbers(shipped: EnergyScan) -> None:
    header, first = shipped.to_csv_text().splitlines()[:2]
    assert header.startswith("period,scan_part,sqrt_s_mev,n2,n2_err,n_pot,n_pot_err_raw,background_per_pot")
    assert first.startswith("0,0,17.1285306,27089.81116,164.59,7177496037.0,25723820.0,3.67601324e-06")


def test_keys_of_the_toml(shipped: EnergyScan) -> None:
    data = tomllib.loads(shipped.to_toml_text())
    assert set(data) == {
        "name",
        "source",
        "normalisation",
        "applied_corrections",
        "notes",
        "scan_parts",
        "repairs",
        "model",
        "error_budget",
    }
    assert data["model"]["k_correlation"] == -0.06
    assert data["model"]["window_size"] == 10
    assert data["repairs"][0]["period"] == 0


def test_without_a_constraint_on_k(shipped: EnergyScan) -> None:
    free = dataclasses.replace(shipped, constants=ModelConstants(k_constraint=None))
    assert "k_constant" not in free.to_toml_text()
    assert_same(read_back(free), free)


# "Cs": lone surrogates are no text that a file can hold, and are refused.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NAME = TEXT.filter(lambda text: bool(text.strip()))
ROWS = 13


def numbers(low: float, high: float) -> st.SearchStrategy[list[float]]:
    return st.lists(st.floats(low, high), min_size=ROWS, max_size=ROWS)


@st.composite
def scans(draw: st.DrawFn) -> EnergyScan:
    energies = st.lists(
        st.floats(2, 1e4).map(lambda e: round(e, 5)), min_size=ROWS, max_size=ROWS, unique=True
    )
    n2 = np.array(draw(numbers(1, 1e12)))
    columns = {
        "sqrt_s_mev": draw(energies),
        "n2": n2,
        "n_pot": n2 * 1e5 * np.array(draw(numbers(1, 10))),
        "background_per_pot": 1e-5 * np.array(draw(numbers(0.1, 10))),
        "signal_efficiency": draw(numbers(1e-6, 1)),
    }
    if draw(st.booleans()):
        columns["n_pot_err_raw"] = columns["n_pot"] * np.array(draw(numbers(0, 1)))
        columns["period"] = draw(
            st.lists(st.integers(-(10**9), 10**9), min_size=ROWS, max_size=ROWS, unique=True)
        )
    if draw(st.booleans()):
        columns["ageing"] = draw(numbers(0.5, 2))
        cells = st.one_of(st.just(float("nan")), st.floats(-1, 1))
        columns["rmax_shift"] = draw(st.lists(cells, min_size=ROWS, max_size=ROWS))
    constants = ModelConstants(
        signal_yield_mev=draw(st.floats(1e-6, 1e6)),
        binding_energy_mev=draw(st.floats(-1e-4, 1e-4)),
        k_constraint=draw(st.none() | st.builds(KConstraint, k_slope_per_mev=st.floats(-1, 1))),
        window_size=draw(st.integers(1, 10)),
    )
    # More than the searched group: one that no point is in.
    parts = (ScanPart(0, True, draw(TEXT)), ScanPart(draw(st.integers(1, 10**9)), False, draw(TEXT)))
    budget = st.builds(BudgetItem, TEXT, TEXT, st.floats(0, 100), st.sampled_from(["point", "common"]))
    return EnergyScan.from_columns(
        columns,
        name=draw(NAME),
        source=draw(TEXT),
        normalisation=draw(TEXT),
        notes=tuple(draw(st.lists(TEXT, max_size=3))),
        constants=constants,
        selection=Selection(parts),
        published_budget=tuple(draw(st.lists(budget, max_size=2))),
    )


@settings(max_examples=60, deadline=None)
@given(scan=scans())
def test_any_scan(scan: EnergyScan) -> None:
    assert_same(read_back(scan), scan)


@pytest.mark.parametrize("text", ['"""', "\\u0041", "\r\n\t\x00\x7f\x1b", "é\u2028 \ufeff", "# = [[x]]", "'"])
def test_texts_that_need_care(shipped: EnergyScan, text: str) -> None:
    repair = Repair(0, "signal_efficiency", "ratio-line", 0, text)
    scan = dataclasses.replace(
        shipped, name="x" + text, source=text, notes=(text, text), repairs=(repair,), normalisation=text
    )
    assert_same(read_back(scan), scan)
