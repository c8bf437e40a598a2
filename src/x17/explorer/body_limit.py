"""A limit on what may be sent to the server, kept while it arrives: nothing large is held or written."""

from __future__ import annotations

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimit:
    """Answer 413 to a request whose body is longer than allowed.

    A body whose length is announced is refused before any of it is read; one that comes in pieces, once it
    passes the limit.

    Parameters
    ----------
    app : ASGI application
    limit : int
        Bytes.
    """

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        announced = headers.get(b"content-length", b"0")
        # Twenty digits are above any limit, and thousands more than Python makes an integer of.
        if not announced.isdigit() or len(announced) > 20 or int(announced) > self._limit:
            await self._refuse(scope, receive, send)
            return
        arrived, started = 0, False

        async def counted() -> Message:
            nonlocal arrived
            message = await receive()
            arrived += len(message.get("body", b""))
            if arrived > self._limit:
                raise _TooLong
            return message

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, counted, watched)
        except _TooLong:
            if not started:
                await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        text = f"larger than {self._limit // 1_000_000} MB; a scan of a thousand points has 0.25 MB\n"
        answer = PlainTextResponse(text, status_code=413, headers={"connection": "close"})
        await answer(scope, receive, send)


class _TooLong(Exception):
    """More bytes came than allowed."""
