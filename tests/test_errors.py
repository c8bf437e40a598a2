import pytest

from x17.errors import InputError, Problem, UsageError, X17Error


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
