"""A list that is longer than a sheet can be: workbooks of its own by heading, and an index in its place. Never cut."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from pipeline.project import VOLUMES
from pipeline.summary.format import HEADER_ROW
from pipeline.summary.sheet import Linked, Look, write_list
from pipeline.summary.styles import Styles
from pipeline.tables import Column, Table

MAX_ROWS = 1_048_576 - HEADER_ROW - 1
"""Rows below the header that a sheet can hold (Excel's limit)."""

_HEADINGS = ("aspect", "direction", "unit", "a_unit", "short")
_FILE_NAME = re.compile(r"[^\w]")
_NOTE = "行数超过一张工作表的上限，全部内容在下列分册中；分册供查阅，其中的改动不会读回。"


def volumes_table(table: Table) -> Table:
    """The index that stands in the place of the list."""
    columns = (Column("volume", "分册", 50), Column("heading", "内容", 24), Column("count", "行数", 10))
    return Table(f"{table.key}_volumes", table.title, (*columns, Column("span", "首行—末行", 30)))


def write_volumes(
    folder: Path, table: Table, rows: Sequence[dict[str, Any]], subtitle: str, limit: int
) -> list[dict[str, Any]]:
    """Write the rows into workbooks of at most `limit` rows below `folder`, by heading; returns the index's rows."""
    folder.mkdir(parents=True, exist_ok=True)
    keys = table.keys()
    key = next((key for key in _HEADINGS if key in keys), "")
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[str(row.get(key) or "其他")].append(row)
    index: list[dict[str, Any]] = []
    for heading, own in groups.items():
        for start in range(0, len(own), limit):
            part = own[start : start + limit]
            name = f"{table.title}-{len(index) + 1:03}-{_FILE_NAME.sub('', heading)[:20]}.xlsx"
            book = xlsxwriter.Workbook(str(folder / name))
            # links between lists would lead nowhere here
            plain = [{k: v.text if isinstance(v, Linked) else v for k, v in row.items()} for row in part]
            write_list(book, Styles(book, live=False), table, plain, Look(f"{subtitle}　{_NOTE}", home=""))
            book.close()
            ends = [str(plain[at].get("id") or start + at % len(part) + 1) for at in (0, -1)]
            link = Linked(name, f"external:{VOLUMES}/{name}", "打开分册")
            index.append({"volume": link, "heading": heading, "count": len(part), "span": "—".join(ends)})
    return index
