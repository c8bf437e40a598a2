"""Commitments: a hash that fixes a content now and shows nothing of it until its salt is shown."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from typing import Any

from x17.scan import EnergyScan

SALT_BYTES = 32
"""A count is one of some ten thousand: without a salt its hash would be found by trying."""


def new_salt() -> bytes:
    """Random bytes for one commitment."""
    return secrets.token_bytes(SALT_BYTES)


def commitment(salt: bytes, content: str) -> str:
    """SHA-256 of the salt followed by the content.

    Parameters
    ----------
    salt : bytes
    content : str

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    return hashlib.sha256(salt + content.encode()).hexdigest()


def holds(digest: str, salt: bytes, content: str) -> bool:
    """Whether a content is the one that was committed to.

    Parameters
    ----------
    digest : str
    salt : bytes
    content : str

    Returns
    -------
    bool
    """
    return hmac.compare_digest(digest, commitment(salt, content))


def scan_content(scan: EnergyScan) -> str:
    """The whole of a scan as one text: its CSV, a NUL, its TOML.

    Parameters
    ----------
    scan : EnergyScan

    Returns
    -------
    str
    """
    return scan.to_csv_text() + "\0" + scan.to_toml_text()


def settings_content(settings: Mapping[str, Any]) -> str:
    """Settings as one text that does not depend on the order of their keys.

    Parameters
    ----------
    settings : mapping
        A plain tree.

    Returns
    -------
    str
    """
    return json.dumps(settings, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
