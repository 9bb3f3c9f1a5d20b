"""Every comparison and every guard by its name, the word lists by their examples, and that parts give the same as the whole."""

import re

import numpy as np
import pytest
from conftest import make_scheme

from pipeline.matching.blocking import block
from pipeline.matching.comparisons import COMPARISONS, NAMES, compare
from pipeline.matching.encoder import load_encoder
from pipeline.matching.grams import load_weights
from pipeline.matching.guards import GUARDS, HARD, speak
from pipeline.matching.judging import judge
from pipeline.matching.knowledge import lines, load_knowledge
from pipeline.matching.lexicon import lexicon_of
from pipeline.matching.model import Model, load_model
from pipeline.matching.pairs import PairSlice
from pipeline.matching.profile import read_profile
from pipeline.matching.reasons import agreeing, differing
from pipeline.matching.table import RowTable

OTHERS = [
    ("路灯不亮", "城东片区路灯损坏多，维修周期长。"),
    ("招生政策解读少", "家长对划片范围不清楚，咨询电话打不通。"),
    ("农机维修点少", "农忙时节收割机坏了要跑外县修。"),
]


def table(rows, key="problems", units=None, apart=()):
    lexicon = lexicon_of(make_scheme())
    profiles = [read_profile(title, text, "", lexicon) for title, text in rows]
    named = units or [f"单位{at}" for at in range(len(rows))]
    return RowTable(key, profiles, [frozenset([unit]) for unit in named], load_weights(), load_encoder(), apart)


def vector(one, two, key="problems", units=None, apart=()):
    """The comparisons of two rows among others, by name; and the guards that speak."""
    rows = table([one, two, *OTHERS], key, units and [*units, "丙", "丁", "戊"], apart)
    found = block(rows)
    pairs = PairSlice(rows, np.array([0]), np.array([1]), found.characters, found.meaning)
    values = compare(pairs)
    spoken = [guard.name for guard, speaks in zip(GUARDS, speak(pairs, values)[0], strict=True) if speaks]
    return dict(zip(NAMES, values[0].tolist(), strict=True)), spoken


STUDY = ("理论学习不够深入", "理论学习停留在表面，学用脱节。")
STUDY_TOO = ("理论学习不深", "理论学习停留在读文件，学用两张皮。")
ROADS = ("农村公路养护差", "农村公路坑槽修补不及时，管护资金缺口大。")
TAXI = ("出租车服务差", "出租车拒载、绕路、不打表的投诉较多，全年受理投诉230件。")
TAXI_TOO = ("出租车服务差", "出租车拒载、绕路、不打表的投诉较多，全年受理投诉68件。")
RIVER = ("河长巡河走形式", "部分镇村河长巡河流于形式，打卡式巡河多，发现问题少，巡河记录千篇一律。")
FOREST = ("林长巡林走形式", "部分镇村林长巡林流于形式，打卡式巡林多，发现问题少，巡林记录千篇一律。")
MONTHLY, WEEKLY = ("加强督查", "每月开展一次督查。"), ("加强督查", "每周开展一次督查。")
WATER_A, WATER_B = (
    ("临江镇供水不稳定", "临江镇自来水夏季发黄。"),
    ("柳湖镇供水不稳定", "柳湖镇自来水夏季发黄。"),
)
MANY, FEW = ("会议过多", "会议过多，开得太长。"), ("会议太少", "会议过少，该研究的不研究。")
TWO = ("垃圾分类两头不实", "垃圾分类两个毛病并存：前端居民随手混投；后端清运车辆混装混运。")
LIST = ("安全监管不力", "对学校、医院、商场、宾馆、车站监管不力。")
NOTICE = ("安全监管不力", "对学校的监管不力。")
IDIOM = ("调研不深", "调研蜻蜓点水。"), ("下乡不实", "到村里走马观花。")

WAGES = (
    "制度执行不严",
    "农民工工资保证金制度执行不严，台账登记不全，检查走了过场，群众反映强烈，整改措施没有落到实处。",
)
LOANS = (
    "制度执行不严",
    "小额信贷贴息回访制度执行不严，台账登记不全，检查走了过场，群众反映强烈，整改措施没有落到实处。",
)

MORE = {
    # name: (two rows with more of it, two rows with less of it)
    "cosine": ((STUDY, STUDY_TOO), (STUDY, ROADS)),
    "cover_low": ((STUDY, STUDY_TOO), (STUDY, ROADS)),
    "cover_high": ((STUDY, STUDY_TOO), (STUDY, ROADS)),
    "rare_shared": ((TAXI, TAXI_TOO), (STUDY, STUDY_TOO)),
    "rarest_shared": ((TAXI, TAXI_TOO), (STUDY, ROADS)),
    "title_cosine": ((STUDY, STUDY_TOO), (STUDY, ROADS)),
    "title_in_low": ((STUDY, STUDY_TOO), (STUDY, ROADS)),
    "title_in_high": ((STUDY, STUDY_TOO), (STUDY, ROADS)),
    "title_swap": ((WATER_A, WATER_B), (TAXI, TAXI_TOO)),
    "aligned": ((RIVER, FOREST), (STUDY, ROADS)),
    "swaps": ((RIVER, FOREST), (STUDY, ROADS)),
    "swap_weight": ((RIVER, FOREST), (STUDY, STUDY)),
    "template": ((RIVER, FOREST), (STUDY, STUDY)),
    "one_sided": ((LIST, NOTICE), (STUDY, STUDY)),
    "figures_agree": ((TAXI, TAXI), (TAXI, TAXI_TOO)),
    "figures_differ": ((TAXI, TAXI_TOO), (TAXI, TAXI)),
    "frequencies_differ": ((MONTHLY, WEEKLY), (MONTHLY, MONTHLY)),
    "figures_one_sided": ((TAXI, STUDY), (TAXI, TAXI_TOO)),
    "places_differ": ((WATER_A, WATER_B), (WATER_A, WATER_A)),
    "objects_differ": ((RIVER, FOREST), (RIVER, RIVER)),
    "title_objects_differ": ((RIVER, FOREST), (RIVER, RIVER)),
    "objects_same": ((RIVER, RIVER), (STUDY, ROADS)),
    "opposite": ((MANY, FEW), (MANY, MANY)),
    "same_side": ((MANY, MANY), (MANY, FEW)),
    "theme": ((STUDY, STUDY_TOO), (STUDY, ROADS)),
    "other_theme": ((("加强理论学习", "组织集中学习研讨，整改学习不深入的问题。"),) * 2, (STUDY, ROADS)),
    "sector": ((ROADS, ROADS), (STUDY, ROADS)),
    "themes_apart": ((STUDY, ("会议过多", "文山会海，会议过多过长。")), (STUDY, STUDY_TOO)),
    "sectors_apart": ((ROADS, ("垃圾混投", "垃圾分类混投混运，环卫清运不及时。")), (ROADS, ROADS)),
    "idioms": (IDIOM, (STUDY, ROADS)),
    "compound": ((TWO, STUDY), (TWO, TWO)),
    "listed": ((LIST, NOTICE), (LIST, LIST)),
    "length_ratio": ((RIVER, FOREST), (RIVER, MONTHLY)),
    "length": ((RIVER, FOREST), (MONTHLY, WEEKLY)),
    "clause_low": ((RIVER, RIVER), (STUDY, ROADS)),
    "clause_high": ((RIVER, RIVER), (STUDY, ROADS)),
    "best_clause": ((RIVER, RIVER), (STUDY, ROADS)),
    **{
        name: ((STUDY, STUDY_TOO), (STUDY, ROADS))
        for kind in ("characters", "meaning")
        for name in (kind, f"{kind}_margin_low", f"{kind}_margin_high")
    },
    **{
        f"{kind}_rank_{end}": ((STUDY, OTHERS[0]), (STUDY, STUDY_TOO))
        for kind in ("characters", "meaning")
        for end in ("low", "high")
    },
}
OTHERWISE = {
    "same_unit",
    "characters_crowd",
    "meaning_crowd",
    "characters_circle",
    "meaning_circle",
    "is_measure",
    "is_cause",
}


def test_every_comparison_has_its_test():
    assert set(MORE) | OTHERWISE == set(NAMES)
    assert len(set(NAMES)) == len(NAMES)
    assert all(comparison.says for comparison in COMPARISONS)


@pytest.mark.parametrize("name", sorted(MORE))
def test_a_comparison_is_greater_where_there_is_more_of_it(name):
    more, less = MORE[name]
    greater, lesser = vector(*more)[0][name], vector(*less)[0][name]
    if "_rank_" in name:
        assert greater >= lesser
    else:
        assert greater > lesser


def test_one_unit_is_seen():
    assert vector(STUDY, STUDY_TOO, units=("甲", "甲"))[0]["same_unit"] == 1
    assert vector(STUDY, STUDY_TOO, units=("甲", "乙"))[0]["same_unit"] == 0


def test_the_table_is_seen():
    assert [vector(STUDY, STUDY_TOO, key)[0]["is_measure"] for key in ("problems", "causes", "measures")] == [0, 0, 1]
    assert [vector(STUDY, STUDY_TOO, key)[0]["is_cause"] for key in ("problems", "causes", "measures")] == [0, 1, 0]


def test_rows_alike_have_common_neighbours_and_a_crowd():
    values, _ = vector(STUDY, STUDY_TOO)
    for kind in ("characters", "meaning"):
        assert 0 < values[f"{kind}_circle"] <= 1
        assert values[f"{kind}_crowd"] >= 0


SPEAK = {
    "figures": ((TAXI, TAXI_TOO), "68件"),
    "frequencies": ((MONTHLY, WEEKLY), "每周"),
    "places": ((WATER_A, WATER_B), "柳湖"),
    "objects": ((RIVER, FOREST), "林长"),
    "opposite": ((MANY, FEW), "方向"),
    "template": ((WAGES, LOANS), "句式相同"),
    "compound": ((TWO, ("垃圾混装混运", "垃圾清运车辆混装混运，群众意见大。")), "两件事"),
    "listed": ((LIST, NOTICE), "概括"),
}


def test_every_guard_has_its_test():
    assert set(SPEAK) | {"same_unit", "kept_apart"} == {guard.name for guard in GUARDS}
    assert {guard.name for guard in GUARDS} >= HARD
    assert all(set(guard.hides) <= set(NAMES) for guard in GUARDS)


@pytest.mark.parametrize("name", sorted(SPEAK))
def test_a_guard_speaks_and_says_both_values(name):
    (one, two), says = SPEAK[name]
    assert name in vector(one, two)[1]
    assert name in vector(two, one)[1], "whichever row is named first"
    assert name not in vector(one, one)[1]
    lexicon = lexicon_of(make_scheme())
    profiles = [read_profile(*row, "", lexicon) for row in (two, one)]
    guard = next(guard for guard in GUARDS if guard.name == name)
    assert says in guard.says(*profiles)


def test_one_unit_and_the_offices_words_speak_too():
    assert "same_unit" in vector(STUDY, STUDY_TOO, units=("甲", "甲"))[1]
    rows = ("飞线充电多", "楼道飞线充电多。"), ("私拉电线多", "楼道私拉电线多。")
    assert "kept_apart" in vector(*rows, apart=(("飞线", "私拉"),))[1]
    assert "kept_apart" not in vector(*rows)[1]


@pytest.mark.parametrize("line", lines("compounds.txt"))
def test_every_pattern_of_compounds_fits_its_example(line):
    example = EXAMPLES["compounds.txt"][line]
    assert re.search(line.removeprefix("T:"), example)


@pytest.mark.parametrize("word", lines("not_places.txt"))
def test_what_is_no_place_is_not_read_as_one(word):
    example = EXAMPLES["not_places.txt"][word]
    assert word in example
    assert not read_profile("", example, "", lexicon_of(make_scheme())).places


def _examples(name):
    from importlib.resources import files

    text = (files("pipeline.matching") / "data" / name).read_text(encoding="utf-8")
    parts = [line.partition("｜") for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {word.strip(): example for word, _, example in parts}


EXAMPLES = {name: _examples(name) for name in ("compounds.txt", "not_places.txt")}


def test_named_places_are_read():
    assert read_profile("", "临江镇自来水发黄。", "", lexicon_of(make_scheme())).places == {"临江"}


def test_a_negated_cue_points_at_no_theme():
    names = [theme.name for theme in load_knowledge().themes]
    lexicon = lexicon_of(make_scheme())
    study = names.index("理论学习不深不透")
    assert study in read_profile("理论学习不深", "", "", lexicon).findings.themes
    assert study not in read_profile("学校比学赶超", "业务学习不够", "", lexicon).findings.themes


def test_reasons_are_words_not_fragments():
    lexicon, weights = lexicon_of(make_scheme()), load_weights()
    one, two = (read_profile(*row, "", lexicon) for row in (STUDY, STUDY_TOO))
    said = "".join(agreeing(one, two, weights))
    assert "理论学习" in said
    one = read_profile("整治腐败", "全年立案只有6件，2024年率只有8%。", "", lexicon)
    two = read_profile("财会监督", "检查只有63%，2024年有1个没有整改。", "", lexicon)
    assert not re.search(r"只有|有1|2024年|“\d", "".join(agreeing(one, two, weights)))
    assert "8%" in "".join(differing(one, two, ["figures"]))


ROWS = [STUDY, STUDY_TOO, ROADS, TAXI, TAXI_TOO, RIVER, FOREST, MONTHLY, WEEKLY, *OTHERS]


def test_a_part_of_the_pairs_is_judged_as_all_of_them():
    rows = table(ROWS)
    found = block(rows)
    whole = judge(rows, found)
    half = len(found.one) // 2
    for part in (slice(None, half), slice(half, None)):
        again = judge(rows, found, pairs=(found.one[part], found.two[part]))
        assert (again.chance == whole.chance[part]).all()
        assert (again.spoken == whole.spoken[part]).all()


def test_candidates_are_pairs_in_order_and_no_row_is_its_own():
    found = block(table(ROWS))
    assert (found.one < found.two).all()
    pairs = list(zip(found.one.tolist(), found.two.tolist(), strict=True))
    assert pairs == sorted(set(pairs))
    assert {(0, 1), (3, 4), (5, 6), (7, 8)} <= set(pairs)


def test_the_encoder_gives_a_row_the_same_vector_alone_and_among_others():
    profiles = table(ROWS).profiles
    whole = load_encoder().encode(profiles)
    for at, profile in enumerate(profiles):
        assert (load_encoder().encode([profile])[0] == whole[at]).all()
    assert np.allclose((whole**2).sum(axis=1), 1, atol=1e-4)


def test_the_model_is_for_this_versions_comparisons_and_says_probabilities():
    chances = load_model().probability(np.vstack([np.zeros(len(NAMES)), np.ones(len(NAMES))]))
    assert ((chances > 0) & (chances < 1)).all()


def test_a_tree_is_walked_as_it_is_written():
    tree = [[0, 0.5, 1, 2], [10.0], [1, 2.0, 3, 4], [20.0], [30.0]]
    values = np.zeros((4, len(NAMES)))
    values[:, 0], values[:, 1] = [0.5, 0.6, 0.6, 0.4], [9, 2, 2.5, 0]
    assert Model([tree, tree], 1.0, 0.0).score(values).tolist() == [20, 40, 60, 20]
