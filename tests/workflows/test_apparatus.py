"""Documents, texts and pictures of a setup."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.patches import Circle

from x17.apparatus import Setup, load_setup, setups
from x17.errors import UsageError
from x17.report.figures.calorimeter_face import draw_calorimeter_face
from x17.workflows.apparatus import (
    WIDTH,
    apparatus_document,
    apparatus_text,
    draw_apparatus,
    sqrt_s_of,
)


@pytest.fixture(scope="module")
def run3() -> Setup:
    return load_setup("padme-run3")


def test_document() -> None:
    document = apparatus_document("padme-run3", sqrt_s=16.9)
    assert (document["n_cells"], document["n_dead"], document["r_max_mm"]) == (616, 10, 270.0)
    assert document["r_min_mm"] == pytest.approx(179.5, abs=0.1)  # published to 0.1 mm
    assert document["r_min_lowered_mm"] == pytest.approx(147.82, abs=0.01)
    assert document["beam_energy_mev"] == pytest.approx(278.95, abs=0.01)
    assert document["n_periods"] == len(document["run_plan"]["periods"]) == 57
    assert document["beam"]["energy_spread"] == 0.0025
    assert "cells" not in document["calorimeter"]


def test_energy_and_sqrt_s_say_the_same(run3: Setup) -> None:
    energy = apparatus_document("padme-run3", sqrt_s=16.9)["beam_energy_mev"]
    assert sqrt_s_of(run3, energy=energy) == pytest.approx(16.9, rel=1e-12)
    assert sqrt_s_of(run3) == sqrt_s_of(run3, energy=run3.beam.energy_mev)


@pytest.mark.parametrize(
    ("sqrt_s", "energy", "text"),
    [
        (16.9, 280.0, "one of them"),
        (1.0, None, "--sqrt-s 1; allowed: above 1.022, at most 320 MeV"),
        (math.nan, None, "--sqrt-s nan"),
        (None, 0.3, "--energy 0.3; allowed: 1 to 100000 MeV"),
    ],
)
def test_energies_that_cannot_be(run3: Setup, sqrt_s: float | None, energy: float | None, text: str) -> None:
    with pytest.raises(UsageError) as error:
        sqrt_s_of(run3, sqrt_s, energy)
    assert text in str(error.value)


@pytest.mark.parametrize("name", setups.names())
def test_text_fits_and_has_every_field(name: str) -> None:
    document = apparatus_document(name)
    text = apparatus_text(document)
    lines = text.splitlines()
    assert max(map(len, lines)) <= WIDTH
    keys = [line.split()[0] for line in lines if line.startswith("  ")]
    for part in document.values():
        if isinstance(part, dict):
            assert set(part) <= set(keys)
    marked = [line.split()[0] for line in lines if line.startswith("  ") and line.split()[1] == "?"]
    assert marked == [key.split(".")[1] for key in document["unknown"]]


def test_text_names_the_parts_that_are_not_there() -> None:
    assert "not there: charged_tagger, beam_catcher, pixel" in apparatus_text(
        apparatus_document("padme-run2")
    )


def test_long_texts_are_cut() -> None:
    document = apparatus_document("padme-run3") | {"name": "n" * 200, "source": "s" * 200}
    assert max(map(len, apparatus_text(document).splitlines())) <= WIDTH


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_picture_is_written(ending: str, tmp_path: Path) -> None:
    path = draw_apparatus("padme-run3", tmp_path / f"face.{ending}", sqrt_s=16.9)
    assert path.read_bytes()[:5] == {"png": b"\x89PNG\r", "svg": b"<?xml"}[ending]
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("name", "text"), [("face.pdf", ".png or .svg"), ("face", ".png or .svg"), ("no/face.png", "no folder")]
)
def test_picture_that_cannot_be_written(name: str, text: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=text):
        draw_apparatus("padme-run3", tmp_path / name)


def drawn(setup: Setup, **event: object) -> tuple[list[PolyCollection], list[float], list[str]]:
    """Sets of squares, radii of circles and labels of a picture."""
    axes = draw_calorimeter_face(setup, 16.9, **event).axes[0]  # type: ignore[arg-type]
    squares = [item for item in axes.collections if isinstance(item, PolyCollection)]
    radii = [item.get_radius() for item in axes.patches if isinstance(item, Circle)]
    return squares, radii, axes.get_legend_handles_labels()[1]


def test_picture_shows_cells_radii_and_wedge(run3: Setup) -> None:
    squares, radii, labels = drawn(run3)
    assert [len(item.get_paths()) for item in squares] == [606, 10]
    # R_max, R_min and R_min less its margin, as published.
    np.testing.assert_allclose(radii, [270.0, 179.5, 147.82], atol=0.05)
    text = "\n".join(labels)
    for part in ("606", "10", "40.1°", "270.0 mm", "179.5 mm", "147.8 mm", "−242.8", "Beam axis"):
        assert part in text


def test_picture_of_an_event(run3: Setup) -> None:
    cells = run3.calorimeter.cells
    energies = np.zeros(len(cells))
    energies[cells.index_of([24, 5], [14, 13])] = [120.0, 130.0]
    clusters = [[220.0, 4.0, 130.0], [-180.0, -20.0, 140.0]]
    squares, _, labels = drawn(run3, cell_energies_mev=energies, clusters=clusters)
    colored = squares[-1].get_array()
    assert colored is not None
    assert sorted(colored.tolist()) == [120.0, 130.0]
    assert "Clusters" in labels
    assert len(drawn(run3, cell_energies_mev=np.zeros(len(cells)))[0]) == 2  # nothing to colour


def test_picture_without_dead_cells_wedge_or_margin(run3: Setup) -> None:
    plain = replace(
        run3,
        calorimeter=replace(run3.calorimeter, dead_cells=()),
        pair_cuts=replace(run3.pair_cuts, azimuth_half_width_rad=0.5 * math.pi, margin_cells=100.0),
    )
    squares, radii, labels = drawn(plain)
    assert [len(item.get_paths()) for item in squares] == [616]
    assert len(radii) == 2  # R_min less its margin is below 0
    assert not any("wedge" in label for label in labels)
