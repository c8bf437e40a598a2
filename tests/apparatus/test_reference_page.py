"""The reference page names every key, with the unit, default and range that the code has."""

import re
from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import Any

import pytest

from x17.apparatus import Setup, load_setup
from x17.apparatus.quantity import Part, quantities
from x17.apparatus.run_plan import Period
from x17.apparatus.tracker import Tracker

PAGE = (Path(__file__).parents[2] / "docs/reference/setup-files.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^## `\[(\w+)\]`\n(.*?)(?=^## )", PAGE, re.MULTILINE | re.DOTALL))
RUN3 = load_setup("padme-run3")
TABLES: dict[str, type[Any]] = {
    item.name: type(getattr(RUN3, item.name))
    for item in fields(Setup)
    if isinstance(getattr(RUN3, item.name), Part)
} | {"tracker": Tracker}
KEYS = [
    (table, part, item)
    for table, part in [*TABLES.items(), ("run_plan", Period)]
    for item in fields(part)
    if item.init
]


def as_toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(as_toml(item) for item in value)}]"
    return (
        f"{value:g}" if isinstance(value, float) else f'"{value}"' if isinstance(value, str) else str(value)
    )


@pytest.mark.parametrize(("table", "part", "item"), KEYS, ids=[f"{t}.{i.name}" for t, _, i in KEYS])
def test_key(table: str, part: type[Any], item: "Field[Any]") -> None:
    (line,) = (line for line in SECTIONS[table].splitlines() if line.startswith(f"| `{item.name}` |"))
    unit, default, allowed, meaning = (cell.strip() for cell in re.split(r"(?<!\\)\|", line)[2:6])
    quantity = quantities(part).get(item.name)
    assert unit == (quantity.unit if quantity else "")
    if item.default is None:
        assert default == ""
    else:
        assert default == ("**required**" if item.default is MISSING else f"`{as_toml(item.default)}`")
    assert f"{allowed} {unit}".strip() == (quantity.allowed if quantity else unit)
    assert meaning


def test_the_page_has_no_other_keys() -> None:
    named = {
        table: set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) for table, text in SECTIONS.items()
    }
    known: dict[str, set[str]] = {table: set() for table in TABLES}
    for table, _, item in KEYS:
        known[table].add(item.name)
    assert named == known


@pytest.mark.parametrize("key", ["name", "source", "unknown", "beam_energy_mev"])
def test_other_keys(key: str) -> None:
    assert f"`{key}`" in PAGE
