import numpy as np

from x17.statistics import fit_status
from x17.statistics.fit_status import FitStatus, count_failures
from x17.statistics.kernel import layout


def test_codes_are_those_of_the_kernel() -> None:
    assert {status.name: status.value for status in FitStatus} == {
        name: getattr(layout, name)
        for name in ("CONVERGED", "MAX_ITERATIONS", "SINGULAR", "NO_DESCENT", "NOT_FINITE")
    }


def test_every_status_has_a_sentence() -> None:
    sentences = [status.sentence for status in FitStatus]
    assert all(sentence.endswith(".") for sentence in sentences)
    assert len(set(sentences)) == len(FitStatus)
    assert set(fit_status._SENTENCES) == set(FitStatus)


def test_failures_are_counted_by_name() -> None:
    status = np.array([[0, 0, 4], [2, 4, 0]], dtype=np.int8)
    assert count_failures(status) == {"not_finite": 2, "singular": 1}
    assert count_failures(np.zeros(3, dtype=np.int8)) == {}
