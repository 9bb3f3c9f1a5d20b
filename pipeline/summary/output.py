"""汇总台账.xlsx as an output: written, and read again before it counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import python_calamine

from pipeline.consolidation import Result
from pipeline.findings import Finding
from pipeline.ledger import Judgement, SummaryMarks
from pipeline.progress.tables import DETAIL, LINES
from pipeline.project import SUMMARY_FILE
from pipeline.publishing import VerificationError
from pipeline.summary.format import ITEM_LISTS, read_list
from pipeline.summary.periods import Period
from pipeline.summary.volumes import MAX_ROWS
from pipeline.summary.workbook import write_summary
from pipeline.tables import FINDINGS, RETURNS_STATE, TRACE


@dataclass(frozen=True)
class SummaryWorkbook:
    """The summary workbook. `copies` says which marked-up copy each file has; it is asked when the findings are written."""

    result: Result
    findings: Sequence[Finding]
    judgements: Sequence[Judgement]
    marks: SummaryMarks
    copies: Callable[[], Mapping[str, str]]
    row_limit: int = MAX_ROWS
    periods: Sequence[Period] = ()

    @property
    def name(self) -> str:
        """汇总台账.xlsx."""
        return SUMMARY_FILE

    def write(self, folder: Path) -> None:
        """Write it; OSError as the file system raises it."""
        write_summary(
            folder / self.name,
            self.result,
            list(self.findings),
            self.judgements,
            self.marks,
            self.copies,
            self.row_limit,
            self.periods,
        )

    def verify(self, folder: Path) -> None:
        """Every list has as many lines as there are rows, items, files and findings; lists in volumes are opened alone."""
        book = python_calamine.load_workbook(str(folder / self.name))
        wanted = {TRACE.title: self.result.intake.rows_read, FINDINGS.title: len(self.findings)}
        wanted[RETURNS_STATE.title] = len(self.result.intake.states)
        wanted |= {table.title: len(self.result.items[key]) for key, table in ITEM_LISTS.items()}
        if self.result.followed and self.result.followed.reported:
            wanted |= {
                DETAIL.title: len(self.result.followed.adoption.rows),
                LINES.title: len(self.result.followed.lines),
            }
        for title, count in wanted.items():
            rows = read_list(book, title)
            if (rows and "分册" in rows[0]) or len(rows) == count:
                continue
            raise VerificationError(f"汇总台账“{title}”应有 {count} 行，读回 {len(rows)} 行。")
