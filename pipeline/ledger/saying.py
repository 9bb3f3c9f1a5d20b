"""What is to be said of judgements and edits whose rows changed, as problems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.ledger.carried import ValueChange
from pipeline.ledger.edits import EditState
from pipeline.ledger.inheritance import Ask, EditFate, Followed
from pipeline.ledger.problems import Problem, ProblemKind
from pipeline.ledger.take_cells import column_title
from pipeline.ledger.telling import why_text
from pipeline.tables import MEASURES
from pipeline.vocabulary import APART


def followed_problems(followed: Iterable[Followed]) -> Iterator[Problem]:
    """A judged row changed by a few words."""
    for one in followed:
        if not one.asked and one.old.text and one.new.form != one.old.form:
            details = {"number": one.judgement.number, "old": one.old.text[:60]}
            yield Problem(ProblemKind.ROW_FOLLOWED, one.new.text[:60], unit=one.new.unit, details=details)


def asked_problems(asks: Iterable[Ask], items: dict[str, str]) -> Iterator[Problem]:
    """A judged row changed so far that the person is asked; `items` are the numbers so far by form."""
    for ask in asks:
        partner = next((line for line in ask.with_ if line.mark == ask.row.mark), None)
        known = items.get(partner.form, "") if partner else ""
        what = "原定为单列" if ask.row.mark == APART else f"原并入 {known or '同组的另一行'}"
        details = {"number": ask.judgement.number, "what": what}
        yield Problem(ProblemKind.ROW_ASKED, ask.row.text[:60], unit=ask.row.unit, details=details)


def fate_problems(fates: Iterable[EditFate]) -> Iterator[Problem]:
    """Edits that no longer count."""
    gained: set[tuple[str, str]] = set()
    for fate in fates:
        title = column_title(fate.edit.sheet, fate.edit.column)
        details = {"item": fate.item, "column": title, "why": why_text(fate), "other": fate.other}
        if fate.state is EditState.SUSPENDED:
            if fate.why == "gained" and (fate.item, fate.other) not in gained:
                gained.add((fate.item, fate.other))
                yield Problem(ProblemKind.CLOSED_GAINS, fate.item, details=details)
            yield Problem(ProblemKind.SUSPENDED, fate.edit.value, column=title, details=details)
        elif fate.state is EditState.DISPLACED and fate.why == "joined":
            details["item"], details["other"] = fate.other, fate.edit.item
            yield Problem(ProblemKind.DISPLACED, fate.edit.value, column=title, details=details)


def value_problems(changes: Iterable[ValueChange]) -> Iterator[Problem]:
    """A unit moved its own deadline."""
    for change in changes:
        if change.column == "deadline" and change.old:
            details = {"item": change.item, "old": change.old, "where": change.place}
            title = MEASURES.column("deadline").title
            yield Problem(ProblemKind.VALUE_MOVED, change.new, column=title, unit=change.unit, details=details)
