"""The mass of the X17 from nuclear measurements: their table, common systematics, and fits."""

from x17.nuclear.masses.mass_fit import MassFit, fit_mass
from x17.nuclear.masses.measurement import Measurement, MeasurementTable
from x17.nuclear.masses.shipped import external_masses, load_measurements

__all__ = [
    "MassFit",
    "Measurement",
    "MeasurementTable",
    "external_masses",
    "fit_mass",
    "load_measurements",
]
