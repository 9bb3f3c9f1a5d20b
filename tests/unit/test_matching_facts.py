"""Figures read as facts, and which of them contradict each other."""

import pytest

from pipeline.matching.facts import agree, contradictions, read_facts
from pipeline.matching.numerals import numerals


def facts(text):
    return read_facts(numerals(text))


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("二十次", "20次"),
        ("百分之三十", "30%"),
        ("两成", "20%"),
        ("十二个村", "12个村"),
        ("三分之一", "1/3"),
        ("一半的村", "50%的村"),
        ("三会一课", "三会一课"),
        ("一岗双责", "一岗双责"),
    ],
)
def test_numerals(text, level):
    assert numerals(text) == level


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("资金到位率不到一半", float("-inf"), 50, "%"),
        ("三分之一的村", 33.33, 33.34, "%"),
        ("开展3-5次", 3, 5, "次"),
        ("3至5个村", 3, 5, "村"),
        ("完成30%以上", 30, float("inf"), "%"),
        ("10个工作日以内", float("-inf"), 10, "工作日"),
        ("近三成", 27, 33, "%"),
        ("投入2.5亿元", 2.5e8, 2.5e8, "元"),
        ("3个月内办结", float("-inf"), 90, "日"),
        ("候诊90分钟", 90, 90, "分钟"),
    ],
)
def test_a_figure_says_from_what_to_what(text, low, high, unit):
    (fact,) = facts(text)
    assert (fact.low, fact.high, fact.unit) == (pytest.approx(low, abs=0.01), pytest.approx(high, abs=0.01), unit)


@pytest.mark.parametrize(
    ("text", "a_year"),
    [
        ("每月一次", 12),
        ("每年12次", 12),
        ("每月开展一次督查", 12),
        ("每季度组织2次", 8),
        ("按月调度", 12),
        ("每两年轮训一遍", 0.5),
        ("一月一次", 12),
        ("每周五下午学习", 52),
    ],
)
def test_a_frequency_is_so_many_times_a_year(text, a_year):
    fact = next(fact for fact in facts(text) if fact.yearly)
    assert fact.nominal == pytest.approx(a_year)


@pytest.mark.parametrize(
    "text", ["2024年", "6月底前", "2023年6月30日前完成", "拨打12345", "305国道", "第3季度", "一个没有"]
)
def test_years_dates_and_names_are_no_figures(text):
    assert not facts(text)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("88%的餐饮户已装", "还有12%没有安装"),
        ("每月一次", "每年12次"),
        ("占1/3", "占三分之一"),
        ("三成", "30%"),
    ],
)
def test_the_same_fact_in_other_words(one, two):
    assert agree(facts(one)[0], facts(two)[0])
    assert not contradictions(facts(one), facts(two))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("不到一半", "达到57%"),
        ("投诉230件", "投诉68件"),
        ("压缩到10个工作日以内", "压缩到5个工作日以内"),
        ("每月一次", "每季度一次"),
        ("不少于12次", "不少于10次"),
        ("由每周一期改为每季度一期", "由每周一期改为每月一期"),
        ("同比压减30%", "同比压减20%以上"),
        ("3-5次", "35次"),
    ],
)
def test_what_contradicts(one, two):
    assert contradictions(facts(one), facts(two))
    assert contradictions(facts(two), facts(one))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("比上年增加5次", "增加8%"),
        ("比上年增加5次", "全年8次"),
        ("超过一半", "57%"),
        ("近50%", "48%"),
        ("12公里", "9个村"),
        ("共31件", "没有台账"),
    ],
)
def test_what_does_not_contradict(one, two):
    assert not contradictions(facts(one), facts(two))
