"""`x17 project`: which run is meant, what it is made of, what is written."""

import json
import shutil
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from x17.errors import InputError, UsageError
from x17.projection.yield_lines import lines_of_scan
from x17.scan import EnergyScan
from x17.workflows.limits import LimitPlace
from x17.workflows.project import ProjectRequest, find_projection
from x17.workflows.project_design import DesignRequest, design_of

HEADER = "period,sqrt_s_mev,background_per_pot,background_err_raw,signal_efficiency,signal_efficiency_err\n"
FEW = ProjectRequest(masses="16.8:17.0:0.1", couplings="3e-4:7e-4:5", inject="16.9:5e-4")


def _expected(folder: Path, rows: list[str]) -> Path:
    folder.mkdir()
    (folder / "expected.csv").write_text(HEADER + "".join(f"{row}\n" for row in rows), "utf-8")
    return folder


def test_a_name_of_both_is_the_scan() -> None:
    assert len(design_of("padme-run3", DesignRequest()).points) == 42
    assert design_of("padme-run3", DesignRequest()).lines.origin == "padme-run3"


def test_statistics_and_half_step() -> None:
    once, four = (design_of("padme-run3", DesignRequest(statistics=n, step="half")) for n in (1.0, 4.0))
    assert four.points.n_pot.sum() == pytest.approx(4.0 * once.points.n_pot.sum(), rel=1e-12)
    assert four.name == "padme-run3, × 4, half step"


def test_a_setup_with_yields_of_a_simulation(tmp_path: Path) -> None:
    """B and ε_S on lines of twice the published ones give twice the counts."""
    old = lines_of_scan(EnergyScan.load("padme-run3"))
    rows = []
    for number, energy in enumerate(np.linspace(16.4, 17.4, 6).tolist()):
        background = 2.0 * float(old.background(energy))
        efficiency = background * float(old.ratio(energy))
        rows.append(f"{number},{energy!r},{background!r},1e-8,{efficiency!r},1e-4")
    folder = _expected(tmp_path / "expected", rows)
    design = design_of("padme-run4", DesignRequest(expected=str(folder)))
    assert design.lines.origin == "the simulation in expected"
    assert design.lines.background(16.9) == pytest.approx(2.0 * old.background(16.9), rel=1e-9)
    assert design.lines.ratio(16.9) == pytest.approx(old.ratio(16.9), rel=1e-9)
    # The same name is a scan without it.
    assert design_of("padme-run3", DesignRequest(expected=str(folder))).lines.origin.startswith("the sim")


def test_a_setup_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    shutil.copy(str(files("x17.apparatus") / "setups" / "padme-run4.toml"), path)
    design = design_of(str(path), DesignRequest(spread=0.005))
    assert design.constants.beam_energy_spread == 0.005
    assert len(design.points) == 36


def test_a_scan_from_a_file(tmp_path: Path) -> None:
    csv, toml = EnergyScan.load("padme-run3").write(tmp_path / "copy.csv")
    for path in (csv, toml):
        assert len(design_of(str(path), DesignRequest()).points) == 42


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"statistics": 0.0}, "--statistics is 0; allowed: 0.001 to 1e6"),
        ({"step": "third"}, "--step is 'third'; allowed: same, half"),
        ({"energies": "265:299:12"}, "--energies and --positrons go together"),
        ({"positrons": 1e11}, "--energies and --positrons go together"),
        ({"energies": "265:299:12", "positrons": 0.0}, "--positrons is 0"),
        ({"spread": 1.0}, "--spread is 1; allowed: 1e-5 to 0.1"),
    ],
)
def test_options_that_cannot_be(options: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message.replace(".", r"\.")):
        DesignRequest(**options)  # type: ignore[arg-type]


def test_energies_the_beam_cannot_have() -> None:
    with pytest.raises(
        UsageError, match="--energies: the beam cannot have 100 MeV; allowed: positrons of 200"
    ):
        design_of("padme-run3", DesignRequest(energies="100:299:12", positrons=2e11))


def test_names_that_are_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"'nowhere' is neither .* padme-run4; shipped scans: padme-run3"):
        design_of("nowhere", DesignRequest())
    csv, _ = EnergyScan.load("padme-run3").write(tmp_path / "copy.csv")
    with pytest.raises(UsageError, match="--expected goes with a setup"):
        design_of(str(csv), DesignRequest(expected=str(tmp_path)))


def test_expected_yields_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"has no expected\.csv .* `x17 expect"):
        design_of("padme-run4", DesignRequest(expected=str(tmp_path)))
    folder = _expected(tmp_path / "expected", ["0,16.9,3e-6,1e-8,nan,1e-4", "1,17.0,-1,1e-8,0.09,1e-4"])
    with pytest.raises(InputError) as error:
        design_of("padme-run4", DesignRequest(expected=str(folder)))
    assert "line 2, column signal_efficiency" in str(error.value)
    assert "line 3, column background_per_pot" in str(error.value)


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (ProjectRequest(boson="X"), "--boson is 'X'; allowed: V, A, S, P"),
        (ProjectRequest(mass=30.0), "--mass is 30 MeV, far from the energies of the run"),
        (ProjectRequest(inject="3:1e-4"), "--inject is 3 MeV, far from"),
        (ProjectRequest(toys=3), "--toys is 3; allowed: 0"),
        (ProjectRequest(cl=0.2), "--cl is 0.2; allowed: 0.5"),
        (ProjectRequest(seed=-1), "--seed is -1"),
        (ProjectRequest(combine="nowhere"), "'nowhere' is neither"),
    ],
)
def test_requests_that_cannot_be(request_: ProjectRequest, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        find_projection("padme-run3", request_, LimitPlace(workers=1))


def test_what_is_written(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run = find_projection("padme-run4", FEW, LimitPlace(workers=1), out=out)
    document = json.loads((out / "projection.json").read_text("utf-8"))
    assert document["run"]["points"] == 36
    assert document["reach"] == run.document["reach"]
    assert document["combined"]["with"] == "padme-run3"
    page = (out / "report.html").read_text("utf-8")
    for key in ("reach", "power", "limiting", "saturation"):
        assert (out / "figures" / f"{key}.png").is_file()
        assert f'id="{key}"' in page or f"#{key}" in page or key in page
    assert page.count("data:image/svg+xml;base64") == 4
    # The scan that was projected can be searched, sealed, planned with.
    assert EnergyScan.load(out / "scan.csv") == run.projection.scan
    rows = (out / "reach.csv").read_text("utf-8").splitlines()
    assert rows[0].startswith("mass_mev,limit_minus_2,")
    assert len(rows) == 4
    # The same again is allowed; another run must not replace it unasked.
    find_projection("padme-run4", FEW, LimitPlace(workers=1), out=out)
    with pytest.raises(UsageError, match="holds results of another input"):
        find_projection("padme-run3", FEW, LimitPlace(workers=1), out=out)


def test_pseudo_experiments_come_from_a_bank(tmp_path: Path) -> None:
    """What is in the bank is not made again, and gives the same numbers as in memory."""
    request = ProjectRequest(masses="16.9:16.9:1", couplings="3e-4:7e-4:3", inject="16.9:5e-4", toys=60)
    told: list[str] = []
    memory, first, again = (
        find_projection("padme-run3", request, place, notify=told.append)
        for place in (LimitPlace(workers=1), *[LimitPlace(bank=tmp_path / "bank", workers=1)] * 2)
    )
    assert first.document["simulated"] == again.document["simulated"] == memory.document["simulated"]


def test_alone(tmp_path: Path) -> None:
    request = ProjectRequest(masses="16.9:16.9:1", couplings="3e-4:7e-4:3", combine="none")
    run = find_projection("padme-run3", request, LimitPlace(workers=1), out=tmp_path / "out")
    assert run.projection.combined is None
    assert not (tmp_path / "out" / "reach-combined.csv").exists()
