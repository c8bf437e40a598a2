"""What travels to the browser: plain JSON, whatever the fits did, with the numbers of the view."""

import base64
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.special import ndtr

from x17.explorer.drawing import CONTOURS, cursor_drawing, scan_drawing, toys_drawing
from x17.scan import EnergyScan
from x17.statistics.fit_status import FitStatus
from x17.workflows.explore import Choices, ExploredScan, ToyCurve, at_cursor, explore
from x17.workflows.explore.bounds import bounds_on
from x17.workflows.search_settings import resolve_settings

LEFT_OUT = (5, 17)


@pytest.fixture(scope="module")
def explored() -> ExploredScan:
    base = resolve_settings(options={"search.masses": "16.3:17.5:0.05", "search.couplings": "1e-4:9e-4:9"})
    return explore(EnergyScan.load("padme-run3"), base, Choices(left_out=LEFT_OUT))


def sent(drawing: object) -> Any:
    """As the page is sent it: a number that is none would be an error here."""
    return json.loads(json.dumps(drawing, separators=(",", ":"), allow_nan=False))


def unpacked(text: str, shape: tuple[int, ...]) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), dtype="<f4").reshape(shape)


def test_points_have_their_values_and_what_is_done_with_them(explored: ExploredScan) -> None:
    points = sent(scan_drawing(explored, ()))["points"]
    shown = explored.shown
    assert [point["period"] for point in points] == shown.period.tolist()
    # Seven digits of √s are 1 eV, six of g_R a hundredth of its error.
    np.testing.assert_allclose([point["s"] for point in points], shown.sqrt_s_mev, rtol=5e-7)
    np.testing.assert_allclose([point["y"] for point in points], explored.g_r, rtol=5e-6)
    np.testing.assert_allclose([point["e"] for point in points], explored.g_r_err, rtol=5e-4)
    assert {point["period"] for point in points if not point["fitted"]} == set(LEFT_OUT)
    masked = explored.model.points.period[explored.sideband.masked].tolist()
    assert [point["period"] for point in points if point["masked"]] == masked
    assert len(masked) == 10


def test_lines_are_those_of_the_view(explored: ExploredScan) -> None:
    drawing = sent(scan_drawing(explored, ()))
    background = np.array(drawing["background"])
    np.testing.assert_allclose(background[:, 0], explored.curve_sqrt_s, rtol=5e-7)
    np.testing.assert_allclose(background[:, 1], explored.curve_background, rtol=5e-6)
    limit = drawing["limit"]
    np.testing.assert_allclose(limit["observed"], explored.limit, rtol=5e-5)
    np.testing.assert_allclose(limit["expected"], explored.expected, rtol=5e-5)
    assert limit["cl"] == 0.9
    local_p = np.array(drawing["local_p"])
    np.testing.assert_allclose(local_p[:, 0], explored.q_map.masses, rtol=5e-7)
    z = explored.signal.signed_z[0]
    np.testing.assert_allclose(local_p[:, 1], np.where(z > 0.0, ndtr(-z), 0.5), rtol=5e-5)
    best = explored.best
    assert drawing["best"] == {"mass": best.mass_mev, "g": best.g_ve, "q": best.q}


def test_the_map_comes_back_whole(explored: ExploredScan) -> None:
    packed = sent(scan_drawing(explored, ()))["map"]
    grid = explored.q_map
    q = unpacked(packed["q"], grid.q.shape)
    # Floats of 32 bits.
    np.testing.assert_allclose(q, grid.q, rtol=1e-7)
    assert len(packed["masses"]) == grid.masses.size
    assert len(packed["couplings"]) == grid.couplings.size
    assert packed["reach"] >= abs(explored.best.q)


def test_contours_are_where_q_has_risen(explored: ExploredScan) -> None:
    grid = explored.q_map
    lines = sent(scan_drawing(explored, ()))["map"]["contours"]
    assert lines
    levels = set()
    for line in lines:
        for mass, coupling in line["path"]:
            # A contour crosses the grid's lines, where Q is interpolated along one of them.
            along = [np.interp(coupling, grid.couplings, row) for row in grid.q]
            rise = np.interp(mass, grid.masses, along) - explored.best.q
            levels.add(min(CONTOURS, key=lambda level: abs(level - rise)))
            assert min(abs(rise - level) for level in CONTOURS) < 0.02
            assert line["outer"] == bool(abs(rise - CONTOURS[-1]) < 0.02)
    assert levels == set(CONTOURS)


def test_without_an_excess_there_are_no_contours(explored: ExploredScan) -> None:
    nothing = replace(explored, best=replace(explored.best, q=0.0))
    drawing = sent(scan_drawing(nothing, ()))["map"]
    assert drawing["contours"] == []
    assert drawing["reach"] == 4.0


def test_a_single_mass_has_no_contours() -> None:
    base = resolve_settings(options={"search.masses": "16.9:16.9:0.1", "search.couplings": "1e-4:9e-4:4"})
    one = explore(EnergyScan.load("padme-run3"), base, Choices())
    drawing = sent(scan_drawing(one, bounds_on(one)))
    assert drawing["map"]["contours"] == []
    assert len(drawing["limit"]["observed"]) == 1


def test_bounds_of_others_are_those_that_count(explored: ExploredScan) -> None:
    bands = bounds_on(explored)
    others = sent(scan_drawing(explored, bands))["others"]
    assert [other["label"] for other in others] == [band.label for band in bands if band.counted]
    assert len(others) < len(bands)
    assert sent(scan_drawing(explored, ()))["others"] == []
    # A bound without an upper end has none to draw.
    (kloe,) = [other for other in others if other["label"] == "KLOE"]
    assert set(kloe["high"]) == {None}
    assert all(value > 0.0 for value in kloe["low"])


def with_failures(explored: ExploredScan) -> ExploredScan:
    """As it is where the fits of one mass and of one point of the map fail."""
    q, ok = explored.q_map.q.copy(), explored.q_map.ok.copy()
    q[2, 3], ok[2, 3] = np.nan, False
    ok[4, 1] = False
    limit, expected = explored.limit.copy(), explored.expected.copy()
    limit[2] = expected[:, 5] = np.nan
    limit[3] = np.inf
    signal = explored.signal
    z = signal.q.copy()
    z[0, 6] = np.nan
    return replace(
        explored,
        q_map=replace(explored.q_map, q=q, ok=ok),
        limit=limit,
        expected=expected,
        signal=replace(signal, q=z),
    )


def test_fits_that_fail_are_gaps(explored: ExploredScan) -> None:
    drawing = sent(scan_drawing(with_failures(explored), ()))
    limit = drawing["limit"]
    assert [k for k, value in enumerate(limit["observed"]) if value is None] == [2, 3]
    assert all(row.index(None) == 5 and row.count(None) == 1 for row in limit["expected"])
    assert [k for k, (_, p) in enumerate(drawing["local_p"]) if p is None] == [6]
    q = unpacked(drawing["map"]["q"], explored.q_map.q.shape)
    # A value that did not converge is not drawn, even if it is a number.
    assert np.argwhere(np.isnan(q)).tolist() == [[2, 3], [4, 1]]


def test_a_map_of_failures_alone_is_still_sent(explored: ExploredScan) -> None:
    grid = explored.q_map
    none = replace(
        explored,
        q_map=replace(grid, q=np.full_like(grid.q, np.nan), ok=np.zeros_like(grid.ok)),
        best=replace(explored.best, q=0.0),
    )
    assert np.isnan(unpacked(sent(scan_drawing(none, ()))["map"]["q"], grid.q.shape)).all()


def test_the_cursor_has_its_curve_and_pulls(explored: ExploredScan) -> None:
    cursor = at_cursor(explored, 16.9, 6e-4)
    drawing = sent(cursor_drawing(cursor, explored))
    assert (drawing["mass"], drawing["g"], drawing["local_p"]) == (16.9, 6e-4, cursor.local_p)
    np.testing.assert_allclose(np.array(drawing["curve"])[:, 1], cursor.curve, rtol=5e-6)
    pulls = np.array(drawing["pulls"])
    assert len(pulls) == len(explored.shown) - len(LEFT_OUT)
    np.testing.assert_allclose(pulls[:, 1], cursor.pulls, rtol=5e-4)
    np.testing.assert_allclose(pulls[:, 0], explored.model.points.sqrt_s_mev, rtol=5e-7)


def test_numbers_under_the_figures(explored: ExploredScan) -> None:
    limit = at_cursor(explored, 16.9, 0.0).limit
    below, above = (
        dict(cursor_drawing(at_cursor(explored, 16.9, factor * limit), explored)["numbers"])
        for factor in (0.9, 1.1)
    )
    cursor = at_cursor(explored, 16.9, 0.9 * limit)
    assert below["Cursor"] == f"16.900 MeV, g_ve = {1e4 * cursor.coupling:.2f}e-4"
    assert below["Q here"] == f"{cursor.q:+.2f}".replace("-", "−")
    chi2 = explored.background.chi2[0]
    assert below["χ² here, without a boson"] == f"{cursor.chi2:.2f}, {chi2:.2f}"
    assert below["CLs of this boson"] == f"{cursor.cls:.3f}: not excluded at 90 % CL"
    assert above["CLs of this boson"].endswith(": excluded at 90 % CL")
    assert below["90 % CL limit at this mass"].startswith(f"{1e4 * limit:.2f}e-4 (expected ")
    assert below["Local p at this mass"].endswith("σ)")
    assert "Fit" not in below
    assert below["Computed in"].endswith(f"{explored.n_fits} fits")


def test_a_cursor_whose_fit_fails_says_so(explored: ExploredScan) -> None:
    good = at_cursor(explored, 16.9, 6e-4)
    failed = replace(
        good,
        q=np.nan,
        chi2=np.nan,
        pulls=np.full_like(good.pulls, np.nan),
        curve=np.full_like(good.curve, np.nan),
        ok=False,
        status=FitStatus.NOT_FINITE.sentence,
    )
    drawing = sent(cursor_drawing(failed, explored))
    assert {value for _, value in drawing["pulls"]} == {None}
    assert {value for _, value in drawing["curve"]} == {None}
    assert dict(drawing["numbers"])["Fit"].startswith("χ² is not finite")


def test_toys_of_other_choices_are_older(explored: ExploredScan) -> None:
    curve = ToyCurve(np.array([16.5, 16.9]), np.array([3e-4, 5e-4]), 400, explored.choices)
    for following in (True, False):
        mine = sent(toys_drawing(curve, explored, following=following))
        assert mine["line"] == [[16.5, 3e-4], [16.9, 5e-4]]
        assert not mine["older"]
        assert mine["note"] == "toys (400 a hypothesis at 2 masses): of these choices"
    other = replace(curve, choices=replace(explored.choices, left_out=(5,)))
    drawing = toys_drawing(other, explored, following=True)
    assert drawing["older"]
    assert drawing["line"] == mine["line"]
    assert drawing["note"].endswith("OLDER: of other choices, new ones are being made")
    assert toys_drawing(other, explored, following=False)["note"].endswith("OLDER: of other choices")


def test_no_toys_yet(explored: ExploredScan) -> None:
    waiting, none = (sent(toys_drawing(None, explored, following=following)) for following in (True, False))
    assert waiting == {"line": [], "older": False, "note": "toys: being made for these choices"}
    assert none["note"] == "toys: none"
    empty = ToyCurve(np.empty(0), np.empty(0), 400, explored.choices)
    assert sent(toys_drawing(empty, explored, following=True))["line"] == []
