"""Where the server may listen, and what is said when it cannot, or when NiceGUI is missing."""

import builtins
import socket
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from x17.errors import UsageError
from x17.explorer import server
from x17.explorer.server import LOOPBACK, free_port, serve
from x17.scan import EnergyScan
from x17.workflows.explore import subject_of


@pytest.fixture
def taken() -> Iterator[int]:
    """A port at which somebody listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


def test_any_free_port_can_be_had() -> None:
    port = free_port("127.0.0.1", 0)
    assert 1024 <= port <= 65535
    # It was given back: the server itself takes it now.
    assert free_port("127.0.0.1", port) == port


def test_a_port_in_use_is_named_with_the_command_that_works(taken: int) -> None:
    with pytest.raises(UsageError) as caught:
        free_port("127.0.0.1", taken)
    text = str(caught.value)
    assert text.startswith(f"--port {taken}: is in use by another program, perhaps another `x17 explore`")
    following = taken + 1 if taken < 65535 else 0
    assert f"x17 explore --port {following} (0 takes any free one)" in text


def test_after_the_last_port_comes_any(monkeypatch: pytest.MonkeyPatch) -> None:
    class Busy(socket.socket):
        def bind(self, *_: object) -> None:
            raise OSError(98, "Address already in use")

    monkeypatch.setattr(server.errno, "EADDRINUSE", 98)
    monkeypatch.setattr(server.socket, "socket", Busy)
    with pytest.raises(UsageError, match=r"x17 explore --port 0 \(0 takes"):
        free_port("127.0.0.1", 65535)


def test_a_port_that_was_just_left_can_be_taken() -> None:
    """A connection that was closed from here keeps the port busy for a minute, unless one insists."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = int(listener.getsockname()[1])
        with socket.create_connection(("127.0.0.1", port)) as visitor:
            accepted, _ = listener.accept()
            accepted.close()
            assert visitor.recv(1) == b""
    assert free_port("127.0.0.1", port) == port


@pytest.mark.parametrize("port", [-1, 65536, 10**9])
def test_numbers_that_are_no_port(port: int) -> None:
    with pytest.raises(UsageError, match=rf"--port {port}: allowed: 0 \(any free one\) to 65535"):
        free_port("127.0.0.1", port)


@pytest.mark.parametrize("host", ["203.0.113.7", "127.0.0.1:8017", "x..y", "é" * 70, "\udcff", "\0"])
def test_addresses_that_are_not_of_this_machine(host: str) -> None:
    with pytest.raises(UsageError, match=r"cannot be listened at here: .+") as caught:
        free_port(host, 0)
    assert str(caught.value).startswith((f"--host {host}: ", f"--host {host!r}: "))


def test_a_port_that_is_not_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Guarded(socket.socket):
        def bind(self, *_: object) -> None:
            raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(server.socket, "socket", Guarded)
    with pytest.raises(UsageError, match="--port 80: may not be used; ports from 1024 on are open to all"):
        free_port("127.0.0.1", 80)


def subject() -> Any:
    return subject_of(EnergyScan.load("padme-run3"), "padme-run3")


def start(**options: Any) -> list[str]:
    told: list[str] = []
    serve(subject(), **{"host": "127.0.0.1", "port": 0, "show": False, "announce": told.append, **options})
    return told


@pytest.mark.parametrize("missing", ["nicegui", "fastapi"])
def test_without_its_extra_it_says_how_to_add_it(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ordinary = builtins.__import__

    def without(name: str, *arguments: Any, **others: Any) -> Any:
        if name.partition(".")[0] == missing:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return ordinary(name, *arguments, **others)

    for name in [name for name in sys.modules if name.startswith("x17.explorer.")]:
        if name != server.__name__:
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UsageError) as caught:
        start()
    text = str(caught.value)
    assert text.startswith("the page needs NiceGUI: ")
    assert "[explorer]'" in text
    assert "x17 doctor" in text


def test_a_module_of_ours_that_is_missing_is_no_missing_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "x17.explorer.routes", None)
    with pytest.raises(ModuleNotFoundError, match=r"x17\.explorer\.routes"):
        start()


@pytest.fixture
def routes(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What would be registered and run."""
    from x17.explorer import routes as module

    calls: list[tuple[Any, ...]] = []
    monkeypatch.setattr(module, "add_routes", lambda *arguments: calls.append(arguments))
    monkeypatch.setattr(module, "run", lambda *arguments, **options: calls.append((arguments, options)))
    return calls


def test_only_this_machine_reaches_it_and_by_its_own_names(routes: list[tuple[Any, ...]]) -> None:
    (address,) = start()
    (_, fitted, names), ((host, port), options) = routes
    assert address == f"http://127.0.0.1:{port}/"
    assert host == "127.0.0.1"
    assert port > 0
    assert options == {"show": False}
    assert set(LOOPBACK) < set(names)
    assert not any("*" in name for name in names)
    assert fitted.choices == subject().choices


def test_another_host_is_open_to_all_names(routes: list[tuple[Any, ...]]) -> None:
    (address,) = start(host="0.0.0.0", show=True)
    assert address.startswith("http://0.0.0.0:")
    assert routes[0][2] is None
    assert routes[1][1] == {"show": True}


def test_nothing_is_served_where_the_port_cannot_be_had(routes: list[tuple[Any, ...]], taken: int) -> None:
    with pytest.raises(UsageError, match="is in use"):
        start(port=taken)
    assert routes == []
