"""`x17 nuclear masses`: one document, one folder, independent of workers."""

import json
from pathlib import Path

import pytest

from x17.errors import UsageError
from x17.nuclear.masses.choices import FitChoices, Source
from x17.workflows.nuclear_masses import MassRequest, find_nuclear_mass, source_of


def request(**changes: object) -> MassRequest:
    return MassRequest(**{"choices": FitChoices(), "toys": 1500, **changes})  # type: ignore[arg-type]


def test_workers_do_not_change_a_number() -> None:
    one, two = (find_nuclear_mass(request(), workers=n).document for n in (1, 2))
    assert one == two
    assert one["toys"]["n_toys"] == 1500
    # Binomial error 1.2 %.
    assert one["toys"]["coverage"] == pytest.approx(0.683, abs=0.05)
    assert one["toys"]["p_value"] == pytest.approx(one["p_value"], abs=0.05)


def test_a_document_says_what_is_in_and_what_is_out_and_why() -> None:
    document = find_nuclear_mass(request(toys=0)).document
    assert "toys" not in document
    assert len(document["measurements"]) == document["n_measurements"] == 9
    out = {row["key"]: row["why"] for row in document["left_out"]}
    assert out["be-2016"] == "be-2018 stands in its place"
    assert out["he-510"] == "he-2021 stands in its place, grade C"
    assert out["be-meg-18.1"] == "a limit on the rate"
    assert [row["nucleus"] for row in document["nuclei"]] == ["8Be", "4He", "12C"]
    assert [row["rho"] for row in document["rho_scan"]] == pytest.approx([k / 10 for k in range(11)])
    assert document["rho_scan"][-1]["weights"]["be-gdr"] < 0.0
    external = {row["key"]: row for row in document["external"]}
    assert external["denton-gehrlein"]["mass_mev"] == 16.85
    assert any("grade B" in text for text in document["warnings"])


def test_a_folder_holds_everything(tmp_path: Path) -> None:
    out = tmp_path / "masses"
    run = find_nuclear_mass(
        request(choices=FitChoices(source=Source.ANGLES)), out=out, command="x17 nuclear masses"
    )
    assert json.loads((out / "masses.json").read_text()) == json.loads(json.dumps(run.document))
    assert len((out / "masses.csv").read_text().splitlines()) == 10
    stems = {path.stem for path in (out / "figures").glob("*.svg")}
    assert stems == {"masses", "angles", "rho_scan", "rates"}
    with pytest.raises(UsageError, match="results of another input or of other options"):
        find_nuclear_mass(request(rows="three-nuclei"), out=out)


def test_a_table_of_one_s_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(
        "key,nucleus,target,beam_energies_kev,experiment,laboratory,angle_deg,angle_stat_deg,grade,source\n"
        "cost$,24Mg,7Li,1100,Mine,Here,137,1.0,A,me\n"
        "b,8Be,7Li,1030,Mine,Here,138,1.5,A,me\n"
    )
    run = find_nuclear_mass(request(table=str(path), toys=100), out=tmp_path / "out")
    assert run.document["mass_mev"] == pytest.approx(16.95, abs=0.05)
    assert run.document["measurements"][0]["angle_measured"] is True
    assert run.document["rates"] == []


@pytest.mark.parametrize("n", [-1, 10**8])
def test_impossible_numbers_of_toys_are_refused(n: int) -> None:
    with pytest.raises(UsageError, match="--toys is"):
        request(toys=n)


def test_a_source_by_name() -> None:
    assert source_of("angles") is Source.ANGLES
    with pytest.raises(UsageError, match="allowed: masses, angles"):
        source_of("rates")
