"""Python in the documentation runs as printed, each block in a process and a folder of its own."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from .test_search_command import x17

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks() -> list[object]:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [
        pytest.param(code, id=f"{page.relative_to(ROOT)}:{number}")
        for page in pages
        for number, code in enumerate(BLOCK.findall(page.read_text("utf-8")), start=1)
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a reader is after a first search."""
    place = tmp_path_factory.mktemp("reader")
    assert x17("search", "--quick", "--masses", "16.8:17:0.1", cwd=place).returncode == 0
    return place


@pytest.mark.parametrize("code", blocks())
def test_runs(code: str, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr


def test_there_is_something_to_run() -> None:
    assert len(blocks()) >= 3
