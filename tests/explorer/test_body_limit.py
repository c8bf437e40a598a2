"""Requests that are too long: refused before they are read, or as soon as they have come too far."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import pytest

from x17.explorer.body_limit import BodyLimit

LIMIT = 2_000_000
CHUNK = 64 * 1024
Application = Callable[[Any, Any, Any], Awaitable[None]]


class Client:
    """The other end of a connection: sends a body in pieces, and remembers what was answered."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._next = next(self._pieces, b"")
        self.n_read = 0
        self.answer: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        piece, self._next = self._next, next(self._pieces, None)
        self.n_read += len(piece)
        return {"type": "http.request", "body": piece, "more_body": self._next is not None}

    async def send(self, message: dict[str, Any]) -> None:
        self.answer.append(message)

    @property
    def status(self) -> int:
        return int(self.answer[0]["status"])

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.answer[1:])


async def reader(_: Any, receive: Any, send: Any) -> None:
    """Reads all that comes and says how much it was."""
    length, more = 0, True
    while more:
        message = await receive()
        length += len(message["body"])
        more = message["more_body"]
    await answered(str(length).encode(), send)


async def answered(body: bytes, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


def ask(pieces: Iterable[bytes], *headers: tuple[bytes, bytes], app: Application = reader) -> Client:
    client = Client(pieces)
    scope = {"type": "http", "method": "POST", "path": "/", "headers": list(headers)}
    asyncio.run(BodyLimit(app, LIMIT)(scope, client.receive, client.send))  # type: ignore[arg-type]
    return client


def chunks(length: int) -> Iterable[bytes]:
    return (b"x" * min(CHUNK, length - start) for start in range(0, length, CHUNK))


def assert_refused(client: Client) -> None:
    assert client.status == 413
    assert client.body.startswith(b"larger than 2 MB")
    # What is left of the body would be taken for the next request.
    assert (b"connection", b"close") in client.answer[0]["headers"]


def test_a_length_over_the_limit_is_refused_unread() -> None:
    client = ask(chunks(LIMIT + 1), (b"content-length", str(LIMIT + 1).encode()))
    assert_refused(client)
    assert client.n_read == 0


@pytest.mark.parametrize("length", [b"abc", b"-5", b"", b"1e3", b"5 ", b"\xd9\xa5", b"9" * 5000, b"0x10"])
def test_a_length_that_is_none_is_refused_unread(length: bytes) -> None:
    client = ask(chunks(10), (b"content-length", length))
    assert client.status == 413
    assert client.n_read == 0


@pytest.mark.parametrize(
    "headers", [(), ((b"transfer-encoding", b"chunked"),), ((b"content-length", b"10"),)]
)
def test_a_body_that_becomes_too_long_is_left_there(headers: tuple[tuple[bytes, bytes], ...]) -> None:
    """Whether no length is announced or a wrong one."""
    client = ask(chunks(50 * LIMIT), *headers)
    assert_refused(client)
    assert LIMIT < client.n_read <= LIMIT + CHUNK


@pytest.mark.parametrize("length", [0, 1, CHUNK + 1, LIMIT])
@pytest.mark.parametrize("announced", [True, False])
def test_up_to_the_limit_nothing_is_touched(length: int, announced: bool) -> None:
    header = ((b"content-length", str(length).encode()),) if announced else ()
    client = ask(chunks(length), *header)
    assert client.status == 200
    assert client.body == str(length).encode()


def test_the_application_is_not_asked_where_the_length_says_it() -> None:
    async def never(*_: object) -> None:
        pytest.fail("was asked")

    assert_refused(ask(chunks(1), (b"content-length", b"99999999"), app=never))


def test_an_answer_that_was_begun_is_not_begun_again() -> None:
    async def hasty(_: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while (await receive())["more_body"]:
            pass
        pytest.fail("read everything")

    client = ask(chunks(2 * LIMIT), app=hasty)
    assert [message["type"] for message in client.answer] == ["http.response.start"]
    assert client.n_read <= LIMIT + CHUNK


def test_errors_of_the_application_are_its_own() -> None:
    async def broken(*_: object) -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        ask([], app=broken)


@pytest.mark.parametrize("kind", ["websocket", "lifespan"])
def test_other_connections_pass(kind: str) -> None:
    seen: list[tuple[Any, Any, Any]] = []

    async def app(*arguments: Any) -> None:
        seen.append(arguments)

    scope = {"type": kind, "headers": [(b"content-length", b"99999999")]}
    client = Client([])
    asyncio.run(BodyLimit(app, LIMIT)(scope, client.receive, client.send))  # type: ignore[arg-type]
    assert seen == [(scope, client.receive, client.send)]


def test_a_form_with_a_file_is_cut_off_as_it_comes() -> None:
    """As NiceGUI takes an upload: Starlette's own reader of forms, which puts files on the disk."""
    from starlette.requests import Request

    async def form(scope: Any, receive: Any, send: Any) -> None:
        async with Request(scope, receive).form() as parts:
            await answered(str(len(await parts["file"].read())).encode(), send)  # type: ignore[union-attr]

    def body(length: int) -> Iterable[bytes]:
        head = b'--x\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        yield head
        yield from chunks(length)
        yield b"\r\n--x--\r\n"

    kind = (b"content-type", b"multipart/form-data; boundary=x")
    assert ask(body(CHUNK + 5), kind, app=form).body == str(CHUNK + 5).encode()
    client = ask(body(20 * LIMIT), kind, app=form)
    assert_refused(client)
    assert client.n_read <= LIMIT + CHUNK
