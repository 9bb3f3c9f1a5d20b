"""What the office leaves in the summary: three ways between what was written, what is found and what is known."""

import datetime as dt
import os
import shutil
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.packaging.custom import StringProperty
from test_ledger_store import STAMP, opened, row

from pipeline import findings
from pipeline.ledger import (
    Family,
    FamilyLine,
    OldViewError,
    Outcome,
    ProblemKind,
    Stamp,
    SummaryInTheWayError,
    read_summary,
)
from pipeline.matching.normal import normal_form
from pipeline.tables import DECIDED, PENDING, PROBLEMS, TRACE, list_tables, problem_list

V1 = Path(__file__).parents[1] / "data" / "ledger-v1"
ROWS = [
    row(2, "县教育局", "停水不通知", "停水不提前通知。"),
    row(2, "县财政局", "停水没人说", "停水没有通知。"),
    row(2, "县审计局", "路灯不亮", "路灯坏了没人修。"),
]
FAMILIES = (
    Family(
        "problems",
        "1",
        tuple(
            FamilyLine(f"WT-{n:03d}", one.unit, one.text, normal_form(one.text), mark)
            for n, (one, mark) in enumerate(zip(ROWS, ("A", "A", "单列"), strict=True), start=1)
        ),
    ),
)
BASE = {
    (f"WT-{n:03d}", "problem_list", key): {"title": one.title, "detail": one.detail, "aspect": "为民"}.get(key, "")
    for n, one in enumerate(ROWS, start=1)
    for key in problem_list().editable()
}


class Office:
    """A project small enough to look at: three problems, one family of 待确认, and a summary that is edited by hand."""

    def __init__(self, folder):
        self.file, self.summary = folder / "台账.db", folder / "汇总台账.xlsx"
        self.families = FAMILIES
        self.merge()

    def merge(self, at="2022-07-15", commit=True):
        """A run: what is in the summary is taken in, and a new one is written."""
        with opened(self.file, Stamp(at, "办公室")) as ledger, ledger.run(scheme_round="2022") as run:
            taken = run.take_in(read_summary(self.summary, run.project))
            run.carry(PROBLEMS, ROWS)
            run.number(PROBLEMS, [[one] for one in ROWS])
            written = BASE | {cell: edit.value for cell, edit in run.edits.items() if cell in BASE}
            decided = run.judgements()
            marks = run.remember(Outcome(written, BASE, self.families, "某县委2022"))
            if commit:
                run.commit({})
                self._write(written, decided, marks)
        for problem in taken.problems:
            rule = next(rule for rule in findings.rules() if rule.code == problem.kind)
            found = rule.at(findings.Place(), problem.value, **problem.details)
            assert "{" not in found.message + found.remedy
        return taken

    def _write(self, written, decided, marks):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, text in (("project", marks.project), ("snapshot", marks.snapshot), ("format", "2")):
            book.custom_doc_props.append(StringProperty(name=f"sandan_{name}", value=text))
        items = sorted({cell[0] for cell in written})
        lists = {table.title: (table, []) for table in (*list_tables(), PENDING, DECIDED)}
        keys = problem_list().editable()
        for item in items:
            lists["问题清单"][1].append({"id": item} | {key: written[item, "problem_list", key] for key in keys})
        for family in self.families:
            for line in family.lines:
                lists["待确认"][1].append(
                    {"family": family.group, "short": "问题", "id": line.item, "unit": line.unit, "text": line.text}
                    | {"suggestion": line.suggestion}
                )
        for one in decided:
            for line in one.lines:
                shown = {
                    "decision": one.number,
                    "short": "问题",
                    "unit": line.unit,
                    "text": line.text,
                    "mark": line.mark,
                }
                lists["已定事项"][1].append(shown)
        for title, (table, rows) in lists.items():
            sheet = book.create_sheet(title)
            sheet.append([title])
            sheet.append([])
            sheet.append(table.titles())
            for values in rows:
                sheet.append([values.get(column.key) or None for column in table])
        book.save(self.summary)

    def edit(self, change, saved=None):
        book = openpyxl.load_workbook(self.summary)
        change(book)
        book.save(self.summary)
        if saved:
            stamp = dt.datetime.fromisoformat(saved).timestamp()
            os.utime(self.summary, (stamp, stamp))

    def put(self, sheet, **cells):
        def change(book):
            for address, value in cells.items():
                book[sheet][address] = value

        self.edit(change)

    def ledger(self, at="2022-07-16T09:00:00", by="王五"):
        return opened(self.file, Stamp(at, by))

    def marks(self):
        with self.ledger() as ledger:
            return [[line.mark for line in one.lines] for one in ledger.judgements()]

    def edits(self):
        with self.ledger() as ledger:
            return {cell[0::2]: edit.value for cell, edit in ledger.edits().items()}


def kinds(taken):
    return [problem.kind for problem in taken.problems]


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


def test_an_untouched_summary_brings_nothing_and_undoes_nothing(office):
    with office.ledger() as page:
        lines = [page.line(one.unit, one.text, "A") for one in ROWS[:2]]
        page.decide("problems", lines, "page")
        page.edit(("WT-003", "problem_list", "title"), "路灯失修", "路灯不亮", "page")
    taken = office.merge()
    assert (taken.changes, taken.problems, taken.keep_summary) == (0, [], False)
    assert office.marks() == [["A", "A"]]
    with office.ledger() as page:
        page.decide("problems", [page.line(one.unit, one.text, "单列") for one in ROWS[:2]], "page", number="JD-001")
        page.edit(("WT-003", "problem_list", "title"), None, "路灯失修", "page")
    taken = office.merge()
    assert (taken.changes, taken.problems) == (0, [])
    assert office.marks() == [["单列", "单列"]]
    assert office.edits() == {}


def test_a_family_filled_in_becomes_a_judgement_and_counts_once(office):
    office.put("待确认", I4="按建议")
    assert office.merge(commit=False).changes == 1, "a run that died"
    assert office.merge().changes == 1
    assert office.marks() == [["A", "A", "单列"]]
    with office.ledger() as ledger:
        assert ledger.judgements()[0].source == "待确认!I4"
        assert ledger.pending() == []


def test_a_summary_that_is_read_twice_is_not_taken_in_twice(office):
    office.put("待确认", I4="A", I5="A")
    before = office.summary.read_bytes()
    office.merge()
    with office.ledger() as page:
        page.revoke("JD-001", "page")
    office.summary.write_bytes(before)
    assert office.merge().changes == 0
    assert office.marks() == []


def test_the_same_marks_in_a_later_summary_like_it_are_another_act(office):
    for _ in range(2):
        office.put("待确认", I4="A", I5="A")
        assert office.merge().changes == 1
        with office.ledger() as page:
            page.revoke(page.judgements()[0].number, "page")
        office.merge()
        assert office.marks() == []


def test_marks_that_the_program_wrote_itself_are_nobody_s_word(office):
    lines = tuple(replace(line, mark="A") for line in FAMILIES[0].lines[:2])
    office.families = (Family("problems", "1", (*lines, FAMILIES[0].lines[2])),)
    office.merge()
    office.put("待确认", I4="A", I5="A")
    assert office.merge().changes == 0


def test_the_order_of_a_family_is_that_in_which_it_was_shown(office):
    def sort(book):
        sheet = book["待确认"]
        rows = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=4)]
        rows[0][8] = "全部"
        for line, values in zip(sheet.iter_rows(min_row=4), reversed(rows), strict=True):
            for cell, value in zip(line, values, strict=True):
                cell.value = value

    office.edit(sort)
    assert kinds(office.merge()) == []
    assert office.marks() == [["A", "A", "A"]]


def test_a_mark_that_makes_no_sense_is_said_with_its_cell(office):
    office.put("待确认", I4="不归并", I5="A", I6="A")
    taken = office.merge()
    assert [(problem.kind, problem.sheet, problem.cell) for problem in taken.problems] == [
        (ProblemKind.MARK, "待确认", "I4")
    ]
    assert office.marks() == [["A", "A"]]


def test_decided_lines_are_changed_taken_back_and_added(office):
    office.put("待确认", I4="A", I5="A", I6="单列")
    office.merge()
    office.put("已定事项", E6="A")
    assert kinds(office.merge()) == []
    assert office.marks() == [["A", "A", "A"]]
    office.put("已定事项", E6=None)
    office.merge()
    assert office.marks() == [["A", "A"]]
    office.put("已定事项", E4="不归并")
    assert kinds(office.merge()) == [ProblemKind.MARK]
    assert office.marks() == [["A", "A"]]
    office.put("已定事项", A6="JD-001", B6="问题", C6="县审计局", D6=ROWS[2].text, E6="B")
    office.merge()
    assert office.marks() == [["A", "A", "B"]]
    office.put("已定事项", E4=None, E5=None)
    office.merge()
    assert office.marks() == []
    with office.ledger() as ledger:
        assert any("归并为由“单列”改为“A”" in record.text for record in ledger.log("WT-003"))


def test_new_lines_by_hand_need_a_row_and_may_leave_the_unit_blank(office):
    office.put(
        "已定事项", B4="问题", D4=ROWS[0].text, E4="甲", B5="问题", C5="县审计局", D5=ROWS[2].text, E5="甲", B7="问题",
        D7="哪里都没有的一行。", E7="乙", B9="问题", C9="县财政局", D9=ROWS[0].text, E9="丙",
    )  # fmt: skip
    taken = office.merge()
    assert kinds(taken) == [ProblemKind.NO_SUCH_ROW, ProblemKind.NO_SUCH_ROW]
    assert office.marks() == [["甲", "甲"]]
    with office.ledger() as ledger:
        assert [line.unit for line in ledger.judgements()[0].lines] == ["", "县审计局"]


@pytest.mark.parametrize("text", [None, "停水不通知（已核）"])
def test_a_decided_line_whose_text_was_touched_is_still_known(office, text):
    office.put("待确认", I4="A", I5="A")
    office.merge()
    office.put("已定事项", D4=text, E4="单列")
    assert kinds(office.merge()) == []
    assert office.marks() == [["单列", "A"]]


def test_a_deleted_line_is_not_a_cleared_one(office):
    office.put("待确认", I4="A", I5="A")
    office.merge()
    office.edit(lambda book: book["已定事项"].delete_rows(5))
    assert kinds(office.merge()) == [ProblemKind.LINE_GONE]
    assert office.marks() == [["A", "A"]]


@pytest.mark.parametrize(("saved", "expected"), [("2022-07-16T08:00:00", "单列"), ("2022-07-16T10:00:00", "B")])
def test_where_page_and_workbook_both_changed_a_mark_the_later_counts_and_both_are_named(office, saved, expected):
    office.put("待确认", I4="A", I5="A")
    office.merge()

    def change(book):
        book["已定事项"]["E5"] = "B"

    with office.ledger() as page:
        (one,) = page.judgements()
        marked = [page.line(line.unit, line.text, mark) for line, mark in zip(one.lines, ("A", "单列"), strict=True)]
        page.decide("problems", marked, "page", number="JD-001")
    office.edit(change, saved)
    taken = office.merge()
    assert kinds(taken) == [ProblemKind.BOTH_CHANGED]
    assert office.marks() == [["A", expected]]


@pytest.mark.parametrize(("saved", "expected"), [("2022-07-16T08:00:00", False), ("2022-07-16T10:00:00", True)])
def test_where_page_and_workbook_both_judged_a_family_the_later_counts(office, saved, expected):
    with office.ledger() as page:
        page.decide("problems", [page.line(one.unit, one.text, "单列") for one in ROWS[:2]], "page")

    def change(book):
        book["待确认"]["I4"] = book["待确认"]["I5"] = "A"

    office.edit(change, saved)
    taken = office.merge()
    assert kinds(taken) == [ProblemKind.BOTH_CHANGED]
    with office.ledger() as ledger:
        assert [one.same for one in ledger.constraints_for("problems")] == [expected]


@pytest.mark.parametrize(("saved", "expected"), [("2022-07-16T08:00:00", "页面"), ("2022-07-16T10:00:00", "表里")])
def test_where_page_and_workbook_both_edited_a_cell_the_later_counts(office, saved, expected):
    with office.ledger() as page:
        page.edit(("WT-001", "problem_list", "title"), "页面", "停水不通知", "page")

    def change(book):
        book["问题清单"]["C4"] = "表里"

    office.edit(change, saved)
    taken = office.merge()
    assert kinds(taken) == [ProblemKind.BOTH_CHANGED]
    assert {taken.problems[0].details[name] for name in ("found", "known")} == {"页面", "表里"}
    assert office.edits() == {("WT-001", "title"): expected}


@pytest.mark.parametrize("cleared", [False, True])
def test_what_a_page_says_while_the_run_works_is_later_than_what_the_run_took_in(office, cleared):
    office.put("待确认", I4="A", I5="A")
    office.put("问题清单", C4="初改")
    office.merge()
    office.put("已定事项", E4=None if cleared else "单列", E5=None if cleared else "A")
    office.put("问题清单", C4=None if cleared else "表里")
    with opened(office.file) as ledger, ledger.run(scheme_round="2022") as run:
        assert run.take_in(read_summary(office.summary, run.project)).changes == 2
        with office.ledger() as page:
            marked = [page.line(one.unit, one.text, mark) for one, mark in zip(ROWS, "AB", strict=False)]
            page.decide("problems", marked, "page", number="JD-001")
            page.edit(("WT-001", "problem_list", "title"), "页面", "初改", "page")
        run.carry(PROBLEMS, ROWS)
        run.number(PROBLEMS, [[one] for one in ROWS])
        run.remember(Outcome(BASE, BASE, FAMILIES))
        run.commit({})
    assert office.marks() == [["A", "B"]]
    assert office.edits() == {("WT-001", "title"): "页面"}
    with office.ledger() as ledger:
        assert sum("两处都改了" in record.text for record in ledger.log()) == 2


def test_cells_are_edited_and_taken_back_in_the_workbook(office):
    office.put("问题清单", C4="停水通知不及时")
    assert office.merge().changes == 1
    assert office.edits() == {("WT-001", "title"): "停水通知不及时"}
    office.put("问题清单", C4=None)
    assert office.merge().changes == 1
    assert office.edits() == {}
    office.put("问题清单", C4=None)
    assert office.merge().changes == 0, "the departments' value comes again"


@pytest.mark.parametrize("header", [None, "问题（7月）"])
def test_a_column_that_is_not_there_withdraws_nothing(office, header):
    office.put("问题清单", C4="停水通知不及时")
    office.merge()

    def change(book):
        if header:
            book["问题清单"]["C3"] = header
        else:
            book["问题清单"].delete_cols(3)

    office.edit(change)
    taken = office.merge()
    assert kinds(taken) == [ProblemKind.COLUMN_GONE]
    assert taken.problems[0].details["count"] == "1"
    assert taken.keep_summary
    assert office.edits() == {("WT-001", "title"): "停水通知不及时"}


@pytest.mark.parametrize("sheet", ["问题清单", "已定事项"])
def test_a_sheet_that_is_not_there_withdraws_nothing(office, sheet):
    office.put("问题清单", C4="停水通知不及时")
    office.put("待确认", I4="A", I5="A")
    office.merge()
    office.edit(lambda book: book.remove(book[sheet]))
    taken = office.merge()
    assert kinds(taken) == [ProblemKind.SHEET_GONE]
    assert taken.keep_summary
    assert office.edits() == {("WT-001", "title"): "停水通知不及时"}
    assert office.marks() == [["A", "A"]]


def test_the_mark_s_column_that_is_not_there_takes_nothing_back(office):
    office.put("待确认", I4="A", I5="A")
    office.merge()
    office.edit(lambda book: book["已定事项"].delete_cols(5))
    assert kinds(office.merge()) == [ProblemKind.COLUMN_GONE]
    assert office.marks() == [["A", "A"]]


def test_a_summary_that_is_too_old_is_not_taken_for_edits_but_what_is_new_in_it_is_kept_and_said(office):
    office.put("问题清单", C4="停水通知不及时")
    office.merge()
    first = office.summary.read_bytes()
    for number in range(14):
        office.put("问题清单", C4=f"第{number}版")
        office.merge()
    office.summary.write_bytes(first)
    office.put("问题清单", C5="停水没人通知")
    taken = office.merge()
    assert [(problem.kind, problem.value) for problem in taken.problems] == [(ProblemKind.UNPLACED, "停水没人通知")]
    assert [one.value for one in taken.unplaced] == ["停水没人通知"]
    assert taken.keep_summary
    assert office.edits() == {("WT-001", "title"): "第13版"}


def test_marks_in_a_summary_that_is_too_old_hold_for_the_rows_that_are_known(office):
    first = office.summary.read_bytes()
    for number in range(14):
        office.put("问题清单", C4=f"第{number}版")
        office.merge()
    office.summary.write_bytes(first)
    office.put("待确认", D4="县教育局 等 2 个", I4="A", I5="A", E6="哪里都没有的一行。", I6="A")
    taken = office.merge()
    assert ProblemKind.NO_SUCH_ROW in kinds(taken)
    with office.ledger() as ledger:
        (one,) = ledger.judgements()
    assert [(line.unit, line.mark) for line in one.lines] == [("", "A"), ("县财政局", "A")]


def test_rows_without_a_number_and_numbers_never_given_are_said(office):
    office.put("问题清单", C7="新加的一行", A8="WT-099", C8="又一行")
    taken = office.merge()
    assert kinds(taken) == [ProblemKind.ROW_UNKNOWN] * 2
    assert taken.keep_summary


def test_a_copied_row_counts_if_one_of_the_two_was_changed(office):
    office.put("问题清单", A7="WT-001", C7="停水通知不及时", D7="停水不提前通知。", B7="为民")
    assert kinds(office.merge()) == []
    assert office.edits() == {("WT-001", "title"): "停水通知不及时"}
    office.put("问题清单", C4="甲", A7="WT-001", C7="乙", D7="停水不提前通知。", B7="为民")
    assert kinds(office.merge()) == [ProblemKind.TWICE]
    assert office.edits() == {("WT-001", "title"): "停水通知不及时"}


def test_a_text_that_was_cut_on_writing_is_no_edit(office):
    long = "长" * 40_000
    cell = ("WT-001", "problem_list", "detail")
    BASE[cell] = long
    try:
        office.merge()
        office.put("问题清单", D4=long[:32_740] + "……（超过单元格上限，全文见来源文件）")
        assert office.merge().changes == 0
    finally:
        BASE[cell] = ROWS[0].detail


def test_a_summary_in_the_way_is_never_written_over(office):
    with pytest.raises(SummaryInTheWayError, match="另一个项目"):
        read_summary(office.summary, "别的")
    lock = office.summary.with_name("~$" + office.summary.name)
    lock.touch()
    with pytest.raises(SummaryInTheWayError, match="正在 Excel"):
        read_summary(office.summary, "")
    lock.unlink()
    office.summary.write_bytes(b"x")
    with pytest.raises(SummaryInTheWayError, match="已损坏"):
        read_summary(office.summary, "")


# ---- version 1 ----
@pytest.fixture
def old(tmp_path):
    shutil.copy(V1 / "台账.db", tmp_path)
    shutil.copy(V1 / "outputs" / "汇总台账.xlsx", tmp_path)
    return tmp_path


def take_old(folder, **cells):
    summary = folder / "汇总台账.xlsx"
    book = openpyxl.load_workbook(summary)
    for address, value in cells.items():
        sheet, cell = {"d": "已定事项", "p": "待确认", "q": "问题清单"}[address[0]], address[1:]
        book[sheet][cell] = value
    book.save(summary)
    with opened(folder / "台账.db", STAMP) as ledger, ledger.run(scheme_round="2022") as run:
        taken = run.take_in(read_summary(summary, run.project))
        return taken, run.judgements()


def test_version_1_s_summary_untouched_brings_nothing(old):
    taken, judgements = take_old(old)
    assert (taken.changes, taken.problems) == (0, [])
    assert len(judgements) == 2


def test_version_1_s_opinions_are_read_back_once_more(old):
    taken, judgements = take_old(old, dG4="归并", dG5=None, pK4="归并", pK5="不归并", pK6="合并")
    assert kinds(taken) == [ProblemKind.MARK]
    assert [[line.mark for line in one.lines] for one in judgements] == [["A", "A"], ["A", "A"], ["A", "B"]]
    assert [one.number for one in judgements] == ["JD-001", "JD-003", "JD-004"]


def test_version_1_s_edits_are_read_back_once_more(old):
    taken, _ = take_old(old, qC4="停水通知不及时")
    assert [act.new.value for act in taken.edited] == ["停水通知不及时"]


# ---- a ledger that was lost ----
def test_numbers_and_judgements_of_a_lost_ledger_are_told_again_from_the_summary(office):
    office.put("待确认", I4="A", I5="A")
    office.put("问题清单", C6="路灯失修")
    office.merge()

    def traced(book):
        sheet = book.create_sheet("合并明细")
        sheet.append(TRACE.titles())
        for one, number in zip(ROWS, ("WT-007", "WT-002", "WT-009"), strict=True):
            line = {"short": "问题", "unit": one.unit, "text": one.text, "item": number, "seq": "2", "way": "原样"}
            sheet.append([line.get(column.key) for column in TRACE])

    office.edit(traced)
    office.file.unlink()
    taken = office.merge()
    assert kinds(taken) == [ProblemKind.RECOVERED]
    assert taken.keep_summary
    assert office.marks() == [["A", "A"]]
    with office.ledger() as ledger:
        assert {item: ledger.log(item) != [] for item in ("WT-007", "WT-002", "WT-009", "WT-001")} == {
            "WT-007": True,
            "WT-002": True,
            "WT-009": True,
            "WT-001": False,
        }
    assert office.merge().problems == []


def test_opinions_of_version_1_are_told_again_from_the_summary(old):
    (old / "台账.db").unlink()
    taken, judgements = take_old(old, pK4="归并")
    assert kinds(taken) == [ProblemKind.RECOVERED]
    assert [[line.mark for line in one.lines] for one in judgements] == [["A", "B"], ["A", "A"], ["A", "A"]]


@given(
    st.lists(
        st.tuples(st.sampled_from(["page", "undo", "book", "edit", "merge"]), st.sampled_from(["A", "B", "单列"])),
        max_size=7,
    )
)
@settings(max_examples=12, deadline=None)
def test_whatever_was_said_last_holds_and_untouched_summaries_change_nothing(acts):
    with TemporaryDirectory() as folder:
        office = Office(Path(folder))
        expected, title, op = {}, None, 0
        for what, mark in acts:
            if what == "merge":
                office.merge()
            elif what == "page":
                op += 1
                with office.ledger() as page:
                    number = next((one.number for one in page.judgements()), "")
                    marked = [page.line(one.unit, one.text, m) for one, m in zip(ROWS, ("A", mark), strict=False)]
                    page.decide("problems", marked, "page", op=str(op), number=number)
                expected = dict(enumerate(("A", mark)))
            elif what == "undo" and op:
                with office.ledger() as page, suppress(OldViewError):
                    page.undo(str(op))
                    expected = dict(enumerate(line.mark for one in page.judgements() for line in one.lines))
            elif what == "book" and expected:
                office.merge()
                office.put("已定事项", E5=mark)
                office.merge()
                expected[1] = mark
            elif what == "edit":
                office.merge()
                office.put("问题清单", C4=f"改为{mark}")
                office.merge()
                title = f"改为{mark}"
        for _ in range(2):
            assert office.merge().problems == []
            assert office.marks() == ([list(expected.values())] if expected else [])
            assert office.edits() == ({("WT-001", "title"): title} if title else {})
