"""Every column of every table, declared once."""

from pipeline.tables.column import Column, Kind, Merge, Table
from pipeline.tables.inputs import BASIC, CAUSES, INPUTS, MEASURES, PROBLEMS, row_text
from pipeline.tables.lists import (
    DECIDED,
    DECIDED_V1,
    FINDINGS,
    MARKS_SHEET,
    OPINIONS,
    PENDING,
    PENDING_V1,
    RETURNS_STATE,
    TRACE,
    cause_list,
    closing_list,
    duty_list,
    list_tables,
    problem_list,
    task_list,
)

__all__ = [
    "BASIC",
    "CAUSES",
    "DECIDED",
    "DECIDED_V1",
    "FINDINGS",
    "INPUTS",
    "MARKS_SHEET",
    "MEASURES",
    "OPINIONS",
    "PENDING",
    "PENDING_V1",
    "PROBLEMS",
    "RETURNS_STATE",
    "TRACE",
    "Column",
    "Kind",
    "Merge",
    "Table",
    "cause_list",
    "closing_list",
    "duty_list",
    "list_tables",
    "problem_list",
    "row_text",
    "task_list",
]
