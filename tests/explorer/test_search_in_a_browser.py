"""The tab "Search" as a visitor uses it, in Chromium on loopback."""

import json
import statistics
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from x17.scan import EnergyScan
from x17.workflows.search import run_search
from x17.workflows.search_settings import resolve_settings

from .conftest import PATIENCE, serving, visiting

MASS, COUPLING, SPREAD = "Mass [MeV]", "Coupling g_ve [1e-4]", "Beam energy spread [%]"
TOYS_PATIENCE = 120_000
"""Milliseconds: seconds of work for all cores but one, which other tests use too."""
OVERFLOW = "document.documentElement.scrollWidth - window.innerWidth"
DRAWN = """name => x17.held.ids && getElement(x17.held.ids[name]).chart.getOption().series
    .map(s => [s.id && s.id.startsWith('cursor') ? 'cursor' : s.name, s.data.length])"""


@pytest.fixture
def good_csv(tmp_path: Path) -> Path:
    """The published scan under another name, without its TOML."""
    path = tmp_path / "my_scan.csv"
    path.write_text(EnergyScan.load("padme-run3").to_csv_text(), "utf-8")
    return path


def drop(page: Any, *files: Path) -> None:
    page.locator(".q-uploader input[type=file]").set_input_files([str(file) for file in files])


def test_loads_and_says_what_the_search_says(visit: Callable[..., Any]) -> None:
    settings = resolve_settings(options={"limit.toys": 0})
    scan, settings = settings.prepared(EnergyScan.load("padme-run3"))
    result = run_search(
        scan,
        settings.masses,
        settings.couplings,
        model_settings=settings.model,
        limit_settings=settings.limit,
    )
    with visit() as page:
        numbers = page.numbers()
        drawn = {name: dict(page.page.evaluate(DRAWN, name)) for name in ("observable", "map", "limit", "p")}
        page.keep_picture("search")
        assert page.complaints == []
        assert page.strangers == []
    at_best = next(point for point in result.limits if abs(point.mass_mev - 16.90) < 1e-6)
    assert numbers["Cursor"] == "16.900 MeV, g_ve = 4.42e-4"
    assert numbers["Q here"] == f"{result.best.q:+.2f}".replace("-", "−")
    assert numbers["χ² here, without a boson"].endswith(f"{result.background.chi2:.2f}")
    assert numbers["90 % CL limit at this mass"].startswith(f"{1e4 * at_best.asymptotic:.2f}e-4")
    assert numbers["Local p at this mass"].startswith("0.0114")
    assert drawn["observable"]["Data"] == len(result.points)
    assert drawn["observable"]["Pull"] == len(result.points)
    assert drawn["map"]["cursor"] == drawn["limit"]["cursor"] == drawn["p"]["cursor"] == 1
    assert drawn["p"]["Local p"] == len(result.limits)


def test_the_figures_follow_the_sliders(visit: Callable[..., Any]) -> None:
    curve = "() => x17.held.cursor.curve.map(p => p[1])"
    with visit("?mass=16.9&g=4.4e-4&toys=0") as page:
        first = page.value(curve)
        page.after(lambda: page.slider(MASS).press("ArrowRight"))
        assert page.numbers()["Cursor"].startswith("16.910 MeV")
        assert page.value(curve) != first
        page.after(lambda: page.page.get_by_role("button", name="No boson").click())
        assert page.numbers()["Q here"] == "0.00"
        page.after(lambda: page.slider(SPREAD).press("ArrowRight"))
        assert page.numbers()["χ² here, without a boson"].split(", ")[1] == "40.81"
        page.settle()
        assert page.query()["mass"] == "16.91"
        assert page.query()["g"] == "0"
        assert float(page.query()["spread"]) > 0.0025
        assert page.complaints == []


def moves(page: Any, label: str, n: int) -> list[float]:
    """Milliseconds from a key on a slider to the redrawn observable, pulls and cursor, n times."""
    page.value(
        """() => { window.taken = []; document.addEventListener('keydown', () => {
            const start = performance.now(), count = x17.redrawn.count;
            const look = () => x17.redrawn.count > count
                ? window.taken.push(x17.redrawn.at - start) : requestAnimationFrame(look);
            look(); }, true); }"""
    )
    slider = page.slider(label)
    slider.focus()
    for k in range(n):
        page.after(lambda k=k: slider.press("ArrowRight" if k % 2 else "ArrowLeft"))
        page.page.wait_for_timeout(60)
    taken: list[float] = page.value("window.taken")
    return taken


@pytest.mark.parametrize("label", [MASS, COUPLING, SPREAD])
def test_moves_are_answered(visit: Callable[..., Any], label: str) -> None:
    with visit("?toys=0") as page:
        taken = moves(page, label, 10)
    assert len(taken) == 10
    # Other tests run beside this one; the 100 ms asked for are measured below, on a machine of its own.
    assert statistics.median(taken) < 1000.0


@pytest.mark.full
@pytest.mark.parametrize("label", [MASS, COUPLING, SPREAD])
def test_a_move_takes_less_than_a_tenth_of_a_second(visit: Callable[..., Any], label: str) -> None:
    """Of fifty moves the median; other work on the machine may spoil one round, not three."""
    rounds: list[float] = []
    while len(rounds) < 3 and not (rounds and rounds[-1] < 100.0):
        with visit("?toys=0") as page:
            taken = moves(page, label, 50)
        assert len(taken) == 50
        rounds.append(statistics.median(taken))
        print(f"{label}: median {rounds[-1]:.0f} ms, longest {max(taken):.0f} ms of {len(taken)}")
    assert min(rounds) < 100.0


def test_a_choice_fits_anew(visit: Callable[..., Any]) -> None:
    with visit("?mass=16.9&g=4.4e-4&toys=0") as page:
        before = page.numbers()
        page.after(lambda: page.page.get_by_role("switch", name="ageing").click())
        assert page.numbers()["χ² here, without a boson"] != before["χ² here, without a boson"]
        page.page.get_by_role("combobox", name="Spin and parity").click()
        page.after(lambda: page.page.get_by_role("option", name="scalar", exact=False).nth(0).click())
        page.page.get_by_role("combobox", name="K(s)").click()
        page.after(lambda: page.page.get_by_role("option", name="free").click())
        page.settle()
        query = page.query()
        assert (query["without"], query["k"]) == ("ageing", "free")
        assert query["boson"] in "ASP"
        assert page.complaints == []


def test_a_click_on_a_point_leaves_it_out_and_another_brings_it_back(visit: Callable[..., Any]) -> None:
    spot = """period => { const point = x17.held.scan.points.find(p => p.period === period);
        const element = getElement(x17.held.ids.observable), box = element.$el.getBoundingClientRect();
        const [x, y] = element.chart.convertToPixel({ gridIndex: 0 }, [point.s, point.y]);
        return [box.left + x, box.top + y]; }"""
    fitted = "x17.held.scan.points.filter(p => !p.fitted).map(p => p.period)"
    with visit("?toys=0") as page:
        period = page.value("x17.held.scan.points[20].period")
        for expected in ([period], []):
            x, y = page.page.evaluate(spot, period)
            page.after(lambda x=x, y=y: page.page.mouse.click(x, y))
            assert page.value(fitted) == expected
        page.settle()
        assert "out" not in page.query()
        assert page.complaints == []


def test_a_click_in_the_map_moves_the_cursor(visit: Callable[..., Any]) -> None:
    spot = """() => { const element = getElement(x17.held.ids.map), box = element.$el.getBoundingClientRect();
        const [x, y] = element.chart.convertToPixel({ gridIndex: 0 }, [16.6, 3]);
        return [box.left + x, box.top + y]; }"""
    with visit("?toys=0") as page:
        page.page.locator(".x17-chart").nth(1).scroll_into_view_if_needed()
        x, y = page.value(spot)
        page.after(lambda: page.page.mouse.click(x, y))
        page.settle()
        # A pixel of the map is some 4 keV and 3e-6.
        assert float(page.query()["mass"]) == pytest.approx(16.6, abs=0.02)
        assert float(page.query()["g"]) == pytest.approx(3e-4, abs=1e-5)
        page.after(lambda: page.page.get_by_role("button", name="Best fit").click())
        assert page.numbers()["Cursor"].startswith("16.900 MeV")


def test_the_address_gives_the_view_again(visit: Callable[..., Any]) -> None:
    query = "?mass=16.72&g=0.000512&boson=P&spread=0.004&k=free&without=ageing&out=5,7&bounds=0&toys=0"
    with visit(query) as page:
        first = page.numbers()
        page.settle()
        assert page.query() == {
            "mass": "16.72",
            "g": "0.000512",
            "boson": "P",
            "spread": "0.004",
            "k": "free",
            "without": "ageing",
            "out": "5,7",
            "bounds": "0",
            "toys": "0",
        }
        page.page.reload()
        page.page.wait_for_function("document.body.dataset.x17 === 'ready'")
        second = page.numbers()
        assert page.value("x17.held.scan.others.length") == 0
    del first["Computed in"], second["Computed in"]
    assert first == second


def test_an_address_that_cannot_be_used_is_complained_about(visit: Callable[..., Any]) -> None:
    with visit("?mass=99&g=<script>&boson=Q&out=999&scan=0123456789ab&toys=0") as page:
        said = page.page.get_by_role("alert").all_inner_texts()
        assert page.complaints == []
    assert [text.split(" ")[0] for text in said] == ["The", "mass=99", "g=<script>", "out=999", "boson=Q"]


def test_two_sessions_do_not_meet(visit: Callable[..., Any]) -> None:
    with visit("?mass=16.9&toys=0") as one, visit("?mass=16.5&toys=0") as other:
        before = other.numbers()
        one.after(lambda: one.slider(MASS).press("ArrowRight"))
        one.after(lambda: one.page.get_by_role("switch", name="ageing").click())
        other.page.wait_for_timeout(300)
        assert other.numbers() == before
        assert one.numbers()["Cursor"].startswith("16.910 MeV")


def test_a_good_file_becomes_a_page_of_its_own(visit: Callable[..., Any], good_csv: Path) -> None:
    with visit("?toys=0") as page:
        drop(page.page, good_csv)
        page.page.wait_for_url("**/?scan=*", timeout=PATIENCE)
        page.page.wait_for_function("document.body.dataset.x17 === 'ready'")
        assert page.page.locator(".x17-subject").inner_text() == "my_scan"
        assert page.page.title() == "x17: my_scan"
        assert "PADME Run III" in page.page.locator(".x17-errors").inner_text()  # whose constants were taken
        name = page.query()["scan"]
        page.settle()
        assert page.query()["scan"] == name
        page.page.reload()
        page.page.wait_for_function("document.body.dataset.x17 === 'ready'")
        assert page.page.locator(".x17-subject").inner_text() == "my_scan"
        assert page.complaints == []


@pytest.mark.parametrize(
    ("cell", "said"),
    [("=1+1", "'=1+1'"), ("=cmd|' /C calc'!A0", "=cmd"), ("<img src=x onerror=alert(1)>", "<img src=x")],
)
def test_a_formula_in_a_cell_is_refused_as_the_command_line_does(
    visit: Callable[..., Any], good_csv: Path, cell: str, said: str
) -> None:
    lines = good_csv.read_text("utf-8").splitlines()
    cells = lines[3].split(",")
    cells[lines[0].split(",").index("n2")] = cell
    lines[3] = ",".join(cells)
    good_csv.write_text("\n".join(lines), "utf-8")
    with pytest.raises(Exception, match="line 4, column n2") as refused:
        EnergyScan.load(good_csv)
    with visit("?toys=0") as page:
        drop(page.page, good_csv)
        alert = page.page.get_by_role("alert")
        alert.wait_for()
        told = alert.inner_text()
        assert page.complaints == []
        assert page.numbers()["Cursor"]  # the page goes on
    assert said in told
    # The command line names the file by its path, the page by its name.
    assert told.strip() == str(refused.value).replace(str(good_csv), good_csv.name).strip()


def test_a_number_that_is_not_allowed_is_put_right_and_said(visit: Callable[..., Any]) -> None:
    with visit("?toys=0") as page:
        number = page.page.get_by_label("Mass [MeV], as a number")
        page.after(lambda: number.fill("99"))
        page.page.get_by_text("Mass [MeV]: allowed are 16.22 to 17.72").wait_for()
        assert number.input_value() == "17.72"
        assert page.numbers()["Cursor"].startswith("17.720 MeV")


def test_on_a_phone_what_is_wrong_with_a_file_comes_into_view(
    visit: Callable[..., Any], good_csv: Path
) -> None:
    good_csv.write_text("nothing\n1\n", "utf-8")
    with visit("?toys=0", width=390) as page:
        page.page.get_by_text("Drop a CSV here").scroll_into_view_if_needed()
        drop(page.page, good_csv)
        page.page.get_by_role("alert").wait_for()
        page.page.wait_for_function(
            "() => { const r = document.querySelector('[role=alert]').getBoundingClientRect();"
            " return r.top >= 0 && r.bottom <= window.innerHeight; }"
        )


def test_two_tables_at_once_are_refused(visit: Callable[..., Any], good_csv: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text(good_csv.read_text("utf-8"), "utf-8")
    with visit("?toys=0") as page:
        drop(page.page, good_csv, other)
        page.page.get_by_role("alert").wait_for()
        assert "Drop one CSV" in page.page.get_by_role("alert").inner_text()


def test_a_large_file_never_leaves_the_browser(visit: Callable[..., Any], tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    with large.open("wb") as stream:
        stream.truncate(9_000_000)
    with visit("?toys=0") as page:
        drop(page.page, large)
        page.page.get_by_text("Refused: a CSV or TOML").wait_for()
        assert page.complaints == []


def test_figures_and_tables_are_those_of_the_view(visit: Callable[..., Any], tmp_path: Path) -> None:
    with visit("?mass=16.9&out=5&toys=0") as page:
        page.settle()
        for name in ("scan.csv", "limit.svg", "results.zip"):
            with page.page.expect_download() as waiting:
                page.page.get_by_role("link", name=name).click()
            waiting.value.save_as(tmp_path / name)
            assert waiting.value.suggested_filename == name
    rows = (tmp_path / "scan.csv").read_text("utf-8").splitlines()
    periods = [int(row.split(",")[0]) for row in rows[1:]]
    assert 5 not in periods
    assert len(periods) == 41
    assert (tmp_path / "limit.svg").read_text("utf-8").startswith("<?xml")
    with zipfile.ZipFile(tmp_path / "results.zip") as archive:
        names = {name.partition("/")[2] for name in archive.namelist()}
    assert {"report.html", "limits.csv", "figures/observable.png", "input.csv", "provenance.json"} <= names


def test_toys_follow_and_older_ones_say_so(visit: Callable[..., Any]) -> None:
    note = "document.getElementById('x17-toys').textContent"
    with visit() as page:
        current = f"{note}.endsWith('of these choices') && !x17.held.toys.older"
        page.page.wait_for_function(f"{current} && x17.held.toys.line.length > 20", timeout=TOYS_PATIENCE)
        first = page.value("JSON.stringify(x17.held.toys.line)")
        page.after(lambda: page.page.get_by_role("switch", name="ageing").click())
        assert "OLDER" in page.value(note)
        assert page.value("x17.held.toys.older") is True
        page.page.wait_for_function(current, timeout=TOYS_PATIENCE)
        assert page.value("JSON.stringify(x17.held.toys.line)") != first
        page.keep_picture("search-toys")
        assert page.complaints == []


def test_a_browser_that_goes_away_in_the_middle_of_toys_harms_nobody(visit: Callable[..., Any]) -> None:
    with visit() as page:
        page.page.wait_for_timeout(1000)  # the toys have begun
        page.slider(SPREAD).press("ArrowRight")
    with visit("?toys=0") as page:
        page.after(lambda: page.slider(MASS).press("ArrowRight"))
        assert page.complaints == []


def test_phone(visit: Callable[..., Any]) -> None:
    with visit("?toys=0", width=390) as page:
        assert page.value(OVERFLOW) <= 0
        sizes = page.value("[...document.querySelectorAll('.x17-chart')].map(c => c.clientWidth)")
        assert min(sizes) > 300
        page.keep_picture("search-phone")


def test_dark(visit: Callable[..., Any]) -> None:
    colour = "getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).slice(0, 3).map(Number)"
    with visit("?toys=0", dark=True) as page:
        assert max(page.value(colour)) < 50
        page.keep_picture("search-dark")
        page.after(lambda: page.page.get_by_role("button", name="Dark or light").click())
        assert min(page.value(colour)) > 200


def test_all_by_keyboard(visit: Callable[..., Any]) -> None:
    """Tab reaches every control, each with a name; a correction is taken off with the space bar."""
    named = """() => { const e = document.activeElement, slider = e.closest('[role=slider]') || e;
        const label = e.getAttribute('aria-label') || slider.getAttribute('aria-label');
        return (label || e.textContent).trim(); }"""
    with visit("?toys=0") as page:
        reached = []
        for _ in range(30):
            page.page.keyboard.press("Tab")
            name = page.value(named)
            reached.append(name)
            if name.startswith("ageing"):
                page.after(lambda: page.page.keyboard.press("Space"))
        page.settle()
        assert page.query()["without"] == "ageing"
    assert all(reached)
    text = " ".join(reached)
    for control in (
        MASS,
        COUPLING,
        SPREAD,
        "Best fit",
        "Choose a CSV",
        "Spin and parity",
        "K(s)",
        "ageing",
        "scan.csv",
    ):
        assert control in text, control


def test_begun_at_the_other_tab_the_figures_are_drawn_when_they_are_looked_at(
    visit: Callable[..., Any],
) -> None:
    with visit("?tab=events&toys=0", ready="document.querySelector('[role=tab]')") as page:
        page.page.get_by_role("tab", name="Search").click()
        page.page.wait_for_function("document.body.dataset.x17 === 'ready'")
        page.after(lambda: page.slider(MASS).press("ArrowRight"))
        page.settle()
        assert "tab" not in page.query()
        assert page.complaints == []


def test_other_scans_keep_their_own_address(browser: Any, good_csv: Path) -> None:
    """A results folder: its settings are where the page begins, and its toys are drawn."""
    from x17.workflows.search_results import search_to_folder

    folder = good_csv.parent / "results"
    settings = resolve_settings(
        options={"search.masses": "16.7:17.1:0.1", "limit.toys": 60, "model.boson": "A"}
    )
    search_to_folder(str(good_csv), settings, out=folder, quick=True)
    with (
        serving(good_csv.parent, str(folder)) as server,
        visiting(browser, server.address, "?toys=0") as page,
    ):
        assert "my_scan at http://127.0.0.1:" in server.said()[0]
        assert "(this machine only)" in server.said()[0]
        assert page.value("x17.held.toys.line.length") == 5
        assert page.value("x17.held.toys.older") is False
        assert page.value("x17.held.scan.limit.masses") == [16.7, 16.8, 16.9, 17.0, 17.1]
        assert json.loads((folder / "summary.json").read_text())["best_fit"]["mass_mev"] == pytest.approx(
            page.value("x17.held.scan.best.mass"), abs=0.01
        )
        assert page.complaints == []
        assert server.stop() in (0, 130, -2)
