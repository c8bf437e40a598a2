from collections.abc import Callable

import numpy as np
import pytest
from scipy.special import wofz

from x17.scan import EnergyScan
from x17.statistics.data_sets import DataSets, observed
from x17.statistics.model import ScanModel

FloatArray = np.ndarray
Chi2 = Callable[[FloatArray], float]


@pytest.fixture(scope="session")
def scan() -> EnergyScan:
    return EnergyScan.load("padme-run3")


@pytest.fixture(scope="session")
def model(scan: EnergyScan) -> ScanModel:
    return ScanModel.build(scan)


@pytest.fixture(scope="session")
def data(model: ScanModel) -> DataSets:
    return observed(model)


def reference_expectation(model: ScanModel, theta: FloatArray, mass: float) -> FloatArray:
    """g_R written out from the formulas of arXiv:2503.05650, sharing nothing with the kernel."""
    constants, points = model.constants, model.points
    p0, p1, area, gamma, b, q0, q1, signal = theta[:8]
    d = points.sqrt_s_mev - constants.center_sqrt_s_mev
    energy = (points.sqrt_s_mev**2 - 2 * constants.electron_mass_mev**2) / (2 * constants.electron_mass_mev)
    e_res = (mass**2 - 2 * constants.electron_mass_mev**2) / (
        2 * (constants.electron_mass_mev + constants.binding_energy_mev)
    )
    sigma = abs(b) * e_res
    line = wofz((energy - e_res + 1j * gamma) / (sigma * np.sqrt(2))).real / (sigma * np.sqrt(2 * np.pi))
    common = np.exp(model.templates @ theta[8:])
    return common * (p0 + p1 * d) * (1 + signal * area * line * (q0 + q1 * d))


def neyman_chi2(model: ScanModel, data: DataSets, row: int, mass: float, signal: float) -> Chi2:
    """χ² of one data set as a function of the free nuisances, in units of their errors from the centres."""
    scale = unit_steps(model)

    def chi2(unit: FloatArray) -> float:
        theta = model.centers.copy()
        theta[7] = signal
        theta[model.free] += unit * scale
        distance = theta - data.centers[row]
        distance[7] = 0.0
        residual = data.first[row] - reference_expectation(model, theta, mass)
        return float(np.sum(data.second[row] * residual**2) + distance @ model.precision @ distance)

    return chi2


def unit_steps(model: ScanModel) -> FloatArray:
    """Natural step of each free nuisance: its constraint, or the statistical error of K."""
    errors = np.sqrt(np.diag(model.covariance))[model.free]
    return np.where(errors > 0.0, errors, 2e-3)
