"""What the page of `x17 explore` shows: choices, the fits they lead to, limits from toys, files to keep."""

from x17.workflows.explore.cursor import Cursor, at_cursor
from x17.workflows.explore.explored_scan import ExploredScan, explore
from x17.workflows.explore.state import Choices, ExplorerState
from x17.workflows.explore.subject import Subject, open_subject, subject_of
from x17.workflows.explore.toy_curve import Superseded, ToyCurve, toy_curve

__all__ = [
    "Choices",
    "Cursor",
    "ExploredScan",
    "ExplorerState",
    "Subject",
    "Superseded",
    "ToyCurve",
    "at_cursor",
    "explore",
    "open_subject",
    "subject_of",
    "toy_curve",
]
