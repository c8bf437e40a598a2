import numpy as np
import pytest

from x17.scan import EnergyScan
from x17.scan.corrections import remove
from x17.statistics.asymptotic import AsymptoticForm
from x17.statistics.limit_settings import LimitSettings
from x17.statistics.model_settings import KSource, LineShapeKind, ModelSettings
from x17.statistics.search_result import SearchResult
from x17.theory.boson import SpinParity
from x17.workflows.search import run_search

MASSES, COUPLINGS = np.array([16.5, 16.9, 17.3]), np.linspace(1e-4, 9.775e-4, 14)


@pytest.fixture(scope="module")
def scan() -> EnergyScan:
    return EnergyScan.load("padme-run3")


@pytest.fixture(scope="module")
def result(scan: EnergyScan) -> SearchResult:
    return run_search(
        scan, MASSES, COUPLINGS, limit_settings=LimitSettings(toys=100, local_p_toys=300), workers=2
    )


def test_parts_agree_with_each_other(result: SearchResult) -> None:
    assert result.best.q == pytest.approx(result.best.chi2 - result.background.chi2)
    assert result.q_map.q.shape == (3, 14)
    assert result.q_map.ok.all()
    assert result.failures == {}
    assert result.best.q <= result.q_map.q.min()
    assert [point.mass_mev for point in result.limits] == MASSES.tolist()
    assert result.local_p.mass_mev == 16.9
    assert result.local_p.p_q0 == result.limits[1].local_p
    used = [variant for variant in result.k_variants if variant.used]
    assert [variant.k_constraint for variant in used] == ["published"]
    assert used[0].q == result.best.q


def test_curves_reproduce_the_chi_squares(result: SearchResult) -> None:
    curves = result.curves
    data_term = np.sum(((curves.g_r - curves.background) / curves.g_r_err) ** 2)
    penalty = sum((n.pull or 0.0) ** 2 for n in result.background.nuisances)
    # The correlation of P0 and P1, -0.06, is all that the sum of squares leaves out.
    assert data_term + penalty == pytest.approx(result.background.chi2, abs=0.02)


def test_workers_do_not_change_anything(scan: EnergyScan, result: SearchResult) -> None:
    again = run_search(
        scan, MASSES, COUPLINGS, limit_settings=LimitSettings(toys=100, local_p_toys=300), workers=1
    )
    assert again.limits == result.limits
    assert again.local_p == result.local_p


def test_progress_reaches_its_end(scan: EnergyScan) -> None:
    calls: list[tuple[str, int, int]] = []
    run_search(
        scan,
        MASSES,
        COUPLINGS[:3],
        limit_settings=LimitSettings(toys=50, local_p_toys=50),
        progress=lambda *call: calls.append(call),
    )
    for what in {call[0] for call in calls}:
        mine = [call for call in calls if call[0] == what]
        assert mine[-1][1] == mine[-1][2]


def test_without_toys_there_are_none(scan: EnergyScan) -> None:
    bare = run_search(scan, MASSES, COUPLINGS, limit_settings=LimitSettings(toys=0))
    assert all(point.toy is None for point in bare.limits)
    assert bare.local_p.limit is None


def test_another_boson_or_line_says_how_the_limit_changes(scan: EnergyScan) -> None:
    def note(**choices: object) -> str:
        settings = ModelSettings(**choices)
        return " ".join(
            run_search(
                scan, MASSES, COUPLINGS, model_settings=settings, limit_settings=LimitSettings(toys=0)
            ).notes
        )

    assert note() == ""
    # 1/sqrt(0.497 · 1.267) = 1.26 for a scalar; the computed line moves the limit at 16.90 MeV by -0.3 %.
    assert "+25.9 %" in note(boson=SpinParity.SCALAR)
    assert "-0.3 %" in note(lineshape=LineShapeKind.COMPUTED)


def test_a_limit_above_the_largest_coupling_is_left_out_with_a_note(scan: EnergyScan) -> None:
    settings = LimitSettings(toys=0, max_coupling=4e-4)
    limits = run_search(scan, MASSES, COUPLINGS, limit_settings=settings).limits
    assert limits[1].asymptotic is None
    assert "above g = 0.0004" in " ".join(limits[1].notes)


def test_the_asimov_form_is_a_setting(scan: EnergyScan) -> None:
    limits = [
        run_search(scan, MASSES, COUPLINGS, limit_settings=LimitSettings(toys=0, asymptotic=form)).limits[1]
        for form in AsymptoticForm
    ]
    assert limits[0].asymptotic != limits[1].asymptotic
    assert limits[0].asymptotic == pytest.approx(limits[1].asymptotic, rel=0.02)


def test_a_correction_taken_off_changes_the_search(scan: EnergyScan) -> None:
    settings = ModelSettings(k_constraint=KSource.FROM_SIDEBAND)
    bare = LimitSettings(toys=0)
    without = run_search(
        remove(scan, "ageing"), MASSES, COUPLINGS, model_settings=settings, limit_settings=bare
    )
    plain = run_search(scan, MASSES, COUPLINGS, model_settings=settings, limit_settings=bare)
    assert without.best.q != pytest.approx(plain.best.q, abs=0.1)
