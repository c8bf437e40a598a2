import csv
import io
import json

from x17.report.interchange.csv_bundle import INDEX, csv_bundle
from x17.report.interchange.result_tables import result_tables
from x17.report.stored_results import StoredResults


def test_index_describes_every_file(stored: StoredResults) -> None:
    tables = result_tables(stored)
    texts = csv_bundle(tables)
    index = json.loads(texts[INDEX])["tables"]
    assert [entry["file"] for entry in index] == [name for name in texts if name != INDEX]
    for table, entry in zip(tables, index, strict=True):
        rows = list(csv.DictReader(io.StringIO(texts[entry["file"]])))
        assert len(rows) == len(table.independent[0].values)
        assert {column["name"] for column in entry["columns"]} <= set(rows[0])
