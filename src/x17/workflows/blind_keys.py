"""Where the key of a sealed scan comes from: a file, the environment, or the person at the terminal."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from x17.blinding.files import write_new
from x17.blinding.keys import Secret, new_key_text
from x17.errors import UsageError

VARIABLE = "X17_PASSPHRASE"
"""Environment variable that may hold the passphrase."""


def find_secret(
    key_file: Path | None,
    passphrase_file: Path | None,
    ask: Callable[[], str] | None,
    *,
    new: bool = False,
) -> Secret:
    """The key, from the first place that is named: a file, the environment, a question.

    Parameters
    ----------
    key_file : Path, optional
        64 hexadecimal digits.
    passphrase_file : Path, optional
        The passphrase on its first line.
    ask : callable, optional
        Asks the user; None where nobody can be asked.
    new : bool
        For a scan about to be sealed: a key file that is not there is made.

    Returns
    -------
    Secret

    Raises
    ------
    UsageError
        No key, two of them, or one that cannot be read.
    """
    if key_file is not None and passphrase_file is not None:
        raise UsageError("--key-file and --passphrase-file are both given; allowed: one of them")
    if key_file is not None:
        if new and not key_file.exists():
            write_new(key_file, new_key_text(), secret=True)
        return Secret.key_text(_first_line(key_file, "--key-file"), str(key_file))
    if passphrase_file is not None:
        return Secret.passphrase(_first_line(passphrase_file, "--passphrase-file"))
    if text := os.environ.get(VARIABLE):
        return Secret.passphrase(text)
    if ask is None:
        raise UsageError(
            "no key: standard input is not a terminal, so that no passphrase can be asked for; "
            f"use --key-file, --passphrase-file, or the environment variable {VARIABLE}"
        )
    return Secret.passphrase(ask())


def _first_line(path: Path, option: str) -> str:
    try:
        with path.open("rb") as stream:
            content = stream.read(4096)
        return content.decode().split("\n")[0].rstrip("\r")
    except OSError as error:
        raise UsageError(f"{option} {path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{option} {path}: not UTF-8 text") from error
