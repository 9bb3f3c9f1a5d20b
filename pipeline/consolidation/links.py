"""Links survive merging: rows pointed at rows, items point at items."""

from __future__ import annotations

from pipeline.intake.collect import Intake
from pipeline.consolidation.items import Item


def link_items(items: dict[str, list[Item]], intake: Intake) -> None:
    """Fill `links`: causes and measures to their problems, problems back to them. Item numbers, in their order."""
    owner = {row: item for item in items["problems"] for row in item.rows}
    for table in ("causes", "measures"):
        linked = intake.frames[table]["links"].tolist()
        for item in items[table]:
            problems = {
                owner[target].id: owner[target] for row in item.rows for target in linked[row] if target in owner
            }
            item.links["problems"] = sorted(problems, key=_number)
            for problem in problems.values():
                problem.links.setdefault(table, []).append(item.id)
    for problem in items["problems"]:
        for table in ("causes", "measures"):
            problem.links.setdefault(table, []).sort(key=_number)


def _number(item_id: str) -> int:
    return int(item_id.rsplit("-", 1)[1])
