"""The reference page names every column and every key, with the values that the code has."""

from pathlib import Path

import pytest

from x17.scan.columns import COLUMNS, Column
from x17.scan.metadata_file import MetadataFile, ModelRow

PAGE = (Path(__file__).parents[2] / "docs/reference/scan-files.md").read_text("utf-8")


@pytest.mark.parametrize("column", COLUMNS, ids=lambda c: c.name)
def test_column(column: Column) -> None:
    (line,) = (line for line in PAGE.splitlines() if line.startswith(f"| `{column.name}` |"))
    assert ("**required**" in line) == column.required
    assert ("or empty" in line) == column.may_be_empty
    assert (" MeV " in line) == (column.unit == "MeV")


@pytest.mark.parametrize("key", [f.alias or name for name, f in MetadataFile.model_fields.items()])
def test_key(key: str) -> None:
    assert f"`{key}`" in PAGE or f"[{key}]" in PAGE


@pytest.mark.parametrize("key", ModelRow.model_fields)
def test_model_key(key: str) -> None:
    assert f"`{key}`" in PAGE
