"""入文: which items go into the narrative.

The rule, in this order: items with both title and text before incomplete ones; more units before fewer; those that the
masses raised or a superior pointed out before others; then the order of the list. Quotas come from 基本设置: so many
problems per aspect, so many measures per direction, so many causes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.consolidation.items import heading_rank, headings
from pipeline.records import Item
from pipeline.scheme import Scheme
from pipeline.tables import CAUSES, INPUTS, MEASURES, PROBLEMS, Table
from pipeline.vocabulary import Channel, TableKey

_WEIGHTY = (Channel.MASSES, Channel.SUPERIOR)


def select(items: Mapping[str, Sequence[Item]], scheme: Scheme) -> dict[str, list[Item]]:
    """The same items, each with `included` and the `reason`."""
    settings = scheme.settings
    quotas = {
        PROBLEMS.key: settings.problems_per_aspect,
        CAUSES.key: settings.causes_in_document,
        MEASURES.key: settings.measures_per_direction,
    }
    return {table.key: _select(table, items[table.key], quotas[table.key], scheme) for table in INPUTS}


def _select(table: Table, items: Sequence[Item], quota: int, scheme: Scheme) -> list[Item]:
    names = headings(table, scheme).names
    by_heading: dict[int, list[Item]] = defaultdict(list)
    for item in items:
        by_heading[heading_rank(table, item, scheme) if names else 0].append(item)
    chosen: dict[str, Item] = {}
    for rank, group in by_heading.items():
        if names and rank >= len(names):
            chosen |= {item.id: replace(item, included=False, reason="没有归入任何一个标题") for item in group}
            continue
        for place, item in enumerate(sorted(group, key=_weight), start=1):
            said = f"{len(item.units)} 个单位提出，排第 {place}" + ("" if place <= quota else f"，超出 {quota} 条")
            chosen[item.id] = replace(item, included=place <= quota, reason=said)
    return [chosen[item.id] for item in items]


def _weight(item: Item) -> tuple[bool, int, bool]:
    complete = bool(item.cells["title"] and item.cells["detail"])
    channels = item.cells["channels"] if item.table == TableKey.PROBLEMS else ""
    return not complete, -len(item.units), not any(channel in channels for channel in _WEIGHTY)
