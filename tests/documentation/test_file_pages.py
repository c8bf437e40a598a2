"""Every file that a command writes is on a page of the reference, with its columns."""

import re
from collections.abc import Sequence

import pytest

from x17.report import joint_document, nuclear_mass_document, plan_document, projection_document
from x17.workflows.blind_check import SIDEBAND_COLUMNS

from .fences import ROOT

REFERENCE = {path.name: path.read_text("utf-8") for path in (ROOT / "docs/reference").glob("*.md")}
WRITTEN = re.compile(r'"([a-z][a-z_-]*\.(?:json|csv|toml|parquet|npz|html))"')
WRITERS = ("workflows", "report", "toybank", "blinding", "reconstruction", "simulation", "cli")
SECTIONS = dict(
    re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", REFERENCE["other-files.md"], re.MULTILINE | re.DOTALL)
)


def names_in_the_source() -> set[str]:
    files = (path for room in WRITERS for path in (ROOT / "src/x17" / room).rglob("*.py"))
    return {name for path in files for name in WRITTEN.findall(path.read_text("utf-8"))}


def test_every_file_has_a_page() -> None:
    names = names_in_the_source()
    assert len(names) > 30
    assert {name for name in names if not any(name in text for text in REFERENCE.values())} == set()


@pytest.mark.parametrize(
    ("section", "columns"),
    [
        ("`x17 project --out DIR`", projection_document.COLUMNS),
        ("`x17 plan --out DIR`", plan_document.COLUMNS),
        ("`x17 nuclear masses --out DIR`", nuclear_mass_document.COLUMNS),
        ("`x17 combine --out DIR`", joint_document.COLUMNS),
        ("`x17 blind check`", SIDEBAND_COLUMNS),
    ],
)
def test_every_column_is_explained(section: str, columns: Sequence[str]) -> None:
    codes = " ".join(re.findall(r"`([^`]+)`", SECTIONS[section]))
    words = set(re.findall(r"\w+", codes))
    # `limit_minus_2` … `limit_plus_2` stand for the row of them.
    wanted = {column for column in columns if not re.fullmatch(r"limit_(minus|plus)_1", column)}
    assert wanted <= words
