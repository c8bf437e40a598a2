"""A reader who does what a page says, one block after the other: `python reader.py BLOCKS.json OUTPUTS.json`.

Blocks are `[language, text, line]`; Python keeps its names from block to block, a file is written under its
name. What each block of shell printed to standard output is kept under its line.
"""

import json
import subprocess
import sys
from pathlib import Path


def read(blocks: list[tuple[str, str, int]]) -> dict[int, str]:
    """Do the blocks; the first that fails ends it with its error."""
    names: dict[str, object] = {"__name__": "__main__"}
    outputs: dict[int, str] = {}
    for language, text, line in blocks:
        if language == "python":
            exec(compile("\n" * line + text, "page", "exec"), names)
        elif language == "sh":
            shell = ["bash", "-euo", "pipefail", "-c", text]
            done = subprocess.run(shell, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                sys.exit(f"line {line}: {text}{done.stderr}")
            outputs[line] = done.stdout
        else:
            Path(language).write_text(text, encoding="utf-8")
    return outputs


if __name__ == "__main__":
    wanted = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    Path(sys.argv[2]).write_text(json.dumps(read(wanted)), encoding="utf-8")
