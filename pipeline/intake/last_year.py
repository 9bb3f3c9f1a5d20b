"""Last year's 汇总台账.xlsx -> its problems, with what became of their measures and for how many years they have stood."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from pipeline.progress.recurrence import OldProblem
from pipeline.progress.tables import RECURRING
from pipeline.tables import Table, closing_list, problem_list
from pipeline.vocabulary import ClosingState
from pipeline.xlsx.lists import Book, ListRow, read_book, read_list


class LastYearError(Exception):
    """Last year's ledger cannot be used; the message says why."""


def read_last_year(path: Path) -> tuple[OldProblem, ...]:
    """The problems of the summary workbook at `path`. LastYearError if it is not there, cannot be opened or has no 问题清单."""
    wanted = {problem_list().title, closing_list().title, RECURRING.title}
    if not path.is_file():
        raise LastYearError(f"没有找到 {path.name}")
    try:
        book = read_book(path, wanted.__contains__)
    except Exception as error:
        raise LastYearError(f"{path.name} 打不开（{type(error).__name__}）") from error
    problems = _rows(book, problem_list())
    if not problems:
        raise LastYearError(f"{path.name} 里没有“{problem_list().title}”，应为上年度的汇总台账.xlsx")
    states = {row.get("id"): row.get("closing") for row in _rows(book, closing_list())}
    years = {row.get("number"): row.get("years") for row in _rows(book, RECURRING)}
    return tuple(_problem(row, states, years) for row in problems if row.get("id"))


def _rows(book: Book, table: Table) -> tuple[ListRow, ...]:
    return read_list(book.grids[table.title], table).rows if table.title in book.grids else ()


def _problem(row: ListRow, states: dict[str, str], years: dict[str, str]) -> OldProblem:
    measures = [number for number in re.split(r"[、,，\s]+", row.get("measures")) if number]
    counts = Counter(states.get(number) or ClosingState.OPEN for number in measures)
    state = next(iter(counts)) if len(counts) == 1 else "、".join(f"{name} {n} 条" for name, n in counts.items())
    digits = re.match(r"\d+", years.get(row.get("id"), ""))
    return OldProblem(row.get("id"), row.get("title"), row.get("detail"), state, int(digits[0]) if digits else 1)
