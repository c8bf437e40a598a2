"""`EnergyScan` made in memory: the same checks, arrays that cannot be changed, equality and digest."""

import dataclasses
import subprocess
import sys

import numpy as np
import pytest

from x17.errors import InputError, UsageError
from x17.scan import EnergyScan
from x17.scan.repairs import Repair
from x17.scan.selection import ScanPart, Selection

Columns = dict[str, list[str]]


@pytest.fixture
def arrays(columns: Columns) -> dict[str, np.ndarray]:
    return {name: np.array(cells, dtype=float) for name, cells in columns.items()}


def test_arrays_are_copied_and_read_only(arrays: dict[str, np.ndarray]) -> None:
    scan = EnergyScan.from_columns(arrays)
    arrays["n2"][0] = 1.0
    assert scan.n2[0] == 25000
    for values in (*scan.columns.values(), *_arrays_of(scan.search_points())):
        with pytest.raises(ValueError, match="read-only"):
            values[0] = 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        scan.name = "other"


def _arrays_of(points: object) -> list[np.ndarray]:
    return [getattr(points, item.name) for item in dataclasses.fields(points)]


def test_types(arrays: dict[str, np.ndarray]) -> None:
    scan = EnergyScan.from_columns(arrays)
    assert scan.period.dtype == scan.scan_part.dtype == np.int64
    assert scan.n2.dtype == np.float64
    assert len(scan) == 13


def test_columns_that_are_no_columns(arrays: dict[str, np.ndarray]) -> None:
    with pytest.raises(UsageError, match=r"unknown columns colour; known: period, scan_part"):
        EnergyScan.from_columns({**arrays, "colour": arrays["n2"]})
    with pytest.raises(UsageError, match="missing columns n2, n_pot"):
        EnergyScan.from_columns({k: v for k, v in arrays.items() if k not in ("n2", "n_pot")})
    with pytest.raises(UsageError, match="other length than sqrt_s_mev"):
        EnergyScan.from_columns({**arrays, "n2": arrays["n2"][:5]})
    with pytest.raises(UsageError, match="column n2 holds something that is not a number"):
        EnergyScan.from_columns({**arrays, "n2": ["x"] * 13})
    with pytest.raises(UsageError, match="period must hold whole numbers"):
        EnergyScan.from_columns({**arrays, "period": np.arange(13) + 0.5})


def test_values_are_checked_as_in_a_file(arrays: dict[str, np.ndarray]) -> None:
    arrays["n2"][2] = -1.0
    arrays["n_pot"][3] = np.nan
    with pytest.raises(InputError) as caught:
        EnergyScan.from_columns(arrays, name="mine")
    assert caught.value.source == "mine"
    found = {(p.column, p.what, p.value, p.line) for p in caught.value.problems}
    assert found == {
        ("n2", "row 3: negative", "-1.0", None),
        ("n_pot", "row 4: not a finite number", "nan", None),
    }


def test_metadata_are_checked(arrays: dict[str, np.ndarray]) -> None:
    bad = Repair(period=50, column="n2", method="guess", fit_scan_part=0, reason="")
    with pytest.raises(InputError) as caught:
        EnergyScan.from_columns(
            arrays,
            name=" ",
            source="\ud800",
            repairs=(bad,),
            applied_corrections=("glue", "ageing", "ageing"),
        )
    keys = [problem.column for problem in caught.value.problems]
    assert keys == [
        "source",
        "name",
        "applied_corrections",
        "applied_corrections",
        "applied_corrections",
        "repairs[0].column",
        "repairs[0].method",
        "repairs[0].period",
    ]


def test_selection_must_know_the_parts(arrays: dict[str, np.ndarray]) -> None:
    only = Selection((ScanPart(1, True, "second"),))
    with pytest.raises(InputError, match="0 points to search"):
        EnergyScan.from_columns(arrays, selection=only)


def test_equality_and_digest(arrays: dict[str, np.ndarray], shipped: EnergyScan) -> None:
    scan, same = EnergyScan.from_columns(arrays), EnergyScan.from_columns(arrays)
    assert scan == same
    assert hash(scan) == hash(same)
    assert scan != shipped
    assert scan != "scan"
    arrays["n2"][0] = np.nextafter(arrays["n2"][0], np.inf)
    other = EnergyScan.from_columns(arrays)
    assert other != scan
    assert other.digest != scan.digest
    assert len(scan.digest) == 64


def test_notes_do_not_change_the_digest(arrays: dict[str, np.ndarray]) -> None:
    scan = EnergyScan.from_columns(arrays)
    noted = dataclasses.replace(scan, notes=("look",))
    assert noted != scan
    assert noted.digest == scan.digest


def test_constants_change_the_digest(arrays: dict[str, np.ndarray]) -> None:
    scan = EnergyScan.from_columns(arrays)
    constants = dataclasses.replace(scan.constants, signal_yield_mev=13.0)
    assert dataclasses.replace(scan, constants=constants).digest != scan.digest


def test_importing_the_room_is_light() -> None:
    heavy = ["scipy", "pandas", "numba", "matplotlib", "pydantic"]
    code = f"import sys, x17.scan; print([m for m in {heavy} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
