"""A sealed scan and its log on disk: made once, and moved on together."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from x17.blinding.keys import Secret
from x17.blinding.log import SUFFIX as LOG_SUFFIX
from x17.blinding.sealing import Unsealed, unseal
from x17.errors import UsageError
from x17.scan.loading import read_file
from x17.scan.writing import replace_text


def log_path(sealed: Path) -> Path:
    """Where the log of a sealed scan is: beside it, with `.log` behind its name.

    Parameters
    ----------
    sealed : Path

    Returns
    -------
    Path
    """
    return sealed.with_name(sealed.name + LOG_SUFFIX)


def write_new(path: Path, text: str, *, secret: bool = False) -> None:
    """Write a file that must not exist yet.

    Parameters
    ----------
    path : Path
    text : str
    secret : bool
        Readable for its owner alone.

    Raises
    ------
    UsageError
        It exists, or the place cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if secret else 0o666)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
    except FileExistsError as error:
        raise UsageError(f"{path}: exists already and is not replaced; name another file") from error
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error


def write_sealed(path: Path, sealed: Unsealed) -> None:
    """Write a new sealed scan and its log.

    Parameters
    ----------
    path : Path
    sealed : Unsealed

    Raises
    ------
    UsageError
        One of the two exists, or the place cannot be written.
    """
    if path.exists():
        raise UsageError(f"{path}: exists already and is not replaced; name another file with --out")
    write_new(log_path(path), "".join(entry.line() for entry in sealed.log))
    write_new(path, sealed.file.text())


def read_sealed(path: Path, secret: Secret) -> Unsealed:
    """Read and verify a sealed scan with its log, and decrypt it in memory.

    Parameters
    ----------
    path : Path
    secret : Secret

    Returns
    -------
    Unsealed

    Raises
    ------
    UsageError, InputError
        As `x17.blinding.sealing.unseal`, or a file that cannot be read.
    """
    return unseal(str(path), read_file(path), str(log_path(path)), read_log_file(path), secret)


def read_log_file(path: Path) -> bytes:
    """Bytes of the log of a sealed scan.

    Parameters
    ----------
    path : Path
        The sealed scan.

    Returns
    -------
    bytes

    Raises
    ------
    UsageError
        It is not there.
    """
    log = log_path(path)
    if not log.is_file():
        raise UsageError(f"{log}: the log of the sealed scan is not beside it; a sealed scan needs its log")
    return read_file(log)


def move_on(path: Path, sealed: Unsealed, known: int) -> None:
    """Add the new entries of a log to its file, then replace the sealed scan.

    In this order a run that is interrupted leaves a signed entry too many, which the next run takes in.

    Parameters
    ----------
    path : Path
        The sealed scan.
    sealed : Unsealed
    known : int
        Entries that the log on disk has.

    Raises
    ------
    UsageError
        A place that cannot be written.
    """
    try:
        with log_path(path).open("ab") as stream:
            for entry in sealed.log[known:]:
                stream.write(entry.line().encode())
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise UsageError(f"{log_path(path)}: cannot be written: {error.strerror}") from error
    replace_text(path, sealed.file.text())


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep other processes from moving the same sealed scan on, where the system can.

    Parameters
    ----------
    path : Path
        The sealed scan.

    Yields
    ------
    None
    """
    try:
        import fcntl
    except ImportError:  # not on Windows: there two runs at once may leave a log that is refused
        yield
        return
    if not log_path(path).is_file():
        yield  # reading it will say so
        return
    try:
        stream = log_path(path).open("rb")
    except OSError:
        yield
        return
    with stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield
