"""统计: what stands behind the charts of 总览, each figure a formula over the lists, so that it follows them.

Formulas keep to what Excel 2016, WPS and LibreOffice understand alike: COUNTIFS, SUMPRODUCT, INDEX and MATCH over the
lists' tables. Each carries its value.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline.cells import column_letter
from pipeline.consolidation import Result, is_done, light
from pipeline.findings import Finding
from pipeline.intake.collect import NO_UNIT
from pipeline.records import Item
from pipeline.summary.format import FIRST_ROW, HEADER_ROW, rows_from
from pipeline.summary.lists import BASE_DATE, WARN_DAYS
from pipeline.summary.sheet import Linked, Live, print_set_up, put
from pipeline.summary.styles import Styles
from pipeline.vocabulary import FileState, Level, Light, RectificationType, Role, Status, TableKey

STATISTICS = "统计"
SUPPORT, DONE, ERROR, NO_NOTE, RED_LIGHT = (
    f'"{word}"' for word in (Role.SUPPORT, Status.DONE, Level.ERROR, f"<>{Level.NOTE}", Light.RED)
)
LATE = f'"<"&{BASE_DATE}'
_PERIODS = 24
"""More months than this are shown as quarters, and more quarters as years."""
_SHARED = 10
_UNSTATED = "未填"
_UNIT_TITLES = (
    "单位",
    "报送",
    "问题",
    "措施",
    "牵头",
    "配合",
    "已完成",
    "将到期",
    "逾期",
    "完成率",
    "错误",
    "核对",
    "灯",
)
_PERIOD_TITLES = ("到期", "起", "止（不含）", "已完成", "未到期", "逾期", "合计")
_SHARED_TITLES = ("问题编号", "问题", "提出单位数")
_TITLES = (_UNIT_TITLES, _PERIOD_TITLES, ("整改类型", "措施数"), ("完成情况", "措施数"), _SHARED_TITLES)


@dataclass(frozen=True)
class Block:
    """Where a block of figures stands in 统计: rows zero-based, `columns` by name; what its cells hold, row by row."""

    first: int
    columns: dict[str, int]
    rows: list[dict[str, Any]]

    @property
    def last(self) -> int:
        """The last row, the first where there are none."""
        return self.first + max(len(self.rows), 1) - 1

    def cells(self, name: str) -> str:
        """A column's cells as a formula names them."""
        column = self.columns[name]
        first, last = (xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True) for row in (self.first, self.last))
        return f"'{STATISTICS}'!{first}:{last}"

    def series(self, name: str, count: int = 0) -> list[Any]:
        """A column's cells as a chart wants them; the first `count` alone if given."""
        column = self.columns[name]
        return [STATISTICS, self.first, column, self.first + count - 1 if count else self.last, column]


@dataclass(frozen=True)
class Statistics:
    """The blocks of the sheet."""

    units: Block
    periods: Block
    types: Block
    statuses: Block
    shared: Block


def value_of(cell: object) -> Any:
    """What a cell shows, be it a formula or not."""
    return cell.value if isinstance(cell, Live) else cell.text if isinstance(cell, Linked) else cell


def table_range(table: str, column: str) -> str:
    """A column of a list's table."""
    return f"{table}[{column}]"


def count_if(*conditions: str) -> str:
    """COUNTIFS over pairs of range and criterion."""
    return f"COUNTIFS({','.join(conditions)})"


def ratio(part: str, whole: str) -> str:
    """part / whole, 0 where there is no whole."""
    return f"=IF({whole}=0,0,{part}/{whole})"


def write_statistics(
    sheet: Any, styles: Styles, merged: Result, findings: Sequence[Finding], subtitle: str
) -> Statistics:
    """Fill the sheet 统计; returns where its blocks stand."""
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, STATISTICS, styles.title)
    sheet.write_url(1, 0, "internal:'总览'!A1", styles.link, "← 总览")
    sheet.write_string(1, 1, f"{subtitle}　总览各图表的数据；都是公式，随各清单变化。", styles.subtitle)
    sheet.set_row(HEADER_ROW, 30)
    measures = merged.items[TableKey.MEASURES]
    builders: list[Callable[[int], list[dict[str, Any]]]] = [
        lambda left: _units(merged, findings, left),
        lambda left: _periods(merged, left),
        lambda left: _counts("整改类型", tuple(RectificationType), [item.cells["type"] for item in measures], left),
        lambda left: _counts("完成情况", tuple(Status), [item.status for item in measures], left),
        lambda left: _shared(merged, left),
    ]
    left = 0
    blocks = []
    for titles, build in zip(_TITLES, builders, strict=True):
        blocks.append(_block(sheet, styles, left, titles, build(left)))
        left += len(titles) + 1
    sheet.freeze_panes(HEADER_ROW + 1, 1)
    print_set_up(sheet, STATISTICS, subtitle)
    sheet.set_paper(8)
    sheet.repeat_rows(HEADER_ROW)
    return Statistics(*blocks)


def _block(sheet: Any, styles: Styles, left: int, titles: Sequence[str], rows: list[dict[str, Any]]) -> Block:
    columns = {title: left + index for index, title in enumerate(titles)}
    for title, column in columns.items():
        wide = title in ("单位", "问题")
        sheet.set_column(column, column, 26 if wide else 11)
        sheet.write_string(HEADER_ROW, column, title, styles.header)
    sheet.set_column(left + len(titles), left + len(titles), 3)
    for number, row in enumerate(rows, start=HEADER_ROW + 1):
        for title, column in columns.items():
            value = row[title]
            form = styles.rate if title.endswith("率") else styles.day if isinstance(value, dt.date) else styles.number
            put(sheet, number, column, value, styles.plain if title in ("单位", "问题") else form, styles)
    return Block(HEADER_ROW + 1, columns, rows)


def _units(merged: Result, findings: Sequence[Finding], left: int) -> list[dict[str, Any]]:
    """One line per unit: most problems first, then in the roster's order."""
    problems = Counter(unit for item in merged.items[TableKey.PROBLEMS] for unit in item.units)
    measures = Counter(unit for item in merged.items[TableKey.MEASURES] for unit in item.units)
    duties: dict[str, Counter[str]] = {}
    for duty in merged.duties:
        own = duties.setdefault(duty.unit, Counter())
        own[duty.role] += 1
        if duty.role is Role.LEAD:
            own["已完成"] += is_done(duty.item)
            own[_lamp(duty.item, merged)] += 1
    missing = merged.scheme.unit_order.keys() - {s.unit for s in merged.intake.states if s.state is FileState.TAKEN}
    errors = Counter(finding.place.unit for finding in findings if finding.level is Level.ERROR)
    warnings = Counter(finding.place.unit for finding in findings if finding.level is not Level.NOTE)
    known = {*merged.scheme.unit_order, *problems, *measures, *duties} - {NO_UNIT, ""}
    ordered = sorted(known, key=lambda unit: (-problems[unit], merged.scheme.rank(unit)))
    unfinished = ["duty_list[完成情况]", f'"<>{Status.DONE}"', "duty_list[到期日]"]
    rows = []
    for unit, number in rows_from(ordered).items():
        own = duties.get(unit, Counter())
        at = {title: _cell(left + index, number) for index, title in enumerate(_UNIT_TITLES)}
        name = at["单位"]
        in_role = ("duty_list[责任单位]", name, "duty_list[角色]")
        led = (*in_role, f'"{Role.LEAD}"')
        soon = count_if(*led, *unfinished, f'">="&{BASE_DATE}', unfinished[-1], f'"<="&{BASE_DATE}+{WARN_DAYS}')
        lamp = (
            f'IF(OR({at["逾期"]}>0,{at["报送"]}="{FileState.MISSING}"),2,IF(OR({at["将到期"]}>0,{at["错误"]}>0),1,0))'
        )
        overdue = own[Light.RED] > 0 or unit in missing
        cells: tuple[object, ...] = (
            unit,
            FileState.MISSING
            if unit in missing
            else FileState.TAKEN
            if unit in merged.scheme.unit_order
            else FileState.NOT_ON_ROSTER,
            Live(f"={_holds('problem_list[提出单位]', name)}", problems[unit]),
            Live(f"={_holds('task_list[提出单位]', name)}", measures[unit]),
            Live(f"={count_if(*led)}", own[Role.LEAD]),
            Live(f"={count_if(*in_role, SUPPORT)}", own[Role.SUPPORT]),
            Live(f"={count_if(*led, unfinished[0], DONE)}", own["已完成"]),
            Live(f"={soon}", own[Light.AMBER]),
            Live(f"={count_if(*led, *unfinished, LATE)}", own[Light.RED]),
            Live(ratio(at["已完成"], at["牵头"]), own["已完成"] / own[Role.LEAD] if own[Role.LEAD] else 0),
            Live(f"={count_if('findings[单位]', name, 'findings[级别]', ERROR)}", errors[unit]),
            Live(f"={count_if('findings[单位]', name, 'findings[级别]', NO_NOTE)}", warnings[unit]),
            Live(f"={lamp}", 2 if overdue else 1 if own[Light.AMBER] or errors[unit] else 0),
        )
        rows.append(dict(zip(_UNIT_TITLES, cells, strict=True)))
    return rows


def _lamp(item: Item, merged: Result) -> str:
    return light(item, merged.base, merged.scheme.settings.warn_days)


def _holds(column: str, name: str) -> str:
    """In how many cells of names joined by 、 a name stands: alone, first, last or between."""
    return f'SUMPRODUCT(COUNTIF({column},{{"","*、"}}&{name}&{{"";"、*"}}))'


def _periods(merged: Result, left: int) -> list[dict[str, Any]]:
    """到期 by month: done, still open, overdue."""
    items = [item for item in merged.items[TableKey.MEASURES] if item.due]
    days = "closing_list[到期日]"
    rows = []
    periods = rows_from(_starts([item.due for item in items if item.due]))
    for (label, start, end), number in periods.items():
        own = [item for item in items if item.due and start <= item.due < end]
        at = {title: _cell(left + index, number) for index, title in enumerate(_PERIOD_TITLES)}
        within = (days, f'">="&{at["起"]}', days, f'"<"&{at["止（不含）"]}')
        done = sum(is_done(item) for item in own)
        late = sum(_lamp(item, merged) == Light.RED for item in own)
        cells: tuple[object, ...] = (
            label,
            start,
            end,
            Live(f"={count_if(*within, 'closing_list[完成情况]', DONE)}", done),
            Live(f"={at['合计']}-{at['已完成']}-{at['逾期']}", len(own) - done - late),
            Live(f"={count_if(*within, 'closing_list[预警]', RED_LIGHT)}", late),
            Live(f"={count_if(*within)}", len(own)),
        )
        rows.append(dict(zip(_PERIOD_TITLES, cells, strict=True)))
    return rows


def _starts(days: Iterable[dt.date]) -> list[tuple[str, dt.date, dt.date]]:
    """The periods that hold the days: (label, first day, day after the last), months if there are not too many."""
    days = sorted(set(days))
    for months in (1, 3, 12):
        periods: dict[str, tuple[dt.date, dt.date]] = {}
        for day in days:
            first = (day.month - 1) // months * months + 1
            start = dt.date(day.year, first, 1)
            after = day.year * 12 + first - 1 + months
            label = {1: f"{day:%Y-%m}", 3: f"{day.year} 年 {first // 3 + 1} 季度", 12: f"{day.year} 年"}[months]
            periods[label] = (start, dt.date(min(after // 12, 9999), after % 12 + 1, 1))
        if len(periods) <= _PERIODS:
            break
    return [(label, start, end) for label, (start, end) in periods.items()]


def _counts(title: str, names: Sequence[str], values: list[str], left: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    first = FIRST_ROW
    for name, number in rows_from(names).items():
        formula = f"=COUNTIF({table_range('task_list', title)},{_cell(left, number)})"
        rows.append({title: name, "措施数": Live(formula, values.count(name))})
    known = f"SUM({_cell(left + 1, first)}:{_cell(left + 1, first + len(names) - 1)})"
    rest = sum(value not in names for value in values)
    rows.append({title: _UNSTATED, "措施数": Live(f"=COUNTA(task_list[措施编号])-{known}", rest)})
    return rows


def _shared(merged: Result, left: int) -> list[dict[str, Any]]:
    """The problems that most units raised."""
    shared = sorted(merged.items[TableKey.PROBLEMS], key=lambda item: -len(item.units))[:_SHARED]
    places = rows_from(item.id for item in shared)
    rows = []
    for item in shared:
        number = places[item.id]
        own = f"MATCH({_cell(left, number)},problem_list[问题编号],0)"
        cells: tuple[object, ...] = (
            item.id,
            Live(f"=INDEX(problem_list[问题],{own})", item.cells["title"]),
            Live(f"=INDEX(problem_list[提出单位数],{own})", len(item.units)),
        )
        rows.append(dict(zip(_SHARED_TITLES, cells, strict=True)))
    return rows


def _cell(column: int, row: int) -> str:
    return f"${column_letter(column)}{row}"
