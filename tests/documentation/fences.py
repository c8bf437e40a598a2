"""The fenced blocks of the pages, and what the words behind their fences mean.

`python` and `sh` are run, unless `{not-run}` stands behind them. A block is a file if its first line is a
comment with nothing but the name, or if the text before it ends with the name and a colon. Blocks without a
word are what a command prints, or data.
"""

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer.main

from x17.cli.main import app

ROOT = Path(__file__).parents[2]
FENCE = re.compile(
    r"^(?P<indent> *)```(?P<info>[^\n`]*)\n(?P<text>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL
)
INLINE = re.compile(r"(?<!`)`(x17 (?!sealed scan 1)[^`]+)`(?!`)")
NAMED = re.compile(r"# (\S+\.(?:py|toml|csv))\n")
ANNOUNCED = re.compile(r"`(\S+\.(?:toml|csv))`:\s*\Z")


@dataclass(frozen=True)
class Fence:
    """A block of a page.

    Attributes
    ----------
    info : str
        The words behind its fence.
    text : str
        Without the indentation.
    line : int
        In the page.
    file_name : str
        Of a block that is a file, else empty.
    before : str
        What stands between the block before and this one.
    """

    info: str
    text: str
    line: int
    file_name: str
    before: str = ""

    @property
    def language(self) -> str:
        return self.info.partition(" ")[0]

    @property
    def is_run(self) -> bool:
        return self.info in {"python", "sh"}


def pages() -> dict[str, str]:
    """Name of every page to its text, without those that are made from the source."""
    files = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
    texts = {file.relative_to(ROOT).as_posix(): file.read_text("utf-8") for file in files}
    return {name: text for name, text in texts.items() if not name.startswith("docs/reference/api/")}


def fences(text: str) -> list[Fence]:
    """The blocks of a page in their order."""
    found, end = [], 0
    for match in FENCE.finditer(text):
        lines = (line.removeprefix(match["indent"]) for line in match["text"].splitlines())
        block = "".join(f"{line}\n" for line in lines)
        name = NAMED.match(block) or ANNOUNCED.search(text, 0, match.start())
        line = text.count("\n", 0, match.start()) + 1
        before, end = text[end : match.start()], match.end()
        found.append(Fence(match["info"].strip(), block, line, name[1] if name else "", before.strip()))
    return found


def commands(block: str) -> list[list[str]]:
    """The words of each `x17` command in a block of shell: continued lines joined, up to a pipe."""
    found = []
    for line in block.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        if words and words[0].removeprefix(".venv/bin/") == "x17":
            found.append(words[1 : words.index("|") if "|" in words else None])
    return found


def all_commands() -> dict[str, Any]:
    """Name of every command to the object that parses it."""
    found: dict[str, Any] = {}

    def walk(command: Any, name: str) -> None:
        if not hasattr(command, "commands"):
            found[name] = command
            return
        for word, below in command.commands.items():
            walk(below, f"{name} {word}".strip())

    walk(typer.main.get_command(app), "")
    return found


def options(command: Any) -> set[str]:
    """All options of a command."""
    return {word for parameter in command.params for word in [*parameter.opts, *parameter.secondary_opts]}


def parser_alone() -> Callable[[list[str]], None]:
    """The command line of x17, which parses its words and does nothing; errors are those of the parser."""
    root: Any = typer.main.get_command(app)

    def idle(**_: Any) -> None:
        return

    def still(command: Any) -> None:
        if not hasattr(command, "commands"):
            command.callback = idle
        for below in getattr(command, "commands", {}).values():
            still(below)

    still(root)

    def parse(words: list[str]) -> None:
        root.main(args=words, prog_name="x17", standalone_mode=False)

    return parse
