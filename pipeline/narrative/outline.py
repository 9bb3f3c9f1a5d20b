"""What the narrative says, paragraph by paragraph: the scheme's text and the items' text, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from pipeline import findings
from pipeline.consolidation import Result, heading_rank, item_place, place_in_document
from pipeline.findings import Finding, Place
from pipeline.matching import strip_number
from pipeline.narrative.tidy import tidy
from pipeline.project import SCHEME_FILE
from pipeline.records import Item
from pipeline.scheme import OWN_FIGURES, PLACEHOLDER, SUM_PREFIX, Part
from pipeline.tables import BASIC, CAUSES, MEASURES, PROBLEMS, Table
from pipeline.text import date_text, write_numeral
from pipeline.vocabulary import PartKind, TableKey

_ENDS = "。！？…；”）》"


class Level(StrEnum):
    """A paragraph's place in the document; each has its style."""

    SECRECY = "secrecy"
    TITLE = "title"
    HEADING1 = "heading1"
    HEADING2 = "heading2"
    BODY = "body"
    ATTACHMENT = "attachment"
    SIGNATURE = "signature"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text: `lead` for an item's head, `gap` for a 【待补充】; `item` is the number of the item it says."""

    text: str
    lead: bool = False
    gap: bool = False
    item: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a `part` (a kind of 文稿, "" outside of them); `cell` says where the scheme's text stands."""

    level: Level
    runs: tuple[Run, ...]
    part: str = ""
    cell: str = ""

    @property
    def items(self) -> tuple[str, ...]:
        """The numbers of the items that it says, in order."""
        return tuple(dict.fromkeys(run.item for run in self.runs if run.item))

    @property
    def text(self) -> str:
        """The paragraph as plain text."""
        return "".join(run.text for run in self.runs)


def build_outline(merged: Result) -> tuple[list[Paragraph], list[Finding]]:
    """The document's paragraphs in order, and findings on what had to be marked as missing."""
    return _Outline(merged).build()


class _Outline:
    def __init__(self, merged: Result):
        self.merged = merged
        self.scheme = merged.scheme
        self.findings: list[Finding] = []

    def build(self) -> tuple[list[Paragraph], list[Finding]]:
        settings = self.scheme.settings
        paragraphs = [Paragraph(Level.TITLE, (Run(settings.printed_title),), cell="基本设置“文稿标题”")]
        if settings.secrecy:
            paragraphs.insert(0, Paragraph(Level.SECRECY, (Run(settings.secrecy),), cell="基本设置“密级”"))
        section = 0
        for part in self.scheme.parts:
            where = f"文稿!{part.cell}" if part.cell else ""
            if part.kind is PartKind.SEPARATE:
                continue
            if part.title:
                section += 1
                heading = Run(f"{write_numeral(section)}、{part.title}")
                paragraphs.append(Paragraph(Level.HEADING1, (heading,), part.kind, where))
            paragraphs += self.scheme_text(part)
            if part.kind is PartKind.PROBLEMS:
                paragraphs += self.problems()
            elif part.kind is PartKind.CAUSES:
                paragraphs += self.causes()
            elif part.kind is PartKind.MEASURES:
                paragraphs += self.measures()
            elif part.title and not part.content.strip():
                self.findings.append(
                    findings.EMPTY_PART.at(Place(SCHEME_FILE, "文稿", part.cell, "内容"), part.title, note=part.note)
                )
                gap = Run(f"【待补充：{part.title}】", gap=True)
                paragraphs.append(Paragraph(Level.BODY, (gap,), part.kind, where))
        return [*paragraphs, *self.ending()], self.findings

    def ending(self) -> Iterator[Paragraph]:
        """附件, 署名 and 成文日期, where the scheme has them."""
        settings = self.scheme.settings
        names = settings.attachments
        for number, name in enumerate(names, start=1):
            order = f"{number}." if len(names) > 1 else ""
            text = f"{'附件：' if number == 1 else '　　　'}{order}{name}"
            yield Paragraph(Level.ATTACHMENT, (Run(text),), cell="基本设置“附件”")
        if settings.signature:
            yield Paragraph(Level.SIGNATURE, (Run(settings.signature),), cell="基本设置“署名”")
        if settings.issued_on:
            yield Paragraph(Level.DATE, (Run(date_text(settings.issued_on)),), cell="基本设置“成文日期”")

    # ---- the scheme's own text ----
    def scheme_text(self, part: Part) -> Iterator[Paragraph]:
        for line in part.content.splitlines():
            if line.strip():
                runs = tuple(self.filled(line.strip(), part))
                yield Paragraph(Level.BODY, runs, part.kind, f"文稿!{part.cell}" if part.cell else "文稿")

    def filled(self, text: str, part: Part) -> Iterator[Run]:
        """The text with its placeholders filled; one that cannot be filled is shown as missing."""
        values = self.values()
        position = 0
        for match in PLACEHOLDER.finditer(text):
            yield Run(text[position : match.start()])
            value = values.get(match[1])
            place = Place(SCHEME_FILE, "文稿", part.cell, match[1])
            own = match[1] in OWN_FIGURES
            if own and not self.scheme.body:
                of_all = f"{{{SUM_PREFIX}{match[1]}}}"
                self.findings.append(findings.OWN_FIGURE_IS_SUM.at(place, match[0], sum=of_all))
            if value is None:
                rule = findings.OWN_FIGURE_MISSING if own and self.scheme.body else findings.PLACEHOLDER_LEFT
                self.findings.append(rule.at(place, match[0], column=match[1]))
                yield Run(f"【待补充：{match[1]}】", gap=True)
            else:
                yield Run(value)
            position = match.end()
        yield Run(text[position:])

    def values(self) -> dict[str, str | None]:
        figures, settings = self.merged.figures, self.scheme.settings
        totals = {BASIC.column(key).title: total for key, total in figures.totals.items()}
        sums = {f"{SUM_PREFIX}{title}": total for title, total in totals.items()}
        if self.scheme.body:
            totals = {title: getattr(self.scheme.body, key) for key, title in own_figure_titles().items()}
        counts = {
            "问题数": figures.items["problems"],
            "原因数": figures.items["causes"],
            "措施数": figures.items["measures"],
            "填报单位数": figures.units_in,
            "应报单位数": figures.units_due,
            "方面数": len(self.scheme.aspects),
            "入文问题数": figures.included[TableKey.PROBLEMS],
            "年度": settings.year,
            **totals,
            **sums,
        }
        shown: dict[str, str | None] = {name: None if count is None else str(count) for name, count in counts.items()}
        words = {"单位名称": settings.unit, "会议主题": settings.theme, "文稿标题": settings.plain_title}
        days = {"基准日期": self.merged.base, "报送截止": settings.submit_by}
        dates = {name: date_text(day) if day else None for name, day in days.items()}
        return {**shown, **{name: text or None for name, text in words.items()}, **dates}

    # ---- the items ----
    def problems(self) -> Iterator[Paragraph]:
        by_rank = self.by_heading(PROBLEMS)
        number = 0
        for rank, aspect in enumerate(self.scheme.aspects):
            heading = Run(f"（{write_numeral(rank + 1)}）{aspect.full}")
            yield Paragraph(Level.HEADING2, (heading,), PartKind.PROBLEMS, "对照方面")
            if not by_rank.get(rank):
                if any(item.cells["aspect"] == aspect.short for item in self.merged.items[TableKey.PROBLEMS]):
                    place = Place(SCHEME_FILE, "对照方面", aspect.cell, "全称")
                    self.findings.append(findings.NOTHING_UNDER.at(place, aspect.short))
                yield Paragraph(
                    Level.BODY, (Run(f"【待补充：{aspect.short}方面的问题】", gap=True),), PartKind.PROBLEMS
                )
            if self.scheme.settings.numbering_per_aspect:
                number = 0
            for item in by_rank.get(rank, []):
                number += 1
                yield self.numbered(number, item, PROBLEMS)

    def causes(self) -> Iterator[Paragraph]:
        included = self.included(CAUSES)
        if not included:
            self.findings.append(findings.NOTHING_UNDER.at(Place(SCHEME_FILE, "文稿"), CAUSES.title))
            yield Paragraph(Level.BODY, (Run("【待补充：原因剖析】", gap=True),), PartKind.CAUSES)
        for number, item in enumerate(included, start=1):
            yield self.numbered(number, item, CAUSES)

    def measures(self) -> Iterator[Paragraph]:
        by_rank = self.by_heading(MEASURES)
        spoken = self.scheme.settings.measure_numbers == "一是"
        for rank, direction in enumerate(self.scheme.directions):
            group = by_rank.get(rank, [])
            runs = [Run(f"{self.number(rank + 1)}{direction}。", lead=True)]
            if not group:
                self.findings.append(findings.NOTHING_UNDER.at(Place(SCHEME_FILE, "努力方向"), direction))
                runs.append(Run("【待补充：整改措施】", gap=True))
            for number, item in enumerate(group, start=1):
                order = f"{write_numeral(number)}是" if spoken else f"（{number}）"
                runs += [Run(order, item=item.id), *self.content(item, MEASURES, lead=False)]
            yield Paragraph(Level.BODY, tuple(runs), PartKind.MEASURES)
        if not self.scheme.directions:
            included = self.included(MEASURES)
            for number, item in enumerate(included, start=1):
                yield self.numbered(number, item, MEASURES)

    def by_heading(self, table: Table) -> dict[int, list[Item]]:
        groups: dict[int, list[Item]] = {}
        for item in self.included(table):
            groups.setdefault(heading_rank(table, item, self.scheme), []).append(item)
        return groups

    def included(self, table: Table) -> list[Item]:
        """The items that go in, those with 入文次序 first, the others in the order of their list."""
        return sorted((item for item in self.merged.items[table.key] if item.included), key=place_in_document)

    def number(self, number: int) -> str:
        return f"{number}{self.scheme.settings.third_level[1:]}"

    def numbered(self, number: int, item: Item, table: Table) -> Paragraph:
        runs = (Run(self.number(number), lead=True, item=item.id), *self.content(item, table, lead=True))
        return Paragraph(Level.BODY, runs, table.short)

    def content(self, item: Item, table: Table, lead: bool) -> Iterator[Run]:
        """The item's head, its text and its example, or 文稿文字 instead of both; each closed by a full stop where it has none."""
        said = ("title", "wording") if item.cells["wording"].strip() else ("title", "detail", "example")
        for key in said:
            text = self.sentence(key, item.cells.get(key, ""))
            if text:
                yield Run(text, lead=lead and key == "title", item=item.id)
            elif key != "example":
                column = table.column(key)
                place = item_place(item, key, column.title, self.merged.intake)
                self.findings.append(findings.NARRATIVE_GAP.at(place, item=item.id, column=column.title))
                yield Run(f"【待补充：{column.title}（{place}）】", gap=True, item=item.id)

    def sentence(self, key: str, text: str) -> str:
        """A cell's text as it stands in the document."""
        return as_sentence(strip_number(text) if key == "title" else text, self.scheme.settings.tidy)


def own_figure_titles() -> dict[str, str]:
    """Key of 基本信息 -> the name of the same figure of the body itself."""
    return {column.key: column.title for column in BASIC if column.title in OWN_FIGURES}


def as_sentence(text: str, tidied: bool) -> str:
    """One line, closed by a full stop where it has none; "" stays ""."""
    line = _one_line(text)
    return _closed(tidy(line) if tidied else line) if line else ""


def _one_line(text: str) -> str:
    return re.sub(r"\s*\n\s*", "", text).strip()


def _closed(text: str) -> str:
    bare = text.rstrip("，、,;； ")
    return bare if bare.endswith(tuple(_ENDS)) else bare.rstrip(".．:：") + "。"
