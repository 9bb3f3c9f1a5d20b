"""The office's edits laid over the merged items."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline import findings
from pipeline.cells import fitted
from pipeline.consolidation.items import LISTS, all_items, text_of
from pipeline.consolidation.relinked import LINK_KEYS, LinkEdit, link_text, relink
from pipeline.findings import Finding, Place
from pipeline.intake import values
from pipeline.intake.deadlines import parse_deadline
from pipeline.ledger import Edit
from pipeline.project import SUMMARY_FILE
from pipeline.records import Item
from pipeline.scheme import Scheme
from pipeline.tables import Column, Kind
from pipeline.text import fold, read_numeral
from pipeline.vocabulary import YesNo

EditableCells = dict[tuple[str, str, str], str]
"""(item, list, column key) -> text."""

Edits = Mapping[tuple[str, str, str], Edit]
_INCLUDED, _ORDER, _TEXT_FROM = "included", "order", "text_from"
_BETWEEN = re.compile(r"[、,，;；/\s]+")


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
        return item.cells[_INCLUDED] or YesNo.of(item.included)
    if key in LINK_KEYS:
        return link_text(item, key)
    if key == _TEXT_FROM:
        return item.shown_row.unit if len(item.units) > 1 else ""
    if key == "lead":
        return "、".join(item.leads)
    if key == "support":
        return "、".join(item.supports)
    return item.cells[key].strip()


def edit(items: Mapping[str, Sequence[Item]], edits: Edits, scheme: Scheme, base: dt.date) -> Edited:
    """Set the edited values; items come linked and not yet selected.

    入文 is kept as the office's word (`cells["included"]`) for the selection to obey. Edited links replace those of the rows,
    on both sides.
    """
    found: list[Finding] = []
    refused: list[Edit] = []
    links: list[LinkEdit] = []
    changed: dict[str, list[Item]] = {key: [] for key in items}
    for item in all_items(items):
        for table in LISTS[item.table]:
            # whose text it is comes before any word that was written over it
            for key in sorted(table.editable(), key=lambda key: key != _TEXT_FROM):
                one = edits.get((item.id, table.key, key))
                if one is None:
                    continue
                column = table.column(key)
                place = Place(SUMMARY_FILE, table.title, column=column.title)
                wrong = _not_allowed(one, column, place, scheme, item)
                if wrong:
                    found.append(wrong)
                    refused.append(one)
                    continue
                if key != _INCLUDED:  # the program's own choice is no ground of the office's
                    found += _base_changed(item, one, column, place)
                if column.kind is Kind.LINKS:
                    links.append(LinkEdit(item, one, place))
                item = _set(item, one, column, scheme, base)  # noqa: PLW2901 - the next edit is laid over this one
                found += _unknown_units(item, one, column, place, scheme)
        changed[item.table].append(item)
    linked = relink(changed, links)
    return Edited(linked.items, [*found, *linked.findings], [*refused, *linked.refused])


def _not_allowed(one: Edit, column: Column, place: Place, scheme: Scheme, item: Item) -> Finding | None:
    allowed: Sequence[str] = scheme.allowed(column)
    if column.key == _TEXT_FROM and values.unit_name(one.value, scheme)[0] not in item.units:
        return findings.EDIT_NOT_ALLOWED.at(
            place, one.value, item=one.item, column=column.title, allowed="、".join(item.units)
        )
    if column.key == _ORDER and _order(one.value) is None:
        allowed = ("1", "2", "3 这样的数字")
        return findings.EDIT_NOT_ALLOWED.at(
            place, one.value, item=one.item, column=column.title, allowed="、".join(allowed)
        )
    if column.kind is Kind.CHOICES and not set(_choices(one.value)) <= set(allowed):
        listed = "、".join(allowed)
        return findings.EDIT_NOT_ALLOWED.at(place, one.value, item=one.item, column=column.title, allowed=listed)
    if allowed and column.kind in (Kind.CHOICE, Kind.ASPECT, Kind.DIRECTION) and one.value not in allowed:
        listed = "、".join(allowed)
        return findings.EDIT_NOT_ALLOWED.at(place, one.value, item=one.item, column=column.title, allowed=listed)
    return None


def _choices(value: str) -> list[str]:
    return [part for part in _BETWEEN.split(value) if part]


def _order(value: str) -> int | None:
    """入文次序 as a number; None where it is none."""
    try:
        number = read_numeral(fold(value))
    except ValueError:
        return None
    return number if number > 0 else None


def place_in_document(item: Item) -> tuple[bool, int]:
    """Sort key of an item under its heading: those to which the office gave 入文次序 first, by it."""
    order = _order(item.cells[_ORDER]) if item.cells[_ORDER] else None
    return order is None, order or 0


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
    if column.key == _TEXT_FROM:
        return replace(text_of(item, values.unit_name(one.value, scheme)[0]), edited=edited)
    if column.kind is Kind.LINKS:
        return replace(item, edited=edited)
    value = one.value
    if column.kind is Kind.CHOICES:
        value = "、".join(sorted(set(_choices(value)), key=column.choices.index))
    cells = item.cells.but(**{column.key: value})
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
