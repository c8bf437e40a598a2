from dataclasses import replace

import numpy as np
import pytest

from x17.errors import UsageError, X17Error
from x17.scan import EnergyScan
from x17.statistics.check_result import Check, CheckResult, CheckStatus
from x17.workflows.check_list import PLANS, chosen_plans
from x17.workflows.check_plan import Analysis, Plan, Variation, with_constants, with_data, with_model
from x17.workflows.checks import CheckRequest, run_checks, sentence_of
from x17.workflows.search_settings import resolve_settings

MASSES = "16.6:17.2:0.1"


def checked(
    scan: EnergyScan | str = "padme-run3", *, workers: int = 1, request: CheckRequest, **options: object
) -> CheckResult:
    loaded = EnergyScan.load(scan) if isinstance(scan, str) else scan
    given = {"search.masses": MASSES, "limit.toys": 0} | options
    prepared, settings = resolve_settings(options=given).prepared(loaded)
    return run_checks(prepared, settings, request, workers=workers)


def only(names: str, **options: object) -> CheckRequest:
    return CheckRequest(plans=chosen_plans(names), **({"experiments": 0} | options))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def everything() -> CheckResult:
    return checked(request=CheckRequest(experiments=0), workers=2)


def check_named(result: CheckResult, name: str) -> Check:
    return next(check for check in result.checks if check.name == name)


def test_every_check_of_the_presentation_is_there(everything: CheckResult) -> None:
    assert [check.name for check in everything.checks] == [plan.name for plan in PLANS]
    for check in everything.checks:
        if check.name != "injected-boson":
            assert check.status is CheckStatus.DONE, check.reason
            assert all(row.fit is not None and row.change is not None for row in check.rows)
            names = [row.name for row in check.rows]
            assert len(set(names)) == len(names)
    assert len(check_named(everything, "leave-one-out").rows) == 42


@pytest.mark.parametrize(
    ("check", "row", "mass", "q"),
    [
        # Recomputed before: K constant −6.14, B per part at 17.03, K from the side band −5.17, K free −5.03.
        ("k-constant", "side-band", 16.893, -6.14),
        ("background-curve", "line", 17.033, -7.18),
        ("k-constraint", "from-sideband", 16.901, -5.170),
        ("k-constraint", "free", 16.901, -5.030),
    ],
)
def test_what_is_known_of_run_3(everything: CheckResult, check: str, row: str, mass: float, q: float) -> None:
    fit = next(r.fit for r in check_named(everything, check).rows if r.name == row)
    assert fit is not None
    assert fit.best.mass_mev == pytest.approx(mass, abs=2e-3)
    assert fit.best.q == pytest.approx(q, abs=0.01)


def test_b_per_part_moves_the_fit_because_of_one_point(everything: CheckResult) -> None:
    rows = {row.name: row.fit for row in check_named(everything, "background-curve").rows}
    without = rows["line-without-farthest"]
    assert without is not None
    assert "period 0" in check_named(everything, "background-curve").rows[1].label
    assert without.best.mass_mev == pytest.approx(16.92, abs=0.01)


def test_the_excess_follows_the_beam_energy(everything: CheckResult) -> None:
    # M² = 2 m_e (E + m_e): with E scaled by 1 ± 0.005 the mass by the root, and the fit by nothing.
    for row, factor in zip(check_named(everything, "beam-energy").rows, (1.005, 0.995), strict=True):
        assert row.change is not None
        assert row.change.mass_mev == pytest.approx(16.901 * (np.sqrt(factor) - 1.0), abs=5e-4)
        assert row.change.z == pytest.approx(0.0, abs=0.01)


def test_parts_agree_and_their_signals_average_to_that_of_both(everything: CheckResult) -> None:
    check = check_named(everything, "parts")
    assert check.tension is not None
    assert abs(check.tension) < 1.5
    fits = [row.fit for row in check.rows[-2:]]
    weights = [fit.reference_error**-2 for fit in fits if fit]
    mean = sum(w * fit.reference_signal for w, fit in zip(weights, fits, strict=True) if fit) / sum(weights)
    free = next(r.fit for r in check_named(everything, "k-constraint").rows if r.name == "free")
    assert free is not None
    # Both share K and the line: not exactly a weighted mean, but within a tenth of an error.
    assert mean == pytest.approx(free.reference_signal, abs=0.1 * free.reference_error)


def test_published_numbers_stand_beside_those_found(everything: CheckResult) -> None:
    p_value, constant, center, *strengths = check_named(everything, "k-constant").comparisons
    assert (p_value.published, p_value.found) == (0.37, pytest.approx(0.56, abs=0.005))
    assert constant.difference == pytest.approx(0.0, abs=1e-4)
    assert center.found == pytest.approx(16.873, abs=1e-3)
    assert [c.found for c in strengths] == [None, None]  # no pseudo-experiments were made
    (slope,) = check_named(everything, "corrections").comparisons
    assert slope.found == pytest.approx(0.107, abs=0.001)
    assert slope.found_error == pytest.approx(0.005, abs=5e-4)


def test_nothing_published_is_said_of_another_scan() -> None:
    scan = replace(EnergyScan.load("padme-run3"), name="mine")
    (check,) = checked(scan, request=only("k-constant")).checks
    assert check.published == ""
    assert check.comparisons == ()


def test_workers_do_not_matter() -> None:
    request = only("k-constant,line-shape", experiments=200)
    one, two = (checked(request=request, workers=n) for n in (1, 2))
    for a, b in zip(one.checks, two.checks, strict=True):
        for x, y in zip(a.rows, b.rows, strict=True):
            assert x.change == y.change
            assert [g.fraction for g in x.global_p] == [g.fraction for g in y.global_p]


def test_pseudo_experiments_with_and_without_a_boson() -> None:
    result = checked(request=only("k-constant,cls-plus-b,injected-boson", experiments=400))
    assert result.injected is not None
    assert result.band is not None
    share = result.injected.larger_excess
    # û of the data lies 0.6 of its error below 5e-4²: some 0.73 exceed it at that mass, more at any mass.
    assert 0.7 < share.value < 0.9
    found = {check.name: check.rows[0].global_p for check in result.checks if check.rows}
    for definitions in (*found.values(), result.nominal.global_p):
        assert len(definitions) == 2
        assert all(0.01 < g.fraction.value < 0.25 for g in definitions)
    strength = check_named(result, "cls-plus-b").comparisons[0]
    assert strength.found is not None
    assert strength.found_error is not None


def test_toys_give_limits_of_their_own() -> None:
    result = checked(request=only("cls-plus-b"), **{"limit.toys": 200})
    for row in (result.nominal, result.checks[0].rows[0]):
        assert row.toy_limit is not None
        assert row.toy_limit.coupling == pytest.approx(5.6e-4, rel=0.05)  # 2 % from 200 toys, 2 % from CLs


def test_a_scan_of_one_part_has_no_parts_to_compare() -> None:
    scan = EnergyScan.load("padme-run3")
    columns = {k: v for k, v in scan.columns.items() if k in ("sqrt_s_mev", "n2", "n_pot")}
    columns |= {
        k: scan.columns[k] for k in ("background_per_pot", "signal_efficiency", "signal_efficiency_err")
    }
    plain = EnergyScan.from_columns({k: v[28:47] for k, v in columns.items()})
    result = checked(plain, request=only("parts,scan-shift,corrections,tag-and-probe,k-constant"))
    for name in ("parts", "scan-shift"):
        check = check_named(result, name)
        assert check.status is CheckStatus.NOT_APPLICABLE
        assert "two are needed to compare them" in check.reason
    corrections = check_named(result, "corrections")
    assert (corrections.status, corrections.reason) == (
        CheckStatus.NOT_APPLICABLE,
        "there is nothing to vary",
    )
    tag = check_named(result, "tag-and-probe")
    assert {row.status for row in tag.rows} == {CheckStatus.NOT_APPLICABLE}
    assert "has no column tag_and_probe" in tag.reason
    assert check_named(result, "k-constant").status is CheckStatus.DONE


def failing(error: Exception) -> Variation:
    def alter(_: Analysis) -> Analysis:
        raise error

    return Variation(name=type(error).__name__, label="broken", sentence="Breaks.", alter=alter)


def test_a_failure_is_a_row_and_not_the_end() -> None:
    errors = (X17Error("the fit failed: take a rest"), ValueError("two\nlines"), UsageError("no such thing"))
    good = Variation(name="good", label="good", sentence="", alter=lambda a: a)
    plan = Plan(
        name="mixed",
        title="Mixed",
        question="?",
        variations=lambda _: (good, *(failing(error) for error in errors)),
    )
    broken = replace(plan, name="broken", variations=lambda _: (failing(errors[0]),))
    result = checked(request=CheckRequest(plans=(plan, broken), experiments=0))
    mixed, all_broken = result.checks
    assert mixed.status is CheckStatus.DONE
    assert [row.status for row in mixed.rows] == [
        CheckStatus.DONE,
        CheckStatus.FAILED,
        CheckStatus.FAILED,
        CheckStatus.NOT_APPLICABLE,
    ]
    assert mixed.rows[1].reason == "the fit failed: take a rest"
    assert mixed.rows[2].reason == "unexpected ValueError: two lines"
    assert all_broken.status is CheckStatus.FAILED
    assert all_broken.reason == "the fit failed: take a rest"


def test_a_boson_outside_the_masses_is_not_compared() -> None:
    result = checked(request=only("injected-boson", experiments=200, boson=(18.0, 5e-4)))
    (check,) = result.checks
    assert check.status is CheckStatus.NOT_APPLICABLE
    assert "outside the masses compared" in check.reason


def test_changes_of_an_analysis() -> None:
    scan = EnergyScan.load("padme-run3")
    prepared, settings = resolve_settings(options={"search.masses": MASSES}).prepared(scan)
    analysis = Analysis(prepared, settings.model)
    assert with_model(analysis, fixed=("b",)).model.fixed == ("b",)
    assert with_constants(analysis, binding_energy_mev=0.0).scan.constants.binding_energy_mev == 0.0
    assert with_data(analysis, lambda s: s).model.k_constraint == "from-sideband"
    free = with_model(analysis, k_constraint="free")
    assert with_data(free, lambda s: s).model.k_constraint == "free"


def test_bad_requests() -> None:
    with pytest.raises(UsageError, match="'nonsense' is no check; allowed: k-constant, "):
        chosen_plans("parts,nonsense")
    assert [plan.name for plan in chosen_plans("parts, k-constant")] == ["k-constant", "parts"]
    with pytest.raises(UsageError, match=r"--experiments is 50; allowed: 0 \(none\) or 200"):
        CheckRequest(experiments=50)
    with pytest.raises(UsageError, match=r"--mass is 18; allowed: .* 16.6 to 17.2 MeV"):
        checked(request=only("k-constant", reference_mass=18.0))
    assert sentence_of(UsageError("a  b\nc")) == "a b c"
