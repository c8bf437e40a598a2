"""What stands in the pages to be typed: every command parses, and what is not marked runs as printed."""

import json
import os
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from .fences import INLINE, ROOT, Fence, all_commands, commands, fences, options, pages, parser_alone

LANGUAGES = {"", "python", "sh", "toml", "{include} ../CHANGELOG.md"}
NOT_RUN = 45
"""Blocks that are not run: too long, or in need of a farm or of a reader's own files. It must not grow."""
PROGRAMS = re.compile(r"(?:\.venv/bin/)?(?:x17|make|python|pip|snakemake) ")
AFTER_A_SEARCH = {"docs/how-to/read-the-results.md"}
PAGES = pages()
INDENTED = re.compile(r"^\n {4,}(?:\.venv/bin/)?(?:x17|make|python|pip|snakemake) ", re.MULTILINE)
BLOCKS = {name: fences(text) for name, text in PAGES.items()}
SHELL = {name: [block for block in blocks if block.language == "sh"] for name, blocks in BLOCKS.items()}


def runs(block: Fence) -> bool:
    """Whether a block is there to be run, and no file."""
    return block.is_run and not block.file_name


@pytest.mark.parametrize("page", [name for name, blocks in SHELL.items() if blocks])
def test_commands_parse(page: str) -> None:
    parse = parser_alone()
    for block in SHELL[page]:
        for words in commands(block.text):
            try:
                parse(words)
            except Exception as error:  # whichever of the parser's
                pytest.fail(f"line {block.line}: x17 {' '.join(words)}: {error}")


def unknown_words(code: str, known: dict[str, set[str]]) -> set[str]:
    """What a command in backticks, which may be a part of one, says that x17 does not know."""
    words = code.split()[1:]
    groups = {name.partition(" ")[0] for name in known if " " in name}
    if words[0].startswith("-"):
        return set()
    if words[0] in groups:
        names = [f"{words[0]} {word}" for word in re.split(r"\\?\|", words[1])] if len(words) > 1 else []
        if words[1:2] == ["…"]:
            names = [name for name in known if name.startswith(words[0] + " ")]
    else:
        names = words[:1]
    options = set(re.findall(r"(?<![\w-])--[a-z-]+", code)) - {"--help"}
    return {name for name in names if name not in known} | {
        option for option in options if not any(option in known.get(name, ()) for name in names)
    }


@pytest.mark.parametrize("page", [name for name, text in PAGES.items() if INLINE.search(text)])
def test_commands_in_a_sentence_exist(page: str) -> None:
    known = {name: options(command) for name, command in all_commands().items()}
    for code in INLINE.findall(PAGES[page]):
        assert unknown_words(code, known) == set(), code


def read(blocks: list[Fence], place: Path) -> tuple[subprocess.CompletedProcess[str], dict[int, str]]:
    """Do what blocks say in a folder; what happened, and what each block of shell printed, by its line."""
    todo = [[block.file_name or block.language, block.text, block.line] for block in blocks]
    (place / "blocks.json").write_text(json.dumps(todo), encoding="utf-8")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    command = [sys.executable, "-W", "error", str(ROOT / "tests/documentation/reader.py")]
    done = subprocess.run(
        [*command, "blocks.json", "outputs.json"],
        cwd=place,
        env={**os.environ, "PATH": path, "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    outputs = json.loads((place / "outputs.json").read_text("utf-8")) if done.returncode == 0 else {}
    return done, {int(line): text for line, text in outputs.items()}


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a reader is after a first search."""
    place = tmp_path_factory.mktemp("searched")
    block = Fence("sh", "x17 search --quick\n", 1, "")
    done, _ = read([block], place)
    assert done.returncode == 0, done.stderr
    return place / "results"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where a reader is who has a scan of his own, and this repository at hand."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    (tmp_path / ".venv").symlink_to(sys.prefix)
    shutil.copy(ROOT / "tests/reconstruction/padme_files/padme_reco.root", tmp_path)
    shutil.copy(ROOT / "src/x17/scan/datasets/padme_run3.csv", tmp_path / "my_scan.csv")
    return tmp_path


@pytest.mark.parametrize("page", [name for name, blocks in BLOCKS.items() if any(map(runs, blocks))])
def test_runs(page: str, place: Path, request: pytest.FixtureRequest) -> None:
    if page in AFTER_A_SEARCH:
        shutil.copytree(request.getfixturevalue("searched"), place / "results")
    written = [block for block in BLOCKS[page] if block.file_name]
    done, printed = read(written + [block for block in BLOCKS[page] if runs(block)], place)
    assert done.returncode == 0, f"{page}: {done.stdout}{done.stderr}"
    for block, after in pairwise(BLOCKS[page]):
        if block.line in printed and is_output(after):
            assert lines_missing(after.text, printed[block.line]) == [], f"{page}:{after.line}"


def is_output(block: Fence) -> bool:
    """Whether a block without a word is what the block before it prints."""
    return block.info == "" and (block.before == "" or block.before.endswith("prints"))


def lines_missing(shown: str, printed: str) -> list[str]:
    """Lines of a page that a command did not print; wrapping aside, and up to an ellipsis."""
    flat = " ".join(printed.split())
    lines = (" ".join(line.partition("…")[0].split()) for line in shown.splitlines())
    return [line for line in lines if line not in flat]


def test_what_is_not_run_is_marked_and_counted() -> None:
    blocks = [(name, block) for name, found in BLOCKS.items() for block in found]
    assert {block.info.removesuffix(" {not-run}") for _, block in blocks} <= LANGUAGES
    assert [name for name, block in blocks if block.info == "" and PROGRAMS.match(block.text)] == []
    assert [name for name, text in PAGES.items() if INDENTED.search(text)] == []
    assert sum("{not-run}" in block.info for _, block in blocks) == NOT_RUN
    assert sum(map(runs, (block for _, block in blocks))) >= 60


def test_a_wrong_option_is_noticed() -> None:
    with pytest.raises(Exception, match="No such option"):
        parser_alone()(["search", "--quik"])
    known = {name: options(command) for name, command in all_commands().items()}
    assert unknown_words("x17 search --quik", known) == {"--quik"}
    assert unknown_words("x17 blind seal|shut", known) == {"blind shut"}


def test_a_wrong_output_is_noticed() -> None:
    assert lines_missing("a 1\nb  2\n…", "a 1\nb\n2\n") == []
    assert lines_missing("a 1\nb 3\n", "a 1\nb 2\n") == ["b 3"]
