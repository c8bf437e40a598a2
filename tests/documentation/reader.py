"""A reader who does what a page says, one block after the other: `python reader.py BLOCKS.json OUTPUTS.json`.

Blocks are `[language, text, line]`; Python keeps its names from block to block, a file is written under its
name. What each block of shell printed to standard output is kept under its line.
"""

import contextlib
import io
import json
import re
import shlex
import subprocess
import sys
import warnings
from pathlib import Path

PLAIN = re.compile(r"x17 [^|&;<>$`*~]*")
"""A command that needs no shell."""


def read(blocks: list[tuple[str, str, int]]) -> dict[int, str]:
    """Do the blocks; the first that fails ends it with its error."""
    names: dict[str, object] = {"__name__": "__main__"}
    outputs: dict[int, str] = {}
    for language, text, line in blocks:
        if language == "python":
            exec(compile("\n" * line + text, "page", "exec"), names)
        elif language == "sh":
            outputs[line] = _typed(text, line)
        else:
            Path(language).write_text(text, encoding="utf-8")
    return outputs


def _typed(text: str, line: int) -> str:
    """What a block of shell prints to standard output."""
    commands = text.replace("\\\n", " ").strip().splitlines()
    if all(PLAIN.fullmatch(command) for command in commands):
        return "".join(_called(command, line) for command in commands)
    shell = ["bash", "-euo", "pipefail", "-c", text]
    done = subprocess.run(shell, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"line {line}: {text}{done.stderr}")
    return done.stdout


def _called(command: str, line: int) -> str:
    """A command of x17, in this process: starting Python and its libraries is most of the time of many."""
    from x17.cli.main import main

    said, told = io.StringIO(), io.StringIO()
    before = sys.argv
    sys.argv = shlex.split(command, comments=True)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(said), contextlib.redirect_stderr(told):
            warnings.simplefilter("default")
            main()
    except SystemExit as stop:
        if stop.code not in (0, None):
            sys.exit(f"line {line}: {command}\n{told.getvalue()}")
    finally:
        sys.argv = before
    return said.getvalue()


if __name__ == "__main__":
    wanted = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    Path(sys.argv[2]).write_text(json.dumps(read(wanted)), encoding="utf-8")
