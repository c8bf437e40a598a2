import io
from dataclasses import replace

import pytest
from rich.console import Console

from x17.report.headline import headline
from x17.report.scan_document import scan_document
from x17.report.terminal import print_scan, print_search, search_rows
from x17.scan import EnergyScan
from x17.statistics.monte_carlo import TailFraction
from x17.statistics.search_result import SearchResult


def printed(result: SearchResult) -> str:
    console = Console(file=io.StringIO(), width=80, no_color=True)
    print_search(console, result, headline(result), "results/here", 12.0)
    return console.file.getvalue()


@pytest.mark.parametrize("kind", ["with_toys", "without_toys", "with_significance"])
def test_summary_fits_a_terminal_of_80_columns(kind: str, request: pytest.FixtureRequest) -> None:
    text = printed(request.getfixturevalue(kind))
    assert max(len(line) for line in text.splitlines()) <= 80
    for words in ("side band", "masked", "best fit", "local p", "global p", "90 % CL limit", "results/here"):
        assert words in text
    assert "nan" not in text.lower()
    assert "next: " in text.splitlines()[-1]


def test_global_p_is_told_for_every_window(with_significance: SearchResult) -> None:
    rows = dict(search_rows(with_significance))
    assert "published deviation" in rows["global p, 16.50 to 17.30 MeV"]
    assert "deepest Q" in rows["global p, 16.70 to 17.10 MeV"]
    assert "global p" not in rows
    assert "global p = " in headline(with_significance)


def test_rows_say_which_treatment_of_k_was_used(without_toys: SearchResult) -> None:
    text = dict(search_rows(without_toys))["Q there"]
    assert "with K published" in text
    assert "K free" in text


@pytest.mark.parametrize(
    ("p", "z", "shown"), [(0.0114, 2.28, "0.0114"), (1e-3, 3.09, "0.0010"), (4.68e-10, 6.12, "4.68e-10")]
)
def test_a_small_local_p_is_not_shown_as_zero(
    without_toys: SearchResult, p: float, z: float, shown: str
) -> None:
    local = replace(without_toys.local_p, p_q0=p, z_q0=z)
    rows = dict(search_rows(replace(without_toys, local_p=local)))
    assert rows[f"local p at {local.mass_mev:.2f} MeV"] == f"{shown}  (q0: {z:.2f}σ one-sided)"


def test_no_pseudo_experiment_as_extreme_gives_an_upper_end(with_toys: SearchResult) -> None:
    local = replace(with_toys.local_p, limit=TailFraction(0, 10_000))
    result = replace(with_toys, local_p=local)
    assert ("", "< 1.8e-4  (none of 10000 pseudo-experiments as extreme)") in search_rows(result)
    assert max(len(line) for line in printed(result).splitlines()) <= 80


@pytest.mark.parametrize("errors", [False, True])
def test_scan_page_fits_80_columns_and_shows_every_point(errors: bool) -> None:
    document = scan_document(EnergyScan.load("padme-run3"))
    console = Console(file=io.StringIO(), width=80, no_color=True)
    print_scan(console, document, errors=errors)
    text = console.file.getvalue()
    assert max(len(line) for line in text.splitlines()) <= 80
    assert "…" not in text  # no number is cut
    assert "g_R 0.882 %" in text
    assert "42 of 52 points are searched" in text
    assert " nan" not in text
    assert ("tag&probe" in text) is errors


def test_scan_page_without_validation_columns() -> None:
    full = EnergyScan.load("padme-run3")
    names = ("sqrt_s_mev", "n2", "n_pot", "background_per_pot", "signal_efficiency")
    bare = EnergyScan.from_columns(
        {name: full.columns[name][full.scan_part >= 0] for name in names if name != "signal_efficiency"}
        | {"signal_efficiency": 24_000 * full.background_per_pot[full.scan_part >= 0]}
    )
    console = Console(file=io.StringIO(), width=80, no_color=True)
    print_scan(console, scan_document(bare), errors=True)
    assert "no column" in console.file.getvalue()
