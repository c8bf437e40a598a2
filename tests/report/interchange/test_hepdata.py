"""The submission by HEPData's own validator, without a network."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from x17.errors import UsageError
from x17.report.interchange.hepdata import SUBMISSION, Attachment, hepdata_submission, yaml_library
from x17.report.interchange.result_table import ResultTable, Variable
from x17.report.interchange.result_tables import result_tables
from x17.report.stored_results import StoredResults

Write = Callable[[StoredResults], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(results: StoredResults) -> Path:
        texts = hepdata_submission(
            result_tables(results), "A search", [Attachment("scan.toml", "Constants of the scan")]
        )
        for name, text in texts.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        (tmp_path / "scan.toml").write_text(results.scan.to_toml_text())
        return tmp_path

    return written


VALIDATE = """
import json, sys
from hepdata_validator.full_submission_validator import FullSubmissionValidator
validator = FullSubmissionValidator(schema_version="1.1.1")
valid = validator.validate(directory=sys.argv[1])
found = [str(m.message) for file in validator.get_messages().values() for m in file]
print(json.dumps([valid, found]))
"""


def messages(folder: Path) -> list[str]:
    """What the validator objects to; in a process of its own, because it leaves files open."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", VALIDATE, str(folder)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    valid, found = json.loads(done.stdout.splitlines()[-1])
    assert valid is not bool(found)
    return list(found)


@pytest.mark.parametrize("which", ["stored", "stored_quick"])
def test_validator_passes_it(request: pytest.FixtureRequest, write: Write, which: str) -> None:
    folder = write(request.getfixturevalue(which))
    assert messages(folder) == []
    # The same validator notices a file that is not declared.
    (folder / "other.yaml").write_text("a: 1")
    assert messages(folder)


def test_values_errors_and_what_is_missing(write: Write, stored_quick: StoredResults) -> None:
    folder = write(stored_quick)
    limits = yaml.safe_load((folder / "limits.yaml").read_text())
    median = limits["dependent_variables"][1]
    assert median["qualifiers"] == [{"name": "Confidence level", "value": "90 %"}]
    row = stored_quick.limits[1]
    cell = median["values"][1]
    assert cell["value"] == row["g_median"]
    labels = {error["label"]: error["asymerror"] for error in cell["errors"]}
    assert labels["1 sigma"]["minus"] == pytest.approx(row["g_minus_1sigma"] - row["g_median"])
    points = yaml.safe_load((folder / "energy_points.yaml").read_text())
    rows = next(v["values"] for v in points["dependent_variables"] if v["qualifiers"][0]["value"] == "n2")
    assert [cell["value"] for cell in rows] == list(stored_quick.scan.n2)
    head, *tables = yaml.safe_load_all((folder / SUBMISSION).read_text())
    assert head["additional_resources"][0]["location"] == "scan.toml"
    assert tables[0]["data_file"] == "observable.yaml"


def test_a_missing_value_is_a_dash() -> None:
    table = ResultTable(
        "t", "T", "", (Variable("x", "x", "", (1.0, 2.0)),), (Variable("y", "y", "", (None, 3.0)),)
    )
    values = yaml.safe_load(hepdata_submission([table], "", [])["t.yaml"])["dependent_variables"][0]["values"]
    assert values == [{"value": "-"}, {"value": 3.0}]


def test_without_a_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "yaml", None)
    with pytest.raises(UsageError, match=r"pip install .*\[hepdata\]'"):
        yaml_library()
