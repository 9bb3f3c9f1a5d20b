"""The office's edits laid over the merged items."""

from __future__ import annotations

import datetime as dt

from pipeline import findings
from pipeline.findings import Finding
from pipeline.intake.collect import Intake
from pipeline.intake.deadlines import parse_deadline
from pipeline.ledger import Edit
from pipeline.consolidation.items import Item, item_place
from pipeline.scheme import Scheme
from pipeline.tables import (
    EDITABLE,
    INPUTS,
    YES_NO,
    Column,
    Kind,
    Table,
    cause_list,
    closing_list,
    problem_list,
    task_list,
)

Cells = dict[tuple[str, str, str], str]
_LISTS: dict[str, tuple[Table, ...]] = {
    "problems": (problem_list(),),
    "causes": (cause_list(),),
    "measures": (task_list(), closing_list()),
}


def editable_cells(items: dict[str, list[Item]]) -> Cells:
    """What the editable columns of every item hold: (item, list, column key) -> text."""
    return {
        (item.id, table.key, key): _text(item, key)
        for source in INPUTS
        for item in items[source.key]
        for table in _LISTS[source.key]
        for key in EDITABLE[table.key]
    }


def _text(item: Item, key: str) -> str:
    if key == "included":
        return YES_NO[0] if item.included else YES_NO[1]
    return item.values.get(key, "").strip()


def apply_edits(
    items: dict[str, list[Item]], edits: dict[tuple[str, str, str], Edit], intake: Intake, scheme: Scheme, base: dt.date
) -> list[Finding]:
    """Set the edited values (all but 入文, which `apply_choices` sets after the selection); findings on what changed under them."""
    found: list[Finding] = []
    for source in INPUTS:
        for item in items[source.key]:
            for table in _LISTS[source.key]:
                for key in EDITABLE[table.key]:
                    edit = edits.get((item.id, table.key, key))
                    if edit and key != "included":
                        found += _apply(item, edit, table.column(key), intake, scheme, base)
    return found


def _apply(item: Item, edit: Edit, column: Column, intake: Intake, scheme: Scheme, base: dt.date) -> list[Finding]:
    place = item_place(item, column.key, column.title, intake)
    allowed = scheme.allowed(column)
    if allowed and column.kind in (Kind.CHOICE, Kind.ASPECT, Kind.DIRECTION) and edit.value not in allowed:
        listed = "、".join(allowed)
        return [findings.EDIT_NOT_ALLOWED.at(place, edit.value, item=item.id, column=column.title, allowed=listed)]
    current = _text(item, column.key)
    item.values[column.key] = edit.value
    item.edited[column.key] = edit.day
    if column.kind is Kind.DEADLINE:
        deadline = parse_deadline(edit.value, scheme.deadline_year, base)
        item.due, item.for_good = deadline.due, deadline.for_good
    if current in (edit.base, edit.value):
        return []
    return [
        findings.EDIT_BASE_CHANGED.at(place, edit.value, item=item.id, column=column.title, old=edit.base, new=current)
    ]


def apply_choices(items: dict[str, list[Item]], edits: dict[tuple[str, str, str], Edit]) -> None:
    """入文 as the office chose it."""
    for source in INPUTS:
        for item in items[source.key]:
            edit = edits.get((item.id, _LISTS[source.key][0].key, "included"))
            if edit and edit.value in YES_NO:
                item.included, item.reason = edit.value == YES_NO[0], "办公室改定"
