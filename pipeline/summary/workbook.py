"""The summary workbook as a whole: its sheets in order, its properties, its bytes always the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from pipeline.findings import Finding
from pipeline.intake import Intake
from pipeline.ledger import Decision
from pipeline.ledger.readback import FORMAT, FORMAT_MARK, PROJECT_MARK, SNAPSHOT_MARK
from pipeline.merging import Merged
from pipeline.scheme import Scheme
from pipeline.summary import lists
from pipeline.summary.dashboard import write_dashboard
from pipeline.summary.sheet import write_list
from pipeline.summary.styles import AMBER_FILL, GREEN_FILL, RED_FILL, Styles
from pipeline.tables import (
    DECIDED,
    EDITABLE,
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

SUMMARY_FILE = "汇总台账.xlsx"
CHECK_FILE = "核对结果.xlsx"
_LEVEL_COLOURS = {"错误": RED_FILL, "警告": AMBER_FILL}
_STATE_COLOURS = {
    "已报": GREEN_FILL,
    "未报": RED_FILL,
    "打不开": RED_FILL,
    "重复报送": AMBER_FILL,
    "不在名册": AMBER_FILL,
    "空表": AMBER_FILL,
}


@dataclass(frozen=True)
class Marks:
    """Whose summary this is and which snapshot of the ledger it shows, so that it can be read back."""

    project: str
    snapshot: str


def write_summary(
    path: Path, merged: Merged, findings: list[Finding], decisions: Sequence[Decision] = (), marks: Marks | None = None
) -> None:
    """Write 汇总台账.xlsx with every sheet of the contract's section 4; OSError as the file system raises it."""
    scheme = merged.scheme
    book = _new_book(path, SUMMARY_FILE, scheme, merged.base)
    if marks:
        book.set_custom_property(PROJECT_MARK, marks.project)
        book.set_custom_property(SNAPSHOT_MARK, marks.snapshot)
        book.set_custom_property(FORMAT_MARK, str(FORMAT))
    styles = Styles(book)
    subtitle = f"{scheme.settings.unit}　基准日期 {merged.base.isoformat()}"
    dashboard = book.add_worksheet("总览")

    def write(table: Table, rows: list[lists.ListRow], inputs: tuple[str, ...] = ()) -> Any:
        choices = {key: scheme.allowed(table.column(key)) for key in inputs}
        return write_list(book, styles, table, rows, subtitle, choices, open_rows=table is DECIDED)

    sheets = {
        "problems": write(problem_list(), lists.problems(merged), EDITABLE["problem_list"]),
        "causes": write(cause_list(), lists.causes(merged), EDITABLE["cause_list"]),
        "tasks": write(task_list(), lists.tasks(merged), EDITABLE["task_list"]),
        "duties": write(duty_list(), lists.duties(merged)),
        "closing": write(closing_list(), lists.closing(merged), EDITABLE["closing_list"]),
        "pending": write(PENDING, lists.pending(merged), ("verdict",)),
        "decided": write(DECIDED, lists.decided(decisions), ("verdict",)),
        "trace": write(TRACE, lists.trace(merged)),
        "states": write(RETURNS_STATE, lists.states(merged.intake, findings)),
        "findings": write(FINDINGS, lists.finding_rows(findings)),
    }
    colours = {"绿": GREEN_FILL, "黄": AMBER_FILL, "红": RED_FILL}
    _colour(book, sheets["closing"], closing_list(), "light", colours, styles)
    _colour(book, sheets["findings"], FINDINGS, "level", _LEVEL_COLOURS, styles)
    _colour(book, sheets["states"], RETURNS_STATE, "state", _STATE_COLOURS, styles)
    _colour(book, sheets["trace"], TRACE, "way", {"拒收": RED_FILL}, styles)
    write_dashboard(dashboard, book, styles, merged, findings)
    dashboard.activate()
    book.close()


def write_check(path: Path, intake: Intake, findings: list[Finding], scheme: Scheme, base: dt.date) -> None:
    """Write 核对结果.xlsx for `sandan check`: 核对结果 and 填报情况 alone."""
    book = _new_book(path, CHECK_FILE, scheme, base)
    styles = Styles(book)
    subtitle = f"{scheme.settings.unit}　基准日期 {base.isoformat()}"
    found = write_list(book, styles, FINDINGS, lists.finding_rows(findings), subtitle, home="")
    states = write_list(book, styles, RETURNS_STATE, lists.states(intake, findings), subtitle, home="")
    _colour(book, found, FINDINGS, "level", _LEVEL_COLOURS, styles)
    _colour(book, states, RETURNS_STATE, "state", _STATE_COLOURS, styles)
    book.close()


def _new_book(path: Path, title: str, scheme: Scheme, day: dt.date) -> xlsxwriter.Workbook:
    book = xlsxwriter.Workbook(
        str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties(
        {
            "title": title.removesuffix(".xlsx"),
            "subject": scheme.settings.document_title,
            "author": "sandan",
            "company": scheme.settings.unit,
            "created": dt.datetime(day.year, day.month, day.day),
        }
    )
    return book


def _colour(
    book: xlsxwriter.Workbook, sheet: Any, table: Table, key: str, colours: dict[str, str], styles: Styles
) -> None:
    column = table.keys().index(key)
    for text, colour in colours.items():
        sheet.conditional_format(
            3,
            column,
            1_048_575,
            column,
            {
                "type": "cell",
                "criteria": "==",
                "value": f'"{text}"',
                "format": book.add_format({"bg_color": colour}),
            },
        )
