"""Keys of a sealed scan: from a passphrase by scrypt, or from a key file.

One master key of 32 bytes is stretched or read; the keys that encrypt, that sign the log and that tell a
wrong passphrase apart are derived from it with HKDF-SHA256 (RFC 5869), each under a label of its own.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from typing import Literal

from x17.errors import UsageError, missing_extra
from x17.scan.sealed_file import KeyDescription

SCRYPT_N = 2**17
"""Cost of a guess of the passphrase: 128 MiB and some 0.3 s (RFC 7914, with r = 8 and p = 1)."""

SHORTEST_PASSPHRASE = 8
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Secret:
    """What the user has.

    Attributes
    ----------
    kind : str
        `passphrase` or `file`.
    value : bytes
        The passphrase as UTF-8, or the 32 bytes of a key file; never shown.
    """

    kind: Literal["passphrase", "file"]
    value: bytes = field(repr=False)

    @classmethod
    def passphrase(cls, text: str) -> Secret:
        """A passphrase.

        Parameters
        ----------
        text : str

        Returns
        -------
        Secret

        Raises
        ------
        UsageError
            Too short.
        """
        if len(text) < SHORTEST_PASSPHRASE:
            raise UsageError(
                f"the passphrase has {len(text)} characters; allowed: {SHORTEST_PASSPHRASE} or more"
            )
        return cls("passphrase", text.encode("utf-8", "surrogateescape"))

    @classmethod
    def key_text(cls, text: str, source: str) -> Secret:
        """The text of a key file.

        Parameters
        ----------
        text : str
        source : str
            The file, for the message.

        Returns
        -------
        Secret

        Raises
        ------
        UsageError
            Not 64 hexadecimal digits.
        """
        digits = text.strip()
        if len(digits) != 2 * KEY_BYTES or set(digits.lower()) - set("0123456789abcdef"):
            raise UsageError(f"{source}: not a key file; allowed: 64 hexadecimal digits on one line")
        return cls("file", bytes.fromhex(digits))


def new_key_text() -> str:
    """A new random key, as the text of a key file."""
    return secrets.token_hex(KEY_BYTES) + "\n"


@dataclass(frozen=True, slots=True)
class Keys:
    """The derived keys.

    Attributes
    ----------
    encryption, log, check : bytes
        32 bytes each.
    """

    encryption: bytes = field(repr=False)
    log: bytes = field(repr=False)
    check: bytes = field(repr=False)


def new_keys(secret: Secret, scrypt_n: int = SCRYPT_N) -> tuple[Keys, KeyDescription]:
    """Derive keys for a new sealed scan.

    Parameters
    ----------
    secret : Secret
    scrypt_n : int
        Cost of a passphrase, a power of two.

    Returns
    -------
    Keys
    KeyDescription
        With a new salt.
    """
    salt, cost = secrets.token_bytes(KEY_BYTES), scrypt_n if secret.kind == "passphrase" else None
    keys = _derive(secret.value, salt, cost)
    return keys, KeyDescription(kind=secret.kind, salt=salt.hex(), scrypt_n=cost, check=keys.check.hex())


def known_keys(secret: Secret, description: KeyDescription) -> Keys:
    """Derive the keys of a sealed scan again.

    Parameters
    ----------
    secret : Secret
    description : KeyDescription

    Returns
    -------
    Keys

    Raises
    ------
    UsageError
        Another kind of key than the scan was sealed with, or a wrong one.
    """
    names = {"passphrase": "a passphrase", "file": "a key file"}
    if secret.kind != description.kind:
        raise UsageError(f"sealed with {names[description.kind]}, not with {names[secret.kind]}")
    keys = _derive(secret.value, bytes.fromhex(description.salt), description.scrypt_n)
    if not hmac.compare_digest(keys.check, bytes.fromhex(description.check)):
        what = {"passphrase": "passphrase", "file": "key file"}[secret.kind]
        raise UsageError(f"wrong {what}: it is not the one that the scan was sealed with")
    return keys


def _derive(value: bytes, salt: bytes, scrypt_n: int | None) -> Keys:
    try:
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF
        from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
    except ImportError as error:
        raise missing_extra(NO_LIBRARY, "blind") from error
    master = value if scrypt_n is None else Scrypt(salt, KEY_BYTES, scrypt_n, 8, 1).derive(value)

    def labelled(label: str) -> bytes:
        return bytes(HKDF(SHA256(), KEY_BYTES, salt, f"x17 sealed scan 1: {label}".encode()).derive(master))

    return Keys(labelled("encryption"), labelled("log"), labelled("check"))


NO_LIBRARY = "sealed scans need the library cryptography"
