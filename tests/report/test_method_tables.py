"""Limits and coverage by every method, as text: made of invented results, so that every case is there."""

import csv
import io
import json
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure
from rich.console import Console

from x17.report.coverage_table import coverage_csv, coverage_document, coverage_rows, percent, print_coverage
from x17.report.figures.coverage import draw_coverage
from x17.report.figures.limit_methods import FEW, draw_limit_methods
from x17.report.figures.limit_points import INTERVAL
from x17.report.limit_table import limit_csv, limit_document, print_limits
from x17.report.method_names import METHOD_NAMES, best_calculations
from x17.report.style import house_style
from x17.report.tables import json_text
from x17.statistics.coverage import CoveragePoint, CoverageTable
from x17.statistics.ensembles import Ensemble
from x17.statistics.limit_methods import Calculation, LimitName, MethodLimit
from x17.statistics.limit_table import LimitTable
from x17.statistics.monte_carlo import TailFraction

REASON = "every coupling is excluded"


def invented_limits(masses: list[float]) -> LimitTable:
    limits = []
    for place, mass in enumerate(masses):
        value = 5e-4 + 1e-5 * place
        limits += [
            MethodLimit(
                mass_mev=mass,
                name=LimitName.CLS,
                calculation=Calculation.TOYS,
                coupling=value,
                low=value - 2e-6,
                high=value + 2e-6,
                n_toys=1000,
                n_failed=3,
            ),
            MethodLimit(
                mass_mev=mass, name=LimitName.CLS, calculation=Calculation.ASYMPTOTIC, coupling=0.98 * value
            ),
            MethodLimit(
                mass_mev=mass,
                name=LimitName.CLSB,
                calculation=Calculation.ASYMPTOTIC,
                coupling=0.0 if place == 1 else 0.9 * value,
                reason=REASON if place == 1 else "",
            ),
            MethodLimit(
                mass_mev=mass, name=LimitName.PCL, calculation=Calculation.ASYMPTOTIC, coupling=0.9 * value
            ),
            MethodLimit(
                mass_mev=mass,
                name=LimitName.FC,
                calculation=Calculation.ASYMPTOTIC,
                coupling=None if place == 2 else value,
                lower=2e-4 if place == 0 else 0.0,
                reason="no limit below g = 0.002" if place == 2 else "",
            ),
        ]
    return LimitTable(0.9, Ensemble.PUBLISHED, 1000, 0, np.array(masses), tuple(limits))


def invented_coverage() -> CoverageTable:
    points = []
    for coupling in (0.0, 5e-4):
        points += [
            CoveragePoint(
                coupling,
                LimitName.CLS,
                Calculation.ASYMPTOTIC,
                TailFraction(1000 - round(coupling * 1e5), 1000),
            ),
            CoveragePoint(coupling, LimitName.FC, Calculation.TOYS, TailFraction(900, 1000, 7)),
            CoveragePoint(coupling, LimitName.STAT, Calculation.COUNTS, TailFraction(0, 1000)),
        ]
    points.append(CoveragePoint(5e-4, LimitName.CLS, Calculation.TOYS, TailFraction(93_170, 100_000)))
    return CoverageTable(16.9, 0.9, Ensemble.RECENTRED, 1000, 500, tuple(points))


def printed(print_table: object, *arguments: object, width: int = 100) -> str:
    stream = io.StringIO()
    print_table(Console(file=stream, width=width), *arguments)  # type: ignore[operator]
    return stream.getvalue()


@pytest.mark.parametrize("masses", [[16.9], [16.7, 16.8, 16.9], [16.6, 16.7, 16.8, 16.9]])
def test_limits_on_a_terminal(masses: list[float]) -> None:
    text = printed(print_limits, invented_limits(masses), "padme-run3", "1000 toys")
    assert "90 % CL" in text
    for mass in masses:
        assert f"{mass:.2f}" in text
    assert f"{3 * len(masses)} toys left out" in text
    if len(masses) > 1:
        assert f"16.{round(10 * masses[1]) - 160}0 MeV, CLs+b (asymptotic): {REASON}" in text
    if len(masses) <= 3:
        assert "2.000 to 5.000" in text
        assert "± 0.020" in text
    else:
        assert "2.00–5.00" in text
        assert "–" in text.splitlines()[6]  # no limit


def test_limits_as_csv_and_json_say_the_same() -> None:
    table = invented_limits([16.7, 16.8, 16.9])
    rows = list(csv.DictReader(io.StringIO(limit_csv(table))))
    document = json.loads(json_text(limit_document(table)))
    assert len(rows) == len(document["limits"]) == len(table.limits)
    for row, entry in zip(rows, document["limits"], strict=True):
        assert list(row) == list(entry)
        for key, value in entry.items():
            if value is None:
                assert row[key] == ""
            elif isinstance(value, float):
                assert float(row[key]) == pytest.approx(value, rel=1e-9)
            else:
                assert row[key] == str(value)
    assert document["n_toys"] == 1000
    assert rows[0]["method"] == "cls"


def test_toys_are_shown_where_there_are_any() -> None:
    columns = (
        (LimitName.FC, Calculation.ASYMPTOTIC),
        (LimitName.CLS, Calculation.ASYMPTOTIC),
        (LimitName.CLS, Calculation.TOYS),
    )
    assert best_calculations(columns) == (
        (LimitName.CLS, Calculation.TOYS),
        (LimitName.FC, Calculation.ASYMPTOTIC),
    )
    assert set(METHOD_NAMES) == set(LimitName)


@pytest.mark.parametrize(
    ("fraction", "text"),
    [
        (TailFraction(900, 1000), "90.0(10)"),
        (TailFraction(1790, 2000), "89.5(7)"),
        (TailFraction(93_170, 100_000), "93.17(8)"),
        (TailFraction(89_500, 100_000), "89.5(1)"),
        (TailFraction(1000, 1000), "100"),
        (TailFraction(0, 1000), "0"),
        (TailFraction(0, 0, 50), "–"),
    ],
)
def test_coverage_in_per_cent(fraction: TailFraction, text: str) -> None:
    assert percent(CoveragePoint(0.0, LimitName.CLS, Calculation.TOYS, fraction)) == text


def test_coverage_on_a_terminal() -> None:
    text = printed(print_coverage, invented_coverage(), "padme-run3", "1000 pseudo-experiments", width=80)
    assert "16.90 MeV" in text
    assert "93.17(8)" in text
    assert "up to 7 pseudo-experiments" in text
    titles, rows = coverage_rows(invented_coverage())
    assert titles == ["true g_ve [1e-4]", "by", "0.00", "5.00"]
    assert rows[-1] == ["CLs", "toys", "–", "93.17(8)"]  # not tested without a boson


def test_coverage_as_csv_and_json_say_the_same() -> None:
    table = invented_coverage()
    rows = list(csv.DictReader(io.StringIO(coverage_csv(table))))
    entries = json.loads(json_text(coverage_document(table)))["coverage"]
    assert len(rows) == len(entries) == 7
    for row, entry in zip(rows, entries, strict=True):
        assert float(row["coverage_low"]) <= float(row["coverage"]) <= float(row["coverage_high"])
        assert float(row["coverage"]) == pytest.approx(entry["coverage"])


def draws(figure: Figure) -> list[str]:
    with house_style():
        figure.draw_without_rendering()
    assert "[" in figure.axes[0].get_xlabel()
    assert "[" in figure.axes[0].get_ylabel()
    return [text.get_text() for text in figure.legends[0].get_texts()]


NAMES = {"CLs (toys)", "CLs+b (asymptotic)", "PCL, median (asymptotic)", "Feldman–Cousins (asymptotic)"}
MANY = [16.5 + 0.05 * k for k in range(FEW + 2)]


@pytest.mark.parametrize(
    ("masses", "lower"),
    [([16.9], INTERVAL), (MANY[:FEW], INTERVAL), (MANY, "Feldman–Cousins, lower end")],
)
def test_limit_figure_names_every_limit(masses: list[float], lower: str) -> None:
    figure = draw_limit_methods(invented_limits(masses), "padme-run3")
    labels = draws(figure)
    assert set(labels) == NAMES | {lower}
    assert labels[0] == "CLs (toys)"


def test_a_constraint_is_drawn_only_where_it_acts() -> None:
    figure = draw_limit_methods(invented_limits(MANY), "padme-run3")
    lines = {line.get_label(): line for line in figure.axes[0].get_lines()}
    drawn = np.isfinite(np.asarray(lines["PCL, median (asymptotic)"].get_ydata(), dtype=float))
    assert drawn.tolist() == [k == 1 for k in range(len(MANY))]


def test_lines_that_coincide_are_nested() -> None:
    (axes,) = draw_limit_methods(invented_limits(MANY), "padme-run3").axes
    widths = [line.get_linewidth() for line in axes.get_lines() if line.get_label() in NAMES]
    assert widths == sorted(widths, reverse=True)
    assert len(set(widths)) == len(NAMES)


@pytest.mark.parametrize("masses", [[16.9], MANY[:3], MANY])
def test_every_limit_is_inside_the_axes(masses: list[float]) -> None:
    table = invented_limits(masses)
    (axes,) = draw_limit_methods(table, "padme-run3").axes
    low, high = axes.get_ylim()
    assert all(low < 1e4 * limit.coupling < high for limit in table.limits if limit.coupling)


def test_limits_of_one_mass_stand_side_by_side_in_their_errors() -> None:
    table = invented_limits(MANY[:3])
    (axes,) = draw_limit_methods(table, "padme-run3").axes
    drawn = {c.get_label(): c for c in axes.containers if c.get_label() in NAMES}
    assert drawn.keys() == NAMES
    places = np.array([c.lines[0].get_xdata() for c in drawn.values()])
    assert places.shape == (4, 3)
    assert np.ptp(places, axis=0) == pytest.approx(0.6)
    assert len(np.unique(places)) == places.size
    toys = table.column(LimitName.CLS, Calculation.TOYS)
    shown = np.asarray(drawn["CLs (toys)"].lines[0].get_ydata())
    assert shown == pytest.approx([1e4 * limit.coupling for limit in toys if limit.coupling])
    bars = drawn["CLs (toys)"].lines[2][0].get_segments()
    assert [bar[:, 1].tolist() for bar in bars] == [
        pytest.approx([1e4 * limit.low, 1e4 * limit.high]) for limit in toys if limit.low and limit.high
    ]


def test_limits_far_apart_get_a_logarithmic_axis() -> None:
    table = invented_limits(MANY[:2])
    far = replace(table, limits=(*table.limits[:-1], replace(table.limits[-1], coupling=9e-3)))
    assert draw_limit_methods(table, "padme-run3").axes[0].get_yscale() == "linear"
    assert draw_limit_methods(far, "padme-run3").axes[0].get_yscale() == "log"


def test_no_limit_at_all_is_an_empty_figure() -> None:
    for masses in ([16.9], MANY):
        table = invented_limits(masses)
        bare = replace(table, limits=tuple(replace(m, coupling=None, lower=None) for m in table.limits))
        draws(draw_limit_methods(bare, "padme-run3"))


def test_coverage_figure_has_error_bars_and_the_level() -> None:
    figure = draw_coverage(invented_coverage(), "padme-run3")
    # The statistical limit is no observed one; CLs is drawn from toys where there are any.
    assert draws(figure) == ["CLs (toys)", "Feldman–Cousins (toys)"]
    assert len(figure.axes[0].containers) == 2
    assert "90 % CL" in [text.get_text() for text in figure.axes[0].texts]
    low, high = figure.axes[0].get_ylim()
    assert low < 0.9 < high
