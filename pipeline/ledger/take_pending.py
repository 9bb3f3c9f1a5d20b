"""待确认 as the office left it -> judgements. A family that was taken in before counts no second time."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence

from pipeline.ledger.judgements import Judgement, Line, PairKey, in_force, pairs, tidy
from pipeline.ledger.marks import MarkProblem, read_marks
from pipeline.ledger.problems import ProblemKind
from pipeline.ledger.readback import FoundLine
from pipeline.ledger.snapshot import Family, FamilyLine
from pipeline.ledger.taken import Desk, JudgementAct
from pipeline.tables import PENDING

MARK = PENDING.column("mark").title
Key = tuple[str, PairKey]
"""A table and a pair of its rows."""


class Said:
    """What the judgements in force say, pair by pair, and which were taken since the summary was written."""

    def __init__(self, judgements: Iterable[Judgement], since: int | None):
        self._holding: dict[Key, bool] = {}
        self._newer: dict[Key, tuple[Judgement, bool]] = {}
        for judgement, pair in in_force(list(judgements)):
            key = (judgement.table, pair.key)
            self._holding[key] = pair.same
            if since is not None and judgement.taken > since:
                self._newer[key] = (judgement, pair.same)

    def already(self, made: Judgement) -> bool:
        """Whether every pair of `made` holds as it is."""
        return all(self._holding.get((made.table, pair.key)) == pair.same for pair in pairs(made))

    def all_of(self, family: Family) -> bool:
        """Whether each row of the family is in a pair, with another of its rows, that a person spoke of."""
        spoken: set[tuple[str, str]] = set()
        keys = [(row.unit, row.form) for row in family.lines]
        for at, one in enumerate(keys):
            for two in keys[at + 1 :]:
                a, b = sorted((one, two))
                if (family.table, (a, b)) in self._holding:
                    spoken |= {one, two}
        return spoken.issuperset(keys)

    def otherwise(self, made: Judgement) -> Judgement | None:
        """A judgement taken since the summary was written that says otherwise of a pair of `made`."""
        for pair in pairs(made):
            newer = self._newer.get((made.table, pair.key))
            if newer and newer[1] != pair.same:
                return newer[0]
        return None


def said_of(desk: Desk) -> Said:
    """What holds, for the taking in at `desk`."""
    return Said(desk.state.judgements.values(), desk.snapshot.taken if desk.snapshot else None)


def take_pending(desk: Desk) -> None:
    """Each family with something in 归并为 becomes a judgement."""
    shown = {(one.table, one.group): one for one in desk.snapshot.families} if desk.snapshot else {}
    groups: dict[tuple[str, str], list[FoundLine]] = defaultdict(list)
    for line in desk.left.pending or ():
        if line.table:
            groups[line.table, line.group].append(line)
    said = said_of(desk)
    for key, found in groups.items():
        if not any(line.mark for line in found):
            continue
        family, typed, cells = _as_shown(desk, shown.get(key), key, found)
        if typed == [row.mark for row in family.lines]:
            continue
        items = [row.item for row in family.lines]
        marks, problems = read_marks(typed, [row.suggestion for row in family.lines], items)
        for problem in problems:
            say_mark(desk, problem, PENDING.title, cells[problem.index])
        lines = tidy(
            Line(desk.unit(row.unit), row.text, row.form, mark)
            for row, mark in zip(family.lines, marks, strict=True)
            if mark is not None
        )
        if lines:
            cell = next(cell for cell, text in zip(cells, typed, strict=True) if text)
            take(desk, said, Judgement("", key[0], lines), PENDING.title, cell)


def take(desk: Desk, said: Said, made: Judgement, sheet: str, cell: str) -> None:
    """Take a new judgement, once; against one that was taken elsewhere meanwhile the later counts, and both are named."""
    written = desk.snapshot.taken if desk.snapshot else 0
    op = _op(f"{desk.left.snapshot} {written}", made)
    if op in desk.state.ops or op in desk.taken.ops:
        return
    desk.taken.ops.append(op)
    made = Judgement("", made.table, made.lines, desk.stamp.by, desk.stamp.at, f"{sheet}!{cell}", op)
    known = said.otherwise(made)
    if said.already(made) or (known and both_changed(desk, made, known, sheet, cell)):
        return
    desk.taken.judged.append(JudgementAct(None, made))


def _as_shown(
    desk: Desk, family: Family | None, key: tuple[str, str], found: Sequence[FoundLine]
) -> tuple[Family, list[str], list[str]]:
    """(the family in the order in which it was shown, what stands in 归并为, in which cells): the sheet may have been sorted."""
    if family is None:
        there = [one for one in found if _known_row(desk, key[0], one)]
        units = units_by_form(desk)
        rows = []
        for one in there:
            form = desk.form_of(one.text)
            unit = one.unit if desk.unit(one.unit) in units[key[0], form] else ""  # 县教育局 等 2 个 is no unit
            rows.append(FamilyLine(one.item, unit, one.text, form, one.suggestion))
        return Family(*key, tuple(rows)), [one.mark for one in there], [one.cell for one in there]
    exact = {(one.item, one.unit, desk.form_of(one.text)): one for one in reversed(found)}
    by_item: dict[str, list[FoundLine]] = defaultdict(list)
    for one in found:
        by_item[one.item].append(one)
    lines = []
    for row in family.lines:
        here = exact.get((row.item, row.unit, row.form))
        if here is None and len(by_item[row.item]) == 1:
            here = by_item[row.item][0]  # 原文 was touched, or its column is gone
        lines.append(here)
    return family, [one.mark if one else "" for one in lines], [one.cell if one else "" for one in lines]


def _known_row(desk: Desk, table: str, line: FoundLine) -> bool:
    """Whether a row of the family is one that the ledger knows; said if it is not."""
    known = bool(units_by_form(desk)[table, desk.form_of(line.text)])
    if not known and line.mark:
        desk.say(ProblemKind.NO_SUCH_ROW, line.text[:60], (PENDING.title, line.cell, MARK), line.unit)
    return known


def units_by_form(desk: Desk) -> defaultdict[tuple[str, str], set[str]]:
    """(table, form) -> the units that have, had or were judged to have such a row."""
    if desk.rows is not None:
        return desk.rows
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for table, members in desk.state.members.items():
        for known in members:
            form = desk.form_of(known.member.text) if known.member.text else known.member.form
            found[table, form].add(desk.unit(known.member.unit))
    for judgement in desk.state.judgements.values():
        for line in judgement.lines:
            found[judgement.table, line.form].add(line.unit)
    desk.rows = found
    return found


def both_changed(desk: Desk, made: Judgement, known: Judgement, sheet: str, cell: str) -> bool:
    """The workbook and the ledger both changed one thing: said; returns whether the ledger's is the later."""
    later = known.at > desk.left.saved_at
    found, other = _told(made), _told(known)
    column = f"{known.number} {MARK}"
    kept = other if later else found
    desk.say(
        ProblemKind.BOTH_CHANGED,
        found,
        (sheet, cell, MARK),
        item=known.number,
        column=column,
        found=found,
        known=other,
        taken=kept,
    )
    return later


def say_mark(desk: Desk, problem: MarkProblem, sheet: str, cell: str) -> None:
    """A text in 归并为 that makes no sense."""
    desk.say(ProblemKind.MARK, problem.value, (sheet, cell, MARK), why=problem.why, fill=problem.remedy)


def _told(judgement: Judgement) -> str:
    return "、".join(f"{line.unit or '各单位'}“{line.text[:15]}”={line.mark or '空'}" for line in judgement.lines[:4])


def _op(summary: str, made: Judgement) -> str:
    """A family filled in is one act, however often its summary is read; in a later summary like it, it is another."""
    said = "\n".join([summary, made.table, *(f"{line.unit}\t{line.form}\t{line.mark}" for line in made.lines)])
    return f"book:{hashlib.sha256(said.encode()).hexdigest()[:24]}"
