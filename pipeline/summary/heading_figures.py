"""Figures by heading: problems by 对照方面 and 查摆途径, measures by 努力方向, and plain counts of a column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline.consolidation import Result, is_done, is_overdue
from pipeline.records import Item
from pipeline.summary.block import DONE, LATE, cell, count_if, counted, quoted, ratio, table_range
from pipeline.summary.format import FIRST_ROW, rows_from
from pipeline.summary.sheet import Live
from pipeline.tables import MEASURES, PROBLEMS
from pipeline.vocabulary import Channel, Status, TableKey

UNSTATED, OTHER, TOTAL = "未注明", "未归类", "合计"
ASPECT_TITLES = ("对照方面", "问题", *Channel, UNSTATED, "最多", "其余")
DIRECTION_TITLES = ("努力方向", "措施", "到期", "完成", "逾期", "完成率")


def aspect_rows(merged: Result, left: int) -> list[dict[str, Any]]:
    """问题 by aspect, and through which channels they came (a problem may have come through several)."""
    items = merged.items[TableKey.PROBLEMS]
    names = list(merged.scheme.allowed(PROBLEMS.column("aspect")))
    groups = [(name, [item for item in items if item.cells["aspect"] == name]) for name in names]
    rest = [item for item in items if item.cells["aspect"] not in names]
    if rest:
        groups.append((OTHER, rest))
    held, channels = table_range("problem_list", "对照方面"), table_range("problem_list", "查摆途径")
    most = max((len(own) for _, own in groups), default=0)
    column = left + 1
    totals = f"{_fixed(column, FIRST_ROW)}:{_fixed(column, FIRST_ROW + len(groups) - 1)}"

    def less_above(title: str, whole: str) -> str:
        place = left + ASPECT_TITLES.index(title)
        return f"={whole}-SUM({cell(place, FIRST_ROW)}:{cell(place, FIRST_ROW + len(names) - 1)})"

    rows = []
    for number, (name, own) in enumerate(groups, start=FIRST_ROW):
        at = {title: cell(left + index, number) for index, title in enumerate(ASPECT_TITLES)}

        other = name == OTHER and rest
        count = f"=COUNTIF({held},{at['对照方面']})"
        line: dict[str, Any] = {
            "对照方面": name,
            "问题": Live(less_above("问题", counted("problem_list", "问题编号")) if other else count, len(own)),
        }
        for channel in Channel:
            through = f'"*{channel}*"'
            formula = f"={count_if(held, at['对照方面'], channels, through)}"
            line[channel] = Live(
                less_above(channel, f"COUNTIF({channels},{through})") if other else formula,
                sum(channel in item.cells["channels"] for item in own),
            )
        stated = count_if(held, at["对照方面"], channels, '"?*"')
        silent = f'{counted("problem_list", "问题编号")}-COUNTIF({channels},"?*")'
        line[UNSTATED] = Live(
            less_above(UNSTATED, silent) if other else f"={at['问题']}-{stated}",
            sum(not item.cells["channels"] for item in own),
        )
        first = len(own) == most
        line["最多"] = Live(f"=IF({at['问题']}=MAX({totals}),{at['问题']},0)", len(own) if first else 0)
        line["其余"] = Live(f"={at['问题']}-{at['最多']}", 0 if first else len(own))
        rows.append(line)
    return rows


def _fixed(column: int, row: int) -> str:
    return str(xl_rowcol_to_cell(row - 1, column, row_abs=True, col_abs=True))


def direction_rows(merged: Result, left: int) -> list[dict[str, Any]]:
    """措施 by direction: how many, how many were due by 基准日期, done of those, overdue; the whole last."""
    measures = merged.items[TableKey.MEASURES]
    names = [*merged.scheme.allowed(MEASURES.column("direction"))]
    groups = [(name, [item for item in measures if item.cells["direction"] == name]) for name in names]
    groups.append((TOTAL, list(measures)))
    held, status = table_range("task_list", "努力方向"), table_range("task_list", "完成情况")
    days = table_range("task_list", "到期日")
    rows = []
    for number, (name, own) in enumerate(groups, start=FIRST_ROW):
        at = {title: cell(left + index, number) for index, title in enumerate(DIRECTION_TITLES)}
        within = (held, at["努力方向"]) if name != TOTAL else ()
        done = [item for item in own if is_done(item)]
        whole = f"={count_if(*within)}" if within else f"={counted('task_list', '措施编号')}"
        # the rate's own column counts all that are done, due or not
        rate = ratio(count_if(*within, status, DONE), at["措施"])
        cells: tuple[object, ...] = (
            name,
            Live(whole, len(own)),
            Live(f"={count_if(*within, days, LATE)}", _due(own, merged)),
            Live(f"={count_if(*within, days, LATE, status, DONE)}", _due(done, merged)),
            Live(
                f"={count_if(*within, days, LATE, status, quoted(f'<>{Status.DONE}'))}",
                sum(is_overdue(item, merged.base) for item in own),
            ),
            Live(rate, len(done) / len(own) if own else 0),
        )
        rows.append(dict(zip(DIRECTION_TITLES, cells, strict=True)))
    return rows


def _due(items: Sequence[Item], merged: Result) -> int:
    return sum(item.due is not None and item.due < merged.base for item in items)


def count_rows(title: str, names: Sequence[str], values: Sequence[str], left: int) -> list[dict[str, Any]]:
    """How many measures have each value of a column of 任务清单, and how many another or none."""
    rows: list[dict[str, Any]] = []
    for name, number in rows_from(names).items():
        formula = f"=COUNTIF({table_range('task_list', title)},{cell(left, number)})"
        rows.append({title: name, "措施数": Live(formula, list(values).count(name))})
    known = f"SUM({cell(left + 1, FIRST_ROW)}:{cell(left + 1, FIRST_ROW + len(names) - 1)})"
    rest = sum(value not in names for value in values)
    rows.append({title: "未填", "措施数": Live(f"=COUNTA(task_list[措施编号])-{known}", rest)})
    return rows
