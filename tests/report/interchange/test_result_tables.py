import pytest

from x17.report.interchange.result_table import ErrorColumn, ResultTable, Variable
from x17.report.interchange.result_tables import ENERGY_POINTS, result_tables
from x17.report.stored_results import StoredResults
from x17.scan import EnergyScan


@pytest.fixture(scope="module")
def tables(stored: StoredResults) -> dict[str, ResultTable]:
    return {table.name: table for table in result_tables(stored)}


def test_all_tables_and_columns_of_one_length(tables: dict[str, ResultTable]) -> None:
    assert list(tables) == [
        "observable",
        "limits",
        "local_p",
        "global_p",
        "likelihood",
        "nuisances",
        "error_budget",
        "published_error_budget",
        ENERGY_POINTS,
    ]
    for table in tables.values():
        columns = table.flat()
        assert len({len(values) for values in columns.values()}) == 1
        assert table.dependent


def test_numbers_are_the_stored_ones(stored: StoredResults, tables: dict[str, ResultTable]) -> None:
    limits = tables["limits"].flat()
    row = stored.limits[2]
    assert limits["mass_mev"][2] == row["mass_mev"]
    assert limits["g_observed"][2] == row["g_observed"]
    lower = limits["g_median"][2] - limits["g_median_err_1_sigma_minus"][2]
    assert lower == pytest.approx(row["g_minus_1sigma"], rel=1e-12)
    upper = limits["g_median"][2] + limits["g_median_err_2_sigma_plus"][2]
    assert upper == pytest.approx(row["g_plus_2sigma"], rel=1e-12)
    assert "90 %" in tables["limits"].description
    p = tables["global_p"]
    entry = stored.summary["global_p"][0]["global"]["min-q"]
    k = p.independent[1].values.index("min-q")
    assert p.dependent[0].values[k] == entry["p"]
    budget = tables["error_budget"].flat()
    # Published mean of the total, 0.89 %; from the table 0.882 %.
    assert sum(budget["total_percent"]) / 42 == pytest.approx(0.882, abs=1e-3)


def test_scan_is_whole(tables: dict[str, ResultTable]) -> None:
    scan = EnergyScan.load("padme-run3")
    columns = tables[ENERGY_POINTS].flat()
    assert set(columns) == set(scan.columns)
    assert columns["n2"] == tuple(scan.n2)


def test_an_asymptotic_search_has_no_empty_columns(stored_quick: StoredResults) -> None:
    tables = {table.name: table for table in result_tables(stored_quick)}
    assert "global_p" not in tables
    assert "g_observed" not in tables["limits"].flat()
    assert "Asimov" in tables["limits"].description


def test_errors_become_columns() -> None:
    table = ResultTable(
        "t",
        "T",
        "",
        (Variable("x", "x", "MeV", (1.0, 2.0)),),
        (
            Variable(
                "y",
                "y",
                "",
                (3.0, None),
                (ErrorColumn("", (0.1, None), (0.1, None)), ErrorColumn("1 sigma", (0.1, None), (0.2, None))),
            ),
        ),
    )
    assert table.flat() == {
        "x": (1.0, 2.0),
        "y": (3.0, None),
        "y_err": (0.1, None),
        "y_err_1_sigma_minus": (0.1, None),
        "y_err_1_sigma_plus": (0.2, None),
    }
