"""What the running server refuses, without a browser."""

import http.client
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from .conftest import Server, serving, visiting

GIGABYTE = 1_000_000_000
PIECE = 1_000_000


@pytest.fixture
def connection(server: Server) -> Iterator[http.client.HTTPConnection]:
    place = urlsplit(server.address)
    opened = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
    yield opened
    opened.close()


def memory_of(server: Server) -> float:
    """Resident memory in MB."""
    status = Path(f"/proc/{server.process.pid}/status")
    if not status.is_file():
        pytest.skip("needs /proc to read the memory of a process")
    (line,) = [line for line in status.read_text().splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1000.0


def test_a_gigabyte_that_announces_itself_is_refused_unread(
    server: Server, connection: http.client.HTTPConnection
) -> None:
    connection.putrequest("POST", "/_nicegui/client/x/upload/1")
    connection.putheader("Content-Length", str(GIGABYTE))
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.status == 413
    assert "larger than 9 MB" in answer.read().decode()
    assert server.process.poll() is None


def test_a_gigabyte_in_pieces_is_cut_off(server: Server, connection: http.client.HTTPConnection) -> None:
    connection.request("GET", "/")
    found = re.search(r"/_nicegui/client/[^\"\\]+/upload/\d+", connection.getresponse().read().decode())
    assert found, "the page has no place for files"
    before = memory_of(server)
    connection.putrequest("POST", found.group(0))
    connection.putheader("Transfer-Encoding", "chunked")
    connection.putheader("Content-Type", "multipart/form-data; boundary=b")
    connection.endheaders()
    head = b'--b\r\nContent-Disposition: form-data; name="f"; filename="a.csv"\r\n\r\n'
    sent = 0
    try:
        for k in range(GIGABYTE // PIECE):
            piece = head + bytes(PIECE) if k == 0 else bytes(PIECE)
            connection.send(b"%x\r\n%b\r\n" % (len(piece), piece))
            sent += len(piece)
        pytest.fail("all of it was taken")
    except (ConnectionError, BrokenPipeError, TimeoutError):
        pass
    # The limit, and what the two ends of the connection hold in between.
    assert sent < 100_000_000
    assert memory_of(server) - before < 60.0
    assert server.process.poll() is None


def test_a_name_that_another_site_points_here_is_refused(connection: http.client.HTTPConnection) -> None:
    connection.request("GET", "/", headers={"Host": "evil.example"})
    assert connection.getresponse().status == 400


@pytest.mark.parametrize(
    "path", ["/keep/..%2f..%2fetc%2fpasswd", "/keep/secret.csv", "/keep/scan.csv?mass=99"]
)
def test_files_that_are_not_there(connection: http.client.HTTPConnection, path: str) -> None:
    connection.request("GET", path)
    answer = connection.getresponse()
    assert answer.status in (400, 404)
    assert b"root:" not in answer.read()


def test_a_port_in_use(server: Server, tmp_path: Path) -> None:
    port = urlsplit(server.address).port
    command = [sys.executable, "-c", "from x17.cli.main import main; main()", "explore", "--no-browser"]
    done = subprocess.run(
        [*command, "--port", str(port)], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert done.stderr.startswith(f"x17: --port {port}: is in use by another program")
    assert f"x17 explore --port {(port or 0) + 1}" in done.stderr
    assert done.stdout == ""


def test_other_machines_are_let_in_only_when_asked_and_it_says_so(browser: Any, tmp_path: Path) -> None:
    with serving(tmp_path, "--host", "0.0.0.0") as server:
        said = "\n".join(server.said())
        assert "no password" in said
        assert "also other machines" in said
        # They cannot make this machine read files that they name.
        with visiting(
            browser, server.address, "?tab=events&e_setup=/etc/passwd", ready="x17 !== null"
        ) as page:
            told = page.page.get_by_text("can be named only on the machine itself")
            told.wait_for()
            assert "root:" not in page.page.content()
        assert server.stop() in (0, 130, -2)
