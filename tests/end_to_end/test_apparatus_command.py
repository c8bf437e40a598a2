"""`x17 apparatus` as a user runs it, in a process of its own."""

import json
from pathlib import Path

import pytest

from .test_search_command import x17


def test_json_is_one_document(tmp_path: Path) -> None:
    done = x17("apparatus", "show", "padme-run3", "--sqrt-s", "16.9", "--json", cwd=tmp_path)
    document = json.loads(done.stdout)
    assert done.stderr == ""
    assert (document["n_cells"], document["n_dead"]) == (616, 10)
    assert document["r_min_mm"] == pytest.approx(179.5, abs=0.1)  # published to 0.1 mm
    assert document["r_max_mm"] == 270.0
    assert document["beam_energy_mev"] == pytest.approx(278.95, abs=0.01)


def test_text_fits_a_terminal(tmp_path: Path) -> None:
    done = x17("apparatus", "show", "padme-run2", "--energy", "430", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "positrons_per_bunch          28000" in done.stdout


def test_draw(tmp_path: Path) -> None:
    done = x17("apparatus", "draw", "padme-run3", "--sqrt-s", "16.9", "--out", "face.svg", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "face.svg\n"
    assert [path.name for path in tmp_path.iterdir()] == ["face.svg"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("show", "nowhere"), "shipped setups: padme-run2, padme-run3"),
        (("show", "--sqrt-s", "17", "--energy", "280"), "one of them"),
        (("show", "--sqrt-s", "0.5"), "above 1.022"),
        (("draw", "--out", "face.pdf"), ".png or .svg"),
        (("show", "bad.toml"), "beam: table missing"),
    ],
)
def test_bad_input_is_one_message(arguments: tuple[str, ...], message: str, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text('name = "bad"\n')
    done = x17("apparatus", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert message in done.stderr
    assert "Traceback" not in done.stderr
