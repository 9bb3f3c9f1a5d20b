"""Progress workbooks written, sent back in every state of repair, and what follows from them."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import make_scheme

from pipeline.forms.progress import build_progress_form, issue_progress
from pipeline.intake.opening import open_workbook
from pipeline.intake.progress import read_progress
from pipeline.progress.adoption import Adoption, adopt
from pipeline.progress.assignments import Assignment, assignments
from pipeline.progress.changes import Cause, changes
from pipeline.progress.entries import ProgressEntry, ProgressFile, Use
from pipeline.progress.lines import Closing, Snapshot, line_of, lines_of, snapshot
from pipeline.progress.padding import Mark, alike, paddings
from pipeline.progress.periods import last_day, period_text, read_period
from pipeline.progress.recurrence import OldProblem, Pair, recurrences
from pipeline.progress.standing import standings
from pipeline.progress.tables import METRICS, PROGRESS
from pipeline.progress.targets import commitments_of, targets
from pipeline.records import Cells, Item, RowId, SourceRow, row_cells
from pipeline.tables import MEASURES, closing_list, task_list
from pipeline.vocabulary import ClosingState

PERIOD = "2022-07"


def measure(
    number: str,
    leads: tuple[str, ...] = ("县教育局",),
    supports: tuple[str, ...] = (),
    title: str = "开展督查",
    detail: str = "每月督查2次以上。",
    due: dt.date | None = dt.date(2022, 9, 30),
    **cells: str,
) -> Item:
    row = SourceRow(
        RowId("报.xlsx", "整改措施", 4),
        "measures",
        leads[0],
        1,
        "1",
        row_cells(MEASURES, {"title": title, "detail": detail, **cells}),
        leads=leads,
    )
    declared = {column.key for table in (MEASURES, task_list(), closing_list()) for column in table}
    return Item(
        "measures",
        (row,),
        row.id,
        Cells(declared, {"title": title, "detail": detail, **cells}),
        leads,
        leads,
        supports,
        number,
        due,
    )


def entry(
    number: str,
    status: str = "正在推进",
    text: str = "已经召开动员会。",
    unit: str = "县教育局",
    row: int = 4,
    **more: Any,
) -> ProgressEntry:
    period = more.pop("period", PERIOD)
    return ProgressEntry(
        RowId(f"{unit}{period}.xlsx", "进展填报", row), period, unit, number, number, status=status, text=text, **more
    )


def report(*entries: ProgressEntry, date: dt.date | None = None, file: str = "") -> ProgressFile:
    first = entries[0]
    name = file or first.id.file
    moved = tuple(replace(one, id=replace(one.id, file=name)) for one in entries)
    return ProgressFile(name, first.unit, first.period, date, moved)


def uses(adoption: Adoption) -> list[tuple[str, Use]]:
    return [(row.entry.number, row.use) for row in adoption.rows]


# ---- periods ----
@pytest.mark.parametrize(
    "text",
    [
        "2022-07",
        "2022年7月",
        "2022年7月份",
        "7月份",
        "7月",
        "第7期",
        "七月份",
        "202207",
        "２０２２年７月",
        "2022.7",
        "2022/7",
    ],
)
def test_a_period_is_understood_as_clerks_write_it(text: str) -> None:
    read = read_period(text, 2022)
    assert read is not None
    assert read.period == PERIOD
    assert bool(read.added) == (not text.startswith(("2022", "２０２２")))


@pytest.mark.parametrize("text", ["", "本月", "13月", "二季度", "2022"])
def test_what_is_no_period_is_none(text: str) -> None:
    assert read_period(text, 2022) is None


def test_a_date_cell_is_the_period_of_its_month() -> None:
    read = read_period(dt.datetime(2022, 7, 1), 2021)
    assert read is not None
    assert read.period == PERIOD
    assert period_text(PERIOD) == "2022年7月"
    assert last_day("2022-02") == dt.date(2022, 2, 28)


# ---- forms and reading back ----
def assignment(unit: str = "县教育局") -> Assignment:
    items = [measure("CS-001"), measure("CS-002", ("县财政局",), ("县教育局",)), measure("CS-003")]
    given, _ = assignments(items, {"CS-003"}, [unit], commitments_of(items))
    return given[0]


def test_a_unit_gets_its_open_measures_as_lead_then_as_support() -> None:
    items = [measure("CS-001", ("县财政局",), ("县教育局",)), measure("CS-002"), measure("CS-003")]
    given, without = assignments(items, {"CS-003"}, ["县教育局", "县财政局", "白露镇"], {})
    assert [(one.unit, [(task.item.id, task.role) for task in one.tasks]) for one in given] == [
        ("县教育局", [("CS-002", "牵头"), ("CS-001", "配合")]),
        ("县财政局", [("CS-001", "牵头")]),
    ]
    assert without == ["白露镇"]


def test_the_workbook_is_filled_in_locked_and_one_page_wide(tmp_path: Path) -> None:
    (path,) = issue_progress(make_scheme(), PERIOD, [assignment()], tmp_path)
    assert path.name == "县教育局.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["进展填报"]
    assert [cell.value for cell in sheet[3]] == [c.title + ("*" if c.required else "") for c in PROGRESS]
    assert [cell.value for cell in sheet["A"][3:]] == ["CS-001", "CS-002"]
    assert [cell.value for cell in sheet["B"][3:]] == ["牵头", "配合"]
    assert sheet.protection.sheet
    assert sheet["A4"].protection.locked
    assert not sheet["I4"].protection.locked
    assert sheet.page_setup.fitToWidth == 1
    assert sheet.page_setup.fitToHeight == 0
    lists = {rule.formula1 for rule in sheet.data_validations.dataValidation if rule.type == "list"}
    assert '"未启动,正在推进,基本完成,已完成"' in lists
    assert '"销号,延期,转长期坚持"' in lists
    metrics = book["量化指标"]
    assert [cell.value for cell in metrics[3]] == [c.title + ("*" if c.required else "") for c in METRICS]
    assert [cell.value for cell in metrics[4]][:6] == ["CS-001", "督查", "每月督查2次以上", "≥2", "次", "每月"]


def filled(book: openpyxl.Workbook, **cells: Any) -> openpyxl.Workbook:
    sheet = book["进展填报"]
    for address, value in cells.items():
        sheet[address] = value
    return book


def read_back(book: openpyxl.Workbook, name: str = "报.xlsx") -> ProgressFile:
    buffer = io.BytesIO()
    book.save(buffer)
    found = read_progress(open_workbook(buffer.getvalue()), name, "", make_scheme())
    assert found is not None
    return found


def test_what_was_filled_in_is_read_back() -> None:
    book = build_progress_form(make_scheme(), PERIOD, assignment())
    filled(book, I4="已完成", J4="督查3次。", K4="督查通报", L4="2022-07-20", M4="销号", I5="正在推进", J5="已配合。")
    book["基本信息"]["B9"] = "2022-08-01"
    book["量化指标"]["H4"] = 3
    found = read_back(book)
    assert (found.unit, found.period, found.date) == ("县教育局", PERIOD, dt.date(2022, 8, 1))
    first, second = found.entries
    assert (first.number, first.status, first.text, first.evidence) == ("CS-001", "已完成", "督查3次。", "督查通报")
    assert (first.finished, first.application) == (dt.date(2022, 7, 20), "销号")
    assert second.number == "CS-002"
    assert found.metrics[0].value == 3
    assert [finding for finding in found.findings if finding.level == "错误"] == []


def plain(rows: list[list[Any]], name: str = "进度表") -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.active.title = name
    for row in rows:
        book.active.append(row)
    return book


def test_a_rebuilt_sheet_is_understood() -> None:
    """Columns moved and renamed, a title and the unit above, a repeated header, a total and a signature below."""
    header = ["进展情况（本月）", "任务编号", "完成状态", "佐证", "申请", "责任股室"]
    found = read_back(
        plain(
            [
                ["县教育局7月整改进展"],
                ["填报单位：教育局　填报日期：2022-08-02", None, "期次：7月份"],
                header,
                ["动员会已经召开。", "cs1", "整改中", None, None, "办公室"],
                header,
                ["已经印发办法。", "CS－0002", "完成", "办法", "销号", None],
                ["合计", "2", None, None, None, None][:1] + [None] * 5,
                ["填报人：张三", None, None, "审核人：李四"],
            ]
        )
    )
    assert (found.unit, found.period, found.date) == ("县教育局", PERIOD, dt.date(2022, 8, 2))
    assert [(one.number, one.status, one.application) for one in found.entries] == [
        ("CS-001", "正在推进", ""),
        ("CS-002", "已完成", "销号"),
    ]
    assert found.entries[0].extras == "责任股室：办公室"
    assert {finding.code for finding in found.findings} >= {"H04", "R04"}


def test_a_text_table_takes_unit_and_period_from_its_name() -> None:
    text = "措施编号,完成情况,本期进展\nCS-001,已完成,已经办结。\n"
    found = read_progress(open_workbook(text.encode("gb18030")), "县财政局2022年7月进展.csv", "", make_scheme())
    assert found is not None
    assert (found.unit, found.period) == ("县财政局", PERIOD)
    assert [one.status for one in found.entries] == ["已完成"]


def test_merged_numbers_repeat_and_missing_ones_are_refused() -> None:
    book = plain(
        [
            ["措施编号", "完成情况", "本期进展"],
            ["CS-001", "正在推进", "一。"],
            [None, "已完成", "二。"],
            ["暂无", "已完成", "三。"],
        ]
    )
    book.active.merge_cells("A2:A3")
    found = read_back(book, "县教育局2022-07.xlsx")
    assert [(one.number, bool(one.refused)) for one in found.entries] == [
        ("CS-001", False),
        ("CS-001", False),
        ("", True),
    ]


def test_without_a_period_every_row_is_refused_and_said() -> None:
    found = read_back(plain([["措施编号", "完成情况", "本期进展"], ["CS-001", "已完成", "好。"]]), "县教育局.xlsx")
    assert found.period == ""
    assert all(one.refused for one in found.entries)
    assert "P01" in {finding.code for finding in found.findings}


@pytest.mark.parametrize(
    "header",
    [
        [
            "序号",
            "对应问题",
            "努力方向",
            "措施",
            "具体举措",
            "牵头单位",
            "整改类型",
            "整改时限",
            "完成情况",
            "进展说明",
        ],
        ["措施编号", "措施", "牵头单位", "到期日", "完成情况", "预警", "进展说明", "申请事项", "销号状态"],
        ["措施编号", "完成情况"],
    ],
)
def test_other_workbooks_are_not_taken_for_progress(header: list[str]) -> None:
    buffer = io.BytesIO()
    plain([header, ["x"] * len(header)]).save(buffer)
    assert read_progress(open_workbook(buffer.getvalue()), "报.xlsx", "", make_scheme()) is None


# ---- which rows count ----
def test_the_newest_file_of_a_unit_and_period_counts_and_earlier_periods_stay() -> None:
    files = [
        report(entry("CS-001", period="2022-06"), date=dt.date(2022, 9, 1)),
        report(entry("CS-001"), date=dt.date(2022, 8, 1), file="a.xlsx"),
        report(entry("CS-001", "已完成"), date=dt.date(2022, 8, 2), file="b.xlsx"),
    ]
    adoption = adopt(files, [measure("CS-001")], {})
    assert [(row.entry.period, row.use) for row in adoption.rows] == [
        ("2022-06", Use.TAKEN),
        (PERIOD, Use.NOT_TAKEN),
        (PERIOD, Use.TAKEN),
    ]
    assert "b.xlsx" in adoption.rows[1].note
    assert standings(adoption, [measure("CS-001")])["CS-001"].status == "已完成"
    assert standings(adoption, [measure("CS-001")], "2022-06")["CS-001"].status == "正在推进"


def test_every_row_is_in_one_place_with_its_reason() -> None:
    items = [measure("CS-001"), measure("CS-002", ("县财政局",), ("县教育局",)), measure("CS-004", ("县财政局",))]
    rows = [
        entry("CS-001"),
        entry("CS-002", row=5),
        entry("CS-004", row=6),
        entry("CS-003", "已完成", row=7),
        entry("CS-099", row=8),
        entry("", row=9, refused="没有措施编号"),
        entry("CS-007", row=10),
    ]
    adoption = adopt([report(*rows)], items, {"CS-003": "CS-001", "CS-007": ""})
    assert [row.entry.id for row in adoption.rows] == [row.id for row in rows]
    assert uses(adoption) == [
        ("CS-001", Use.TAKEN),
        ("CS-002", Use.NOT_TAKEN),
        ("CS-004", Use.NOT_TAKEN),
        ("CS-003", Use.TAKEN),
        ("CS-099", Use.REFUSED),
        ("", Use.REFUSED),
        ("CS-007", Use.REFUSED),
    ]
    assert all(row.note for row in adoption.rows[1:])
    assert "CS-003 已并入 CS-001" in adoption.rows[3].note


def test_a_measure_filled_in_twice_counts_once_as_the_least_advanced_says() -> None:
    adoption = adopt([report(entry("CS-001", "已完成"), entry("CS-001", "正在推进", row=5))], [measure("CS-001")], {})
    assert uses(adoption) == [("CS-001", Use.NOT_TAKEN), ("CS-001", Use.TAKEN)]


# ---- what measures show ----
def test_the_least_advanced_lead_sets_the_status_and_each_has_its_line() -> None:
    item = measure("CS-001", ("县教育局", "县财政局"), ("白露镇",))
    files = [
        report(entry("CS-001", "已完成", "已经办结。", finished=dt.date(2022, 7, 20))),
        report(entry("CS-001", "正在推进", "正在征求意见。", unit="县财政局")),
        report(entry("CS-001", "未启动", "配合。", unit="白露镇")),
    ]
    standing = standings(adopt(files, [item], {}), [item])["CS-001"]
    assert standing.status == "正在推进"
    assert standing.progress == "县教育局：已经办结。\n县财政局：正在征求意见。"
    assert standing.differs
    assert standing.finished is None


def test_a_lead_that_never_reported_is_what_its_form_said() -> None:
    item = measure("CS-001", ("县教育局", "县财政局"))
    standing = standings(adopt([report(entry("CS-001", "已完成", unit="县财政局"))], [item], {}), [item])["CS-001"]
    assert standing.status == "未启动"


def test_measures_without_a_counting_row_are_left_alone() -> None:
    assert standings(adopt([], [measure("CS-001")], {}), [measure("CS-001")]) == {}


# ---- lines and changes ----
def test_lines_count_what_is_new_and_what_was_reopened() -> None:
    first = snapshot(
        "2022-06",
        [measure("CS-001", status="正在推进"), measure("CS-002", status="已完成")],
        {"CS-002": Closing(ClosingState.CLOSED)},
        dt.date(2022, 6, 30),
        ("甲", "乙"),
        ("甲",),
    )
    second = snapshot(
        PERIOD,
        [measure("CS-001", status="已完成"), measure("CS-002", status="正在推进", due=dt.date(2022, 7, 1))],
        {"CS-002": Closing(ClosingState.OPEN, round=2, extensions=1)},
        dt.date(2022, 7, 31),
        ("甲", "乙"),
        ("甲", "乙"),
    )
    june, july = lines_of([first, second])
    assert (june.units_due, june.units_in, june.units_missing, june.closed, june.newly_closed) == (2, 1, 1, 1, 1)
    assert (
        july.done,
        july.newly_done,
        july.closed,
        july.overdue,
        july.newly_overdue,
        july.reopened,
        july.extended,
    ) == (1, 1, 0, 1, 1, 1, 1)
    assert july.done_rate == 0.5
    assert Snapshot.from_json(second.to_json()) == second
    assert line_of(second, None).newly_done == 1


def test_changes_name_who_and_where() -> None:
    before = snapshot("2022-06", [measure("CS-001", status="正在推进"), measure("CS-009")], {}, dt.date(2022, 6, 30))
    now = snapshot(
        PERIOD,
        [measure("CS-001", status="已完成", due=dt.date(2022, 10, 31)), measure("CS-002")],
        {},
        dt.date(2022, 7, 31),
    )
    found = list(
        changes(
            before, now, lambda number, column: Cause("县教育局", "2022-07 填报", "2022-08-01"), lambda number: "CS-001"
        )
    )
    assert [(one.number, one.column, one.old, one.new) for one in found] == [
        ("CS-001", "完成情况", "正在推进", "已完成"),
        ("CS-001", "到期日", "2022-09-30", "2022-10-31"),
        ("CS-002", "措施", "（没有）", "新增"),
        ("CS-009", "措施", "在用", "并入 CS-001"),
    ]
    assert found[0].cause.by == "县教育局"


# ---- 水分 ----
def test_padding_is_marked() -> None:
    items = [measure(f"CS-00{number}", ("县教育局", "县财政局")) for number in range(1, 4)]
    copied = "已经召开专题会议研究部署。"
    files = [
        report(
            *(
                entry(f"CS-00{n}", "已完成", f"第{n}项已经全部办结到位。", row=3 + n, evidence="文件", period="2022-06")
                for n in range(1, 4)
            )
        ),
        report(
            entry("CS-001", "正在推进", "第1项已经全部办结到位"),
            entry("CS-002", "已完成", copied, row=5, finished=dt.date(2022, 12, 1)),
            entry("CS-003", "已完成", "办结。", row=6, evidence="文件", finished=dt.date(2021, 1, 1)),
        ),
        report(entry("CS-002", "正在推进", copied, unit="县财政局")),
    ]
    found = list(paddings(adopt(files, items, {}), dt.date(2022, 8, 1), dt.date(2022, 1, 1)))
    assert {one.mark for one in found} == set(Mark)
    assert [one.row.item for one in found if one.mark is Mark.SAME_AS_BEFORE] == ["CS-001"]


def test_texts_are_alike_but_for_a_word_or_a_number_and_short_ones_never() -> None:
    assert alike(
        "已召开推进会3次，完成整改任务12项，其余正在推进。", "已召开推进会4次，完成整改任务12项，其余正在推进。"
    )
    assert not alike("正在推进", "正在推进")
    assert not alike("已召开推进会3次，完成整改任务。", "已印发管理办法，并在全县公开。")


# ---- 量化指标, 年年提 ----
def test_a_commitment_is_held_against_what_was_reported() -> None:
    book = build_progress_form(make_scheme(), PERIOD, assignment())
    book["量化指标"]["H4"] = 1
    items = [measure("CS-001"), measure("CS-003")]
    adoption = adopt([read_back(book)], items, {})
    lines = list(targets(commitments_of(items), items, adoption, {}))
    assert [(one.item, one.period, one.value, one.reached) for one in lines] == [
        ("CS-001", PERIOD, 1, "否"),
        ("CS-003", "", None, "未报"),
    ]


def test_what_recurs_is_what_the_matcher_says_unless_a_person_said_otherwise() -> None:
    problems = [measure("WT-001", title="学习不深"), measure("WT-002", title="调研不够")]
    old = [OldProblem("WT-007", "学习不深入", "", "已销号", 2), OldProblem("WT-008", "其他", "")]

    def matcher(new: object, known: object) -> list[Pair]:
        return [Pair(0, 0, "相同")]

    (one,) = recurrences(problems, old, matcher)
    assert (one.item.id, one.old.number, one.years) == ("WT-001", "WT-007", 3)
    assert list(recurrences(problems, old, matcher, {("WT-001", "WT-007"): False})) == []
    (_, other) = recurrences(problems, old, matcher, {("WT-002", "WT-008"): True})
    assert other.basis == "人工确认"


def test_an_old_excel_file_is_read_as_well() -> None:
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("Sheet1")
    rows = [["填报单位：县财政局", "", "期次：2022-07"], ["措施编号", "完成情况", "本期进展", "完成日期"]]
    for at, row in enumerate([*rows, ["CS-001", "已完成", "办结。", "2022.7.20"]]):
        for column, value in enumerate(row):
            page.write(at, column, value)
    buffer = io.BytesIO()
    book.save(buffer)
    found = read_progress(open_workbook(buffer.getvalue()), "进展.et", "", make_scheme())
    assert found is not None
    assert (found.unit, found.period) == ("县财政局", PERIOD)
    assert [(one.number, one.finished) for one in found.entries] == [("CS-001", dt.date(2022, 7, 20))]
