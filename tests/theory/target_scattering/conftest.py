"""Fixtures. Bremsstrahlung from Dirac matrices: the amplitude squared by brute force."""

from collections.abc import Callable

import numpy as np
import pytest

from x17.constants import ELECTRON_MASS_MEV, FINE_STRUCTURE, MICROBARN_MEV2
from x17.theory.target_scattering import Atom

M = ELECTRON_MASS_MEV
PAULI = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
GAMMA0 = np.diag([1, 1, -1, -1]).astype(complex)
GAMMA = np.array([GAMMA0, *(np.block([[np.zeros((2, 2)), s], [-s, np.zeros((2, 2))]]) for s in PAULI)])
METRIC = np.diag([1.0, -1.0, -1.0, -1.0])


def slash(v: np.ndarray) -> np.ndarray:
    return np.einsum("m,mij->ij", METRIC @ v, GAMMA)


def momenta(k: float, theta_g: float, theta_e: float, phi: float, energy: float) -> tuple[np.ndarray, ...]:
    final = energy - k
    p, pf = np.sqrt(energy**2 - M**2), np.sqrt(final**2 - M**2)
    incoming = np.array([energy, 0.0, 0.0, p])
    photon = k * np.array([1.0, np.sin(theta_g), 0.0, np.cos(theta_g)])
    direction = np.array([np.sin(theta_e) * np.cos(phi), np.sin(theta_e) * np.sin(phi), np.cos(theta_e)])
    return incoming, photon, np.array([final, *(pf * direction)])


def vertex(incoming: np.ndarray, photon: np.ndarray, outgoing: np.ndarray, eps: np.ndarray) -> np.ndarray:
    """Photon before or after the static charge; the denominators are those of the two propagators."""
    one = M * np.eye(4)
    after = slash(eps) @ (slash(outgoing + photon) + one) @ GAMMA0 / (2.0 * outgoing @ METRIC @ photon)
    before = GAMMA0 @ (slash(incoming - photon) + one) @ slash(eps) / (-2.0 * incoming @ METRIC @ photon)
    return after + before


def spin_sum(incoming: np.ndarray, photon: np.ndarray, outgoing: np.ndarray, eps: np.ndarray) -> float:
    v = vertex(incoming, photon, outgoing, eps)
    bar = GAMMA0 @ v.conj().T @ GAMMA0
    one = M * np.eye(4)
    return float(np.trace((slash(outgoing) + one) @ v @ (slash(incoming) + one) @ bar).real)


def cross_section(k: float, theta_g: float, theta_e: float, phi: float, energy: float) -> float:
    """dσ/(dk dΩ_γ dΩ') on a bare unit charge, µb/(MeV sr²).

    Amplitude e³/q² ū' V u; flux 2p; phase space p'dE' dΩ'/(2(2π)³) · k dk dΩ/(2(2π)³) · 2π δ(energy).
    """
    incoming, photon, outgoing = momenta(k, theta_g, theta_e, phi, energy)
    c, s = np.cos(theta_g), np.sin(theta_g)
    polarisations = (np.array([0.0, c, 0.0, -s]), np.array([0.0, 0.0, 1.0, 0.0]))
    squared = 0.5 * sum(spin_sum(incoming, photon, outgoing, eps) for eps in polarisations)
    q = (incoming - photon - outgoing)[1:]
    e6 = (4.0 * np.pi * FINE_STRUCTURE) ** 3
    p, pf = np.linalg.norm(incoming[1:]), np.linalg.norm(outgoing[1:])
    phase_space = pf * k / (4.0 * (2.0 * np.pi) ** 5)
    return float(MICROBARN_MEV2 * e6 * squared / (q @ q) ** 2 * phase_space / (2.0 * p))


@pytest.fixture(scope="session")
def dirac_cross_section() -> Callable[[float, float, float, float, float], float]:
    return cross_section


@pytest.fixture(scope="session")
def longitudinal_amplitude() -> Callable[[float, float, float, float, float], float]:
    """Spin sum with the photon's momentum in place of its polarisation, over the spin sum itself."""

    def ratio(k: float, theta_g: float, theta_e: float, phi: float, energy: float) -> float:
        incoming, photon, outgoing = momenta(k, theta_g, theta_e, phi, energy)
        transverse = np.array([0.0, 0.0, k, 0.0])
        gauge = spin_sum(incoming, photon, outgoing, photon)
        return gauge / spin_sum(incoming, photon, outgoing, transverse)

    return ratio


@pytest.fixture(scope="session")
def unit_charge() -> Atom:
    """A bare point of charge one."""
    return Atom(1, 1.0, screening_length=np.inf, inelastic_length=np.inf)
