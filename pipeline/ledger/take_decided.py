"""已定事项 as the office left it: a changed mark changes its judgement, a cleared one takes the line back, lines by hand are new."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from pipeline.ledger.judgements import Judgement, Line, tidy
from pipeline.ledger.marks import MarkProblem, read_mark, wrong_in_decided
from pipeline.ledger.numbers import RowKey
from pipeline.ledger.problems import ProblemKind
from pipeline.ledger.readback import FoundLine
from pipeline.ledger.snapshot import LineKey
from pipeline.ledger.take_pending import MARK, both_changed, said_of, say_mark, take, units_by_form
from pipeline.ledger.taken import Desk, JudgementAct
from pipeline.tables import DECIDED

_ALONE = ("只有这一行有记号，没有可并的", "要并的几行填同一个字，写在相邻的行")


def take_decided(desk: Desk) -> None:
    """Changes against what the snapshot wrote; what the ledger changed since and the workbook did not, stays."""
    if desk.left.decided is None or not desk.state.project:
        return  # not there, or all of it recovered
    known_then = desk.snapshot.decided if desk.snapshot and desk.snapshot.decided is not None else None
    written = {(number, desk.unit(unit), form): mark for (number, unit, form), mark in (known_then or {}).items()}
    changed: dict[str, dict[RowKey, FoundLine]] = defaultdict(dict)
    was_of: dict[LineKey, str] = {}
    hand: list[FoundLine] = []
    places = _places(desk, desk.left.decided, written)
    for line, key in zip(desk.left.decided, places, strict=True):
        number, row = key[0], key[1:]
        now = desk.state.judgements.get(number)
        kept = now.line(*row) if now else None
        if key in written:
            if read_mark(line.mark) != written[key]:
                changed[number][row] = line
                was_of[key] = written[key]
        elif known_then is None and kept:
            if read_mark(line.mark) != kept.mark:
                place = (DECIDED.title, line.cell, MARK)
                desk.say(ProblemKind.UNPLACED, line.mark, place, line.unit, item=number, column=MARK)
                desk.taken.keep_summary = True
        else:
            hand.append(line)
    for number, lines in changed.items():
        _revise(desk, number, lines, was_of)
    _say_deleted(desk, written, set(places))
    if hand:
        _by_hand(desk, hand)


def _places(desk: Desk, found: Iterable[FoundLine], written: Iterable[LineKey]) -> list[LineKey]:
    """Which line each one found is: by number, unit and text; by number and unit alone where its text was touched, cut at
    Excel's limit or is gone, and no other line of the unit is missing."""
    keys = [(line.group, desk.unit(line.unit), desk.form_of(line.text)) for line in found]
    seen = set(keys)
    missing: dict[tuple[str, str], list[LineKey]] = defaultdict(list)
    for key in written:
        if key not in seen:
            missing[key[0], key[1]].append(key)
    known = set(written)
    by_row: dict[RowKey, list[LineKey]] = defaultdict(list)
    for key in written:
        by_row[key[1:]].append(key)
    result = []
    for key in keys:
        if not key[0] and len(by_row[key[1:]]) == 1:
            result += by_row[key[1:]]  # its number was cleared, not its mark
            continue
        others = [] if key in known else missing[key[0], key[1]]
        result.append(others.pop() if len(others) == 1 else key)
    return result


def _revise(desk: Desk, number: str, found: Mapping[RowKey, FoundLine], was_of: Mapping[LineKey, str]) -> None:
    """One judgement with the marks that were changed in the workbook ("" takes the line back)."""
    old = desk.state.judgements.get(number)
    new_marks: dict[RowKey, str] = {}
    for row, line in found.items():
        place = (DECIDED.title, line.cell, MARK)
        wrong = wrong_in_decided(line.mark) if line.mark else None
        if wrong:
            say_mark(desk, MarkProblem(0, line.mark, *wrong), DECIDED.title, line.cell)
        elif old and old.line(*row):
            new_marks[row] = read_mark(line.mark)
        elif line.mark:  # revoked elsewhere meanwhile: one changed mark says nothing whole
            details = {"found": line.mark, "known": "已撤回", "taken": "已撤回", "column": f"{number} {MARK}"}
            desk.say(ProblemKind.BOTH_CHANGED, line.mark, place, line.unit, item=number, **details)
    if not old or not new_marks:
        return
    before = old.marks()
    both = {row: mark for row, mark in new_marks.items() if before[row] not in (was_of[number, *row], mark)}
    first = next(iter(found.values()))
    if both:
        made = replace(old, lines=tuple(replace(line, mark=both.get(line.key, line.mark)) for line in old.lines))
        if both_changed(desk, made, old, DECIDED.title, first.cell):
            new_marks = {row: mark for row, mark in new_marks.items() if row not in both}
    lines = tidy(
        replace(line, mark=new_marks.get(line.key, line.mark)) for line in old.lines if new_marks.get(line.key, "-")
    )
    if {line.key: line.mark for line in lines} != before:
        stamp, source = desk.stamp, f"{DECIDED.title}!{first.cell}"
        new = replace(old, lines=lines, by=stamp.by, at=stamp.at, source=source, op="")
        desk.taken.judged.append(JudgementAct(old, new if lines else None))


def _say_deleted(desk: Desk, written: Iterable[LineKey], seen: set[LineKey]) -> None:
    """A line whose row was deleted was not cleared: it stays, and that is said."""
    for number, unit, form in written:
        judgement = desk.state.judgements.get(number)
        line = judgement.line(unit, form) if judgement else None
        if line and (number, unit, form) not in seen:
            desk.say(ProblemKind.LINE_GONE, line.text[:60], (DECIDED.title, "", MARK), unit, number=number)


def _by_hand(desk: Desk, hand: Iterable[FoundLine]) -> None:
    """New lines: to the judgement whose number they bear; the others, one below another, are a family."""
    known = units_by_form(desk)
    blocks: dict[tuple[str, str, int], list[tuple[Line, FoundLine]]] = defaultdict(list)
    block, last = 0, -1
    for found in hand:
        block += found.row != last + 1
        last = found.row
        if not found.mark:
            continue
        unit, form = desk.unit(found.unit), desk.form_of(found.text)
        wrong = wrong_in_decided(found.mark)
        if wrong:
            say_mark(desk, MarkProblem(0, found.mark, *wrong), DECIDED.title, found.cell)
        elif not form or unit not in {"", *known[found.table, form]} or not known[found.table, form]:
            place = (DECIDED.title, found.cell, MARK)
            desk.say(ProblemKind.NO_SUCH_ROW, found.text[:60], place, found.unit)
        else:
            line = Line(unit, found.text, form, read_mark(found.mark))
            blocks[found.table, found.group, 0 if found.group else block].append((line, found))
    said = said_of(desk)
    for (table, number, _), entries in blocks.items():
        added, cell = [line for line, _ in entries], entries[0][1].cell
        old = desk.state.judgements.get(number)
        if old and old.table == table:
            rows = {line.key for line in added}
            lines = tidy([*(line for line in old.lines if line.key not in rows), *added])
            stamp, source = desk.stamp, f"{DECIDED.title}!{cell}"
            new = replace(old, lines=lines, by=stamp.by, at=stamp.at, source=source, op="")
            if new.marks() != old.marks():
                desk.taken.judged.append(JudgementAct(old, new))
            continue
        made = Judgement("", table, tidy(added))
        if made.lines:
            take(desk, said, made, DECIDED.title, cell)
        else:
            say_mark(desk, MarkProblem(0, added[0].mark, *_ALONE), DECIDED.title, cell)
