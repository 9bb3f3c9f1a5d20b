"""Applications of units and answers of the office, each taken once, as the table of transitions allows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from pipeline import findings
from pipeline.closing import Act, Actor, ClosingAct, ClosingRecord, Refusal, Step, act_text, advance, possible
from pipeline.findings import Finding, Place
from pipeline.ledger import Edit, Event, EventKind
from pipeline.progress.adoption import Adoption, Judged
from pipeline.progress.matters import WAITING_STATES
from pipeline.project import SUMMARY_FILE
from pipeline.tables import closing_list
from pipeline.vocabulary import ClosingState

_ANSWERS = {str(act): act for act in Act if any(act in possible(state, Actor.OFFICE) for state in ClosingState)}
_APPLICATIONS = {str(act): act for act in Act if any(act in possible(state, Actor.UNIT) for state in ClosingState)}


@dataclass
class Desk:
    """The records while acts are taken; `answers` and `applied` grow with them, `events` and `findings` tell of them."""

    records: dict[str, ClosingRecord]
    answers: dict[str, str]
    applied: dict[str, list[str]]
    at: str
    today: dt.date
    events: list[Event] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    applications: dict[str, str] = field(default_factory=dict)

    def take(self, item: str, act: ClosingAct) -> Step | Refusal:
        """One act; what it changes is in the records afterwards."""
        result = advance(self.records[item], act)
        if isinstance(result, Step):
            self.records[item] = result.after
            self.events.append(Event(EventKind.CLOSING, item, act.by, self.at, result.payload()))
        return result


def take_answers(desk: Desk, typed: Mapping[str, Mapping[str, Edit]]) -> None:
    """What the office typed into 对账销号 since the last summary."""
    for item, cells in typed.items():
        if item not in desk.records:
            continue
        if "answer" not in cells:  # an opinion without an answer is kept, and no step
            if "opinion" in cells:
                desk.records[item] = replace(desk.records[item], opinion=cells["opinion"].value)
            continue
        edit = cells["answer"]
        title = closing_list().title
        place = Place(SUMMARY_FILE, title, edit.source.partition("!")[2], closing_list().column("answer").title)
        act = _ANSWERS.get(edit.value.strip())
        if act is None:
            desk.findings.append(_not_possible(desk.records[item], edit.value, "不是可填的内容", place))
            continue
        opinion = cells["opinion"].value if "opinion" in cells else ""
        day = _day(cells["answered_on"].value) if "answered_on" in cells else None
        given = ClosingAct(act, edit.by, day or desk.today, opinion, source=edit.source)
        result = desk.take(item, given)
        if isinstance(result, Step):
            desk.answers[item] = str(act)
        elif not (result.repeated and desk.answers.get(item) == act):
            why = (
                "缺少" + "、".join(result.missing) + "（须是这次填写的）"
                if result.missing
                else f"现在是“{result.record.state}”"
            )
            desk.findings.append(_not_possible(result.record, edit.value, why, place))


def _not_possible(record: ClosingRecord, value: str, why: str, place: Place) -> Finding:
    allowed = "、".join(act_text(act) for act in possible(record.state, Actor.OFFICE)) or "无"
    return findings.ANSWER_NOT_POSSIBLE.at(place, value, item=record.item, why=why, state=record.state, allowed=allowed)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def take_applications(desk: Desk, adoption: Adoption) -> None:
    """What the leading units applied for, in the order of the periods; each application once."""
    for row in adoption.taken():
        if not row.entry.application or row.item not in desk.records:
            continue
        name = _name(row)
        done = desk.applied.setdefault(row.item, [])
        if name in done:
            continue
        act = _APPLICATIONS.get(row.entry.application)
        if act is None:
            continue
        result = desk.take(row.item, _application(row, act, desk.today))
        if isinstance(result, Step) or result.repeated:
            done.append(name)
        elif _latest(row, adoption):
            desk.findings.append(_refused(row, result))
    for row in adoption.taken():
        if row.item in desk.records and row.entry.application:
            desk.applications[row.item] = row.entry.application


def _name(row: Judged) -> str:
    """What an application is known by: said again in a later period, or in a workbook of a later date, it is another."""
    parts = (row.entry.period, row.entry.unit, row.entry.application, row.entry.extend_to, row.source.date)
    return "·".join(str(part or "") for part in parts)


def _application(row: Judged, act: Act, today: dt.date) -> ClosingAct:
    entry, place = row.entry, row.source.place(row.entry.id, "application")
    return ClosingAct(
        act, entry.unit, row.source.date or today, "", entry.reason, entry.extend_to, entry.review_on, str(place)
    )


def _latest(row: Judged, adoption: Adoption) -> bool:
    """Of what was refused in an earlier period nothing is said again: the unit has reported since, or the period is over."""
    return row.entry.period == adoption.periods[-1]


def _refused(row: Judged, result: Refusal) -> Finding:
    if result.missing:
        why = "缺少" + "、".join(result.missing)
    else:
        allowed = "、".join(act_text(act) for act in result.possible) or "无"
        why = f"现在是“{result.record.state}”，单位现在可以：{allowed}"
    place = row.source.place(row.entry.id, "application", "申请事项")
    return findings.APPLICATION_LACKS.at(place, row.entry.application, item=row.item, why=why)


def texts(desk: Desk, item: str) -> Iterator[tuple[str, str]]:
    """What 对账销号 shows of a measure, by column key. An answer stands there until the next application waits for one."""
    record = desk.records[item]
    waiting = record.state in WAITING_STATES
    yield "application", desk.applications.get(item, "")
    yield "answer", "" if waiting else desk.answers.get(item, "")
    yield "opinion", record.opinion
    yield "answered_on", "" if waiting else _iso(record.answered_on)
    yield "closing", str(record.state)
    yield "closed_on", _iso(record.closed_on)
    yield "round", str(record.round)
    yield "asked_until", _iso(record.asked_until)
    yield "asked_reason", record.reason
    yield "original_due", _iso(record.original_due)
    yield "extensions", str(record.extensions) if record.extensions else ""
    yield "review_on", _iso(record.review_on)


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
