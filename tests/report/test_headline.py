"""The sentence says the right thing whatever came out."""

from dataclasses import replace

import pytest

from x17.report.headline import headline
from x17.statistics.monte_carlo import TailFraction
from x17.statistics.search_result import LimitPoint, SearchResult
from x17.statistics.toy_limit import ToyLimit


def point(mass: float, toy: float | None, asymptotic: float | None, p: float | None = 0.5) -> LimitPoint:
    made = None if toy is None else ToyLimit(mass, toy, toy, toy, 1000)
    return LimitPoint(mass, made, None, asymptotic, (None,) * 5, p, ())


@pytest.fixture
def padme(with_toys: SearchResult) -> SearchResult:
    """The numbers of PADME Run III with 1000 toys."""
    return replace(
        with_toys,
        n_toys=1000,
        best=replace(with_toys.best, mass_mev=16.9004, g_ve=4.417e-4, q=-5.188),
        local_p=replace(
            with_toys.local_p, mass_mev=16.9, p_q0=0.011371, z_q0=2.2777, limit=TailFraction(119, 10_000)
        ),
        limits=(point(16.88, 5.6e-4, 5.5e-4), point(16.9, 5.667e-4, 5.54e-4), point(16.92, 5.5e-4, 5.4e-4)),
    )


def test_small_excess(padme: SearchResult) -> None:
    assert headline(padme) == (
        "No boson is established: the largest excess in padme-run3 is at 16.90 MeV "
        "(local p = 0.0119 +0.0012 −0.0011, 2.26σ one-sided; global p not computed here), "
        "best fit g_ve = 4.42e-4; couplings above 5.67e-4 are excluded at 90 % CL at that mass (toy CLs)."
    )


def test_without_toys(padme: SearchResult) -> None:
    local = replace(padme.local_p, limit=None)
    limits = (point(16.9, None, 5.54e-4),)
    sentence = headline(replace(padme, n_toys=0, local_p=local, limits=limits))
    assert "(local p = 0.0114, 2.28σ one-sided, asymptotic; global p not computed here)" in sentence
    assert sentence.endswith("couplings above 5.54e-4 are excluded at 90 % CL at that mass (asymptotic CLs).")


def test_no_excess_gives_the_strongest_limit(variants, padme: SearchResult) -> None:
    limits = (point(16.5, None, 4e-4), point(16.525, None, 3.5e-4), point(17.0, None, None))
    assert headline(replace(variants["no-excess"](padme), limits=limits)) == (
        "No boson is established: padme-run3 shows no excess at any of the 3 masses searched, "
        "16.50 to 17.00 MeV; couplings above 3.50e-4 are excluded at 90 % CL at 16.525 MeV, "
        "where the limit is strongest (asymptotic CLs)."
    )


def test_no_excess_and_no_limit(variants, padme: SearchResult) -> None:
    result = replace(variants["no-excess"](padme), limits=(point(16.5, None, None),))
    assert headline(result).endswith("16.50 to 16.50 MeV; no limit could be set at any mass.")


def test_no_limit_at_the_excess(padme: SearchResult) -> None:
    result = replace(padme, limits=(point(16.5, None, 4e-4), point(16.9, None, None)))
    assert headline(result).endswith("; no limit could be set at that mass.")


def test_toys_that_gave_no_limit_leave_the_asymptotic_one(padme: SearchResult) -> None:
    failed = replace(point(16.9, 1e-4, 5.54e-4), toy=ToyLimit(16.9, None, None, None, 50, 0, "too few toys"))
    assert headline(replace(padme, limits=(failed,))).endswith(
        "couplings above 5.54e-4 are excluded at 90 % CL at that mass (asymptotic CLs)."
    )


@pytest.mark.parametrize(
    ("z", "p", "start"),
    [
        (2.99, 1.395e-3, "No boson is established: "),
        (3.01, 1.306e-3, "Evidence-level local excess: "),
        (4.99, 3.019e-7, "Evidence-level local excess: "),
        (5.01, 2.722e-7, "Observation-level local excess: "),
    ],
)
def test_large_excess_without_toys(padme: SearchResult, z: float, p: float, start: str) -> None:
    sentence = headline(replace(padme, local_p=replace(padme.local_p, p_q0=p, z_q0=z, limit=None)))
    assert sentence.startswith(start)
    assert "global p not computed here" in sentence
    assert f"{z:.2f}σ one-sided" in sentence


def test_toys_decide_over_the_formula(padme: SearchResult) -> None:
    local = replace(padme.local_p, z_q0=2.9, limit=TailFraction(10, 10_000))
    assert headline(replace(padme, local_p=local)).startswith("Evidence-level local excess: ")


def test_no_toy_as_extreme_gives_an_upper_end_and_the_formula(padme: SearchResult) -> None:
    local = replace(padme.local_p, p_q0=1.04e-11, z_q0=6.7, limit=TailFraction(0, 10_000))
    sentence = headline(replace(padme, local_p=local))
    assert sentence.startswith("Observation-level local excess: ")
    assert "local p < 1.8e-4 as none of 10000 toys is as extreme" in sentence
    assert "local p = 1.04e-11, 6.70σ one-sided, asymptotic" in sentence


@pytest.mark.parametrize("fraction", [TailFraction(0, 0, 50), TailFraction(50, 50)])
def test_toys_that_cannot_tell(padme: SearchResult, fraction: TailFraction) -> None:
    sentence = headline(replace(padme, local_p=replace(padme.local_p, limit=fraction)))
    assert "2.28σ one-sided, asymptotic" in sentence
    assert "inf" not in sentence
    assert "nan" not in sentence


def test_a_best_fit_elsewhere_is_placed(padme: SearchResult) -> None:
    sentence = headline(replace(padme, best=replace(padme.best, mass_mev=17.02)))
    assert "best fit g_ve = 4.42e-4 at 17.02 MeV;" in sentence


def test_other_confidence_level(padme: SearchResult) -> None:
    assert "excluded at 99.5 % CL" in headline(replace(padme, cl=0.995))


def test_always_one_line(any_result: SearchResult) -> None:
    sentence = headline(any_result)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    assert not any(bad in sentence for bad in ("nan", "inf", "None"))


def test_a_criterion_that_fails_is_in_the_headline(padme: SearchResult) -> None:
    assert "side band" not in headline(padme)
    first, *rest = padme.criteria
    low = replace(first, value=0.0123, passed=False)
    after = tuple(replace(criterion, value=None, passed=None) for criterion in rest)
    sentence = headline(replace(padme, criteria=(low, *after)))
    assert sentence.endswith(
        " But the side band fails criterion (i) chi2 probability (0.0123; > 0.2 wanted)."
    )
    assert sentence.startswith(headline(padme))
    slope = replace(rest[1], value=-3.5, passed=False)
    assert "(-3.5; < 2 wanted)" in headline(replace(padme, criteria=(first, rest[0], slope)))


def test_a_file_that_is_called_scan_gives_no_scan_in_scan(padme: SearchResult) -> None:
    assert "largest excess in this scan is at" in headline(replace(padme, scan_name="scan"))
