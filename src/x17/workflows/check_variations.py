"""Checks that change the data: B, corrections, energies, and which points are fitted."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from x17.errors import UsageError
from x17.scan.corrections import CORRECTIONS, check_tag_and_probe, remove
from x17.scan.model_constants import KConstraint
from x17.scan.variations import (
    farthest_background,
    only_part,
    with_beam_energy,
    with_smooth_background,
    with_smooth_tag_and_probe,
    without_period,
)
from x17.statistics.model_settings import BackgroundModel, KSource
from x17.workflows.check_plan import Analysis, Variation, with_constants, with_data, with_model

BEAM_ENERGY_SCALE = 0.005
"""Relative error of the beam's momentum scale, 1 to 2 MeV in 280 (JHEP 08 (2024) 121)."""

SCAN_SHIFT = 0.002
"""Relative shift of the beam energy of one scan part against the other: 17 keV in √s, nearly the distance
of two points."""

EXPECTED_K = KConstraint(0.977, 0.021, -0.016, 0.006, 0.0)
"""K(s) as expected before the box was opened: from radiative corrections and tag and probe, with the common
errors of the yields (presentation of Run III)."""

LOOSE_DRIFT = 0.5
"""Prior width of a drift of the flux that is to be fitted: fifty times what the data tell."""


def background_curve(analysis: Analysis) -> tuple[Variation, ...]:
    """B as curves: with the errors of lines, and with those of points.

    Parameters
    ----------
    analysis : Analysis

    Returns
    -------
    tuple of Variation
    """
    line = Variation(
        name="line",
        label="B by a line per part",
        sentence="B is a line in √s in each scan part; its errors are those of the lines, common to a part.",
        alter=lambda a: with_data(with_model(a, background=BackgroundModel.CURVE_PER_PART), lambda s: s),
        global_p=True,
    )
    period, distance = farthest_background(analysis.scan)
    without = Variation(
        name="line-without-farthest",
        label=f"B by a line per part, without period {period}",
        sentence=f"B is a line in each scan part, and the point whose B is farthest from its line, period "
        f"{period}, {distance:+.1f} of its errors, is left out.".replace("-", "−"),
        alter=lambda a: with_data(
            with_model(a, background=BackgroundModel.CURVE_PER_PART), partial(without_period, period=period)
        ),
        global_p=True,
    )
    degrees = ((1, "line"), (2, "parabola"), (3, "cubic"))
    return (
        line,
        without,
        *(
            Variation(
                name=f"degree-{degree}",
                label=f"B by a {name} per part, errors kept",
                sentence=f"B is a {name} in √s in each scan part; every point keeps its own error of B.",
                alter=partial(with_data, change=partial(with_smooth_background, degree=degree)),
                global_p=degree == 3,
            )
            for degree, name in degrees
        ),
    )


def corrections(analysis: Analysis) -> tuple[Variation, ...]:
    """Each correction divided out; ageing also fitted to the data instead.

    Parameters
    ----------
    analysis : Analysis

    Returns
    -------
    tuple of Variation
    """
    meanings = {step.name: step.meaning for step in CORRECTIONS}
    off = tuple(
        Variation(
            name=name,
            label=f"without {name.replace('_', ' ')}",
            sentence=f"The correction {name} ({meanings[name]}) is divided out, its weighted mean kept.",
            alter=partial(with_data, change=partial(remove, name=name)),
        )
        for name in analysis.scan.applied_corrections
    )

    def drift(a: Analysis) -> Analysis:
        bare = with_data(a, partial(remove, name="ageing"))
        return with_model(bare, k_constraint=KSource.FREE, flux_slope_err=LOOSE_DRIFT)

    if "ageing" not in analysis.scan.applied_corrections:
        return off
    fitted = Variation(
        name="ageing-fitted",
        label="ageing fitted to the data",
        sentence="The correction for ageing is divided out and a drift of N_PoT with the positrons delivered "
        "is fitted in its place, with K free.",
        alter=drift,
    )
    return (*off, fitted)


def tag_and_probe(analysis: Analysis) -> tuple[Variation, ...]:
    """What tag and probe would change: as an expectation for K, as a line, point by point.

    Parameters
    ----------
    analysis : Analysis

    Returns
    -------
    tuple of Variation
    """
    del analysis

    def expected(analysis: Analysis) -> Analysis:
        if analysis.scan.tag_and_probe is None:
            raise UsageError(f"{analysis.scan.name} has no column tag_and_probe")
        return with_model(with_constants(analysis, k_constraint=EXPECTED_K), k_constraint=KSource.PUBLISHED)

    return (
        Variation(
            name="expected-slope",
            label="K as expected beforehand",
            sentence="K is constrained by what was expected before unblinding, a constant of 0.977(21) and "
            "a slope of −1.6(6) %/MeV from radiative corrections and tag and probe; no point is used twice.",
            alter=expected,
            same_k=False,
        ),
        *(
            Variation(
                name="smooth" if power == 1 else "smooth-squared",
                label="tag and probe as a line" + (", squared" if power == 2 else ""),
                sentence=f"B is multiplied by the line through tag and probe to the power {power}: a smooth "
                "change, which the slope of K takes up.",
                alter=partial(with_data, change=partial(with_smooth_tag_and_probe, power=power)),
            )
            for power in (1, 2)
        ),
        Variation(
            name="point-by-point",
            label="tag and probe point by point",
            sentence="B of each point is multiplied by its own tag and probe squared. This is no correction: "
            "the values scatter by their own error, several times that of g_R.",
            alter=partial(with_data, change=check_tag_and_probe),
        ),
    )


def beam_energy(analysis: Analysis) -> tuple[Variation, ...]:
    """A common scale of all beam energies.

    Parameters
    ----------
    analysis : Analysis

    Returns
    -------
    tuple of Variation
    """
    del analysis
    return tuple(
        Variation(
            name=name,
            label=f"beam energy {100 * sign * BEAM_ENERGY_SCALE:+.1f} %".replace("-", "−"),
            sentence=f"All beam energies are {100 * BEAM_ENERGY_SCALE:g} % {word}; √s follows.",
            alter=partial(with_data, change=partial(with_beam_energy, factor=1.0 + sign * BEAM_ENERGY_SCALE)),
        )
        for name, sign, word in (("up", 1, "higher"), ("down", -1, "lower"))
    )


def scan_shift(analysis: Analysis) -> tuple[Variation, ...]:
    """The last scan part shifted in energy.

    Parameters
    ----------
    analysis : Analysis

    Returns
    -------
    tuple of Variation

    Raises
    ------
    UsageError
        The scan has one part only.
    """
    parts = _two_parts(analysis)
    return tuple(
        Variation(
            name=name,
            label=f"part {parts[-1]} {100 * sign * SCAN_SHIFT:+.1f} %".replace("-", "−"),
            sentence=f"Beam energies of scan part {parts[-1]} are {100 * SCAN_SHIFT:g} % {word} against the "
            "other points.",
            alter=partial(
                with_data,
                change=partial(with_beam_energy, factor=1.0 + sign * SCAN_SHIFT, part=parts[-1]),
            ),
        )
        for name, sign, word in (("up", 1, "higher"), ("down", -1, "lower"))
    )


def parts(analysis: Analysis) -> tuple[Variation, ...]:
    """Each scan part alone.

    Parameters
    ----------
    analysis : Analysis

    Returns
    -------
    tuple of Variation

    Raises
    ------
    UsageError
        The scan has one part only.
    """

    def alone(a: Analysis, part: int, source: KSource) -> Analysis:
        return with_model(replace(a, scan=only_part(a.scan, part)), k_constraint=source)

    own = analysis.model.k_constraint
    treatments: tuple[tuple[KSource, str], ...] = ((own, f"K {own.value}"), (KSource.FREE, "K free"))
    if own is not KSource.PUBLISHED:
        treatments = treatments[1:]
    return tuple(
        Variation(
            name=f"part-{part}-{source.value}",
            label=f"part {part} alone, {how}",
            sentence=f"Only the points of scan part {part} are fitted, with {how}.",
            alter=partial(alone, part=part, source=source),
        )
        for source, how in treatments
        for part in _two_parts(analysis)
    )


def _two_parts(analysis: Analysis) -> tuple[int, ...]:
    used = analysis.scan.selection.used_values
    present = tuple(part for part in used if bool((analysis.scan.scan_part == part).any()))
    if len(present) < 2:
        raise UsageError(f"{analysis.scan.name} has one scan part only; two are needed to compare them")
    return present


def leave_one_out(analysis: Analysis) -> tuple[Variation, ...]:
    """Each point left out.

    Parameters
    ----------
    analysis : Analysis

    Returns
    -------
    tuple of Variation
    """
    points = analysis.scan.search_points()
    return tuple(
        Variation(
            name=f"period-{period}",
            label=f"without {sqrt_s:.3f} MeV",
            sentence=f"The point at {sqrt_s:.3f} MeV (period {period}) is left out.",
            alter=partial(_without, period=period),
            period=period,
        )
        for period, sqrt_s in zip(points.period.tolist(), points.sqrt_s_mev.tolist(), strict=True)
    )


def _without(analysis: Analysis, period: int) -> Analysis:
    return replace(analysis, scan=without_period(analysis.scan, period))
