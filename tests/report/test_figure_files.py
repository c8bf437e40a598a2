"""Figures on disk are complete and repeatable."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from x17.errors import UsageError
from x17.report import figure_files
from x17.report.figures import FIGURES
from x17.statistics.search_result import SearchResult


@pytest.fixture(scope="session")
def saved(with_toys: SearchResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("saved") / "figures"
    figure_files.save_figures(with_toys, folder)
    return folder


def test_every_figure_in_both_formats_and_nothing_else(saved: Path) -> None:
    expected = {f"{stem}.{name}" for stem in FIGURES for name in ("png", "svg")}
    assert {path.name for path in saved.iterdir()} == expected


def test_two_saves_give_the_same_bytes(with_toys: SearchResult, saved: Path, tmp_path: Path) -> None:
    for path in figure_files.save_figures(with_toys, tmp_path):
        assert path.read_bytes() == (saved / path.name).read_bytes(), path.name


@pytest.mark.parametrize("name", ["png", "svg"])
def test_a_file_does_not_depend_on_the_other_format(
    with_toys: SearchResult, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(figure_files, "figures_of", lambda *_: {"q_map": FIGURES["q_map"]})
    for path in figure_files.save_figures(with_toys, tmp_path, formats=(name,)):
        assert path.read_bytes() == (saved / path.name).read_bytes(), path.name


def test_svgs_parse_and_carry_no_date(saved: Path) -> None:
    for path in saved.glob("*.svg"):
        ElementTree.parse(path)
        assert "dc:date" not in path.read_text(encoding="utf-8")


def test_progress_counts_figures(
    with_toys: SearchResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figure_files, "figures_of", lambda *_: {"pulls": FIGURES["pulls"]})
    seen: list[tuple[str, int, int]] = []
    paths = figure_files.save_figures(
        with_toys,
        tmp_path,
        formats=("png",),
        progress=lambda what, done, total: seen.append((what, done, total)),
    )
    assert [path.name for path in paths] == ["pulls.png"]
    assert seen == [("figures", 0, 1), ("figures", 1, 1)]


def test_a_failed_save_leaves_what_was_there(
    with_toys: SearchResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "limit.png").write_bytes(b"old")
    monkeypatch.setattr(figure_files, "figures_of", lambda *_: {"limit": FIGURES["limit"]})

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        figure_files.save_figures(with_toys, tmp_path, formats=("png",))
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("limit.png", b"old")]


def test_an_unknown_format_is_refused(with_toys: SearchResult, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'gif'; allowed: png, svg"):
        figure_files.save_figures(with_toys, tmp_path, formats=("gif",))
