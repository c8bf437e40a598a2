import errno
import json
from pathlib import Path

import pytest

from x17.errors import UsageError, X17Error
from x17.report.files import check_file, check_folder, previous_identity, write_folder, write_text


def fill(identity: str, *names: str):
    def write(target: Path) -> None:
        for name in names:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            write_text(target / name, identity)
        document = {"identity": identity, "files": [*names, "provenance.json"]}
        write_text(target / "provenance.json", json.dumps(document))

    return write


def names_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_new_folder_appears_at_once_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "results"
    write_folder(folder, fill("one", "a.csv", "figures/b.png"))
    assert names_in(folder) == {"a.csv", "figures/b.png", "provenance.json"}
    assert previous_identity(folder) == "one"
    assert [path.name for path in folder.parent.iterdir()] == ["results"]


def test_earlier_results_are_exchanged_as_a_whole(tmp_path: Path) -> None:
    folder = tmp_path / "results"
    write_folder(folder, fill("one", "a.csv", "old.svg"))
    write_folder(folder, fill("two", "a.csv"))
    assert names_in(folder) == {"a.csv", "provenance.json"}
    assert (folder / "a.csv").read_text() == "two"
    assert [path.name for path in tmp_path.iterdir()] == ["results"]


def test_other_files_in_the_folder_are_kept(tmp_path: Path) -> None:
    folder = tmp_path / "results"
    write_folder(folder, fill("one", "a.csv", "old.svg"))
    (folder / "my notes.txt").write_text("mine")
    write_folder(folder, fill("two", "a.csv", "figures/c.png"))
    assert names_in(folder) == {"a.csv", "figures/c.png", "my notes.txt", "provenance.json"}
    assert (folder / "a.csv").read_text() == "two"


def test_a_record_with_foreign_paths_removes_nothing_outside(tmp_path: Path) -> None:
    outside = tmp_path / "precious.txt"
    outside.write_text("mine")
    folder = tmp_path / "results"
    folder.mkdir()
    (folder / "other.txt").write_text("mine too")
    write_text(folder / "provenance.json", json.dumps({"identity": "x", "files": ["../precious.txt"]}))
    write_folder(folder, fill("two", "a.csv"))
    assert outside.exists()
    assert (folder / "other.txt").exists()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_one_sentence_and_changes_nothing(tmp_path: Path, code: int) -> None:
    folder = tmp_path / "results"
    write_folder(folder, fill("one", "a.csv"))

    def full(target: Path) -> None:
        write_text(target / "a.csv", "half")
        raise OSError(code, "No space left on device")

    with pytest.raises(X17Error, match=r"disk is full.*nothing was changed") as caught:
        write_folder(folder, full)
    assert caught.value.exit_code == 1
    assert (folder / "a.csv").read_text() == "one"
    assert [path.name for path in tmp_path.iterdir()] == ["results"]


def test_an_interrupt_leaves_the_earlier_results(tmp_path: Path) -> None:
    folder = tmp_path / "results"
    write_folder(folder, fill("one", "a.csv"))

    def interrupted(target: Path) -> None:
        write_text(target / "a.csv", "half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_folder(folder, interrupted)
    assert (folder / "a.csv").read_text() == "one"
    assert [path.name for path in tmp_path.iterdir()] == ["results"]


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(X17Error, match="cannot be written"):
        write_folder(file / "results", fill("one", "a.csv"))


def test_folder_check(tmp_path: Path) -> None:
    folder = tmp_path / "results"
    check_folder(folder, "one", force=False)  # not there yet
    folder.mkdir()
    check_folder(folder, "one", force=False)  # empty
    (folder / "a.txt").write_text("")
    with pytest.raises(UsageError, match="not results of x17"):
        check_folder(folder, "one", force=False)
    check_folder(folder, "one", force=True)
    write_folder(folder, fill("one", "a.csv"))
    check_folder(folder, "one", force=False)
    with pytest.raises(UsageError, match=r"another input or of other options.*--force"):
        check_folder(folder, "two", force=False)
    with pytest.raises(UsageError, match="is a file"):
        check_folder(folder / "a.txt", "one", force=True)


@pytest.mark.parametrize("content", ["", "[]", "not json", '{"identity": 3}'])
def test_a_damaged_record_is_no_record(tmp_path: Path, content: str) -> None:
    write_text(tmp_path / "provenance.json", content)
    assert previous_identity(tmp_path) is None


def test_a_file_is_replaced_only_by_force(tmp_path: Path) -> None:
    path = tmp_path / "scan.csv"
    check_file(path, force=False)
    path.write_text("mine")
    with pytest.raises(UsageError, match="exists; name another file, or use --force to replace it"):
        check_file(path, force=False)
    check_file(path, force=True)
    with pytest.raises(UsageError, match="is a folder; name a file"):
        check_file(tmp_path, force=True)
