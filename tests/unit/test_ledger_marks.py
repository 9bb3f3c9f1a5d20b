"""归并为 as people fill it in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ledger import Line, read_marks
from pipeline.ledger.judgements import Judgement, constraints, in_force, pairs, standing, tidy

SUGGESTED = ["A", "A", "单列"]
ITEMS = ["WT-001", "WT-002", "WT-003"]


def marks(*values, suggestions=(), items=()):
    return read_marks(values, suggestions, items)[0]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("A", "A", ""), ["A", "A", ""]),
        (("甲", "甲", "单列"), ["甲", "甲", "单列"]),
        (("ａ ", "A", "1"), ["A", "A", "1"]),
        (("全部", "", ""), ["A", "A", "A"]),
        (("全部", "", "单列"), ["A", "A", "单列"]),
        (("其余单列", "", ""), ["单列", "单列", "单列"]),
        (("A", "A", "其余单列"), ["A", "A", "单列"]),
        (("A 其余单列", "A", ""), ["A", "A", "单列"]),
        (("按建议", "", ""), SUGGESTED),
        (("按建议", "单列", ""), ["A", "单列", "单列"]),
        ((" 单 列 ", "", ""), ["单列", "", ""]),
        (("", "", ""), ["", "", ""]),
        (("", "WT-001", ""), ["WT-001", "WT-001", ""]),
    ],
)
def test_what_people_write_is_understood(values, expected):
    found, problems = read_marks(values, SUGGESTED, ITEMS)
    assert found == expected
    assert not problems


@pytest.mark.parametrize(
    "word", ["不归并", "归并", "合并", "是", "否", "不同", "？", "待定", "同上", "与第一行是同一个问题，建议合并办理"]
)
def test_a_word_that_makes_no_sense_is_said_and_changes_nothing(word):
    found, problems = read_marks(["A", "A", word, word])
    assert found == ["A", "A", None, None]
    assert [problem.index for problem in problems] == [2, 3]
    assert all(problem.why and problem.remedy for problem in problems)


@pytest.mark.parametrize(
    "values", [("", "全部", ""), ("", "按建议", ""), ("A", "", ""), ("", "WT-009", ""), ("全部", "其余单列", "")]
)
def test_what_is_in_the_wrong_place_or_contradicts_itself_is_said(values):
    found, problems = read_marks(values, SUGGESTED, ITEMS)
    assert len(problems) == 1
    assert not any(found)


def test_as_suggested_needs_suggestions():
    found, problems = read_marks(["按建议", ""])
    assert found == [None, ""]
    assert problems[0].why == "没有建议可用"


@given(
    st.lists(st.sampled_from(["", "A", "B", "单列", "全部", "其余单列", "按建议", "不归并"]), min_size=2, max_size=6)
)
def test_every_line_gets_one_answer_and_a_line_s_own_mark_stands(values):
    found, problems = read_marks(values, ["A"] * len(values))
    assert len(found) == len(values)
    refused = {problem.index for problem in problems}
    for index, (value, mark) in enumerate(zip(values, found, strict=True)):
        if value in ("A", "B", "单列") and mark is not None:
            assert mark == value
        assert (mark is not None) or refused, index


def judgement(number, *rows, table="problems"):
    return Judgement(number, table, tuple(Line(unit, form, form, mark) for unit, form, mark in rows))


def said(*judgements):
    return [(one.form_a, one.form_b, one.same) for one in constraints(judgements)]


def test_same_marks_join_different_marks_part_and_blank_says_nothing():
    one = judgement("JD-001", ("甲", "a", "A"), ("乙", "b", "A"), ("丙", "c", "B"), ("丁", "d", ""))
    assert said(one) == [("a", "b", True), ("a", "c", False), ("b", "c", False)]


def test_apart_is_apart_from_every_other_line_of_the_family():
    one = judgement("JD-001", ("甲", "a", "单列"), ("乙", "b", "单列"), ("丙", "c", ""))
    assert said(one) == [("a", "b", False), ("a", "c", False), ("b", "c", False)]


def test_a_later_judgement_wins_pair_by_pair_and_comes_last():
    first = judgement("JD-001", ("甲", "a", "A"), ("乙", "b", "A"), ("丙", "c", "A"))
    later = judgement("JD-002", ("乙", "b", "单列"), ("丙", "c", ""))
    assert said(first, later) == [("a", "b", True), ("a", "c", True), ("b", "c", False)]


def test_a_line_of_any_unit_takes_the_place_of_what_was_said_of_one():
    first = judgement("JD-001", ("甲", "a", "A"), ("乙", "b", "A"))
    later = judgement("JD-002", ("", "b", "1"), ("", "a", "2"))
    assert said(first, later) == [("b", "a", False)]
    assert [one.number for one in standing([first, later])] == ["JD-002"]


def test_the_same_texts_in_another_table_are_another_matter():
    first = judgement("JD-001", ("甲", "a", "A"), ("乙", "b", "A"))
    later = judgement("JD-002", ("甲", "a", "单列"), ("乙", "b", ""), table="causes")
    assert [pair.same for _, pair in in_force([first, later])] == [True, False]


def test_equal_rows_of_two_units_can_be_kept_apart():
    assert said(judgement("JD-001", ("甲", "a", "单列"), ("乙", "a", ""))) == [("a", "a", False)]


def test_lines_from_which_nothing_follows_are_not_kept():
    lines = [Line("甲", "a", "a", "A"), Line("乙", "b", "b", "A"), Line("丙", "c", "c", "")]
    assert tidy(lines) == tuple(lines[:2])
    assert tidy(lines[1:]) == ()
    apart = [Line("甲", "a", "a", "单列"), Line("丙", "c", "c", "")]
    assert tidy(apart) == tuple(apart)
    assert len(list(pairs(Judgement("JD-001", "problems", tidy(apart))))) == 1
