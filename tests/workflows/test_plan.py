import json
from pathlib import Path

import pytest

from x17.errors import UsageError
from x17.projection.planning_campaign import Truth
from x17.projection.planning_criteria import Criterion
from x17.statistics.blocks import silent
from x17.workflows.plan import make_plan
from x17.workflows.plan_request import PlanRequest, criterion_of
from x17.workflows.search_settings import resolve_settings


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"step": "third"}, "--step is 'third'; allowed: full, half, quarter"),
        ({"toys": 3}, "--toys is 3; allowed: 0"),
        ({"least": 0.0}, "--least is 0; allowed: 1 to 1e18"),
        ({"least": float("nan")}, "--least is nan"),
    ],
)
def test_numbers_outside_their_range(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        PlanRequest(positrons=3e11, steps=12, **wrong)  # type: ignore[arg-type]


def test_criteria_by_name() -> None:
    assert criterion_of("chance") is Criterion.CHANCE
    with pytest.raises(UsageError, match="allowed: information, separation, chance"):
        criterion_of("fame")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"positrons": 1e9, "steps": 12}, "a point needs 1e\\+09"),
        ({"positrons": 1e11, "steps": 0}, "--steps is 0"),
        ({"positrons": 1e11, "steps": 2, "energies_mev": (20.0, 280.0)}, "the beam cannot have 20 MeV"),
    ],
)
def test_what_the_beam_cannot_do(wrong: dict[str, float], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        make_plan("padme-run3", resolve_settings(), PlanRequest(toys=0, **wrong))  # type: ignore[arg-type]


def test_workers_do_not_matter_and_a_folder_holds_everything(tmp_path: Path) -> None:
    request = PlanRequest(positrons=1e11, steps=3, toys=12, adaptive=True, no_boson=True)
    out = tmp_path / "plan"
    one = make_plan("padme-run3", resolve_settings(), request, workers=1)
    two = make_plan("padme-run3", resolve_settings(), request, workers=3, out=out, command="x17 plan")
    assert one.document == two.document
    assert json.loads((out / "plan.json").read_text()) == one.document
    assert (out / "plan.csv").read_text().count("\n") == 4
    assert {path.name for path in (out / "figures").iterdir()} == {
        f"{stem}.{kind}" for stem in ("schedule", "power") for kind in ("png", "svg")
    }
    assert one.result.truth == Truth(16.9, 0.0)
    assert len(one.document["comparison"]["curves"]) == 12
    with pytest.raises(UsageError, match="other options"):
        make_plan("padme-run3", resolve_settings(), PlanRequest(positrons=1e11, steps=4, toys=0), out=out)


def test_an_interrupted_comparison_goes_on(tmp_path: Path) -> None:
    request, bank = PlanRequest(positrons=1e11, steps=2, toys=10), tmp_path / "bank"

    def stop(what: str, done: int, total: int) -> None:
        del what, total
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match="finished toys are in"):
        make_plan("padme-run3", resolve_settings(), request, workers=1, bank=bank, progress=stop)
    first = {path: path.stat().st_mtime_ns for path in bank.rglob("*.npz")}
    assert len(first) == 2
    kept = make_plan("padme-run3", resolve_settings(), request, workers=1, bank=bank, progress=silent)
    assert kept.document == make_plan("padme-run3", resolve_settings(), request, workers=2).document
    assert all(path.stat().st_mtime_ns == made for path, made in first.items())
    # More toys are added to those that are there.
    more = PlanRequest(positrons=1e11, steps=2, toys=20)
    make_plan("padme-run3", resolve_settings(), more, workers=1, bank=bank)
    assert len(list(bank.rglob("*.npz"))) == 18


def test_a_point_that_the_user_appended_is_planned_with(tmp_path: Path) -> None:
    from x17.scan import EnergyScan

    scan = EnergyScan.load("padme-run3")
    csv, _ = scan.write(tmp_path / "mine.csv")
    lines = csv.read_text().splitlines()
    header = next(k for k, line in enumerate(lines) if line.startswith("period"))
    names = lines[header].split(",")
    row = dict(zip(names, lines[header + 12].split(","), strict=True))
    expected = float(row["background_per_pot"]) * float(row["n_pot"])
    request = PlanRequest(positrons=1e11, steps=2, toys=0)
    before = make_plan("padme-run3", resolve_settings(), request).result
    first = before.schedule.points[0]
    # As much above K as a boson would be: the likelihood must move towards one there.
    row |= {"period": "100", "n2": f"{1.03 * expected:.0f}", "n2_err": f"{expected**0.5:.1f}"}
    row |= {"sqrt_s_mev": f"{first.sqrt_s_mev:.3f}"}
    (tmp_path / "mine.csv").write_text("\n".join([*lines, ",".join(row[name] for name in names), ""]))
    after = make_plan(str(tmp_path / "mine.csv"), resolve_settings(), request).result
    assert after.no_boson < before.no_boson
    # What one more visit there adds is less, for its errors of flux and background do not average.
    k = after.schedule.energies_mev.tolist().index(first.beam_energy_mev)
    gain, other = after.schedule.first_gain[k], after.schedule.first_gain[k + 1]
    assert gain / other < 0.9 * before.schedule.first_gain[k] / before.schedule.first_gain[k + 1]
