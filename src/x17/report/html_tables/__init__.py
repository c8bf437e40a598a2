"""The tables of the report of a search, one module a section; rows of text."""

from x17.report.html_tables.fits import best_fit_table, nuisance_table, treatment_table
from x17.report.html_tables.limits import failure_table, full_limit_table, limit_table
from x17.report.html_tables.sideband import criteria_table, sideband_table
from x17.report.html_tables.significance import global_p_table, local_p_table
from x17.report.html_tables.table import Table, tree_table

__all__ = [
    "Table",
    "best_fit_table",
    "criteria_table",
    "failure_table",
    "full_limit_table",
    "global_p_table",
    "limit_table",
    "local_p_table",
    "nuisance_table",
    "sideband_table",
    "treatment_table",
    "tree_table",
]
