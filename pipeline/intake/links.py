"""对应问题 of one unit's causes and measures -> the rows of its problems. By what was written, never by where it stands."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from rapidfuzz import fuzz

from pipeline import findings
from pipeline.findings import Finding, Place
from pipeline.intake.numbering import number_path
from pipeline.intake.spelling import label_of
from pipeline.records import RowId, SourceRow
from pipeline.text import fold
from pipeline.vocabulary import TableKey

_WORDS = re.compile(r"^(?:本单位|对应|存在|查摆)*问题(?:清单)?|序号|^第(?=\d)|(?<=\d)(?:[条项个号]?问题|[条项个号])$")
_BETWEEN = re.compile(r"[、,，;；。和及与/|\s]+")
_SPAN = re.compile(r"(\d{1,4})[-—–~～至到]+(\d{1,4})")
_DEEP_SPAN = re.compile(r"(\d{1,3})[.．](\d{1,3})[-—–~～至到]+(?:\1[.．])?(\d{1,3})")
_NUMBERED_TITLE = re.compile(
    r"^[（(]?(\d{1,3}(?:[.．]\d{1,3})?|[一二三四五六七八九十]{1,3})[）)]?[、.．:：]?(?=[^\d、,，.．\-])(.{2,})$"
)
_ALIKE = 88.0
"""Least rapidfuzz ratio at which a title written again is the same title."""


@dataclass
class _Found:
    """What one piece of 对应问题 means: the rows, and whether that should be said."""

    written: str
    rows: list[SourceRow]
    said: bool = False


def link(rows: list[SourceRow], aspects: tuple[str, ...]) -> tuple[list[SourceRow], list[Finding]]:
    """The rows of one unit with 对应问题 resolved to problems among them, and findings on what could not be.

    `aspects` in the scheme's order: 一、2 may mean the second problem of the first.
    """
    index = _Index((row for row in rows if row.table == TableKey.PROBLEMS and not row.refused), aspects)
    linked: list[SourceRow] = []
    notes: dict[Finding, None] = {}
    for row in rows:
        text = "" if row.table == TableKey.PROBLEMS else row.cells["refs"]
        if not text or row.refused or row.refs:
            linked.append(row)
            continue
        place = Place(row.id.file, row.id.sheet, row.cell("refs"), "对应问题", row.unit)
        targets: dict[RowId, None] = {}
        for found in index.resolve(text, row):
            if len(found.rows) == 1:
                targets[found.rows[0].id] = None
                if found.said:
                    meaning = f"第 {found.rows[0].id.row} 行“{(found.rows[0].title or found.rows[0].detail)[:30]}”"
                    notes[findings.REF_OTHERWISE.at(place, found.written, meaning=meaning)] = None
            elif found.rows:
                lines = "、".join(f"“{other.id.sheet}”第 {other.id.row} 行" for other in found.rows)
                notes[findings.REF_AMBIGUOUS.at(place, found.written, rows=lines)] = None
            else:
                notes[findings.REF_UNKNOWN.at(place, found.written, hint=index.have())] = None
        linked.append(replace(row, refs=tuple(targets)))
    return linked, list(notes)


class _Index:
    """The problems of a unit by what 对应问题 may name them with."""

    def __init__(self, problems: Iterable[SourceRow], aspects: tuple[str, ...]):
        self.problems, self.aspects = list(problems), aspects
        self.by_path: dict[tuple[int, ...], list[SourceRow]] = defaultdict(list)
        self.by_written: dict[str, list[SourceRow]] = defaultdict(list)
        self.by_title: dict[str, list[SourceRow]] = defaultdict(list)
        for row in self.problems:
            if row.written:
                self.by_written[fold(row.written)].append(row)
                if path := number_path(row.written):
                    self.by_path[path].append(row)
            for text in {_bare(row.title), _bare(row.detail)} - {""}:
                self.by_title[text].append(row)
        for row in self.problems:  # a second numbering beside 序号: 问题编号 W-01
            for line in row.extras.split("\n"):
                name, _, number = line.partition("：")
                if ("problems", "seq") in label_of(name) and number and fold(number) not in self.by_written:
                    self.by_written[fold(number)].append(row)
        written = set(self.by_path)
        for row in self.problems:  # a row without 序号 has the number of its place, unless that is written elsewhere
            if not row.written and (row.seq,) not in written:
                self.by_path[(row.seq,)].append(row)
        self.by_gap: dict[tuple[int, ...], SourceRow] = {}
        for before, row in pairwise(self.problems):  # 1, 2, 2, 4: the second 2 was meant as the 3 that is missing
            again = row.written and row.written == before.written
            if again and row.seq == before.seq + 1 and (row.seq,) not in self.by_path:
                self.by_gap[row.seq,] = row
        self.deep = any(len(path) > 1 for path in self.by_path)

    def have(self) -> str:
        """What numbers there are, for a finding."""
        plain = sorted(path[0] for path in self.by_path if len(path) == 1)
        if not self.problems:
            return "本单位没有报送问题清单。"
        return (
            f"现有序号：{plain[0]}—{plain[-1]}。"
            if plain
            else "现有序号：" + "、".join(list(self.by_written)[:12]) + "。"
        )

    def resolve(self, text: str, asking: SourceRow) -> list[_Found]:
        """What each piece of a cell means."""
        whole = _WORDS.sub("", fold(text)).strip("。.;；")
        if whole in self.by_written and (self.deep or not _SPAN.fullmatch(whole)):
            return [_Found(text, self.nearest(self.by_written[whole], asking))]
        if rows := self.by_title.get(_bare(text)):
            return [_Found(text[:60], self.nearest(rows, asking))]
        pieces = [_WORDS.sub("", fold(piece)) for piece in _BETWEEN.split(text.strip())]
        pieces = [piece.strip("。") for piece in pieces if piece.strip("。")]
        found: list[_Found] = []
        for piece in pieces:
            numbers = self.number(piece, asking)
            if numbers is None:
                return self.as_titles(text, asking)
            found += numbers
        return found

    def number(self, piece: str, asking: SourceRow) -> list[_Found] | None:
        """A piece that is a number or a span; None for one that is neither."""
        if piece in self.by_written:
            return [_Found(piece, self.nearest(self.by_written[piece], asking))]
        if match := _DEEP_SPAN.fullmatch(piece):
            chapter, first, last = (int(part) for part in match.groups())
            paths = [(chapter, number) for number in range(first, last + 1)]
            return [self.path(path, ".".join(map(str, path)), asking) for path in paths[:200]]
        if (match := _SPAN.fullmatch(piece)) and not (self.deep and number_path(piece) in self.by_path):
            first, last = int(match[1]), int(match[2])
            if self.deep or not 0 <= last - first < 200:
                return [_Found(piece, [])]
            return [self.path((number,), str(number), asking) for number in range(first, last + 1)]
        path = number_path(piece)
        if not path:
            return None
        if len(path) == 2 and path not in self.by_path and not self.deep and re.fullmatch(r"\d+[.．]\d+", piece):
            return [replace_said(self.path((number,), piece, asking)) for number in path]
        return [self.path(path, piece, asking)]

    def path(self, path: tuple[int, ...], written: str, asking: SourceRow) -> _Found:
        """The problems with a number, or the aspect's and the number within it."""
        if rows := self.by_path.get(path):
            return _Found(written, self.nearest(rows, asking))
        if path in self.by_gap:
            return _Found(written, [self.by_gap[path]], said=True)
        if len(path) == 2 and 1 <= path[0] <= len(self.aspects):
            aspect = self.aspects[path[0] - 1]
            rows = [row for row in self.by_path.get(path[1:], []) if row.cells["aspect"] == aspect]
            if rows:
                return _Found(written, rows, said=True)
        if len(path) == 1:
            rows = [row for longer, of in self.by_path.items() if len(longer) > 1 and longer[:1] == path for row in of]
            return _Found(written, rows, said=True)
        return _Found(written, [])

    def nearest(self, rows: list[SourceRow], asking: SourceRow) -> list[SourceRow]:
        """Of several problems with one number, the one in the asking row's own sheet, if there is just one."""
        same = [row for row in rows if (row.id.file, row.id.sheet) == (asking.id.file, asking.id.sheet)]
        return same if len(rows) > 1 and len(same) == 1 else rows

    def as_titles(self, text: str, asking: SourceRow) -> list[_Found]:
        """A cell that names problems in words, perhaps with their numbers before them."""
        pieces = [piece for piece in re.split(r"[\n；;]+", text) if piece.strip()]
        if len(pieces) < 2:
            pieces = [text]
        return [self.title(piece.strip(), asking) for piece in pieces]

    def title(self, text: str, asking: SourceRow) -> _Found:
        number: list[SourceRow] = []
        bare = _bare(text)
        if match := _NUMBERED_TITLE.match(fold(text)):
            bare = _bare(match[2])
            number = self.by_path.get(number_path(match[1]), [])
        rows = self.by_title.get(bare, []) or self.alike(bare)
        if rows and number and not any(row in number for row in rows):
            return _Found(text[:60], [*number, *rows])  # number and words contradict each other
        if rows:
            exact = bare in self.by_title
            return _Found(
                text[:60], self.nearest([row for row in rows if row in number] or rows, asking), said=not exact
            )
        return _Found(text[:60], number if len(number) == 1 else [], said=True)

    def alike(self, bare: str) -> list[SourceRow]:
        """Problems whose title or text a wording comes close to, or is part of."""
        found: dict[RowId, SourceRow] = {}
        for title, rows in self.by_title.items():
            inside = len(bare) >= 5 and len(title) >= 5 and (bare in title or title in bare)
            if inside or (len(bare) >= 4 and fuzz.ratio(bare, title) >= _ALIKE):
                found |= {row.id: row for row in rows}
        return list(found.values())


def replace_said(found: _Found) -> _Found:
    """The same, to be said."""
    return _Found(found.written, found.rows, True)


def _bare(text: str) -> str:
    return fold(text).strip('。.；;，,“”"')
