"""Items that go in speaking in another voice than the document's."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from pipeline import findings
from pipeline.cells import address
from pipeline.consolidation import Result
from pipeline.findings import Finding, Place
from pipeline.narrative import Slip, slips
from pipeline.project import SUMMARY_FILE
from pipeline.records import Item
from pipeline.summary import rows_from
from pipeline.tables import cause_list, problem_list, task_list
from pipeline.vocabulary import TableKey

LIST_OF = {TableKey.PROBLEMS: problem_list(), TableKey.CAUSES: cause_list(), TableKey.MEASURES: task_list()}
"""The office's list of each table."""


def list_place(table: str, key: str) -> Place:
    """A column of the office's own list."""
    shown = LIST_OF[TableKey(table)]
    return Place(SUMMARY_FILE, shown.title, column=shown.column(key).title)


def item_cell(merged: Result, item: Item, key: str) -> Place:
    """The item's cell in the office's own list, as this run writes it."""
    rows = rows_from(other.id for other in merged.items[item.table])
    at = LIST_OF[TableKey(item.table)].keys().index(key)
    return replace(list_place(item.table, key), cell=address(rows[item.id] - 1, at))


def voice_findings(merged: Result) -> list[Finding]:
    """One finding per item, with its words and what is wrong with them."""
    return [_said(merged, list(group)) for _, group in groupby(slips(merged), key=lambda slip: slip.item.id)]


def _said(merged: Result, group: list[Slip]) -> Finding:
    first = group[0]
    words = "、".join(slip.word for slip in group)
    faults = "、".join(dict.fromkeys(slip.fault for slip in group))
    return findings.VOICE.at(item_cell(merged, first.item, first.column), words, item=first.item.id, faults=faults)
