"""The server behind `x17 explore`: where it listens, and what it says when it cannot."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable

from x17.errors import UsageError, missing_extra
from x17.workflows.explore import Subject, at_cursor, explore

LOOPBACK = ("127.0.0.1", "localhost", "::1")

Announce = Callable[[str], None]


def serve(subject: Subject, *, host: str, port: int, show: bool, announce: Announce) -> None:
    """Serve the page until the process is interrupted.

    Parameters
    ----------
    subject : Subject
        What is explored.
    host : str
        Address to listen at.
    port : int
        0 takes any free one.
    show : bool
        Open the page in the browser.
    announce : callable
        Is told where the page is.

    Raises
    ------
    UsageError
        NiceGUI is not installed, or the port cannot be had.
    """
    try:
        from x17.explorer.routes import add_routes, run
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("x17"):
            raise
        raise missing_extra("the page needs NiceGUI", "explorer") from error
    port = free_port(host, port)
    fitted = explore(subject.scan, subject.settings, subject.choices)
    at_cursor(fitted, fitted.best.mass_mev, fitted.best.g_ve)
    # All is compiled now: what the page says the fits take is what they take from here on.
    fitted = explore(subject.scan, subject.settings, subject.choices)
    # Another site must not reach the page through a name that it points to this machine.
    add_routes(subject, fitted, [*LOOPBACK, "[::1]"] if host in LOOPBACK else None)
    announce(f"http://{f'[{host}]' if ':' in host else host}:{port}/")
    run(host, port, show=show)


def free_port(host: str, port: int) -> int:
    """Make sure that a port can be had.

    Parameters
    ----------
    host : str
    port : int
        0 takes any free one.

    Returns
    -------
    int

    Raises
    ------
    UsageError
        It is in use, or may not be used, or there is no such address here.
    """
    if not 0 <= port <= 65535:
        raise UsageError(f"--port {port}: allowed: 0 (any free one) to 65535")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # As the server does: a port that a stopped server has just left can be taken.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            return int(probe.getsockname()[1])
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise UsageError(
                f"--port {port}: is in use by another program, perhaps another `x17 explore`; "
                f"open that one, or choose another: x17 explore --port {port + 1 if port < 65535 else 0}"
                " (0 takes any free one)"
            ) from error
        if error.errno in (errno.EACCES, errno.EPERM):
            raise UsageError(f"--port {port}: may not be used; ports from 1024 on are open to all") from error
        raise UsageError(f"--host {host}: cannot be listened at here: {error.strerror or error}") from error
    except (TypeError, ValueError) as error:  # what no name of a machine can be written as
        raise UsageError(f"--host {host!r}: cannot be listened at here: no name of a machine") from error
