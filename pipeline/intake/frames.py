"""Rows as a table that may cross the room's door: its columns, declared and checked."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.intake.reading import Row
from pipeline.tables import Kind, Table, row_text

if TYPE_CHECKING:
    import pandera.pandas as pa

_FIXED = ("unit", "file", "sheet", "row", "part", "seq", "written", "text", "extras", "refused")


@lru_cache(maxsize=8)
def row_schema(table: Table) -> pa.DataFrameSchema:
    """The schema of a table's rows.

    unit, file, sheet: str; row, part, seq: int (row as Excel counts, part 0 or 1..n of a split cell);
    written: 序号 as written; text: 原文; extras: 其他内容; refused: the reason, "" for a row that was taken;
    links: tuple of positions in the problems frame; due: date or None; for_good: bool;
    and one str column per column of the table but 序号.
    """
    import pandera.pandas as pa  # noqa: PLC0415 - slow to import, and only needed at the door

    number, text = pa.Column(int), pa.Column(str)
    columns = {name: number if name in ("row", "part", "seq") else text for name in _FIXED}
    columns |= {column.key: text for column in table if column.kind is not Kind.SEQ}
    columns |= {"links": pa.Column(object), "due": pa.Column(object, nullable=True), "for_good": pa.Column(bool)}
    checks = pa.Check(
        lambda frame: ~frame.duplicated(["file", "sheet", "row", "part"]).any(), error="a row was read twice"
    )
    return pa.DataFrameSchema(columns, checks=checks, strict=True)


def row_frame(table: Table, rows: list[tuple[str, Row, tuple[int, ...]]]) -> pd.DataFrame:
    """The (unit, row, links) of one table as a validated frame; raises pandera's SchemaError if the reader went wrong."""
    keys = [column.key for column in table if column.kind is not Kind.SEQ]
    data: dict[str, list[object]] = {name: [] for name in (*_FIXED, *keys, "links", "due", "for_good")}
    for unit, row, links in rows:
        values = {
            "unit": unit,
            "file": row.file,
            "sheet": row.sheet,
            "row": row.row,
            "part": row.part,
            "seq": row.seq,
            "written": row.written,
            "text": row_text(row.values["title"], row.values["detail"]),
            "extras": row.extras,
            "refused": row.refused,
        }
        for name, value in values.items():
            data[name].append(value)
        for key in keys:
            data[key].append(row.values.get(key, ""))
        data["links"].append(links)
        data["due"].append(row.due)
        data["for_good"].append(row.for_good)
    kinds: dict[str, str] = (
        dict.fromkeys(("row", "part", "seq"), "int64")
        | dict.fromkeys(("links", "due"), "object")
        | {"for_good": "bool"}
    )
    frame = pd.DataFrame({name: pd.Series(column, dtype=kinds.get(name, "str")) for name, column in data.items()})
    return row_schema(table).validate(frame)
