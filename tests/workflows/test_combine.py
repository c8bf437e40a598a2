"""`x17 combine`: nuclear masses with a scan."""

import json
from pathlib import Path

import pytest

from x17.errors import UsageError
from x17.nuclear.masses.choices import FitChoices, Source
from x17.workflows.combine import CombineRequest, CombineRun, combine, external_of
from x17.workflows.search_settings import resolve_settings

SETTINGS = resolve_settings(options={"search.masses": "16.5:17.3:0.04"})


def run(out: Path | None = None, **changes: object) -> CombineRun:
    request = CombineRequest(**{"choices": FitChoices(), "toys": 0, **changes})  # type: ignore[arg-type]
    return combine("padme-run3", SETTINGS, request, workers=2, out=out)


def test_the_joint_mass_lies_between_its_parts_and_variants_are_beside_it() -> None:
    document = run(toys=300).document
    joint, alone = document["joint"], document["scan_alone"]
    assert alone["mass_mev"] < joint["mass_mev"] < document["nuclear"]["mass_mev"]
    names = [variant["with"] for variant in document["variants"]]
    assert "9 nuclear angles, ρ = 0.5" in names
    assert "16.85 ± 0.04 MeV of PRD 108 (2023) 015009" in names
    assert not any("16.88" in name for name in names)
    assert document["with"] not in names
    assert 0.0 < document["constrained_p"]["p"] < 0.2


def test_a_mass_of_others_stands_in_for_the_fit_unless_it_contains_the_scan() -> None:
    document = run(external="denton-gehrlein").document
    assert document["nuclear"] == {"mass_mev": 16.85, "mass_err_mev": 0.04}
    assert document["joint"]["mass_mev"] == pytest.approx(16.883, abs=2e-3)
    assert document["warnings"] == []
    with pytest.raises(UsageError, match="contains PADME already, and would count it twice"):
        run(external="arxiv-2504-joint")
    with pytest.raises(UsageError, match="allowed: denton-gehrlein, sas-mean, arxiv-2504-nuclear"):
        external_of("nobody")


def test_angles_stop_at_the_mass_that_a_transition_cannot_make() -> None:
    heavy = resolve_settings(options={"search.masses": "16.5:17.7:0.04"})
    request = CombineRequest(choices=FitChoices(source=Source.ANGLES), toys=100)
    document = combine("padme-run3", heavy, request, workers=2).document
    assert document["joint"]["mass_mev"] == pytest.approx(16.90, abs=0.01)
    assert any("masses above 17.65 MeV are left out" in text for text in document["warnings"])


def test_a_folder_holds_everything(tmp_path: Path) -> None:
    out = tmp_path / "joint"
    finished = run(out)
    assert json.loads((out / "joint.json").read_text()) == json.loads(json.dumps(finished.document))
    header, *lines = (out / "joint.csv").read_text().splitlines()
    assert header == "mass_mev,delta_chi2_mass,q,g_ve,total"
    assert len(lines) == 161
    assert (out / "figures" / "joint.png").exists()
    with pytest.raises(UsageError, match="results of another input or of other options"):
        run(out, rows="three-nuclei")


def test_impossible_requests_are_refused() -> None:
    with pytest.raises(UsageError, match="--toys is -1"):
        run(toys=-1)
    one = resolve_settings(options={"search.masses": "16.9:16.9:1"})
    with pytest.raises(UsageError, match="LO < HI"):
        combine("padme-run3", one, CombineRequest(choices=FitChoices(), toys=0))
