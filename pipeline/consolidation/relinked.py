"""Links that the office edited replace those of the rows, on both sides."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline import findings
from pipeline.findings import Finding, Place
from pipeline.ledger import Edit
from pipeline.records import Item, Links, number_order
from pipeline.tables import INPUTS
from pipeline.text import fold
from pipeline.vocabulary import TableKey

LINK_KEYS: Mapping[str, TableKey] = {key.value: key for key in TableKey}
"""Key of a column of links -> the table whose items it names."""

NONE = "无"
_BETWEEN = re.compile(r"[、,，;；/\s]+")
_NUMBER = re.compile(r"(?:([A-Z]{2})-?)?0*(\d{1,6})")


@dataclass(frozen=True, slots=True)
class LinkEdit:
    """An edit of a cell of links: the item as it was, the edit, and where it stands."""

    item: Item
    edit: Edit
    place: Place


@dataclass(frozen=True, slots=True)
class Relinked:
    """The items with their links, what is to be said, and the edits of which nothing could be taken."""

    items: dict[str, list[Item]]
    findings: list[Finding]
    refused: list[Edit]


Pair = tuple[str, str]
"""(problem, its cause or measure)."""


def link_text(item: Item, key: str) -> str:
    """What a cell of links holds."""
    return "、".join(getattr(item.links, LINK_KEYS[key]))


def relink(items: Mapping[str, Sequence[Item]], edits: Sequence[LinkEdit]) -> Relinked:
    """Lay the edits over the links. Where both sides of a link were edited and differ, the later day counts; on one day, the link."""
    if not edits:
        return Relinked({key: list(group) for key, group in items.items()}, [], [])
    known = {item.id for group in items.values() for item in group}
    found: list[Finding] = []
    refused: list[Edit] = []
    wanted: dict[str, dict[Pair, tuple[str, bool]]] = {TableKey.CAUSES: {}, TableKey.MEASURES: {}}
    before = {key: _pairs(items[key]) for key in wanted}
    for one in edits:
        numbers, unknown = _read(one.edit, known)
        title = one.place.column
        found += [
            findings.LINK_UNKNOWN.at(one.place, text, item=one.item.id, column=title, none=NONE) for text in unknown
        ]
        if unknown and not numbers:
            refused.append(one.edit)
            continue
        other = LINK_KEYS[one.edit.column]
        key = one.item.table if other == TableKey.PROBLEMS else other
        own = one.item.table == TableKey.PROBLEMS
        named = {(one.item.id, number) if own else (number, one.item.id) for number in numbers}
        touched = {pair for pair in before[key] | set(wanted[key]) if pair[0 if own else 1] == one.item.id} | named
        for pair in sorted(touched):
            day, there = wanted[key].get(pair, ("", pair in named))
            if there != (pair in named):
                found.append(
                    findings.LINKS_DIFFER.at(
                        one.place, one.edit.value, item=one.item.id, column=title, pair="与".join(pair)
                    )
                )
            later = (one.edit.day, pair in named)
            wanted[key][pair] = max((day, there), later)
    pairs = {
        key: {pair for pair in before[key] if pair not in wanted[key]}
        | {pair for pair, (_, there) in wanted[key].items() if there}
        for key in wanted
    }
    return Relinked(_laid(items, pairs), found, refused)


def _pairs(answers: Sequence[Item]) -> set[Pair]:
    return {(problem, item.id) for item in answers for problem in item.links.problems}


def _read(edit: Edit, known: set[str]) -> tuple[list[str], list[str]]:
    """(numbers that are there, words that are not)."""
    if edit.value.strip() == NONE:
        return [], []
    prefix = next(table.prefix for table in INPUTS if table.key == edit.column)
    numbers, unknown = [], []
    for word in filter(None, _BETWEEN.split(edit.value.strip())):
        match = _NUMBER.fullmatch(fold(word).upper())
        number = f"{prefix}-{int(match[2]):03d}" if match and match[1] in (None, prefix) else ""
        if number in known:
            numbers.append(number)
        else:
            unknown.append(word)
    return numbers, unknown


def _laid(items: Mapping[str, Sequence[Item]], pairs: Mapping[str, set[Pair]]) -> dict[str, list[Item]]:
    by_problem: dict[str, dict[str, list[str]]] = {key: {} for key in pairs}
    by_answer: dict[str, list[str]] = {}
    for key, own in pairs.items():
        for problem, answer in own:
            by_problem[key].setdefault(problem, []).append(answer)
            by_answer.setdefault(answer, []).append(problem)
    linked = {
        key: [replace(item, links=Links(problems=_ordered(by_answer.get(item.id, [])))) for item in items[key]]
        for key in pairs
    }
    problems = [
        replace(
            item,
            links=Links(
                causes=_ordered(by_problem[TableKey.CAUSES].get(item.id, [])),
                measures=_ordered(by_problem[TableKey.MEASURES].get(item.id, [])),
            ),
        )
        for item in items[TableKey.PROBLEMS]
    ]
    return {TableKey.PROBLEMS: problems, **linked}


def _ordered(numbers: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(numbers, key=number_order))
