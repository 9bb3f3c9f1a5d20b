"""What the cells of a column look like, and how well that suits what a column should hold."""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from pipeline.intake import values
from pipeline.intake.deadlines import looks_like_deadline
from pipeline.intake.numbering import number_path
from pipeline.scheme import Scheme
from pipeline.tables import Column, Kind
from pipeline.text import fold

_SENTENCE = re.compile(r"[。；;！]|，.*，")
_UNIT = re.compile(
    r"(?:局|办|委|部|镇|乡|街道|院|中心|公司|科|股|室|站|所|处|队|会|社|校|厅|府|行|村)(?:[（(].*[）)])?$"
)
_PERSON = re.compile(r"^[\u4e00-\u9fff]{2,4}(?:同志)?$|长$|主任$|书记$|主席$|员$")
_SAMPLE = 40
"""So many filled cells of a column are looked at."""

LONG = 28
"""Characters from which a text is a description rather than a title."""

_NO_PROBLEMS_THERE = -9.0
"""Texts can answer no problems of a file that has no sheet of them: they are the problems."""

TICKS = frozenset("√✓✔☑■●★vVyY✅")
"""What people tick with."""


@dataclass(frozen=True)
class Sample:
    """The filled cells of a column below its header."""

    texts: tuple[str, ...]
    known_titles: frozenset[str] = (
        frozenset()
    )  # folded titles and texts of the file's problems, if it has a sheet of them

    @cached_property
    def weight(self) -> float:
        """How much the cells may say against a header: little where there are few."""
        return min(1.0, 0.7 + 0.1 * len(self.texts)) if self.texts else 0.0

    @cached_property
    def median(self) -> float:
        """Characters of the middle cell."""
        return statistics.median(len(text) for text in self.texts) if self.texts else 0.0

    def share(self, test: Callable[[str], object]) -> float:
        """Share of the cells that pass a test."""
        return sum(bool(test(text)) for text in self.texts) / len(self.texts) if self.texts else 0.0

    @cached_property
    def long_text(self) -> bool:
        """Whether these are descriptions."""
        return self.median >= LONG or (self.median >= 18 and self.share(_SENTENCE.search) >= 0.6)

    @cached_property
    def numbers(self) -> float:
        """Share of cells that are numbers, of 序号 or of 对应问题."""
        return self.share(lambda text: number_path(text) or values.references(text))


def sample(texts: Iterable[str], known_titles: frozenset[str]) -> Sample:
    """The first filled texts of a column."""
    found = []
    for text in texts:
        if text.strip() and not values.is_placeholder(text):
            found.append(text.strip())
            if len(found) == _SAMPLE:
                break
    return Sample(tuple(found), known_titles)


def fit(column: Column, cells: Sample, scheme: Scheme) -> float:
    """-8 (cannot be) … 3 (looks just so) for cells under a column; 0 where they say nothing."""
    if not cells.texts:
        return 0.0
    if column.kind is Kind.REFS and cells.numbers <= 0.6 and not cells.known_titles:
        return _NO_PROBLEMS_THERE
    return cells.weight * _fit(column, cells, scheme)


def _fit(column: Column, cells: Sample, scheme: Scheme) -> float:
    by_kind = {
        Kind.SEQ: _as_number,
        Kind.REFS: _as_reference,
        Kind.DEADLINE: _as_deadline,
        Kind.DATE: _as_date,
        Kind.UNITS: _as_units,
    }
    if column.kind in by_kind:
        return by_kind[column.kind](cells, scheme)
    if column.kind in (Kind.CHOICE, Kind.CHOICES, Kind.ASPECT, Kind.DIRECTION):
        return _as_choice(column, cells, scheme)
    if column.key == "title":
        return _as_title(cells)
    if column.key == "detail":
        return _as_detail(cells)
    if column.key in ("leader", "person"):
        return _as_person(cells)
    if column.key in ("progress", "evidence", "example", "goal", "remark"):
        return -4.0 if cells.numbers > 0.8 and column.key != "remark" else 0.0
    return 0.0


def _as_title(cells: Sample) -> float:
    if cells.numbers > 0.6:
        return -8.0
    if cells.median > 45:
        return -6.0
    if cells.long_text:
        return -5.0
    return 1.0 if cells.median <= 24 else 0.0


def _as_detail(cells: Sample) -> float:
    if cells.numbers > 0.6:
        return -8.0
    if cells.long_text:
        return 3.0
    return -1.0 if cells.median <= 14 else 0.0


def _as_number(cells: Sample, _: Scheme) -> float:
    return 2.0 if cells.share(number_path) > 0.6 else -6.0 if cells.median > 6 else -3.0


def _as_reference(cells: Sample, _: Scheme) -> float:
    if cells.numbers > 0.6:
        return 3.0
    if cells.known_titles:
        return 3.0 if cells.share(lambda text: fold(text).rstrip("。") in cells.known_titles) >= 0.5 else -2.0
    return -6.0


def _as_deadline(cells: Sample, _: Scheme) -> float:
    share = cells.share(looks_like_deadline)
    return 3.0 if share > 0.7 else 1.0 if share > 0.3 else -4.0


def _as_date(cells: Sample, _: Scheme) -> float:
    return 3.0 if cells.share(values.date) > 0.7 else -3.0


def _as_units(cells: Sample, scheme: Scheme) -> float:
    def named(text: str) -> bool:
        pieces = [piece for piece in re.split(r"[、,，;；/\n\s]+", text) if piece]
        return bool(pieces) and all(
            values.unit_name(piece, scheme)[1] is None or (len(piece) <= 16 and _UNIT.search(piece)) for piece in pieces
        )

    return 3.0 if cells.share(named) > 0.6 else -4.0 if cells.median > 30 or cells.numbers > 0.6 else -1.0


def _as_person(cells: Sample) -> float:
    if cells.median > 24 or cells.numbers > 0.6:
        return -4.0
    return 1.5 if cells.share(_PERSON.search) > 0.5 else 0.0


def _as_choice(column: Column, cells: Sample, scheme: Scheme) -> float:
    share = cells.share(lambda text: understood(column, text, scheme))
    if share > 0.6:
        return 3.0
    return 0.0 if share > 0.2 or not scheme.allowed(column) else -3.0 if cells.median <= LONG else -6.0


def understood(column: Column, text: str, scheme: Scheme) -> bool:
    """Whether a cell's text is an allowed value of a column of choices."""
    if column.kind is Kind.CHOICES:
        known, unknown = values.choices(text, column.choices, column.key)
        return bool(known) and not unknown
    if column.kind is Kind.CHOICE:
        return bool(values.choice(text, column.choices, column.key).value)
    return bool(values.heading(text, values.names_of(column.kind, scheme)).value)
