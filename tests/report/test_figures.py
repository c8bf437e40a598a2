"""Figures draw whatever a search can come up with, without a warning and with units."""

import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure

from x17.report.captions import captions
from x17.report.figures import FIGURES, figures_of
from x17.report.figures.expected_band import draw_expected_band
from x17.report.style import house_style, printable
from x17.statistics.injected_boson import InjectedBoson
from x17.statistics.monte_carlo import TailFraction
from x17.statistics.search_result import SearchResult


@pytest.fixture(scope="module")
def drawn(with_toys: SearchResult) -> dict[str, Figure]:
    return {stem: draw(with_toys) for stem, draw in FIGURES.items()}


def labels_of(figure: Figure) -> list[str]:
    found = [text.get_text() for legend in figure.legends for text in legend.get_texts()]
    return found + [legend.get_title().get_text() for legend in figure.legends]


FORMS = {
    "observable": "toys/as-it-is toys/no-excess toys/odd-name",
    "pulls": "toys/as-it-is toys/no-excess",
    "limit": "toys/as-it-is toys/missing-limits toys/no-limits toys/one-mass asymptotic/as-it-is "
    "asymptotic/no-limits",
    "local_p": "toys/as-it-is toys/missing-limits toys/no-limits toys/no-excess toys/large-excess "
    "toys/underflowed-p toys/one-mass asymptotic/as-it-is",
    "q_map": "toys/as-it-is toys/no-limits toys/no-excess toys/large-excess toys/failed-fits toys/one-mass "
    "asymptotic/as-it-is",
}
"""The forms of a result that matter to each figure."""

CASES = [(stem, form) for stem, forms in FORMS.items() for form in forms.split()]


@pytest.mark.parametrize(("stem", "any_result"), CASES, indirect=["any_result"])
def test_draws_every_result_without_a_warning(stem: str, any_result: SearchResult) -> None:
    figure = FIGURES[stem](any_result)
    figure.set_layout_engine("none")  # the layout takes most of the time and is tested below
    with house_style():
        figure.draw_without_rendering()


def test_global_significance_has_a_figure_and_a_caption_of_its_own(with_significance: SearchResult) -> None:
    figures = figures_of(with_significance)
    assert [stem for stem in figures if stem not in FIGURES] == ["global_p"]
    assert list(captions(with_significance)) == list(figures)
    figure = figures["global_p"](with_significance)
    titles = [axes.get_title() for axes in figure.axes]
    assert len(titles) == 3
    assert all(title.startswith("$p$ = ") for title in titles)
    check_units(figure)


def test_expected_band_of_pseudo_experiments_is_drawn(with_significance: SearchResult) -> None:
    figure = draw_expected_band(with_significance.significance[0], "padme-run3")
    assert "Median of 300 pseudo-experiments" in labels_of(figure)
    check_units(figure)
    whole = with_significance.significance[0]
    injected = InjectedBoson(16.9, 5e-4, whole.band, TailFraction(150, 300))
    drawn = draw_expected_band(whole, "padme-run3", injected)
    assert any(label.startswith("Expected with 16.9 MeV") for label in labels_of(drawn))
    assert "Expected without a boson (300 toys)" in labels_of(FIGURES["limit"](with_significance))


@pytest.mark.parametrize("stem", FIGURES)
def test_every_axis_has_a_unit(stem: str, drawn: dict[str, Figure]) -> None:
    check_units(drawn[stem])


def check_units(figure: Figure) -> None:
    named = [figure.get_supxlabel(), figure.get_supylabel()]
    for axes in figure.axes:
        named += [axes.get_xlabel(), axes.get_ylabel()]
        named += [child.get_xlabel() for child in axes.child_axes]
    named = [label for label in named if label]
    assert len(named) >= 2
    assert all("[" in label and label.endswith("]") for label in named), named


@pytest.mark.parametrize("stem", FIGURES)
def test_the_legend_is_above_the_axes_and_names_the_scan(stem: str, drawn: dict[str, Figure]) -> None:
    figure = drawn[stem]
    with house_style():
        figure.draw_without_rendering()
        (legend,) = figure.legends
        box = legend.get_window_extent()
        assert all(box.y0 >= axes.get_window_extent().y1 for axes in figure.axes)
        # Inside the picture, and not cut off at its sides.
        assert box.x0 >= 0.0
        assert box.x1 <= figure.bbox.x1
    assert legend.get_title().get_text().startswith("padme-run3")


def test_limit_names_methods_and_confidence_level(
    drawn: dict[str, Figure], without_toys: SearchResult
) -> None:
    text = " ".join(labels_of(drawn["limit"]))
    assert "90 % CL" in text
    assert "toy CLs (50 toys" in text
    assert "asymptotic CLs" in text
    assert "Asimov" in text
    assert "toy CLs" not in " ".join(labels_of(FIGURES["limit"](without_toys)))


def test_limit_has_gaps_where_there_is_none(variants, with_toys: SearchResult) -> None:
    (axes,) = FIGURES["limit"](variants["missing-limits"](with_toys)).axes
    observed = next(line for line in axes.lines if line.get_label().startswith("Observed, asymptotic"))
    missing = np.isnan(observed.get_ydata()).tolist()
    assert missing == [True, False, True, False, True]


def test_limit_shows_what_the_result_holds(with_toys: SearchResult, drawn: dict[str, Figure]) -> None:
    (axes,) = drawn["limit"].axes
    observed = next(line for line in axes.lines if line.get_label().startswith("Observed, asymptotic"))
    assert list(observed.get_ydata()) == pytest.approx([1e4 * point.asymptotic for point in with_toys.limits])
    assert list(observed.get_xdata()) == [point.mass_mev for point in with_toys.limits]


def test_local_p_has_labelled_significances(drawn: dict[str, Figure]) -> None:
    (axes,) = drawn["local_p"].axes
    assert [text.get_text() for text in axes.texts] == ["1σ", "2σ", "3σ"]
    heights = [text.xy[1] for text in axes.texts]
    assert heights == pytest.approx([0.158655, 0.0227501, 0.00134990], rel=1e-5)


def test_local_p_of_a_large_excess_shows_more_significances(variants, with_toys: SearchResult) -> None:
    (axes,) = FIGURES["local_p"](variants["large-excess"](with_toys)).axes
    assert len(axes.texts) > 3


def test_q_map_marks_the_best_fit(with_toys: SearchResult, drawn: dict[str, Figure]) -> None:
    axes = drawn["q_map"].axes[0]
    star = next(line for line in axes.lines if line.get_label().startswith("Best fit"))
    assert list(star.get_xdata()) == [with_toys.best.mass_mev]
    assert list(star.get_ydata()) == [1e4 * with_toys.best.g_ve]


def test_q_map_marks_nothing_without_an_excess(variants, with_toys: SearchResult) -> None:
    axes = FIGURES["q_map"](variants["no-excess"](with_toys)).axes[0]
    star = next(line for line in axes.lines if line.get_label().startswith("Best fit"))
    assert list(star.get_xdata()) == []
    assert "no boson" in star.get_label()


def test_beam_energies_stand_where_the_points_have_them(drawn: dict[str, Figure]) -> None:
    axes = drawn["observable"].axes[0]
    (upper,) = axes.child_axes
    with house_style():
        ticks = upper.xaxis.get_majorticklocs()
        energies = [float(text.get_text()) for text in upper.xaxis.get_majorticklabels()]
    electron = 0.511
    assert [(s**2 - 2 * electron**2) / (2 * electron) for s in ticks] == pytest.approx(energies, rel=1e-5)


def test_every_figure_is_tested() -> None:
    assert FORMS.keys() == FIGURES.keys()


def test_figures_are_in_the_order_of_their_captions(with_toys: SearchResult) -> None:
    assert list(FIGURES) == list(captions(with_toys))


def test_a_users_text_becomes_one_short_printable_line() -> None:
    assert printable("a\n b\t$c$") == "a b $c$"
    assert printable("\u540d") == "□"
    assert len(printable("x" * 500)) < 60


def test_the_users_matplotlib_settings_do_not_matter(with_toys: SearchResult) -> None:
    with mpl.rc_context({"font.size": 30.0, "axes.grid": True}):
        before = dict(mpl.rcParams)
        figure = FIGURES["limit"](with_toys)
        assert dict(mpl.rcParams) == before
    assert figure.axes[0].xaxis.label.get_size() == pytest.approx(10.0)


def test_no_graphical_layer_is_loaded() -> None:
    code = "import sys, x17.report.figure_files; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
