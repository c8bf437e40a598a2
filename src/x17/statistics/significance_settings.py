"""What can be chosen about the global significance."""

from dataclasses import dataclass

from x17.errors import UsageError
from x17.statistics.significance import FEWEST_TOYS


@dataclass(frozen=True, slots=True, kw_only=True)
class SignificanceSettings:
    """Choices about the global significance.

    Attributes
    ----------
    toys : int
        Pseudo-experiments without a boson.
    windows : tuple of str
        Windows LO:HI of masses in MeV among which an excess counts; all masses if there is none.

    Raises
    ------
    UsageError
        A number outside its range.
    """

    toys: int = 20_000
    windows: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not FEWEST_TOYS <= self.toys <= 10_000_000:
            raise UsageError(
                f"significance.toys is {self.toys}; allowed: {FEWEST_TOYS} to 10000000 pseudo-experiments. "
                "Fewer do not determine the +2σ edge of the band; 20000 give a global p of 0.1 to 2 %"
            )
