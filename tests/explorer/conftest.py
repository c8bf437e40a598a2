"""`x17 explore` running as a user starts it, and browsers that visit it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

READY = "document.body.dataset.x17 === 'ready'"
PATIENCE = 30_000
"""Milliseconds a page may take on a busy machine."""

SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"


@dataclass
class Server:
    """A running `x17 explore`."""

    process: subprocess.Popen[bytes]
    log: Path
    address: str = ""

    def said(self) -> list[str]:
        """What it wrote to standard error, line by line."""
        return self.log.read_text("utf-8").splitlines()

    def stop(self) -> int:
        """Interrupt it, as Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=20)


@contextmanager
def serving(folder: Path, *arguments: str) -> Iterator[Server]:
    """Start it in a folder, at a free port, and wait until it says where it is."""
    log = folder / "explore.log"
    command = [sys.executable, "-c", "from x17.cli.main import main; main()", "explore", *arguments]
    # NiceGUI serves nothing where it believes itself inside a test.
    outside = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [*command, "--port", "0", "--no-browser"], stderr=stream, stdout=stream, cwd=folder, env=outside
        )
    server = Server(process, log)
    try:
        end = time.monotonic() + 60.0
        while not server.address:
            found = re.search(r"http://\S+/", log.read_text("utf-8"))
            # A server of all addresses is reached at the one of this machine.
            server.address = found.group(0).replace("0.0.0.0", "127.0.0.1") if found else ""
            assert process.poll() is None, log.read_text("utf-8")
            assert time.monotonic() < end, "no address within a minute"
            time.sleep(0.05)
        _wait_until_open(server.address, end)
        yield server
    finally:
        process.kill()
        process.wait()


def _wait_until_open(address: str, end: float) -> None:
    """It says where it is a moment before it listens."""
    place = urlsplit(address)
    while True:
        try:
            with socket.create_connection((place.hostname, place.port), timeout=1.0):
                return
        except OSError:
            assert time.monotonic() < end, "nobody listens"
            time.sleep(0.05)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The published scan, served to all tests of a module."""
    with serving(tmp_path_factory.mktemp("server")) as running:
        yield running
        # What went wrong inside, in whichever test, would be told here.
        assert running.process.poll() is None, running.said()
        assert not [line for line in running.said() if "Traceback" in line], "\n".join(running.said())


@dataclass
class Visit:
    """A page of the explorer, and what it did that it should not."""

    page: Any
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def value(self, script: str) -> Any:
        return self.page.evaluate(script)

    def slider(self, label: str) -> Any:
        return self.page.locator(f'.q-slider[aria-label="{label}"] .q-slider__track-container')

    def numbers(self) -> dict[str, str]:
        """The table under "What the data say"."""
        rows = self.value(
            "[...document.querySelectorAll('#x17-numbers tr')].map(r => [...r.cells].map(c => c.textContent))"
        )
        return dict(rows)

    def query(self) -> dict[str, str]:
        """The parameters of the address."""
        return {key: values[0] for key, values in parse_qs(urlsplit(self.page.url).query).items()}

    def after(self, action: Callable[[], object]) -> None:
        """Do something and wait until the figures are drawn anew."""
        count = self.value("x17.redrawn.count")
        action()
        self.page.wait_for_function(f"x17.redrawn.count > {count}", timeout=PATIENCE)

    def settle(self) -> None:
        """Wait until the address says what the page shows."""
        self.page.wait_for_timeout(400)

    def keep_picture(self, name: str) -> None:
        """Keep a screenshot to look at; drawing goes on for a frame after the numbers are there."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.wait_for_timeout(300)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


@contextmanager
def visiting(
    browser: Any, address: str, query: str = "", *, width: int = 1280, dark: bool = False, ready: str = READY
) -> Iterator[Visit]:
    """Open the explorer in a browser of its own, with nothing remembered."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if dark else "light",
        accept_downloads=True,
    )
    try:
        visit = Visit(context.new_page())
        visit.page.set_default_timeout(PATIENCE)
        visit.page.on("console", lambda message: visit.complaints.append(f"{message.type}: {message.text}"))
        visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        visit.page.on("request", lambda request: _note(visit, address, request.url))
        visit.page.goto(address + query)
        visit.page.wait_for_function(ready, timeout=PATIENCE)
        yield visit
    finally:
        context.close()


def _note(visit: Visit, address: str, url: str) -> None:
    here = urlsplit(address).netloc
    parts = urlsplit(url)
    if parts.netloc != here and parts.scheme not in ("data", "blob"):
        visit.strangers.append(url)


@pytest.fixture
def visit(browser: Any, server: Server) -> Callable[..., Any]:
    """Opens the page: `with visit("?mass=16.9") as page:`."""
    return lambda query="", **options: visiting(browser, server.address, query, **options)
