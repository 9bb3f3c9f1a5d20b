"""One cell by its column's kind: the value that it means, and what must be said of it."""

from __future__ import annotations

import datetime as dt

from pipeline import findings
from pipeline.cells import Value, shown
from pipeline.findings import Finding, Place
from pipeline.intake import values
from pipeline.intake.deadlines import BY_DATE, EMPTY, FOR_GOOD, IMMEDIATE, ODD, parse_deadline
from pipeline.intake.rows import RawRow
from pipeline.scheme import Scheme
from pipeline.tables import Column, Kind
from pipeline.vocabulary import RectificationType, Status


class CellReader:
    """Understands cells against the scheme. `moving` are the cells (sheet, address) whose formula moves with the day."""

    def __init__(self, scheme: Scheme, base: dt.date, filled: dt.date | None, moving: dict[tuple[str, str], str]):
        self.scheme, self.base, self.filled, self.moving = scheme, base, filled, moving
        self._notes: dict[Finding, None] = {}

    def taken(self) -> list[Finding]:
        """The findings since the last call, each once."""
        notes = list(self._notes)
        self._notes.clear()
        return notes

    def note(self, finding: Finding) -> None:
        """Add a finding, unless the same was said of the same cell."""
        self._notes.setdefault(finding)

    def read(self, column: Column, text: str, value: Value, place: Place, said: values.Row, raw: RawRow) -> str:
        """The text of a cell as it is kept; dates, units and what was not understood go into `said`."""
        clean = text.strip()
        if column.kind is Kind.DEADLINE:
            self.deadline(text, value, place, said, raw)
            return clean
        if column.kind is Kind.UNITS:
            self.units(column, clean, place, said)
            return clean
        if column.kind is Kind.CHOICE:
            return self.settle(values.choice(clean, column.choices, column.key), column, clean, place, said)
        if column.kind in (Kind.ASPECT, Kind.DIRECTION):
            names = values.names_of(column.kind, self.scheme)
            return self.settle(values.heading(clean, names), column, clean, place, said) if names else clean
        if column.kind is Kind.CHOICES:
            known, unknown = values.choices(clean, column.choices, column.key)
            if unknown:
                allowed = "、".join(column.choices)
                self.note(findings.NOT_ALLOWED.at(place, clean, column=column.title, allowed=allowed, hint=""))
                said.kept.append((column.title, clean))
            return "、".join(known)
        if column.kind is Kind.DATE:
            day = values.date(value)
            if day is None:
                self.note(findings.DATE_BAD.at(place, clean, column=column.title))
                return clean
            return day.isoformat()
        return clean if column.kind is Kind.REFS else text

    def ticked(self, column: Column, given: list[str], place: Place, said: values.Row) -> str:
        """What ticks, a heading or the sheet's name say."""
        if column.kind is Kind.CHOICES:
            return "、".join(value for value in column.choices if value in given)
        if len(set(given)) > 1:
            text = "、".join(given)
            self.note(findings.SEVERAL_TICKS.at(place, text, column=column.title))
            said.kept.append((column.title, text))
            return ""
        return given[0]

    def settle(self, found: values.Understood, column: Column, text: str, place: Place, said: values.Row) -> str:
        """The value that was understood, with a finding where it was not exact; what was not is kept and said."""
        if not found.value:
            allowed = "；".join(self.scheme.allowed(column))
            self.note(findings.NOT_ALLOWED.at(place, text, column=column.title, allowed=allowed, hint=found.hint))
            said.kept.append((column.title, text))
        elif not found.exact:
            self.note(findings.UNDERSTOOD_AS.at(place, text, column=column.title, meaning=found.value))
        return found.value

    def units(self, column: Column, text: str, place: Place, said: values.Row) -> None:
        """The units that a cell names, with a finding for each that the roster lacks.

        A cell's own words may give a unit the other part: 县教育局（牵头）、白露镇（配合）.
        """
        text, person = values.without_person(text, self.scheme)
        if person and column.key == "lead":
            self.note(findings.PERSON_BESIDE.at(place, person, column=column.title))
            said.texts["person"] = person
        named = values.units(text, self.scheme)
        for name, hint in named.unknown:
            if self.scheme.roster:
                self.note(findings.UNIT_UNKNOWN.at(place, name, column=column.title, hint=hint))
        if column.key == "lead":
            said.leads, said.supports = named.lead, (*said.supports, *named.support)
        else:
            said.supports = tuple(dict.fromkeys((*said.supports, *named.support, *named.lead)))

    def deadline(self, text: str, value: Value, place: Place, said: values.Row, raw: RawRow) -> None:
        """Due date and 长期坚持 of a cell of 整改时限, held against 整改类型 and the round."""
        if formula := self.moving.get((place.sheet, place.cell)):
            self.note(findings.DEADLINE_MOVES.at(place, formula))
            return
        seen = text if text != shown(value) else ""
        deadline = parse_deadline(value, self.scheme.deadline_year, self.base, self.filled, seen)
        said.due, said.for_good = deadline.due, deadline.for_good
        if deadline.kind == ODD:
            self.note(findings.DEADLINE_BAD.at(place, text, why=deadline.note))
        elif deadline.kind == EMPTY:
            self.note(
                findings.REQUIRED.at(place, text, column=place.column, help="例：2022-06-30、立行立改、长期坚持。")
            )
        elif deadline.note:
            meaning = deadline.due.isoformat() if deadline.due else deadline.kind
            self.note(findings.DEADLINE_READ.at(place, text, meaning=meaning, why=deadline.note))
        start, name = self.round_begins()
        status = values.choice(raw.text("status").strip(), tuple(Status), "status").value
        if deadline.due and deadline.due < start and status not in (Status.DONE, Status.NEARLY_DONE):
            self.note(findings.DEADLINE_EARLY.at(place, text, meaning=deadline.due.isoformat(), start=name))
        kind = values.choice(raw.text("type").strip(), tuple(RectificationType), "type").value
        kind = kind or (raw.given.get("type") or [""])[0]
        says = FOR_GOOD if deadline.for_good and not deadline.due and deadline.kind != IMMEDIATE else deadline.kind
        if (
            kind
            and says in (IMMEDIATE, FOR_GOOD, BY_DATE)
            and kind != says
            and not _agree(kind, deadline.due is not None, deadline.for_good)
        ):
            self.note(findings.DEADLINE_TYPE.at(place, text, kind=kind, meaning=says))

    def round_begins(self) -> tuple[dt.date, str]:
        """The day before which no deadline of this round can lie, and what it is called.

        A form sent again months later may hold what is overdue: the earlier of 填报日期 and 报送截止 counts.
        """
        days = [
            (day, name)
            for day, name in ((self.filled, "填报日期"), (self.scheme.settings.submit_by, "报送截止"))
            if day
        ]
        if days:
            day, name = min(days)
            return day, f"{name} {day.isoformat()}"
        year = self.scheme.deadline_year
        return dt.date(year, 1, 1), f"{year} 年"


def _agree(kind: str, dated: bool, for_good: bool) -> bool:
    """Whether 整改类型 and a deadline that says something else as well can both hold."""
    return (kind == FOR_GOOD and for_good) or (kind == BY_DATE and dated) or (kind == IMMEDIATE and dated)
