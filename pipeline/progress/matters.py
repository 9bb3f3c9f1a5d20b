"""What needs attention: overdue, due soon, returned, waiting for an answer; and who has not reported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.progress.lines import Snapshot
from pipeline.vocabulary import ClosingState, Status


class Attention(StrEnum):
    """Why a measure or a unit needs attention, the most urgent first."""

    OVERDUE = "逾期"
    RETURNED = "退回"
    NOT_REPORTED = "未报"
    DUE_SOON = "临期"
    WAITING = "待答复"


WAITING_STATES = (ClosingState.UNDER_REVIEW, ClosingState.EXTENSION_ASKED, ClosingState.LONG_TERM_ASKED)


@dataclass(frozen=True, slots=True)
class Matter:
    """A measure as bulletins and reminders speak of it. `people`: lead unit -> 责任领导、责任人; `opinion` is 审核意见.

    `review_on` is 下次复核日期 of a measure that goes on for good.
    """

    number: str
    title: str
    leads: tuple[str, ...]
    status: str
    closing: str = ClosingState.OPEN
    due: dt.date | None = None
    direction: str = ""
    opinion: str = ""
    closed_on: str = ""
    review_on: dt.date | None = None
    people: Mapping[str, str] = field(default_factory=dict)

    @property
    def until(self) -> dt.date | None:
        """The date by which its light goes: 到期日, or 下次复核日期 where it goes on for good."""
        return self.review_on if self.closing == ClosingState.LONG_TERM else self.due

    @property
    def settled(self) -> bool:
        """Whether nothing is to be done: closed, or finished and not returned."""
        return self.closing == ClosingState.CLOSED or (
            self.status == Status.DONE and self.closing not in (ClosingState.RETURNED, ClosingState.LONG_TERM)
        )

    def days_over(self, day: dt.date) -> int:
        """Days past its date, 0 before it."""
        return max((day - self.until).days, 0) if self.until else 0


@dataclass(frozen=True, slots=True)
class Needs:
    """A line of what needs attention: a measure, or a unit that has not reported (no matter then)."""

    why: Attention
    unit: str
    matter: Matter | None = None


def attention(matters: Sequence[Matter], now: Snapshot | None, day: dt.date, warn_days: int) -> Iterator[Needs]:
    """Everything that needs attention on `day`: by reason, then by measure and its leading units."""
    for why in Attention:
        if why is Attention.NOT_REPORTED:
            yield from (Needs(why, unit) for unit in (now.units_missing if now else ()))
            continue
        for matter in matters:
            if _is(why, matter, day, warn_days):
                yield from (Needs(why, unit, matter) for unit in matter.leads)


def _is(why: Attention, matter: Matter, day: dt.date, warn_days: int) -> bool:
    if why is Attention.RETURNED:
        return matter.closing == ClosingState.RETURNED
    if why is Attention.WAITING:
        return matter.closing in WAITING_STATES
    if matter.settled or matter.until is None:
        return False
    left = (matter.until - day).days
    if matter.closing == ClosingState.LONG_TERM:  # neither overdue nor finished: its review is due
        return why is Attention.DUE_SOON and left <= warn_days
    if why is Attention.OVERDUE:
        return left < 0 and matter.status != Status.DONE
    return 0 <= left <= warn_days
