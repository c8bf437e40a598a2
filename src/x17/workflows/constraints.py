"""Bounds of other experiments: the functions behind `x17 constraints`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from x17.constraints.allowed import Allowed, allowed_couplings, choose
from x17.constraints.bound import Bound
from x17.constraints.couplings import CouplingRatios
from x17.constraints.loading import all_bounds
from x17.constraints.own_limit import own_limit
from x17.constraints.plane import ConstraintPlane, constraint_plane
from x17.errors import InputError, Problem, UsageError
from x17.theory.boson import Boson, SpinParity
from x17.workflows.folder_names import folder_name
from x17.workflows.ranges import by_step

FORMATS = ("png", "svg")
DEFAULT_MASSES = "16:18:0.01"
"""Between these masses the shipped curves are known."""
DEFAULT_COUPLINGS = "1e-5:1e-3"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstraintChoice:
    """Which bounds, on which boson.

    Attributes
    ----------
    boson : str
        V, A, S or P.
    added : sequence of Path
        TOML files of a user's own bounds.
    results : sequence of Path
        Folders of `x17 search`, whose limits become bounds.
    protons, muons : float
        Couplings over that to electrons.
    more, fewer : sequence of str
        Keys of bounds to count beside those that do by default, and to leave out.
    """

    boson: str = "V"
    added: Sequence[Path] = ()
    results: Sequence[Path] = ()
    protons: float = 0.0
    muons: float = 0.0
    more: Sequence[str] = ()
    fewer: Sequence[str] = ()

    def letter(self) -> SpinParity:
        """The boson.

        Returns
        -------
        SpinParity

        Raises
        ------
        UsageError
            An unknown letter.
        """
        if self.boson not in tuple(SpinParity):
            raise UsageError(f"--boson {self.boson!r}; allowed: {', '.join(SpinParity)}")
        return SpinParity(self.boson)

    def ratios(self) -> CouplingRatios:
        """Couplings to other fermions."""
        return CouplingRatios(self.protons, self.muons)

    def bounds(self) -> tuple[Bound, ...]:
        """Shipped bounds, a user's, and those of results.

        Returns
        -------
        tuple of Bound

        Raises
        ------
        UsageError, InputError
            Files or folders that cannot be used.
        """
        return (*(bound_of_results(folder) for folder in self.results), *all_bounds(self.added))


def bound_of_results(folder: Path) -> Bound:
    """The limits of a folder that `x17 search` wrote: by toys where there are any, else by formula.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    Bound

    Raises
    ------
    UsageError, InputError
        A folder that cannot be used.
    """
    from x17.report.number_text import confidence
    from x17.report.stored_results import ADVICE, read_results

    stored = read_results(folder)
    model = stored.summary.get("settings", {}).get("model", {})
    letter = model.get("boson") if isinstance(model, dict) else None
    if letter not in tuple(SpinParity):
        problem = Problem("unknown boson", None, "settings.model.boson", repr(letter), ", ".join(SpinParity))
        raise InputError(str(folder / "summary.json"), [problem], ADVICE)
    toys = any(row["g_observed"] is not None for row in stored.limits)
    column = "g_observed" if toys else "g_observed_asymptotic"
    return own_limit(
        [row["mass_mev"] or math.nan for row in stored.limits],
        [row[column] for row in stored.limits],
        SpinParity(letter),
        key=folder_name(stored.scan.name),
        label=_label(stored.scan.name),
        confidence=f"{confidence(stored.summary['settings']['limit']['cl'])} CLs",
        origin=f"{folder}/limits.csv, {column}",
    )


def _label(name: str) -> str:
    return "PADME (ours)" if name == "padme-run3" else f"{name} (ours)"


def find_allowed(choice: ConstraintChoice, mass: float) -> Allowed:
    """Bounds at one mass, and what they leave.

    Parameters
    ----------
    choice : ConstraintChoice
    mass : float
        MeV.

    Returns
    -------
    Allowed

    Raises
    ------
    UsageError, InputError
        What was asked for cannot be used.
    """
    letter = Boson(mass, choice.letter(), 0.0).spin_parity
    bounds = choice.bounds()
    counted = choose(bounds, choice.more, choice.fewer)
    return allowed_couplings(bounds, mass, letter, choice.ratios(), counted)


def find_plane(choice: ConstraintChoice, masses: str = DEFAULT_MASSES) -> ConstraintPlane:
    """Bounds over a range of masses.

    Parameters
    ----------
    choice : ConstraintChoice
    masses : str
        LO:HI:STEP, MeV.

    Returns
    -------
    ConstraintPlane

    Raises
    ------
    UsageError, InputError
        What was asked for cannot be used.
    """
    grid = by_step(masses, "--masses")
    if grid.size < 2:
        raise UsageError(f"--masses {masses!r}; allowed: LO below HI")
    letter = Boson(float(grid[0]), choice.letter(), 0.0).spin_parity
    bounds = choice.bounds()
    counted = choose(bounds, choice.more, choice.fewer)
    return constraint_plane(bounds, grid, letter, choice.ratios(), counted)


def draw_plane(
    choice: ConstraintChoice,
    out: Path,
    masses: str = DEFAULT_MASSES,
    couplings: str = DEFAULT_COUPLINGS,
) -> Path:
    """Draw the plane of mass and coupling into a file.

    Parameters
    ----------
    choice : ConstraintChoice
    out : Path
        Ends in .png or .svg; its folder is there.
    masses : str
        LO:HI:STEP, MeV.
    couplings : str
        LO:HI, ends of the axis.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    UsageError, InputError
        What was asked for cannot be used.
    """
    from x17.report.figure_files import save_figure
    from x17.report.figures.constraints_plane import draw_constraints_plane

    kind = out.suffix.removeprefix(".").lower()
    if kind not in FORMATS:
        raise UsageError(f"--out {out}; allowed: a name that ends in {' or '.join('.' + f for f in FORMATS)}")
    if not out.parent.is_dir():
        raise UsageError(f"--out {out}: there is no folder {out.parent}; make it first")
    ends = _ends(couplings)
    (path,) = save_figure(
        draw_constraints_plane(find_plane(choice, masses), ends), out.parent, out.stem, (kind,)
    )
    return path


def _ends(text: str) -> tuple[float, float]:
    try:
        low, high = (float(part) for part in text.split(":"))
    except ValueError:
        low = high = math.nan
    if not (math.isfinite(high) and 0.0 < low < high):
        raise UsageError(f"--couplings {text!r}; allowed: LO:HI with 0 < LO < HI")
    return low, high
