"""Closing (对账销号) as a state machine: one table of transitions, from which the code, the manual and the tests are made.

Pure: what was applied for or answered goes in, the record after it or a refusal comes out. Nothing is looked up or kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from pipeline.vocabulary import ClosingState, Status


class Act(StrEnum):
    """What a unit applies for (申请事项) and what the office answers (审核结果)."""

    APPLY_CLOSING = "销号"
    APPLY_EXTENSION = "延期"
    APPLY_LONG_TERM = "转长期坚持"
    CLOSE = "同意销号"
    RETURN = "退回"
    GRANT_EXTENSION = "同意延期"
    REFUSE_EXTENSION = "不同意延期"
    GRANT_LONG_TERM = "同意转长期"
    REFUSE_LONG_TERM = "不同意转长期"
    REOPEN = "重启"


class Actor(StrEnum):
    """Who may act."""

    UNIT = "单位"
    OFFICE = "办公室"


@dataclass(frozen=True, slots=True)
class ClosedRound:
    """An earlier round that was closed and then reopened."""

    round: int
    closed_on: dt.date
    direct: bool


@dataclass(frozen=True, slots=True)
class ClosingRecord:
    """Where a measure stands. `due` is 到期日 as it now counts, `original_due` as it was before the first extension.

    `asked_until` and `reason` are the last application's, `opinion` and `answered_on` the last answer's; they are never
    wiped, `state` says whether an answer is awaited. `direct`: closed by the office without an application.
    """

    item: str
    status: str = ""
    evidence: str = ""
    due: dt.date | None = None
    state: ClosingState = ClosingState.OPEN
    round: int = 1
    asked_until: dt.date | None = None
    reason: str = ""
    review_on: dt.date | None = None
    opinion: str = ""
    answered_on: dt.date | None = None
    original_due: dt.date | None = None
    extensions: int = 0
    closed_on: dt.date | None = None
    direct: bool = False
    closed_rounds: tuple[ClosedRound, ...] = ()

    @property
    def counts_until(self) -> dt.date | None:
        """The date that 预警 goes by: 下次复核日期 of a measure that goes on for good, else 到期日."""
        return self.review_on if self.state is ClosingState.LONG_TERM else self.due


@dataclass(frozen=True, slots=True)
class ClosingAct:
    """One application or answer: who, on which day, with what it gives, and the cell or page where it was said."""

    act: Act
    by: str
    on: dt.date
    opinion: str = ""
    reason: str = ""
    until: dt.date | None = None
    review_on: dt.date | None = None
    source: str = ""


class Need(StrEnum):
    """What a step needs; the text is what is asked for where it is missing."""

    DONE = "完成情况为“已完成”"
    EVIDENCE = "佐证材料"
    OPINION = "审核意见"
    REASON = "申请理由"
    LATER_DATE = "申请延期至（晚于到期日）"
    REVIEW_DATE = "下次复核日期"


_MET: Mapping[Need, Callable[[ClosingRecord, ClosingAct], bool]] = {
    Need.DONE: lambda record, _: record.status == Status.DONE,
    Need.EVIDENCE: lambda record, _: bool(record.evidence.strip()),
    Need.OPINION: lambda _, act: bool(act.opinion.strip()),
    Need.REASON: lambda _, act: bool(act.reason.strip()),
    Need.LATER_DATE: lambda record, act: bool(act.until and record.due and act.until > record.due),
    Need.REVIEW_DATE: lambda _, act: act.review_on is not None,
}


class Effect(StrEnum):
    """What a step does beyond the new state, as the manual says it."""

    ASKS_DATE = "记下申请延期至、申请理由"
    ASKS_REVIEW = "记下下次复核日期、申请理由"
    MOVES_DATE = "到期日改为申请延期至；原到期日、延期次数保留"
    CLOSES = "记销号日期"
    CLOSES_DIRECTLY = "记销号日期，注明办公室直接销号"
    GOES_BY_REVIEW = "预警按下次复核日期"
    NEXT_ROUND = "轮次加一；上一轮的销号留在历史里"


def _move_date(record: ClosingRecord, _: ClosingAct) -> ClosingRecord:
    original = record.original_due or record.due
    return replace(record, due=record.asked_until, original_due=original, extensions=record.extensions + 1)


def _next_round(record: ClosingRecord, _: ClosingAct) -> ClosingRecord:
    closed = (*record.closed_rounds, ClosedRound(record.round, record.closed_on or dt.date.min, record.direct))
    return replace(record, round=record.round + 1, closed_rounds=closed, closed_on=None, direct=False)


_DONE: Mapping[Effect, Callable[[ClosingRecord, ClosingAct], ClosingRecord]] = {
    Effect.ASKS_DATE: lambda record, act: replace(record, asked_until=act.until, reason=act.reason),
    Effect.ASKS_REVIEW: lambda record, act: replace(record, review_on=act.review_on, reason=act.reason),
    Effect.MOVES_DATE: _move_date,
    Effect.CLOSES: lambda record, act: replace(record, closed_on=act.on),
    Effect.CLOSES_DIRECTLY: lambda record, act: replace(record, closed_on=act.on, direct=True),
    Effect.GOES_BY_REVIEW: lambda record, _: record,  # `counts_until` sees to it
    Effect.NEXT_ROUND: _next_round,
}


@dataclass(frozen=True, slots=True)
class Transition:
    """In the state `before`, `by` does `act`, which needs `needs`; then the state is `after`."""

    before: ClosingState
    act: Act
    by: Actor
    after: ClosingState
    needs: tuple[Need, ...] = ()
    effects: tuple[Effect, ...] = ()


_S, _U, _O = ClosingState, Actor.UNIT, Actor.OFFICE
_FREE = (_S.OPEN, _S.RETURNED)

TRANSITIONS: tuple[Transition, ...] = (
    *(Transition(state, Act.APPLY_CLOSING, _U, _S.UNDER_REVIEW, (Need.DONE, Need.EVIDENCE)) for state in _FREE),
    Transition(_S.UNDER_REVIEW, Act.CLOSE, _O, _S.CLOSED, (Need.EVIDENCE,), (Effect.CLOSES,)),
    *(
        Transition(state, Act.CLOSE, _O, _S.CLOSED, (Need.DONE, Need.EVIDENCE), (Effect.CLOSES_DIRECTLY,))
        for state in _FREE
    ),
    Transition(_S.UNDER_REVIEW, Act.RETURN, _O, _S.RETURNED, (Need.OPINION,)),
    *(
        Transition(
            state,
            Act.APPLY_EXTENSION,
            _U,
            _S.EXTENSION_ASKED,
            (Need.LATER_DATE, Need.REASON),
            (Effect.ASKS_DATE,),
        )
        for state in _FREE
    ),
    Transition(_S.EXTENSION_ASKED, Act.GRANT_EXTENSION, _O, _S.OPEN, (), (Effect.MOVES_DATE,)),
    Transition(_S.EXTENSION_ASKED, Act.REFUSE_EXTENSION, _O, _S.OPEN, (Need.OPINION,)),
    *(
        Transition(
            state,
            Act.APPLY_LONG_TERM,
            _U,
            _S.LONG_TERM_ASKED,
            (Need.REASON, Need.REVIEW_DATE),
            (Effect.ASKS_REVIEW,),
        )
        for state in _FREE
    ),
    Transition(_S.LONG_TERM_ASKED, Act.GRANT_LONG_TERM, _O, _S.LONG_TERM, (), (Effect.GOES_BY_REVIEW,)),
    Transition(_S.LONG_TERM_ASKED, Act.REFUSE_LONG_TERM, _O, _S.OPEN),
    Transition(_S.CLOSED, Act.REOPEN, _O, _S.OPEN, (Need.OPINION,), (Effect.NEXT_ROUND,)),
)
"""The contract's table (section 8), a line for each state that a step may begin in."""

_BY_STATE = {(one.before, one.act): one for one in TRANSITIONS}
_ACTORS = {one.act: one.by for one in TRANSITIONS}


@dataclass(frozen=True, slots=True)
class Step:
    """A step that was taken: by which transition, and the record after it."""

    before: ClosingRecord
    act: ClosingAct
    transition: Transition
    after: ClosingRecord

    def payload(self) -> dict[str, str]:
        """The step for the history (an event of the kind `closing`)."""
        direct = Effect.CLOSES_DIRECTLY in self.transition.effects
        given = {
            "until": self.act.until,
            "review_on": self.act.review_on,
            "due": self.after.due if self.after.due != self.before.due else None,
        }
        return {
            "act": "办公室直接销号" if direct else act_text(self.act.act),
            "from": self.before.state,
            "to": self.after.state,
            "round": str(self.after.round),
            "on": self.act.on.isoformat(),
            "why": self.act.opinion or self.act.reason,
            "source": self.act.source,
            **{name: day.isoformat() for name, day in given.items() if day},
        }


@dataclass(frozen=True, slots=True)
class Refusal:
    """A step that the state does not allow, or that lacks what it needs; nothing changes.

    `missing` is what it lacks (empty where the state does not allow it at all); `possible` what the same actor may do now;
    `repeated`: the state is already the one that the act would lead to.
    """

    record: ClosingRecord
    act: ClosingAct
    missing: tuple[Need, ...]
    possible: tuple[Act, ...]
    repeated: bool = False

    @property
    def text(self) -> str:
        """What is wrong, and what is possible, for people."""
        listed = "、".join(act_text(act) for act in self.possible) or "无"
        if self.missing:
            return f"“{act_text(self.act.act)}”缺少{'、'.join(self.missing)}，没有改动"
        who = _ACTORS[self.act.act]
        return f"现在是“{self.record.state}”，不能“{act_text(self.act.act)}”；{who}现在可以：{listed}"


def advance(record: ClosingRecord, act: ClosingAct) -> Step | Refusal:
    """Take one step by the table."""
    transition = _BY_STATE.get((record.state, act.act))
    if transition is None:
        repeated = any(one.after is record.state for one in TRANSITIONS if one.act is act.act)
        return Refusal(record, act, (), possible(record.state, _ACTORS[act.act]), repeated)
    missing = tuple(need for need in transition.needs if not _MET[need](record, act))
    if missing:
        return Refusal(record, act, missing, possible(record.state, transition.by))
    after = record
    for effect in transition.effects:
        after = _DONE[effect](after, act)
    if transition.by is Actor.OFFICE:
        after = replace(after, opinion=act.opinion or after.opinion, answered_on=act.on)
    return Step(record, act, transition, replace(after, state=transition.after))


def possible(state: ClosingState, by: Actor) -> tuple[Act, ...]:
    """What `by` may do in a state, in the table's order."""
    return tuple(dict.fromkeys(one.act for one in TRANSITIONS if one.before is state and one.by is by))


def act_text(act: Act) -> str:
    """An act as the history and the messages say it: an application with 申请 in front."""
    return f"申请{act}" if _ACTORS[act] is Actor.UNIT else str(act)
