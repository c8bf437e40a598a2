"""Every check, in the order of the report.

The list is that of the collaboration's presentation of Run III ("Post unblinding checks"), with choices of
the likelihood beside it. A variation takes an analysis, the scan and the settings, and gives the changed one;
what it needs and a scan lacks is an error, which becomes a row of the report.
"""

from __future__ import annotations

from x17.errors import UsageError
from x17.workflows.check_model_variations import (
    cls_plus_b,
    conventions,
    count_term,
    k_constant,
    k_constraint,
    line_shape,
)
from x17.workflows.check_plan import Plan
from x17.workflows.check_variations import (
    background_curve,
    beam_energy,
    corrections,
    leave_one_out,
    parts,
    scan_shift,
    tag_and_probe,
)

INJECTED = "injected-boson"
"""The check that needs pseudo-experiments and has no variation of its own."""

PLANS: tuple[Plan, ...] = (
    Plan(
        name="k-constant",
        title="K constant instead of a line",
        question="Does the excess depend on the slope of K(s)?",
        published="side band P(χ²) = 37 %, constant 1.0112(14), centre of the mask unchanged; the excess "
        "keeps basically the same strength, about 1.6σ, where its global significance was 1.77(15)σ.",
        variations=k_constant,
        shows_observable=True,
    ),
    Plan(
        name="background-curve",
        title="B from one curve per scan part",
        question="Does the excess come from the scatter of the simulated B?",
        published="the region of the excess is slightly affected, but is equivalent to about 1.6σ.",
        variations=background_curve,
        shows_observable=True,
    ),
    Plan(
        name="corrections",
        title="Corrections taken off in turn",
        question="Does a correction of N2 or N_PoT make the excess?",
        published="g_R before and after each correction is shown, without a number; the slope of the ageing, "
        "0.097(7) per relative N_PoT, is fully consistent, and the excess alters only marginally.",
        variations=corrections,
        shows_observable=True,
    ),
    Plan(
        name="tag-and-probe",
        title="Tag and probe",
        question="What does tag and probe change, as a slope and point by point?",
        published="expected slope of K from tag and probe −2.2(6) %/MeV, in all −1.6(6) %/MeV; no effect on "
        "the excess is quoted.",
        variations=tag_and_probe,
        shows_observable=True,
    ),
    Plan(
        name="beam-energy",
        title="Scale of the beam energy",
        question="Does the excess follow a common scale of the beam energy, and nothing else?",
        variations=beam_energy,
    ),
    Plan(
        name="scan-shift",
        title="One scan part shifted against the other",
        question="Do the parts of the scan agree only at their nominal energies?",
        variations=scan_shift,
    ),
    Plan(
        name="parts",
        title="Each scan part alone",
        question="Do the parts of the scan agree on the excess?",
        variations=parts,
    ),
    Plan(
        name="leave-one-out",
        title="One point left out",
        question="Does the excess hang on a single point?",
        variations=leave_one_out,
    ),
    Plan(
        name="k-constraint",
        title="Constraint on K",
        question="What is the double use of the side-band points worth?",
        variations=k_constraint,
    ),
    Plan(
        name="cls-plus-b",
        title="CLs+b instead of CLs",
        question="Does the excess depend on how limits are set?",
        published="with power-constrained limits by CLs+b the excess is equivalent to 1.62(13)σ, where it "
        "was 1.77(15)σ by CLs.",
        variations=cls_plus_b,
    ),
    Plan(
        name="line-shape",
        title="Line shape and beam spread",
        question="Does the excess depend on the width of the line?",
        variations=line_shape,
    ),
    Plan(
        name="conventions",
        title="Conventions of mass and binding",
        question="Do the rounded electron mass and the binding energy matter?",
        variations=conventions,
    ),
    Plan(
        name="count-term",
        title="Counts in the likelihood",
        question="Does the approximate weight of a point matter?",
        variations=count_term,
    ),
    Plan(
        name=INJECTED,
        title="The excess beside that of a boson",
        question="Does the observed limit look like that of experiments with a boson?",
        published="the observed limit is drawn beside bands without a boson and with one of 16.9 MeV and "
        "5e-4, without a number.",
        variations=lambda _: (),
    ),
)
"""Every check, in the order of the report."""


def chosen_plans(only: str | None) -> tuple[Plan, ...]:
    """The checks of a list separated by commas, in the order of `PLANS`.

    Parameters
    ----------
    only : str or None
        All if None.

    Returns
    -------
    tuple of Plan

    Raises
    ------
    UsageError
        An unknown check.
    """
    if only is None:
        return PLANS
    wanted, known = [part.strip() for part in only.split(",")], [plan.name for plan in PLANS]
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise UsageError(
            f"--only is {only!r}: {unknown[0]!r} is no check; allowed: {', '.join(known)}, "
            "separated by commas"
        )
    return tuple(plan for plan in PLANS if plan.name in wanted)
