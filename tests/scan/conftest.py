"""A scan as small as allowed, as the columns of its CSV, and the shipped one."""

from collections.abc import Callable
from importlib.resources import files

import pytest

from x17.scan import EnergyScan, datasets

Columns = dict[str, list[str]]


@pytest.fixture
def columns() -> Columns:
    """The five required columns of 13 points, each number as a text."""
    energies = [f"{16.5 + 0.05 * i:.2f}" for i in range(13)]
    return {
        "sqrt_s_mev": energies,
        "n2": [str(25000 + 10 * i) for i in range(13)],
        "n_pot": ["7.0e9"] * 13,
        "background_per_pot": ["3.6e-6"] * 13,
        "signal_efficiency": [str(0.085 + 0.001 * i)[:6] for i in range(13)],
    }


@pytest.fixture
def to_text() -> Callable[[Columns], str]:
    """Write columns of texts as a CSV."""

    def write(columns: Columns) -> str:
        rows = [",".join(columns), *(",".join(row) for row in zip(*columns.values(), strict=True))]
        return "\n".join(rows) + "\n"

    return write


@pytest.fixture(scope="session")
def shipped() -> EnergyScan:
    return EnergyScan.load("padme-run3")


@pytest.fixture(scope="session")
def shipped_files() -> tuple[str, str]:
    """Texts of the CSV and the TOML of the shipped scan."""
    folder = files(datasets)
    return (folder / "padme_run3.csv").read_text("utf-8"), (folder / "padme_run3.toml").read_text("utf-8")
