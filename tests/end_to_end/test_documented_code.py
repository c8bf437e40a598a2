"""Python in the documentation runs as printed: the blocks of a page one after the other, in one process."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .test_search_command import x17

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def pages() -> dict[str, str]:
    """Name of a page to the Python on it."""
    files = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    code = {str(file.relative_to(ROOT)): BLOCK.findall(file.read_text("utf-8")) for file in files}
    return {name: "\n".join(blocks) for name, blocks in code.items() if blocks}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a reader is after a first search, with a file of PADME's layout."""
    place = tmp_path_factory.mktemp("reader")
    shutil.copy(ROOT / "tests/reconstruction/padme_files/padme_reco.root", place)
    assert x17("search", "--quick", "--masses", "16.8:17:0.1", cwd=place).returncode == 0
    return place


@pytest.mark.parametrize("page", pages())
def test_runs(page: str, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", pages()[page]],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr


def test_there_is_something_to_run() -> None:
    assert len(pages()) >= 3
