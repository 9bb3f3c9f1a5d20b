"""The steps of a run after the meeting, in the order in which a merge asks for them: report, close, finish."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from pipeline.closing import ClosingRecord
from pipeline.findings import Finding
from pipeline.follow_up import closing_acts, said
from pipeline.follow_up.outcome import FollowedUp
from pipeline.ledger import Edit, Event, Followed
from pipeline.progress.adoption import Adoption, adopt
from pipeline.progress.changes import Cause, Change, changes
from pipeline.progress.entries import ProgressFile
from pipeline.progress.lines import Closing, Snapshot, snapshot
from pipeline.progress.periods import last_day
from pipeline.progress.standing import Standing, standings
from pipeline.progress.targets import commitments_of, targets
from pipeline.records import Item
from pipeline.scheme import Scheme
from pipeline.vocabulary import ClosingState


class Memory(Protocol):
    """What earlier runs left of it, as this room needs it. A ledger's run is one."""

    @property
    def followed(self) -> Followed:
        """Reports, periods, closing."""

    @property
    def answers(self) -> Mapping[str, Mapping[str, Edit]]:
        """What the office answered since."""

    def went_to(self) -> dict[str, str]:
        """Retired number -> where it went."""

    def joined(self) -> list[tuple[str, str]]:
        """(number, where it went) of the numbers that went into another in this run."""

    def follow(self, kept: Followed) -> None:
        """What is to be kept."""

    def tell(self, *events: Event) -> None:
        """Lines for the history."""


class FollowUp:
    """One run's work: `report` lays progress over the numbered measures, `close` takes applications and answers once the
    office's edits are laid over them, `finish` counts. Nothing is kept before `finish`."""

    def __init__(self, memory: Memory, files: Sequence[ProgressFile], scheme: Scheme, base: dt.date, at: str):
        self._memory, self._files, self._scheme, self._base = memory, files, scheme, base
        self._left = memory.followed
        self._went_to: dict[str, str] = {}
        self._adoption = Adoption((), {})
        self._standings: Mapping[str, Standing] = {}
        applied = {item: list(names) for item, names in self._left.applied.items()}
        self._desk = closing_acts.Desk({}, dict(self._left.answers), applied, at, base)

    def report(self, measures: Sequence[Item]) -> list[Item]:
        """The measures with what their leading units report of them."""
        self._went_to = self._memory.went_to()
        own = {(file.period, file.unit) for file in self._files}
        kept = [file for file in self._left.reports if (file.period, file.unit) not in own]
        self._adoption = adopt([*self._files, *kept], measures, self._went_to)
        self._standings = standings(self._adoption, measures)
        return [self._reported(item) for item in measures]

    def _reported(self, item: Item) -> Item:
        standing = self._standings.get(item.id)
        if standing is None:
            return item
        finished = standing.finished.isoformat() if standing.finished else ""
        shown = {"status": standing.status, "progress": standing.progress, "evidence": standing.evidence}
        return replace(item, cells=item.cells.but(**shown, finished=finished))

    def close(self, measures: Sequence[Item]) -> list[Item]:
        """The measures with what 对账销号 says of them; the office's answers first, then what units apply for."""
        desk = self._desk
        for item in measures:
            known = self._left.closings.get(item.id) or ClosingRecord(item.id)
            desk.records[item.id] = replace(
                known, item=item.id, status=item.status, evidence=item.cells["evidence"], due=_due(item, known)
            )
        closing_acts.take_answers(desk, self._memory.answers)
        closing_acts.take_applications(desk, self._adoption)
        return [
            replace(
                item, due=desk.records[item.id].due, cells=item.cells.but(**dict(closing_acts.texts(desk, item.id)))
            )
            for item in measures
        ]

    def finish(self, measures: Sequence[Item]) -> FollowedUp:
        """Count, compare, and hand to the ledger what is to be kept."""
        desk, adoption = self._desk, self._adoption
        snapshots = self._snapshots(measures)
        matters = tuple(said.matter(item, desk.records[item.id]) for item in measures)
        commitments = commitments_of(measures) if adoption.periods else {}
        reached = tuple(targets(commitments, measures, adoption, self._went_to)) if adoption.periods else ()
        found: list[Finding] = list(desk.findings)
        found += said.joined_findings(self._memory.joined(), self._left.closings)
        found += said.row_findings(adoption, measures)
        found += said.difference_findings(self._standings.values())
        found += said.padding_findings(adoption, self._base, self._scheme)
        found += said.figure_findings(reached)
        if snapshots:
            found += said.missing_findings(snapshots[-1])
        changed = self._changes(snapshots)
        self._memory.tell(*desk.events)
        self._keep(snapshots)
        return FollowedUp(
            adoption,
            self._standings,
            desk.records,
            snapshots,
            matters,
            changed,
            reached,
            commitments,
            tuple(found),
            self._base,
        )

    def _snapshots(self, measures: Sequence[Item]) -> tuple[Snapshot, ...]:
        """A snapshot a period: those of earlier runs stand, once a later period has begun; the last is made anew."""
        kept = {one.period: one for one in self._left.periods}
        periods = sorted({*kept, *self._adoption.periods})
        closings = {number: _closing(record) for number, record in self._desk.records.items()}
        made = []
        for period in periods:
            if period in kept and period != periods[-1]:
                made.append(kept[period])
                continue
            if period == periods[-1]:
                shown, day = measures, self._base
            else:  # several periods came at once: each as its reports alone have it
                then = standings(self._adoption, measures, period)
                shown = [
                    replace(item, cells=item.cells.but(status=then[item.id].status if item.id in then else ""))
                    if item.id in self._standings
                    else item
                    for item in measures
                ]
                day = last_day(period)
            units_in = [unit for of, unit in self._adoption.reports if of == period]
            made.append(snapshot(period, shown, closings, day, self._due(measures, period, kept), units_in))
        return tuple(made)

    def _due(self, measures: Sequence[Item], period: str, kept: Mapping[str, Snapshot]) -> list[str]:
        """Who is to report in a period: who leads or supports a measure that was not closed when it began, or reports all the same."""
        before = max((one for one in kept if one < period), default="")
        closed = {
            number
            for number, state in (kept[before].measures.items() if before else ())
            if state.closing == ClosingState.CLOSED
        }
        named = {unit for item in measures if item.id not in closed for unit in (*item.leads, *item.supports)}
        named -= {unit.name for unit in self._scheme.externals}
        named |= {unit for of, unit in self._adoption.reports if of == period}
        return sorted(named, key=self._scheme.rank)

    def _changes(self, snapshots: Sequence[Snapshot]) -> tuple[Change, ...]:
        if len(snapshots) < 2:
            return ()
        rows = {row.item: row for row in self._adoption.taken()}
        told = {**self._left.steps, **{event.item: event for event in self._desk.events}}

        def cause(number: str, column: str) -> Cause:
            if column in ("销号状态", "轮次", "到期日") and number in told:
                event = told[number]
                basis = "　".join(filter(None, (event.payload["act"], event.payload.get("why", ""))))
                return Cause(event.by, basis, event.payload["on"])
            if column == "完成情况" and number in rows:
                row = rows[number]
                day = row.source.date.isoformat() if row.source.date else ""
                units = [one.unit for one in self._standings[number].said if one.row]
                return Cause("、".join(units), f"{row.entry.period} 进展填报（{row.source.file}）", day)
            return Cause()

        return tuple(changes(snapshots[-2], snapshots[-1], cause, lambda number: self._went_to.get(number, "")))

    def _keep(self, snapshots: Sequence[Snapshot]) -> None:
        known = {one.period for one in self._left.periods}
        last = snapshots[-1].period if snapshots else ""
        new = tuple(one for one in snapshots if one.period not in known or one.period == last)
        reports = tuple(file for file in self._adoption.reports.values() if not file.kept)
        applied = {item: tuple(names) for item, names in self._desk.applied.items() if names}
        moved = {
            item: record
            for item, record in self._desk.records.items()
            if record.state is not ClosingState.OPEN or record.round > 1 or record.answered_on or applied.get(item)
        }
        self._memory.follow(Followed(reports, new, moved, self._desk.answers, applied))


def _due(item: Item, known: ClosingRecord) -> dt.date | None:
    """到期日: as it was moved by the office, unless the office wrote another 整改时限 over it since."""
    edited = item.edited.get("deadline", "")
    moved = known.extensions > 0 and not (known.answered_on and edited[:10] > known.answered_on.isoformat())
    return known.due if moved else item.due


def _closing(record: ClosingRecord) -> Closing:
    return Closing(record.state, record.round, record.extensions)
