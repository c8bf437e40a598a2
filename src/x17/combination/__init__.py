"""A mass known from elsewhere and the likelihood of a scan, put together into one mass."""

from x17.combination.joint_fit import JointFit, fit_jointly
from x17.combination.mass_term import GaussianMass, MassTerm

__all__ = ["GaussianMass", "JointFit", "MassTerm", "fit_jointly"]
