"""The monthly bulletin and the reminders: figures of 调度, nothing empty, tables as meant."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.bulletin import Bulletin, BulletinFacts, Reminders, bulletin_facts
from pipeline.bulletin.numbers import difference_text, rate_text, shares
from pipeline.bulletin.paper import read_paper
from pipeline.bulletin.wording import values_of, written
from pipeline.progress.lines import MeasureState, Snapshot, lines_of
from pipeline.progress.matters import Attention, Matter, attention
from pipeline.progress.sections import DEFAULT_SECTIONS, PLACEHOLDERS, Section
from pipeline.progress.tables import LINES
from pipeline.publishing import VerificationError
from pipeline.vocabulary import ClosingState

DAY = dt.date(2022, 8, 3)


def matter(number: str, status: str = "正在推进", **more: Any) -> Matter:
    given = {"leads": ("县教育局",), "due": dt.date(2022, 12, 31), "direction": "强化学习", **more}
    return Matter(number, f"措施{number}", status=status, people={"县教育局": "王某某"}, **given)


MATTERS = (
    matter("CS-001", "已完成", closing=ClosingState.CLOSED, closed_on="2022-07-28"),
    matter("CS-002", due=dt.date(2022, 7, 20), leads=("县教育局", "县财政局")),
    matter("CS-003", "已完成", closing=ClosingState.RETURNED, opinion="请补充验收报告"),
    matter("CS-004", "基本完成", due=dt.date(2022, 8, 20), direction="服务群众"),
    matter("CS-005", "已完成", closing=ClosingState.UNDER_REVIEW),
    matter("CS-006", "未启动", leads=("县财政局",)),
)


def states(matters: tuple[Matter, ...], day: dt.date = DAY) -> dict[str, MeasureState]:
    return {
        m.number: MeasureState(
            m.title,
            m.status,
            m.due.isoformat() if m.due else "",
            m.closing,
            overdue=m.due is not None and m.due < day and m.status != "已完成",
            leads=m.leads,
        )
        for m in matters
    }


def facts(matters: tuple[Matter, ...] = MATTERS, units_in: tuple[str, ...] = ("县教育局",)) -> BulletinFacts:
    before = Snapshot(
        "2022-06", states(tuple(replace(m, status="正在推进", closing=ClosingState.OPEN) for m in matters))
    )
    now = Snapshot("2022-07", states(matters), ("县教育局", "县财政局"), units_in)
    order = {"县教育局": 0, "县财政局": 1}
    return bulletin_facts("某县委", 2022, DAY, matters, now, lines_of([before, now]), before, 30, order.__getitem__)


def write(tmp_path: Path, one: BulletinFacts, sections: tuple[Section, ...] = DEFAULT_SECTIONS) -> Path:
    bulletin = Bulletin(one, sections, "某县委办公室", lambda folder: None)
    bulletin.write(tmp_path)
    bulletin.verify(tmp_path)
    return tmp_path / bulletin.name


def test_the_bulletin_tells_the_figures_of_the_line(tmp_path: Path) -> None:
    path = write(tmp_path, facts())
    assert path.name == "整改进展通报（2022年7月）.docx"
    texts, tables = read_paper(path)
    whole = "\n".join(texts)
    assert (
        "共6条，已完成3条，完成率50%，较上期提高50个百分点；基本完成1条，正在推进1条，未启动1条。已销号1条，销号率16.7%。"
        in whole
    )
    assert "未报送2022年7月进展的单位有1个：县财政局。" in whole
    assert texts[-2:] == ["某县委办公室", "2022年8月3日"]
    assert tables[0][-1] == ["合计", "6", "100%"]
    assert [row[0] for row in tables[1]] == ["努力方向", "强化学习", "服务群众"]
    assert [row[:2] for row in tables[2]] == [["单位", "措施数"], ["县教育局", "5"], ["县财政局", "2"]]
    assert tables[3][1] == ["CS-001", "措施CS-001", "县教育局", "2022-07-28"]
    assert tables[4][1] == ["CS-002", "措施CS-002", "县教育局、县财政局", "2022-07-20", "14天", "正在推进"]
    assert tables[5][1][3] == "请补充验收报告"
    headings = [text for text in texts if "、" in text[:3]]
    assert [text[0] for text in headings] == list("一二三四五六七八")


def test_an_empty_section_is_left_out_and_the_rest_numbered_on(tmp_path: Path) -> None:
    calm = (matter("CS-001"),)
    texts, tables = read_paper(write(tmp_path, facts(calm, ("县教育局", "县财政局"))))
    whole = "\n".join(texts)
    for word in ("逾期未完成", "退回补充", "未报送进展", "新销号的"):
        assert word not in whole
    assert "四、工作要求" in texts
    assert len(tables) == 3


def test_the_same_facts_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = write(tmp_path / "a", facts()), write(tmp_path / "b", facts())
    assert first.read_bytes() == second.read_bytes()


def test_a_figure_that_is_not_the_workbooks_is_found(tmp_path: Path) -> None:
    one = facts()
    line = {column.title: getattr(one.line, column.key) for column in LINES}
    right = Bulletin(one, DEFAULT_SECTIONS, "", lambda folder: {LINES.title: [line]})
    right.write(tmp_path)
    right.verify(tmp_path)
    wrong = Bulletin(one, DEFAULT_SECTIONS, "", lambda folder: {LINES.title: [{**line, "已完成": 4}]})
    with pytest.raises(VerificationError, match="已完成"):
        wrong.verify(tmp_path)


def test_the_schemes_own_sections_are_followed() -> None:
    sections = (
        Section("进展", "{年度}年{单位名称}已完成{已完成}条。\n逾期{逾期条数}条。", ""),
        Section("表", "", "按单位"),
    )
    parts = written(sections, facts((matter("CS-001"),)))
    assert [(part.heading, part.paragraphs) for part in parts] == [
        ("一、进展", ("2022年某县委已完成0条。",)),
        ("二、表", ()),
    ]


def test_each_unit_with_something_to_do_gets_one_reminder(tmp_path: Path) -> None:
    reminders = Reminders(facts(), "某县委办公室", dt.date(2022, 8, 10))
    reminders.write(tmp_path)
    reminders.verify(tmp_path)
    assert sorted(path.name for path in (tmp_path / "催办").iterdir()) == ["县教育局.docx", "县财政局.docx"]
    texts, tables = read_paper(tmp_path / "催办" / "县财政局.docx")
    assert "县财政局：" in texts
    assert any("进展没有报送" in text and "请于2022年8月10日前补报" in text for text in texts)
    assert tables[0][1] == ["CS-002", "措施CS-002", "2022-07-20", "14", "正在推进", "", "2022-08-10"]
    texts, tables = read_paper(tmp_path / "催办" / "县教育局.docx")
    assert [text[:7] for text in texts if text[1:2] == "、"] == ["一、逾期未完成", "二、销号申请退", "三、即将到期1"]
    assert tables[0][1][5] == "王某某"


def test_a_unit_without_anything_to_do_gets_none(tmp_path: Path) -> None:
    reminders = Reminders(facts((matter("CS-001"),), ("县教育局", "县财政局")), "", DAY)
    reminders.write(tmp_path)
    assert list((tmp_path / "催办").iterdir()) == []


def test_what_needs_attention() -> None:
    found = [
        (need.why, need.unit, need.matter.number if need.matter else "") for need in attention(MATTERS, None, DAY, 30)
    ]
    assert found == [
        (Attention.OVERDUE, "县教育局", "CS-002"),
        (Attention.OVERDUE, "县财政局", "CS-002"),
        (Attention.RETURNED, "县教育局", "CS-003"),
        (Attention.DUE_SOON, "县教育局", "CS-004"),
        (Attention.WAITING, "县教育局", "CS-005"),
    ]


def test_what_goes_on_for_good_lights_up_by_its_review() -> None:
    long = matter("CS-001", "已完成", closing=ClosingState.LONG_TERM, review_on=dt.date(2022, 8, 1))
    assert [need.why for need in attention((long,), None, DAY, 30)] == [Attention.DUE_SOON]


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=6).filter(any))
def test_shares_add_up(parts: list[int]) -> None:
    assert round(sum(float(share.rstrip("%")) for share in shares(parts)), 1) == 100.0


def test_numbers_as_bulletins_print_them() -> None:
    assert shares([17, 10, 24, 9, 162]) == ["7.7%", "4.5%", "10.8%", "4.0%", "73.0%"]
    assert rate_text(688, 697) == "98.7%"
    assert rate_text(9999, 10000) == "99.9%"
    assert rate_text(1, 10000) == "0.1%"
    assert rate_text(5, 10) == "50%"
    assert rate_text(0, 0) == ""
    assert difference_text((1, 2), (1, 4)) == "，较上期提高25个百分点"
    assert difference_text((1, 2), (1, 2)) == ""


def test_a_reminder_is_one_page_however_much_there_is(tmp_path: Path) -> None:
    many = tuple(matter(f"CS-{n:03d}", due=dt.date(2022, 7, 1)) for n in range(1, 80))
    Reminders(facts(many), "某县委办公室", dt.date(2022, 8, 10)).write(tmp_path)
    texts, tables = read_paper(tmp_path / "催办" / "县教育局.docx")
    shown = len(tables[0]) - 1
    assert 8 <= shown <= 30
    assert any("逾期未完成79条" in text and f"另有{79 - shown}条见进展填报表" in text for text in texts)


def test_every_placeholder_has_its_value() -> None:
    assert set(PLACEHOLDERS) == set(values_of(facts()))
