"""水分: progress that only looks like it. Every mark says what was seen; whether it is padding a person decides."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from pipeline.progress.adoption import Adoption, Judged
from pipeline.text import fold
from pipeline.vocabulary import Status

Alike = Callable[[str, str], bool]
_RANK: Mapping[str, int] = {status: rank for rank, status in enumerate(Status)}
_NOT_TEXT = re.compile(r"\W+")
_LEAST = 6
"""Shorter texts (正在推进中) are alike by chance."""

_NEAR = 94.0
"""Least ratio of two texts that were copied and changed in a word or a number."""

_ALL_DONE = 3
"""Fewer measures may well all be finished at once."""


class Mark(StrEnum):
    """What was seen."""

    SAME_AS_BEFORE = "与上期进展相同"
    SAME_AS_OTHER = "与其他单位的进展相同"
    NO_PROOF = "已完成而没有佐证材料"
    IN_FUTURE = "完成日期在将来"
    BEFORE_ROUND = "完成日期早于本轮整改"
    BACKWARDS = "完成情况倒退"
    ALL_DONE_AT_ONCE = "首次报送即全部完成"


@dataclass(frozen=True, slots=True)
class Padding:
    """A mark on a row. `other` is the row that it was held against, `detail` what was seen there."""

    mark: Mark
    row: Judged
    detail: str
    other: Judged | None = None


def text_form(text: str) -> str:
    """A text without width, white space and punctuation."""
    return _NOT_TEXT.sub("", fold(text))


def alike(one: str, other: str) -> bool:
    """Whether two texts are the same but for a word or a number."""
    first, second = text_form(one), text_form(other)
    if min(len(first), len(second)) < _LEAST:
        return False
    return first == second or fuzz.ratio(first, second) >= _NEAR


def paddings(
    adoption: Adoption, today: dt.date, begin: dt.date | None = None, same: Alike = alike
) -> Iterator[Padding]:
    """The marks on the rows that count, in their order. `begin` is the first day of the round, if it is known."""
    earlier: dict[tuple[str, str], Judged] = {}
    by_text = _by_text(adoption)
    first = _first_reports(adoption)
    for row in adoption.taken():
        entry = row.entry
        before = earlier.get((row.item, entry.unit))
        if before is not None and before.entry.period < entry.period:
            yield from _against_before(row, before, same)
        yield from _against_others(row, by_text)
        if entry.status == Status.DONE and not entry.evidence.strip():
            yield Padding(Mark.NO_PROOF, row, "没有填佐证材料")
        if entry.finished and entry.finished > today:
            yield Padding(Mark.IN_FUTURE, row, f"完成日期 {entry.finished.isoformat()}")
        if entry.finished and begin and entry.finished < begin:
            yield Padding(
                Mark.BEFORE_ROUND, row, f"完成日期 {entry.finished.isoformat()}，本轮从 {begin.isoformat()} 起"
            )
        if first.get((entry.unit, entry.period)) == row:
            yield Padding(Mark.ALL_DONE_AT_ONCE, row, "第一次报送的各项措施都填“已完成”")
        earlier[row.item, entry.unit] = row


def _against_before(row: Judged, before: Judged, same: Alike) -> Iterator[Padding]:
    old, new = before.entry, row.entry
    if old.status and new.status and _RANK[new.status] < _RANK[old.status]:
        yield Padding(Mark.BACKWARDS, row, f"{old.period} 填“{old.status}”，本期填“{new.status}”", before)
    if new.status != Status.DONE and same(old.text, new.text):
        yield Padding(Mark.SAME_AS_BEFORE, row, f"{old.period} 的进展：{old.text[:60]}", before)


def _by_text(adoption: Adoption) -> Mapping[tuple[str, str], Sequence[Judged]]:
    """(period, text) -> the rows that say it; equal texts are found over all measures."""
    groups: dict[tuple[str, str], list[Judged]] = defaultdict(list)
    for row in adoption.taken():
        form = text_form(row.entry.text)
        if len(form) >= _LEAST:
            groups[row.entry.period, form].append(row)
    return groups


def _against_others(row: Judged, by_text: Mapping[tuple[str, str], Sequence[Judged]]) -> Iterator[Padding]:
    group = by_text.get((row.entry.period, text_form(row.entry.text)), ())
    other = next((one for one in group if one.entry.unit != row.entry.unit), None)
    if other is not None:
        yield Padding(
            Mark.SAME_AS_OTHER, row, f"{other.entry.unit}对 {other.item} 也填：{other.entry.text[:60]}", other
        )


def _first_reports(adoption: Adoption) -> Mapping[tuple[str, str], Judged]:
    """(unit, period) of a first report in which everything is finished -> its first row."""
    first: dict[str, str] = {}
    rows: dict[tuple[str, str], list[Judged]] = defaultdict(list)
    for row in adoption.taken():
        first.setdefault(row.entry.unit, row.entry.period)
        rows[row.entry.unit, row.entry.period].append(row)
    return {
        (unit, period): rows[unit, period][0]
        for unit, period in first.items()
        if len(rows[unit, period]) >= _ALL_DONE and all(row.entry.status == Status.DONE for row in rows[unit, period])
    }
