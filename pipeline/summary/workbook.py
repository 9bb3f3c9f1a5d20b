"""The summary workbook as a whole: its sheets in order, its properties, its bytes always the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from pipeline.before_sending import BEFORE_SENDING
from pipeline.consolidation import Result
from pipeline.findings import Finding
from pipeline.intake.collect import Intake
from pipeline.ledger import FORMAT, FORMAT_MARK, PROJECT_MARK, SNAPSHOT_MARK, Judgement, SummaryMarks
from pipeline.progress.tables import LINES
from pipeline.project import CHECK_FILE, SUMMARY_FILE, VOLUMES
from pipeline.scheme import Scheme
from pipeline.summary import lists
from pipeline.summary.block import STATISTICS
from pipeline.summary.dashboard import DASHBOARD, write_dashboard
from pipeline.summary.format import FIRST_ROW
from pipeline.summary.periods import Period
from pipeline.summary.progress import add_chart, history, progress_sheets
from pipeline.summary.sheet import Look, write_list
from pipeline.summary.statistics import write_statistics
from pipeline.summary.styles import AMBER_FILL, DEFAULT_FONT, RED_FILL, Styles
from pipeline.summary.volumes import MAX_ROWS, volumes_table, write_volumes
from pipeline.summary.wall import WALL_PROBLEMS, WALL_TASKS, write_walls
from pipeline.tables import (
    DECIDED,
    DROPPED,
    FINDINGS,
    PENDING,
    RETURNS_STATE,
    TRACE,
    Table,
    cause_list,
    closing_list,
    duty_list,
    problem_list,
    task_list,
)
from pipeline.vocabulary import FileState, JoinWay, Level, Light

_LINE_COLOURS = {"done": "#2E75B6", "closed": "#548235", "overdue": "#C00000"}
_LEVEL_COLOURS: dict[str, str] = {Level.ERROR: RED_FILL, Level.WARNING: AMBER_FILL}
_LIGHT_COLOURS: dict[str, str] = {Light.AMBER: AMBER_FILL, Light.RED: RED_FILL}
_STATE_COLOURS: dict[str, str] = {
    FileState.MISSING: RED_FILL,
    FileState.UNREADABLE: RED_FILL,
    FileState.SUPERSEDED: AMBER_FILL,
    FileState.NOT_ON_ROSTER: AMBER_FILL,
    FileState.EMPTY: AMBER_FILL,
}
_WALLS = {problem_list().title: WALL_PROBLEMS.title, task_list().title: WALL_TASKS.title}
_SIGNED = {table().title for table in (problem_list, cause_list, task_list, duty_list, closing_list)}


def write_summary(
    path: Path,
    merged: Result,
    findings: list[Finding],
    judgements: Sequence[Judgement] = (),
    marks: SummaryMarks | None = None,
    copies: Callable[[], Mapping[str, str]] = dict,
    row_limit: int = MAX_ROWS,
    periods: Sequence[Period] = (),
) -> None:
    """Write 汇总台账.xlsx with every sheet of the contract's section 4; OSError as the file system raises it.

    `copies` says which marked-up copy each file has, so that findings lead there; it is asked when they are written. A list of more than `row_limit` rows
    is written into workbooks of its own beside it, and its sheet says which rows are where; figures are then values.
    """
    scheme = merged.scheme
    book = _new_book(path, SUMMARY_FILE, scheme, merged.base)
    if marks:
        book.set_custom_property(PROJECT_MARK, marks.project)
        book.set_custom_property(SNAPSHOT_MARK, marks.snapshot)
        book.set_custom_property(FORMAT_MARK, str(FORMAT))
    largest = max(merged.intake.rows_read, len(merged.duties), len(findings), merged.figures.pending)
    styles = Styles(book, live=largest <= row_limit)
    subtitle = _subtitle(scheme, merged.base)
    places = lists.Places(merged)
    dashboard = book.add_worksheet(DASHBOARD)

    def write(table: Table, rows: list[lists.ListRow], inputs: tuple[str, ...] = (), group: str = "") -> Any:
        choices = {key: scheme.allowed(table.column(key)) for key in inputs}
        if len(rows) > row_limit:
            volumes = write_volumes(path.parent / VOLUMES, table, rows, subtitle, row_limit)
            return write_list(book, styles, volumes_table(table), volumes, Look(subtitle))
        wall, signed = _WALLS.get(table.title, ""), table.title in _SIGNED
        look = Look(subtitle, choices, open=table is DECIDED, group=group, signed=signed, wall=wall)
        return write_list(book, styles, table, rows, look)

    write(problem_list(), lists.problems(merged, places), problem_list().editable())
    write(cause_list(), lists.causes(merged, places), cause_list().editable())
    write(task_list(), lists.tasks(merged, places), task_list().editable())
    write(duty_list(), lists.duties(merged, places), group="unit")
    closing = write(closing_list(), lists.closing(merged, places), closing_list().editable())
    for table, rows in progress_sheets(merged, places):
        made = write(table, rows)
        if table is LINES and merged.followed:
            add_chart(book, made, merged.followed, _LINE_COLOURS)
    write(PENDING, lists.pending(merged, places), ("mark",), "family")
    write(DECIDED, lists.decided(judgements), ("mark",), "decision")
    trace = write(TRACE, lists.trace(merged, places))
    states = write(RETURNS_STATE, lists.states(merged.intake, findings))
    write(DROPPED, lists.dropped(merged.intake))
    found = write(FINDINGS, lists.finding_rows(findings, copies()))
    if len(findings) <= row_limit:
        _before_sending(found, styles, FIRST_ROW + max(len(findings), 1) + 1)
    _colour(closing, closing_list(), "light", _LIGHT_COLOURS, styles)
    _colour(found, FINDINGS, "level", _LEVEL_COLOURS, styles)
    _colour(states, RETURNS_STATE, "state", _STATE_COLOURS, styles)
    _colour(trace, TRACE, "way", {JoinWay.REFUSED: RED_FILL}, styles)
    statistics = write_statistics(
        book.add_worksheet(STATISTICS), styles, merged, findings, subtitle, periods or history(merged)
    )
    write_walls(book, styles, merged, subtitle)
    write_dashboard(dashboard, book, styles, merged, statistics)
    dashboard.activate()
    book.close()


def _before_sending(sheet: Any, styles: Styles, row: int) -> None:
    """Below 核对结果, what no program can find: an empty box for each."""
    column = FINDINGS.keys().index("message")
    sheet.write_string(row, column, "送审前自查（程序判断不了，请人来看）", styles.question)
    for number, text in enumerate(BEFORE_SENDING, start=row + 1):
        sheet.write_string(number, column, f"□ {text}", styles.agrees)


def write_check(
    path: Path, intake: Intake, findings: list[Finding], scheme: Scheme, base: dt.date, copies: Mapping[str, str]
) -> None:
    """Write 核对结果.xlsx for `sandan check`: 核对结果 and 填报情况 alone."""
    book = _new_book(path, CHECK_FILE, scheme, base)
    styles = Styles(book)
    look = Look(_subtitle(scheme, base), home="")
    found = write_list(book, styles, FINDINGS, lists.finding_rows(findings, copies), look)
    write_list(book, styles, DROPPED, lists.dropped(intake), look)
    states = write_list(book, styles, RETURNS_STATE, lists.states(intake, findings), look)
    _colour(found, FINDINGS, "level", _LEVEL_COLOURS, styles)
    _colour(states, RETURNS_STATE, "state", _STATE_COLOURS, styles)
    book.close()


def _subtitle(scheme: Scheme, base: dt.date) -> str:
    return f"{scheme.settings.unit}　基准日期 {base.isoformat()}"


def _new_book(path: Path, title: str, scheme: Scheme, day: dt.date) -> xlsxwriter.Workbook:
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(str(path), {**options, "default_format_properties": DEFAULT_FONT})
    book.set_properties(
        {
            "title": title.removesuffix(".xlsx"),
            "subject": scheme.settings.plain_title,
            "author": "sandan",
            "company": scheme.settings.unit,
            "created": dt.datetime(day.year, day.month, day.day),
        }
    )
    return book


def _colour(sheet: Any, table: Table, key: str, colours: dict[str, str], styles: Styles) -> None:
    column = table.keys().index(key)
    for text, colour in colours.items():
        rule = {"type": "cell", "criteria": "==", "value": f'"{text}"', "format": styles.fill(colour)}
        sheet.conditional_format(FIRST_ROW - 1, column, 1_048_575, column, rule)
