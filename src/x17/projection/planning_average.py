"""What campaigns teach on average, whatever is true: toys whose truth is drawn from what is believed now."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from x17.projection.planning_campaign import CampaignPlan, FloatArray, Strategy
from x17.projection.planning_knowledge import learn


@dataclass(frozen=True, slots=True, eq=False)
class AverageInformation:
    """Information on (M, g) that a strategy gives, averaged over truths and data.

    Attributes
    ----------
    strategy : Strategy
    bits, error : ndarray, shape (n_steps,)
        Mean after each step, and its standard error.
    """

    strategy: Strategy
    bits: FloatArray
    error: FloatArray


def learned_bits(plan: CampaignPlan, strategy: Strategy, n_toys: int, rng: np.random.Generator) -> FloatArray:
    """How far the posterior moves, Σ p' log₂(p'/p), in campaigns whose truth is drawn from p.

    Its mean over truths and data is the mutual information of the campaign and the hypotheses. Toy k has the
    same truth whatever the strategy.

    Parameters
    ----------
    plan : CampaignPlan
    strategy : Strategy
    n_toys : int
    rng : numpy.random.Generator

    Returns
    -------
    ndarray, shape (n_toys, n_steps)
    """
    space, n_new = plan.space, plan.space.n_new
    now = learn(space, plan.tested, np.ones(n_new), np.zeros(n_new))
    bits = np.zeros((n_toys, len(plan.shares)))
    for toy, stream in enumerate(rng.spawn(n_toys)):
        truth = int(stream.choice(now.probability.size, p=now.probability))
        campaign = plan.run(strategy, now.expected[truth], 1, stream)
        for step in range(len(plan.shares)):
            then = learn(space, plan.tested, campaign.y[0, step], campaign.weight[0, step]).probability
            likely = then > 0.0
            bits[toy, step] = then[likely] @ np.log2(then[likely] / now.probability[likely])
    return bits


def average_information(strategy: Strategy, bits: FloatArray) -> AverageInformation:
    """Average over toys.

    Parameters
    ----------
    strategy : Strategy
    bits : ndarray, shape (n_toys, n_steps)
        Of two toys or more.

    Returns
    -------
    AverageInformation
    """
    error = bits.std(axis=0, ddof=1) / np.sqrt(bits.shape[0])
    return AverageInformation(strategy, bits.mean(axis=0), error)
