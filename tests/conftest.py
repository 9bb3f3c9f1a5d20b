"""Small projects to run: a scheme in code, departments' sheets written as lists of rows."""

from __future__ import annotations

import datetime as dt
import itertools
import os
from pathlib import Path
from typing import Any

import hypothesis
import openpyxl
import pytest
from openpyxl import Workbook

from pipeline.intake import Submission, read_submission
from pipeline.scheme import Aspect, Part, Scheme, Settings, Unit, write_scheme

# a submission is judged on the same examples each time; at a desk hypothesis looks for new ones
hypothesis.settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    hypothesis.settings.load_profile("ci")

TODAY = dt.date(2022, 7, 15)
PARTS = (
    Part(kind="开头", content="{单位名称}由{填报单位数}个单位查摆问题{问题数}条。"),
    Part(kind="问题", title="存在的问题"),
    Part(kind="原因", title="产生原因"),
    Part(kind="措施", title="整改措施"),
)


def make_scheme(units: tuple[str, ...] = ("县教育局", "县财政局", "白露镇"), **settings: Any) -> Scheme:
    given = {"unit": "某县委", "year": 2022, "document_title": "对照检查材料", **settings}
    return Scheme(
        settings=Settings(**given),
        aspects=(Aspect(short="学习", full="带头学习方面"), Aspect(short="为民", full="带头为民方面")),
        directions=("强化学习", "服务群众"),
        roster=tuple(
            Unit(name=name, aliases=(name.removeprefix("县"),) if name.startswith("县") else ()) for name in units
        ),
        parts=PARTS,
    )


PROBLEM_HEADER = ["序号", "对照方面", "问题", "具体表现", "典型事例", "查摆途径", "责任领导", "备注"]
CAUSE_HEADER = ["序号", "原因", "剖析", "对应问题", "备注"]
MEASURE_HEADER = [
    "序号",
    "对应问题",
    "努力方向",
    "措施",
    "具体举措",
    "目标要求",
    "牵头单位",
    "配合单位",
    "责任领导",
    "责任人",
    "整改类型",
    "整改时限",
    "完成情况",
    "进展说明",
    "佐证材料",
    "完成日期",
    "备注",
]


def measure(
    seq: Any, refs: Any, title: str, detail: str, lead: str = "县教育局", deadline: Any = "2022-06-30", **more: Any
) -> list[Any]:
    row = (
        dict.fromkeys(MEASURE_HEADER)
        | {
            "序号": seq,
            "对应问题": refs,
            "努力方向": "强化学习",
            "措施": title,
            "具体举措": detail,
            "牵头单位": lead,
            "整改类型": "限期整改",
            "整改时限": deadline,
        }
        | more
    )
    return [row[name] for name in MEASURE_HEADER]


def make_book(
    unit: str = "县教育局", date: str = "2022-01-10", basic: dict[str, Any] | None = None, **sheets: list[list[Any]]
) -> Workbook:
    """A workbook with 基本信息 and the given sheets, each a list of rows from A1."""
    book = openpyxl.Workbook()
    first = book.active
    first.title = "基本信息"
    for pair in {"填报单位": unit, "填报日期": date, **(basic or {})}.items():
        first.append(pair)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return book


def problem_sheet(*rows: list[Any]) -> list[list[Any]]:
    return [PROBLEM_HEADER, *[[*row, *[None] * (len(PROBLEM_HEADER) - len(row))] for row in rows]]


def read(book: Workbook, tmp_path: Path, scheme: Scheme | None = None, name: str = "报.xlsx") -> Submission:
    path = tmp_path / name
    book.save(path)
    return read_submission(path.read_bytes(), name, scheme or make_scheme(), TODAY)


def codes(submission: Submission) -> list[str]:
    return [finding.code for finding in submission.findings]


def make_project(folder: Path, scheme: Scheme, books: dict[str, Workbook]) -> Path:
    (folder / "workbooks").mkdir(parents=True, exist_ok=True)
    write_scheme(scheme, folder / "方案.xlsx")
    for name, book in books.items():
        book.save(folder / "workbooks" / name)
    return folder


def list_rows(path: Path, sheet: str) -> list[dict[str, Any]]:
    """The rows of a list sheet of 汇总台账.xlsx by column title."""
    rows = list(openpyxl.load_workbook(path, data_only=True)[sheet].iter_rows(min_row=3, values_only=True))
    lines = itertools.takewhile(lambda row: any(value is not None for value in row), rows[1:])
    return [dict(zip(rows[0], row, strict=True)) for row in lines]


@pytest.fixture
def scheme() -> Scheme:
    return make_scheme()
