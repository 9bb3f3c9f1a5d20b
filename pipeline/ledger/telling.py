"""Acts -> lines of the history: one at the judgement or item itself, and one at every item that it speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pipeline.ledger.carried import ValueChange
from pipeline.ledger.edits import EditState
from pipeline.ledger.events import Event, EventKind
from pipeline.ledger.inheritance import EditFate, Followed
from pipeline.ledger.judgements import Judgement, Line
from pipeline.ledger.numbers import Change, Member, Recognised, Retired, RowKey
from pipeline.ledger.take_cells import column_title
from pipeline.ledger.taken import EditAct, JudgementAct, Stamp
from pipeline.tables import MEASURES

Items = Mapping[str, str]
"""Form -> number of the item that a row with this form is in."""

WHY = {
    "changed": "来源行的文字改了",
    "joined": "随 {other} 并入，须另行确认",
    "gained": "并入了 {other} 的来源行，须另行确认",
}


def judgement_events(act: JudgementAct, items: Items, stamp: Stamp) -> Iterator[Event]:
    """A judgement taken, changed or revoked."""
    one = act.new or act.old
    assert one is not None
    old = act.old.marks() if act.old else {}
    new = act.new.marks() if act.new else {}
    lines = {line.key: line for judgement in (act.old, act.new) if judgement for line in judgement.lines}
    for key, line in lines.items():
        payload = {"number": one.number, "text": line.text, "source": one.source if act.new else ""}
        if not act.old and line.mark:
            others = next((other.text for other in one.lines if other is not line), "")
            payload |= {"mark": line.mark, "others": others}
            yield from _told(EventKind.JUDGED, one, line, items, payload, stamp)
        elif act.old and key not in new:
            yield from _told(EventKind.JUDGEMENT_REVOKED, one, line, items, payload, stamp)
        elif act.old and old.get(key) != new.get(key):
            payload |= {"old": old.get(key, ""), "new": new.get(key, "")}
            yield from _told(EventKind.JUDGEMENT_CHANGED, one, line, items, payload, stamp)


def _told(
    kind: EventKind, judgement: Judgement, line: Line, items: Items, payload: Mapping[str, str], stamp: Stamp
) -> Iterator[Event]:
    yield Event(kind, judgement.number, stamp.by, stamp.at, payload)
    if line.form in items:
        yield Event(kind, items[line.form], stamp.by, stamp.at, payload)


def followed_events(one: Followed, items: Items, stamp: Stamp) -> Iterator[Event]:
    """A judged row that changed; nothing is told of one that came back as it was."""
    if not one.asked and one.new.form == one.old.form:
        return
    kind = EventKind.JUDGEMENT_ASKED if one.asked else EventKind.JUDGEMENT_FOLLOWED
    new = one.new.asked if one.asked else one.new.text
    payload = {"number": one.judgement.number, "old": one.old.text, "new": new, "unit": one.new.unit}
    yield Event(kind, one.judgement.number, "", stamp.at, payload)
    if one.old.form in items:
        yield Event(kind, items[one.old.form], "", stamp.at, payload)


def edit_event(act: EditAct, stamp: Stamp) -> Event:
    """An edit made or taken back."""
    one = act.new or act.old
    assert one is not None
    payload = {"sheet": one.sheet, "key": one.column, "column": column_title(one.sheet, one.column)}
    payload |= {
        "value": one.value,
        "old": act.old.value if act.old else "",
        "source": act.new.source if act.new else "",
    }
    kind = EventKind.EDITED if act.new else EventKind.EDIT_TAKEN_BACK
    return Event(kind, one.item, stamp.by, stamp.at, payload)


def fate_event(fate: EditFate, stamp: Stamp) -> Event | None:
    """What became of an edit whose item changed; None where there is nothing to tell."""
    edit = fate.edit
    payload = {"sheet": edit.sheet, "key": edit.column, "column": column_title(edit.sheet, edit.column)}
    payload |= {"value": edit.value, "from": edit.item, "why": why_text(fate)}
    if fate.state is EditState.SUSPENDED:
        return Event(EventKind.EDIT_SUSPENDED, fate.item, "", stamp.at, payload)
    if fate.state is EditState.DISPLACED:
        kind = None if fate.why == "equal" else EventKind.EDIT_DISPLACED
        return Event(kind, fate.other, "", stamp.at, payload) if kind else None
    return Event(EventKind.EDIT_MOVED, fate.item, "", stamp.at, payload)


def why_text(fate: EditFate) -> str:
    """Why an edit does not count, for people."""
    return WHY.get(fate.why, "").format(other=fate.other)


def row_events(
    by_number: Mapping[str, Sequence[Member]],
    recognised: Mapping[RowKey, Recognised],
    new: Sequence[str],
    retired: Sequence[Retired],
    stamp: Stamp,
) -> Iterator[Event]:
    """Numbers given and retired; rows that came, or that a unit corrected or sent under another name."""
    for number in new:
        yield Event(EventKind.NUMBER_GIVEN, number, "", stamp.at)
    for number, rows in by_number.items():
        for row in rows:
            one = recognised.get(row.key)
            payload = {"unit": row.unit, "place": row.place}
            if one is None:
                yield Event(EventKind.ROW_CAME, number, "", stamp.at, payload)
            elif one.change is not Change.SAME:
                payload |= {
                    "change": one.change,
                    "old": one.known.member.text or one.known.member.form,
                    "new": row.text,
                }
                yield Event(EventKind.ROW_CHANGED, number, "", stamp.at, payload)
    for gone in retired:
        if gone.now:
            yield Event(EventKind.NUMBER_RETIRED, gone.number, "", stamp.at, {"went_to": gone.went_to})


def value_event(change: ValueChange, stamp: Stamp) -> Event:
    """A tracked cell that a unit changed."""
    payload = {"unit": change.unit, "key": change.column, "column": MEASURES.column(change.column).title}
    payload |= {"old": change.old, "new": change.new, "place": change.place}
    return Event(EventKind.VALUE_CHANGED, change.item, "", stamp.at, payload)
