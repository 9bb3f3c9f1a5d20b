"""The ledger as a service: short transactions for whoever decides, edits or asks; a run for the merge."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import sqlalchemy as sa

from pipeline.ledger import loading, runs, schema, undoing, writing
from pipeline.ledger.connection import Database, open_database
from pipeline.ledger.edits import Cell, Edit, EditState
from pipeline.ledger.errors import LedgerError, OldViewError
from pipeline.ledger.events import Event, render
from pipeline.ledger.judgements import Judgement, Line, constraints, number_text, standing, tidy
from pipeline.ledger.run import Run, Setting
from pipeline.ledger.snapshot import Family
from pipeline.ledger.take_pending import Said
from pipeline.ledger.taken import EditAct, JudgementAct, Stamp
from pipeline.ledger.telling import edit_event, judgement_events
from pipeline.records import Constraint


@dataclass(frozen=True)
class Record:
    """A line of an item's history."""

    day: str
    item: str
    text: str


class Ledger:
    """An open ledger. Every call is a transaction of an instant, which waits for another's end and goes on during a merge."""

    def __init__(self, database: Database, stamp: Stamp, form_of: Callable[[str], str]):
        self._database, self._stamp, self._form_of = database, stamp, form_of

    # ---- the merge ----
    @contextmanager
    def run(self, units: Mapping[str, str] | None = None, scheme_round: str = "") -> Iterator[Run]:
        """Begin a run: nothing of it counts before its `commit`. RunInProgressError while another is alive.

        `units` maps aliases and earlier names of units to the roster's; numbers are not inherited from another `scheme_round`.
        """
        with self._database.writing() as connection:
            run_id, taken = runs.claim(connection, self._stamp.at, self._stamp.by)
        try:
            yield Run(self._database, Setting(self._stamp, self._form_of, units or {}, scheme_round), run_id, taken)
        finally:
            with suppress(LedgerError), self._database.writing() as connection:
                runs.end(connection, run_id, runs.DEAD)  # without effect after `commit`

    def in_progress(self) -> str:
        """Who is merging just now, in words; "" if nobody is."""
        with self._database.reading() as connection:
            return runs.in_progress(connection)

    # ---- judgements ----
    def judgements(self) -> list[Judgement]:
        """The judgements from which something follows, in the order of their numbers."""
        with self._database.reading() as connection:
            return standing(loading.load_judgements(connection))

    def constraints_for(self, table: str) -> list[Constraint]:
        """What must be together and apart in a table, in the order in which it was said."""
        with self._database.reading() as connection:
            return constraints(loading.load_judgements(connection, table))

    def pending(self) -> list[Family]:
        """The families of the last summary's 待确认 that nobody has decided since, as a whole or in part."""
        with self._database.reading() as connection:
            snapshot = loading.load_snapshot(connection)
            judged = loading.load_judgements(connection)
        said = Said(judged, None)
        return [one for one in (snapshot.families if snapshot else ()) if not said.all_of(one)]

    def line(self, unit: str, text: str, mark: str) -> Line:
        """A line to be judged, with its normal form."""
        return Line(unit, text, self._form_of(text), mark)

    def decide(self, table: str, lines: Sequence[Line], source: str, op: str = "", number: str = "") -> Judgement:
        """Record what was said of a family; with `number`, what is now said in the place of that judgement.

        An `op` counts once: said again, the judgement that it made is returned. OldViewError if there is no judgement
        `number` in force; ValueError if nothing follows from the marks.
        """
        kept = tidy(lines)
        if not kept:
            raise ValueError("nothing follows from these marks")
        stamp = self._stamp
        with self._database.writing() as connection:
            ref = self._done(connection, op)
            if ref:
                return loading.load_judgements(connection, ids=[int(ref)])[0]
            old = self._in_force(connection, number) if number else None
            number = number or number_text(runs.highest_judgement(connection) + 1)
            taken = runs.next_taken(connection)
            new = Judgement(number, table, kept, stamp.by, stamp.at, source, op, taken)
            key = writing.put_judgement(connection, new)
            writing.put_op(connection, op, undoing.JUDGED, str(key), stamp.at)
            self._tell_judgement(connection, JudgementAct(old, new))
        return new

    def revoke(self, number: str, source: str, op: str = "", line: tuple[str, str] | None = None) -> None:
        """Take a judgement back, or one of its lines, by (unit, form). OldViewError if it is not in force."""
        with self._database.writing() as connection:
            if self._done(connection, op):
                return
            old = self._in_force(connection, number)
            if line and not old.line(*line):
                raise OldViewError(f"{number} 里没有这一行。")
            lines = tidy(one for one in old.lines if one.key != line) if line else ()
            new = None
            if lines:
                stamp, taken = self._stamp, runs.next_taken(connection)
                new = replace(old, lines=lines, by=stamp.by, at=stamp.at, source=source, op=op, taken=taken)
                ref = str(writing.put_judgement(connection, new))
                writing.put_op(connection, op, undoing.JUDGED, ref, stamp.at)
            else:
                writing.put_op(
                    connection, op, undoing.REVOKED, str(undoing.version(connection, number)), self._stamp.at
                )
                writing.end_judgement(connection, number)
            self._tell_judgement(connection, JudgementAct(old, new))

    def undo(self, op: str) -> None:
        """Undo the act `op`: a new entry, never a deletion. OldViewError if the same thing was changed again since."""
        with self._database.writing() as connection:
            act = undoing.undo(connection, op, self._stamp)
            if isinstance(act, EditAct):
                writing.put_events(connection, None, [edit_event(act, self._stamp)])
            else:
                self._tell_judgement(connection, act)

    def _in_force(self, connection: sa.Connection, number: str) -> Judgement:
        found = loading.load_judgements(connection, number=number)
        if not found:
            raise OldViewError(f"{number} 已经撤回或没有这个决定。")
        return found[0]

    def _done(self, connection: sa.Connection, op: str) -> str:
        if not op:
            return ""
        return str(connection.execute(sa.select(schema.ops.c.ref).where(schema.ops.c.op == op)).scalar() or "")

    def _tell_judgement(self, connection: sa.Connection, act: JudgementAct) -> None:
        one = act.new or act.old
        assert one is not None
        items = loading.items_of_forms(connection, one.table, [line.form for line in one.lines])
        writing.put_events(connection, None, judgement_events(act, items, self._stamp))

    # ---- edits ----
    def edits(self) -> dict[Cell, Edit]:
        """Every edit in force by its cell."""
        with self._database.reading() as connection:
            found = loading.load_edits(connection, schema.edits.c.state == EditState.IN_FORCE)
        return {edit.cell: edit for edit in found}

    def suspended(self) -> list[Edit]:
        """What the office wrote of items that have changed since: kept, and not in force until it is said again."""
        with self._database.reading() as connection:
            return loading.load_edits(connection, schema.edits.c.state == EditState.SUSPENDED)

    def edit(self, cell: Cell, value: str | None, was: str, source: str, op: str = "") -> None:
        """Write over an item's cell, None takes the edit back; `was` is what the caller saw in it.

        OldViewError if something else stands there now, or the item is no longer in use.
        """
        with self._database.writing() as connection:
            if self._done(connection, op):
                return
            undoing.check_item(connection, cell[0])
            snapshot = loading.load_snapshot(connection)
            base = snapshot.base.get(cell, "") if snapshot else ""
            own = undoing.edit_in_force(connection, cell)
            shown = own.value if own else (snapshot.written.get(cell, base) if snapshot else base)
            if was != shown:
                raise OldViewError(f"{cell[0]} 的这一格现在是“{shown}”。")
            stamp, taken = self._stamp, runs.next_taken(connection)
            if value is None and own is None:
                return
            new = None
            if value is not None:
                base = own.base if own else base
                new = Edit(*cell, value, base, stamp.at, stamp.by, source, op, taken)
            ref = undoing.put(connection, own, new)
            writing.put_op(connection, op, undoing.EDITED if new else undoing.TAKEN_BACK, str(ref), stamp.at)
            writing.put_events(connection, None, [edit_event(EditAct(own, new), stamp)])

    # ---- history ----
    def tell(self, *events: Event) -> None:
        """Lines for the history (a closing step, for one)."""
        with self._database.writing() as connection:
            writing.put_events(connection, None, events)

    def log(self, item: str = "") -> list[Record]:
        """What happened to an item (with the numbers that went into it) or a judgement; or everything, in order."""
        with self._database.reading() as connection:
            events = loading.load_events(connection, item)
        return [Record(event.at[:10], event.item, render(event)) for event in events]


@contextmanager
def open_ledger(
    file: Path, url: str, stamp: Stamp, form_of: Callable[[str], str], *, expected: bool = False
) -> Iterator[Ledger]:
    """The ledger in `file`, or at `url`: made where there is none, brought to the present schema where it is older.

    `stamp` is whose acts these are and when (ISO date or date-time); `form_of` makes a text's normal form; `expected` says
    that there must have been one. Raises LedgerError if it is missing though expected, damaged, or a newer version's.
    """
    database = open_database(file, url, form_of, expected)
    try:
        yield Ledger(database, stamp, form_of)
    finally:
        database.close()


def read_log(file: Path, url: str, form_of: Callable[[str], str], item: str = "") -> list[Record]:
    """The history, [] without a ledger. Raises LedgerError as `open_ledger` does."""
    if not url and not file.is_file():
        return []
    with open_ledger(file, url, Stamp("", ""), form_of) as ledger:
        return ledger.log(item)
