"""What the server answers: the page, its static files, and files of a view to be kept."""

from __future__ import annotations

import threading
from importlib.resources import files
from pathlib import Path

from fastapi import Request, Response
from nicegui import app, ui
from starlette.middleware.trustedhost import TrustedHostMiddleware

from x17.explorer.body_limit import BodyLimit
from x17.explorer.keep import keep
from x17.explorer.page import Page
from x17.explorer.shelf import Shelf
from x17.workflows.explore import ExploredScan, Subject

LARGEST_REQUEST = 9_000_000
"""Bytes of a request: a scan of the largest size, and what a form puts around it."""

STATIC = Path(str(files("x17.explorer") / "static"))


def add_routes(subject: Subject, fitted: ExploredScan, names: list[str] | None) -> None:
    """Register everything with the application of this process.

    Parameters
    ----------
    subject : Subject
        What is explored.
    fitted : ExploredScan
        With the choices of the subject.
    names : list of str or None
        Names by which the server may be called, where only this machine reaches it; None for any.
    """
    shelf, drawing = Shelf(), threading.Lock()
    app.add_static_files("/x17-static", STATIC)
    app.add_middleware(BodyLimit, limit=LARGEST_REQUEST)
    if names is not None:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=names)

    @ui.page("/", title=f"x17: {subject.scan.name}")
    def page(request: Request) -> None:
        Page(shelf, subject, fitted, dict(request.query_params), local=names is not None)

    @app.get("/keep/{name}")
    def download(name: str, request: Request) -> Response:
        # Figures share matplotlib's settings, which know no threads.
        with drawing:
            return keep(shelf, subject, fitted, name, dict(request.query_params))


def run(host: str, port: int, *, show: bool) -> None:
    """Serve until interrupted.

    Parameters
    ----------
    host : str
    port : int
    show : bool
        Open the page in the browser.
    """
    ui.run(
        host=host,
        port=port,
        show=show,
        reload=False,
        title="x17",
        favicon=STATIC / "icon.svg",
        dark=None,
        tailwind=False,
        uvicorn_logging_level="error",
        show_welcome_message=False,
        reconnect_timeout=10.0,
    )
