"""What is sealed stays closed, comes back exactly, and cannot be tampered with."""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given, settings
from hypothesis import strategies as st

from x17.blinding.keys import Secret
from x17.blinding.sealing import Unsealed, unseal
from x17.errors import InputError, UsageError, X17Error
from x17.scan import EnergyScan
from x17.scan.sealed_file import SealedFile, parse_sealed

Sealer = Callable[..., Unsealed]
Texts = tuple[bytes, bytes]


def reopened(texts: Texts, secret: Secret) -> Unsealed:
    return unseal("s.sealed", texts[0], "s.sealed.log", texts[1], secret)


def test_comes_back_exactly(sealed: Unsealed, texts: Texts, shipped: EnergyScan, secret: Secret) -> None:
    back = reopened(texts, secret)
    assert back.scan == shipped
    assert back.file.text() == sealed.file.text()
    assert back.log == sealed.log
    np.testing.assert_array_equal(back.hidden, sealed.hidden)


@pytest.mark.parametrize("window", [None, (16.5, 16.7)])
def test_a_plain_table_comes_back_too(sealer: Sealer, secret: Secret, window: tuple[float, float]) -> None:
    """No columns but the required ones, no published constraint on K, text that needs escapes, notes."""
    n = 20
    scan = EnergyScan.from_columns(
        {
            "sqrt_s_mev": np.linspace(16.4, 17.3, n),
            "n2": np.linspace(2e4, 3e4, n) / 3.0,
            "n_pot": np.full(n, 7e9),
            "background_per_pot": np.full(n, 3.6e-6),
            "signal_efficiency": np.full(n, 0.09),
        },
        name='a "plain" \\ täble',
        notes=("N2 of the first point is 6666.67", "—"),
    )
    made = sealer(window, scan)
    log = "".join(entry.line() for entry in made.log).encode()
    assert reopened((made.file.text().encode(), log), secret).scan == scan
    assert "first point" not in made.file.text(), "anything may stand in a note"


@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@settings(max_examples=150, deadline=None)
def test_any_bit_flipped_in_the_sealed_scan_is_refused(
    texts: Texts, secret: Secret, place: float, bit: int
) -> None:
    content = bytearray(texts[0])
    content[int(place * len(content))] ^= 1 << bit
    with pytest.raises(InputError, match=r"s\.sealed"):
        reopened((bytes(content), texts[1]), secret)
    with pytest.raises(InputError):  # and without the key too
        parse_sealed("s.sealed", bytes(content))


@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@settings(max_examples=100, deadline=None)
def test_any_bit_flipped_in_the_log_is_refused(texts: Texts, secret: Secret, place: float, bit: int) -> None:
    content = bytearray(texts[1])
    content[int(place * len(content))] ^= 1 << bit
    with pytest.raises(InputError, match=r"s\.sealed\.log"):
        reopened((texts[0], bytes(content)), secret)


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_other_order_or_number_of_lines_is_refused(
    texts: Texts, secret: Secret, data: st.DataObject
) -> None:
    lines = texts[1].splitlines(keepends=True)
    chosen = data.draw(st.lists(st.integers(0, len(lines) - 1), max_size=5).filter(lambda k: k != [0, 1, 2]))
    with pytest.raises(InputError):
        reopened((texts[0], b"".join(lines[k] for k in chosen)), secret)


@pytest.mark.parametrize("cut", [1, 200])
def test_a_shortened_file_is_refused(texts: Texts, secret: Secret, cut: int) -> None:
    with pytest.raises(InputError):
        reopened((texts[0][:-cut], texts[1]), secret)
    with pytest.raises(InputError):
        reopened((texts[0], texts[1][:-cut]), secret)


def forged(texts: Texts, **changes: object) -> bytes:
    """The sealed scan with fields changed and its checksum made right, as someone who knows x17 would."""
    file = parse_sealed("f", texts[0])
    return SealedFile.model_validate({**file.model_dump(), **changes}).text().encode()


def test_a_mended_checksum_does_not_help(texts: Texts, secret: Secret) -> None:
    file = parse_sealed("f", texts[0])
    csv = [line.replace("7177496037.0", "7177496038.0") for line in file.scan.csv]
    for changes in (
        {"settings": {"sideband": {"min_chi2_probability": 0.001}}},
        {"points": "16.76:16.98"},
        {"scan": {"toml": file.scan.toml, "csv": csv}},
        {"sealed_at": "2025-01-01"},
        {"sealed": [*file.sealed[:-1], file.sealed[-1][::-1]]},
        {"sealed": file.sealed[:-1]},
        {"nonce": "0" * 24},
    ):
        with pytest.raises(InputError, match="edited: the sealed part does not belong to the rest"):
            reopened((forged(texts, **changes), texts[1]), secret)


def test_a_shortened_log_does_not_pass_with_a_mended_state(
    sealed: Unsealed, texts: Texts, secret: Secret
) -> None:
    """The state of the log is bound to the ciphertext: nobody without the key can set it back."""
    earlier = {"entries": 2, "head": sealed.log[1].hash}
    lines = texts[1].splitlines(keepends=True)
    with pytest.raises(InputError, match="edited"):
        reopened((forged(texts, log=earlier), b"".join(lines[:2])), secret)
    with pytest.raises(InputError, match="has 2 entries, the sealed scan knows of 3: shortened, or older"):
        reopened((texts[0], b"".join(lines[:2])), secret)


def test_the_log_of_another_sealed_scan(sealer: Sealer, texts: Texts, secret: Secret) -> None:
    other = sealer().with_entry("a", "checked", {}).with_entry("b", "checked", {})
    log = "".join(entry.line() for entry in other.log).encode()
    with pytest.raises(InputError, match="belongs to another sealed scan, or to another history"):
        reopened((texts[0], log), secret)


def test_an_entry_added_by_hand(texts: Texts, sealed: Unsealed, secret: Secret) -> None:
    """With its chain right, but without the key."""
    from x17.blinding.keys import new_keys
    from x17.blinding.log import next_entry

    stranger, _ = new_keys(Secret.key_text("cd" * 32, "k"))
    entry = next_entry(sealed.log, "2026-01-04", "opened", {}, stranger)
    with pytest.raises(InputError, match="line 4: its signature is not from the key"):
        reopened((texts[0], texts[1] + entry.line().encode()), secret)


def test_an_interrupted_run_is_taken_in(sealed: Unsealed, texts: Texts, secret: Secret) -> None:
    """A signed entry that the sealed scan does not know of yet: only the log was written."""
    later = sealed.with_entry("2026-01-04", "checked", {})
    log = texts[1] + later.log[-1].line().encode()
    back = reopened((texts[0], log), secret)
    assert len(back.log) == 4
    assert back.with_entry("2026-01-05", "checked", {}).file.log.entries == 5


def test_another_program_can_read_it(sealed: Unsealed, texts: Texts, shipped: EnergyScan) -> None:
    """Written down from the reference page, with nothing of x17 but the expected table."""
    document = json.loads(texts[0])

    def text(**emptied: object) -> bytes:
        return (json.dumps(document | emptied, indent=1, ensure_ascii=False) + "\n").encode()

    assert document["checksum"] == hashlib.sha256(text(checksum="")).hexdigest()
    salt = bytes.fromhex(document["key"]["salt"])
    key = HKDF(SHA256(), 32, salt, b"x17 sealed scan 1: encryption").derive(bytes.fromhex("ab" * 32))
    content = AESGCM(key).decrypt(
        bytes.fromhex(document["nonce"]),
        base64.b64decode("".join(document["sealed"])),
        text(sealed=[], checksum=""),
    )
    inside = json.loads(content)
    n2 = np.frombuffer(base64.b64decode(inside["columns"]["n2"]), "<f8")
    np.testing.assert_array_equal(n2, shipped.n2[sealed.hidden])
    whole = shipped.to_csv_text() + "\0" + shipped.to_toml_text()
    digest = hashlib.sha256(bytes.fromhex(inside["scan_salt"]) + whole.encode()).hexdigest()
    assert document["commitments"]["scan"] == digest
    settings = json.dumps(document["settings"], sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(bytes.fromhex(inside["settings_salt"]) + settings.encode()).hexdigest()
    assert document["commitments"]["settings"] == digest


def test_a_wrong_key(texts: Texts) -> None:
    with pytest.raises(UsageError, match="wrong key file"):
        reopened(texts, Secret.key_text("cd" * 32, "k"))


@given(seed=st.integers(0, 2**32 - 1), scale=st.sampled_from([1e-3, 0.1, 1.0]))
@settings(max_examples=15, deadline=None)
@pytest.mark.parametrize("window", [None, (16.76, 16.99)])
def test_what_is_open_does_not_depend_on_what_is_sealed(
    sealer: Sealer, shipped: EnergyScan, window: tuple[float, float] | None, seed: int, scale: float
) -> None:
    """Two scans that differ in sealed numbers only: the same text but for random bytes, no longer."""
    rng = np.random.default_rng(seed)
    hidden = sealer(window).hidden
    n2 = np.where(hidden, shipped.n2 * np.exp(scale * rng.standard_normal(hidden.size)) + 1.0, shipped.n2)
    error = np.where(hidden, 0.9 * shipped.brems_subtraction_err, shipped.brems_subtraction_err)
    constants = shipped.constants
    assert constants.k_constraint is not None
    k = replace(constants.k_constraint, k_constant=float(1 + 1e-3 * rng.standard_normal()))
    other = replace(
        shipped,
        n2=n2,
        n2_err=np.where(hidden, np.sqrt(n2), shipped.n2_err),
        brems_subtraction_err=error,
        constants=replace(constants, k_constraint=k),
    )
    one, two = (json.loads(sealer(window, scan).file.text()) for scan in (shipped, other))
    assert [len(line) for line in one["sealed"]] == [len(line) for line in two["sealed"]]
    for document in (one, two):
        for key in ("commitments", "key", "log", "nonce", "sealed", "checksum"):
            del document[key]
    assert one == two


def test_the_same_scan_never_gives_the_same_commitment(sealer: Sealer) -> None:
    """A count is one of some ten thousand: without a salt its hash would be found by trying."""
    one, two = sealer(), sealer()
    assert one.file.commitments.scan != two.file.commitments.scan
    assert one.file.commitments.settings != two.file.commitments.settings
    assert len(one.secret.scan_salt) == len(one.secret.settings_salt) == 32
    assert one.secret.scan_salt.hex() not in one.file.text()


@pytest.mark.parametrize(
    ("window", "message"),
    [
        ((15.0, 15.1), "--points 15:15.1: no searched energy point is inside.*16.386 to 17.402"),
        ((16.3, 17.3), "leaves 5 searched points open, 13 are needed.*auto"),
    ],
)
def test_points_that_cannot_be_sealed(sealer: Sealer, window: tuple[float, float], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        sealer(window)


def test_all_points_of_a_range_are_sealed_whether_searched_or_not(
    sealer: Sealer, shipped: EnergyScan
) -> None:
    made = sealer((17.35, 17.6))
    assert set(shipped.scan_part[made.hidden]) == {-1, 0, 1}


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"\xff", b"{" * 100_000, b'{"format": "x17-sealed-scan"}']
)
def test_what_is_no_sealed_scan(texts: Texts, secret: Secret, content: bytes) -> None:
    with pytest.raises(X17Error, match=r"s\.sealed"):
        reopened((content, texts[1]), secret)
    with pytest.raises(InputError, match=r"s\.sealed\.log"):
        reopened((texts[0], content), secret)
