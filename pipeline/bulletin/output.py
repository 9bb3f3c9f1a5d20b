"""整改进展通报 and 催办 as outputs: written, and read again before they count."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.bulletin.facts import BulletinFacts
from pipeline.bulletin.paper import read_paper, write_paper
from pipeline.bulletin.reminders import reminded, reminder, reminder_title
from pipeline.bulletin.wording import Written, values_of, written
from pipeline.progress.periods import period_text
from pipeline.progress.sections import Section
from pipeline.progress.tables import LINES
from pipeline.project import REMINDERS
from pipeline.publishing import VerificationError

Lists = Mapping[str, Sequence[Mapping[str, Any]]]
_COUNTED = re.compile(r"率|占比")


@dataclass(frozen=True)
class Bulletin:
    """整改进展通报（2022年7月）.docx. `lists` reads the lists of the workbook that was written into a folder, None where there are none."""

    facts: BulletinFacts
    sections: Sequence[Section]
    signature: str
    lists: Callable[[Path], Lists | None]

    @property
    def name(self) -> str:
        """Its file name."""
        return f"整改进展通报（{period_text(self.facts.period)}）.docx"

    @property
    def title(self) -> str:
        """Its title."""
        return f"关于{period_text(self.facts.period)}整改进展情况的通报"

    def write(self, folder: Path) -> None:
        """Write it; OSError as the file system raises it."""
        parts = written(self.sections, self.facts)
        write_paper(folder / self.name, self.title, parts, self.signature, self.facts.day)

    def verify(self, folder: Path) -> None:
        """It says what was meant, and its figures are those of the workbook's 调度."""
        check_paper(folder / self.name, written(self.sections, self.facts))
        lists = self.lists(folder)
        if lists is not None and LINES.title in lists:
            check_figures(values_of(self.facts), lists[LINES.title], self.facts.period)


@dataclass(frozen=True)
class Reminders:
    """催办/单位名称.docx, one for each unit that has something to do; no folder where none has."""

    facts: BulletinFacts
    signature: str
    reply_by: dt.date

    @property
    def name(self) -> str:
        """The folder."""
        return REMINDERS

    def write(self, folder: Path) -> None:
        """Write them; OSError as the file system raises it."""
        (folder / self.name).mkdir()
        for unit in reminded(self.facts):
            parts = reminder(unit, self.facts, self.reply_by)
            title = reminder_title(self.facts.period)
            write_paper(self._path(folder, unit), title, parts, self.signature, self.facts.day, unit, short=True)

    def verify(self, folder: Path) -> None:
        """Each says what was meant."""
        for unit in reminded(self.facts):
            check_paper(self._path(folder, unit), reminder(unit, self.facts, self.reply_by))

    def _path(self, folder: Path, unit: str) -> Path:
        name = re.sub(r'[\\/:*?"<>|\s]+', "_", unit)
        return folder / self.name / f"{name}.docx"


def check_paper(path: Path, parts: Sequence[Written]) -> None:
    """The document holds the parts' texts and tables, in their order and nothing between; VerificationError otherwise."""
    texts, tables = read_paper(path)
    meant: list[str] = []
    for part in parts:
        meant += [part.heading] if part.heading else []
        meant += part.paragraphs
        meant += [part.table.note] if part.table and part.table.note else []
    at = texts.index(meant[0]) if meant and meant[0] in texts else -1
    if meant and (at < 0 or texts[at : at + len(meant)] != meant):
        raise VerificationError(f"{path.name} 读回来的文字与要写的不一致。")
    grids = [part.table for part in parts if part.table]
    if tables != [[list(grid.header), *map(list, grid.rows)] for grid in grids]:
        raise VerificationError(f"{path.name} 读回来的表格与要写的不一致。")


def check_figures(values: Mapping[str, str], lines: Sequence[Mapping[str, Any]], period: str) -> None:
    """Every count that the bulletin may quote is the one in 调度; VerificationError names the first that is not."""
    line = next((line for line in lines if str(line[LINES.column("period").title]) == period), None)
    if line is None:
        raise VerificationError(f"“{LINES.title}”中没有 {period}。")
    for column in LINES:
        if column.key != "period" and not _COUNTED.search(column.title) and column.title in values:
            there = line[column.title]
            if str(int(there or 0)) != values[column.title]:
                raise VerificationError(
                    f"通报的“{column.title}”是 {values[column.title]}，“{LINES.title}”中是 {there}。"
                )
