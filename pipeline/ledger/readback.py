"""The last 汇总台账.xlsx as the office left it: 处理意见 typed in, decisions changed, cells edited."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import python_calamine
from defusedxml import ElementTree

from pipeline.tables import DECIDED_V1 as DECIDED
from pipeline.tables import INPUTS, OPINIONS, Table, list_tables
from pipeline.tables import PENDING_V1 as PENDING

FORMAT = 1
"""Of the marks in the summary's properties; a summary with a higher one is from a newer version."""

PROJECT_MARK, SNAPSHOT_MARK, FORMAT_MARK = "sandan_project", "sandan_snapshot", "sandan_format"
_PROPERTIES = "docProps/custom.xml"
_HEADER_SEARCH = 6


class SummaryInTheWayError(Exception):
    """The summary that is there must not be written over; the message says why and what to do."""


@dataclass(frozen=True)
class Opinion:
    """A 处理意见 as it stands: `verdict` is 归并, 不归并 or "" (taken back, in 已定事项)."""

    table: str
    unit_a: str
    text_a: str
    unit_b: str
    text_b: str
    verdict: str


@dataclass(frozen=True)
class ReadBack:
    """What a summary says: whose it is, which snapshot it was written as, opinions, and its editable cells."""

    project: str
    snapshot: str
    pending: list[Opinion] = field(default_factory=list)
    decided: list[Opinion] = field(default_factory=list)
    cells: dict[tuple[str, str, str], str] = field(default_factory=dict)


def read_summary(path: Path, project: str) -> ReadBack | None:
    """Read the summary at `path`, None if there is none; `project` is this project's identity ("" if not known yet).

    Raises SummaryInTheWayError if it is open in Excel, damaged, of another project or from a newer version.
    """
    if not path.exists():
        return None
    if (path.parent / f"~${path.name}").exists():
        raise SummaryInTheWayError(f"{path} 正在 Excel 或 WPS 中打开，请保存并关闭后再运行。")
    try:
        data = path.read_bytes()
        marks = _marks(data)
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in _sheets(book)}
    except PermissionError as error:
        raise SummaryInTheWayError(f"{path} 不能读取，可能正被别的程序打开，请关闭后再运行。") from error
    except Exception as error:
        raise SummaryInTheWayError(
            f"{path} 已损坏，打不开。其中可能有填好的意见，没有覆盖；请移走或修复后再运行。"
        ) from error
    if PROJECT_MARK not in marks:
        raise SummaryInTheWayError(f"{path} 不是 sandan 写的汇总台账，没有覆盖；请移走后再运行。")
    if int(marks.get(FORMAT_MARK, "0") or 0) > FORMAT:
        raise SummaryInTheWayError(f"{path} 是更新版本的 sandan 写的，请升级后再运行。")
    if project and marks[PROJECT_MARK] != project:
        raise SummaryInTheWayError(f"{path} 是另一个项目的汇总台账，没有覆盖；请移走后再运行。")
    cells: dict[tuple[str, str, str], str] = {}
    for table in list_tables():
        for row in _rows(sheets, table):
            for key in table.editable():
                if row.get("id"):
                    cells[row["id"], table.key, key] = row.get(key, "")
    pending = _opinions([row for row in _rows(sheets, PENDING) if row.get("verdict") in OPINIONS])
    return ReadBack(
        marks[PROJECT_MARK],
        marks.get(SNAPSHOT_MARK, ""),
        pending,
        _opinions(_rows(sheets, DECIDED)),
        cells,
    )


def _opinions(rows: list[dict[str, str]]) -> list[Opinion]:
    keys = {table.short: table.key for table in INPUTS}
    return [
        Opinion(
            keys[row["short"]],
            row["a_unit"],
            row["a_text"],
            row["b_unit"],
            row["b_text"],
            row["verdict"] if row["verdict"] in OPINIONS else "",
        )
        for row in rows
        if row["short"] in keys and row["a_text"] and row["b_text"]
    ]


def _marks(data: bytes) -> dict[str, str]:
    """The package's custom properties; "" where it has none."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if _PROPERTIES not in package.namelist():
            return {}
        root = ElementTree.fromstring(package.read(_PROPERTIES))
    return {str(node.get("name")): "".join(node.itertext()) for node in root}


def _sheets(book: Any) -> list[str]:
    """The sheets that are read back, of those that are there."""
    wanted = {table.title for table in (*list_tables(), PENDING, DECIDED)}
    return [name for name in book.sheet_names if name in wanted]


def _rows(sheets: dict[str, list[list[Any]]], table: Table) -> list[dict[str, str]]:
    """The rows of a list sheet by column key, wherever its columns were moved to."""
    titles = {column.title: column.key for column in table}
    grid = sheets.get(table.title, [])
    for number, row in enumerate(grid[:_HEADER_SEARCH]):
        places = {titles[text]: at for at, text in enumerate(row) if text in titles}
        if len(places) >= len(titles) / 2:
            lines = ({key: cell_text(line[at]) for key, at in places.items()} for line in grid[number + 1 :])
            return [line for line in lines if any(line.values())]
    return []


def cell_text(value: Any) -> str:
    """A cell's value as the text by which edits are noticed: dates as 2022-06-30, nothing as ""."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\r\n", "\n").strip()
