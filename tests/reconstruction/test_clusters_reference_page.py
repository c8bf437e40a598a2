"""The reference page names every column with its type and every setting with its default."""

import re
from dataclasses import MISSING, fields
from pathlib import Path

from x17.reconstruction.cluster_file import LISTS, SCALARS
from x17.reconstruction.clustering import Algorithm, ClusteringSettings, Containment
from x17.reconstruction.reconstruct import ReconstructionSettings

PAGE = (Path(__file__).parents[2] / "docs/reference/clusters.md").read_text("utf-8")


def section(name: str) -> str:
    return PAGE.split(f"## {name}\n")[1].split("\n## ")[0]


def test_columns() -> None:
    named = dict(re.findall(r"^\| `(\w+)` \| ([\w ]+) \|", section("Columns"), re.MULTILINE))
    assert named == {**SCALARS, **{name: f"list of {kind}" for name, kind in LISTS.items()}}


def test_settings() -> None:
    named = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", section("Settings"), re.MULTILINE))
    known = {
        item.name: item.default
        for kind in (ClusteringSettings, ReconstructionSettings)
        for item in fields(kind)
    }
    assert set(named) == set(known)
    for name, default in known.items():
        if default is None:
            assert named[name] in ("the calorimeter's", "by the algorithm")
        elif default is not MISSING:
            text = f"{default:g}" if isinstance(default, float) else str(default)
            assert named[name] == f"`{text}`"


def test_names_that_can_be_chosen() -> None:
    rows = section("Settings").splitlines()
    for setting, kind in (("algorithm", Algorithm), ("containment", Containment)):
        (row,) = (row for row in rows if row.startswith(f"| `{setting}` |"))
        assert all(f"`{name}`" in row for name in kind)
