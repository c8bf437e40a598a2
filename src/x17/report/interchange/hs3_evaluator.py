"""A small reader of HS3 documents: ln L of what is written, whoever wrote it.

It knows `gaussian_dist` and `generic_function`, and nothing of the models of this package: the referee of
`x17.report.interchange.hs3`. Densities of data are normalised over the whole line, as a wide axis makes them.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.errors import InputError, Problem

FloatArray = NDArray[np.float64]

_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_FUNCTIONS: dict[str, Callable[[Any], Any]] = {"exp": np.exp, "log": np.log, "sqrt": np.sqrt}


@dataclass(frozen=True, slots=True, eq=False)
class Hs3Likelihood:
    """One likelihood of a document.

    Attributes
    ----------
    source : str
        The file, as the user named it.
    functions : dict
        Name to parsed expression.
    densities : tuple of dict
        The Gaussians whose logarithms are added.
    observed : dict
        Value of every observable.
    constants : dict
        Parameters that do not vary.
    """

    source: str
    functions: Mapping[str, ast.expr]
    densities: tuple[Mapping[str, Any], ...]
    observed: Mapping[str, float]
    constants: Mapping[str, float]

    def log_likelihood(self, parameters: Mapping[str, ArrayLike]) -> FloatArray:
        """Ln L.

        Parameters
        ----------
        parameters : mapping of str to array_like
            Values of the parameters that vary; they broadcast.

        Returns
        -------
        ndarray

        Raises
        ------
        InputError
            The document names something that it does not define.
        """
        values: dict[str, Any] = {**self.constants, **self.observed}
        values |= {name: np.asarray(value, dtype=np.float64) for name, value in parameters.items()}

        def value_of(item: Any) -> Any:
            if not isinstance(item, str):
                return float(item)
            if item not in values:
                if item not in self.functions:
                    raise self._problem("not defined", item)
                values[item] = self._evaluate(self.functions[item], value_of)
            return values[item]

        total: Any = 0.0
        for density in self.densities:
            x, mean, sigma = (value_of(density[key]) for key in ("x", "mean", "sigma"))
            total = total - 0.5 * ((x - mean) / sigma) ** 2 - np.log(sigma) - 0.5 * np.log(2.0 * np.pi)
        return np.asarray(total)

    def _evaluate(self, node: ast.expr, value_of: Callable[[object], Any]) -> Any:
        match node:
            case ast.Constant(value=int() | float() as number):
                return float(number)
            case ast.Name(id=name):
                return value_of(name)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return -self._evaluate(inner, value_of)
            case ast.BinOp(left=left, op=how, right=right) if type(how) in _OPERATORS:
                return _OPERATORS[type(how)](self._evaluate(left, value_of), self._evaluate(right, value_of))
            case ast.Call(func=ast.Name(id=name), args=[inner]) if name in _FUNCTIONS:
                return _FUNCTIONS[name](self._evaluate(inner, value_of))
        raise self._problem("an expression that this reader does not know", ast.unparse(node)[:80])

    def _problem(self, what: str, value: str) -> InputError:
        return InputError(self.source, [Problem(what, value=value)])


def read_likelihood(document: Mapping[str, Any], source: str = "HS3 document") -> Hs3Likelihood:
    """Take the first likelihood of a document apart.

    Parameters
    ----------
    document : mapping
        As parsed from JSON.
    source : str
        Its name, for messages.

    Returns
    -------
    Hs3Likelihood

    Raises
    ------
    InputError
        Not an HS3 document, or one with distributions or functions of other kinds.
    """
    try:
        likelihood = document["likelihoods"][0]
        by_name = {item["name"]: item for item in document["distributions"]}
        named = [*likelihood["distributions"], *likelihood.get("aux_distributions", [])]
        densities = tuple(by_name[name] for name in named)
        wanted = set(likelihood["data"])
        observed = {
            axis["name"]: float(item["entries"][0][k])
            for item in document["data"]
            if item["name"] in wanted
            for k, axis in enumerate(item["axes"])
        }
        constants = {
            point["name"]: float(point["value"])
            for group in document["parameter_points"]
            for point in group["parameters"]
            if point.get("const", False)
        }
        kinds = {item["type"] for item in densities} | {item["type"] for item in document["functions"]}
        if others := sorted(kinds - {"gaussian_dist", "generic_function"}):
            problem = Problem("kinds that this reader does not know", value=", ".join(others))
            raise InputError(source, [problem])
        functions = {
            item["name"]: ast.parse(item["expression"], mode="eval").body for item in document["functions"]
        }
    except (KeyError, IndexError, TypeError, ValueError, SyntaxError) as error:
        what = f"not an HS3 document with a likelihood ({type(error).__name__}: {str(error)[:80]})"
        raise InputError(source, [Problem(what)]) from error
    return Hs3Likelihood(source, functions, densities, observed, constants)
