"""Scans that are dropped: validated as on the command line, never executed, and only so many kept."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from x17.errors import InputError, X17Error
from x17.explorer import shelf as module
from x17.explorer.shelf import CAPACITY, MOST_POINTS, Shelf
from x17.scan import EnergyScan
from x17.scan.loading import LARGEST_FILE
from x17.workflows.explore import Choices, explore
from x17.workflows.search_settings import resolve_settings

HEADER = "sqrt_s_mev,n2,n_pot,background_per_pot,signal_efficiency\n"


def table(n: int = 16, n2: int = 25000) -> str:
    return HEADER + "".join(f"{16.4 + 0.05 * i:.2f},{n2 + i},7e9,3.6e-6,0.09\n" for i in range(n))


def with_cell(text: str) -> bytes:
    """`text` in the place of the count of the third point, in line 4."""
    lines = table().splitlines()
    cells = lines[3].split(",")
    lines[3] = ",".join([cells[0], text, *cells[2:]])
    return "\n".join([*lines, ""]).encode()


def refused(*files: tuple[str, bytes]) -> InputError:
    shelf = Shelf()
    with pytest.raises(InputError) as caught:
        shelf.put(files)
    assert not shelf._kept
    return caught.value


def test_a_csv_is_kept_with_its_fits() -> None:
    shelf = Shelf()
    name = shelf.put([("mine.csv", table().encode())])
    found = shelf.get(name)
    assert found is not None
    subject, fitted = found
    assert name == subject.scan.digest[:12]
    assert subject.scan.name == "mine"
    assert subject.settings == resolve_settings()
    assert subject.choices == fitted.choices == Choices()
    assert subject.toys is None
    again = explore(subject.scan, subject.settings, Choices())
    np.testing.assert_array_equal(fitted.limit, again.limit)


@pytest.mark.parametrize("backwards", [False, True])
def test_a_csv_with_its_toml_is_the_scan_of_both(backwards: bool) -> None:
    scan = EnergyScan.load("padme-run3")
    files = [("x.csv", scan.to_csv_text().encode()), ("x.toml", scan.to_toml_text().encode())]
    shelf = Shelf()
    found = shelf.get(shelf.put(files[::-1] if backwards else files))
    assert found is not None
    assert found[0].scan == scan


def test_the_same_scan_is_kept_once() -> None:
    shelf = Shelf()
    names = {shelf.put([(name, table().encode())]) for name in ("a.csv", "a.csv")}
    assert len(names) == len(shelf._kept) == 1


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "=cmd|' /C calc'!A0", "@SUM(1)", "+1+1", "-2+3", "__import__('os')", "=HYPERLINK(1)", "{{7*7}}"],
)
def test_a_formula_is_refused_with_its_place_as_on_the_command_line(
    cell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = refused(("mine.csv", with_cell(cell)))
    (problem,) = error.problems
    assert (problem.line, problem.column, problem.value) == (4, "n2", cell)
    assert problem.what == "not a number"
    assert f"line 4, column n2: not a number (found {cell!r})" in str(error)
    monkeypatch.chdir(tmp_path)
    Path("mine.csv").write_bytes(with_cell(cell))
    with pytest.raises(InputError) as command_line:
        EnergyScan.load("mine.csv")
    assert str(error) == str(command_line.value)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"\x00\x01\x02\xff\xfe" * 50,
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b"PK\x03\x04" + bytes(100),
        b"<html><script>alert(1)</script></html>",
        HEADER.encode(),
        HEADER.encode() + b"=1+1\n",
        b"=1+1,=2+2\n1,2\n",
        table().replace(",", ";").encode(),
        table(5).encode(),
        b'"' * 1000,
    ],
    ids=[
        *("empty", "blank", "binary", "png", "zip", "html", "header", "formula for a row"),
        *("formulas for a header", "semicolons", "too few points", "quotes"),
    ],
)
def test_what_is_no_scan_is_refused_as_on_the_command_line(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = refused(("mine.csv", content))
    assert error.advice
    monkeypatch.chdir(tmp_path)
    Path("mine.csv").write_bytes(content)
    with pytest.raises(InputError) as command_line:
        EnergyScan.load("mine.csv")
    assert str(error) == str(command_line.value)


def test_metadata_that_cannot_be_used_are_named() -> None:
    scan = EnergyScan.load("padme-run3")
    good = ("x.csv", scan.to_csv_text().encode())
    assert "no.toml" in str(refused(good, ("no.toml", b"a = = 1")))
    assert "no.toml" in str(refused(good, ("no.toml", b"\xff\xfe")))
    assert "no.toml" in str(refused(good, ("no.toml", b"[model]\nbeam_energy_spread = -1\n")))


TABLE, METADATA = ("a.csv", b""), ("a.toml", b"")


@pytest.mark.parametrize(
    ("files", "counted"),
    [
        ([], "nothing: 1 problem\n  0 tables and 0 TOML files"),
        ([TABLE, TABLE], "2 tables and 0 TOML files"),
        ([METADATA], "0 tables and 1 TOML files"),
        ([TABLE, METADATA, METADATA], "1 tables and 2 TOML files"),
    ],
    ids=["nothing", "two tables", "metadata alone", "metadata twice"],
)
def test_one_table_with_at_most_one_toml(files: Sequence[tuple[str, bytes]], counted: str) -> None:
    text = str(refused(*files))
    assert counted in text
    assert text.endswith("Drop one CSV, or a CSV together with its TOML.")


@pytest.mark.parametrize("name", ["big.csv", "big.toml"])
def test_a_file_that_is_too_large_is_not_read(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "build_scan", lambda *_: pytest.fail("was read"))
    other = ("other.csv", table().encode())
    assert "big" in str(refused(other, (name, b"0" * (LARGEST_FILE + 1))))
    assert "larger than 8 MB" in str(refused((name, b"0" * (LARGEST_FILE + 1))))


def test_a_scan_of_too_many_points_is_sent_to_the_command_line() -> None:
    rows = "".join(f"{16.4 + 1e-3 * i:.3f},25000,7e9,3.6e-6,0.09\n" for i in range(MOST_POINTS + 1))
    text = str(refused(("many.csv", (HEADER + rows).encode())))
    assert "1001 points; the page follows at most 1000" in text
    assert "x17 search" in text


def test_the_one_unused_for_longest_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "explore", lambda *_: None)
    shelf = Shelf()
    names = [shelf.put([("a.csv", table(n2=25000 + i).encode())]) for i in range(CAPACITY)]
    assert len(set(names)) == CAPACITY == 32
    assert all(shelf.get(name) for name in names)
    # The first is looked at, so that the second is the oldest now.
    assert shelf.get(names[0])
    shelf.put([("a.csv", table(n2=20000).encode())])
    assert shelf.get(names[1]) is None
    assert all(shelf.get(name) for name in (names[0], *names[2:]))
    assert len(shelf._kept) == CAPACITY


def test_a_scan_that_cannot_be_fitted_takes_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise X17Error("the fit without a boson failed")

    shelf = Shelf()
    with monkeypatch.context() as patched:
        patched.setattr(module, "explore", fails)
        with pytest.raises(X17Error, match="failed"):
            shelf.put([("a.csv", table().encode())])
    assert not shelf._kept


@pytest.mark.parametrize("name", ["", "nothing", "../../etc/passwd", "\0", "x" * 10_000])
def test_names_that_nobody_put_there(name: str) -> None:
    assert Shelf().get(name) is None


@pytest.mark.parametrize(
    ("name", "origin"),
    [
        ("../../../etc/passwd.csv", "passwd.csv"),
        ("/etc/cron.d/x.csv", "x.csv"),
        ("a\0b.csv", "a\0b.csv"),
        ("", "scan.csv"),
        ("..", ".."),
        ("x" * 500 + ".csv", "x" * 120),
    ],
)
def test_a_name_is_a_name_and_no_path(
    name: str, origin: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shelf = Shelf()
    found = shelf.get(shelf.put([(name, table().encode())]))
    assert found is not None
    assert found[0].origin == origin
    assert "/" not in found[0].scan.name
    assert not list(tmp_path.iterdir())


def test_a_name_with_html_is_kept_as_text() -> None:
    """The page shows it in a label, which is text; here nothing is taken from it."""
    shelf = Shelf()
    name = "<img src=x onerror=alert(1)>.csv"
    found = shelf.get(shelf.put([(name, table().encode())]))
    assert found is not None
    assert found[0].scan.name == "<img src=x onerror=alert(1)>"
    assert str(refused((name, b""))).startswith(name)
