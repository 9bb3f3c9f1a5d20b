"""整改方案: every problem of the document with its measures, who answers for them and until when, as text and as a table.

Nothing in it was written by the program but the names of the columns: what a plan says besides (总体要求, 组织保障) is marked
as missing for the office to write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from docx.document import Document

from pipeline.consolidation import Result, heading_rank, place_in_document
from pipeline.narrative import layout
from pipeline.narrative.document import read_narrative
from pipeline.narrative.grid import Grid, add_grid, cells_of, lie_down, new_document, save
from pipeline.narrative.outline import as_sentence
from pipeline.narrative.proof import Lists, chosen_problems
from pipeline.project import PLAN_FILE
from pipeline.publishing import VerificationError
from pipeline.records import Item
from pipeline.tables import MEASURES, PROBLEMS, problem_list, task_list
from pipeline.text import write_numeral
from pipeline.vocabulary import DocumentKind, TableKey

_HEADER = ("序号", "问题", "整改措施", "责任领导", "牵头单位", "配合单位", "整改时限")
_SHARES = (6, 22, 34, 10, 12, 12, 12)
_MISSING = "【待补充】"
_OWN = ("总体要求", "组织保障")
"""What a plan has before and after the matter itself; the office writes it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A problem of the document and all its measures, in the order of the document."""

    number: int
    aspect: int
    problem: Item
    measures: tuple[Item, ...]


def entries(merged: Result) -> list[Entry]:
    """The problems that are in the document, numbered through, each with every measure that answers it."""
    measures = {item.id: item for item in merged.items[TableKey.MEASURES]}
    scheme = merged.scheme
    problems = [item for item in merged.items[TableKey.PROBLEMS] if item.included]
    problems.sort(key=lambda item: (heading_rank(PROBLEMS, item, scheme), *place_in_document(item)))
    return [
        Entry(number, heading_rank(PROBLEMS, item, scheme), item, tuple(measures[one] for one in item.links.measures))
        for number, item in enumerate(problems, start=1)
    ]


@dataclass(frozen=True)
class Plan:
    """整改方案.docx."""

    result: Result
    lists: Callable[[Path], Lists | None]

    @property
    def name(self) -> str:
        """整改方案.docx."""
        return PLAN_FILE

    def write(self, folder: Path) -> None:
        """Write it; OSError as the file system raises it."""
        document = new_document()
        title = kind_title(self.result, DocumentKind.PLAN)
        document.add_paragraph(title, style=layout.TITLE_STYLE)
        for number, heading in enumerate((_OWN[0], "整改任务", _OWN[1]), start=1):
            document.add_paragraph(f"{write_numeral(number)}、{heading}", style=layout.HEADING1)
            if heading in _OWN:
                document.add_paragraph(f"【待补充：{heading}】", style=layout.BODY_STYLE)
            else:
                self._tasks(document)
        document.add_paragraph("附件：整改任务表", style=layout.ATTACHMENT_STYLE)
        lie_down(document, first=False)
        document.add_paragraph("附件", style=layout.SECRECY_STYLE)
        document.add_paragraph("整改任务表", style=layout.TITLE_STYLE)
        add_grid(
            document, Grid("整改任务表：问题、措施、责任和时限", _HEADER, list(rows(self.result)), _SHARES, joined=2)
        )
        save(document, folder / self.name, title, self.result.base)

    def _tasks(self, document: Document) -> None:
        given = entries(self.result)
        mark = self.result.scheme.settings.third_level[1:]
        for rank, aspect in enumerate(self.result.scheme.aspects):
            document.add_paragraph(f"（{write_numeral(rank + 1)}）{aspect.full}", style=layout.HEADING2)
            for entry in (entry for entry in given if entry.aspect == rank):
                for text in _said(entry, mark, self.result.scheme.settings.tidy):
                    document.add_paragraph(text, style=layout.BODY_STYLE)

    def verify(self, folder: Path) -> None:
        """Every problem of the document stands in the table once, each cell as the lists have it."""
        lists = self.lists(folder)
        if lists is None:
            return
        path = folder / self.name
        chosen = chosen_problems(lists, self.result.scheme)
        known = {
            str(value or "")
            for title in (problem_list().title, task_list().title)
            for row in lists[title]
            for value in row.values()
        }
        found = cells_of(path)
        if len({row[0] for row in found}) != len(chosen) or not read_narrative(path):
            raise VerificationError(f"整改方案应有 {len(chosen)} 个问题，读回 {len({row[0] for row in found})} 个。")
        for row in found:
            for text in row[3:]:
                if text not in known and text != _MISSING:
                    raise VerificationError(f"整改方案中有一格不是清单里的：{text[:40]}")


def kind_title(merged: Result, kind: DocumentKind) -> str:
    """The document's title with this kind's name in place of 对照检查材料."""
    settings = merged.scheme.settings
    plain = settings.plain_title
    return plain.replace(settings.paper, kind) if settings.paper in plain else f"{settings.unit}{kind}"


def rows(merged: Result) -> Iterator[tuple[str, ...]]:
    """The table's rows: one for each problem and measure, a problem without a measure with gaps."""
    for entry in entries(merged):
        own = (str(entry.number), f"{entry.problem.cells['title']}\n{_body(entry.problem)}".strip())
        for measure in entry.measures:
            said = f"{measure.cells['title']}\n{_body(measure)}".strip()
            yield (*own, said, *_who(measure))
        if not entry.measures:
            yield (*own, _MISSING, *(_MISSING for _ in _HEADER[3:]))


def _body(item: Item) -> str:
    return item.cells["wording"].strip() or item.cells["detail"].strip()


def _who(measure: Item) -> tuple[str, ...]:
    """责任领导, 牵头单位, 配合单位, 整改时限; a blank is shown as missing but for 配合单位, which may be nobody."""
    lead, support = "、".join(measure.leads), "、".join(measure.supports)
    return measure.cells["leader"] or _MISSING, lead or _MISSING, support, measure.cells["deadline"] or _MISSING


def _said(entry: Entry, mark: str, tidied: bool) -> Iterator[str]:
    head, body = as_sentence(entry.problem.cells["title"], tidied), as_sentence(_body(entry.problem), tidied)
    yield f"{entry.number}{mark}{head}{body}"
    for place, measure in enumerate(entry.measures, start=1):
        leader, lead, support, deadline = _who(measure)
        owners = [f"牵头单位：{lead}", *([f"配合单位：{support}"] if support else []), f"责任领导：{leader}"]
        said = as_sentence(measure.cells["title"], tidied) + as_sentence(_body(measure), tidied)
        yield f"（{place}）{said}（{'；'.join([*owners, f'整改时限：{deadline}'])}）"
    if not entry.measures:
        yield f"【待补充：{MEASURES.title}】"
