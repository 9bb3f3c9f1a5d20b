"""A ledger that was lost, told again from the last summary: numbers from 合并明细, judgements from 已定事项.

What the office wrote over cannot be told from what the departments wrote: it is not guessed, and the summary is kept.
"""

from __future__ import annotations

from collections import defaultdict

from pipeline.ledger.judgements import PREFIX, Judgement, Line, tidy
from pipeline.ledger.marks import read_mark
from pipeline.ledger.numbers import Known, Member
from pipeline.ledger.problems import ProblemKind
from pipeline.ledger.taken import Desk, JudgementAct
from pipeline.tables import DECIDED


def take_recovered(desk: Desk) -> None:
    """Bring the state up to what the summary shows; call it where the ledger knows nothing, and nothing else then."""
    for row in desk.left.rows:
        seq = int(row.seq) if row.seq.isdigit() else 0
        member = Member(desk.unit(row.unit), desk.form_of(row.text), "", seq, row.text)
        desk.state.members.setdefault(row.table, []).append(Known(member, row.item))
        if row.item not in desk.state.items:
            desk.state.items[row.item] = (row.table, False, "")
            desk.taken.recovered.append((row.table, row.item))
    groups: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in desk.left.decided or ():
        if line.table and line.group.startswith(f"{PREFIX}-") and line.group[len(PREFIX) + 1 :].isdigit():
            unit, form = desk.unit(line.unit), desk.form_of(line.text)
            groups[line.table, line.group].append(Line(unit, line.text, form, read_mark(line.mark)))
    for (table, number), lines in groups.items():
        kept = tidy(lines)
        if kept:
            source = f"{DECIDED.title}（找回）"
            judgement = Judgement(number, table, kept, desk.stamp.by, desk.stamp.at, source)
            desk.taken.judged.append(JudgementAct(None, judgement))
    counts = {"items": str(len(desk.taken.recovered)), "judgements": str(len(groups))}
    desk.say(ProblemKind.RECOVERED, "", ("", "", ""), **counts)
    desk.taken.keep_summary = True
