"""Version 1's 待确认 and 已定事项, pairs with a 处理意见: read back once, on the first run of a newer version."""

from __future__ import annotations

from dataclasses import replace

from pipeline.ledger.judgements import Judgement, Line
from pipeline.ledger.marks import MarkProblem
from pipeline.ledger.problems import ProblemKind
from pipeline.ledger.readback import FoundPair
from pipeline.ledger.take_pending import Said, said_of, say_mark, take
from pipeline.ledger.taken import Desk, JudgementAct
from pipeline.tables import OPINIONS
from pipeline.text import fold

_TOGETHER, _APART = OPINIONS
_WHY = ("不是“归并”或“不归并”", "请填“归并”或“不归并”")


def take_pairs(desk: Desk) -> None:
    """Changed pairs of 已定事项 first, then what was typed into 待确认."""
    said = said_of(desk)
    known_then = desk.snapshot.decided if desk.snapshot else None
    written = {(number, form): mark for (number, _, form), mark in (known_then or {}).items()}
    numbers: dict[tuple[str, str], str] = {}
    for number, form in written:
        other = next((one for own, one in written if own == number and one != form), form)
        numbers[form, other] = number
    for pair in desk.left.decided_pairs:
        number = numbers.get((desk.form_of(pair.text_a), desk.form_of(pair.text_b)), "")
        if not number:
            if pair.verdict and (known_then is not None or not desk.state.project):
                _new(desk, said, pair)
            continue
        was = _TOGETHER if len({mark for (own, _), mark in written.items() if own == number}) == 1 else _APART
        if fold(pair.verdict) != was:
            _revise(desk, number, pair)
    for pair in desk.left.pending_pairs:
        if pair.verdict:
            _new(desk, said, pair)


def _new(desk: Desk, said: Said, pair: FoundPair) -> None:
    verdict = fold(pair.verdict)
    if verdict not in OPINIONS:
        say_mark(desk, MarkProblem(0, pair.verdict, *_WHY), pair.sheet, pair.cell)
        return
    marks = ("A", "A" if verdict == _TOGETHER else "B")
    rows = ((pair.unit_a, pair.text_a), (pair.unit_b, pair.text_b))
    lines = tuple(
        Line(desk.unit(unit), text, desk.form_of(text), mark) for (unit, text), mark in zip(rows, marks, strict=True)
    )
    take(desk, said, Judgement("", pair.table, lines), pair.sheet, pair.cell)


def _revise(desk: Desk, number: str, pair: FoundPair) -> None:
    """The 处理意见 of a decision that version 1 showed was changed or cleared."""
    verdict = fold(pair.verdict)
    old = desk.state.judgements.get(number)
    if verdict and verdict not in OPINIONS:
        say_mark(desk, MarkProblem(0, pair.verdict, *_WHY), pair.sheet, pair.cell)
    elif old and desk.snapshot and old.taken > desk.snapshot.taken:
        details = {"found": pair.verdict, "known": "另处改定的", "taken": "另处改定的", "column": f"{number} 处理意见"}
        desk.say(ProblemKind.BOTH_CHANGED, pair.verdict, (pair.sheet, pair.cell, "处理意见"), item=number, **details)
    elif old and verdict:
        marks = ("A", "A" if verdict == _TOGETHER else "B")
        lines = tuple(replace(line, mark=mark) for line, mark in zip(old.lines, marks, strict=True))
        source = f"{pair.sheet}!{pair.cell}"
        new = replace(old, lines=lines, by=desk.stamp.by, at=desk.stamp.at, source=source)
        desk.taken.judged.append(JudgementAct(old, new))
    elif old:
        desk.taken.judged.append(JudgementAct(old, None))
