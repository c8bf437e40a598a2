import hashlib
import hmac
import sys

import pytest

from x17.blinding.keys import Secret, known_keys, new_key_text, new_keys
from x17.errors import UsageError


def hkdf(master: bytes, salt: bytes, info: bytes) -> bytes:
    """RFC 5869 for one block of output, written down from the RFC."""
    extracted = hmac.new(salt, master, hashlib.sha256).digest()
    return hmac.new(extracted, info + b"\x01", hashlib.sha256).digest()


def test_a_passphrase_goes_through_scrypt_and_hkdf() -> None:
    """Python's own scrypt and HKDF from the RFC give the same keys."""
    keys, description = new_keys(Secret.passphrase("correct horse"), 2**10)
    salt = bytes.fromhex(description.salt)
    master = hashlib.scrypt(b"correct horse", salt=salt, n=2**10, r=8, p=1, dklen=32)
    assert keys.encryption == hkdf(master, salt, b"x17 sealed scan 1: encryption")
    assert keys.log == hkdf(master, salt, b"x17 sealed scan 1: log")
    assert keys.check == hkdf(master, salt, b"x17 sealed scan 1: check")
    assert len({keys.encryption, keys.log, keys.check}) == 3


@pytest.mark.parametrize("secret", [Secret.passphrase("correct horse"), Secret.key_text("0f" * 32, "k")])
def test_the_same_secret_gives_the_same_keys(secret: Secret) -> None:
    keys, description = new_keys(secret, 2**10)
    assert known_keys(secret, description) == keys
    other, _ = new_keys(secret, 2**10)
    assert other != keys, "the salt is new each time"


def test_a_wrong_secret_is_told_apart() -> None:
    _, description = new_keys(Secret.passphrase("correct horse"), 2**10)
    with pytest.raises(UsageError, match="wrong passphrase"):
        known_keys(Secret.passphrase("correct house"), description)
    with pytest.raises(UsageError, match="sealed with a passphrase, not with a key file"):
        known_keys(Secret.key_text("0f" * 32, "k"), description)
    _, description = new_keys(Secret.key_text("0f" * 32, "k"))
    with pytest.raises(UsageError, match="wrong key file"):
        known_keys(Secret.key_text("1f" * 32, "k"), description)


@pytest.mark.parametrize("text", ["", "abc", "0g" * 32, "0f" * 33, "0f" * 31 + "\n0f"])
def test_what_is_no_key_file(text: str) -> None:
    with pytest.raises(UsageError, match=r"my\.key: not a key file; allowed: 64 hexadecimal digits"):
        Secret.key_text(text, "my.key")


def test_a_new_key_file_can_be_read() -> None:
    assert Secret.key_text(new_key_text(), "k") != Secret.key_text(new_key_text(), "k")


def test_a_short_passphrase() -> None:
    with pytest.raises(UsageError, match="has 7 characters; allowed: 8 or more"):
        Secret.passphrase("1234567")


def test_nothing_secret_is_shown_by_repr() -> None:
    secret = Secret.passphrase("correct horse")
    keys, _ = new_keys(secret, 2**10)
    assert "horse" not in repr(secret)
    assert str(keys.encryption) not in repr(keys)


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.kdf.hkdf", None)
    with pytest.raises(UsageError, match=r"need the library cryptography: .*pip install .*\[blind\]'"):
        new_keys(Secret.key_text("0f" * 32, "k"))
