"""Authenticated encryption of what is sealed: AES-256 in Galois/counter mode (NIST SP 800-38D)."""

from __future__ import annotations

import base64
import binascii
import secrets
from typing import TYPE_CHECKING

from x17.blinding.keys import NO_LIBRARY, Keys
from x17.errors import InputError, Problem, missing_extra
from x17.scan.sealed_file import ADVICE, SealedFile

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
_LINE = 76


def close(file: SealedFile, content: bytes, keys: Keys) -> SealedFile:
    """Encrypt a content under a new nonce, bound to everything else in the file.

    Parameters
    ----------
    file : SealedFile
        Whatever it has sealed before is replaced.
    content : bytes
    keys : Keys

    Returns
    -------
    SealedFile

    Raises
    ------
    UsageError
        The library is missing.
    """
    nonce = secrets.token_bytes(NONCE_BYTES)
    bound = file.model_copy(update={"nonce": nonce.hex()})
    sealed = _cipher(keys).encrypt(nonce, content, bound.associated_data())
    text = base64.b64encode(sealed).decode()
    return bound.model_copy(update={"sealed": [text[k : k + _LINE] for k in range(0, len(text), _LINE)]})


def disclose(source: str, file: SealedFile, keys: Keys) -> bytes:
    """Decrypt what is sealed, in memory.

    Parameters
    ----------
    source : str
        The file, as the user named it.
    file : SealedFile
    keys : Keys

    Returns
    -------
    bytes

    Raises
    ------
    InputError
        The ciphertext or what it is bound to was changed.
    UsageError
        The library is missing.
    """
    cipher = _cipher(keys)
    from cryptography.exceptions import InvalidTag

    try:
        sealed = base64.b64decode("".join(file.sealed), validate=True)
        return cipher.decrypt(bytes.fromhex(file.nonce), sealed, file.associated_data())
    except (InvalidTag, binascii.Error, ValueError) as error:
        what = "edited: the sealed part does not belong to the rest of the file"
        raise InputError(source, [Problem(what)], ADVICE) from error


def _cipher(keys: Keys) -> AESGCM:
    try:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    except ImportError as error:
        raise missing_extra(NO_LIBRARY, "blind") from error
    return AESGCM(keys.encryption)
