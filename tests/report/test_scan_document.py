import json

import pytest

from x17.report.scan_document import scan_document
from x17.report.tables import json_text
from x17.scan import EnergyScan


def test_document_of_run3() -> None:
    document = json.loads(json_text(scan_document(EnergyScan.load("padme-run3"))))
    assert (document["n_points"], document["n_used"]) == (52, 42)
    energies = [point["sqrt_s_mev"] for point in document["points"]]
    assert energies == sorted(energies)
    # arXiv:2505.24797: 0.89 % a point quoted; the mean of the 42 recomputed from the table is 0.882.
    assert document["error_budget"]["mean_percent"]["total"] == pytest.approx(0.882, abs=5e-4)
    assert [step["name"] for step in document["corrections"]] == [
        "brems_subtraction",
        "energy_loss",
        "ageing",
    ]
    period0 = next(point for point in document["points"] if point["period"] == 0)
    assert period0["signal_efficiency"] == pytest.approx(0.09324, abs=1e-5)  # repaired, 0.2034 in the table
    assert "tag_and_probe" in period0
