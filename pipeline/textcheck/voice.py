"""Items that go in speaking in another voice than the document's."""

from __future__ import annotations

from itertools import groupby

from pipeline import findings
from pipeline.consolidation import Result
from pipeline.findings import Finding, Place
from pipeline.narrative import Slip, slips
from pipeline.project import SUMMARY_FILE
from pipeline.tables import cause_list, problem_list, task_list
from pipeline.vocabulary import TableKey

LIST_OF = {TableKey.PROBLEMS: problem_list(), TableKey.CAUSES: cause_list(), TableKey.MEASURES: task_list()}
"""The office's list of each table."""


def list_place(table: str, key: str) -> Place:
    """A column of the office's own list."""
    shown = LIST_OF[TableKey(table)]
    return Place(SUMMARY_FILE, shown.title, column=shown.column(key).title)


def voice_findings(merged: Result) -> list[Finding]:
    """One finding per item, with its words and what is wrong with them."""
    return [_said(list(group)) for _, group in groupby(slips(merged), key=lambda slip: slip.item.id)]


def _said(group: list[Slip]) -> Finding:
    first = group[0]
    words = "、".join(slip.word for slip in group)
    faults = "、".join(dict.fromkeys(slip.fault for slip in group))
    return findings.VOICE.at(list_place(first.item.table, first.column), words, item=first.item.id, faults=faults)
