from pathlib import Path

import pytest

from x17.errors import (
    InputError,
    Problem,
    UsageError,
    X17Error,
    did_you_mean,
    missing_extra,
    pip_command,
)


def test_every_error_has_one_root_and_an_exit_code() -> None:
    assert issubclass(UsageError, X17Error)
    assert issubclass(InputError, X17Error)
    assert (X17Error.exit_code, UsageError.exit_code, InputError.exit_code) == (1, 2, 2)


def test_a_problem_says_where_what_and_what_is_allowed() -> None:
    problem = Problem("not a number", 7, "n2", "abc", "above 0")
    assert str(problem) == "line 7, column n2: not a number (found 'abc'); allowed: above 0"
    assert str(Problem("unknown key", None, "model.x")) == "model.x: unknown key"
    assert str(Problem("empty file")) == "empty file"


@pytest.mark.parametrize("count", [1, 2, 30])
def test_all_problems_come_in_one_message_that_stays_readable(count: int) -> None:
    error = InputError("mine.csv", [Problem("bad", line) for line in range(count)], "Do better.")
    lines = str(error).splitlines()
    assert lines[0] == f"mine.csv: {count} problem{'s' if count > 1 else ''}"
    assert lines[-1] == "Do better."
    assert len(lines) <= 15
    assert len(error.problems) == count


def test_a_missing_extra_comes_with_the_command_that_adds_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    python = tmp_path / "my env" / "bin" / "python"
    monkeypatch.setattr("sys.executable", str(python))
    monkeypatch.setattr("x17.errors._installed_from", lambda: (None, False))
    error = missing_extra("ROOT files need uproot", "root", "write Parquet")
    assert isinstance(error, UsageError)
    assert str(error).startswith(f"ROOT files need uproot: '{python}' -m pip install 'x17[root]'")
    assert ", or write Parquet" in str(error)
    assert "x17 doctor" in str(error)


def test_the_command_adds_to_the_installation_that_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / ".venv" / "bin" / "python"))
    monkeypatch.setattr("x17.errors._installed_from", lambda: (str(tmp_path), True))
    monkeypatch.chdir(tmp_path)
    assert pip_command("root", "dask") == ".venv/bin/python -m pip install --editable '.[root,dask]'"
    monkeypatch.chdir(tmp_path.parent)
    assert pip_command("root").endswith(f"{tmp_path.name}[root]'")


def test_a_mistyped_name_is_answered_with_its_neighbours() -> None:
    known = ("padme-run2", "padme-run3")
    assert did_you_mean("PADME-run3", known) == "; did you mean padme-run3 or padme-run2?"
    assert did_you_mean("my_scan.csv", known) == ""
