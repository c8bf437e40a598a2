"""All that is said of the mass at once: the fit, its parts, its alternatives, and what others found."""

from __future__ import annotations

from dataclasses import dataclass, replace

from x17.nuclear.masses.by_nucleus import NucleusFits, fit_nuclei
from x17.nuclear.masses.choices import FitChoices, Source
from x17.nuclear.masses.mass_fit import MassFit, fit_mass
from x17.nuclear.masses.measurement import DEFAULT_ROWS, Grade, Measurement, MeasurementTable
from x17.nuclear.masses.rho_scan import scan_rho
from x17.nuclear.masses.shipped import ExternalMass, external_masses
from x17.nuclear.masses.toys import MassToys


@dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """The same fit with one thing done in another way.

    Attributes
    ----------
    name : str
    fit : MassFit
    """

    name: str
    fit: MassFit


@dataclass(frozen=True, slots=True, eq=False)
class MassResult:
    """A mass with all that belongs to it.

    Attributes
    ----------
    table : MeasurementTable
    selection : str
        Which rows, as the user said.
    fit : MassFit
    nuclei : NucleusFits
    rho_scan : tuple of MassFit
        At correlations from 0 to 1 within a laboratory.
    variants : tuple of Variant
    external : tuple of ExternalMass
        Masses of others, no part of the fit.
    toys : MassToys or None
    """

    table: MeasurementTable
    selection: str
    fit: MassFit
    nuclei: NucleusFits
    rho_scan: tuple[MassFit, ...]
    variants: tuple[Variant, ...]
    external: tuple[ExternalMass, ...]
    toys: MassToys | None = None

    @property
    def rates(self) -> tuple[Measurement, ...]:
        """Rows with a rate relative to photons, or a limit on it."""
        return tuple(row for row in self.table.rows if row.rate_meaning == PER_PHOTON)


PER_PHOTON = "per gamma"
"""Rates of this meaning can be compared with each other."""


def find_mass(
    table: MeasurementTable, selection: str = DEFAULT_ROWS, choices: FitChoices | None = None
) -> MassResult:
    """Fit the mass and everything around it, without toys.

    Parameters
    ----------
    table : MeasurementTable
    selection : str
        As `MeasurementTable.select` takes it.
    choices : FitChoices, optional

    Returns
    -------
    MassResult

    Raises
    ------
    UsageError, InputError
        A selection that cannot be made, or masses that no transition can make.
    """
    fit = fit_mass(table.select(selection), choices)
    return MassResult(
        table=table,
        selection=selection,
        fit=fit,
        nuclei=fit_nuclei(fit),
        rho_scan=scan_rho(fit),
        variants=_variants(table, fit),
        external=external_masses(),
    )


def _variants(table: MeasurementTable, fit: MassFit) -> tuple[Variant, ...]:
    """Other sources, other errors, fewer rows, and the named selections of the table."""
    rows, choices = fit.rows, fit.choices
    bare = replace(choices, statistical_only=True)
    others: list[tuple[str, tuple[Measurement, ...], FitChoices]] = []
    for source in Source:
        if source is not choices.source:
            others.append((f"from {source.value}", rows, replace(choices, source=source)))
            name = f"from {source.value}, statistical errors only"
            others.append((name, rows, replace(bare, source=source)))
    simple = replace(choices, source=Source.ANGLES, exact=False)
    others.append(("from angles, 2 asin(m/E)", rows, simple))
    others.append(("statistical errors only", rows, bare))
    grade_a = tuple(row for row in rows if row.grade is Grade.A)
    if 0 < len(grade_a) < len(rows):
        others.append(("grade A only", grade_a, choices))
    for name in table.set_names:
        chosen = table.select(name)
        if chosen != rows:
            others.append((f"rows {name}", chosen, choices))
            others.append((f"rows {name}, statistical errors only", chosen, bare))
    return tuple(Variant(name, fit_mass(some, choice)) for name, some, choice in others)
