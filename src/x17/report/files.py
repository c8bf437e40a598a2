"""Results on disk: written aside, then put in place in one step, so that no reader sees half of them."""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from x17.errors import UsageError, X17Error

PROVENANCE = "provenance.json"

INPUT = "input.csv"
"""The scan that was searched, with a TOML of the same stem beside it."""


def previous_identity(folder: Path) -> str | None:
    """Identity of the results that a folder holds.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    str or None
        None if it holds no complete results of x17.
    """
    identity = _previous(folder).get("identity")
    return identity if isinstance(identity, str) else None


def _previous(folder: Path) -> dict[str, Any]:
    try:
        document = json.loads((folder / PROVENANCE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}


def check_folder(folder: Path, identity: str, *, force: bool) -> None:
    """Refuse a folder that holds something other than the same results.

    Parameters
    ----------
    folder : Path
    identity : str
        Hash of the input and the settings.
    force : bool
        Take it anyway.

    Raises
    ------
    UsageError
        It is not a folder, or it holds other results or other files.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"--out {folder}: is a file; name a folder")
    if force or not folder.exists() or not any(folder.iterdir()):
        return
    previous = previous_identity(folder)
    if previous is None:
        raise UsageError(
            f"--out {folder}: holds files that are not results of x17; name another folder, "
            "or use --force to write beside them"
        )
    if previous != identity:
        raise UsageError(
            f"--out {folder}: holds results of another input or of other options; name another folder, "
            "or use --force to replace them"
        )


def check_file(path: Path, *, force: bool) -> None:
    """Refuse to replace a file.

    Parameters
    ----------
    path : Path
    force : bool
        Replace it anyway.

    Raises
    ------
    UsageError
        It is there already.
    """
    if path.is_dir():
        raise UsageError(f"--out {path}: is a folder; name a file")
    if path.exists() and not force:
        raise UsageError(f"--out {path}: exists; name another file, or use --force to replace it")


def write_folder(folder: Path, fill: Callable[[Path], None]) -> None:
    """Fill a folder next to its final place, then move it there.

    A folder that holds nothing but earlier results is exchanged as a whole; beside other files the results
    are moved in one by one. When anything fails, what was there before is still there.

    Parameters
    ----------
    folder : Path
        Final place.
    fill : callable
        Writes all results into the folder it is given; `provenance.json` among them, with the relative paths
        of all files under `files`.

    Raises
    ------
    X17Error
        The disk is full, or the place cannot be written.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}.partial-", dir=folder.parent))
        try:
            fill(partial)
            _put_in_place(partial, folder)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    except OSError as error:
        raise _explained(folder, error) from error


def _put_in_place(partial: Path, folder: Path) -> None:
    partial.chmod(0o777 & ~_umask())
    old = set(_previous(folder).get("files", []))
    present = (
        {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()} if folder.exists() else set()
    )
    if present - old:
        new = sorted(str(p.relative_to(partial)) for p in partial.rglob("*") if p.is_file())
        # The provenance goes first and comes last: without it the folder counts as incomplete.
        (folder / PROVENANCE).unlink(missing_ok=True)
        for name in sorted(new, key=lambda n: (n == PROVENANCE, n)):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (partial / name).replace(folder / name)
        for name in (old & present) - set(new):
            (folder / name).unlink(missing_ok=True)
        return
    if not folder.exists():
        partial.replace(folder)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.old-", dir=folder.parent))
    folder.replace(aside)
    try:
        partial.replace(folder)
    except BaseException:
        aside.replace(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _explained(folder: Path, error: OSError) -> X17Error:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return X17Error(f"{folder}: the disk is full; nothing was changed. Free some 10 MB and run again.")
    return X17Error(
        f"{folder}: cannot be written ({error.strerror}); nothing was changed. "
        "Name another folder with --out."
    )


def write_text(path: Path, text: str) -> None:
    """Write text as UTF-8 with plain newlines.

    Parameters
    ----------
    path : Path
    text : str
    """
    path.write_text(text, encoding="utf-8", newline="\n")
