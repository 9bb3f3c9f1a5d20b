"""Deciding what is the same: what is joined, what is shown in a family, what is kept apart, and why."""

import random

import pandas as pd
import pytest
from conftest import make_scheme
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.matching import Constraint, match_rows, normal_form, normal_form_v1, strip_number
from pipeline.scheme import Term
from pipeline.tables import CAUSES, MEASURES, PROBLEMS

FILLERS = [
    ("路灯不亮", "城东片区路灯损坏多，维修周期长。"),
    ("招生政策解读少", "家长对划片范围不清楚，咨询电话打不通。"),
    ("农机维修点少", "农忙时节收割机坏了要跑外县修。"),
    ("档案整理滞后", "近三年文书档案没有归档，查找困难。"),
    ("公园步道失修", "环湖步道木板腐烂，老人散步容易绊倒。"),
]
TRUE_PAIRS = [
    (
        ("科研经费使用不规范", "有的课题组用科研经费报销与项目无关的差旅、办公用品，票据审核把关不严。"),
        ("科研经费管理有漏洞", "个别项目负责人把与课题无关的差旅费、办公用品费列入科研支出，财务审核流于形式。"),
    ),
    (
        ("门诊排队时间长", "专家门诊平均候诊90分钟，分时段预约没有落实。"),
        ("患者看病等候久", "专家号候诊时间平均达90分钟，预约不分时段。"),
    ),
]


def frame(*rows, labels=None):
    titles, details = [row[0] for row in rows], [row[1] for row in rows]
    return pd.DataFrame(
        {
            "title": titles,
            "detail": details,
            "text": [f"{a}。{b}" if b else a for a, b in rows],
            "refused": [""] * len(rows),
            "unit": [f"单位{at}" for at in range(len(rows))],
        },
        index=labels if labels is not None else range(len(rows)),
    )


def line_of(found, label):
    """The family and the line that shows a row."""
    for family in found.families:
        for line in family.lines:
            if line.speaker == label:
                return family, line
    return None, None


def outcome(one, two, table=PROBLEMS, scheme=None):
    """Whether two rows among others are joined, the line that shows one beside the other if there is one, and all of it."""
    found = match_rows(frame(one, two, *FILLERS), table, scheme or make_scheme())
    joined = any({0, 1} <= set(group) for group in found.groups)
    family, line = line_of(found, 1)
    shown = None
    if family and {0, 1} <= {each.speaker for each in family.lines}:
        shown = line if line.likelihood is not None else line_of(found, 0)[1]
    return joined, shown, found


def test_width_punctuation_numbering_and_spaces_do_not_matter():
    joined, _, found = outcome(("1、学得浅", "学习 不深入，用得少。"), ("（一）学得浅。", "学习不深入,用得少"))
    assert joined
    assert found.joins[0].way == "完全相同"


def test_equal_but_for_function_words_is_joined_with_that_reason():
    joined, _, found = outcome(
        ("物业服务差", "小区物业服务质量不高，投诉较多。"),
        ("物业服务较差", "个别小区的物业服务质量还不高，存在投诉较多的现象。"),
    )
    assert joined
    assert (found.joins[0].way, found.joins[0].basis) == ("自动归并", "去掉虚词、程度词后文字相同")


@pytest.mark.parametrize(
    ("one", "two", "says"),
    [
        (
            ("出租车服务质量不高", "出租车拒载、绕路、不打表的投诉较多，全年受理投诉230件。"),
            ("出租车服务质量不高", "出租车拒载、绕路、不打表的投诉较多，全年受理投诉68件。"),
            ("230件", "68件"),
        ),
        (
            ("青年教师培养力度不够", "青年教师入职后缺少系统培训，导师制没有落实。"),
            ("青年医师培养力度不够", "青年医师入职后缺少系统培训，导师制没有落实。"),
            ("教师", "医"),
        ),
        (
            ("临江镇供水水质不稳定", "临江镇自来水夏季发黄有异味，检测频次不够。"),
            ("柳湖街道供水水质不稳定", "柳湖街道自来水夏季发黄有异味，检测频次不够。"),
            ("临江", "柳湖"),
        ),
        (
            ("请示汇报过多", "事无巨细都要书面请示，一份材料改七八遍。"),
            ("请示汇报太少", "重大事项擅自处理，一份材料也不报。"),
            (),
        ),
    ],
)
def test_what_must_stay_apart_is_never_joined_and_both_values_are_shown(one, two, says):
    joined, line, _ = outcome(one, two)
    assert not joined
    if says:
        assert line is not None, "a person is shown the pair"
        assert all(value in "".join(line.differ) for value in says)


def test_a_measure_promises_its_figures():
    joined, line, _ = outcome(
        ("压缩办证时限", "合并受理与检验环节，把办证时限压缩到10个工作日以内。"),
        ("压缩办证时限", "合并受理与检验环节，把办证时限压缩到5个工作日以内。"),
        MEASURES,
    )
    assert not joined
    assert "10个工作日" in "".join(line.differ)
    assert "5个工作日" in "".join(line.differ)


def test_a_row_of_two_matters_is_said_and_not_joined():
    joined, _, found = outcome(
        ("垃圾分类两头不实", "垃圾分类两个毛病并存：前端居民随手混投；后端清运车辆混装混运。"),
        ("垃圾混装混运", "垃圾分类后端清运车辆混装混运，群众意见大。"),
    )
    assert not joined
    assert 0 in found.compounds


def test_the_offices_own_words_are_never_suggested_together():
    one, two = (
        ("飞线充电多", "楼道里电瓶车飞线充电多，隐患大。"),
        ("私拉电线充电多", "楼道里电瓶车私拉电线充电多，隐患大。"),
    )
    apart = make_scheme().model_copy(update={"terms": (Term(category="不归并", word="飞线", synonyms=("私拉",)),)})
    joined, line, _ = outcome(one, two, scheme=apart)
    assert not joined
    assert "词库规定不得归并" in line.differ
    assert line.suggestion == "单列"


def test_without_automatic_joining_only_equal_rows_are_joined():
    one, two = (
        ("物业服务差", "小区物业服务质量不高，投诉较多。"),
        ("物业服务较差", "小区的物业服务质量还不高，投诉较多。"),
    )
    for setting in (False, "否"):
        joined, line, _ = outcome(one, two, scheme=make_scheme().model_copy(update={"settings": _setting(setting)}))
        assert not joined
        assert line is not None
        assert line.grade == "很可能"


def _setting(value):
    return make_scheme().settings.model_copy(update={"auto_merge": value})


def test_bold_merging_joins_likely_suggestions_and_says_so():
    rows = [row for pair in TRUE_PAIRS for row in pair] + FILLERS
    careful = match_rows(frame(*rows), PROBLEMS, make_scheme())
    bold = match_rows(frame(*rows), PROBLEMS, make_scheme().model_copy(update={"settings": _setting("积极")}))
    wanted = [
        line
        for family in careful.families
        for line in family.lines
        if line.suggestion != "单列" and line.grade == "很可能"
    ]
    assert wanted, "the test needs a suggestion that is 很可能"
    for line in wanted:
        group = next(group for group in bold.groups if line.speaker in group)
        assert len(group) > 1
        assert bold.joins[line.speaker].way == "自动归并"
        assert bold.joins[line.speaker].basis.startswith("自动归并（建议）")


@pytest.mark.parametrize(("one", "two"), TRUE_PAIRS)
def test_the_same_in_other_words_is_shown_in_one_family(one, two):
    joined, line, _ = outcome(one, two)
    assert joined or line is not None
    assert joined or line.agree


def test_every_row_not_refused_is_in_exactly_one_group_and_no_group_in_two_families():
    rows = frame(*(row for pair in TRUE_PAIRS for row in pair), *FILLERS)
    rows.loc[2, "refused"] = "缺标题"
    found = match_rows(rows, PROBLEMS, make_scheme())
    assert sorted(label for group in found.groups for label in group) == [at for at in rows.index if at != 2]
    shown = [line.group for family in found.families for line in family.lines]
    assert len(shown) == len(set(shown))
    assert all(len(family.lines) <= 25 for family in found.families)


def test_labels_are_whatever_the_index_holds():
    rows = frame(
        *(row for pair in TRUE_PAIRS for row in pair),
        labels=[("b.xlsx", 9), ("a.xlsx", 2), ("a.xlsx", 1), ("c.xlsx", 3)],
    )
    found = match_rows(rows, "problems", make_scheme())
    assert sorted(label for group in found.groups for label in group) == sorted(rows.index)
    assert set(found.joins) == set(rows.index)


def test_the_order_of_rows_changes_nothing():
    rows = [*(row for pair in TRUE_PAIRS for row in pair), *FILLERS, ("路灯不亮", "城东路灯坏了多，修得慢。")]
    labels = list(range(len(rows)))
    whole = frame(*rows, labels=labels)
    plain = match_rows(whole, PROBLEMS, make_scheme())
    for seed in range(4):
        order = labels[:]
        random.Random(seed).shuffle(order)
        again = match_rows(whole.loc[order], PROBLEMS, make_scheme())
        assert again == plain


FORMS = [
    normal_form(f"{title}。{detail}") for title, detail in [*FILLERS, *(row for pair in TRUE_PAIRS for row in pair)]
]


def word(one, two, same, unit_a="", unit_b=""):
    return Constraint(unit_a, FORMS[one], unit_b, FORMS[two], same, "2022-07-15 办公室")


ROWS = [*FILLERS, *(row for pair in TRUE_PAIRS for row in pair)]


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.booleans()), max_size=8), st.randoms())
@settings(max_examples=15, deadline=None)
def test_words_in_any_order_and_rows_in_any_order_give_the_same_groups(wanted, chosen):
    last = {frozenset((one, two)): same for one, two, same in wanted if one != two}
    words = [word(*sorted(pair), same) for pair, same in last.items()]
    whole = frame(*ROWS)

    def said(words, order):
        found = match_rows(whole.loc[order], PROBLEMS, make_scheme(), words)
        groups = {frozenset(group) for group in found.groups}
        for pair, same in last.items():
            together = any(pair <= group for group in groups)
            refused = any({one, two} == set(pair) for one, two in found.contradictions)
            assert together is same or (same and refused) or (not same and not together)
        return groups

    order = list(range(len(ROWS)))
    assert said(chosen.sample(words, len(words)), chosen.sample(order, len(order))) == said(words, order)


def test_a_later_word_on_the_same_pair_wins():
    found = match_rows(frame(*ROWS), PROBLEMS, make_scheme(), [word(0, 1, False), word(0, 1, True)])
    assert [0, 1] in found.groups
    assert (found.joins[0].way, found.joins[0].basis) == ("人工归并", "2022-07-15 办公室")
    found = match_rows(frame(*ROWS), PROBLEMS, make_scheme(), [word(0, 1, True), word(0, 1, False)])
    assert [0, 1] not in found.groups


def test_rows_of_equal_text_can_be_kept_apart():
    rows = frame(FILLERS[0], FILLERS[0], *FILLERS[1:])
    form = normal_form(rows["text"][0])
    together = match_rows(rows, PROBLEMS, make_scheme())
    assert [0, 1] in together.groups
    apart = match_rows(rows, PROBLEMS, make_scheme(), [Constraint("单位0", form, "单位1", form, False)])
    assert [0] in apart.groups
    assert [1] in apart.groups
    assert all({line.speaker for line in family.lines} != {0, 1} for family in apart.families), "it is answered"


def test_what_a_person_answered_is_not_asked_again():
    first = match_rows(frame(*ROWS), PROBLEMS, make_scheme())
    words = []
    for family in first.families:
        at = [line.speaker for line in family.lines]
        words += [word(a, b, False) for i, a in enumerate(at) for b in at[i + 1 :]]
    again = match_rows(frame(*ROWS), PROBLEMS, make_scheme(), words)
    asked = {
        frozenset((a.speaker, b.speaker))
        for family in again.families
        for a in family.lines
        for b in family.lines
        if a != b
    }
    answered = {frozenset((FORMS.index(one.form_a), FORMS.index(one.form_b))) for one in words}
    assert not asked & answered


def test_a_word_on_one_row_holds_for_the_whole_item():
    words = [word(5, 6, True), word(6, 0, False), word(5, 0, True)]
    found = match_rows(frame(*ROWS), PROBLEMS, make_scheme(), words)
    together = {frozenset(group) for group in found.groups}
    assert (frozenset({5, 6}) in together) != (frozenset({0, 5}) in together)
    assert len(found.contradictions) == 1


def test_numbered_items_are_neither_joined_nor_split_by_the_program():
    one, two = (
        ("物业服务差", "小区物业服务质量不高，投诉较多。"),
        ("物业服务较差", "个别小区的物业服务质量还不高，存在投诉较多的现象。"),
    )
    rows = frame(one, two, *FILLERS)
    assert [0, 1] not in match_rows(rows, PROBLEMS, make_scheme(), (), {0: "WT-001", 1: "WT-002"}).groups
    assert [2, 3] in match_rows(rows, PROBLEMS, make_scheme(), (), {2: "WT-003", 3: "WT-003"}).groups
    assert [0, 1] in match_rows(rows, PROBLEMS, make_scheme(), (), {0: "WT-001"}).groups, "a new row may join"


def test_equal_rows_that_stood_in_two_items_stay_there():
    rows = frame(FILLERS[0], FILLERS[0], FILLERS[0], *FILLERS[1:])
    rows.loc[2, "unit"] = "单位1"
    groups = match_rows(rows, PROBLEMS, make_scheme(), (), {0: "WT-001", 1: "WT-002"}).groups
    assert [0] in groups
    assert [1, 2] in groups, "the new row goes to its unit's"


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("开展3-5次", "开展35次"),
        ("达到≥95%", "达到≤95%"),
        ("占1/3", "占13"),
        ("9:30开会", "930开会"),
        ("下降-3.5%", "下降3.5%"),
        ("投入2.5亿元", "投入25亿元"),
        ("1、3月份", "13月份"),
        ("。。。", "———"),
    ],
)
def test_signs_between_figures_are_text(one, two):
    assert normal_form(one) != normal_form(two)


@pytest.mark.parametrize(
    ("one", "two"),
    [("投入２．５亿元。", "投入2.5亿元"), ("1,200户", "1200户"), ("3－5次", "3~5次"), ("学习 不深。", "学习，不深")],
)
def test_width_and_punctuation_are_not_text(one, two):
    assert normal_form(one) == normal_form(two)


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("1、甲", "甲"),
        ("（一）甲", "甲"),
        ("① 甲", "甲"),
        ("一是甲", "甲"),
        ("2.5亿元", "2.5亿元"),
        ("2022年", "2022年"),
        ("1.", "1."),
        ("二、三产业融合发展滞后", "二、三产业融合发展滞后"),
        ("二、三公经费管理不严", "三公经费管理不严"),
        ("-3.5%", "-3.5%"),
        ("- 甲", "甲"),
    ],
)
def test_numbering_in_front(text, bare):
    assert strip_number(text) == bare


@given(st.text(max_size=20))
@settings(max_examples=80, deadline=None)
def test_a_normal_form_is_never_empty_for_a_text(text):
    assert bool(normal_form(text)) == bool("".join(text.split()))


def test_the_old_form_is_kept_for_ledgers_that_know_it():
    assert normal_form_v1("开展3-5次") == "开展35次"


def test_nothing_to_compare():
    for table in (PROBLEMS, CAUSES):
        assert match_rows(frame(), table, make_scheme()).groups == []
        assert match_rows(frame(("甲", "")), table, make_scheme()).groups == [[0]]
