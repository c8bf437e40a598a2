"""The reference page names every column with the type that the files have."""

import re
from pathlib import Path

from x17.simulation.storage.bunches_file import COLUMNS
from x17.simulation.storage.event_table import LISTS, OPTIONAL_LISTS, SCALARS

PAGE = (Path(__file__).parents[3] / "docs/reference/simulated-events.md").read_text("utf-8")


def columns_of(section: str) -> dict[str, str]:
    text = PAGE.split(f"## {section}\n")[1].split("\n## ")[0]
    return dict(re.findall(r"^\| `(\w+)` \| ([\w ]+) \|", text, re.MULTILINE))


def test_events() -> None:
    groups = {**LISTS, **OPTIONAL_LISTS}
    lists = {f"{g}_{name}": f"list of {kind}" for g, parts in groups.items() for name, kind in parts.items()}
    assert columns_of("Events") == {**SCALARS, **lists}


def test_bunches() -> None:
    assert columns_of("Bunches") == dict(COLUMNS)
