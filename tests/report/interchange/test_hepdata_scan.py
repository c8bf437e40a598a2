"""Tables of HEPData as scans: headers, units, errors, and what cannot be understood."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from x17.errors import InputError, UsageError
from x17.kinematics import sqrt_s_mev
from x17.report.interchange.hepdata_scan import ColumnChoice, scan_of_table
from x17.report.interchange.hepdata_table import parse_table, read_documents
from x17.scan import EnergyScan

ENERGIES = np.linspace(16.4, 17.4, 15)


def variable(name: str, values: list[Any], units: str = "") -> dict[str, Any]:
    cells = [value if isinstance(value, dict) else {"value": value} for value in values]
    return {"header": {"name": name, "units": units} if units else {"name": name}, "values": cells}


def table() -> dict[str, Any]:
    """As another experiment might write it: GeV, powers of ten, percentages, several errors."""
    n = ENERGIES.size
    counts = [
        {
            "value": 1000 + 10 * k,
            "errors": [
                {"symerror": 30.0, "label": "stat"},
                {"asymerror": {"minus": -30.0, "plus": 50.0}, "label": "sys"},
            ],
        }
        for k in range(n)
    ]
    return {
        "independent_variables": [variable("$\\sqrt{s}$", [float(e) / 1e3 for e in ENERGIES], "GeV")],
        "dependent_variables": [
            variable("Number of events", counts),
            variable("POT", [{"value": 2.0, "errors": [{"symerror": "1.5%"}]}] * n, "10^9"),
            variable("Expected background per positron", [5e-7] * n),
            variable("Signal efficiency", [8.0] * n, "%"),
            variable("Remark", ["fine"] * n),
        ],
    }


def scan_of(document: dict[str, Any], **choice: dict[str, Any]) -> EnergyScan:
    options = dict(choice)
    headers = options.pop("headers", {"sqrt_s_mev": "$\\sqrt{s}$"})
    return scan_of_table(
        parse_table(document, "table", "file.yaml"), ColumnChoice(headers=headers, **options), "other"
    )


def test_units_and_errors() -> None:
    scan = scan_of(table())
    np.testing.assert_allclose(scan.sqrt_s_mev, ENERGIES, rtol=1e-12)
    np.testing.assert_allclose(scan.n_pot, 2e9)
    np.testing.assert_allclose(scan.n_pot_err_raw, 3e7)
    np.testing.assert_allclose(scan.signal_efficiency, 0.08)
    np.testing.assert_allclose(scan.n2_err, np.hypot(30.0, 40.0))
    assert scan.name == "other"
    notes = " ".join(scan.notes)
    for phrase in ("asymmetric errors were averaged", "added in quadrature", "those of PADME Run III"):
        assert phrase in notes


def test_beam_energy_stands_for_sqrt_s() -> None:
    document = table()
    document["independent_variables"] = [variable("Beam energy", [270.0 + k for k in range(15)], "MeV")]
    scan = scan_of(document, headers={})
    np.testing.assert_allclose(scan.sqrt_s_mev, sqrt_s_mev(270.0 + np.arange(15), 0.511), rtol=1e-12)


def test_bins_and_constants() -> None:
    document = table()
    bins = [{"low": float(e) - 0.01, "high": float(e) + 0.01} for e in ENERGIES]
    document["independent_variables"] = [variable("Centre-of-mass energy", bins, "MeV")]
    del document["dependent_variables"][3]
    scan = scan_of(document, headers={}, values={"signal_efficiency": 0.1})
    np.testing.assert_allclose(scan.sqrt_s_mev, ENERGIES, rtol=1e-12)
    np.testing.assert_array_equal(scan.signal_efficiency, 0.1)
    assert "the middle of each bin was taken" in " ".join(scan.notes)


def set_count(row: int, cell: dict[str, Any]) -> Any:
    return lambda t: t["dependent_variables"][0]["values"].__setitem__(row, cell)


NO_POT = r"no variable for n_pot; the table has .*'Remark'.*\n.*--value"
BAD_TABLES = {
    "no-pot": (lambda t: t["dependent_variables"].pop(1), NO_POT),
    "short": (lambda t: t["dependent_variables"][0]["values"].pop(), "variables of different length"),
    "unit": (
        lambda t: t["dependent_variables"][1]["header"].update(units="nb"),
        r"unit of 'POT' \(found 'nb'\)",
    ),
    "no-unit": (lambda t: t["independent_variables"][0]["header"].pop("units"), "allowed: MeV, GeV or keV"),
    "gap": (set_count(2, {"value": "-"}), "line 3, column n2: no value"),
    "word": (set_count(2, {"value": "many"}), r"line 3.*not a number.*many"),
    "twice": (lambda t: t["dependent_variables"].append(variable("Counts", [1.0] * 15)), "could both be it"),
    "cell": (set_count(0, {}), "not a table of HEPData"),
    "range": (lambda t: t["dependent_variables"][3]["header"].pop("units"), "signal_efficiency"),
}


@pytest.mark.parametrize(("change", "message"), BAD_TABLES.values(), ids=BAD_TABLES)
def test_what_cannot_be_understood(change: Any, message: str) -> None:
    document = table()
    change(document)
    with pytest.raises(InputError, match=message):
        scan_of(document)


def test_choices_that_cannot_be() -> None:
    with pytest.raises(UsageError, match="'counts' is no column of a scan"):
        ColumnChoice(headers={"counts": "x"})
    with pytest.raises(UsageError, match="both as a column and as a value"):
        ColumnChoice(headers={"n2": "x"}, values={"n2": 1.0})
    with pytest.raises(InputError, match=r"no variable of this name .*'Events!'"):
        scan_of(table(), headers={"n2": "Events!"})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [", "not a YAML"),
        ("- 1\n- 2", "not a table or a submission"),
        ("", "not a table"),
        ("!!python/name:os.system", "not a YAML"),
    ],
)
def test_other_files(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "file.yaml"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        read_documents(path)


def test_a_table_survives_yaml(tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    path.write_text(yaml.safe_dump(table()))
    assert read_documents(path) == [table()]
