"""Names, paths and files: what `load` and `write` do with them."""

import os
import stat
from pathlib import Path

import pytest

from x17.errors import InputError, UsageError
from x17.scan import EnergyScan

Texts = tuple[str, str]


@pytest.fixture
def folder(tmp_path: Path, shipped_files: Texts) -> Path:
    (tmp_path / "mine.csv").write_text(shipped_files[0], "utf-8")
    (tmp_path / "mine.toml").write_text(shipped_files[1], "utf-8")
    return tmp_path


def test_csv_and_toml_paths_give_the_same(folder: Path, shipped: EnergyScan) -> None:
    assert EnergyScan.load(folder / "mine.csv") == shipped
    assert EnergyScan.load(str(folder / "mine.toml")) == shipped


def test_csv_alone(folder: Path) -> None:
    (folder / "mine.toml").unlink()
    scan = EnergyScan.load(folder / "mine.csv")
    assert scan.name == "mine"
    assert scan.repairs == ()
    assert len(scan.notes) == 2


def test_unknown_name() -> None:
    with pytest.raises(UsageError, match=r"'padme' is neither a file nor a shipped scan.*padme-run3"):
        EnergyScan.load("padme")


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b", "nowhere/at/all.csv", "mine.csv/deeper.csv"])
def test_names_that_no_file_has(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    with pytest.raises(UsageError, match="neither a file") as caught:
        EnergyScan.load(name)
    assert len(str(caught.value)) < 400


def test_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a folder"):
        EnergyScan.load(tmp_path)


def test_toml_without_its_table(folder: Path) -> None:
    (folder / "mine.csv").unlink()
    with pytest.raises(InputError, match=r"mine\.csv, is not beside it"):
        EnergyScan.load(folder / "mine.toml")


def test_errors_name_the_file(folder: Path) -> None:
    (folder / "mine.toml").write_text("colour = 1", "utf-8")
    with pytest.raises(InputError) as caught:
        EnergyScan.load(folder / "mine.csv")
    assert caught.value.source == str(folder / "mine.toml")
    (folder / "mine.toml").unlink()
    (folder / "mine.csv").write_text("", "utf-8")
    with pytest.raises(InputError) as caught:
        EnergyScan.load(folder / "mine.csv")
    assert caught.value.source == str(folder / "mine.csv")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file(folder: Path) -> None:
    (folder / "mine.csv").chmod(0)
    with pytest.raises(InputError, match="cannot be read"):
        EnergyScan.load(folder / "mine.csv")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(InputError, match="not a regular file"):
        EnergyScan.load(tmp_path / "pipe.csv")


def test_huge_file(tmp_path: Path) -> None:
    with (tmp_path / "huge.csv").open("wb") as stream:
        stream.truncate(9_000_000)
    with pytest.raises(InputError, match="larger than 8 MB"):
        EnergyScan.load(tmp_path / "huge.csv")


def test_file_name_that_is_not_utf8(tmp_path: Path, shipped_files: Texts) -> None:
    path = os.fsencode(tmp_path) + b"/s\xff.csv"
    try:
        Path(os.fsdecode(path)).write_text(shipped_files[0], "utf-8")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert EnergyScan.load(os.fsdecode(path)).name == "s?"


def test_write_replaces_and_leaves_nothing_else(folder: Path, shipped: EnergyScan) -> None:
    csv, toml = shipped.write(folder / "mine.csv")
    assert (csv, toml) == (folder / "mine.csv", folder / "mine.toml")
    assert sorted(p.name for p in folder.iterdir()) == ["mine.csv", "mine.toml"]
    assert csv.read_text("utf-8") == shipped.to_csv_text()
    assert toml.read_text("utf-8") == shipped.to_toml_text()


def test_written_files_have_the_usual_permissions(tmp_path: Path, shipped: EnergyScan) -> None:
    (tmp_path / "other").write_text("")
    csv, _ = shipped.write(tmp_path / "mine.csv")
    assert stat.S_IMODE(csv.stat().st_mode) == stat.S_IMODE((tmp_path / "other").stat().st_mode)


def test_write_needs_csv(tmp_path: Path, shipped: EnergyScan) -> None:
    with pytest.raises(UsageError, match=r"must end in \.csv"):
        shipped.write(tmp_path / "mine.toml")


def test_write_to_nowhere(tmp_path: Path, shipped: EnergyScan) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        shipped.write(tmp_path / "nowhere" / "mine.csv")


def test_a_failed_write_keeps_the_old_files(
    folder: Path, shipped: EnergyScan, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (folder / "mine.csv").read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UsageError, match="No space left on device"):
        shipped.write(folder / "mine.csv")
    assert (folder / "mine.csv").read_bytes() == before
    assert sorted(p.name for p in folder.iterdir()) == ["mine.csv", "mine.toml"]


def test_a_mistyped_name_is_answered_with_the_nearest(folder: Path) -> None:
    with pytest.raises(UsageError, match=r"did you mean padme-run3\?"):
        EnergyScan.load("padme-rum3")
    with pytest.raises(UsageError, match=r"did you mean \S*mine\.csv\?"):
        EnergyScan.load(folder / "mime.csv")


def test_a_folder_of_results_names_its_scan(folder: Path) -> None:
    (folder / "mine.csv").rename(folder / "input.csv")
    with pytest.raises(UsageError, match=r"is a folder; .*the scan of these results is \S*input\.csv"):
        EnergyScan.load(folder)
