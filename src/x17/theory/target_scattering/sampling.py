"""Bremsstrahlung events: photon and positron together, each above its own angle and energy."""

import math
from dataclasses import dataclass, fields

import numpy as np

from x17.constants import ELECTRON_MASS_MEV
from x17.errors import UsageError
from x17.theory.target_scattering.atom import CARBON, Atom
from x17.theory.target_scattering.bethe_heitler import point_cross_section
from x17.theory.target_scattering.checks import FloatArray, require, require_beam_energy
from x17.theory.target_scattering.proposal import DRAWS, Proposal

BLOCK = 65536
"""Draws per block; each has its own child of the seed, however the blocks are shared among workers."""


@dataclass(frozen=True, slots=True)
class BremsstrahlungRegion:
    """Which bremsstrahlung: energies of the photon and polar angles of both particles.

    Attributes
    ----------
    beam_energy_mev : float
        Total energy E of the incoming positron, MeV.
    photon_energy_mev : tuple of float
        Lowest and highest k, 0 < k < E − m_e, MeV; the positron has E − k.
    photon_angle, positron_angle : tuple of float
        Lowest and highest angle to the beam, 0 to π, rad.

    Raises
    ------
    UsageError
        A range outside these, or the wrong way round.
    """

    beam_energy_mev: float
    photon_energy_mev: tuple[float, float]
    photon_angle: tuple[float, float] = (0.0, math.pi)
    positron_angle: tuple[float, float] = (0.0, math.pi)

    def __post_init__(self) -> None:
        require_beam_energy(self.beam_energy_mev)
        end = self.beam_energy_mev - ELECTRON_MASS_MEV
        low, high = self.photon_energy_mev
        if not 0.0 < low < high < end:
            raise UsageError(f"photon energies {low:g} to {high:g} MeV; allowed: rising, within 0 to {end:g}")
        for name, (first, last) in (("photon", self.photon_angle), ("positron", self.positron_angle)):
            if not 0.0 <= first < last <= math.pi:
                raise UsageError(f"{name} angles {first:g} to {last:g} rad; allowed: rising, within 0 to π")


@dataclass(frozen=True, slots=True)
class BremsstrahlungEvents:
    """Weighted events; the draws that fell outside the region are counted, not kept.

    Attributes
    ----------
    photon_energy_mev, photon_angle, photon_azimuth : ndarray, shape (n,)
        The photon, MeV and rad.
    positron_energy_mev, positron_angle, positron_azimuth : ndarray, shape (n,)
        The positron.
    weight_microbarn : ndarray, shape (n,)
        Cross section each event stands for: the sum over a selection estimates its cross section.
    n_drawn : int
        Draws behind the events.
    """

    photon_energy_mev: FloatArray
    photon_angle: FloatArray
    photon_azimuth: FloatArray
    positron_energy_mev: FloatArray
    positron_angle: FloatArray
    positron_azimuth: FloatArray
    weight_microbarn: FloatArray
    n_drawn: int

    def cross_section(self, selected: np.ndarray | None = None) -> tuple[float, float]:
        """Cross section of a selection and its statistical error.

        Parameters
        ----------
        selected : ndarray of bool, shape (n,), or None
            The events that count; None for all.

        Returns
        -------
        value, error : float
            µb; one standard deviation.
        """
        weight = self.weight_microbarn if selected is None else self.weight_microbarn[selected]
        value = float(weight.sum())
        variance = float(np.square(weight).sum()) - value**2 / self.n_drawn
        return value, math.sqrt(max(variance, 0.0))

    def unweighted(self, seed: int) -> "BremsstrahlungEvents":
        """Events of equal weight, each kept with the probability w/w_max.

        w_max is the largest weight of this sample: no event is kept twice, and the bias of taking it from the
        sample falls as 1/n.

        Parameters
        ----------
        seed : int
            Seed of the acceptance, independent of the sample's.

        Returns
        -------
        BremsstrahlungEvents
            Their weights are equal and add up to the cross section of this sample.

        Raises
        ------
        UsageError
            No event to choose from.
        """
        weight = self.weight_microbarn
        if weight.size == 0:
            raise UsageError("the sample holds no event of the region; draw more")
        uniform = np.random.default_rng(np.random.SeedSequence(seed)).random(weight.size)
        kept = uniform * weight.max() < weight
        columns = {field.name: getattr(self, field.name)[kept] for field in fields(self)[:-2]}
        equal = np.full(int(kept.sum()), weight.sum() / max(int(kept.sum()), 1))
        return BremsstrahlungEvents(**columns, weight_microbarn=equal, n_drawn=self.n_drawn)


def sample_bremsstrahlung(
    region: BremsstrahlungRegion,
    n_drawn: int,
    seed: int,
    atom: Atom = CARBON,
    first_block: int = 0,
) -> BremsstrahlungEvents:
    """Draw events of e⁺ + atom → e⁺ + atom + γ within a region.

    Importance sampling of `bremsstrahlung_cross_section` (elastic form factor) from the mixture in
    `Proposal`. Block i takes the i-th child of the seed: the first events of a longer sample are those of a
    shorter one (but for the common factor 1/n_drawn in the weights), and blocks may be drawn apart.

    Parameters
    ----------
    region : BremsstrahlungRegion
        Energies and angles.
    n_drawn : int
        Draws, at least 1; between a few per cent and most of them end in the region.
    seed : int
        Seed, at least 0.
    atom : Atom
        The target atom.
    first_block : int
        Block of `BLOCK` draws to begin with.

    Returns
    -------
    BremsstrahlungEvents

    Raises
    ------
    UsageError
        Fewer than one draw, a negative seed or block.
    """
    require(n_drawn >= 1, "number of draws", n_drawn, "1 or above")
    require(seed >= 0, "seed", seed, "0 or above")
    require(first_block >= 0, "first block", first_block, "0 or above")
    n_blocks = -(-n_drawn // BLOCK)
    blocks = [
        _block(region, atom, seed, first_block + i, min(BLOCK, n_drawn - i * BLOCK)) for i in range(n_blocks)
    ]
    columns = [np.concatenate(column) for column in zip(*blocks, strict=True)]
    k, photon, photon_turn, final, positron, positron_turn, weight = columns
    return BremsstrahlungEvents(
        k, photon, photon_turn, final, positron, positron_turn, weight / n_drawn, n_drawn
    )


def _block(
    region: BremsstrahlungRegion, atom: Atom, seed: int, block: int, n_kept: int
) -> tuple[FloatArray, ...]:
    """Columns of one block's events; the weights are for a single draw."""
    child = np.random.SeedSequence(seed, spawn_key=(block,))
    uniforms = np.random.default_rng(child).random((BLOCK, DRAWS))[:n_kept]
    bounds = [
        (2.0 * math.sin(low / 2), 2.0 * math.sin(high / 2))
        for low, high in (region.photon_angle, region.positron_angle)
    ]
    proposal = Proposal(region.beam_energy_mev, region.photon_energy_mev, *bounds)
    k, u_photon, u_positron = proposal.draw(uniforms)
    inside = np.ones(n_kept, dtype=np.bool_)
    for u, (low, high) in zip((u_photon, u_positron), bounds, strict=True):
        inside &= (np.abs(u) >= low) & (np.abs(u) <= high)
    k, u_photon, u_positron = k[inside], u_photon[inside], u_positron[inside]
    photon, positron = (2.0 * np.arcsin(np.minimum(np.abs(u) / 2.0, 1.0)) for u in (u_photon, u_positron))
    turns = np.angle(u_photon), np.angle(u_positron)
    point, t = point_cross_section(k, photon, positron, turns[1] - turns[0], region.beam_energy_mev)
    weight = point * atom.elastic(t) / proposal.density(k, u_photon, u_positron)
    return k, photon, turns[0], region.beam_energy_mev - k, positron, turns[1], weight
