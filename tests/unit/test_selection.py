"""入文: the choice holds together, keeps its quotas, obeys the office, and is the same each time."""

import time
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from conftest import MEASURE_HEADER, TODAY, list_rows, make_book, make_project, make_scheme, measure, problem_sheet
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from openpyxl import load_workbook

from pipeline.consolidation.candidates import candidates
from pipeline.consolidation.correspondence import correspondence
from pipeline.consolidation.items import _declared, heading_rank
from pipeline.consolidation.optimum import best_choice, greedy_choice
from pipeline.consolidation.selection import select
from pipeline.consolidation.worth import WEIGHTS, worth
from pipeline.records import Cells, Item, Links, RowId
from pipeline.run import merge_project
from pipeline.tables import CAUSES, MEASURES, PROBLEMS

SCHEME = make_scheme(problems_per_aspect=2, measures_per_direction=2, causes_in_document=2)


def item(table, number, links=(), units=1, **cells):
    """An item of `table`; its title is its number unless another is given."""
    key = f"{table.prefix}-{number:03d}"
    heading = {"problems": {"aspect": "学习"}, "measures": {"direction": "强化学习"}}.get(table.key, {})
    given_cells = Cells(_declared(table), {"title": key, "detail": "正文。", **heading, **cells})
    own = Links(problems=tuple(links)) if table is not PROBLEMS else Links()
    return Item(
        table.key, (), RowId("a", "b", number), given_cells, tuple(f"单位{n}" for n in range(units)), id=key, links=own
    )


def items(problems, causes=(), measures=()):
    """The three lists, problems linked back."""
    linked = [
        replace(
            problem,
            links=Links(
                causes=tuple(cause.id for cause in causes if problem.id in cause.links.problems),
                measures=tuple(one.id for one in measures if problem.id in one.links.problems),
            ),
        )
        for problem in problems
    ]
    return {"problems": linked, "causes": list(causes), "measures": list(measures)}


def chosen(lists, undecided=(), scheme=SCHEME):
    return {one.id for group in select(lists, scheme, undecided).values() for one in group if one.included}


def test_no_worth_makes_up_for_a_flaw_of_the_whole():
    best = item(PROBLEMS, 1, units=9, channels="群众提、上级点", example="比如。", detail="只有3次。")
    assert worth(best) + WEIGHTS.answered < WEIGHTS.stray_measure < WEIGHTS.empty_heading
    assert worth(best) - worth(item(PROBLEMS, 1)) < WEIGHTS.answered, "an answered problem before any unanswered one"


def test_the_page_on_the_choice_has_every_weight():
    page = (Path(__file__).parents[2] / "docs" / "manual" / "选文.md").read_text(encoding="utf-8")
    for name, points in asdict(WEIGHTS).items():
        shown = {"units_counted": f"最多算 {points} 个"}.get(name, f"| {points} |")
        assert shown in page.replace("−", ""), name


def test_without_links_the_better_supported_go_in_and_ties_keep_the_lists_order():
    problems = [item(PROBLEMS, 1), item(PROBLEMS, 2), item(PROBLEMS, 3, units=3), item(PROBLEMS, 4, title="", units=9)]
    assert chosen(items(problems)) == {"WT-003", "WT-004"}
    same = [item(PROBLEMS, number) for number in range(1, 6)]
    assert chosen(items(same)) == {"WT-001", "WT-002"}
    apart = [frozenset(("WT-001", "WT-002")), frozenset(("WT-001", "WT-003"))]
    assert chosen(items(same), apart) == {"WT-001", "WT-004"}


def test_a_problem_goes_in_with_a_measure_and_a_measure_with_its_problem():
    problems = [item(PROBLEMS, number, units=4 - number) for number in range(1, 4)]
    measures = [item(MEASURES, 1, ["WT-003"]), item(MEASURES, 2, ["WT-003"]), item(MEASURES, 3, ["WT-001"])]
    found = chosen(items(problems, measures=measures))
    assert {"WT-001", "CS-003"} <= found
    for one in measures:
        assert one.id not in found or found & set(one.links.problems)


def test_a_measure_for_every_problem_counts_for_more_than_a_better_measure():
    problems = [item(PROBLEMS, 1), item(PROBLEMS, 2)]
    strong = [item(MEASURES, number, ["WT-001"], units=6) for number in (1, 2)]
    found = chosen(items(problems, measures=[*strong, item(MEASURES, 3, ["WT-002"])]))
    assert "CS-003" in found
    assert len(found & {"CS-001", "CS-002"}) == 1


def test_causes_explain_what_is_in():
    problems = [item(PROBLEMS, 1, units=3), item(PROBLEMS, 2, units=3), item(PROBLEMS, 3)]
    causes = [item(CAUSES, 1, ["WT-003"]), item(CAUSES, 2, ["WT-001"]), item(CAUSES, 3, ["WT-001", "WT-002"])]
    assert chosen(items(problems, causes)) & {"YY-001", "YY-002", "YY-003"} == {"YY-002", "YY-003"}


def test_no_two_of_one_undecided_family_and_no_title_twice():
    problems = [item(PROBLEMS, number) for number in range(1, 5)]
    pair = frozenset(("WT-001", "WT-002"))
    assert chosen(items(problems), [pair]) == {"WT-001", "WT-003"}
    twins = [item(PROBLEMS, 1, title="调研少"), item(PROBLEMS, 2, title="1、调研少"), item(PROBLEMS, 3)]
    lists = select(items(twins), SCHEME)["problems"]
    assert [one.included for one in lists] == [True, False, True]
    assert "与已入文的 WT-001 可能是同一件事" in lists[1].reason


def test_what_the_office_said_binds_the_choice():
    problems = [item(PROBLEMS, 1, units=5), item(PROBLEMS, 2, included="必入"), item(PROBLEMS, 3, units=2)]
    measures = [
        item(MEASURES, 1, ["WT-001"]),
        item(MEASURES, 2, ["WT-002"], included="不入"),
        item(MEASURES, 3, ["WT-002"]),
    ]
    assert chosen(items(problems, measures=measures)) == {"WT-001", "WT-002", "CS-001", "CS-003"}
    every = [item(PROBLEMS, number, included="是") for number in range(1, 5)]
    assert len(chosen(items(every))) == 4, "the office may go beyond the quota"
    none = [item(PROBLEMS, 1, included="否"), item(PROBLEMS, 2)]
    assert chosen(items(none)) == {"WT-002"}


def test_a_reason_says_what_is_answered():
    problems = [item(PROBLEMS, 1, units=2, channels="群众提"), item(PROBLEMS, 2), item(PROBLEMS, 3)]
    lists = select(items(problems, measures=[item(MEASURES, 1, ["WT-001"])]), SCHEME)
    assert lists["problems"][0].reason.startswith("由 CS-001 回应；标题和正文齐全，2 个单位提出，群众提")
    assert lists["measures"][0].reason.startswith("回应 WT-001")
    assert lists["problems"][2].reason == "1 个单位提出，排第 3，只入 2 条"


@st.composite
def lists(draw):
    scheme = SCHEME
    aspect = st.sampled_from([one.short for one in scheme.aspects])
    wish = st.sampled_from(["", "", "", "", "必入", "不入"])
    count = draw(st.integers(1, 9))
    problems = [
        item(PROBLEMS, n, units=draw(st.integers(1, 4)), aspect=draw(aspect), included=draw(wish))
        for n in range(1, count + 1)
    ]
    refs = st.lists(st.sampled_from([one.id for one in problems]), max_size=2, unique=True)
    measures = [
        item(MEASURES, n, draw(refs), direction=draw(st.sampled_from(scheme.directions)), included=draw(wish))
        for n in range(1, draw(st.integers(0, 8)) + 1)
    ]
    causes = [item(CAUSES, n, draw(refs)) for n in range(1, draw(st.integers(0, 4)) + 1)]
    pairs = (
        draw(st.lists(st.sets(st.sampled_from([one.id for one in problems]), min_size=2, max_size=2), max_size=3))
        if count > 1
        else []
    )
    return items(problems, causes, measures), [frozenset(pair) for pair in pairs]


@given(lists())
@examples(max_examples=60, deadline=None)
def test_whatever_comes_in_the_bounds_are_kept(drawn):
    given_lists, pairs = drawn
    found = chosen(given_lists, pairs)
    assert found == chosen(given_lists, pairs)
    for number, wish in ((one.id, one.cells["included"]) for group in given_lists.values() for one in group):
        assert wish != "必入" or number in found
        assert wish != "不入" or number not in found
    forced = {one.id for group in given_lists.values() for one in group if one.cells["included"] == "必入"}
    for pair in pairs:
        assert not pair <= found or pair <= forced
    for table in (PROBLEMS, MEASURES):
        counts = Counter(heading_rank(table, one, SCHEME) for one in given_lists[table.key] if one.id in found)
        musts = Counter(heading_rank(table, one, SCHEME) for one in given_lists[table.key] if one.id in forced)
        assert all(count <= max(2, musts[rank]) for rank, count in counts.items())


@given(lists())
@examples(max_examples=40, deadline=None)
def test_the_greedy_choice_keeps_the_same_bounds(drawn):
    given_lists, pairs = drawn
    among = candidates(given_lists, SCHEME, pairs)
    found = greedy_choice(among)
    for heading, quota in among.quota.items():
        assert sum(among.heading[number] == heading for number in found) <= quota
    assert not [pair for pair in among.apart if pair <= found]


def test_six_thousand_items_take_less_than_two_seconds():
    scheme = make_scheme()
    problems = [item(PROBLEMS, n, units=1 + n % 4, aspect=("学习", "为民")[n % 2]) for n in range(1, 2601)]
    measures = [
        item(MEASURES, n, [f"WT-{1 + n * 7 % 2600:03d}"], direction=scheme.directions[n % 2]) for n in range(1, 2801)
    ]
    causes = [item(CAUSES, n, [f"WT-{1 + n * 11 % 2600:03d}"]) for n in range(1, 601)]
    back = Counter(number for one in measures for number in one.links.problems)
    by_problem = {number: [] for number in back}
    for one in measures:
        for number in one.links.problems:
            by_problem[number].append(one.id)
    linked = [replace(one, links=Links(measures=tuple(by_problem.get(one.id, ())))) for one in problems]
    begun = time.process_time()
    among = candidates({"problems": linked, "causes": causes, "measures": measures}, scheme)
    found, best = best_choice(among)
    assert time.process_time() - begun < 2
    assert best
    assert len([number for number in found if number.startswith("WT")]) == 6


def said(lists, undecided=()):
    return [finding.code for finding in correspondence(select(lists, SCHEME, undecided), SCHEME, undecided)]


def test_what_gave_way_is_said():
    musts = [item(PROBLEMS, number, included="必入") for number in range(1, 4)]
    assert said(items(musts)) == ["D10", "D10", "D10", "D14"]
    assert said(items(musts), [frozenset(("WT-001", "WT-002"))])[-1] == "D15"
    lost = [item(PROBLEMS, 1, included="必入", aspect="无此方面")]
    assert said(items(lost)) == ["D16"]
    assert not chosen(items(lost)), "an item without a heading has no place in the document"
    crowd = [item(PROBLEMS, number) for number in range(1, 3)]
    answers = [item(MEASURES, 1, ["WT-001"]), item(MEASURES, 2, ["WT-002"], included="否")]
    assert said(items(crowd, [item(CAUSES, 1, ["WT-001"])], answers)) == ["D11", "D13"]


def test_a_choice_too_large_to_be_weighed_is_made_in_order_and_said(monkeypatch):
    monkeypatch.setattr("pipeline.consolidation.optimum._LARGEST", 0)
    lists = items([item(PROBLEMS, number) for number in range(1, 4)], measures=[item(MEASURES, 1, ["WT-002"])])
    assert chosen(lists) == {"WT-001", "WT-002", "CS-001"}
    assert said(lists)[-1] == "D18"


# ---- the office steers, through the ledger ----


def summary(folder):
    return folder / "outputs" / "汇总台账.xlsx"


def edit(folder, sheet, number, **cells):
    book = load_workbook(summary(folder))
    page = book[sheet]
    titles = {cell.value: cell.column for cell in page[3]}
    row = next(row for row in range(4, page.max_row + 1) if page.cell(row, 1).value == number)
    for title, value in cells.items():
        page.cell(row, titles[title]).value = value
    book.save(summary(folder))


def row_of(folder, sheet, number):
    return next(row for row in list_rows(summary(folder), sheet) if next(iter(row.values())) == number)


@pytest.fixture
def folder(tmp_path):
    topics = ["会议记录补写", "政策宣讲缺位", "图书角没人管", "窗口排队很长"]
    rows = [[n, "学习" if n < 4 else "为民", topic, f"{topic}的情况{n}。"] for n, topic in enumerate(topics, 1)]
    sheets = {
        "问题清单": problem_sheet(*rows),
        "整改措施": [
            MEASURE_HEADER,
            measure(1, 1, "规范记录", "会后三日内归档。"),
            measure(2, 4, "增设窗口", "高峰时段加开两个。", 努力方向="服务群众"),
        ],
    }
    folder = make_project(tmp_path, make_scheme(), {"a.xlsx": make_book("县教育局", **sheets)})
    merge_project(folder, TODAY)
    return folder


def texts(folder, name="对照检查材料.docx"):
    import docx

    return [paragraph.text for paragraph in docx.Document(folder / "outputs" / name).paragraphs]


def codes(folder, *wanted):
    return [row["代码"] for row in list_rows(summary(folder), "核对结果") if row["代码"] in wanted]


def test_order_and_wording_are_the_offices(folder):
    import docx

    edit(folder, "问题清单", "WT-003", 入文次序="１")
    edit(folder, "问题清单", "WT-002", 入文次序="2", 文稿文字="班子抓宣讲不够\n经常")
    edit(folder, "问题清单", "WT-001", 入文次序="靠前")
    merge_project(folder, TODAY)
    said = [text for text in texts(folder) if text[:2] in ("1、", "2、", "3、")]
    assert [text[2:8] for text in said[:3]] == ["图书角没人管", "政策宣讲缺位", "会议记录补写"]
    assert said[1] == "2、政策宣讲缺位。班子抓宣讲不够经常。"
    assert row_of(folder, "问题清单", "WT-002")["具体表现"] == "政策宣讲缺位的情况2。"
    notes = [note.text for note in docx.Document(folder / "outputs" / "对照检查材料（核稿）.docx").comments]
    assert any("原文：政策宣讲缺位的情况2。" in note for note in notes)
    assert codes(folder, "L04") == ["L04"]
    merge_project(folder, TODAY)
    assert codes(folder, "L04") == [], "a refused word is said once"
    before = summary(folder).read_bytes()
    merge_project(folder, TODAY)
    assert summary(folder).read_bytes() == before, "it stays, and nothing moves"


def test_must_and_never_stay_as_they_were_written(folder):
    edit(folder, "问题清单", "WT-001", 入文="不入")
    edit(folder, "问题清单", "WT-002", 入文="必入")
    edit(folder, "问题清单", "WT-003", 入文="1")
    merge_project(folder, TODAY)
    assert codes(folder, "D12", "L04") == ["L04", "D12"]
    merge_project(folder, TODAY)
    assert [row_of(folder, "问题清单", f"WT-00{n}")["入文"] for n in (1, 2, 3)] == ["不入", "必入", "是"]
    assert not [text for text in texts(folder) if "会议记录补写" in text]
    assert row_of(folder, "任务清单", "CS-001")["入文"] == "是", "a heading is not left empty"
    assert codes(folder, "D12", "L04") == ["D12"], "a refused word is said once"
    edit(folder, "问题清单", "WT-001", 入文=None)
    merge_project(folder, TODAY)
    assert row_of(folder, "问题清单", "WT-001")["入文"] == "是"


def test_edited_links_replace_those_of_the_rows_on_both_sides(folder):
    assert codes(folder, "D10") == ["D10", "D10"], "two problems without a measure are in"
    edit(folder, "问题清单", "WT-002", 对应措施="cs-1，CS-002、CS-009")
    edit(folder, "任务清单", "CS-001", 对应问题="WT-002、WT-003")
    merge_project(folder, TODAY)
    assert row_of(folder, "问题清单", "WT-001")["对应措施"] is None
    assert row_of(folder, "问题清单", "WT-002")["对应措施"] == "CS-001、CS-002"
    assert row_of(folder, "问题清单", "WT-003")["对应措施"] == "CS-001"
    assert row_of(folder, "任务清单", "CS-002")["对应问题"] == "WT-002、WT-004"
    assert codes(folder, "D20", "D21", "M03") == ["D20", "M03"]
    edit(folder, "问题清单", "WT-002", 对应措施="无")
    merge_project(folder, TODAY)
    assert row_of(folder, "任务清单", "CS-002")["对应问题"] == "WT-004"


def test_channels_and_the_problems_leader_can_be_mended(folder):
    edit(folder, "问题清单", "WT-001", 查摆途径="上级点,群众提", 责任领导="分管副县长")
    edit(folder, "问题清单", "WT-002", 查摆途径="大家提")
    merge_project(folder, TODAY)
    row = row_of(folder, "问题清单", "WT-001")
    assert (row["查摆途径"], row["责任领导"]) == ("群众提、上级点", "分管副县长")
    assert codes(folder, "L04") == ["L04"]


def test_a_problem_without_an_aspect_that_must_go_in_is_said_and_nothing_breaks(tmp_path):
    rows = [[1, "学习", "会议记录补写", "事后补写。"], [2, "不知道", "窗口排队很长", "平均等40分钟。"]]
    scheme = make_scheme(kinds=("对照检查材料", "整改方案", "问题清单"))
    folder = make_project(tmp_path, scheme, {"a.xlsx": make_book("县教育局", 问题清单=problem_sheet(*rows))})
    merge_project(folder, TODAY)
    number = next(row["问题编号"] for row in list_rows(summary(folder), "问题清单") if "窗口" in row["问题"])
    edit(folder, "问题清单", number, 入文="必入")
    merge_project(folder, TODAY)
    assert codes(folder, "D16") == ["D16"]
    assert not [text for text in texts(folder) if "窗口排队很长" in text]
