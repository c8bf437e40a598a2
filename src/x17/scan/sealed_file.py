"""The text of a sealed scan: what everyone may read, and the counts as ciphertext.

This room reads and writes the text and knows no key; `x17.blinding` makes and opens what is sealed in it.
"""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from x17.errors import InputError, Problem
from x17.scan.metadata_file import problem_of

SUFFIX = ".sealed"
FORMAT = "x17-sealed-scan"
MARK = b'{\n "format": "x17-sealed-scan"'
"""How every sealed scan begins, whatever its file is called."""

AUTO = "auto"
"""The rule that seals every count."""

SEALED_CELL = "sealed"
"""What stands in the table in place of a number that is sealed."""

SEALED_COLUMNS = (
    "n2",
    "n2_err",
    "brems_subtraction",
    "brems_subtraction_err",
    "tag_and_probe",
    "tag_and_probe_err",
    "rmax_shift",
)
"""The counts, and what is measured with the same events.

The error of a fraction tells how many events it was measured with: in the PADME Run III table
`brems_subtraction_err` is √(f(1 − f) f/N2) within 0.3 %, twice as close as the error of a count.
"""

ADVICE = (
    "A sealed scan is used exactly as `x17 blind seal` and `x17 blind check` wrote it: take the file and its "
    "log from where they are kept. What is in them is said in docs/reference/sealed-files.md."
)

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)


class Commitments(_Part):
    """SHA-256 of 32 random bytes, sealed, followed by a content."""

    scan: Digest
    settings: Digest


class KeyDescription(_Part):
    """How the key is made, and how a wrong one is told apart; nothing that helps to guess it faster."""

    kind: Literal["passphrase", "file"]
    salt: Digest
    scrypt_n: Annotated[int, Field(ge=2**10, le=2**20)] | None
    check: Digest

    @field_validator("scrypt_n")
    @classmethod
    def _power_of_two(cls, value: int | None) -> int | None:
        if value is not None and value & (value - 1):
            raise ValueError("not a power of two")
        return value


class LogState(_Part):
    """How long the log is, and the hash of its last entry."""

    entries: Annotated[int, Field(ge=1, le=10**6)]
    head: Digest


class OpenText(_Part):
    """Lines of the scan's TOML and CSV without what is sealed."""

    toml: list[str]
    csv: list[str]


class SealedFile(_Part):
    """All of a sealed scan, in the order of its text.

    `points` is the rule: `auto` or LO:HI in MeV of √s. `settings` are those of the analysis, resolved.
    `sealed` is the ciphertext in base64; everything else but `checksum` is its associated data.
    """

    format: Literal["x17-sealed-scan"] = "x17-sealed-scan"
    version: Literal[1] = 1
    program: str
    sealed_at: str
    points: str
    scan: OpenText
    settings: dict[str, Any]
    commitments: Commitments
    key: KeyDescription
    log: LogState
    nonce: Annotated[str, Field(pattern=r"^[0-9a-f]{24}$")]
    sealed: list[str]
    checksum: str = ""

    @property
    def everything(self) -> bool:
        """Whether all counts are sealed."""
        return self.points == AUTO

    def associated_data(self) -> bytes:
        """What the ciphertext is bound to: the file without ciphertext and checksum."""
        return _text(self.model_copy(update={"sealed": [], "checksum": ""})).encode()

    def text(self) -> str:
        """The file: one JSON document, with its checksum."""
        bare = self.model_copy(update={"checksum": ""})
        checksum = hashlib.sha256(_text(bare).encode()).hexdigest()
        return _text(bare.model_copy(update={"checksum": checksum}))


def _text(file: SealedFile) -> str:
    return json.dumps(file.model_dump(mode="json"), indent=1, ensure_ascii=False) + "\n"


def is_sealed(content: bytes) -> bool:
    """Whether these are the bytes of a sealed scan, sound or not.

    Parameters
    ----------
    content : bytes

    Returns
    -------
    bool
    """
    return content.startswith(MARK)


def parse_sealed(source: str, content: bytes) -> SealedFile:
    """Read a sealed scan; every byte must be the one that was written.

    Parameters
    ----------
    source : str
        The file, as the user named it.
    content : bytes

    Returns
    -------
    SealedFile

    Raises
    ------
    InputError
        Not a sealed scan, edited, or damaged.
    """
    try:
        file = SealedFile.model_validate(json.loads(content.decode()))
    except ValidationError as error:
        problems = [problem_of(dict(item)) for item in error.errors(include_url=False)]
        raise InputError(source, problems, ADVICE) from error
    except (ValueError, RecursionError) as error:
        raise InputError(source, [Problem(f"not a sealed scan: {str(error)[:200]}")], ADVICE) from error
    try:
        intact = file.text().encode() == content
    except UnicodeEncodeError:
        intact = False
    if not intact:
        problem = Problem("edited or damaged: its checksum is not that of its content")
        raise InputError(source, [problem], ADVICE)
    return file
