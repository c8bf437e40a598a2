import hashlib
import json

import pytest

from x17.blinding.keys import Keys, Secret, new_keys
from x17.blinding.log import FIRST, LogEntry, check_state, next_entry, parse_log, state
from x17.errors import InputError


@pytest.fixture(scope="module")
def keys() -> Keys:
    return new_keys(Secret.key_text("ab" * 32, "k"))[0]


@pytest.fixture(scope="module")
def log(keys: Keys) -> tuple[LogEntry, ...]:
    entries: list[LogEntry] = []
    for event, details in (("sealed", {"points": "auto"}), ("checked", {"é": [1.5, None]}), ("opened", {})):
        entries.append(next_entry(entries, f"2026-01-0{len(entries) + 1}", event, details, keys))
    return tuple(entries)


def content(log: tuple[LogEntry, ...]) -> bytes:
    return "".join(entry.line() for entry in log).encode()


def test_comes_back(log: tuple[LogEntry, ...], keys: Keys) -> None:
    back = parse_log("l", content(log))
    assert back == log
    check_state("l", back, state(log))
    check_state("l", back, state(log), keys)


def test_a_hash_is_that_of_the_line_without_hash_and_signature(log: tuple[LogEntry, ...]) -> None:
    """As the reference page says, so that other programs can verify a log."""
    previous = FIRST
    for line in content(log).decode().splitlines():
        entry = json.loads(line)
        found = entry.pop("hash")
        entry.pop("signature")
        assert entry["previous"] == previous
        text = json.dumps(entry, ensure_ascii=False) + "\n"
        assert hashlib.sha256(text.encode()).hexdigest() == found
        previous = found


def test_a_log_longer_than_the_sealed_scan_knows(log: tuple[LogEntry, ...], keys: Keys) -> None:
    check_state("l", log, state(log[:2]), keys)
    with pytest.raises(InputError, match="has 3 entries, the sealed scan knows of 2"):
        check_state("l", log, state(log[:2]))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{}", "not an entry of a log"),
        ("[1]", "not an entry of a log"),
        ("nonsense", "not an entry of a log"),
        (
            '{"entry": 1, "time": 1, "event": "", "details": {}, '
            '"previous": "", "hash": "", "signature": ""}',
            "changed",
        ),
    ],
)
def test_lines_that_are_no_entries(line: str, message: str) -> None:
    with pytest.raises(InputError, match=f"line 1: {message}"):
        parse_log("l", line.encode() + b"\n")


def test_an_edited_reason_is_noticed(log: tuple[LogEntry, ...]) -> None:
    edited = content(log).replace(b"1.5", b"1.6")
    with pytest.raises(InputError, match="line 2: changed: its hash is not that of its content"):
        parse_log("l", edited)


def test_a_removed_entry_is_noticed(log: tuple[LogEntry, ...]) -> None:
    with pytest.raises(InputError, match="line 2: does not follow the entry before it"):
        parse_log("l", content((log[0], log[2])))
