"""`x17 nuclear masses` and `x17 combine` as a user types them."""

import json

import pytest
from typer.testing import CliRunner

from x17.cli.main import app
from x17.errors import UsageError

RUNNER = CliRunner()


def test_masses_print_one_document() -> None:
    done = RUNNER.invoke(
        app, ["nuclear", "masses", "--rows", "per-energy", "--statistical-only", "--toys", "0", "--json"]
    )
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert document["mass_mev"] == pytest.approx(16.960, abs=5e-4)
    assert document["fit_to"] == "masses"


def test_masses_print_a_table() -> None:
    done = RUNNER.invoke(app, ["nuclear", "masses", "--toys", "100", "--from", "angles", "--approximate"])
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("m_X = 16.92 ± 0.15 MeV")


def test_combine_prints_one_document() -> None:
    done = RUNNER.invoke(
        app, ["combine", "--masses", "16.6:17.2:0.02", "--toys", "0", "--rho", "0", "--json"]
    )
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert document["joint"]["mass_mev"] == pytest.approx(16.903, abs=2e-3)
    assert "constrained_p" not in document


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nuclear", "masses", "--rho", "2"], "--rho is 2"),
        (["nuclear", "masses", "--from", "rates"], "--from is 'rates'"),
        (["nuclear", "masses", "none.csv"], "none.csv: cannot be read"),
        (["combine", "--external", "arxiv-2504-joint"], "would count it twice"),
    ],
)
def test_bad_options_are_refused(arguments: list[str], message: str) -> None:
    done = RUNNER.invoke(app, arguments)
    assert isinstance(done.exception, UsageError)
    assert message in str(done.exception)
