"""Bounds as documents, as text and in figures."""

import io
import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.text import Text
from rich.console import Console

from x17.constraints.allowed import Allowed, allowed_couplings, choose
from x17.constraints.couplings import CouplingRatios
from x17.constraints.loading import shipped_bounds
from x17.constraints.plane import ConstraintPlane, constraint_plane
from x17.report.captions import captions
from x17.report.constraints_table import (
    allowed_document,
    constraints_document,
    interval_text,
    print_allowed,
    print_constraints,
)
from x17.report.context import ReportContext
from x17.report.figures.constraints_plane import draw_constraints_plane
from x17.report.figures.edge_labels import spread
from x17.report.figures.limit import draw_limit
from x17.report.style import house_style
from x17.report.tables import json_text
from x17.statistics.search_result import SearchResult
from x17.theory.boson import SpinParity

RATIOS = CouplingRatios(protons=1.0, muons=1.0)


def found(boson: str, ratios: CouplingRatios | None = None, **keys: list[str]) -> Allowed:
    bounds = shipped_bounds()
    return allowed_couplings(bounds, 16.9, SpinParity(boson), ratios, choose(bounds, **keys))


def plane(boson: str, ratios: CouplingRatios | None = None) -> ConstraintPlane:
    return constraint_plane(shipped_bounds(), np.linspace(16.0, 18.0, 41), SpinParity(boson), ratios)


def printed(write: object, allowed: Allowed, width: int = 80) -> str:
    stream = io.StringIO()
    write(Console(file=stream, width=width), allowed)  # type: ignore[operator]
    return stream.getvalue()


@pytest.mark.parametrize("boson", SpinParity)
def test_documents_are_json(boson: str) -> None:
    for document in (constraints_document(found(boson)), allowed_document(found(boson))):
        assert json.loads(json_text(document))["boson"] == boson


def test_the_table_has_every_bound_with_its_source() -> None:
    document = constraints_document(found("V"))
    rows = {row["key"]: row for row in document["bounds"]}
    assert set(rows) == {bound.key for bound in shipped_bounds()}
    assert rows["kloe"]["excluded"][0]["g_ve_high"] is None
    assert rows["na48"]["silent_because"]
    assert rows["g2-electron-2023-rb"]["not_used_because"]
    assert rows["na64"]["read_at_source"] is False
    assert document["moment_per_g2"]["muon"] == pytest.approx(8.611e-3, rel=1e-3)


def test_what_is_left_names_who_closes_it() -> None:
    document = allowed_document(found("V"))
    assert document["allowed"][-1]["closed_below_by"] == ["na64"]
    assert document["allowed"][-1]["closed_above_by"] == ["g2-electron-rb"]
    groups = {*document["counted"], *document["silent"], *document["left_out"]}
    assert groups == {bound.key for bound in shipped_bounds()}
    on_request = allowed_document(found("V", fewer=["kloe"]))["left_out"]
    assert on_request["kloe"] == "left out on request"


def test_printing_fits_a_terminal() -> None:
    for boson in SpinParity:
        table, left = printed(print_constraints, found(boson)), printed(print_allowed, found(boson))
        assert "…" not in table + left
        assert max(map(len, (table + left).splitlines())) <= 80
    assert "1.97e-4 to 4.26e-4  NA64" in printed(print_allowed, found("V"))
    assert "ε_p = 1 ε_e, g_µ = 1 g_ve" in printed(print_constraints, found("V", RATIOS))


def test_nothing_left() -> None:
    nothing = found("V", more=["g2-electron-2023-cs"])
    assert "every coupling is excluded" in printed(print_allowed, nothing)
    assert allowed_document(nothing)["allowed"] == []
    assert "every coupling" in printed(print_constraints, nothing)


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (0.0, np.inf, "every coupling"),
        (6.08e-4, np.inf, "above 6.08e-4"),
        (0.0, 1e-5, "below 1.00e-5"),
        (3.6e-5, 1.97e-4, "3.60e-5 to 1.97e-4"),
    ],
)
def test_interval_text(low: float, high: float, text: str) -> None:
    assert interval_text(low, high) == text


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


@pytest.mark.parametrize("ratios", [None, RATIOS], ids=["electrons", "all"])
@pytest.mark.parametrize("boson", SpinParity)
def test_draws_every_boson(boson: str, ratios: CouplingRatios | None) -> None:
    figure = draw_constraints_plane(plane(boson, ratios), (1e-8, 2e-3))
    with house_style():
        figure.draw_without_rendering()
        names = figure.axes[0].texts
        boxes = [Text.get_window_extent(name) for name in names]  # without the line to the curve
    # Within the picture, and no name on another.
    assert all(figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1 for box in boxes)
    for k, one in enumerate(boxes):
        assert not any(one.overlaps(other) for other in boxes[k + 1 :]), names[k].get_text()


def test_what_the_plane_names() -> None:
    assert {"NA64", "E141", "KLOE", "Orsay", "KEK"} <= set(
        texts(draw_constraints_plane(plane("V"), (1e-5, 1e-3)))
    )
    assert "NA48/2" not in texts(draw_constraints_plane(plane("V"), (1e-5, 1e-3)))
    assert "NA48/2" in texts(draw_constraints_plane(plane("V", RATIOS), (1e-5, 1e-3)))
    pseudoscalar = draw_constraints_plane(plane("P"), (1e-5, 1e-3))
    assert "NA64 (P)" in texts(pseudoscalar)
    assert "QCD axion" in pseudoscalar.get_supxlabel()


def test_an_empty_plane() -> None:
    empty = ConstraintPlane(SpinParity.SCALAR, CouplingRatios(), np.array([16.0, 18.0]), (), ())
    assert texts(draw_constraints_plane(empty, (1e-5, 1e-3))) == []


def test_the_limit_figure_takes_bounds_without_moving_its_axes(without_toys: SearchResult) -> None:
    alone, beside = draw_limit(without_toys), draw_limit(without_toys, plane("V").bands)
    assert alone.axes[0].get_ylim() == beside.axes[0].get_ylim()
    assert alone.axes[0].get_xlim() == beside.axes[0].get_xlim()
    assert texts(alone) == []
    assert "KLOE" in texts(beside)
    assert "E137" not in texts(beside)  # far below what the scan reaches
    assert "other experiments" in captions(without_toys, ReportContext(others=plane("V").bands))["limit"].text
    assert "other experiments" not in captions(without_toys)["limit"].text


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=8), st.floats(0.0, 0.2))
def test_names_are_spread(heights: list[float], gap: float) -> None:
    wanted = sorted(heights)
    given_room = spread(wanted, gap)
    assert all(b - a >= gap - 1e-12 for a, b in pairwise(given_room))
    # Least squares moves no centre of gravity, and leaves alone what needs no room.
    assert np.mean(given_room) == pytest.approx(np.mean(wanted), abs=1e-12)
    if all(b - a >= gap for a, b in pairwise(wanted)):
        assert given_room == pytest.approx(wanted, abs=1e-12)
