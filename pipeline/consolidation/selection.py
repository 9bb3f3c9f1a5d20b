"""入文: which items go into the narrative.

The rule, in this order: items with both title and text before incomplete ones; more units before fewer; those that the
masses raised or a superior pointed out before others; then the order of the list. Quotas come from 基本设置: so many
problems per aspect, so many measures per direction, so many causes.
"""

from __future__ import annotations

from collections import defaultdict

from pipeline.consolidation.items import Item, heading_rank
from pipeline.scheme import Scheme
from pipeline.tables import CAUSES, MEASURES, PROBLEMS

_WEIGHTY = ("群众提", "上级点")


def select_for_narrative(items: dict[str, list[Item]], scheme: Scheme) -> None:
    """Set `included` and `reason` of every item."""
    settings = scheme.settings
    quotas = (
        (PROBLEMS, settings.problems_per_aspect, len(scheme.aspects)),
        (CAUSES, settings.causes_in_document, None),
        (MEASURES, settings.measures_per_direction, len(scheme.directions) or None),
    )
    for table, quota, headings in quotas:
        by_heading: dict[int, list[Item]] = defaultdict(list)
        for item in items[table.key]:
            by_heading[heading_rank(table, item, scheme) if headings is not None else 0].append(item)
        for rank, group in by_heading.items():
            if headings is not None and rank >= headings:
                for item in group:
                    item.included, item.reason = False, "没有归入任何一个标题"
                continue
            ranked = sorted(enumerate(group), key=lambda entry: (*_weight(entry[1]), entry[0]))
            for place, (_, item) in enumerate(ranked, start=1):
                item.included = place <= quota
                item.reason = f"{len(item.units)} 个单位提出，排第 {place}" + (
                    "" if item.included else f"，超出 {quota} 条"
                )


def _weight(item: Item) -> tuple[bool, int, bool]:
    complete = bool(item.values["title"] and item.values["detail"])
    weighty = any(channel in item.values.get("channels", "") for channel in _WEIGHTY)
    return not complete, -len(item.units), not weighty
