"""A bank of toys: a folder of blocks that belong to the data of one scan.

    bank.json                       which data, in digits and in words
    3f/3fa4….npz                    a block, under the digest of everything that decides it

Models with other settings live side by side. Any number of processes may write to one bank at once: a block
is put in place in one step, and whoever comes second writes the same.
"""

from __future__ import annotations

import contextlib
import errno
import json
import re
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from x17.errors import InputError, Problem, UsageError, X17Error
from x17.statistics.model import ScanModel
from x17.statistics.toy_set import Arrays, ToySet, blocks_needed, join
from x17.toybank.block_file import LEFTOVER, Block, DamagedBlock, read_block, write_file
from x17.toybank.block_key import FORMAT, BlockKey
from x17.toybank.model_digest import ModelIdentity, identify, unusual_choices

Notify = Callable[[str], None]
"""Called with a sentence for the user."""

_LEFTOVER_AGE_S = 3600.0
"""A file that a run writes at this moment is younger."""


def ignore(message: str) -> None:
    """Tell nobody.

    Parameters
    ----------
    message : str
    """
    del message


class NotStored(X17Error):
    """A bank that cannot be written; what it held before it still holds.

    Usual cause: a full disk, or a folder of somebody else.
    """


class ToyBank:
    """Blocks of toys in a folder.

    Parameters
    ----------
    folder : Path or str
        Need not exist; it is made when the first toys are stored.
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)

    def data(self) -> tuple[str, str] | None:
        """Which data the bank holds toys of.

        Returns
        -------
        (str, str) or None
            Digest, and the data in words; None for a bank that is still to be made.

        Raises
        ------
        UsageError, InputError
            The folder is something else, or its `bank.json` is damaged.
        """
        if self.folder.exists() and not self.folder.is_dir():
            raise UsageError(f"{self.folder}: is a file; a toy bank is a folder")
        try:
            document = json.loads((self.folder / "bank.json").read_text(encoding="utf-8"))
            return str(document["data"]), str(document["scan"])
        except FileNotFoundError:
            foreign = [p.name for p in self._entries() if not re.fullmatch(r"[0-9a-f]{2}|\..*\.part", p.name)]
            if foreign:
                raise UsageError(
                    f"{self.folder}: holds files that are no toy bank ({foreign[0]}, …); name another folder"
                ) from None
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(
                str(self.folder / "bank.json"),
                [Problem(f"cannot be read ({error})")],
                "Remove this file: it is made again, and the blocks beside it are kept.",
            ) from error

    def _entries(self) -> list[Path]:
        return sorted(self.folder.iterdir()) if self.folder.exists() else []

    def check(self, model: ScanModel) -> ModelIdentity:
        """See that the bank is of the model's data, or still to be made.

        Parameters
        ----------
        model : ScanModel

        Returns
        -------
        ModelIdentity
            Of the model.

        Raises
        ------
        UsageError, InputError
            It holds toys of other data, or is no bank.
        """
        identity, data = identify(model), self.data()
        if data is not None and data[0] != identity.data:
            raise UsageError(
                f"{self.folder}: holds toys of other data, {data[1]}; this scan has {identity.scan}. "
                "Name another folder with --bank"
            )
        return identity

    def claim(self, model: ScanModel) -> None:
        """Make the bank if it does not exist, and clear away what killed runs left behind.

        Parameters
        ----------
        model : ScanModel

        Raises
        ------
        NotStored
            The folder cannot be written.
        UsageError, InputError
            It holds toys of other data, or is no bank.
        """
        identity = self.check(model)
        self.claim_for(identity.data, identity.scan)
        with contextlib.suppress(OSError):  # somebody else may be clearing, too
            for path in self.folder.glob(LEFTOVER):
                if time.time() - path.stat().st_mtime > _LEFTOVER_AGE_S:
                    path.unlink(missing_ok=True)

    def claim_for(self, data: str, scan: str) -> None:
        """Name the data of a bank that has none yet.

        Parameters
        ----------
        data, scan : str
            Digest, and the data in words.

        Raises
        ------
        NotStored
        """
        if self.data() is None:
            document = {"program": "x17 toy bank", "format": FORMAT, "data": data, "scan": scan}
            self.write(self.folder / "bank.json", (json.dumps(document, indent=2) + "\n").encode())

    def path(self, name: str) -> Path:
        """Where the block of a name is kept.

        Parameters
        ----------
        name : str

        Returns
        -------
        Path
        """
        return self.folder / name[:2] / f"{name}.npz"

    def files(self) -> Iterator[Path]:
        """The files of all blocks, whatever their state, in the order of their names."""
        for folder in self._entries():
            if folder.is_dir():
                yield from sorted(path for path in folder.glob("*.npz") if not path.name.startswith("."))

    def missing(
        self, model: ScanModel, toy_set: ToySet, blocks: Iterable[int], notify: Notify = ignore
    ) -> list[int]:
        """Blocks that are absent or damaged.

        Parameters
        ----------
        model : ScanModel
        toy_set : ToySet
        blocks : iterable of int
            Those looked for.
        notify : callable
            Told of damaged blocks.

        Returns
        -------
        list of int
        """
        digest, absent = self.check(model).digest, []
        for block in blocks:
            try:
                found = read_block(self.path(BlockKey.of(digest, toy_set, block).name))
            except DamagedBlock as reason:
                notify(f"block {block} of {toy_set.describe()} is damaged ({reason}): made again")
                found = None
            if found is None:
                absent.append(block)
        return absent

    def read(self, model: ScanModel, toy_set: ToySet, n_toys: int) -> Arrays:
        """The first toys of a set.

        Parameters
        ----------
        model : ScanModel
        toy_set : ToySet
        n_toys : int

        Returns
        -------
        Arrays

        Raises
        ------
        X17Error
            A block is missing or damaged.
        """
        digest, blocks = self.check(model).digest, []
        for number in range(blocks_needed(toy_set, n_toys)):
            block = read_block(self.path(BlockKey.of(digest, toy_set, number).name))
            if block is None:
                raise X17Error(f"{self.folder}: block {number} of {toy_set.describe()} is missing")
            blocks.append(block.arrays)
        return join(blocks, n_toys)

    def store(self, model: ScanModel, toy_set: ToySet, block: int, arrays: Arrays) -> None:
        """Store a block.

        Parameters
        ----------
        model : ScanModel
        toy_set : ToySet
        block : int
        arrays : Arrays
            What the set made.

        Raises
        ------
        NotStored
            The disk is full, or the folder cannot be written.
        UsageError
            The bank holds toys of other data.
        """
        identity = self.check(model)
        self.claim_for(identity.data, identity.scan)
        about = {
            "data": identity.data,
            "scan": identity.scan,
            "choices": dict(identity.choices),
            "unusual": unusual_choices(identity.choices),
            "set": toy_set.describe(),
        }
        stored = Block(BlockKey.of(identity.digest, toy_set, block), about, arrays)
        self.write(self.path(stored.key.name), stored.encode())

    def write(self, path: Path, content: bytes) -> None:
        """Write a file of the bank.

        Parameters
        ----------
        path : Path
        content : bytes

        Raises
        ------
        NotStored
        """
        try:
            write_file(path, content)
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
            reason = "the disk is full" if full else f"cannot be written ({error.strerror})"
            raise NotStored(f"{self.folder}: {reason}") from error
