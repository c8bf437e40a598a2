import math
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from x17.errors import InputError
from x17.report.interchange.hs3_evaluator import read_likelihood


def small() -> dict[str, Any]:
    """One datum, one constraint, one expression of every kind."""
    return {
        "metadata": {"hs3_version": "0.2"},
        "distributions": [
            {"name": "d", "type": "gaussian_dist", "x": "x", "mean": "m", "sigma": "s"},
            {"name": "c", "type": "gaussian_dist", "x": "a", "mean": 1.0, "sigma": 0.5},
        ],
        "functions": [
            {
                "name": "m",
                "type": "generic_function",
                "expression": "exp(-a)*b/2 + sqrt(k)*log(3) - (a + 1)*f",
            },
            {"name": "f", "type": "generic_function", "expression": "-0.25*a"},
        ],
        "data": [
            {
                "name": "o",
                "type": "unbinned",
                "entries": [[0.3]],
                "axes": [{"name": "x", "min": -9, "max": 9}],
            }
        ],
        "likelihoods": [{"name": "l", "distributions": ["d"], "data": ["o"], "aux_distributions": ["c"]}],
        "parameter_points": [
            {
                "name": "start",
                "parameters": [
                    {"name": "a", "value": 1.0},
                    {"name": "b", "value": 0.5},
                    {"name": "k", "value": 2.0, "const": True},
                    {"name": "s", "value": 0.7, "const": True},
                ],
            }
        ],
    }


def test_by_hand() -> None:
    a, b = np.array([0.2, 1.7]), 0.6
    mean = np.exp(-a) * b / 2 + math.sqrt(2.0) * math.log(3.0) + (a + 1) * 0.25 * a
    expected = norm.logpdf(0.3, mean, 0.7) + norm.logpdf(a, 1.0, 0.5)
    np.testing.assert_allclose(
        read_likelihood(small()).log_likelihood({"a": a, "b": b}), expected, rtol=1e-14
    )


def test_undefined_names() -> None:
    with pytest.raises(InputError, match=r"not defined .*'b'"):
        read_likelihood(small(), "file.json").log_likelihood({"a": 1.0})


@pytest.mark.parametrize(
    "expression", ["__import__('os')", "a.real", "a if a else b", "a**2", "'text'", "[a]"]
)
def test_nothing_but_arithmetic_is_evaluated(expression: str) -> None:
    document = small()
    document["functions"][0]["expression"] = expression
    with pytest.raises(InputError, match="an expression that this reader does not know"):
        read_likelihood(document).log_likelihood({"a": 1.0, "b": 1.0})


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("likelihoods", [], "not an HS3 document"),
        ("distributions", [{"name": "d"}], "not an HS3 document"),
        ("functions", [{"name": "m", "type": "generic_function", "expression": "("}], "not an HS3 document"),
        ("functions", [{"name": "m", "type": "histogram", "expression": "1"}], "does not know .*histogram"),
    ],
)
def test_other_documents(key: str, value: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_likelihood(small() | {key: value}, "file.json")
