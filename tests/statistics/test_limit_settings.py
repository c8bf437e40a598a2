import pytest

from x17.errors import UsageError
from x17.statistics.limit_settings import LimitSettings


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"cl": 0.49}, "confidence level"),
        ({"cl": 1.0}, "confidence level"),
        ({"cl": float("nan")}, "confidence level"),
        ({"max_coupling": 0.0}, "max_coupling"),
        ({"max_coupling": 1.01}, "max_coupling"),
        ({"toys": 49}, "--toys"),
        ({"toys": -1}, "--toys"),
        ({"toys": 10_000_001}, "--toys"),
        ({"local_p_toys": 49}, "local_p_toys"),
        ({"seed": -1}, "--seed"),
        ({"seed": 2**63}, "--seed"),
    ],
)
def test_numbers_outside_their_range_are_refused_by_name(wrong: dict[str, float], name: str) -> None:
    with pytest.raises(UsageError, match=f"{name}.*allowed"):
        LimitSettings(**wrong)


@pytest.mark.parametrize(
    "right", [{"cl": 0.5}, {"max_coupling": 1.0}, {"toys": 0}, {"toys": 50}, {"seed": 2**63 - 1}]
)
def test_the_ends_of_the_ranges_are_allowed(right: dict[str, float]) -> None:
    settings = LimitSettings(**right)
    for name, value in right.items():
        assert getattr(settings, name) == value
