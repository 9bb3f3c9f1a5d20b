"""问题清单 as an annex to be signed: a landscape table with the lines for seal, signatures and telephone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.consolidation import Result
from pipeline.narrative import layout
from pipeline.narrative.grid import Grid, add_grid, cells_of, lie_down, new_document, save
from pipeline.narrative.plan import entries, kind_title
from pipeline.narrative.proof import Lists, chosen_problems
from pipeline.project import ANNEX_FILE
from pipeline.publishing import VerificationError
from pipeline.vocabulary import DocumentKind

_HEADER = ("序号", "编号", "对照方面", "问题", "具体表现", "查摆途径", "责任领导")
_SHARES = (6, 9, 12, 20, 42, 12, 12)
_ABOVE = "填报单位（盖章）：　　　　　　　　　　　　　　　　填报日期：　　　　年　　月　　日"
_BELOW = "主要负责人（签字）：　　　　　　　　分管负责人（签字）：　　　　　　　　填表人：　　　　　　联系电话："


@dataclass(frozen=True)
class ProblemAnnex:
    """问题清单（附件）.docx."""

    result: Result
    lists: Callable[[Path], Lists | None]

    @property
    def name(self) -> str:
        """问题清单（附件）.docx."""
        return ANNEX_FILE

    def write(self, folder: Path) -> None:
        """Write it; OSError as the file system raises it."""
        document = new_document()
        lie_down(document, first=True)
        title = kind_title(self.result, DocumentKind.PROBLEM_ANNEX)
        document.add_paragraph("附件1", style=layout.SECRECY_STYLE)
        document.add_paragraph(title, style=layout.TITLE_STYLE)
        document.add_paragraph(_ABOVE, style=layout.TABLE_CELL)
        add_grid(document, Grid(title, _HEADER, self._rows(), _SHARES))
        document.add_paragraph(_BELOW, style=layout.TABLE_CELL)
        save(document, folder / self.name, title, self.result.base)

    def _rows(self) -> list[tuple[str, ...]]:
        keys = ("aspect", "title", "detail", "channels", "leader")
        return [
            (str(entry.number), entry.problem.id, *(entry.problem.cells[key].strip() for key in keys))
            for entry in entries(self.result)
        ]

    def verify(self, folder: Path) -> None:
        """It lists the problems of the document, each cell as 问题清单 of the workbook has it."""
        lists = self.lists(folder)
        if lists is None:
            return
        rows = chosen_problems(lists, self.result.scheme)
        wanted = {(str(row["问题编号"]), *(str(row[name] or "").strip() for name in _HEADER[2:])) for row in rows}
        if {row[1:] for row in cells_of(folder / self.name)} != wanted:
            raise VerificationError("问题清单（附件）与汇总台账的问题清单不一致。")
