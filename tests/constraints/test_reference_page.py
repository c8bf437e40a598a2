"""The reference page names every key and every column, with what is allowed."""

from pathlib import Path

import pytest

from x17.constraints.bound_file import BoundFile, CurveRow, MomentRow, StatementRow, parse_bound_file
from x17.constraints.curve_file import ALLOWED, COLUMNS, parse_curve
from x17.constraints.data import ORDER

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "reference/bounds-files.md").read_text("utf-8")


@pytest.mark.parametrize(
    "key", [k for k in BoundFile.model_fields if k not in ("curve", "magnetic_moment", "statement")]
)
def test_key(key: str) -> None:
    (line,) = (line for line in PAGE.splitlines() if line.startswith(f"| `{key}` |"))
    assert ("**required**" in line) == BoundFile.model_fields[key].is_required()


@pytest.mark.parametrize("key", [*CurveRow.model_fields, *MomentRow.model_fields, *StatementRow.model_fields])
def test_key_of_a_table(key: str) -> None:
    assert f"`{key}`" in PAGE


@pytest.mark.parametrize("column", COLUMNS)
def test_column(column: str) -> None:
    (line,) = (line for line in PAGE.splitlines() if line.startswith(f"| `{column}` |"))
    assert ALLOWED.get(column, "text") in line


def test_the_example_can_be_used() -> None:
    settings = PAGE.split("```toml\n")[1].split("```")[0]
    table = PAGE.split("```\nmass_mev")[1].split("```")[0]
    assert parse_bound_file(settings.encode())[1] == []
    assert parse_curve(f"mass_mev{table}".encode(), 1.0)[1] == []


def test_every_shipped_bound_is_explained() -> None:
    page = (DOCS / "explanation/other-experiments.md").read_text("utf-8")
    assert all(f"`{key}`" in page for key in ORDER)
