"""Understanding cells."""

import pytest
from conftest import make_scheme

from pipeline.intake import values
from pipeline.intake.splitting import split_numbered
from pipeline.vocabulary import Channel, RectificationType, Status

ASPECTS = (("政治忠诚", "带头强化政治忠诚方面"), ("固本培元", "带头固本培元、增强党性方面"))


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("政治忠诚", "政治忠诚"),
        ("带头强化政治忠诚方面", "政治忠诚"),
        ("带头强化政治忠诚", "政治忠诚"),
        ("（一）", "政治忠诚"),
        ("二", "固本培元"),
        ("2", "固本培元"),
        ("（二）固本培元", "固本培元"),
        ("固本培元方面", "固本培元"),
        ("第一方面", "政治忠诚"),
        (" 政治　忠诚 ", "政治忠诚"),
    ],
)
def test_aspects_by_name_ordinal_or_both(text, meaning):
    assert values.heading(text, ASPECTS).value == meaning


def test_an_unknown_aspect_is_not_guessed_but_the_nearest_is_named():
    found = values.heading("政治建设", ASPECTS)
    assert found.value == ""
    assert "政治忠诚" in found.hint


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1、3", [1, 3]),
        ("1,3", [1, 3]),
        ("1-3", [1, 2, 3]),
        ("１—３", [1, 2, 3]),
        ("问题2", [2]),
        ("第1、2条", [1, 2]),
        ("全部", None),
        ("学习不深", None),
        ("2;4；5", [2, 4, 5]),
    ],
)
def test_references(text, numbers):
    assert values.references(text) == (numbers and [(number,) for number in numbers])


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("1.抓学习。2.抓考核。", ["抓学习。", "抓考核。"]),
        ("一是抓学习；二是抓考核；三是抓落实。", ["抓学习；", "抓考核；", "抓落实。"]),
        ("（1）抓学习\n（2）抓考核", ["抓学习", "抓考核"]),
        ("①甲。②乙。", ["甲。", "乙。"]),
    ],
)
def test_numbered_measures_are_split(text, parts):
    assert split_numbered(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "投入2.5亿元。3.2亿元到位。",
        "2022.6.30前完成。2022.7.1验收。",
        "1.抓学习。3.抓考核。",
        "先抓学习。1.再抓考核。2.后抓落实。",
        "2.抓学习。3.抓考核。",
        "只有一条",
    ],
)
def test_what_only_looks_numbered_is_not_split(text):
    assert split_numbered(text) == []


def test_units_through_aliases_levels_and_roles():
    scheme = make_scheme(("县教育局", "县财政局", "白露镇"), unit="中共云岭县委")
    found = values.units("教育局（牵头）、云岭县财政局（配合）；白露镇", scheme)
    assert found.lead == ("县教育局", "白露镇")
    assert found.support == ("县财政局",)
    assert found.unknown == ()
    assert values.unit_name("市教育局", scheme)[1] is not None, "another level is another unit"
    assert values.unit_name("青川县教育局", scheme)[1] is not None, "another county is another unit"
    assert values.units("各乡镇", scheme).unknown == ()


def test_other_words_for_allowed_values():
    assert values.choice("即知即改", tuple(RectificationType), "type").value == "立行立改"
    assert values.choice("正在整改", tuple(Status), "status").value == "正在推进"
    assert values.choice("尽快", tuple(RectificationType), "type").value == ""
    assert values.choices("上级点、群众提,乱写", tuple(Channel), "channels") == (["群众提", "上级点"], ["乱写"])
