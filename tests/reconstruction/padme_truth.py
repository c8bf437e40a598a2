"""What the script that wrote the test file of PADME's layout put into it."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("padme_files")
FILE, EMPTY, ODD = (FOLDER / f"padme_reco{kind}.root" for kind in ("", "_empty", "_odd"))


@cache
def truth() -> dict[str, Any]:
    return json.loads((FOLDER / "padme_reco.json").read_text(encoding="utf-8"))


def events() -> list[dict[str, Any]]:
    return truth()["events"]


def of_clusters(name: str) -> list[Any]:
    return [cluster[name] for event in events() for cluster in event["clusters"]]
