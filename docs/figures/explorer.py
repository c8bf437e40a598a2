"""The picture of docs/how-to/explore-in-the-browser.md: `x17 explore` as Chromium shows it.

    python docs/figures/explorer.py

needs the extra `explorer`, Playwright, and a Chromium named by X17_CHROMIUM or found on the PATH.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

IMAGE = Path(__file__).parents[1] / "images" / "explorer.png"
COLOURS = 160
"""Enough for the map of Q; a page in few colours is a third of the size."""


def main() -> None:
    """Start the server, wait for the limits from toys, and keep what is seen."""
    command = [sys.executable, "-c", "from x17.cli.main import main; main()", "explore", "--no-browser"]
    with subprocess.Popen([*command, "--port", "0"], stderr=subprocess.PIPE, text=True) as server:
        try:
            line = server.stderr.readline() if server.stderr else ""
            found = re.search(r"http://\S+/", line)
            if found is None:
                raise SystemExit(line)
            picture = Image.open(io.BytesIO(_screenshot(found.group(0)))).convert("RGB")
        finally:
            server.terminate()
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(IMAGE, optimize=True)
    print(f"{IMAGE.name}: {IMAGE.stat().st_size // 1000} kB")


def _screenshot(address: str) -> bytes:
    with sync_playwright() as playwright:
        chromium = os.environ.get("X17_CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1240, "height": 800})
        for _ in range(100):  # the server says where it is a moment before it listens
            try:
                page.goto(address)
                break
            except Exception:  # Playwright has one error for all failures to connect
                page.wait_for_timeout(100)
        page.wait_for_function("document.body.dataset.x17 === 'ready' && x17.held.toys.line.length")
        page.wait_for_timeout(500)
        picture: bytes = page.screenshot(full_page=True)
        browser.close()
        return picture


if __name__ == "__main__":
    main()
