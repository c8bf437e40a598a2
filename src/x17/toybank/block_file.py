"""One block of toys as one file: an uncompressed .npz that ends in the checksum of all bytes before.

The checksum is the comment of the zip archive, so that `numpy.load` opens the file like any other. It is
compared before anything is parsed: what is parsed is what was written.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from x17.errors import X17Error
from x17.statistics.toy_set import Arrays
from x17.toybank.block_key import BlockKey

_CHECKSUM = 64
_ZIP_START = b"PK\x03\x04"
_TEXTS = ("key", "about")

LEFTOVER = "*/.*.part"
"""Pattern of the files that a killed run leaves behind."""


class DamagedBlock(X17Error):
    """A file that is not the block it should be; the message says why.

    Usual cause: a copy that was cut short, or a disk that lost data.
    """


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A block as it is stored.

    Attributes
    ----------
    key : BlockKey
    about : dict
        For people: data, choices of the model, the set in words.
    arrays : dict
        The toys.
    """

    key: BlockKey
    about: Mapping[str, object]
    arrays: Arrays

    def encode(self) -> bytes:
        """The bytes of the file; the same block gives the same bytes."""
        texts = {"key": self.key.text, "about": json.dumps(self.about, sort_keys=True)}
        members: dict[str, NDArray[np.generic]] = {
            name: np.frombuffer(text.encode(), dtype=np.uint8) for name, text in texts.items()
        }
        buffer = io.BytesIO()
        # mypy fears that one of the arrays could be called as an option of `savez`.
        np.savez(buffer, **members, **self.arrays)  # type: ignore[arg-type]
        with zipfile.ZipFile(buffer, "a") as archive:
            archive.comment = b"0" * _CHECKSUM
        body = buffer.getvalue()[:-_CHECKSUM]
        return body + _checksum(body)


def _checksum(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()


def decode(raw: bytes, name: str) -> Block:
    """Read a block and verify it.

    Parameters
    ----------
    raw : bytes
        The whole file.
    name : str
        Name the block must have.

    Returns
    -------
    Block

    Raises
    ------
    DamagedBlock
    """
    if not raw:
        raise DamagedBlock("the file is empty")
    if not raw.startswith(_ZIP_START):
        raise DamagedBlock("the file is no block of toys")
    if _checksum(raw[:-_CHECKSUM]) != raw[-_CHECKSUM:]:
        raise DamagedBlock("its checksum is wrong: the file was cut short or changed")
    with np.load(io.BytesIO(raw), allow_pickle=False) as content:
        arrays = {member: content[member] for member in content.files}
    key, about = (arrays.pop(text).tobytes().decode() for text in _TEXTS)
    if BlockKey(key).name != name:
        raise DamagedBlock("the file is another block under this name")
    return Block(BlockKey(key), json.loads(about), arrays)


def read_block(path: Path) -> Block | None:
    """Read a block from its file.

    Parameters
    ----------
    path : Path
        <name>.npz

    Returns
    -------
    Block or None
        None if there is no such file.

    Raises
    ------
    DamagedBlock
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DamagedBlock(f"the file cannot be read ({error.strerror})") from error
    return decode(raw, path.stem)


def write_file(path: Path, content: bytes) -> None:
    """Write a file aside and put it in place in one step: no reader and no crash sees half of it.

    Parameters
    ----------
    path : Path
    content : bytes

    Raises
    ------
    OSError
        Nothing is left behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{secrets.token_hex(6)}.part")
    try:
        with partial.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
