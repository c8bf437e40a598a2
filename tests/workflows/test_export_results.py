import json
import shutil
import zipfile
from pathlib import Path

import pytest

from x17.errors import UsageError
from x17.report.interchange.hs3_evaluator import read_likelihood
from x17.scan import EnergyScan
from x17.workflows.export_results import export_results
from x17.workflows.export_source import ExportRequest, Format
from x17.workflows.import_scan import ImportRequest, column_choice, import_scan, read_scan
from x17.workflows.search_results import search_to_folder
from x17.workflows.search_settings import resolve_settings

READ = ImportRequest(columns=column_choice([], []))


def search(folder: Path, *assignments: str) -> Path:
    options = {"search.masses": "16.8:17.0:0.1", "search.couplings": "1e-4:9e-4:9"}
    settings = resolve_settings(quick=True, options=options, assignments=assignments)
    return search_to_folder("padme-run3", settings, out=folder, quick=True).folder


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return search(tmp_path_factory.mktemp("export") / "results")


@pytest.fixture(scope="module")
def free_poisson(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "poisson"
    return search(folder, "model.count_term=poisson", "model.k_constraint=free")


@pytest.mark.parametrize("kind", list(Format))
def test_scan_survives_every_format(results: Path, tmp_path: Path, kind: Format) -> None:
    out = tmp_path / ("results.root" if kind is Format.ROOT else "out")
    export_results(results, ExportRequest(format=kind), out)
    assert read_scan(out, READ) == EnergyScan.load("padme-run3")


def test_hs3_says_how_good_it_is(results: Path, tmp_path: Path) -> None:
    run = export_results(results, ExportRequest(format=Format.HS3), tmp_path / "hs3", command="x17 export")
    assert run.files == ("M16.80.json", "M16.90.json", "M17.00.json", "provenance.json")
    about = json.loads((run.place / "M16.90.json").read_text())["misc"]["x17"]
    assert about["mass_mev"] == 16.9
    assert about["closure"]["largest_log_likelihood_difference"] < 1e-8
    here, everywhere = about["expansion"]["this_mass"], about["expansion"]["all_masses"]
    assert 0.0 < here["largest_q_difference"] <= everywhere["largest_q_difference"]
    assert here["at_mass_mev"] == 16.9
    assert everywhere["largest_q_difference_where_q_is_below"]["9"] < 3e-3
    record = json.loads((run.place / "provenance.json").read_text())
    assert record["expansion"] == everywhere
    assert "changes Q by at most" in run.sentences[1]


def test_same_export_again_changes_nothing_and_another_is_refused(results: Path, tmp_path: Path) -> None:
    out = tmp_path / "hs3"
    first = export_results(results, ExportRequest(format=Format.HS3), out)
    texts = {name: (out / name).read_bytes() for name in first.files if name != "provenance.json"}
    export_results(results, ExportRequest(format=Format.HS3), out)
    assert texts == {name: (out / name).read_bytes() for name in texts}
    with pytest.raises(UsageError, match="holds results of another input or of other options"):
        export_results(results, ExportRequest(format=Format.CSV), out)
    export_results(results, ExportRequest(format=Format.CSV), out, force=True)
    assert not (out / "M16.90.json").exists()


def test_masses_can_be_chosen(results: Path, tmp_path: Path) -> None:
    request = ExportRequest(format=Format.HS3, masses="16.85:16.85:1")
    assert "M16.85.json" in export_results(results, request, tmp_path / "one").files


def test_hepdata_has_the_likelihoods_attached(results: Path, tmp_path: Path) -> None:
    run = export_results(results, ExportRequest(format=Format.HEPDATA), tmp_path / "hepdata")
    attached = json.loads((run.place / "hs3_M16.90.json").read_text())
    assert read_likelihood(attached).densities
    with zipfile.ZipFile(run.place / "hs3_files.zip") as archive:
        assert archive.namelist() == ["M16.80.json", "M16.90.json", "M17.00.json"]


def test_pyhf_states_the_difference(results: Path, tmp_path: Path) -> None:
    run = export_results(results, ExportRequest(format=Format.PYHF, record="ins1234567"), tmp_path / "pyhf")
    patches = json.loads((run.place / "patchset.json").read_text())
    assert "it changes Q by at most" in patches["metadata"]["description"]
    assert patches["metadata"]["references"] == {"hepdata": "ins1234567"}
    change = patches["patches"][1]["metadata"]["largest_q_difference_where_q_is_below"]
    # Poisson against Neyman weights: some tenths of a unit; a change of this size would be worth a look.
    assert 0.05 < change["0"] < 0.8
    assert len(run.sentences) == 1


@pytest.mark.parametrize(
    ("kind", "phrase"),
    [
        (Format.HS3, "the poisson count terms"),
        (Format.HEPDATA, "the poisson count terms"),
        (Format.PYHF, "the freedom of K"),
    ],
)
def test_what_cannot_be_carried_is_refused_unless_told(
    free_poisson: Path, tmp_path: Path, kind: Format, phrase: str
) -> None:
    out = tmp_path / "out"
    with pytest.raises(
        UsageError, match=f"{kind.value} cannot carry this model whole; lost would be"
    ) as caught:
        export_results(free_poisson, ExportRequest(format=kind), out)
    assert phrase in str(caught.value)
    assert "--lossy" in str(caught.value)
    assert not out.exists()
    run = export_results(free_poisson, ExportRequest(format=kind, lossy=True), out)
    assert phrase in run.sentences[0]
    assert phrase in json.loads((out / "provenance.json").read_text())["lost"][0]


def test_tables_lose_nothing(free_poisson: Path, tmp_path: Path) -> None:
    assert export_results(free_poisson, ExportRequest(format=Format.CSV), tmp_path / "csv").sentences == ()


def test_results_that_were_changed_are_noticed(results: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(results, tmp_path / "copy"))
    summary = json.loads((copy / "summary.json").read_text())
    summary["settings"]["model"]["k_constraint"] = "free"
    (copy / "summary.json").write_text(json.dumps(summary))
    with pytest.raises(UsageError, match=r"Search again: .*x17 search.* --force"):
        export_results(copy, ExportRequest(format=Format.CSV), tmp_path / "out")


def test_places_and_records_that_cannot_be(results: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"must end in \.root"):
        export_results(results, ExportRequest(format=Format.ROOT), tmp_path / "out")
    (tmp_path / "out.root").write_text("mine")
    with pytest.raises(UsageError, match="exists; name another file"):
        export_results(results, ExportRequest(format=Format.ROOT), tmp_path / "out.root")
    with pytest.raises(UsageError, match="ins and seven digits"):
        ExportRequest(format=Format.PYHF, record="12")


def test_import_refuses_what_is_no_scan(results: Path, tmp_path: Path) -> None:
    run = export_results(results, ExportRequest(format=Format.HS3), tmp_path / "hs3")
    document = json.loads((run.place / "M16.90.json").read_text())
    changed = document["misc"]["x17"]["scan"]["table"].replace("16.3863078", "16.3863079")
    document["misc"]["x17"]["scan"]["table"] = changed
    (tmp_path / "changed.json").write_text(json.dumps(document))
    (tmp_path / "other.json").write_text(json.dumps({"metadata": {"hs3_version": "0.2"}}))
    (tmp_path / "pyhf.json").write_text(json.dumps({"channels": []}))
    (tmp_path / "list.json").write_text("[]")
    (tmp_path / "file.txt").write_text("")
    (tmp_path / "bad.root").write_text("no ROOT")
    for name, message in (
        ("changed.json", "the scan was changed after the export"),
        ("other.json", r"without misc\.x17\.scan"),
        ("pyhf.json", r"no scan\.csv beside it"),
        ("list.json", "neither an HS3 document nor a workspace"),
        ("file.txt", r"\.txt is not known"),
        ("bad.root", "no ROOT file of `x17 export`"),
        ("nothing.json", "no such file"),
        (".", "neither submission.yaml"),
    ):
        with pytest.raises(Exception, match=message) as caught:
            import_scan(tmp_path / name, tmp_path / "scan.csv", READ)
        assert isinstance(caught.value, UsageError) or caught.value.exit_code == 2
    assert not (tmp_path / "scan.csv").exists()


def test_import_does_not_overwrite(results: Path, tmp_path: Path) -> None:
    run = export_results(results, ExportRequest(format=Format.CSV), tmp_path / "csv")
    out = tmp_path / "scan.csv"
    assert import_scan(run.place, out, READ).document["n_points"] == 52
    with pytest.raises(UsageError, match="exists; name another file"):
        import_scan(run.place, out, READ)
    import_scan(run.place, out, READ, force=True)
    with pytest.raises(UsageError, match=r"must end in \.csv"):
        import_scan(run.place, tmp_path / "scan.txt", READ)


def test_table_of_a_submission_can_be_named(results: Path, tmp_path: Path) -> None:
    run = export_results(results, ExportRequest(format=Format.HEPDATA), tmp_path / "hepdata")
    with pytest.raises(UsageError, match="has no such table; it has 'Observable g_R'"):
        read_scan(run.place, ImportRequest(columns=column_choice([], []), table="Nothing"))
    named = ImportRequest(columns=column_choice([], []), table="Energy points of the scan")
    assert read_scan(run.place / "submission.yaml", named) == EnergyScan.load("padme-run3")


@pytest.mark.parametrize("text", ["n2", "=x", "n2="])
def test_options_that_cannot_be_read(text: str) -> None:
    with pytest.raises(UsageError, match="allowed: COLUMN="):
        column_choice([text], [])
    with pytest.raises(UsageError, match="no number"):
        column_choice([], ["n2=many"])
