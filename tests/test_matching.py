"""Deciding what is the same: what is joined, what is shown, what is kept apart, and why."""

import random

import pandas as pd
import pytest
from conftest import make_scheme
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.matching import Ruling, match_rows, normal_form, strip_number
from pipeline.matching.groups import agglomerate
from pipeline.matching.model import FEATURES, load_model
from pipeline.matching.profile import numerals
from pipeline.scheme import Term
from pipeline.tables import CAUSES, MEASURES, PROBLEMS

FILLERS = [
    ("路灯不亮", "城东片区路灯损坏多，维修周期长。"),
    ("招生政策解读少", "家长对划片范围不清楚，咨询电话打不通。"),
    ("农机维修点少", "农忙时节收割机坏了要跑外县修。"),
    ("档案整理滞后", "近三年文书档案没有归档，查找困难。"),
    ("公园步道失修", "环湖步道木板腐烂，老人散步容易绊倒。"),
]


def frame(*rows):
    titles, details = [row[0] for row in rows], [row[1] for row in rows]
    return pd.DataFrame(
        {
            "title": titles,
            "detail": details,
            "text": [f"{a}。{b}" if b else a for a, b in rows],
            "refused": [""] * len(rows),
            "unit": [f"单位{at}" for at in range(len(rows))],
        }
    )


def outcome(one, two, table=PROBLEMS, scheme=None):
    """Whether two rows among others are joined, and the doubt about them if they are shown."""
    found = match_rows(frame(one, two, *FILLERS), table, scheme or make_scheme())
    joined = any({0, 1} <= set(group) for group in found.groups)
    doubt = next((doubt for doubt in found.doubts if {doubt.a, doubt.b} == {0, 1}), None)
    return joined, doubt, found


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
            "甲“230件”乙“68件”",
        ),
        (
            ("青年教师培养力度不够", "青年教师入职后缺少系统培训，导师制没有落实。"),
            ("青年医师培养力度不够", "青年医师入职后缺少系统培训，导师制没有落实。"),
            "教师",
        ),
        (
            ("临江镇供水水质不稳定", "临江镇自来水夏季发黄有异味，检测频次不够。"),
            ("柳湖街道供水水质不稳定", "柳湖街道自来水夏季发黄有异味，检测频次不够。"),
            "地点不同",
        ),
        (
            ("请示汇报过多", "事无巨细都要书面请示，一份材料改七八遍。"),
            ("请示汇报太少", "重大事项擅自处理，一份材料也不报。"),
            None,
        ),
    ],
)
def test_what_must_stay_apart_is_never_joined(one, two, says):
    joined, doubt, _ = outcome(one, two)
    assert not joined
    if says:
        assert doubt is not None, "a person is shown the pair"
        assert says in doubt.reason


def test_a_measure_promises_its_figures():
    joined, doubt, _ = outcome(
        ("压缩办证时限", "合并受理与检验环节，把办证时限压缩到10个工作日以内。"),
        ("压缩办证时限", "合并受理与检验环节，把办证时限压缩到5个工作日以内。"),
        MEASURES,
    )
    assert not joined
    assert "10工作日" in doubt.reason


def test_a_row_of_two_matters_is_said_and_not_joined():
    joined, _, found = outcome(
        ("垃圾分类两头不实", "垃圾分类两个毛病并存：前端居民随手混投；后端清运车辆混装混运。"),
        ("垃圾混装混运", "垃圾分类后端清运车辆混装混运，群众意见大。"),
    )
    assert not joined
    assert 0 in found.compounds


def test_one_unit_does_not_say_the_same_thing_twice():
    rows = frame(
        ("安全责任压得不实", "企业安全生产主体责任落实不到位，隐患整改不闭环。"),
        ("安全责任不实", "企业安全生产主体责任落实不够到位，隐患整改未闭环。"),
        *FILLERS,
    )
    rows["unit"] = ["县应急管理局", "县应急管理局", *rows["unit"][2:]]
    assert not any({0, 1} <= set(group) for group in match_rows(rows, PROBLEMS, make_scheme()).groups)


def test_the_offices_own_words_join_and_keep_apart():
    one, two = (
        ("飞线充电多", "楼道里电瓶车飞线充电多，隐患大。"),
        ("私拉电线充电多", "楼道里电瓶车私拉电线充电多，隐患大。"),
    )
    apart = make_scheme().model_copy(update={"terms": (Term(category="不归并", word="飞线", synonyms=("私拉",)),)})
    joined, _, _ = outcome(one, two, scheme=apart)
    assert not joined


def test_without_automatic_joining_only_equal_rows_are_joined():
    one, two = (
        ("物业服务差", "小区物业服务质量不高，投诉较多。"),
        ("物业服务较差", "小区的物业服务质量还不高，投诉较多。"),
    )
    joined, doubt, _ = outcome(one, two, scheme=make_scheme(auto_merge=False))
    assert not joined
    assert doubt is not None


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


@pytest.mark.parametrize(("one", "two"), TRUE_PAIRS)
def test_the_same_in_other_words_is_joined_or_at_least_shown(one, two):
    joined, doubt, found = outcome(one, two)
    assert joined or doubt
    reason = found.joins[0].basis if joined else doubt.reason
    assert "同：" in reason


def test_the_order_of_rows_does_not_change_the_groups():
    rows = [*(row for pair in TRUE_PAIRS for row in pair), *FILLERS, ("路灯不亮", "城东路灯坏了多，修得慢。")]

    def said(order):
        table = frame(*[rows[at] for at in order])
        table["unit"] = [f"单位{at}" for at in order]
        found = match_rows(table, PROBLEMS, make_scheme())
        return (
            {frozenset(order[at] for at in group) for group in found.groups},
            {(frozenset((order[doubt.a], order[doubt.b])), round(doubt.score, 6)) for doubt in found.doubts},
        )

    plain = said(list(range(len(rows))))
    for seed in range(4):
        order = list(range(len(rows)))
        random.Random(seed).shuffle(order)
        assert said(order) == plain


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("二十次", "20次"),
        ("百分之三十", "30%"),
        ("两成", "20%"),
        ("十二个村", "12个村"),
        ("三会一课", "三会一课"),
        ("一岗双责", "一岗双责"),
    ],
)
def test_numerals(text, level):
    assert numerals(text) == level


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
    ],
)
def test_numbering_in_front(text, bare):
    assert strip_number(text) == bare


def test_a_decimal_point_is_not_punctuation():
    assert normal_form("投入2.5亿元") != normal_form("投入25亿元")
    assert normal_form("投入２．５亿元。") == normal_form("投入2.5亿元")


@given(st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=6), st.randoms())
@settings(max_examples=40, deadline=None)
def test_groups_are_a_partition_without_pairs_kept_apart(labels, chosen):
    count = len(labels) + 2
    pairs = [(i, j) for i in range(count) for j in range(i + 1, count)]
    chances = [round(chosen.random(), 3) for _ in pairs]
    apart = {pair for pair in pairs if chosen.random() < 0.3}
    groups = agglomerate(count, pairs, chances, apart, 0.6)
    assert sorted(at for group in groups for at in group) == list(range(count))
    for group in groups:
        for i in group:
            for j in group:
                assert (i, j) not in apart


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.booleans()), max_size=8), st.randoms())
@settings(max_examples=30, deadline=None)
def test_rulings_in_any_order_and_rows_in_any_order_give_the_same_groups(wanted, chosen):
    rows = [*FILLERS, *(row for pair in TRUE_PAIRS for row in pair)]
    forms = [normal_form(f"{title}。{detail}") for title, detail in rows]
    last = {frozenset((one, two)): same for one, two, same in wanted if one != two}
    rulings = [Ruling(*(forms[at] for at in sorted(pair)), same, "2022-07-15") for pair, same in last.items()]

    def said(rulings, order):
        table = frame(*[rows[at] for at in order])
        table["unit"] = [f"单位{at}" for at in order]
        found = match_rows(table, PROBLEMS, make_scheme(), rulings)
        groups = {frozenset(order[at] for at in group) for group in found.groups}
        for pair, same in last.items():
            together = any(pair <= group for group in groups)
            refused = any({order[one], order[two]} == set(pair) for one, two in found.contradictions)
            assert together is same or (same and refused)
        return groups

    order = list(range(len(rows)))
    plain = said(rulings, order)
    assert said(chosen.sample(rulings, len(rulings)), chosen.sample(order, len(order))) == plain


def test_no_chain_through_a_middle_row():
    pairs, chances = [(0, 1), (1, 2), (0, 2)], [0.95, 0.9, 0.05]
    assert agglomerate(3, pairs, chances, set(), 0.8) == [[0, 1], [2]]


def test_the_model_is_for_this_versions_evidence_and_says_probabilities():
    model = load_model()
    chances = model.probability([[0.0] * len(FEATURES), [1.0] * len(FEATURES)])
    assert ((chances >= 0) & (chances <= 1)).all()
    assert set(model.same) == {"problems", "causes", "measures"}


def test_nothing_to_compare():
    for table in (PROBLEMS, CAUSES):
        assert match_rows(frame(), table, make_scheme()).groups == []
        assert match_rows(frame(("甲", "")), table, make_scheme()).groups == [[0]]
