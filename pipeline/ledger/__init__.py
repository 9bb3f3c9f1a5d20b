"""The memory: numbers given, what people decided and edited, and what happened to each item.

A merge is one run, written at its end; a page or a command records one act at a time, also while a merge runs:

    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> from pipeline.ledger import Outcome, Stamp, open_ledger
    >>> from pipeline.records import RowId, SourceRow, row_cells
    >>> from pipeline.tables import PROBLEMS
    >>> def row(number, unit, title):
    ...     return SourceRow(RowId(f"{unit}.xlsx", "问题清单", number), "problems", unit, number, str(number),
    ...                      row_cells(PROBLEMS, {"title": title, "detail": "……。"}))
    >>> rows = [row(2, "县教育局", "停水不通知"), row(2, "县财政局", "停水没人说")]
    >>> file = Path(mkdtemp()) / "台账.db"
    >>> def form(text):
    ...     return text.strip("。…")

    A run:

    >>> with open_ledger(file, "", Stamp("2022-07-15", "办公室"), form) as ledger:
    ...     with ledger.run(units={"教育局": "县教育局"}, scheme_round="2022") as run:
    ...         taken = run.take_in(None)              # or what `read_summary` found
    ...         carried = run.carry(PROBLEMS, rows)    # before matching: constraints, settled, asks
    ...         numbered = run.number(PROBLEMS, [[rows[0]], [rows[1]]])
    ...         edits = run.edits                      # when all tables are numbered
    ...         marks = run.remember(Outcome(written={}, base={}, identity="某县委2022"))
    ...         run.commit({"问题": 2})                # when the outputs are whole
    >>> numbered.numbers
    ('WT-001', 'WT-002')

    A judgement from a page, and what the next run obeys:

    >>> with open_ledger(file, "", Stamp("2022-07-15T10:30:00", "王五"), form) as ledger:
    ...     lines = [ledger.line(one.unit, one.text, "A") for one in rows]
    ...     made = ledger.decide("problems", lines, source="page", op="click-1")
    ...     [(one.unit_a, one.unit_b, one.same) for one in ledger.constraints_for("problems")]
    ...     [record.text for record in ledger.log("WT-002")][-1]
    [('县教育局', '县财政局', True)]
    'JD-001 处理意见：归并为“A”（与“停水不通知。……。”）（王五）'
"""

from pipeline.ledger.carried import Carried, Numbered, Outcome, SummaryMarks, ValueChange
from pipeline.ledger.edits import ANSWERS, GUARDED, Cell, Edit, EditState
from pipeline.ledger.errors import LedgerError, OldViewError, RunInProgressError
from pipeline.ledger.events import Event, EventKind, render
from pipeline.ledger.followed import Followed
from pipeline.ledger.inheritance import Ask
from pipeline.ledger.judgements import Judgement, Line, pairs
from pipeline.ledger.marks import MarkProblem, read_marks
from pipeline.ledger.numbers import Change, Member, Recognised, Retired
from pipeline.ledger.problems import Problem, ProblemKind
from pipeline.ledger.readback import (
    FORMAT,
    FORMAT_MARK,
    PROJECT_MARK,
    SNAPSHOT_MARK,
    ReadBack,
    SummaryInTheWayError,
    read_summary,
)
from pipeline.ledger.run import Run
from pipeline.ledger.snapshot import Family, FamilyLine
from pipeline.ledger.store import Ledger, Record, open_ledger, read_log
from pipeline.ledger.taken import JudgementAct, Stamp, Taken

__all__ = [
    "ANSWERS",
    "FORMAT",
    "FORMAT_MARK",
    "GUARDED",
    "PROJECT_MARK",
    "SNAPSHOT_MARK",
    "Ask",
    "Carried",
    "Cell",
    "Change",
    "Edit",
    "EditState",
    "Event",
    "EventKind",
    "Family",
    "FamilyLine",
    "Followed",
    "Judgement",
    "JudgementAct",
    "Ledger",
    "LedgerError",
    "Line",
    "MarkProblem",
    "Member",
    "Numbered",
    "OldViewError",
    "Outcome",
    "Problem",
    "ProblemKind",
    "ReadBack",
    "Recognised",
    "Record",
    "Retired",
    "Run",
    "RunInProgressError",
    "Stamp",
    "SummaryInTheWayError",
    "SummaryMarks",
    "Taken",
    "ValueChange",
    "open_ledger",
    "pairs",
    "read_log",
    "read_marks",
    "read_summary",
    "render",
]
