"""总览: what a chief reads in a minute. Questions, their answers, and the figures behind them, all live formulas.

One page, A3 across: the state in a sentence, six figures, what is to be done today, then by month, unit, aspect and direction.
"""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline.consolidation import Result
from pipeline.project import NARRATIVE_FILE
from pipeline.summary import charts, panels
from pipeline.summary.block import BASE_DATE, WARN_DAYS
from pipeline.summary.due_figures import ATTENTION, FEWEST
from pipeline.summary.page import COLUMNS, LEFT, MIDDLE, RIGHT, ROW, WIDE, Page, Span
from pipeline.summary.paper import A3, SIDE
from pipeline.summary.replies import aspects_reply, cards, months_reply, progress_reply, units_reply
from pipeline.summary.statistics import Statistics
from pipeline.summary.styles import LATE_TEXT, Styles

DASHBOARD = "总览"
_TABS, _TITLE, _ANSWER, _CARDS, _FIRST = 0, 1, 2, 4, 8
"""Rows; the tabs are for the screen and not printed."""
_LOWER = 15
"""Rows of the lower half where the upper one is full; it takes what the upper one leaves."""
_CARD = COLUMNS // 6


def write_dashboard(sheet: Any, book: Any, styles: Styles, merged: Result, statistics: Statistics) -> None:
    """Fill the sheet 总览 and name the cells of 基准日期 and 预警天数."""
    page = Page(sheet, styles)
    sheet.set_default_row(ROW * 0.75)
    _tabs(page, [other.get_name() for other in book.worksheets() if other is not sheet])
    _title(page, book, merged)
    page.height(_ANSWER, 36)
    page.write(_ANSWER, Span(0, COLUMNS), panels.answer(statistics.facts), styles.answer)
    page.height(_ANSWER + 1, 6)
    _cards(page, merged, statistics)
    page.height(_FIRST - 1, 10)
    lines = _upper(page, book, statistics)
    end = _lower(page, book, statistics, _FIRST + lines + 4, _LOWER + ATTENTION - lines)
    page.write(end, Span(0, COLUMNS), panels.note(), styles.subtitle)
    _print(sheet, end)


def _tabs(page: Page, names: list[str]) -> None:
    """A line of links to every sheet and to the narrative; it stays in sight and off the paper."""
    page.height(_TABS, 26)
    targets = [(name, f"internal:'{name}'!A1") for name in names]
    targets.append((NARRATIVE_FILE.removesuffix(".docx"), f"external:{NARRATIVE_FILE}"))
    first, extra = divmod(COLUMNS, len(targets))
    left = 0
    for number, (name, target) in enumerate(targets):
        width = first + (number < extra)
        page.link(_TABS, Span(left, width), name, target, page.styles.tab)
        left += width
    page.sheet.freeze_panes(_TABS + 1, 0)


def _title(page: Page, book: Any, merged: Result) -> None:
    styles, settings = page.styles, merged.scheme.settings
    page.height(_TITLE, 46)
    title = f"{settings.unit}　{settings.year} 年度查摆问题整改总览"
    page.write(_TITLE, Span(0, COLUMNS - 20), title, styles.page_title)
    for left, name, value, form in (
        (COLUMNS - 20, BASE_DATE, merged.base, styles.input_date),
        (COLUMNS - 9, WARN_DAYS, settings.warn_days, styles.input_number),
    ):
        page.write(_TITLE, Span(left, 5), f"{name} ", styles.input_label)
        page.write(_TITLE, Span(left + 5, 5 if name == BASE_DATE else 4), value, form)
        book.define_name(name, f"='{DASHBOARD}'!{xl_rowcol_to_cell(_TITLE, left + 5, row_abs=True, col_abs=True)}")
    page.write(_TITLE, Span(COLUMNS - 10, 1), "", styles.page_title)


def _cards(page: Page, merged: Result, statistics: Statistics) -> None:
    for row, height in ((_CARDS, 26), (_CARDS + 1, 48), (_CARDS + 2, 26)):
        page.height(row, height)
    for index, card in enumerate(cards(merged, statistics)):
        span = Span(index * _CARD, _CARD)
        forms = page.styles.card(card.rim)
        for row, content, form in zip(
            range(_CARDS, _CARDS + 3), (card.label, card.figure, card.note), forms, strict=True
        ):
            page.write(row, span, content, form)
        if card.alarm:  # a zero is no alarm
            look = page.styles.late if card.alarm == LATE_TEXT else page.styles.soon
            rule = {"type": "cell", "criteria": ">", "value": 0, "format": look}
            page.sheet.conditional_format(_CARDS + 1, span.left, _CARDS + 1, span.left + span.width - 1, rule)


def _upper(page: Page, book: Any, statistics: Statistics) -> int:
    """督办 and the months; returns how many lines it has."""
    facts = statistics.facts
    lines: int = min(ATTENTION, max(FEWEST, facts.value("逾期") + facts.value("将到期")))
    page.heading(_FIRST, WIDE, "今天要督办什么？", panels.attention_reply(facts, lines))
    panels.attention(page, _FIRST + 2, lines, statistics)
    page.heading(_FIRST, RIGHT, "离截止还有多少？", months_reply(statistics))
    if statistics.periods.rows:
        says = "堆叠柱形图：各月到期的措施数，已完成、逾期、将到期、未到期分色；数字在统计表“到期”一栏"
        page.chart(_FIRST + 2, lines + 1, RIGHT, charts.months(book, statistics.periods), says)
    page.height(_FIRST + lines + 3, 14)
    return lines


def _lower(page: Page, book: Any, statistics: Statistics, first: int, rows: int) -> int:
    """Units, aspects and directions from row `first`, so many rows below their headings or more; returns the row below."""
    aspects = statistics.aspects.rows
    middle = panels.TASK_LINES + 2 if statistics.history else len(aspects) + 1
    right = len(statistics.directions.rows) + panels.TASK_LINES + 5
    rows = max(rows, right, middle + max(5, len(aspects)) + 1)
    body = first + 2
    shown = sum(1 for name in statistics.ranking.values("单位") if name)
    page.heading(first, LEFT, "哪些单位逾期？", units_reply(statistics))
    if shown:
        says = "堆叠条形图：各单位牵头的措施，逾期、将到期、未到期、已完成分段，逾期多的在前；数字在统计表“名次”一栏"
        page.chart(body, rows, LEFT, charts.units(book, statistics.ranking, shown), says)
    page.heading(first, MIDDLE, "哪些方面问题最多？", aspects_reply(statistics))
    if aspects:
        upper = max(len(aspects) + 1, rows * 2 // 5) if statistics.history else rows - middle
        says = "条形图：各对照方面的问题数，最多的用深色；数字在统计表“对照方面”一栏"
        page.chart(body, upper, MIDDLE, charts.aspects(book, statistics.aspects), says)
        if statistics.history:
            _progress(page, book, statistics, body + upper, rows - upper)
        else:
            panels.channels(page, body + upper, statistics)
    page.heading(first, RIGHT, "各努力方向进展如何？", panels.directions_reply(statistics))
    below = panels.directions(page, body, statistics)
    # what is left over goes between the two tables, so that both edges of the page are straight
    start = max(below + 1, body + rows - panels.TASK_LINES - 2)
    page.write(start, RIGHT, "今天办公室要办什么？", page.styles.question)
    panels.office(page, start + 1, statistics)
    return body + rows


def _progress(page: Page, book: Any, statistics: Statistics, row: int, rows: int) -> None:
    """Progress over the periods, once there is one."""
    assert statistics.history is not None
    page.heading(row, MIDDLE, "是不是在往前走？", progress_reply(statistics.history))
    says = "折线图：各期次应完成、已完成、已销号、逾期的措施数；数字在统计表“期次”一栏"
    page.chart(row + 2, rows - 2, MIDDLE, charts.progress(book, statistics.history), says)


def _print(sheet: Any, last: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(A3)
    sheet.fit_to_pages(1, 1)
    sheet.print_area(_TITLE, 0, last, COLUMNS - 1)
    sheet.center_horizontally()
    sheet.center_vertically()
    sheet.set_margins(left=SIDE, right=SIDE, top=SIDE, bottom=SIDE)
