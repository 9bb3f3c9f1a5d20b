"""总览: the key figures, what stands behind them, and the way to every list. Figures follow the lists when these change."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pipeline.findings import Finding
from pipeline.merging import Merged
from pipeline.merging.figures import is_overdue
from pipeline.summary.styles import BODY_FONT, GREEN, LINE, NAVY, RED, SERIES, SKY, Styles
from pipeline.tables import CHANNELS, PROBLEMS, STATUSES

_SHEETS = ("问题清单", "原因剖析", "任务清单", "责任清单", "对账销号", "待确认", "合并明细", "填报情况", "核对结果")
_COLUMNS = 20
_TOP_UNITS = 15
_CARD_ROW, _TABLE_ROW = 4, 10


def write_dashboard(sheet: Any, book: Any, styles: Styles, merged: Merged, findings: list[Finding]) -> None:
    """Fill the sheet 总览. Tables feed the charts; counts are formulas over the lists with their values cached."""
    sheet.hide_gridlines(2)
    sheet.set_column(0, _COLUMNS - 1, 9.5)
    sheet.set_row(0, 36)
    settings = merged.scheme.settings
    sheet.write_string(0, 0, f"{settings.unit}　{settings.document_title}　汇总总览", styles.title)
    due = f"　报送截止 {settings.submit_by.isoformat()}" if settings.submit_by else ""
    sheet.write_string(1, 0, f"基准日期 {merged.base.isoformat()}{due}", styles.subtitle)
    for index, name in enumerate(_SHEETS):
        sheet.write_url(2, index * 2, f"internal:'{name}'!A1", styles.link, name)
    _cards(sheet, styles, merged, findings)
    row = _TABLE_ROW
    first = _aspects(sheet, styles, merged, row)
    second = _statuses(sheet, styles, merged, row)
    units_row = first + 3
    months = _months(sheet, styles, merged, second + 3)
    units = _units(sheet, styles, merged, units_row)
    _charts(sheet, book, merged, first, second, months, units, second + 3, units_row)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 1)
    sheet.set_margins(left=0.4, right=0.4, top=0.4, bottom=0.4)


def _cards(sheet: Any, styles: Styles, merged: Merged, findings: list[Finding]) -> None:
    figures = merged.figures
    errors = sum(finding.level == "错误" for finding in findings)
    done = f'COUNTIF({_range("task_list", "完成情况")},"已完成")'
    cards: list[tuple[str, Any, Any, str, str]] = [
        ("应报单位", figures.units_due, styles.card_value, "", f"收到文件 {figures.files} 份"),
        (
            "已报 / 未报",
            f"{figures.units_in} / {figures.units_missing}",
            styles.card_alert if figures.units_missing else styles.card_value,
            "",
            "按名册",
        ),
        (
            "归并后问题",
            figures.items["problems"],
            styles.card_value,
            f"=COUNTA({_range('problem_list', '问题编号')})",
            f"归并前 {figures.rows['problems']} 行",
        ),
        (
            "归并后原因",
            figures.items["causes"],
            styles.card_value,
            f"=COUNTA({_range('cause_list', '原因编号')})",
            f"归并前 {figures.rows['causes']} 行",
        ),
        (
            "归并后措施",
            figures.items["measures"],
            styles.card_value,
            f"=COUNTA({_range('task_list', '措施编号')})",
            f"归并前 {figures.rows['measures']} 行",
        ),
        (
            "待确认",
            figures.pending,
            styles.card_alert if figures.pending else styles.card_value,
            f"=COUNTA({_range('pending', '甲编号')})-COUNTA({_range('pending', '处理意见')})",
            "对，需要人工判断",
        ),
        (
            "核对错误",
            errors,
            styles.card_alert if errors else styles.card_value,
            f'=COUNTIF({_range("findings", "级别")},"错误")',
            f"共 {len(findings)} 条核对结果",
        ),
        (
            "拒收行",
            figures.rows_refused,
            styles.card_alert if figures.rows_refused else styles.card_value,
            f'=COUNTIF({_range("trace", "归并方式")},"拒收")',
            f"读入 {figures.rows_read} 行",
        ),
        (
            "完成率",
            figures.completion_rate,
            styles.card_rate,
            f"=IF(COUNTA({_range('task_list', '措施编号')})=0,0,{done}/COUNTA({_range('task_list', '措施编号')}))",
            f"已完成 {figures.done} 项",
        ),
        (
            "逾期",
            figures.overdue,
            styles.card_alert if figures.overdue else styles.card_value,
            f'=COUNTIF({_range("closing_list", "预警")},"红")',
            "按基准日期",
        ),
    ]
    sheet.set_row(_CARD_ROW, 20)
    sheet.set_row(_CARD_ROW + 1, 36)
    sheet.set_row(_CARD_ROW + 2, 18)
    for index, (label, value, form, formula, note) in enumerate(cards):
        left = index * 2
        sheet.merge_range(_CARD_ROW, left, _CARD_ROW, left + 1, label, styles.card_label)
        sheet.merge_range(_CARD_ROW + 1, left, _CARD_ROW + 1, left + 1, "", form)
        if formula:
            sheet.write_formula(_CARD_ROW + 1, left, formula, form, value)
        elif isinstance(value, str):
            sheet.write_string(_CARD_ROW + 1, left, value, form)
        else:
            sheet.write_number(_CARD_ROW + 1, left, value, form)
        sheet.merge_range(_CARD_ROW + 2, left, _CARD_ROW + 2, left + 1, note, styles.card_note)


def _range(table: str, column: str) -> str:
    return f"{table}[{column}]"


def _head(sheet: Any, styles: Styles, row: int, left: int, title: str, titles: list[str], label_width: int = 2) -> None:
    sheet.merge_range(row, left, row, left + label_width + len(titles) - 2, title, styles.section)
    sheet.merge_range(row + 1, left, row + 1, left + label_width - 1, titles[0], styles.header)
    for index, text in enumerate(titles[1:], start=left + label_width):
        sheet.write_string(row + 1, index, text, styles.header)


def _label(sheet: Any, styles: Styles, row: int, left: int, text: str, width: int = 2) -> None:
    sheet.merge_range(row, left, row, left + width - 1, "", styles.text)
    sheet.write_string(row, left, text, styles.text)


def _aspects(sheet: Any, styles: Styles, merged: Merged, row: int) -> int:
    """对照方面 × 查摆途径: a heat map. Returns the row below the table."""
    _head(sheet, styles, row, 0, "各方面问题数与查摆途径", ["对照方面", "问题数", *CHANNELS])
    items = merged.items["problems"]
    names = list(merged.scheme.allowed(PROBLEMS.column("aspect")))
    rest = [item for item in items if item.values["aspect"] not in names]
    aspects = [*names, *(["未归类"] if rest else [])]
    ids, held, channels = (_range("problem_list", title) for title in ("问题编号", "对照方面", "查摆途径"))
    for number, name in enumerate(aspects, start=row + 2):
        _label(sheet, styles, number, 0, name)
        own = (
            rest
            if name == "未归类" and name not in names
            else [item for item in items if item.values["aspect"] == name]
        )
        label = f"$A{number + 1}"
        known = f"SUM($C${row + 3}:$C${number})"
        formula = f"=COUNTA({ids})-{known}" if own is rest else f"=COUNTIF({held},{label})"
        sheet.write_formula(number, 2, formula, styles.number, len(own))
        for index, channel in enumerate(CHANNELS, start=3):
            count = sum(channel in item.values["channels"] for item in own)
            if own is rest:
                sheet.write_number(number, index, count, styles.number)
            else:
                sheet.write_formula(
                    number, index, f'=COUNTIFS({held},{label},{channels},"*{channel}*")', styles.number, count
                )
    last = row + 1 + len(aspects)
    sheet.conditional_format(row + 2, 3, last, 7, {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": SKY})
    return last + 1


def _statuses(sheet: Any, styles: Styles, merged: Merged, row: int) -> int:
    _head(sheet, styles, row, 9, "措施完成情况", ["完成情况", "措施数"])
    measures = merged.items["measures"]
    names = [*STATUSES, "未填"]
    for number, name in enumerate(names, start=row + 2):
        _label(sheet, styles, number, 9, name)
        count = sum((item.values["status"] or "未填") == name for item in measures)
        status = _range("task_list", "完成情况")
        total = f"=COUNTA({_range('task_list', '措施编号')})-SUM($L${row + 3}:$L${number})"
        sheet.write_formula(
            number, 11, total if name == "未填" else f"=COUNTIF({status},$J{number + 1})", styles.number, count
        )
    return row + 2 + len(names)


def _months(sheet: Any, styles: Styles, merged: Merged, row: int) -> tuple[int, int]:
    """到期 by month, overdue apart. Returns (first row, last row) of the data."""
    _head(sheet, styles, row, 9, "到期措施（按月）", ["月份", "措施数", "逾期"])
    due = [item for item in merged.items["measures"] if item.due]
    months = sorted({f"{item.due:%Y-%m}" for item in due if item.due})
    for number, month in enumerate(months or ["—"], start=row + 2):
        own = [item for item in due if f"{item.due:%Y-%m}" == month]
        _label(sheet, styles, number, 9, month)
        late = sum(is_overdue(item, merged.base) for item in own)
        sheet.write_number(number, 11, len(own) - late, styles.number)
        sheet.write_number(number, 12, late, styles.number)
    return row + 2, row + 1 + max(len(months), 1)


def _units(sheet: Any, styles: Styles, merged: Merged, row: int) -> tuple[int, int]:
    """The units with most problems, the rest in one line. Returns (first row, last row) of the data."""
    _head(sheet, styles, row, 0, f"各单位（问题数前 {_TOP_UNITS}）", ["单位", "问题", "措施", "牵头", "逾期"], 3)
    problems = Counter(unit for item in merged.items["problems"] for unit in item.units)
    measures = Counter(unit for item in merged.items["measures"] for unit in item.units)
    leads = Counter(duty.unit for duty in merged.duties if duty.role == "牵头")
    late = Counter(duty.unit for duty in merged.duties if duty.role == "牵头" and is_overdue(duty.item, merged.base))
    everyone = sorted({*problems, *measures, *leads}, key=lambda unit: (-problems[unit], merged.scheme.rank(unit)))
    shown, rest = everyone[:_TOP_UNITS], everyone[_TOP_UNITS:]
    lines = [(unit, [count[unit] for count in (problems, measures, leads, late)]) for unit in shown]
    if rest:
        lines.append(
            (
                f"其余 {len(rest)} 个单位",
                [sum(count[unit] for unit in rest) for count in (problems, measures, leads, late)],
            )
        )
    for number, (name, counts) in enumerate(lines, start=row + 2):
        _label(sheet, styles, number, 0, name, 3)
        for index, count in enumerate(counts, start=3):
            sheet.write_number(number, index, count, styles.number)
    last = row + 1 + len(lines)
    if lines:
        sheet.conditional_format(row + 2, 3, last, 3, {"type": "data_bar", "bar_color": SKY, "bar_solid": True})
        sheet.conditional_format(
            row + 2,
            6,
            last,
            6,
            {"type": "cell", "criteria": ">", "value": 0, "format": styles.make(font_color=RED, bold=True)},
        )
    return row + 2, max(last, row + 2)


def _charts(
    sheet: Any,
    book: Any,
    merged: Merged,
    aspects_end: int,
    statuses_end: int,
    months: tuple[int, int],
    units: tuple[int, int],
    months_row: int,
    units_row: int,
) -> None:
    first = _TABLE_ROW + 2
    by_channel = _chart(book, "bar", "各方面问题的查摆途径", "stacked")
    for index, channel in enumerate(CHANNELS):
        by_channel.add_series(
            {
                "name": channel,
                "categories": ["总览", first, 0, aspects_end - 1, 0],
                "values": ["总览", first, 3 + index, aspects_end - 1, 3 + index],
                "fill": {"color": SERIES[index]},
                "gap": 60,
            }
        )
    by_channel.set_y_axis({"reverse": True, "num_font": {"name": BODY_FONT, "size": 9}, "line": {"none": True}})
    by_channel.set_legend({"position": "bottom", "font": {"name": BODY_FONT, "size": 9}})
    status = _chart(book, "doughnut", "措施完成情况")
    status.add_series(
        {
            "name": "措施数",
            "categories": ["总览", first, 9, statuses_end - 1, 9],
            "values": ["总览", first, 11, statuses_end - 1, 11],
            "points": [{"fill": {"color": colour}} for colour in ("#A6A6A6", SKY, "#9CC5A1", GREEN, LINE)],
        }
    )
    status.set_legend({"position": "right", "font": {"name": BODY_FONT, "size": 9}})
    month = _chart(book, "column", "到期措施（按月）", "stacked")
    for column, name, colour in ((11, "未逾期", SKY), (12, "逾期", RED)):
        month.add_series(
            {
                "name": name,
                "categories": ["总览", months[0], 9, months[1], 9],
                "values": ["总览", months[0], column, months[1], column],
                "fill": {"color": colour},
                "gap": 60,
            }
        )
    month.set_legend({"position": "bottom", "font": {"name": BODY_FONT, "size": 9}})
    unit = _chart(book, "bar", "各单位问题数")
    unit.add_series(
        {
            "name": "问题",
            "categories": ["总览", units[0], 0, units[1], 0],
            "values": ["总览", units[0], 3, units[1], 3],
            "fill": {"color": NAVY},
            "gap": 40,
            "data_labels": {"value": True, "font": {"name": BODY_FONT, "size": 8}},
        }
    )
    unit.set_y_axis({"reverse": True, "num_font": {"name": BODY_FONT, "size": 8}, "line": {"none": True}})
    unit.set_legend({"none": True})
    for chart, row, column, width, height, text in (
        (by_channel, _TABLE_ROW, 13, 520, 260, "各对照方面的问题按查摆途径堆叠的条形图"),
        (status, _TABLE_ROW + 13, 13, 520, 240, "措施完成情况环形图"),
        (month, _TABLE_ROW + 25, 13, 520, 260, "各月到期措施数，逾期另色"),
        (unit, units[1] + 3, 0, 600, 320, "各单位问题数条形图"),
    ):
        chart.set_size({"width": width, "height": height})
        sheet.insert_chart(row, column, chart, {"description": text, "x_offset": 12})


def _chart(book: Any, kind: str, title: str, subtype: str | None = None) -> Any:
    chart = book.add_chart({"type": kind, "subtype": subtype} if subtype else {"type": kind})
    chart.set_title({"name": title, "name_font": {"name": BODY_FONT, "size": 11, "color": NAVY}, "overlay": False})
    chart.set_chartarea({"border": {"color": LINE}})
    if kind != "doughnut":
        axis = {
            "num_font": {"name": BODY_FONT, "size": 9},
            "major_gridlines": {"visible": True, "line": {"color": "#EEEEEE"}},
            "line": {"none": True},
        }
        chart.set_y_axis(axis) if kind == "column" else chart.set_x_axis(axis)
        if kind == "column":
            chart.set_x_axis({"num_font": {"name": BODY_FONT, "size": 9}})
    return chart
