import json
from pathlib import Path

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest

from x17.apparatus.setup import Setup
from x17.errors import InputError
from x17.reconstruction.flux.bunch_file import sum_bunch_file
from x17.reconstruction.flux.run_sums import sum_runs
from x17.simulation.bunch_blocks import bunch_blocks
from x17.simulation.conditions import Conditions
from x17.simulation.storage.bunches_file import write_bunches

PERIOD, N_POT, SEED = 11, 3e7, 4


@pytest.fixture(scope="module")
def energy(setup: Setup) -> float:
    return next(p.beam_energy_mev for p in setup.run_plan.periods if p.number == PERIOD)


@pytest.fixture
def path(setup: Setup, energy: float, tmp_path: Path) -> Path:
    about = {"period": PERIOD, "beam_energy_mev": energy, "n_pot": N_POT, "seed": SEED}
    write_bunches(tmp_path / "bunches.parquet", setup, about, Conditions.drawn(setup, 1))
    return tmp_path / "bunches.parquet"


def rewritten(path: Path, table: pyarrow.Table, about: dict[str, float] | None) -> Path:
    metadata = None if about is None else {b"x17.about": json.dumps(about)}
    pyarrow.parquet.write_table(table.replace_schema_metadata(metadata), path)
    return path


def test_sums_are_those_of_the_bunches(setup: Setup, energy: float, path: Path) -> None:
    found = sum_bunch_file(path, setup)
    blocks = (b for _, b in bunch_blocks(setup, Conditions.drawn(setup, 1), PERIOD, N_POT, SEED))
    expected = sum_runs(blocks, setup, period=PERIOD, beam_energy_mev=energy)
    assert [(one.period, one.run, one.n_good) for one in found] == [
        (one.period, one.run, one.n_good) for one in expected
    ]
    for one, other in zip(found, expected, strict=True):
        # The file rounds each number to 6e-8.
        assert one.lead_glass_pc == pytest.approx(other.lead_glass_pc, rel=1e-7)
        assert one.calorimeter_mev == pytest.approx(other.calorimeter_mev, rel=1e-7)
        assert one.pixel_y.mean == pytest.approx(other.pixel_y.mean, abs=1e-6)


def test_the_truth_is_not_needed(setup: Setup, energy: float, path: Path) -> None:
    whole = sum_bunch_file(path, setup)
    table = pyarrow.parquet.read_table(path).drop_columns(["n_positrons"])
    rewritten(path, table, {"period": PERIOD, "beam_energy_mev": energy})
    assert sum_bunch_file(path, setup) == whole


def test_missing_columns_are_all_named(setup: Setup, energy: float, path: Path) -> None:
    table = pyarrow.parquet.read_table(path).drop_columns(["run", "calorimeter_mev"])
    rewritten(path, table, {"period": PERIOD, "beam_energy_mev": energy})
    with pytest.raises(InputError, match="2 problems") as caught:
        sum_bunch_file(path, setup)
    assert "run: missing" in str(caught.value)
    assert "calorimeter_mev: missing" in str(caught.value)


def test_what_is_no_file_of_bunches_is_refused(setup: Setup, path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        sum_bunch_file(path.with_name("none.parquet"), setup)
    table = pyarrow.table({"a": np.zeros(3)})
    with pytest.raises(InputError, match="of which period and beam energy"):
        sum_bunch_file(rewritten(path.with_name("other.parquet"), table, None), setup)
    text = path.with_name("text.parquet")
    text.write_text("not Parquet", encoding="utf-8")
    with pytest.raises(InputError, match="no Parquet file, cut short or damaged"):
        sum_bunch_file(text, setup)


@pytest.mark.parametrize("kept", [0.0, 0.3, 0.99])
def test_a_file_that_was_cut_short_is_refused(setup: Setup, path: Path, kept: float) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: int(kept * len(content))])
    with pytest.raises(InputError, match="cut short or damaged"):
        sum_bunch_file(path, setup)
