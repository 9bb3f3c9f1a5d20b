"""A run's work on the ledger: everything is collected in memory and written in one transaction at its end.

A run that dies changes nothing; what a page records meanwhile stands, and counts as later than what the run took in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.ledger import commit, followed, inheritance, loading, runs, saying
from pipeline.ledger.carried import Carried, Numbered, Outcome, SummaryMarks
from pipeline.ledger.connection import Database
from pipeline.ledger.edits import ANSWERS, Cell, Edit, EditState
from pipeline.ledger.events import Event, EventKind
from pipeline.ledger.followed import Followed
from pipeline.ledger.inheritance import EditFate
from pipeline.ledger.judgements import Judgement, constraints, number_of, number_text, renamed, standing
from pipeline.ledger.numbers import Change, Member, Recognised, Retired, RowKey, give_numbers, member_of, recognise
from pipeline.ledger.readback import ReadBack
from pipeline.ledger.rows import rows_to_write, value_changes
from pipeline.ledger.snapshot import Snapshot
from pipeline.ledger.take_in import take_in
from pipeline.ledger.taken import Desk, EditAct, JudgementAct, Stamp, Taken
from pipeline.ledger.telling import edit_event, fate_event, followed_events, judgement_events, row_events, value_event
from pipeline.records import RowId, SourceRow
from pipeline.tables import Table


@dataclass(frozen=True)
class Setting:
    """What a run is given: who and when, a text's normal form, units' present names by earlier ones and aliases, the scheme's year."""

    stamp: Stamp
    form_of: Callable[[str], str]
    units: Mapping[str, str]
    scheme_round: str


class Run:
    """One run, between `Ledger.run()` and `commit`.

    Call `take_in` first; for each table `carry` before its rows are matched and `number` after; then `edits` holds; then
    `remember` what the summary shows, and `commit` when the outputs are whole.
    """

    def __init__(self, database: Database, setting: Setting, run_id: int, taken: int):
        self._database, self._setting = database, setting
        with database.reading() as connection:
            self._state = loading.load_state(connection)
            self._followed = followed.load(connection)
        judgements = self._state.judgements
        self._state.judgements = {number: renamed(one, setting.units) for number, one in judgements.items()}
        self._work = commit.Work(run_id, taken, setting.stamp, setting.scheme_round, self._state.project)
        self._carried: dict[str, Carried] = {}
        self._members: dict[RowId, Member] = {}
        self._items: dict[str, dict[str, str]] = {}
        self._answers: dict[str, dict[str, Edit]] = {}

    @property
    def project(self) -> str:
        """The project's identity, "" before its first run."""
        return self._state.project

    @property
    def edits(self) -> Mapping[Cell, Edit]:
        """The edits in force by their cells; ask when all tables are numbered."""
        return self._state.edits

    def judgements(self) -> list[Judgement]:
        """What 已定事项 shows: the judgements from which something follows, in the order of their numbers."""
        return standing(list(self._state.judgements.values()))

    # ---- what the office left ----
    def take_in(self, left: ReadBack | None) -> Taken:
        """Take what the office left in the last summary; None where there is none. What is new holds for this run at once."""
        if left is None:
            return Taken()
        with self._database.reading() as connection:
            snapshot = loading.load_snapshot(connection, left.snapshot) if left.snapshot else None
            values = {} if snapshot else loading.load_values(connection)
        setting = self._setting
        desk = Desk(self._state, snapshot, left, setting.stamp, setting.form_of, setting.units, values)
        taken = take_in(desk)
        self._identify(left.project)
        taken.judged = self._numbered(taken.judged)
        for act in taken.judged:
            self._judge(act)
        for edit in taken.edited:
            if edit.new and edit.new.column in ANSWERS:
                self._answers.setdefault(edit.new.item, {})[edit.new.column] = edit.new
            elif not (edit.old and edit.old.column in ANSWERS):
                self._edit(edit)
        self._work.new_items += taken.recovered
        at, found = setting.stamp.at, {"recovered": "1"}
        self.tell(*(Event(EventKind.NUMBER_GIVEN, number, "", at, found) for _, number in taken.recovered))
        self._work.unplaced += taken.unplaced
        self._work.ops += taken.ops
        return taken

    def _identify(self, project: str) -> None:
        if not self._state.project:
            self._state.project = self._work.project = project

    def _numbered(self, acts: Sequence[JudgementAct]) -> list[JudgementAct]:
        """The acts with numbers for new judgements: set aside at once, so that a page gives others."""
        new = sum(act.old is None and not act.new.number for act in acts if act.new)
        last = max((number_of(act.new.number) for act in acts if act.new and act.new.number), default=0)
        if new:
            with self._database.writing() as connection:
                last = runs.reserve(connection, self._work.run, new, last)
        result = []
        for act in acts:
            judgement = act.new and replace(act.new, taken=self._work.taken)
            if judgement and not judgement.number:
                last += 1
                judgement = replace(judgement, number=number_text(last))
            result.append(JudgementAct(act.old, judgement))
        return result

    def _judge(self, act: JudgementAct) -> None:
        one = act.new or act.old
        assert one is not None
        self._state.judgements.pop(one.number, None)
        if act.new:
            self._state.judgements[one.number] = act.new  # at the end: said again, it is the latest
        self._work.judged.append(act)
        self.tell(*judgement_events(act, self._items_by_form(one.table), self._setting.stamp))

    def _items_by_form(self, table: str) -> Mapping[str, str]:
        if table not in self._items:
            self._items[table] = {one.member.form: one.item for one in self._state.members.get(table, ())}
        return self._items[table]

    def _edit(self, act: EditAct) -> None:
        one = act.new or act.old
        assert one is not None
        act = EditAct(act.old, act.new and replace(act.new, taken=self._work.taken))
        self._state.edits.pop(one.cell, None)
        if act.new:
            self._state.edits[one.cell] = act.new
        self._work.edited.append(act)
        self.tell(edit_event(act, self._setting.stamp))

    def refuse(self, edits: Sequence[Edit]) -> None:
        """Edits that are not possible (another value than the column allows): taken back, so that they are said once."""
        for edit in edits:
            self._edit(EditAct(edit, None))

    def tell(self, *events: Event) -> None:
        """Lines for the history beyond those that the run tells of itself (closing, for one)."""
        self._work.events += events

    # ---- rows and numbers ----
    def carry(self, table: Table, rows: Sequence[SourceRow]) -> Carried:
        """What earlier runs left for `rows` (all of the table that were not refused), before they are matched."""
        setting = self._setting
        members = tuple(self._member(row) for row in rows)
        present = [member.key for member in members]
        known = self._state.members.get(table.key, [])
        recognised = recognise(members, known, setting.units, setting.scheme_round)
        own = [one for one in self._state.judgements.values() if one.table == table.key]
        held, followed = inheritance.follow(own, recognised, present)
        self._state.judgements |= {one.number: one for one in held}
        self._work.followed += followed
        items = {one.member.form: one.item for one in known}
        for entry in followed:
            self.tell(*followed_events(entry, items, setting.stamp))
        asks = inheritance.asks(held, present)
        changes = tuple(value_changes(recognised.values()))
        self.tell(*(value_event(change, setting.stamp) for change in changes))
        problems = [*saying.followed_problems(followed), *saying.asked_problems(asks, items)]
        problems += saying.value_problems(changes)
        settled = {one.row.form: one.known.item for one in recognised.values() if one.change is not Change.CHANGED}
        carried = Carried(members, recognised, settled, tuple(constraints(held)), tuple(asks), changes, tuple(problems))
        self._carried[table.key] = carried
        return carried

    def _member(self, row: SourceRow) -> Member:
        if row.id not in self._members:
            self._members[row.id] = member_of(row, self._setting.form_of)
        return self._members[row.id]

    def number(self, table: Table, groups: Sequence[Sequence[SourceRow]]) -> Numbered:
        """A number for each group of rows of `table`, in the order given; what was said of an item whose row changed, or
        that went into another, is seen to. Call `carry` first."""
        carried, state = self._carried[table.key], self._state
        recognised = carried.recognised
        rows = [[self._member(row) for row in group] for group in groups]
        before = {key: one.known.item for key, one in recognised.items()}
        in_round = ("", self._setting.scheme_round)
        active = {one.item for one in state.members.get(table.key, ()) if one.round in in_round}
        used = max((number_of(item) for item, (own, _, _) in state.items.items() if own == table.key), default=0)
        changed = {key for key, one in recognised.items() if one.change is Change.CHANGED}
        numbers, retired = give_numbers(rows, before, used, table.prefix, active, changed)
        retired = [replace(one, now=not state.items.get(one.number, ("", False, ""))[1]) for one in retired]
        by_number = dict(zip(numbers, rows, strict=True))
        together = inheritance.judged_together([one for one in state.judgements.values() if one.table == table.key])
        fates = inheritance.edit_fates(by_number, recognised, retired, state.edits, together)
        fates += self._revive(numbers)
        self._apply(fates)
        self._remember_rows(table, by_number, recognised, retired)
        return Numbered(tuple(numbers), tuple(retired), tuple(saying.fate_problems(fates)))

    def _revive(self, numbers: Sequence[str]) -> list[EditFate]:
        """Numbers used again; their own edits that another item's stood above count again."""
        revived = {number for number in numbers if self._state.items.get(number, ("", False, ""))[1]}
        self._work.revived += sorted(revived, key=number_of)
        at = self._setting.stamp.at
        self.tell(*(Event(EventKind.NUMBER_REVIVED, number, "", at) for number in sorted(revived, key=number_of)))
        return [
            EditFate(edit, EditState.IN_FORCE, edit.item, "revived")
            for edit in self._state.displaced
            if edit.item in revived and edit.cell not in self._state.edits
        ]

    def _apply(self, fates: Sequence[EditFate]) -> None:
        for fate in fates:
            self._state.edits.pop(fate.edit.cell, None)
            if fate.state is EditState.IN_FORCE:
                edit = replace(fate.edit, item=fate.item, state=EditState.IN_FORCE)
                self._state.edits[edit.cell] = edit
            event = fate_event(fate, self._setting.stamp)
            if event:
                self.tell(event)
        self._work.fates += fates

    def _remember_rows(
        self,
        table: Table,
        by_number: Mapping[str, Sequence[Member]],
        recognised: Mapping[RowKey, Recognised],
        retired: Sequence[Retired],
    ) -> None:
        stamp, work, state = self._setting.stamp, self._work, self._state
        new = [number for number in by_number if number not in state.items]
        work.new_items += [(table.key, number) for number in sorted(new, key=number_of)]
        work.retired += [one for one in retired if one.now]
        self.tell(*row_events(by_number, recognised, new, retired, stamp))
        work.rows.append(rows_to_write(table.key, work.scheme_round, by_number, recognised))

    # ---- after the meeting ----
    @property
    def followed(self) -> Followed:
        """Progress reports, periods and closing as earlier runs left them."""
        return self._followed

    @property
    def answers(self) -> Mapping[str, Mapping[str, Edit]]:
        """Number -> what the office typed into 对账销号 since: 审核结果, 审核意见, 审核日期 by column key. Answers, not edits."""
        return self._answers

    def went_to(self) -> dict[str, str]:
        """Retired number -> the number that it went to, "" where it went nowhere; those of this run as well."""
        gone = {number: to for number, (_, retired, to) in self._state.items.items() if retired}
        return gone | {one.number: one.went_to for one in self._work.retired}

    def joined(self) -> list[tuple[str, str]]:
        """(number, the number that it went to) of those that went into another in this run."""
        return [(one.number, one.went_to) for one in self._work.retired if one.went_to]

    def follow(self, kept: Followed) -> None:
        """What is to be kept of progress and closing at the end."""
        self._work.followed_up = kept

    # ---- the end ----
    def remember(self, outcome: Outcome) -> SummaryMarks:
        """What the summary will show; returns the marks that it bears."""
        self._identify(outcome.identity)
        decided = {(one.number, *line.key): line.mark for one in self.judgements() for line in one.lines}
        snapshot = Snapshot(self._work.taken, outcome.written, outcome.base, decided, outcome.families)
        self._work.snapshot = snapshot
        return SummaryMarks(self.project, snapshot.name)

    def commit(self, counts: Mapping[str, int]) -> None:
        """Write everything, in one transaction; the run is over."""
        with self._database.writing() as connection:
            commit.write(connection, self._work, counts)
