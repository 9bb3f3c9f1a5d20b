"""What the narrative says, paragraph by paragraph: the scheme's text and the items' text, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from pipeline import findings
from pipeline.findings import Finding, Place
from pipeline.matching import strip_number
from pipeline.merging import Item, Merged
from pipeline.merging.items import heading_rank, item_place
from pipeline.scheme import PLACEHOLDER, Part
from pipeline.tables import BASIC, INPUTS, MEASURES, PROBLEMS, Table

_ENDS = "。！？…；”）》"
_CHINESE = "零一二三四五六七八九"


class Level(StrEnum):
    """A paragraph's place in the document; each has its style."""

    TITLE = "title"
    HEADING1 = "heading1"
    HEADING2 = "heading2"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text: `lead` for an item's head, `gap` for a 【待补充】."""

    text: str
    lead: bool = False
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; `items` are the numbers of the items it says, `cell` where the scheme's text stands."""

    level: Level
    runs: tuple[Run, ...]
    items: tuple[str, ...] = ()
    cell: str = ""

    @property
    def text(self) -> str:
        """The paragraph as plain text."""
        return "".join(run.text for run in self.runs)


def chinese_number(number: int) -> str:
    """1 -> 一, 12 -> 十二, 21 -> 二十一 (up to 99)."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _CHINESE[ones]
    return ("" if tens == 1 else _CHINESE[tens]) + "十" + (_CHINESE[ones] if ones else "")


def build_outline(merged: Merged) -> tuple[list[Paragraph], list[Finding]]:
    """The document's paragraphs in order, and findings on what had to be marked as missing."""
    return _Outline(merged).build()


class _Outline:
    def __init__(self, merged: Merged):
        self.merged = merged
        self.scheme = merged.scheme
        self.findings: list[Finding] = []

    def build(self) -> tuple[list[Paragraph], list[Finding]]:
        paragraphs = [Paragraph(Level.TITLE, (Run(self.scheme.settings.document_title),))]
        section = 0
        for part in self.scheme.parts:
            if part.title:
                section += 1
                paragraphs.append(Paragraph(Level.HEADING1, (Run(f"{chinese_number(section)}、{part.title}"),)))
            paragraphs += self.scheme_text(part)
            if part.kind == "问题":
                paragraphs += self.problems()
            elif part.kind == "原因":
                paragraphs += self.causes()
            elif part.kind == "措施":
                paragraphs += self.measures()
        return paragraphs, self.findings

    # ---- the scheme's own text ----
    def scheme_text(self, part: Part) -> Iterator[Paragraph]:
        for line in part.content.splitlines():
            if line.strip():
                yield Paragraph(Level.BODY, tuple(self.filled(line.strip(), part)), cell=part.cell)

    def filled(self, text: str, part: Part) -> Iterator[Run]:
        """The text with its placeholders filled; one that cannot be filled is shown as missing."""
        values = self.values()
        position = 0
        for match in PLACEHOLDER.finditer(text):
            yield Run(text[position : match.start()])
            value = values.get(match[1])
            if value is None:
                place = Place("方案.xlsx", "文稿", part.cell, match[1])
                self.findings.append(findings.PLACEHOLDER_LEFT.at(place, match[0], column=match[1]))
                yield Run(f"【待补充：{match[1]}】", gap=True)
            else:
                yield Run(value)
            position = match.end()
        yield Run(text[position:])

    def values(self) -> dict[str, str | None]:
        figures, settings = self.merged.figures, self.scheme.settings
        totals = {BASIC.column(key).title: total for key, total in figures.totals.items()}
        counts = {
            "问题数": figures.items["problems"],
            "原因数": figures.items["causes"],
            "措施数": figures.items["measures"],
            "填报单位数": figures.units_in,
            "应报单位数": figures.units_due,
            "方面数": len(self.scheme.aspects),
            "入文问题数": sum(item.included for item in self.merged.items["problems"]),
            "年度": settings.year,
            **totals,
        }
        shown: dict[str, str | None] = {name: None if count is None else str(count) for name, count in counts.items()}
        words = {"单位名称": settings.unit, "会议主题": settings.theme, "文稿标题": settings.document_title}
        days = {"基准日期": self.merged.base, "报送截止": settings.submit_by}
        dates = {name: f"{day.year}年{day.month}月{day.day}日" if day else None for name, day in days.items()}
        return {**shown, **{name: text or None for name, text in words.items()}, **dates}

    # ---- the items ----
    def problems(self) -> Iterator[Paragraph]:
        by_rank = self.by_heading(PROBLEMS)
        for rank, aspect in enumerate(self.scheme.aspects):
            yield Paragraph(Level.HEADING2, (Run(f"（{chinese_number(rank + 1)}）{aspect.full}"),))
            if not by_rank.get(rank):
                yield Paragraph(Level.BODY, (Run(f"【待补充：{aspect.short}方面的问题】", gap=True),))
            for number, item in enumerate(by_rank.get(rank, []), start=1):
                yield self.numbered(number, item, PROBLEMS)

    def causes(self) -> Iterator[Paragraph]:
        for number, item in enumerate((item for item in self.merged.items["causes"] if item.included), start=1):
            yield self.numbered(number, item, INPUTS[1])

    def measures(self) -> Iterator[Paragraph]:
        by_rank = self.by_heading(MEASURES)
        for rank, direction in enumerate(self.scheme.directions):
            group = by_rank.get(rank, [])
            runs = [Run(f"{self.number(rank + 1)}{direction}。", lead=True)]
            if not group:
                runs.append(Run("【待补充：整改措施】", gap=True))
            for number, item in enumerate(group, start=1):
                runs += [Run(f"{chinese_number(number)}是"), *self.content(item, MEASURES, lead=False)]
            yield Paragraph(Level.BODY, tuple(runs), tuple(item.id for item in group))
        if not self.scheme.directions:
            included = [item for item in self.merged.items["measures"] if item.included]
            for number, item in enumerate(included, start=1):
                yield self.numbered(number, item, MEASURES)

    def by_heading(self, table: Table) -> dict[int, list[Item]]:
        groups: dict[int, list[Item]] = {}
        for item in self.merged.items[table.key]:
            if item.included:
                groups.setdefault(heading_rank(table, item, self.scheme), []).append(item)
        return groups

    def number(self, number: int) -> str:
        return f"{number}{self.scheme.settings.third_level[1:]}"

    def numbered(self, number: int, item: Item, table: Table) -> Paragraph:
        runs = (Run(self.number(number), lead=True), *self.content(item, table, lead=True))
        return Paragraph(Level.BODY, runs, (item.id,))

    def content(self, item: Item, table: Table, lead: bool) -> Iterator[Run]:
        """The item's head, its text, and its example, each closed by a full stop where it has none."""
        for key in ("title", "detail"):
            column = table.column(key)
            text = _one_line(strip_number(item.values[key]) if key == "title" else item.values[key])
            if text:
                yield Run(_closed(text), lead=lead and key == "title")
            else:
                place = item_place(item, key, column.title, self.merged.intake)
                self.findings.append(findings.NARRATIVE_GAP.at(place, item=item.id, column=column.title))
                yield Run(f"【待补充：{column.title}（{place}）】", gap=True)
        example = _one_line(item.values.get("example", ""))
        if example:
            yield Run(_closed(example))


def _one_line(text: str) -> str:
    return re.sub(r"\s*\n\s*", "", text).strip()


def _closed(text: str) -> str:
    bare = text.rstrip("，、,;； ")
    return bare if bare.endswith(tuple(_ENDS)) else bare.rstrip(".．:：") + "。"
