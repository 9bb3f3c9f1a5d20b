"""统计: what stands behind 总览, each figure a formula over the lists, so that it follows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.consolidation import Result
from pipeline.findings import Finding
from pipeline.summary.block import STATISTICS, Block, write_block
from pipeline.summary.due_figures import ATTENTION_TITLES, PERIOD_TITLES, attention_rows, period_rows
from pipeline.summary.facts import FACT_TITLES, Facts, fact_rows
from pipeline.summary.format import HEADER_ROW
from pipeline.summary.heading_figures import ASPECT_TITLES, DIRECTION_TITLES, aspect_rows, count_rows, direction_rows
from pipeline.summary.paper import A3, print_set_up
from pipeline.summary.periods import PERIOD_TITLES as HISTORY_TITLES
from pipeline.summary.periods import Period, history_rows
from pipeline.summary.styles import Styles
from pipeline.summary.unit_figures import RANKING_TITLES, UNIT_TITLES, ranking_rows, unit_rows
from pipeline.vocabulary import RectificationType, Status, TableKey

_SCALE = 82
"""Per cent: a block a page, none in small print."""


@dataclass(frozen=True)
class Statistics:
    """The blocks of the sheet; `history` is None before the first period of progress."""

    units: Block
    ranking: Block
    periods: Block
    attention: Block
    aspects: Block
    directions: Block
    facts: Facts
    history: Block | None


def write_statistics(
    sheet: Any,
    styles: Styles,
    merged: Result,
    findings: Sequence[Finding],
    subtitle: str,
    periods: Sequence[Period] = (),
) -> Statistics:
    """Fill the sheet 统计; returns where its blocks stand."""
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, STATISTICS, styles.title)
    sheet.write_url(1, 0, "internal:'总览'!A1", styles.link, "← 总览")
    sheet.write_string(1, 1, f"{subtitle}　总览的数字和图都从这里取；都是公式，随各清单变化。", styles.subtitle)
    sheet.set_row(HEADER_ROW, 30)
    measures = merged.items[TableKey.MEASURES]
    left = 0

    breaks: list[int] = []

    def block(titles: Sequence[str], build: Callable[[int], list[dict[str, Any]]], apart: bool = True) -> Block:
        nonlocal left
        if apart and left:
            breaks.append(left)
        made = write_block(sheet, styles, left, titles, build(left))
        left += len(titles) + 1
        return made

    units = block(UNIT_TITLES, lambda at: unit_rows(merged, findings, at))
    due = block(PERIOD_TITLES, lambda at: period_rows(merged, at))
    types = [item.cells["type"] for item in measures]
    block(("整改类型", "措施数"), lambda at: count_rows("整改类型", tuple(RectificationType), types, at), apart=False)
    states = [item.status for item in measures]
    block(("完成情况", "措施数"), lambda at: count_rows("完成情况", tuple(Status), states, at), apart=False)
    ranking = block(RANKING_TITLES, lambda at: ranking_rows(units, at))
    attention = block(ATTENTION_TITLES, lambda at: attention_rows(merged, at))
    aspects = block(ASPECT_TITLES, lambda at: aspect_rows(merged, at))
    directions = block(DIRECTION_TITLES, lambda at: direction_rows(merged, at))
    facts = block(FACT_TITLES, lambda _: fact_rows(merged, findings, units, ranking, attention))
    history = block(HISTORY_TITLES, lambda at: history_rows(periods, at), apart=False) if periods else None
    sheet.freeze_panes(HEADER_ROW + 1, 1)
    print_set_up(sheet, STATISTICS, subtitle, A3)
    sheet.set_print_scale(_SCALE)
    sheet.set_v_pagebreaks(breaks)
    sheet.repeat_rows(HEADER_ROW)
    return Statistics(units, ranking, due, attention, aspects, directions, Facts(facts), history)
