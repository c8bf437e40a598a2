"""What `x17 simulate` is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from x17.errors import UsageError
from x17.simulation.planning import SampleSettings
from x17.simulation.sample import MOST_OF_ALL, Process
from x17.theory.boson import Boson, SpinParity
from x17.workflows.event_files import FORMATS

DEFAULT_PROCESSES = (Process.ELECTRONS, Process.PHOTONS)
CONDITIONS = ("nominal", "drawn")
K_FACTORS = ("none", "published")


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationRequest:
    """What is to be simulated.

    Attributes
    ----------
    period : int or None
        Its number; None for all periods of the run plan.
    positrons : float or None
        On target in each period; the period's own by default.
    processes : tuple of Process
    boson : Boson or None
        Simulated besides the processes.
    pile_up : bool
    pile_up_window_ns : float or None
        Largest time between an event and the single positrons beside it; the whole bunch by default.
    fiducial_margin_mm : float or None
        Keep only events near the two-cluster selection, by this margin; all by default.
    conditions : {"nominal", "drawn"}
        What the setup says, or runs with a beam, gains and losses that the analyst does not know.
    k_factor : {"none", "published"}
        By which the rates of pairs of electrons and of photons are multiplied.
    bunches : bool
        Write what the beam monitors say of every bunch.
    seed : int
    format : {"parquet", "root"}

    Raises
    ------
    UsageError
        A number or a name outside what is allowed.
    """

    period: int | None = None
    positrons: float | None = None
    processes: tuple[Process, ...] = DEFAULT_PROCESSES
    boson: Boson | None = None
    pile_up: bool = True
    pile_up_window_ns: float | None = None
    fiducial_margin_mm: float | None = None
    conditions: str = "nominal"
    k_factor: str = "none"
    bunches: bool = False
    seed: int = 1
    format: str = "parquet"

    def __post_init__(self) -> None:
        if self.positrons is not None and not 1.0 <= self.positrons <= 1e30:
            raise UsageError(f"--positrons is {self.positrons:g}; allowed: 1 to 1e30")
        if self.seed < 0:
            raise UsageError(f"--seed is {self.seed}; allowed: 0 or above")
        for option, value, least in (
            ("--pile-up-window", self.pile_up_window_ns, 1e-3),
            ("--fiducial", self.fiducial_margin_mm, 0.0),
        ):
            if value is not None and not least <= value <= MOST_OF_ALL:
                raise UsageError(f"{option} is {value:g}; allowed: {least:g} to {MOST_OF_ALL:g}")
        for option, name, allowed in (
            ("--format", self.format, tuple(FORMATS)),
            ("--conditions", self.conditions, CONDITIONS),
            ("--k-factor", self.k_factor, K_FACTORS),
        ):
            if name not in allowed:
                raise UsageError(f"{option} is {name!r}; allowed: {', '.join(allowed)}")

    @property
    def settings(self) -> SampleSettings:
        """What is simulated of every period."""
        return SampleSettings(
            processes=self.processes,
            boson=self.boson,
            n_pot=self.positrons,
            pile_up=self.pile_up,
            pile_up_window_ns=self.pile_up_window_ns,
            fiducial_margin_mm=self.fiducial_margin_mm,
            published_k=self.k_factor == "published",
        )


def processes_of(text: str | None) -> tuple[Process, ...]:
    """Processes of a list separated by commas.

    Parameters
    ----------
    text : str or None
        Pairs of electrons and of photons if None.

    Returns
    -------
    tuple of Process

    Raises
    ------
    UsageError
        An unknown one, one given twice, or X, which `--inject` asks for.
    """
    if text is None:
        return DEFAULT_PROCESSES
    allowed = [process.value for process in Process if process is not Process.BOSON]
    names = text.split(",")
    if not set(names) <= set(allowed) or len(set(names)) < len(names):
        raise UsageError(
            f"--processes is {text!r}; allowed: {', '.join(allowed)}, each once, separated by commas; "
            "a boson comes with --inject"
        )
    return tuple(Process(name) for name in names)


def injected_boson(text: str | None) -> Boson | None:
    """Boson of MASS:COUPLING or MASS:COUPLING:SPIN_PARITY.

    Parameters
    ----------
    text : str or None

    Returns
    -------
    Boson or None

    Raises
    ------
    UsageError
    """
    if text is None:
        return None
    mass_text, _, rest = text.partition(":")
    coupling_text, colon, letter = rest.partition(":")
    try:
        mass, coupling = float(mass_text), float(coupling_text)
    except ValueError:
        mass = coupling = 0.0
    letters = [kind.value for kind in SpinParity]
    if not (1.1 <= mass <= 1000.0 and 0.0 < coupling < 1.0) or (letter not in letters and colon):
        raise UsageError(
            f"--inject is {text!r}; allowed: MASS:COUPLING or MASS:COUPLING:J, a mass in MeV (1.1 to 1000), "
            f"a g_ve (0 to 1) and one of {', '.join(letters)}, e.g. 16.9:5e-4:V"
        )
    return Boson(mass, SpinParity(letter or "V"), coupling)
