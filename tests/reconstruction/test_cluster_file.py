"""Files of clusters: what is written is what is read, and what is not ours is refused in one sentence."""

import json
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from x17.apparatus import load_setup
from x17.errors import InputError
from x17.reconstruction.cluster_file import (
    LISTS,
    SCALARS,
    ReconstructedEvents,
    read_cluster_record,
    read_clusters,
    write_clusters,
)
from x17.reconstruction.clusters import Clusters

pq = pytest.importorskip("pyarrow.parquet")
pa = pytest.importorskip("pyarrow")

CALORIMETER = load_setup("padme-run3").calorimeter
ABOUT = {"program": "x17 reconstruct", "run": 2, "clustering": {"algorithm": "padme"}, "name": "é"}


def events(n_events: int = 50, n: int = 120) -> ReconstructedEvents:
    rng = np.random.default_rng(1)
    # Single precision, as a file holds them.
    real = rng.uniform(0.0, 300.0, (4, n)).astype(np.float32).astype(np.float64)
    event = np.sort(rng.integers(0, n_events, n)) if n else np.zeros(0, dtype=np.int64)
    whole = (rng.integers(0, 616, n), rng.integers(1, 25, n))
    clusters = Clusters(n_events, event, *whole, *real, rng.integers(0, 3, n))
    return ReconstructedEvents(ABOUT, 2**40 + np.arange(n_events), rng.uniform(0, 1e-9, n_events), clusters)


@pytest.mark.parametrize(("n_events", "n"), [(50, 120), (3, 0), (0, 0)])
def test_what_is_written_is_what_is_read(tmp_path: Path, n_events: int, n: int) -> None:
    made, path = events(n_events, n), tmp_path / "new" / "clusters.parquet"
    write_clusters(made, path, CALORIMETER)
    back = read_clusters(path, CALORIMETER)
    assert back.about == read_cluster_record(path) == ABOUT
    assert back.n_events == back.clusters.n_events == n_events
    np.testing.assert_array_equal(back.event, made.event)
    np.testing.assert_array_equal(back.weight, made.weight)
    for item in fields(Clusters)[1:]:
        one, other = getattr(back.clusters, item.name), getattr(made.clusters, item.name)
        np.testing.assert_array_equal(one, other)
        assert one.dtype == other.dtype
    assert [item.name for item in path.parent.iterdir()] == [path.name]


def test_columns_and_types(tmp_path: Path) -> None:
    write_clusters(events(), tmp_path / "a.parquet", CALORIMETER)
    schema = pq.read_schema(tmp_path / "a.parquet")
    plain = {"double": "float64", "float": "float32"}
    kinds = {item.name: str(item.type.value_type if item.name in LISTS else item.type) for item in schema}
    assert {name: plain.get(kind, kind) for name, kind in kinds.items()} == {**SCALARS, **LISTS}


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("read", [lambda path: read_clusters(path, CALORIMETER), read_cluster_record])
@pytest.mark.parametrize(
    "spoil",
    [_truncate, lambda path: path.write_bytes(b""), lambda path: path.write_text("no"), Path.unlink],
    ids=["cut short", "empty", "text", "not there"],
)
def test_not_a_whole_file(
    tmp_path: Path, spoil: Callable[[Path], None], read: Callable[[Path], object]
) -> None:
    path = tmp_path / "a.parquet"
    write_clusters(events(), path, CALORIMETER)
    spoil(path)
    with pytest.raises(InputError, match=r"a\.parquet: 1 problem(.|\n)*`x17 reconstruct`"):
        read(path)


def change(path: Path, edit: Callable[["pa.Table"], "pa.Table"]) -> None:
    pq.write_table(edit(pq.read_table(path)), path)


@pytest.mark.parametrize("record", [None, "no JSON", '["x17"]', '{"program": "x17 simulate"}'])
def test_a_file_of_something_else(tmp_path: Path, record: str | None) -> None:
    path = tmp_path / "a.parquet"
    write_clusters(events(), path, CALORIMETER)
    change(path, lambda t: t.replace_schema_metadata({"x17.about": record} if record else None))
    with pytest.raises(InputError, match="holds no clusters of x17"):
        read_clusters(path, CALORIMETER)


@pytest.mark.parametrize("column", [*SCALARS, *LISTS])
def test_a_column_that_is_not_there(tmp_path: Path, column: str) -> None:
    path = tmp_path / "a.parquet"
    write_clusters(events(), path, CALORIMETER)
    change(path, lambda t: t.drop_columns([column]))
    with pytest.raises(InputError, match=f"1 problem\n  {column}: lacks this column"):
        read_clusters(path, CALORIMETER)


@pytest.mark.parametrize("column", [*SCALARS, *LISTS])
def test_a_column_of_another_type(tmp_path: Path, column: str) -> None:
    path = tmp_path / "a.parquet"
    write_clusters(events(), path, CALORIMETER)
    words = pa.array(["word"] * 50)
    change(path, lambda t: t.set_column(t.column_names.index(column), column, words))
    with pytest.raises(InputError, match=f"{column}: column of another type .found 'string'"):
        read_clusters(path, CALORIMETER)


def test_lists_of_different_lengths(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    write_clusters(events(), path, CALORIMETER)
    shorter = pa.array([[1.0]] * 50, type=pa.list_(pa.float32()))
    change(path, lambda t: t.set_column(t.column_names.index("cluster_x_mm"), "cluster_x_mm", shorter))
    with pytest.raises(InputError, match="lists of different lengths"):
        read_clusters(path, CALORIMETER)


def test_clusters_of_another_calorimeter(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    write_clusters(events(), path, CALORIMETER)
    hole = pa.array([[1414]] * 50, type=pa.list_(pa.int16()))

    def edit(t: "pa.Table") -> "pa.Table":
        for name in LISTS:
            one = pa.array([[1]] * 50, type=t.schema.field(name).type)
            t = t.set_column(t.column_names.index(name), name, hole if "channel" in name else one)
        return t

    change(path, edit)
    with pytest.raises(InputError, match=r"50 of 50 clusters start outside the crystal map.*1414"):
        read_clusters(path, CALORIMETER)


def test_the_record_is_json(tmp_path: Path) -> None:
    write_clusters(events(), tmp_path / "a.parquet", CALORIMETER)
    assert json.loads(pq.read_schema(tmp_path / "a.parquet").metadata[b"x17.about"]) == ABOUT


def test_any_changed_byte_is_found_or_does_not_matter(tmp_path: Path) -> None:
    """Pages carry checksums: what is read in spite of a changed byte has the numbers that were written."""
    path, made = tmp_path / "a.parquet", events()
    write_clusters(made, path, CALORIMETER)
    whole, rng = path.read_bytes(), np.random.default_rng(2)
    refused = 0
    for place in np.linspace(0, len(whole) - 1, 400).astype(int):
        changed = bytearray(whole)
        changed[place] ^= int(rng.integers(1, 256))
        path.write_bytes(changed)
        try:
            back = read_clusters(path, CALORIMETER)
        except InputError:
            refused += 1
            continue
        np.testing.assert_array_equal(back.clusters.energy, made.clusters.energy)
        np.testing.assert_array_equal(back.clusters.seed, made.clusters.seed)
    assert refused > 100
