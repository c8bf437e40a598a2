"""Checks that leave the data as they are and change what is fitted to them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from x17.constants import ELECTRON_MASS_MEV
from x17.statistics.check_fit import LimitRule
from x17.statistics.model_settings import CountTerm, KShape, KSource, LineShapeKind
from x17.workflows.check_plan import Analysis, Variation, with_constants, with_model


def k_constant(analysis: Analysis) -> tuple[Variation, ...]:
    """K a constant.

    Parameters
    ----------
    analysis : Analysis

    Returns
    -------
    tuple of Variation
    """
    del analysis

    def alter(analysis: Analysis, source: KSource) -> Analysis:
        return with_model(analysis, k_shape=KShape.CONSTANT, k_constraint=source)

    return (
        Variation(
            name="side-band",
            label="K constant, from its side band",
            sentence="K(s) is a constant, constrained by the constant fitted to the side band.",
            alter=partial(alter, source=KSource.FROM_SIDEBAND),
            global_p=True,
        ),
        Variation(
            name="free",
            label="K constant, free",
            sentence="K(s) is a constant without any constraint.",
            alter=partial(alter, source=KSource.FREE),
        ),
    )


def k_constraint(analysis: Analysis) -> tuple[Variation, ...]:
    """Each constraint on K that the scan allows.

    Parameters
    ----------
    analysis : Analysis

    Returns
    -------
    tuple of Variation
    """
    words = {
        KSource.PUBLISHED: "K as published",
        KSource.FROM_SIDEBAND: "K from the side band",
        KSource.FREE: "K free",
    }
    sources = [s for s in words if s is not KSource.PUBLISHED or analysis.scan.constants.k_constraint]
    sentences = {
        KSource.PUBLISHED: "The constraint on K is the one that comes with the scan.",
        KSource.FROM_SIDEBAND: "K is constrained by this scan's side-band fit, with its covariance.",
        KSource.FREE: "K has no constraint, so that no point is used twice.",
    }
    return tuple(
        Variation(
            name=source.value,
            label=words[source],
            sentence=sentences[source],
            alter=partial(with_model, k_constraint=source),
            same_k=False,
        )
        for source in sources
    )


def cls_plus_b(analysis: Analysis) -> tuple[Variation, ...]:
    """Limits by CLs+b.

    Parameters
    ----------
    analysis : Analysis

    Returns
    -------
    tuple of Variation
    """
    del analysis
    return (
        Variation(
            name="clsb",
            label="CLs+b limits",
            sentence="Limits are placed where P_S = 1 − CL, without the denominator of CLs.",
            alter=lambda a: replace(a, rule=LimitRule.CLSB),
            global_p=True,
        ),
    )


def line_shape(analysis: Analysis) -> tuple[Variation, ...]:
    """The computed line, and each parameter of the line held one standard deviation away.

    Parameters
    ----------
    analysis : Analysis

    Returns
    -------
    tuple of Variation
    """
    constants = analysis.scan.constants

    def held(a: Analysis, field: str, nuisance: str, value: float) -> Analysis:
        fixed = (*a.model.fixed, nuisance)
        return with_model(with_constants(a, **{field: value}), fixed=fixed)

    nuisances = (
        ("beam_energy_spread", "b", "beam spread", 1.0),
        ("lorentz_half_width_mev", "gamma", "electron width γ", 1.0),
        ("signal_yield_mev", "A", "signal yield A", 1.0),
    )
    rows = [
        Variation(
            name="computed",
            label="computed line shape",
            sentence="The Voigt profile gives way to the line computed from the momenta of the electrons in "
            "diamond.",
            alter=partial(with_model, lineshape=LineShapeKind.COMPUTED),
        )
    ]
    for field, nuisance, words, _ in nuisances:
        center = getattr(constants, field)
        width = getattr(constants, f"{field.removesuffix('_mev')}_err")
        for sign, side in ((-1, "down"), (1, "up")):
            value = center + sign * width
            rows.append(
                Variation(
                    name=f"{nuisance}-{side}",
                    label=f"{words} {'+' if sign > 0 else '−'}1σ",
                    sentence=f"The {words} is held at {value:.4g}, one standard deviation "
                    f"{'above' if sign > 0 else 'below'} its centre.",
                    alter=partial(held, field=field, nuisance=nuisance, value=value),
                )
            )
    return tuple(rows)


def conventions(analysis: Analysis) -> tuple[Variation, ...]:
    """Other electron mass and binding energy.

    Parameters
    ----------
    analysis : Analysis

    Returns
    -------
    tuple of Variation
    """
    mass, binding = analysis.scan.constants.electron_mass_mev, analysis.scan.constants.binding_energy_mev
    return (
        Variation(
            name="electron-mass",
            label="electron mass of CODATA",
            sentence=f"The electron mass is {ELECTRON_MASS_MEV} MeV in place of {mass:g} MeV, √s as it is.",
            alter=partial(with_constants, electron_mass_mev=ELECTRON_MASS_MEV),
        ),
        Variation(
            name="no-binding",
            label="no binding energy",
            sentence=f"The binding energy of the electrons is 0 in place of {1e6 * binding:g} eV.",
            alter=partial(with_constants, binding_energy_mev=0.0),
        ),
    )


def count_term(analysis: Analysis) -> tuple[Variation, ...]:
    """Other terms for the counts.

    Parameters
    ----------
    analysis : Analysis

    Returns
    -------
    tuple of Variation
    """
    words = {
        CountTerm.NEYMAN: "The error of a point scales with the observed g_R, as published.",
        CountTerm.GAUSSIAN: "Counts are Gaussian; N_PoT, B and ε_S of each point are nuisances of their own.",
        CountTerm.POISSON: "Counts are Poisson; N_PoT, B and ε_S of each point are nuisances of their own.",
    }
    return tuple(
        Variation(
            name=term.value,
            label=f"{term.value.capitalize()} counts",
            sentence=sentence,
            alter=partial(with_model, count_term=term),
        )
        for term, sentence in words.items()
        if term is not analysis.model.count_term
    )
