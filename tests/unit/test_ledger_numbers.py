"""Numbers, and what was said, when rows are corrected, joined, renamed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_ledger_store import STAMP, opened, row

from pipeline import findings
from pipeline.ledger import Change, Edit, Member, Outcome, ProblemKind, Stamp
from pipeline.ledger.numbers import Known, give_numbers, recognise
from pipeline.records import RowId, SourceRow, row_cells
from pipeline.tables import MEASURES, PROBLEMS


def member(unit, text, seq=1, title=""):
    return Member(unit, text, title, seq, text, f"{unit}!{seq}")


def known(unit, text, number, seq=1, title="", **more):
    return Known(member(unit, text, seq, title), number, **more)


def change_of(old, new, **more):
    found = recognise([member("甲", new, **more)], [known("甲", old, "WT-001", **more)], {}, "2022")
    return next(iter(found.values())).change if found else None


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("开展执法检查存在走过场问题", "开展执法检查存在走过场问题", Change.SAME),
        ("开展执法检查存在走过场的问题", "开展执法大检查存在走过场的问题", Change.SMALL),
        ("整改完成率只有8%其余尚在推进之中", "整改完成率只有9%其余尚在推进之中", Change.CHANGED),
        ("全年检查三次发现问题尚在整改之中", "全年检查五次发现问题尚在整改之中", Change.CHANGED),
        ("这项任务已完成并通过了上级的验收", "这项任务未完成并通过了上级的验收", Change.CHANGED),
        ("进一步统一思想认识抓好各项工作的落实", "统一思想认识抓好各项工作的落实不松劲", Change.CHANGED),
        ("落实学习制度每周学习", "落实巡查制度每日巡查", Change.CHANGED),
        ("停水不提前通知", "公厕保洁不到位群众意见大", None),
    ],
)
def test_how_far_a_row_of_the_same_number_was_corrected(old, new, expected):
    assert change_of(old, new) is expected


def test_the_same_title_with_another_text_is_at_most_a_changed_row():
    assert change_of("加强学习坚持每周一学", "加强学习压减三公经费百分之二十", title="加强学习") is Change.CHANGED


def test_a_renamed_unit_keeps_its_rows():
    found = recognise(
        [member("县教育和体育局", "停水")], [known("县教育局", "停水", "WT-001")], {"县教育局": "县教育和体育局"}, ""
    )
    assert [one.change for one in found.values()] == [Change.RENAMED]


def test_nothing_is_recognised_across_years():
    old = [known("甲", "停水不通知", "WT-001", round="2021")]
    assert recognise([member("甲", "停水不通知")], old, {}, "2022") == {}


def test_a_retired_number_comes_back_only_for_nearly_the_same_text():
    old = [known("甲", "落实学习制度每周学习", "CS-001", retired=True)]
    assert recognise([member("甲", "落实巡查制度每日巡查")], old, {}, "") == {}
    assert recognise([member("甲", "落实学习制度每周学习")], old, {}, "")


def test_a_row_that_another_was_corrected_into_lends_its_number_no_second_time():
    old = [
        known("甲", "执法检查走过场的问题", "WT-001", replaced=True),
        known("甲", "执法大检查走过场的问题", "WT-001"),
    ]
    new = [member("甲", "执法大检查走过场的问题"), member("甲", "执法检查走过场等问题")]
    assert list(recognise(new, old, {}, "")) == [new[0].key]


texts = st.text("停水通知公厕路灯检查", min_size=3, max_size=12)


@given(
    st.lists(st.tuples(st.sampled_from("甲乙"), texts, st.integers(1, 3)), max_size=8, unique_by=lambda r: r[:2]),
    st.data(),
)
def test_numbers_are_unlike_and_rows_that_stay_keep_theirs(rows, data):
    members = [member(*one) for one in rows]
    cut = data.draw(st.integers(0, len(members)))
    groups = [members[:cut], members[cut:]]
    groups = [group for group in groups if group]
    old = [known(*one[:2], f"WT-{at:03d}", one[2]) for at, one in enumerate(rows, start=1)]
    before = {one.member.key: one.item for one in old}
    numbers, retired = give_numbers(groups, before, len(old), "WT", before.values())
    assert len(set(numbers)) == len(numbers)
    for number, group in zip(numbers, groups, strict=True):
        assert number in {before[one.key] for one in group}
    assert {one.number for one in retired} == set(before.values()) - set(numbers)


# ---- what follows a row ----
def measure(number, unit, title, detail, **cells):
    given = {"title": title, "detail": detail, "deadline": "2022-06-30", **cells}
    return SourceRow(
        RowId(f"{unit}.xlsx", "整改措施", number), "measures", unit, number, str(number), row_cells(MEASURES, given)
    )


OPEN = measure(1, "县教育局", "落实学习制度", "每周组织集中学习，主要负责同志带头讲党课。")
CELLS = {
    ("CS-001", "closing_list", "closing"): "已销号",
    ("CS-001", "task_list", "status"): "已完成",
    ("CS-001", "task_list", "remark"): "办公室备注",
}


def run_once(ledger, rows, groups=None, table=MEASURES, year="2022", units=None):
    with ledger.run(units, year) as run:
        carried = run.carry(table, rows)
        numbered = run.number(table, groups or [[one] for one in rows])
        edits = dict(run.edits)
        run.remember(Outcome(dict.fromkeys(CELLS, ""), {}))
        run.commit({})
    for problem in (*carried.problems, *numbered.problems):
        rule = next(rule for rule in findings.rules() if rule.code == problem.kind)
        found = rule.at(findings.Place(), problem.value, **problem.details)
        assert "{" not in found.message + found.remedy
    return carried, numbered, edits


def write_over(ledger, cells=CELLS, item="CS-001"):
    for (_, sheet, key), value in cells.items():
        ledger.edit((item, sheet, key), value, "", "page")


def test_another_measure_inherits_the_number_but_no_status_and_no_closing(tmp_path):
    with opened(tmp_path / "台账.db") as ledger:
        run_once(ledger, [OPEN])
        write_over(ledger)
        new = measure(1, "县教育局", "落实巡查制度", "每周组织集中巡查，主要负责同志带头讲党课。")
        _, numbered, edits = run_once(ledger, [new])
        assert numbered.numbers == ("CS-001",)
        assert {cell[2]: edit.value for cell, edit in edits.items()} == {"remark": "办公室备注"}
        assert {problem.value for problem in numbered.problems} == {"已销号", "已完成"}
        assert {problem.kind for problem in numbered.problems} == {ProblemKind.SUSPENDED}
        assert {edit.value for edit in ledger.suspended()} == {"已销号", "已完成"}
        assert run_once(ledger, [new])[2].keys() == edits.keys(), "it stays so"
        ledger.edit(("CS-001", "closing_list", "closing"), "已销号", "", "page")
        assert {edit.value for edit in ledger.suspended()} == {"已完成"}, "the person's word restores it"
        assert any("暂不适用" in record.text for record in ledger.log("CS-001"))


def test_another_year_s_measure_inherits_nothing(tmp_path):
    with opened(tmp_path / "台账.db") as ledger:
        run_once(ledger, [OPEN])
        write_over(ledger)
        _, numbered, edits = run_once(ledger, [OPEN], year="2023")
        assert numbered.numbers == ("CS-002",)
        assert not [cell for cell in edits if cell[0] == "CS-002"]


def test_a_few_words_changed_lose_nothing(tmp_path):
    with opened(tmp_path / "台账.db") as ledger:
        run_once(ledger, [OPEN])
        write_over(ledger)
        new = measure(1, "县教育局", "落实学习制度", "每周组织开展集中学习，主要负责同志带头讲党课。")
        _, numbered, edits = run_once(ledger, [new])
        assert numbered.numbers == ("CS-001",)
        assert len(edits) == 3
        assert not numbered.problems


def test_two_edits_of_one_cell_after_a_joining(tmp_path):
    other = measure(2, "县财政局", "坚持学习制度", "每周组织学习，单位负责人带头讲党课。")
    with opened(tmp_path / "台账.db") as ledger:
        run_once(ledger, [OPEN, other])
        write_over(ledger)
        theirs = {("", "closing_list", "closing"): "退回", ("", "task_list", "person"): "王五"}
        theirs[("", "closing_list", "opinion")] = "补充照片"
        for (_, sheet, key), value in theirs.items():
            ledger.edit(("CS-002", sheet, key), value, "", "page")
        marks = [ledger.line(one.unit, one.text, "A") for one in (OPEN, other)]
        ledger.decide("measures", marks, "page", op="join")
        _, numbered, edits = run_once(ledger, [OPEN, other], [[OPEN, other]])
        assert numbered.numbers == ("CS-001",)
        assert edits["CS-001", "closing_list", "closing"].value == "已销号", "the surviving item's own"
        assert edits["CS-001", "task_list", "person"].value == "王五", "comes along"
        assert ("CS-001", "closing_list", "opinion") not in edits, "a word on progress does not"
        kinds = {(problem.kind, problem.value) for problem in numbered.problems}
        assert kinds == {(ProblemKind.DISPLACED, "退回"), (ProblemKind.SUSPENDED, "补充照片")}
        _, numbered, again = run_once(ledger, [OPEN, other], [[OPEN, other]])
        assert {cell: edit.value for cell, edit in again.items()} == {cell: edit.value for cell, edit in edits.items()}
        assert not numbered.problems


def test_a_closed_item_that_takes_an_open_one_in_is_closed_no_more_without_a_word(tmp_path):
    other = measure(2, "县财政局", "坚持学习制度", "每周组织学习，单位负责人带头讲党课。")
    with opened(tmp_path / "台账.db") as ledger:
        run_once(ledger, [OPEN, other])
        write_over(ledger)
        _, numbered, edits = run_once(ledger, [OPEN, other], [[OPEN, other]])
        assert {cell[2] for cell in edits} == {"remark"}
        assert ProblemKind.CLOSED_GAINS in {problem.kind for problem in numbered.problems}


def test_a_renamed_unit_loses_no_number_and_no_edit(tmp_path):
    with opened(tmp_path / "台账.db") as ledger:
        run_once(ledger, [OPEN])
        write_over(ledger)
        moved = replace(OPEN, unit="县教育和体育局")
        units = {"县教育局": "县教育和体育局"}
        for _ in range(2):
            _, numbered, edits = run_once(ledger, [moved], units=units)
            assert numbered.numbers == ("CS-001",)
            assert len(edits) == 3


def test_a_department_that_moves_its_own_deadline_is_told(tmp_path):
    with opened(tmp_path / "台账.db") as ledger:
        run_once(ledger, [OPEN])
        later = measure(1, "县教育局", OPEN.title, OPEN.detail, deadline="2022-12-31", status="正在推进")
        carried, _, _ = run_once(ledger, [later])
        changes = {change.column: (change.item, change.unit, change.old, change.new) for change in carried.changes}
        assert changes == {
            "deadline": ("CS-001", "县教育局", "2022-06-30", "2022-12-31"),
            "status": ("CS-001", "县教育局", "", "正在推进"),
        }
        assert [problem.kind for problem in carried.problems] == [ProblemKind.VALUE_MOVED]
        texts = [record.text for record in ledger.log("CS-001")]
        assert "县教育局把整改时限由“2022-06-30”变为“2022-12-31”" in texts
        assert not run_once(ledger, [later])[0].changes


# ---- judgements follow rows ----
ONE = row(2, "县住建局", "执法检查走过场", "对工地的执法检查走过场，发现问题少。")
TWO = row(2, "县城管局", "检查流于形式", "对工地的检查流于形式，没有发现问题。")


def judged(ledger, *marks):
    run_once(ledger, [ONE, TWO], table=PROBLEMS)
    ledger.decide(
        "problems", [ledger.line(one.unit, one.text, mark) for one, mark in zip((ONE, TWO), marks, strict=True)], "page"
    )


def said(carried):
    return [(one.form_a, one.form_b, one.same) for one in carried.constraints]


def test_a_judgement_follows_its_row_through_a_small_change(tmp_path):
    new = row(2, "县住建局", "执法检查走过场", "对工地的执法大检查走过场，发现问题少。")
    with opened(tmp_path / "台账.db") as ledger:
        judged(ledger, "单列", "单列")
        carried, _, _ = run_once(ledger, [new, TWO], table=PROBLEMS)
        assert said(carried) == [(carried.members[0].form, carried.members[1].form, False)]
        assert [problem.kind for problem in carried.problems] == [ProblemKind.ROW_FOLLOWED]
        carried, _, _ = run_once(ledger, [new, TWO], table=PROBLEMS)
        assert said(carried) == [(carried.members[0].form, carried.members[1].form, False)]
        assert not carried.problems, "said once"
        assert any("决定照旧" in record.text for record in ledger.log("JD-001"))


def test_a_judgement_on_a_changed_row_is_asked_again_until_it_is_answered(tmp_path):
    with opened(tmp_path / "台账.db") as ledger:
        old = row(2, "县住建局", "执法检查走过场", "对工地的执法检查走过场，整改率只有8%。")
        run_once(ledger, [old, TWO], table=PROBLEMS)
        ledger.decide("problems", [ledger.line(one.unit, one.text, "A") for one in (old, TWO)], "page")
        run_once(ledger, [old, TWO], [[old, TWO]], table=PROBLEMS)
        new = row(2, "县住建局", "执法检查走过场", "对工地的执法检查走过场，整改率只有9%。")
        for _ in range(2):
            carried, _, _ = run_once(ledger, [new, TWO], table=PROBLEMS)
            assert new.text not in [one for pair in said(carried) for one in pair]
            (ask,) = carried.asks
            assert (ask.row.text, ask.row.mark, ask.with_[0].text) == (new.text, "A", TWO.text)
            (problem,) = carried.problems
            assert problem.kind == ProblemKind.ROW_ASKED
            assert problem.details["what"] == "原并入 WT-001"
        ledger.decide("problems", [ledger.line(one.unit, one.text, "A") for one in (new, TWO)], "page")
        carried, _, _ = run_once(ledger, [new, TWO], table=PROBLEMS)
        assert not carried.asks
        assert not carried.problems
        assert (carried.members[0].form, carried.members[1].form, True) in said(carried)


def test_a_row_that_is_put_right_again_is_judged_as_before(tmp_path):
    with opened(tmp_path / "台账.db") as ledger:
        judged(ledger, "A", "A")
        changed = row(2, "县住建局", "执法检查走过场", "对工地的执法检查走过场，共检查36次。")
        assert run_once(ledger, [changed, TWO], table=PROBLEMS)[0].asks
        carried, _, _ = run_once(ledger, [ONE, TWO], table=PROBLEMS)
        assert not carried.asks
        assert [one.same for one in carried.constraints] == [True]


def test_a_judgement_follows_a_renamed_unit(tmp_path):
    with opened(tmp_path / "台账.db") as ledger:
        judged(ledger, "A", "A")
        moved = replace(ONE, unit="县住建和城管局")
        carried, _, _ = run_once(ledger, [moved, TWO], table=PROBLEMS, units={"县住建局": "县住建和城管局"})
        assert [(one.unit_a, one.same) for one in carried.constraints] == [("县住建和城管局", True)]


def test_edits_know_when_they_were_made():
    assert Edit("CS-001", "task_list", "status", "已完成", at="2022-07-15T08:00:00").day == "2022-07-15"
    assert Stamp("2022-07-15", "办公室") == STAMP
