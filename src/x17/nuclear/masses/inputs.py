"""From rows of the table to the numbers of a fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.errors import InputError, Problem
from x17.nuclear.masses.angle_relation import AngleRelation
from x17.nuclear.masses.choices import FitChoices, Source
from x17.nuclear.masses.covariance import common_covariance
from x17.nuclear.masses.measurement import Measurement
from x17.nuclear.masses.weighted_mean import weighted_mean

FloatArray = NDArray[np.float64]

_MARGIN_MEV = 1e-3
"""Distance kept from the mass at which the first transition closes, where dθ/dm has no bound."""


@dataclass(frozen=True, slots=True, eq=False)
class MassInputs:
    """n measurements as a fit takes them, both as masses and as angles.

    Attributes
    ----------
    relation : AngleRelation
        Between the two.
    masses, mass_covariance : ndarray, shapes (n,), (n, n)
        MeV; of a row with an angle alone, its mass by the relation.
    angles, angle_covariance : ndarray, shapes (n,), (n, n)
        rad; of a row with a mass alone, its angle by the relation.
    derived : tuple of bool
        Rows whose angle comes from a mass.
    assumed : tuple of bool
        Rows whose systematic error is the stand-in.
    """

    relation: AngleRelation
    masses: FloatArray
    mass_covariance: FloatArray
    angles: FloatArray
    angle_covariance: FloatArray
    derived: tuple[bool, ...]
    assumed: tuple[bool, ...]

    @property
    def angle_precision(self) -> FloatArray:
        """Inverse of the covariance of the angles, 1/rad², shape (n, n)."""
        return np.asarray(np.linalg.inv(self.angle_covariance), dtype=np.float64)


def mass_inputs(rows: Sequence[Measurement], choices: FitChoices) -> MassInputs:
    """Prepare a fit.

    Parameters
    ----------
    rows : sequence of Measurement
        With a mass or an angle each.
    choices : FitChoices

    Returns
    -------
    MassInputs

    Raises
    ------
    InputError
        Masses that their transitions cannot make.
    """
    relation = AngleRelation.of(rows, exact=choices.exact)
    laboratory = np.unique([row.laboratory for row in rows], return_inverse=True)[1]
    given_mass = np.array([np.nan if row.mass_mev is None else row.mass_mev for row in rows])
    _check_masses(rows, given_mass, relation.excitation)
    given_angle = np.radians([np.nan if row.angle_deg is None else row.angle_deg for row in rows])
    masses = np.where(np.isnan(given_mass), relation.masses(given_angle), given_mass)
    angles = np.where(np.isnan(given_angle), relation.row_angles(masses), given_angle)
    mass_errors, angle_errors = (_errors(rows, choices, of) for of in ("mass", "angle"))
    own = relation.row_slopes(masses)
    mass_stat, angle_stat = _both(mass_errors[0], angle_errors[0], own)
    assumed = tuple(not choices.statistical_only and _lacks_syst(row, choices.source) for row in rows)
    common = relation.slopes(_common_mass(masses, mass_stat, relation))
    mass_syst, angle_syst = _both(mass_errors[1], angle_errors[1], common)
    mass_syst = np.where(assumed, choices.missing_syst_mev, mass_syst)
    angle_syst = np.where(assumed, choices.missing_syst_mev * common, angle_syst)
    rho, across = choices.rho, choices.across
    return MassInputs(
        relation,
        masses,
        common_covariance(mass_stat, mass_syst, laboratory, rho, across),
        angles,
        common_covariance(angle_stat, angle_syst, laboratory, rho, across),
        tuple(row.angle_deg is None for row in rows),
        assumed,
    )


def _common_mass(masses: FloatArray, stat: FloatArray, relation: AngleRelation) -> float:
    """One mass for all rows, at which a systematic error of a mass becomes one of an angle.

    At the mass of each row it would grow with that mass, where the angle is steeper, and errors common to
    rows that scatter would then pull their mean down (G. D'Agostini, Nucl. Instrum. Meth. A 346 (1994) 306).
    Statistical errors stay at the row's own mass, where its authors had them from the angle.
    """
    mean = float(weighted_mean(masses, np.diag(np.square(stat))).value)
    return min(mean, relation.largest_mass - _MARGIN_MEV)


def _both(mass: FloatArray, angle: FloatArray, slopes: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Errors of masses and of angles, each from the other where it is not given."""
    return (
        np.where(np.isnan(mass), angle / slopes, mass),
        np.where(np.isnan(angle), mass * slopes, angle),
    )


def _check_masses(rows: Sequence[Measurement], masses: FloatArray, excitation: FloatArray) -> None:
    problems = [
        Problem(
            f"a mass above the {energy:.3f} MeV of its transition",
            row.line,
            "mass_mev",
            f"{mass:g}",
            "a lighter boson, or a higher beam energy",
        )
        for row, mass, energy in zip(rows, masses, excitation, strict=True)
        if mass >= energy
    ]
    if problems:
        raise InputError("measurements", problems)


def _errors(rows: Sequence[Measurement], choices: FitChoices, of: str) -> FloatArray:
    """Statistical and systematic errors, shape (2, n), NaN where no value is given; angles in radians."""
    errors = np.full((2, len(rows)), np.nan)
    for k, row in enumerate(rows):
        if of == "mass":
            stat, syst, unit = row.mass_stat_mev, row.mass_syst_mev, 1.0
        else:
            stat, syst, unit = row.angle_stat_deg, row.angle_syst_deg, np.pi / 180.0
        if stat is not None:
            errors[:, k] = stat * unit, 0.0 if choices.statistical_only else (syst or 0.0) * unit
    return errors


def _lacks_syst(row: Measurement, source: Source) -> bool:
    """Whether the value that the fit takes comes without a systematic error."""
    takes_angle = row.mass_mev is None or (source is Source.ANGLES and row.angle_deg is not None)
    return (row.angle_syst_deg if takes_angle else row.mass_syst_mev) is None
