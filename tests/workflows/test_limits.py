import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from x17.errors import UsageError
from x17.statistics.limit_methods import Calculation, LimitName, Method
from x17.workflows.limits import LimitPlace, find_limits
from x17.workflows.method_results import mass_range, methods_of
from x17.workflows.search_settings import SearchSettings, resolve_settings

SCAN = "padme-run3"


def few(**options: object) -> SearchSettings:
    given = {"search.masses": "16.9:16.9:1", "search.couplings": "1e-4:9.775e-4:14", "limit.toys": 200}
    return resolve_settings(options=given | {key.replace("__", "."): value for key, value in options.items()})


def test_methods_by_name() -> None:
    assert methods_of(None) == tuple(Method)
    assert methods_of("fc, cls") == (Method.CLS, Method.FC)
    with pytest.raises(UsageError, match=r"'bayes' is no method; allowed: cls, clsb, pcl, fc, rolke, stat"):
        methods_of("cls,bayes")


def test_a_single_mass_is_a_range() -> None:
    assert mass_range("16.9") == "16.9:16.9:1"
    assert mass_range("16.5:17:0.1") == "16.5:17:0.1"
    assert mass_range("16.9;17") == "16.9;17"
    assert mass_range(None) is None
    np.testing.assert_allclose(few().masses, [16.9])


def couplings(table_rows: Sequence[object]) -> list[float]:
    return [row.coupling for row in table_rows]  # type: ignore[attr-defined]


def test_a_bank_gives_the_limits_of_memory_and_is_used_again(tmp_path: Path) -> None:
    place = LimitPlace(bank=tmp_path / "bank", workers=2)
    memory = find_limits(SCAN, few(), tuple(Method), LimitPlace(workers=2))
    bank = find_limits(SCAN, few(), tuple(Method), place)
    # CLs reads the same toys; the other methods have more couplings in a bank, and read nearly the same.
    cls, fc = (
        [couplings(run.table.column(name, Calculation.TOYS)) for run in (memory, bank)]
        for name in (LimitName.CLS, LimitName.FC)
    )
    assert cls[0] == cls[1]
    assert fc[0] == pytest.approx(fc[1], rel=0.02)
    stored = sorted((tmp_path / "bank").rglob("*"))
    again = find_limits(SCAN, few(), tuple(Method), place)
    assert again.document == bank.document
    assert sorted((tmp_path / "bank").rglob("*")) == stored


def test_a_folder_holds_everything(tmp_path: Path) -> None:
    out = tmp_path / "limits"
    run = find_limits(SCAN, few(limit__toys=0), tuple(Method), LimitPlace(), out=out, command="x17 limits")
    record = json.loads((out / "provenance.json").read_text())
    assert set(record["files"]) == {
        "limits.json",
        "limits.csv",
        "provenance.json",
        "figures/limit_methods.png",
        "figures/limit_methods.svg",
    }
    assert json.loads((out / "limits.json").read_text())["scan"] == run.scan_name
    with pytest.raises(UsageError, match="holds results of another input or of other options"):
        find_limits(SCAN, few(limit__toys=0), (Method.CLS,), LimitPlace(), out=out)


def test_what_cannot_be_is_said() -> None:
    with pytest.raises(UsageError, match="--scheduler makes toys for a bank; name one with --bank DIR"):
        LimitPlace(scheduler="tcp://127.0.0.1:9")
    with pytest.raises(UsageError, match=r"--band-toys is 50; allowed: 0 .* or 200 and more"):
        find_limits(SCAN, few(), tuple(Method), LimitPlace(), band_toys=50)
