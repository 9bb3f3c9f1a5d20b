"""The office's edits laid over the merged items."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline import findings
from pipeline.cells import fitted
from pipeline.consolidation.items import LISTS, all_items
from pipeline.findings import Finding, Place
from pipeline.intake import values
from pipeline.intake.deadlines import parse_deadline
from pipeline.ledger import Edit
from pipeline.project import SUMMARY_FILE
from pipeline.records import Item
from pipeline.scheme import Scheme
from pipeline.tables import Column, Kind, Table
from pipeline.vocabulary import YesNo

EditableCells = dict[tuple[str, str, str], str]
"""(item, list, column key) -> text."""

Edits = Mapping[tuple[str, str, str], Edit]
_INCLUDED = "included"


@dataclass(frozen=True)
class Edited:
    """The items with the edits over them, what is to be said of it, and the edits that could not be taken."""

    items: dict[str, list[Item]]
    findings: list[Finding]
    refused: list[Edit]


def editable_cells(items: Mapping[str, Sequence[Item]]) -> EditableCells:
    """What the editable columns of every item hold."""
    return {
        (item.id, table.key, key): fitted(cell_text(item, key))
        for item in all_items(items)
        for table in LISTS[item.table]
        for key in table.editable()
    }


def cell_text(item: Item, key: str) -> str:
    """What an editable cell of an item holds."""
    if key == _INCLUDED:
        return YesNo.of(item.included)
    if key == "lead":
        return "、".join(item.leads)
    if key == "support":
        return "、".join(item.supports)
    return item.cells[key].strip()


def edit(items: Mapping[str, Sequence[Item]], edits: Edits, scheme: Scheme, base: dt.date) -> Edited:
    """Set the edited values (all but 入文, which `choose` sets after the selection)."""
    found: list[Finding] = []
    refused: list[Edit] = []
    changed: dict[str, list[Item]] = {key: [] for key in items}
    for item in all_items(items):
        for table in LISTS[item.table]:
            for key in table.editable():
                one = edits.get((item.id, table.key, key))
                if one is None or key == _INCLUDED:
                    continue
                column = table.column(key)
                place = Place(SUMMARY_FILE, table.title, column=column.title)
                wrong = _not_allowed(one, column, place, scheme)
                if wrong:
                    found.append(wrong)
                    refused.append(one)
                    continue
                found += _base_changed(item, one, column, place)
                item = _set(item, one, column, scheme, base)  # noqa: PLW2901 - the next edit is laid over this one
                found += _unknown_units(item, one, column, place, scheme)
        changed[item.table].append(item)
    return Edited(changed, found, refused)


def _not_allowed(one: Edit, column: Column, place: Place, scheme: Scheme) -> Finding | None:
    allowed = scheme.allowed(column)
    if allowed and column.kind in (Kind.CHOICE, Kind.ASPECT, Kind.DIRECTION) and one.value not in allowed:
        listed = "、".join(allowed)
        return findings.EDIT_NOT_ALLOWED.at(place, one.value, item=one.item, column=column.title, allowed=listed)
    return None


def _base_changed(item: Item, one: Edit, column: Column, place: Place) -> list[Finding]:
    current = cell_text(item, column.key)
    if current in (one.base, one.value):
        return []
    return [
        findings.EDIT_BASE_CHANGED.at(
            place, one.value, item=item.id, column=column.title, old=one.base or "（空）", new=current or "（空）"
        )
    ]


def _set(item: Item, one: Edit, column: Column, scheme: Scheme, base: dt.date) -> Item:
    edited = {**item.edited, column.key: one.day}
    cells = item.cells.but(**{column.key: one.value})
    item = replace(item, cells=cells, edited=edited)
    if column.kind is Kind.DEADLINE:
        deadline = parse_deadline(one.value, scheme.deadline_year, base)
        return replace(item, due=deadline.due, for_good=deadline.for_good)
    if column.kind is Kind.UNITS:
        named = values.units(one.value, scheme)
        own, other = (named.lead, named.support) if column.key == "lead" else (named.support, named.lead)
        leads = own if column.key == "lead" else item.leads
        supports = (*item.supports, *other) if column.key == "lead" else (*other, *own)
        return replace(item, leads=leads, supports=tuple(dict.fromkeys(name for name in supports if name not in leads)))
    return item


def _unknown_units(item: Item, one: Edit, column: Column, place: Place, scheme: Scheme) -> list[Finding]:
    if column.kind is Kind.DEADLINE and item.due is None and not item.for_good:
        deadline = parse_deadline(one.value, scheme.deadline_year, dt.date(scheme.deadline_year, 1, 1))
        return [findings.DEADLINE_BAD.at(place, one.value, why=deadline.note)] if deadline.note else []
    if column.kind is not Kind.UNITS or not scheme.roster:
        return []
    return [
        findings.UNIT_UNKNOWN.at(place, name, column=column.title, hint=hint)
        for name, hint in values.units(one.value, scheme).unknown
    ]


def choose(items: Mapping[str, Sequence[Item]], edits: Edits) -> Edited:
    """入文 as the office chose it."""
    found: list[Finding] = []
    refused: list[Edit] = []
    chosen: dict[str, list[Item]] = {key: [] for key in items}
    for item in all_items(items):
        table: Table = LISTS[item.table][0]
        one = edits.get((item.id, table.key, _INCLUDED))
        if one and one.value in tuple(YesNo):
            item = replace(  # noqa: PLW2901
                item, included=one.value == YesNo.YES, reason="办公室改定", edited={**item.edited, _INCLUDED: one.day}
            )
        elif one:
            column = table.column(_INCLUDED)
            place = Place(SUMMARY_FILE, table.title, column=column.title)
            listed = "、".join(YesNo)
            found.append(
                findings.EDIT_NOT_ALLOWED.at(place, one.value, item=item.id, column=column.title, allowed=listed)
            )
            refused.append(one)
        chosen[item.table].append(item)
    return Edited(chosen, found, refused)
