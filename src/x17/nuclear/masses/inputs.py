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

FloatArray = NDArray[np.float64]


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
    # One mass a row: the diagonal of what the relation gives for every mass at every row.
    slopes = np.diagonal(relation.slopes(masses))
    angles = np.where(np.isnan(given_angle), np.diagonal(relation.angles(masses)), given_angle)
    mass_errors = [_errors(row, choices, "mass") for row in rows]
    angle_errors = [_errors(row, choices, "angle") for row in rows]
    by_mass = _filled(mass_errors, [(s / k, y / k) for (s, y), k in zip(angle_errors, slopes, strict=True)])
    by_angle = _filled(angle_errors, [(s * k, y * k) for (s, y), k in zip(mass_errors, slopes, strict=True)])
    assumed = tuple(not choices.statistical_only and _lacks_syst(row, choices.source) for row in rows)
    stand_in = np.where(assumed, choices.missing_syst_mev, 0.0)
    by_mass[1] = np.where(assumed, stand_in, by_mass[1])
    by_angle[1] = np.where(assumed, stand_in * slopes, by_angle[1])
    rho, across = choices.rho, choices.across
    return MassInputs(
        relation,
        masses,
        common_covariance(by_mass[0], by_mass[1], laboratory, rho, across),
        angles,
        common_covariance(by_angle[0], by_angle[1], laboratory, rho, across),
        tuple(row.angle_deg is None for row in rows),
        assumed,
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


def _errors(row: Measurement, choices: FitChoices, of: str) -> tuple[float, float]:
    """Statistical and systematic error, NaN where the value is not given; angles in radians."""
    if of == "mass":
        stat, syst, unit = row.mass_stat_mev, row.mass_syst_mev, 1.0
    else:
        stat, syst, unit = row.angle_stat_deg, row.angle_syst_deg, np.pi / 180.0
    if stat is None:
        return np.nan, np.nan
    return stat * unit, 0.0 if choices.statistical_only else (syst or 0.0) * unit


def _lacks_syst(row: Measurement, source: Source) -> bool:
    """Whether the value that the fit takes comes without a systematic error."""
    takes_angle = row.mass_mev is None or (source is Source.ANGLES and row.angle_deg is not None)
    return (row.angle_syst_deg if takes_angle else row.mass_syst_mev) is None


def _filled(first: list[tuple[float, float]], second: list[tuple[float, float]]) -> list[FloatArray]:
    """Errors as two arrays, of the first list where it has them."""
    one, other = np.array(first).T, np.array(second).T
    return list(np.where(np.isnan(one), other, one))
