"""What a unit reports on a measure in a period: the row as it came in, and the file that it came in."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any

from pipeline.findings import Finding, Place
from pipeline.records import RowId


class Application(StrEnum):
    """申请事项."""

    CLOSE = "销号"
    EXTEND = "延期"
    LONG_TERM = "转长期坚持"


class Use(StrEnum):
    """采用 of 进展明细: what became of a row."""

    TAKEN = "采用"
    NOT_TAKEN = "未采用"
    REFUSED = "拒收"


@dataclass(frozen=True, slots=True)
class ProgressEntry:
    """A row of 进展填报. `number` is the measure's as understood ("" where it is none), `written` as the unit wrote it.

    Dates that were not understood are None; `finished_text` keeps 完成日期 as written. `refused` says why the row is in
    no measure, "" if it may be.
    """

    id: RowId
    period: str
    unit: str
    number: str
    written: str = ""
    role: str = ""
    title: str = ""
    status: str = ""
    text: str = ""
    evidence: str = ""
    finished: dt.date | None = None
    finished_text: str = ""
    application: str = ""
    extend_to: dt.date | None = None
    review_on: dt.date | None = None
    reason: str = ""
    remark: str = ""
    extras: str = ""
    refused: str = ""


@dataclass(frozen=True, slots=True)
class MetricEntry:
    """A row of 量化指标: the value that a unit reports on a commitment, None where it gave none that is a number."""

    id: RowId
    period: str
    unit: str
    number: str
    indicator: str = ""
    quote: str = ""
    value: float | None = None
    written: str = ""
    note: str = ""


@dataclass(frozen=True)
class ProgressFile:
    """One progress workbook. `layout` gives each sheet's columns by key as letters, so that a cell can be named later.

    `date` is 填报日期, None where it is not given; `kept` is true for what the ledger kept of a file that is gone.
    """

    file: str
    unit: str
    period: str
    date: dt.date | None = None
    entries: tuple[ProgressEntry, ...] = ()
    metrics: tuple[MetricEntry, ...] = ()
    findings: tuple[Finding, ...] = ()
    layout: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sha256: str = ""
    kept: bool = False

    def place(self, row: RowId, key: str = "", title: str = "") -> Place:
        """The cell of column `key` of a row; the row as a whole ("5:5") where its sheet has no such column."""
        letter = self.layout.get(row.sheet, {}).get(key)
        cell = f"{letter}{row.row}" if letter else f"{row.row}:{row.row}"
        return Place(self.file, row.sheet, cell, title, self.unit)

    def to_json(self) -> str:
        """For the ledger: what the file said; what was found in it is said when it is read, and not kept."""
        kept = {name: getattr(self, name) for name in ("file", "unit", "period", "sha256")}
        content = {
            **kept,
            "date": self.date,
            "layout": {sheet: dict(columns) for sheet, columns in self.layout.items()},
            "entries": [asdict(entry) for entry in self.entries],
            "metrics": [asdict(entry) for entry in self.metrics],
        }
        return json.dumps(content, ensure_ascii=False, default=str, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> ProgressFile:
        """What `to_json` wrote, marked as kept."""
        read = json.loads(text)
        entries = tuple(ProgressEntry(**_values(ProgressEntry, given)) for given in read["entries"])
        metrics = tuple(MetricEntry(**_values(MetricEntry, given)) for given in read["metrics"])
        date = _day(read["date"])
        texts = (read["file"], read["unit"], read["period"])
        return cls(*texts, date, entries, metrics, (), read["layout"], read["sha256"], True)


_DAYS = ("finished", "extend_to", "review_on")


def _values(of: type, given: Mapping[str, Any]) -> dict[str, Any]:
    known = {one.name for one in fields(of)}
    values = {name: value for name, value in given.items() if name in known}
    values["id"] = RowId(**given["id"])
    return values | {name: _day(values[name]) for name in _DAYS if name in values}


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
