"""What can be chosen about the likelihood; the defaults are the published configuration."""

from dataclasses import dataclass
from enum import StrEnum

from x17.errors import UsageError
from x17.theory.boson import SpinParity

NUISANCES = ("P0", "P1", "A", "gamma", "b", "Q0", "Q1")
"""K's constant and slope; the line shape's area, Lorentz half width and relative spread; ε_S/B's line."""

POSITIONS = {name: i for i, name in enumerate(NUISANCES)} | {"w": NUISANCES.index("gamma")}
"""Where a nuisance stands; w, the computed line's width, stands where gamma does."""


class LineShapeKind(StrEnum):
    """Where the line shape comes from."""

    VOIGT = "voigt"
    """The Voigt profile of the scan's constants: as published."""
    COMPUTED = "computed"
    """Computed from the momenta of the electrons in diamond."""


class KSource(StrEnum):
    """Where the constraint on K(s) = P0 + P1 (√s − centre) comes from."""

    AUTO = "auto"
    """The scan's own published constraint if it has one, else `FROM_SIDEBAND`."""
    PUBLISHED = "published"
    """The values in the scan's `[model]` table."""
    FROM_SIDEBAND = "from-sideband"
    """Values and covariance of the masked-window fit to this scan."""
    FREE = "free"
    """None: no point is used twice."""


class KShape(StrEnum):
    """The shape of K(s)."""

    LINE = "line"
    CONSTANT = "constant"


class CountTerm(StrEnum):
    """How a point enters χ²."""

    NEYMAN = "neyman"
    """(y − g_R)² over the variance of the *observed* y, all errors folded in: as published."""
    GAUSSIAN = "gaussian"
    """(N − μ)²/N, with N_PoT, B and ε_S of the point as nuisances of their own."""
    POISSON = "poisson"
    """Poisson likelihood ratio of N, with N_PoT, B and ε_S of the point as nuisances of their own."""


class BackgroundModel(StrEnum):
    """How B(s) is taken from the table."""

    PER_POINT = "per-point"
    CURVE_PER_PART = "curve-per-part"
    """One line in √s for each scan part; its errors become nuisances with the fit's covariance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSettings:
    """Choices of the likelihood.

    Attributes
    ----------
    boson : SpinParity
        What is searched for: V, A, S or P; changes the area of the line and the acceptance.
    lineshape, k_constraint, k_shape, count_term, background
        See the enumerations of this module.
    fixed : tuple of str
        Nuisances held at their central value (`P0`, `P1`, `A`, `gamma`, `b`, `Q0`, `Q1`). The computed line
        has the valence width w in the place of gamma; either name is taken.
    statistics_only : bool
        No nuisances at all and only the counts' errors: what statistics alone would allow.
    flux_slope_err : float
        Prior width of a linear drift of N_PoT with integrated flux: its relative change from the first to the
        last positron. 0 leaves it out.
    correlated_flux_fraction, correlated_background_fraction : float
        Share of the variance of N_PoT (of B) that is common to all points, 0 to 1.
    correlations : tuple of (str, str, float)
        Correlation coefficients between two of `NUISANCES`, replacing the default.

    Raises
    ------
    UsageError
        A number outside its range or an unknown nuisance.
    """

    boson: SpinParity = SpinParity.VECTOR
    lineshape: LineShapeKind = LineShapeKind.VOIGT
    k_constraint: KSource = KSource.AUTO
    k_shape: KShape = KShape.LINE
    count_term: CountTerm = CountTerm.NEYMAN
    background: BackgroundModel = BackgroundModel.PER_POINT
    fixed: tuple[str, ...] = ()
    statistics_only: bool = False
    flux_slope_err: float = 0.0
    correlated_flux_fraction: float = 0.0
    correlated_background_fraction: float = 0.0
    correlations: tuple[tuple[str, str, float], ...] = ()

    def __post_init__(self) -> None:
        for name in ("correlated_flux_fraction", "correlated_background_fraction"):
            value = getattr(self, name)
            if not 0.0 <= value <= 1.0:
                raise UsageError(f"model.{name} is {value}; allowed: a share of the variance, 0 to 1")
        if not 0.0 <= self.flux_slope_err < 1.0:
            raise UsageError(f"model.flux_slope_err is {self.flux_slope_err}; allowed: 0 (off) to 1")
        if self.background is BackgroundModel.CURVE_PER_PART and self.correlated_background_fraction > 0.0:
            raise UsageError(
                "model.background = curve-per-part already correlates the errors of B; "
                "set model.correlated_background_fraction to 0"
            )
        named = [*self.fixed, *(name for pair in self.correlations for name in pair[:2])]
        for name in named:
            if name not in POSITIONS:
                raise UsageError(f"unknown nuisance {name!r} in [model]; known: {', '.join(POSITIONS)}")
        for one, other, rho in self.correlations:
            if one == other or not -1.0 < rho < 1.0:
                raise UsageError(
                    f"model.correlations: ({one}, {other}, {rho}) needs two different names and |ρ| < 1"
                )
