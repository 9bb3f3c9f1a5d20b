"""年年提 with the matching's own judgement: this year's problems and last year's, matched as rows of one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.matching import match_rows
from pipeline.progress.recurrence import OldProblem, Pair, Recurrence, recurrences
from pipeline.records import Item
from pipeline.scheme import Scheme
from pipeline.tables import PROBLEMS

_LIKELY = "很可能"
_Label = tuple[int, int]
"""(0 this year or 1 last year, position): unique and sortable."""


@dataclass(frozen=True)
class _Texts:
    """What is matched: the problems of both years."""

    new: Sequence[Item]
    old: Sequence[OldProblem]

    def frame(self) -> pd.DataFrame:
        """The table that the matching reads."""
        rows: dict[_Label, tuple[str, str, str]] = {
            (0, at): (item.cells["title"], item.cells["detail"], item.units[0] if item.units else "")
            for at, item in enumerate(self.new)
        }
        rows |= {(1, at): (one.title, one.detail, "上年度") for at, one in enumerate(self.old)}
        columns = {
            "text": [
                f"{title}。{detail}" if title and detail else title or detail for title, detail, _ in rows.values()
            ],
            "title": [title for title, _, _ in rows.values()],
            "detail": [detail for _, detail, _ in rows.values()],
            "unit": [unit for _, _, unit in rows.values()],
            "refused": [""] * len(rows),
        }
        frame = pd.DataFrame({name: pd.Series(texts, dtype="str") for name, texts in columns.items()})
        frame.index = pd.Index(list(rows), dtype=object, tupleize_cols=False)
        return frame


def recurring(problems: Sequence[Item], old: Sequence[OldProblem], scheme: Scheme) -> tuple[Recurrence, ...]:
    """The problems that stood in last year's list too: what the matching joins, and what it holds for 很可能, which is said."""
    if not problems or not old:
        return ()
    texts = _Texts(problems, old)
    matching = match_rows(texts.frame(), PROBLEMS.key, scheme)
    pairs = [*_joined(matching), *_likely(matching)]
    return tuple(recurrences(problems, old, lambda new, known: pairs))


def _joined(matching: Any) -> list[Pair]:
    pairs = []
    for group in matching.groups:
        new = [at for year, at in group if year == 0]
        old = [at for year, at in group if year == 1]
        for at in new:
            if old:
                basis = matching.joins[1, old[0]].basis or matching.joins[0, at].basis
                pairs.append(Pair(at, old[0], basis or "文字完全相同"))
    return pairs


def _likely(matching: Any) -> list[Pair]:
    """Families in which a problem of this year and one of last year are 很可能 the same; a person should look at them."""
    pairs = []
    for family in matching.families:
        first = family.lines[0].speaker
        for line in family.lines[1:]:
            years = {first[0]: first[1], line.speaker[0]: line.speaker[1]}
            if line.grade == _LIKELY and len(years) == 2:
                basis = "；".join((*line.agree, *line.differ))
                pairs.append(Pair(years[0], years[1], f"很可能，请核对：{basis}"))
    return pairs
