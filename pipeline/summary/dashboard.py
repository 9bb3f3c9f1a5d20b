"""总览: what a chief reads in a minute. Figures are formulas over the lists, and follow them when these change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from pipeline.consolidation import Result, is_done, is_overdue
from pipeline.findings import Finding
from pipeline.project import NARRATIVE_FILE
from pipeline.records import Item
from pipeline.summary import charts
from pipeline.summary.lists import BASE_DATE, WARN_DAYS
from pipeline.summary.sheet import Live, put
from pipeline.summary.statistics import RED_LIGHT, STATISTICS, Statistics, count_if, ratio, table_range, value_of
from pipeline.summary.styles import BAR, GREEN_BAR, SKY, Styles
from pipeline.tables import MEASURES, PROBLEMS
from pipeline.vocabulary import Channel, ClosingState, FileState, JoinWay, Level, Light, Status, TableKey

DASHBOARD = "总览"
TOP_UNITS = 15
_DWARFS = 5
"""The rest is left out of the units' chart where it is more than so many times the first: its bar would hide the others."""
_SHEETS = (
    "问题清单",
    "原因剖析",
    "任务清单",
    "责任清单",
    "对账销号",
    "待确认",
    "已定事项",
    "合并明细",
    "填报情况",
    "核对结果",
    STATISTICS,
)
_PANEL = 12
_PANELS = (0, _PANEL + 1, 2 * (_PANEL + 1))
"""Three panels of twelve narrow columns, a gap between them; four cards above each."""
_LABEL = 5
"""Columns that the label of a table's row takes."""
_COLUMN_PIXELS, _ROW_PIXELS = 46, 26
_CARDS, _FIRST = 4, 8
_CHART_ROWS = 13
_UNFILED = "未归类"


def write_dashboard(
    sheet: Any, book: Any, styles: Styles, merged: Result, findings: Sequence[Finding], statistics: Statistics
) -> None:
    """Fill the sheet 总览 and name the cells of 基准日期 and 预警天数."""
    sheet.hide_gridlines(2)
    sheet.set_default_row(_ROW_PIXELS * 0.75)
    sheet.set_column_pixels(0, _PANELS[2] + _PANEL - 1, _COLUMN_PIXELS)
    for panel in _PANELS[1:]:
        sheet.set_column_pixels(panel - 1, panel - 1, 16)
    _banner(sheet, book, styles, merged)
    _cards(sheet, styles, merged, findings, statistics)
    aspects = _aspects(sheet, styles, merged, _FIRST)
    directions = _directions(sheet, styles, merged, _FIRST)
    second = max(aspects, directions, _FIRST + _CHART_ROWS) + 1
    units, units_end = _units(sheet, styles, statistics, second)
    shown, title = _charted(statistics, units)
    third = max(units_end, second + _CHART_ROWS) + 1
    aspect_rows = (_FIRST + 2, aspects - 1)
    tall = third - second - 1
    for chart, row, panel, rows, text in (
        (
            charts.channels(book, DASHBOARD, aspect_rows, _LABEL + 1),
            _FIRST,
            1,
            second - _FIRST - 1,
            "各对照方面的问题按查摆途径堆叠的条形图",
        ),
        (charts.units(book, DASHBOARD, shown, _LABEL, title), second, 1, tall, "各单位问题数条形图"),
        (charts.shared(book, statistics), second, 2, tall, "提出单位最多的问题条形图"),
        (charts.types(book, statistics), third, 0, _CHART_ROWS, "措施按整改类型的环形图"),
        (charts.statuses(book, statistics), third, 1, _CHART_ROWS, "措施按完成情况的环形图"),
        (charts.periods(book, statistics), third, 2, _CHART_ROWS, "各月到期措施数柱形图，已完成、未到期、逾期分色"),
    ):
        chart.set_size({"width": _PANEL * _COLUMN_PIXELS, "height": rows * _ROW_PIXELS})
        sheet.insert_chart(row, _PANELS[panel], chart, {"description": text, "object_position": 2})
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 1)
    sheet.print_area(0, 0, third + _CHART_ROWS, _PANELS[2] + _PANEL - 1)
    sheet.center_horizontally()
    sheet.set_margins(left=0.3, right=0.3, top=0.3, bottom=0.3)


def _banner(sheet: Any, book: Any, styles: Styles, merged: Result) -> None:
    settings = merged.scheme.settings
    last = _PANELS[2] + _PANEL - 1
    sheet.set_row_pixels(0, 52)
    sheet.set_row_pixels(1, 26)
    sheet.merge_range(0, 0, 0, last, f"{settings.unit}　{settings.plain_title}　汇总总览", styles.banner)
    due = f"　　报送截止 {settings.submit_by.isoformat()}" if settings.submit_by else ""
    theme = f"{settings.theme}　　" if settings.theme else ""
    sheet.merge_range(
        1,
        0,
        1,
        last - 12,
        f"{theme}{settings.year} 年度{due}　　收到文件 {merged.figures.files} 份",
        styles.banner_note,
    )
    for left, name, value, form in (
        (last - 11, BASE_DATE, merged.base, styles.banner_date),
        (last - 5, WARN_DAYS, settings.warn_days, styles.banner_number),
    ):
        sheet.merge_range(1, left, 1, left + 2, name, styles.banner_label)
        sheet.merge_range(1, left + 3, 1, left + 5, "", form)
        put(sheet, 1, left + 3, value, form, styles)
        book.define_name(name, f"='{DASHBOARD}'!{xl_rowcol_to_cell(1, left + 3, row_abs=True, col_abs=True)}")
    sheet.set_row_pixels(2, 26)
    sheet.set_row_pixels(3, 8)
    for index, name in enumerate(_SHEETS):
        left = _card_column(index)
        sheet.merge_range(2, left, 2, left + 2, "", styles.tab)
        sheet.write_url(2, left, f"internal:'{name}'!A1", styles.tab, name, f"转到{name}")
    left = _card_column(len(_SHEETS))
    sheet.merge_range(2, left, 2, left + 2, "", styles.tab)
    sheet.write_url(2, left, f"external:{NARRATIVE_FILE}", styles.tab, NARRATIVE_FILE.removesuffix(".docx"), "打开文稿")


def _card_column(index: int) -> int:
    return _PANELS[index // 4] + index % 4 * 3


def _cards(sheet: Any, styles: Styles, merged: Result, findings: Sequence[Finding], statistics: Statistics) -> None:
    figures = merged.figures
    measures, status = table_range("task_list", "措施编号"), table_range("task_list", "完成情况")
    done = f'COUNTIF({status},"{Status.DONE}")'
    closed = f'COUNTIF({table_range("closing_list", "销号状态")},"{ClosingState.CLOSED}")'
    lights = table_range("closing_list", "预警")
    sent = statistics.units.cells("报送")
    errors = sum(finding.level is Level.ERROR for finding in findings)
    items, rows = figures.items, figures.rows
    for index, (label, value, note, alert) in enumerate(
        (
            ("应报单位", figures.units_due, f"收到文件 {figures.files} 份", False),
            ("已报单位", Live(f'=COUNTIF({sent},"{FileState.TAKEN}")', figures.units_in), "按名册", False),
            (
                "未报单位",
                Live(f'=COUNTIF({sent},"{FileState.MISSING}")', figures.units_missing),
                "见填报情况",
                figures.units_missing > 0,
            ),
            (
                "核对错误",
                Live(f"=COUNTIF({table_range('findings', '级别')},{_quoted(Level.ERROR)})", errors),
                _note("共 ", _counted("findings", "代码"), len(findings), " 条核对结果"),
                errors > 0,
            ),
            (
                "归并后问题",
                _items("problem_list", "问题编号", items[TableKey.PROBLEMS]),
                _before("问题", rows[TableKey.PROBLEMS]),
                False,
            ),
            (
                "归并后原因",
                _items("cause_list", "原因编号", items[TableKey.CAUSES]),
                _before("原因", rows[TableKey.CAUSES]),
                False,
            ),
            (
                "归并后措施",
                _items("task_list", "措施编号", items[TableKey.MEASURES]),
                _before("措施", rows[TableKey.MEASURES]),
                False,
            ),
            (
                "待确认",
                Live(f"={_undecided()}", figures.pending),
                "组，需要人工判断",
                figures.pending > 0,
            ),
            (
                "完成率",
                Live(ratio(done, f"COUNTA({measures})"), figures.completion_rate),
                _note("已完成 ", done, figures.done, " 项"),
                False,
            ),
            (
                "销号率",
                Live(ratio(closed, f"COUNTA({measures})"), figures.closing_rate),
                _note("已销号 ", closed, figures.closed, " 项"),
                False,
            ),
            (
                "将到期",
                Live(f"=COUNTIF({lights},{_quoted(Light.AMBER)})", figures.due_soon),
                Live(f'={WARN_DAYS}&" 天以内"', f"{merged.scheme.settings.warn_days} 天以内"),
                False,
            ),
            ("逾期", Live(f"=COUNTIF({lights},{RED_LIGHT})", figures.overdue), "按基准日期", figures.overdue > 0),
        )
    ):
        left = _card_column(index)
        form = styles.card_rate if label.endswith("率") else styles.card_value
        for row, content, look in (
            (_CARDS, label, styles.card_alert_label if alert else styles.card_label),
            (_CARDS + 1, value, form),
            (_CARDS + 2, note, styles.card_note),
        ):
            sheet.merge_range(row, left, row, left + 2, "", look)
            put(sheet, row, left, content, look, styles)
        if label in ("未报单位", "核对错误", "待确认", "逾期"):
            rule = {"type": "cell", "criteria": ">", "value": 0, "format": styles.alert}
            sheet.conditional_format(_CARDS + 1, left, _CARDS + 1, left, rule)
    for row, height in ((_CARDS, 26), (_CARDS + 1, 46), (_CARDS + 2, 24), (_CARDS + 3, 12)):
        sheet.set_row_pixels(row, height)


def _quoted(text: str) -> str:
    return f'"{text}"'


def _counted(table: str, column: str) -> str:
    return f"COUNTA({table_range(table, column)})"


def _undecided() -> str:
    """How many families of 待确认 have a line without a mark."""
    group, mark = table_range("pending", "组号"), table_range("pending", "归并为")
    share = f'({mark}="")/(COUNTIFS({group},{group},{mark},"")+({mark}<>""))'
    return f"IF({_counted('pending', '编号')}=0,0,SUMPRODUCT({share}))"


def _items(table: str, column: str, value: int) -> Live:
    return Live(f"={_counted(table, column)}", value)


def _note(before: str, formula: str, value: int, after: str) -> Live:
    return Live(f'="{before}"&{formula}&"{after}"', f"{before}{value}{after}")


def _before(short: str, rows: int) -> Live:
    taken = count_if("trace[表别]", _quoted(short), "trace[归并方式]", _quoted(f"<>{JoinWay.REFUSED}"))
    return _note("归并前 ", taken, rows, " 行")


def _head(sheet: Any, styles: Styles, row: int, panel: int, title: str, titles: Sequence[str]) -> None:
    left = _PANELS[panel]
    sheet.merge_range(row, left, row, left + _PANEL - 1, title, styles.section)
    sheet.set_row_pixels(row + 1, 30)
    sheet.merge_range(row + 1, left, row + 1, left + _LABEL - 1, titles[0], styles.small_header)
    for column, text in enumerate(titles[1:], start=left + _LABEL):
        sheet.write_string(row + 1, column, text, styles.small_header)


def _line(sheet: Any, styles: Styles, row: int, panel: int, cells: Sequence[object]) -> None:
    left = _PANELS[panel]
    sheet.merge_range(row, left, row, left + _LABEL - 1, "", styles.cell_text)
    put(sheet, row, left, cells[0], styles.cell_text, styles)
    for column, value in enumerate(cells[1:], start=left + _LABEL):
        rate = isinstance(value_of(value), float)
        put(sheet, row, column, value, styles.cell_rate if rate else styles.cell_number, styles)


def _aspects(sheet: Any, styles: Styles, merged: Result, row: int) -> int:
    """对照方面 × 查摆途径: a heat map. Returns the row below the table."""
    _head(sheet, styles, row, 0, "各方面问题数与查摆途径", ["对照方面", "问题数", *Channel, "未注明"])
    items = merged.items[TableKey.PROBLEMS]
    names = merged.scheme.allowed(PROBLEMS.column("aspect"))
    held, channels = table_range("problem_list", "对照方面"), table_range("problem_list", "查摆途径")
    first = row + 2
    groups = [*((name, [item for item in items if item.cells["aspect"] == name]) for name in names)]
    rest = [item for item in items if item.cells["aspect"] not in names]
    for number, (name, own) in enumerate(groups, start=first):
        label = f"$A{number + 1}"
        total = Live(f"=COUNTIF({held},{label})", len(own))
        spread: list[Live] = [
            Live(f'=COUNTIFS({held},{label},{channels},"*{channel}*")', _through(own, channel)) for channel in Channel
        ]
        stated = f'COUNTIFS({held},{label},{channels},"?*")'
        spread.append(Live(f"={xl_rowcol_to_cell(number, _LABEL)}-{stated}", _through(own, "")))
        _line(sheet, styles, number, 0, [name, total, *spread])
    last = first + len(groups)
    if rest:
        above = {column: _above(column, first, last) for column in range(_LABEL, _LABEL + len(Channel) + 2)}
        counts = [f"{_counted('problem_list', '问题编号')}"]
        counts += [f'COUNTIF({channels},"*{channel}*")' for channel in Channel]
        counts.append(f'{_counted("problem_list", "问题编号")}-COUNTIF({channels},"?*")')
        values = [len(rest), *(_through(rest, channel) for channel in (*Channel, ""))]
        cells = [Live(f"={count}-SUM({above[_LABEL + at]})", values[at]) for at, count in enumerate(counts)]
        _line(sheet, styles, last, 0, [_UNFILED, *cells])
        last += 1
    scale = {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": SKY}
    sheet.conditional_format(first, _LABEL + 1, last - 1, _PANEL - 1, scale)
    return last


def _above(column: int, first: int, end: int) -> str:
    return f"${xl_col_to_name(column)}${first + 1}:${xl_col_to_name(column)}${end}"


def _through(items: Sequence[Item], channel: str) -> int:
    """How many items came through a channel, "" for none stated."""
    return sum(channel in item.cells["channels"] if channel else not item.cells["channels"] for item in items)


def _directions(sheet: Any, styles: Styles, merged: Result, row: int) -> int:
    """努力方向 × 完成情况. Returns the row below the table."""
    _head(sheet, styles, row, 2, "各努力方向措施进度", ["努力方向", "措施", *Status, "逾期", "完成率"])
    measures = merged.items[TableKey.MEASURES]
    names = merged.scheme.allowed(MEASURES.column("direction"))
    held, status = table_range("task_list", "努力方向"), table_range("task_list", "完成情况")
    days, first, left = table_range("task_list", "到期日"), row + 2, _PANELS[2]
    late = f'"<"&{BASE_DATE}'
    for number, name in enumerate((*names, "合计"), start=first):
        own = [item for item in measures if name == "合计" or item.cells["direction"] == name]
        within = (held, f"${xl_col_to_name(left)}{number + 1}") if name != "合计" else ()
        done = sum(is_done(item) for item in own)
        total = f"={count_if(*within)}" if within else f"={_counted('task_list', '措施编号')}"
        cells = [Live(total, len(own))]
        for at in Status:
            formula = f"={count_if(*within, status, _quoted(at))}"
            cells.append(Live(formula, sum(item.status == at for item in own)))
        overdue = sum(is_overdue(item, merged.base) for item in own)
        cells.append(Live(f"={count_if(*within, days, late, status, _quoted(f'<>{Status.DONE}'))}", overdue))
        part, whole = (xl_rowcol_to_cell(number, left + _LABEL + at) for at in (len(Status), 0))
        cells.append(Live(ratio(part, whole), float(done / len(own) if own else 0)))
        _line(sheet, styles, number, 2, [name, *cells])
    last = first + len(names)
    _bars(sheet, first, left + _PANEL - 1, last, GREEN_BAR, 1)
    sheet.conditional_format(first, left + _PANEL - 2, last, left + _PANEL - 2, _positive(styles))
    return last + 1


def _units(sheet: Any, styles: Styles, statistics: Statistics, row: int) -> tuple[tuple[int, int], int]:
    """The units with most problems, the rest in one line: the rows of the table, and the row below it."""
    block = statistics.units
    titles = ["问题", "措施", "牵头", "逾期", "核对", "完成率", "灯"]
    top, rest = block.rows[:TOP_UNITS], block.rows[TOP_UNITS:]
    _head(sheet, styles, row, 0, f"各单位（按问题数，前 {TOP_UNITS}，全部见{STATISTICS}）", ["单位", *titles])
    first = row + 2
    for number, unit in enumerate(top):
        there = block.first + number
        cells: list[object] = [
            Live(f"='{STATISTICS}'!{xl_rowcol_to_cell(there, block.columns[title])}", value_of(unit[title]))
            for title in titles
        ]
        _line(sheet, styles, first + number, 0, [unit["单位"], *cells])
    last = first + len(top)
    if rest:
        sums: list[object] = []
        for title in (*titles[:-2], "已完成"):
            column = block.columns[title]
            span = f"{xl_rowcol_to_cell(block.first + TOP_UNITS, column)}:{xl_rowcol_to_cell(block.last, column)}"
            sums.append(Live(f"=SUM('{STATISTICS}'!{span})", sum(value_of(unit[title]) for unit in rest)))
        done, led = sums.pop(), value_of(sums[2])
        assert isinstance(done, Live)
        rate = ratio(done.formula[1:], xl_rowcol_to_cell(last, _LABEL + 2))
        lamps = (block.first + TOP_UNITS, block.columns["灯"], block.last, block.columns["灯"])
        span = f"{xl_rowcol_to_cell(*lamps[:2])}:{xl_rowcol_to_cell(*lamps[2:])}"
        worst = Live(f"=MAX('{STATISTICS}'!{span})", max(value_of(unit["灯"]) for unit in rest))
        whole = Live(rate, float(value_of(done) / led if led else 0))
        _line(sheet, styles, last, 0, [f"其余 {len(rest)} 个单位", *sums, whole, worst])
        last += 1
    end = first + len(top) - 1
    for at, colour in ((0, BAR), (1, BAR), (5, GREEN_BAR)):
        _bars(sheet, first, _LABEL + at, end, colour, 1 if at == 5 else None)
    for at in (3, 4):
        sheet.conditional_format(first, _LABEL + at, last - 1, _LABEL + at, _positive(styles))
    lamp = {
        "type": "icon_set",
        "icon_style": "3_traffic_lights",
        "icons_only": True,
        "reverse_icons": True,
        "icons": [{"criteria": ">=", "type": "number", "value": 2}, {"criteria": ">=", "type": "number", "value": 1}],
    }
    sheet.conditional_format(first, _PANEL - 1, last - 1, _PANEL - 1, lamp)
    return (first, last - 1), last


def _charted(statistics: Statistics, rows: tuple[int, int]) -> tuple[tuple[int, int], str]:
    """The rows of the units' chart and its title: the rest is a bar as long as it does not dwarf the others."""
    counts = [value_of(unit["问题"]) for unit in statistics.units.rows]
    rest = sum(counts[TOP_UNITS:])
    if rest <= _DWARFS * max(counts, default=0):
        return rows, "各单位问题数"
    title = f"各单位问题数（前 {TOP_UNITS}；其余 {len(counts) - TOP_UNITS} 个单位共 {rest}）"
    return (rows[0], rows[1] - 1), title


def _bars(sheet: Any, first: int, column: int, last: int, colour: str, maximum: int | None) -> None:
    bar: dict[str, Any] = {
        "type": "data_bar",
        "bar_color": colour,
        "bar_solid": True,
        "min_type": "num",
        "min_value": 0,
    }
    if maximum:
        bar |= {"max_type": "num", "max_value": maximum}
    sheet.conditional_format(first, column, last, column, bar)


def _positive(styles: Styles) -> dict[str, Any]:
    return {"type": "cell", "criteria": ">", "value": 0, "format": styles.alert}
