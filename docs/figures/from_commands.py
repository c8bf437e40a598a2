"""Figures that a command of x17 or an example draws: python docs/figures/from_commands.py [NAME...].

Each is what the page beside it says to type; it goes to docs/images under the name of the page's picture.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"

FIGURES: dict[str, tuple[str, ...]] = {
    "limit": ("x17 search --out limit", "limit/figures/limit.png"),
    "constraints": (
        "x17 search --toys 0 --out searched",
        "x17 constraints plot --results searched --out plane.png",
        "plane.png",
    ),
    "nuclear-masses": ("x17 nuclear masses --out masses", "masses/figures/masses.png"),
    "joint-mass": ("x17 combine --out combined", "combined/figures/joint.png"),
    "nuclear-spectra": ("x17 nuclear spectra --mass 16.85 --rate 6e-6 --out spectra.png", "spectra.png"),
    "pair-spectrometer": (
        "x17 nuclear spectrometer atomki-6 --transition 18.15 --multipole M1:0.77,E1:0.23 --mass 16.85 "
        "--rate 6e-6 --out run.png",
        "run.png",
    ),
    "freeze-out": ("python freeze_out.py", "freeze_out.png"),
    "g-minus-2": ("python g_minus_2.py", "g_minus_2.png"),
}
"""Name of a picture to the commands that lead to it, and the file that they leave."""


def make(name: str, place: Path) -> None:
    """Run the commands of a figure in a folder, and copy it to the images."""
    *commands, made = FIGURES[name]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    for command in commands:
        subprocess.run(shlex.split(command), cwd=place, check=True, env={**os.environ, "PATH": path})
    shutil.copyfile(place / made, IMAGES / f"{name}.png")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for example in (ROOT / "examples").glob("*.py"):
            shutil.copy(example, folder)
        for figure in sys.argv[1:] or FIGURES:
            make(figure, Path(folder))
