"""The sheets of the time after the meeting: 进展明细, 调度, 本期变化, 量化指标. Written once any progress was reported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.cells import column_letter
from pipeline.consolidation import Result
from pipeline.follow_up import FollowedUp
from pipeline.progress.tables import CHANGES, DETAIL, LINES, RECURRING, TARGETS
from pipeline.progress.targets import NOT_REPORTED
from pipeline.summary.format import FIRST_ROW, HEADER_ROW
from pipeline.summary.lists import ListRow, Places
from pipeline.summary.periods import Period
from pipeline.summary.sheet import Live
from pipeline.tables import Table
from pipeline.vocabulary import YesNo

_CHART_ROWS = 20
"""Rows from the last line of 调度 to the end of the chart below it."""
_RATES = {"done_rate": ("done", "measures"), "closed_rate": ("closed", "measures")}


def progress_sheets(merged: Result, places: Places) -> list[tuple[Table, list[ListRow]]]:
    """The sheets with their rows, in their order: none before the first progress report, 年年提 where last year's ledger is given."""
    followed = merged.followed
    again = [(RECURRING, recurring(merged, places))] if merged.scheme.settings.last_ledger else []
    if followed is None or not followed.reported:
        return again
    return [
        (DETAIL, detail(followed, places)),
        (LINES, lines(followed)),
        (CHANGES, changes(followed, places)),
        *([(TARGETS, targets(followed, places))] if followed.targets else []),
        *again,
    ]


def detail(followed: FollowedUp, places: Places) -> list[ListRow]:
    """进展明细: every row that came in."""
    return [
        {
            "period": row.entry.period,
            "unit": row.entry.unit,
            "role": row.role or row.entry.role,
            "number": places.link([row.item])
            if row.item == row.entry.number
            else row.entry.number or row.entry.written,
            "title": row.entry.title,
            "status": row.entry.status,
            "text": row.entry.text,
            "evidence": row.entry.evidence,
            "finished": row.entry.finished or row.entry.finished_text,
            "application": row.entry.application,
            "extend_to": row.entry.extend_to or "",
            "reason": row.entry.reason,
            "use": row.use,
            "note": row.note + ("（原文件已不在，按台账留存）" if row.source.kept else ""),
            "file": row.entry.id.file,
            "sheet": row.entry.id.sheet,
            "row": row.entry.id.row,
        }
        for row in followed.adoption.rows
    ]


def lines(followed: FollowedUp) -> list[ListRow]:
    """调度: a line a period; its rates follow its counts."""
    rows: list[ListRow] = []
    for number, line in enumerate(followed.lines, start=FIRST_ROW):
        row: ListRow = {column.key: getattr(line, column.key) for column in LINES}
        for key, (part, whole) in _RATES.items():
            above, below = (f"{_letter(LINES, name)}{number}" for name in (part, whole))
            row[key] = Live(f"=IF({below}=0,0,{above}/{below})", getattr(line, key))
        rows.append(row)
    return rows


def changes(followed: FollowedUp, places: Places) -> list[ListRow]:
    """本期变化."""
    return [
        {
            "number": places.link([one.number]),
            "title": one.title,
            "column": one.column,
            "old": one.old,
            "new": one.new,
            "by": one.cause.by,
            "basis": one.cause.basis,
            "day": one.cause.day,
        }
        for one in followed.changes
    ]


def targets(followed: FollowedUp, places: Places) -> list[ListRow]:
    """量化指标: 达成 is a formula over 比较, 目标值 and 完成值."""
    rows: list[ListRow] = []
    for number, one in enumerate(followed.targets, start=FIRST_ROW):
        compare, target, value = (f"{_letter(TARGETS, key)}{number}" for key in ("compare", "target", "value"))
        formula = (
            f'=IF({value}="","{NOT_REPORTED}",IF(OR(AND({compare}="≥",{value}>={target}),AND({compare}="≤",{value}<={target}),'
            f'AND({compare}="=",{value}={target})),"{YesNo.YES}","{YesNo.NO}"))'
        )
        commitment = one.commitment
        rows.append(
            {
                "number": places.link([one.item]),
                "quote": commitment.quote,
                "indicator": commitment.indicator,
                "compare": commitment.compare,
                "target": commitment.value,
                "measure": commitment.measure,
                "cycle": commitment.period,
                "unit": one.unit,
                "period": one.period,
                "value": "" if one.value is None else one.value,
                "reached": Live(formula, one.reached),
            }
        )
    return rows


def recurring(merged: Result, places: Places) -> list[ListRow]:
    """年年提."""
    return [
        {
            "number": places.link([one.item.id]),
            "title": one.item.name,
            "old_number": one.old.number,
            "old_title": one.old.title,
            "basis": one.basis,
            "old_state": one.old.state,
            "years": one.years,
        }
        for one in merged.recurring
    ]


def history(merged: Result) -> list[Period]:
    """The periods as 总览 shows them."""
    followed = merged.followed
    if followed is None:
        return []
    return [
        Period(line.period, line.measures, shot.fallen_due, line.done, line.closed, line.overdue)
        for line, shot in zip(followed.lines, followed.snapshots, strict=True)
    ]


def add_chart(book: Any, sheet: Any, followed: FollowedUp, colours: Mapping[str, str]) -> None:
    """完成率 and 销号率 are what a reader looks for: finished, closed and overdue over the periods, below the list."""
    count = len(followed.lines)
    chart = book.add_chart({"type": "line"})
    first, last = FIRST_ROW - 1, FIRST_ROW + count - 2
    for key, colour in colours.items():
        column = LINES.keys().index(key)
        chart.add_series(
            {
                "name": LINES.column(key).title,
                "categories": [LINES.title, first, 0, last, 0],
                "values": [LINES.title, first, column, last, column],
                "line": {"color": colour, "width": 2.25},
                "marker": {"type": "circle", "size": 6, "fill": {"color": colour}, "border": {"color": colour}},
            }
        )
    chart.set_title({"name": "各期已完成、已销号、逾期（条）", "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom"})
    chart.set_y_axis({"min": 0, "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}})
    chart.set_size({"width": 760, "height": 300})
    sheet.insert_chart(last + 3, 1, chart)
    sheet.print_area(HEADER_ROW, 0, last + _CHART_ROWS, len(LINES.columns) - 1)


def _letter(table: Table, key: str) -> str:
    return column_letter(table.keys().index(key))
