"""Closing: random applications and answers against the contract's table, written out plainly."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from pipeline.closing import (
    TRANSITIONS,
    Act,
    Actor,
    ClosingAct,
    ClosingRecord,
    Need,
    Refusal,
    Step,
    advance,
    as_markdown,
    as_mermaid,
    possible,
)
from pipeline.ledger import EventKind, render
from pipeline.ledger.events import Event
from pipeline.vocabulary import ClosingState

TODAY = dt.date(2022, 7, 15)
DONE = ClosingRecord("CS-001", status="已完成", evidence="照片", due=dt.date(2022, 6, 30))


def act(what, **more):
    return ClosingAct(Act(what), "办公室", TODAY, **more)


def after(record, *acts):
    for one in acts:
        step = advance(record, one)
        assert isinstance(step, Step), step.text
        record = step.after
    return record


def expected(state, what, done, evidence, opinion, reason, later, review):
    """The state after a step, by the contract; None where nothing changes."""
    if state in ("未申请", "退回"):
        if what == "销号":
            return "待审核" if done and evidence else None
        if what == "同意销号":
            return "已销号" if done and evidence else None
        if what == "延期":
            return "延期待批" if later and reason else None
        if what == "转长期坚持":
            return "转长期待批" if reason and review else None
    if state == "待审核":
        if what == "同意销号":
            return "已销号" if evidence else None
        if what == "退回":
            return "退回" if opinion else None
    if state == "延期待批":
        if what == "同意延期":
            return "未申请"
        if what == "不同意延期":
            return "未申请" if opinion else None
    if state == "转长期待批":
        if what == "同意转长期":
            return "长期坚持"
        if what == "不同意转长期":
            return "未申请"
    if state == "已销号" and what == "重启":
        return "未申请" if opinion else None
    return None


class Closing(RuleBasedStateMachine):
    """A measure's life, and beside it what the contract says of it in plain words."""

    @initialize(due=st.none() | st.dates(dt.date(2022, 1, 1), dt.date(2022, 12, 31)))
    def begin(self, due):
        self.record = ClosingRecord("CS-001", due=due)
        self.rounds, self.extensions, self.opinions = 1, 0, []
        self.original = None

    @rule(
        status=st.sampled_from(["未启动", "正在推进", "基本完成", "已完成"]),
        evidence=st.sampled_from(["", " ", "照片"]),
    )
    def report(self, status, evidence):
        self.record = replace(self.record, status=status, evidence=evidence)

    @rule(
        what=st.sampled_from(list(Act)),
        opinion=st.sampled_from(["", "补充照片"]),
        reason=st.sampled_from(["", "资金未到位"]),
        days=st.none() | st.integers(-30, 30),
        review=st.booleans(),
    )
    def step(self, what, opinion, reason, days, review):
        before = self.record
        until = None if days is None else (before.due or TODAY) + dt.timedelta(days)
        given = ClosingAct(what, "某人", TODAY, opinion, reason, until, TODAY if review else None, "对账销号!K5")
        later = before.due is not None and until is not None and until > before.due
        done, evidence = before.status == "已完成", before.evidence.strip() != ""
        state = expected(before.state, what, done, evidence, opinion, reason, later, review)
        result = advance(before, given)
        if state is None:
            assert isinstance(result, Refusal)
            assert result.record == before
            assert result.missing or what not in result.possible
            assert str(what) in result.text
            return
        assert isinstance(result, Step)
        assert result.after.state == state
        event = Event(EventKind.CLOSING, "CS-001", given.by, TODAY.isoformat(), result.payload())
        assert f"{before.state}→{state}" in render(event)
        if what is Act.GRANT_EXTENSION:
            self.original = self.original or before.due
            self.extensions += 1
            assert result.after.due == before.asked_until
        else:
            assert result.after.due == before.due
        if what is Act.REOPEN:
            self.rounds += 1
        if opinion and what in possible(before.state, Actor.OFFICE):
            self.opinions.append(opinion)
        self.record = result.after

    @invariant()
    def nothing_is_lost(self):
        record = self.record
        assert (record.round, record.extensions, record.original_due) == (self.rounds, self.extensions, self.original)
        assert len(record.closed_rounds) == record.round - 1
        assert (record.closed_on is not None) == (record.state is ClosingState.CLOSED)
        if self.opinions:
            assert record.opinion == self.opinions[-1]


TestClosing = Closing.TestCase
TestClosing.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


def test_an_ordinary_closing():
    closed = after(DONE, act("销号"), act("退回", opinion="补充照片"), act("销号"), act("同意销号"))
    assert (closed.state, closed.closed_on, closed.opinion, closed.direct) == ("已销号", TODAY, "补充照片", False)
    again = after(closed, act("重启", opinion="反弹"))
    assert (again.state, again.round, again.closed_on, again.closed_rounds[0].closed_on) == ("未申请", 2, None, TODAY)


def test_the_office_closes_without_an_application_and_the_log_says_so():
    step = advance(DONE, act("同意销号"))
    assert isinstance(step, Step)
    assert step.after.direct
    assert step.payload()["act"] == "办公室直接销号"


def test_an_extension_keeps_the_first_date_and_counts():
    first, second = dt.date(2022, 9, 30), dt.date(2022, 12, 31)
    record = after(
        DONE,
        act("延期", until=first, reason="资金"),
        act("同意延期"),
        act("延期", until=second, reason="天气"),
        act("同意延期"),
    )
    assert (record.due, record.original_due, record.extensions) == (second, DONE.due, 2)


@pytest.mark.parametrize("until", [None, DONE.due, dt.date(2022, 6, 1)])
def test_an_extension_must_be_to_a_later_day_than_the_one_that_counts(until):
    refused = advance(DONE, act("延期", until=until, reason="资金"))
    assert isinstance(refused, Refusal)
    assert refused.missing == (Need.LATER_DATE,)
    assert isinstance(advance(replace(DONE, due=None), act("延期", until=TODAY, reason="资金")), Refusal)


def test_what_goes_on_for_good_is_looked_at_again():
    day = dt.date(2023, 1, 31)
    record = after(DONE, act("转长期坚持", reason="常抓", review_on=day), act("同意转长期"))
    assert record.state is ClosingState.LONG_TERM
    assert record.counts_until == day
    assert DONE.counts_until == DONE.due


def test_a_refusal_says_what_is_missing_or_what_is_possible():
    refused = advance(replace(DONE, status="未启动", evidence=""), act("销号"))
    assert isinstance(refused, Refusal)
    assert refused.missing == (Need.DONE, Need.EVIDENCE)
    assert refused.text == "“申请销号”缺少完成情况为“已完成”、佐证材料，没有改动"
    refused = advance(DONE, act("同意延期"))
    assert isinstance(refused, Refusal)
    assert refused.text == "现在是“未申请”，不能“同意延期”；办公室现在可以：同意销号"
    waiting = after(DONE, act("销号"))
    again = advance(waiting, act("销号"))
    assert isinstance(again, Refusal)
    assert again.repeated


@pytest.mark.parametrize("transition", TRANSITIONS)
def test_the_manual_shows_every_transition(transition):
    table = as_markdown()
    assert any(
        transition.before in line and f" {transition.after} " in line and str(transition.act) in line
        for line in table.splitlines()
    )
    assert as_mermaid().count("-->") == len(TRANSITIONS) + 1


def test_no_step_is_declared_twice():
    assert len({(one.before, one.act) for one in TRANSITIONS}) == len(TRANSITIONS)
