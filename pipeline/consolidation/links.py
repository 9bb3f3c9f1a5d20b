"""Links survive merging: rows pointed at rows, items point at items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.records import Item, Links, number_order
from pipeline.vocabulary import TableKey

_ANSWERS = (TableKey.CAUSES, TableKey.MEASURES)


def link(items: Mapping[str, Sequence[Item]]) -> dict[str, list[Item]]:
    """The same items with their links: causes and measures to their problems, problems back to them."""
    owner = {row.id: item.id for item in items[TableKey.PROBLEMS] for row in item.rows}
    linked: dict[str, list[Item]] = {}
    back: dict[str, dict[str, set[str]]] = {table: defaultdict(set) for table in _ANSWERS}
    for table in _ANSWERS:
        linked[table] = []
        for item in items[table]:
            problems = _sorted({owner[target] for row in item.rows for target in row.refs if target in owner})
            linked[table].append(replace(item, links=Links(problems=problems)))
            for problem in problems:
                back[table][problem].add(item.id)
    problems_with = [
        replace(item, links=Links(causes=_sorted(back["causes"][item.id]), measures=_sorted(back["measures"][item.id])))
        for item in items[TableKey.PROBLEMS]
    ]
    return {TableKey.PROBLEMS: problems_with, **linked}


def _sorted(numbers: set[str]) -> tuple[str, ...]:
    return tuple(sorted(numbers, key=number_order))
