"""ln L of our HS3 documents by pyhs3, which shares no code with this package."""

import numpy as np
import pytest

from x17.report.interchange.hs3 import Hs3Entry, hs3_document
from x17.report.interchange.hs3_closure import named_points, random_points
from x17.scan import EnergyScan
from x17.statistics.expanded_model import ExpandedModel
from x17.statistics.model import ScanModel
from x17.statistics.model_settings import ModelSettings


@pytest.mark.full
@pytest.mark.filterwarnings("ignore")  # pytensor's own, about BLAS
@pytest.mark.parametrize(
    "settings", [ModelSettings(), ModelSettings(flux_slope_err=0.01)], ids=["published", "common"]
)
def test_pyhs3_agrees(scan: EnergyScan, settings: ModelSettings) -> None:
    pyhs3 = pytest.importorskip("pyhs3", reason="pyhs3 is not installed: pip install 'x17[interop]'")
    pytensor = pytest.importorskip("pytensor")
    from pytensor.graph.traversal import explicit_graph_inputs

    expanded = ExpandedModel.build(ScanModel.build(scan, settings), 16.9)
    workspace = pyhs3.Workspace(**hs3_document(expanded, Hs3Entry("A likelihood", (), {})))
    model = workspace.model(workspace.analyses["search"], progress=False)
    inputs = [v for v in explicit_graph_inputs([model.log_prob]) if v.name is not None]
    # In Numba: the Python mode adds at most 31 terms, and C needs a compiler.
    log_prob = pytensor.function(inputs, model.log_prob, mode="NUMBA")
    theta = random_points(expanded, 20)
    named = named_points(expanded, theta)
    expected = expanded.log_likelihood(theta)
    for k in range(theta.shape[0]):
        values = model.data | {name: value[k] for name, value in named.items()}
        arguments = [
            np.atleast_1d(values[v.name]) if v.ndim else float(np.asarray(values[v.name]).item())
            for v in inputs
        ]
        # 1e-8 is what the file promises; pyhs3 normalises every density over 15 standard deviations.
        assert float(log_prob(*arguments)[0]) == pytest.approx(expected[k], abs=1e-8)
