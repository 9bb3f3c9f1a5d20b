"""Rows as a table, for the room that works on tables: its columns, declared and checked."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.records import SourceRow

if TYPE_CHECKING:
    import pandera.pandas as pa

_COLUMNS = ("text", "title", "detail", "unit", "refused")


@lru_cache(maxsize=1)
def row_schema() -> pa.DataFrameSchema:
    """The schema of the frame: str columns text, title, detail, unit, refused; the index holds each row's `RowId` once."""
    import pandera.pandas as pa  # noqa: PLC0415 - slow to import, and only needed at the door

    index = pa.Index(object, pa.Check(lambda ids: not ids.duplicated().any(), error="a row was read twice"))
    return pa.DataFrameSchema({name: pa.Column(str) for name in _COLUMNS}, index=index, strict=True)


def row_frame(rows: Iterable[SourceRow]) -> pd.DataFrame:
    """The rows of one table as a validated frame; raises pandera's SchemaError if the reader went wrong."""
    rows = list(rows)
    data = {name: pd.Series([getattr(row, name) for row in rows], dtype="str") for name in _COLUMNS}
    frame = pd.DataFrame(data)
    frame.index = pd.Index([row.id for row in rows], dtype=object, tupleize_cols=False)
    return row_schema().validate(frame)
