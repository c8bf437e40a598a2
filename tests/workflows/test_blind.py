"""Sealing, testing, opening and proving, as the commands do it; with a key file, so that nothing waits."""

import json
import os
from pathlib import Path

import pytest

from x17.blinding.keys import Secret
from x17.errors import InputError, UsageError, X17Error
from x17.scan import EnergyScan
from x17.workflows.blind_check import check_sealed
from x17.workflows.blind_keys import find_secret
from x17.workflows.blind_log import read_log
from x17.workflows.blind_open import open_sealed, settings_text
from x17.workflows.blind_seal import seal_scan
from x17.workflows.search_settings import SearchSettings, resolve_settings, settings_of

SECRET = Secret.key_text("ab" * 32, "key")
DEFAULT = SearchSettings()
STRICT = resolve_settings(assignments=["sideband.min_chi2_probability=0.9"])


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sealed(points: str = "auto", settings: SearchSettings = DEFAULT, out: str = "a.sealed") -> Path:
    return seal_scan("padme-run3", points, settings, SECRET, out=Path(out)).sealed


def details(path: Path) -> list[dict[str, object]]:
    lines = path.with_name(path.name + ".log").read_text().splitlines()
    return [json.loads(line)["details"] for line in lines]


def test_from_sealing_to_the_proof() -> None:
    path = sealed()
    check = check_sealed(path, SECRET)
    assert check.document["passed"]
    assert check.document["masked_mev"] == pytest.approx([16.764, 16.982], abs=1e-3)
    assert check.folder is not None
    assert {file.name for file in check.folder.rglob("*.*")} >= {"check.json", "sideband.csv", "pulls.svg"}
    assert len((check.folder / "sideband.csv").read_text().splitlines()) == 33
    assert check.document["ties_mev"] is None, "they tell of masked points"
    run = open_sealed(path, SECRET)
    assert len(run.document["ties_mev"]) == 1
    assert EnergyScan.load(run.csv) == EnergyScan.load("padme-run3")
    log = read_log(path, SECRET, str(run.csv))
    assert log.proved
    assert [entry.event for entry in log.entries] == ["sealed", "checked", "opened"]
    assert details(path)[-1]["override"] is None
    assert resolve_settings(config=run.settings) == DEFAULT


def test_another_scan_is_not_proved() -> None:
    path = sealed()
    with pytest.raises(UsageError, match="the scan was not opened yet"):
        read_log(path, None, "padme-run3")
    csv = open_sealed(path, SECRET).csv
    csv.write_text(csv.read_text().replace("27089.81116", "27089.81117"))
    with pytest.raises(InputError, match="not the scan that was sealed: table or metadata differ"):
        read_log(path, None, str(csv))


def test_a_failed_criterion_keeps_it_closed(place: Path) -> None:
    path = sealed(settings=STRICT)
    check = check_sealed(path, SECRET)
    assert check.folder is None
    assert not (place / "results").exists()
    assert check.document["masked_mev"] is None
    with pytest.raises(
        X17Error, match=r"not opened: criterion \(i\) chi2 probability failed; the attempt is in"
    ):
        open_sealed(path, SECRET)
    assert not list(place.glob("*.csv"))
    assert [entry.event for entry in read_log(path).entries] == ["sealed", "checked", "refused"]
    shown = (place / "a.sealed.log").read_text() + json.dumps(check.document)
    for number in ("0.74", "0.75", "24.4", "16.76", "16.98", "1.0116"):
        assert number not in shown


def test_an_override_stays_in_the_log() -> None:
    path = sealed(settings=STRICT)
    with pytest.raises(UsageError, match="--override is empty; allowed: the reason, in a sentence"):
        open_sealed(path, SECRET, override="  ")
    run = open_sealed(path, SECRET, override="the review board asks for it")
    assert run.document["override"] == "the review board asks for it"
    assert details(path)[-1]["override"] == "the review board asks for it"
    assert read_log(path, SECRET, str(run.csv)).proved


def test_an_override_that_is_not_needed_is_none() -> None:
    assert open_sealed(sealed(), SECRET, override="in case").document["override"] is None


def test_settings_are_fixed() -> None:
    path = sealed(settings=STRICT)
    check_sealed(path, SECRET, STRICT)
    other = resolve_settings(assignments=["sideband.min_chi2_probability=0.1", "model.window_size=8"])
    for call in (check_sealed, open_sealed):
        with pytest.raises(UsageError, match=r"others: model\.window_size, sideband\.min_chi2_probability"):
            call(path, SECRET, other)
    assert len(read_log(path).entries) == 2


def test_replayed_files_are_refused() -> None:
    path, log = sealed(), Path("a.sealed.log")
    first, first_log = path.read_bytes(), log.read_bytes()
    check = check_sealed(path, SECRET)
    log.write_bytes(first_log)
    with pytest.raises(InputError, match="has 1 entries, the sealed scan knows of 2: shortened, or older"):
        open_sealed(path, SECRET)
    # Both files put back together agree; only a hash that was written down elsewhere tells.
    path.write_bytes(first)
    assert read_log(path, SECRET).proved is None
    with pytest.raises(InputError, match="no entry has this hash: both files were put back"):
        read_log(path, SECRET, known_hash=check.document["log_head"])


def test_a_missing_log() -> None:
    path = sealed()
    Path("a.sealed.log").unlink()
    with pytest.raises(UsageError, match=r"a\.sealed\.log: the log of the sealed scan is not beside it"):
        check_sealed(path, SECRET)


def test_nothing_is_replaced() -> None:
    path = sealed()
    before = path.read_bytes()
    with pytest.raises(UsageError, match=r"a\.sealed: exists already and is not replaced"):
        sealed()
    assert path.read_bytes() == before
    Path("a-opened.toml").write_text("")
    with pytest.raises(UsageError, match=r"a-opened\.toml: exists already"):
        open_sealed(path, SECRET)
    assert len(read_log(path).entries) == 1, "nothing was opened"


def test_bad_requests() -> None:
    with pytest.raises(UsageError, match="--points is 'all'; allowed: LO:HI"):
        sealed("all")
    with pytest.raises(UsageError, match="neither a CSV nor a TOML"):
        sealed(out="a.csv")
    with pytest.raises(UsageError, match="is a sealed scan already"):
        seal_scan(str(sealed()), "auto", DEFAULT, SECRET)
    with pytest.raises(UsageError, match="far from every energy point"):
        sealed(settings=resolve_settings(assignments=["search.masses=3:4:1"]), out="b.sealed")
    assert not Path("b.sealed").exists()


def test_a_window_is_tested_without_its_counts() -> None:
    check = check_sealed(sealed("16.76:16.99"), SECRET, out=Path("check"))
    assert check.document["passed"]
    assert check.document["masked_mev"] == pytest.approx([16.764, 16.982], abs=1e-3)


def test_constants_that_were_set_are_used() -> None:
    settings = resolve_settings(assignments=["model.window_size=6", "model.k_shape=constant"])
    check = check_sealed(sealed(settings=settings), SECRET)
    side = check.verdict.sideband
    assert side.sqrt_s_mev.size == 36
    assert side.line.slope == 0.0


def test_settings_survive_their_text() -> None:
    odd = resolve_settings(
        assignments=["search.without=['ageing']", "significance.windows=['16.6:17.2']", "limit.seed=7"]
    )
    Path("s.toml").write_text(settings_text(odd.document()))
    assert resolve_settings(config=Path("s.toml")) == odd
    assert settings_of(json.loads(json.dumps(odd.document()))) == odd


def test_where_the_key_comes_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("X17_PASSPHRASE", raising=False)
    made = find_secret(Path("new.key"), None, None, new=True)
    assert find_secret(Path("new.key"), None, None) == made
    assert os.name == "nt" or Path("new.key").stat().st_mode & 0o077 == 0
    Path("words").write_text("correct horse\nbattery\n")
    assert find_secret(None, Path("words"), None) == Secret.passphrase("correct horse")
    assert find_secret(None, None, lambda: "asked for it") == Secret.passphrase("asked for it")
    with pytest.raises(UsageError, match=r"standard input is not a terminal.*--key-file, --passphrase-file"):
        find_secret(None, None, None)
    monkeypatch.setenv("X17_PASSPHRASE", "correct horse")
    assert find_secret(None, None, None) == Secret.passphrase("correct horse")
    with pytest.raises(UsageError, match="allowed: one of them"):
        find_secret(Path("new.key"), Path("words"), None)
    with pytest.raises(UsageError, match="--key-file absent: cannot be read: No such file"):
        find_secret(Path("absent"), None, None)
