"""Where rooms meet: what once went wrong between them, each with the input that showed it."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest
from conftest import (
    MEASURE_HEADER,
    TODAY,
    list_rows,
    make_book,
    make_project,
    make_scheme,
    measure,
    problem_sheet,
    read,
)

from pipeline.cells import address, column_index, column_letter, fitted, parse_address
from pipeline.project import Project, ProjectBusyError
from pipeline.records import Cells, RowId, row_cells
from pipeline.run import check_project, merge_project
from pipeline.tables import PROBLEMS
from pipeline.text import fold, read_numeral, write_numeral

ROOT = Path(__file__).parents[2]
PROBLEM = [1, "学习", "学得浅", "学习不系统。"]


def summary(folder):
    return folder / "outputs" / "汇总台账.xlsx"


def test_a_key_that_the_table_does_not_declare_is_an_error():
    with pytest.raises(KeyError):
        row_cells(PROBLEMS, {"moved": "白露镇"})
    cells = row_cells(PROBLEMS, {"title": "学得浅"})
    assert cells["detail"] == ""
    with pytest.raises(KeyError):
        cells["lead"]
    with pytest.raises(KeyError):
        cells.but(lead="白露镇")
    assert isinstance(cells.but(detail="浅。"), Cells)


def test_rows_have_names_that_sort_and_say_where_they_stand():
    assert sorted([RowId("b", "表", 1), RowId("a", "表", 10), RowId("a", "表", 9, 2), RowId("a", "表", 9, 1)]) == [
        RowId("a", "表", 9, 1),
        RowId("a", "表", 9, 2),
        RowId("a", "表", 10),
        RowId("b", "表", 1),
    ]
    assert str(RowId("a.xlsx", "措施", 3, 1)) == "a.xlsx!措施!3（1）"


@pytest.mark.parametrize(("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_lettered_alike_in_both_directions(index, letters):
    assert column_letter(index) == letters
    assert column_index(letters) == index
    assert parse_address(address(4, index)) == (4, index)


@pytest.mark.parametrize("number", range(1, 100))
def test_numerals_are_read_as_they_are_written(number):
    assert read_numeral(write_numeral(number)) == number == read_numeral(str(number))


def test_folding_takes_width_and_white_space_away():
    assert fold("（Ａ １\u3000二）\n") == "(A1二)"


def test_a_unit_that_supports_inside_the_lead_cell_is_kept(tmp_path):
    """D1: with an empty 配合单位 it vanished without a word."""
    rows = [MEASURE_HEADER, measure(1, 1, "办好学习", "每月学习。", "县教育局（牵头）、白露镇（配合）")]
    found = read(make_book(整改措施=rows), tmp_path)
    assert (found.rows[0].leads, found.rows[0].supports) == (("县教育局",), ("白露镇",))


def test_what_is_missing_in_a_column_that_is_not_there_is_said_at_the_row(tmp_path):
    """D11: the finding stood at column A, which is 序号."""
    header = [title for title in MEASURE_HEADER if title != "佐证材料"]
    full = dict(zip(MEASURE_HEADER, measure(1, 1, "办好学习", "每月学习。", 完成情况="已完成"), strict=True))
    found = read(make_book(整改措施=[header, [full[title] for title in header]]), tmp_path)
    (finding,) = [finding for finding in found.findings if finding.code == "R17"]
    assert finding.place.cell == "2:2"


def test_only_one_command_is_at_work_in_a_project(tmp_path):
    """D2: check took no lock and threw away what a running merge was making."""
    folder = make_project(tmp_path, make_scheme(), {"a.xlsx": make_book(问题清单=problem_sheet(PROBLEM))})
    with Project(folder).locked():
        for command in (check_project, merge_project):
            with pytest.raises(ProjectBusyError, match="另一个 sandan"):
                command(folder, TODAY)
    merge_project(folder, TODAY)


def test_another_workbook_in_the_history_stays_and_stops_nothing(tmp_path):
    """D8: any .xlsx whose name had no number stopped every merge."""
    folder = make_project(tmp_path, make_scheme(), {"a.xlsx": make_book(问题清单=problem_sheet(PROBLEM))})
    merge_project(folder, TODAY)
    history = folder / "outputs" / "历史"
    history.mkdir(exist_ok=True)
    openpyxl.Workbook().save(history / "说明.xlsx")
    make_book(unit="县财政局", 问题清单=problem_sheet([1, "为民", "办得慢", "排队久。"])).save(
        folder / "workbooks" / "b.xlsx"
    )
    merge_project(folder, TODAY)
    assert {path.name for path in history.iterdir()} == {"说明.xlsx", "汇总台账-0001.xlsx"}


def test_text_that_looks_like_markup_is_text_in_every_output(tmp_path):
    """XlsxWriter writes <r>…</r> raw: one cell of one unit made 汇总台账 unreadable."""
    odd = ["<r>x & y</r>", "<r><t>粗</t></r>", "=1+1", "{=SUM(A1)}", "+86", "@名", "-3", '"引"', "<w:p/>&amp;"]
    problems = [[number, "学习", text, f"{text}具体表现。"] for number, text in enumerate(odd, start=1)]
    tasks = [MEASURE_HEADER, *(measure(n, n, text, text, 备注=text, 责任人=text) for n, text in enumerate(odd, 1))]
    book = make_book(问题清单=problem_sheet(*problems), 整改措施=tasks)
    for cell in (cell for sheet in book for row in sheet for cell in row if isinstance(cell.value, str)):
        cell.data_type = "s"  # typed as text, as in a column that is formatted so
    scheme = make_scheme(problems_per_aspect=20, measures_per_direction=20)
    folder = make_project(tmp_path, scheme, {"a.xlsx": book})
    merge_project(folder, TODAY)
    assert {row["问题"] for row in list_rows(summary(folder), "问题清单")} == set(odd)
    assert {row["备注"] for row in list_rows(summary(folder), "任务清单")} == set(odd)
    with zipfile.ZipFile(summary(folder)) as package:
        for name in package.namelist():
            if name.endswith(".xml"):
                docx.oxml.parse_xml(package.read(name))
    for name in ("对照检查材料.docx", "对照检查材料（核稿）.docx"):
        text = "\n".join(paragraph.text for paragraph in docx.Document(folder / "outputs" / name).paragraphs)
        assert all(word in text for word in odd), name
    merge_project(folder, TODAY)
    assert not [row for row in list_rows(summary(folder), "核对结果") if row["代码"][0] == "L"]


def test_a_text_longer_than_a_cell_is_no_edit_the_next_time(tmp_path):
    long = "长" * 40_000
    book = make_book(问题清单=problem_sheet([1, "学习", "学得浅", f"{long}。"]))
    folder = make_project(tmp_path, make_scheme(), {"a.xlsx": book})
    (folder / "workbooks" / "a.xlsx").unlink()
    rows = [["序号", "对照方面", "问题", "具体表现"], ["1", "学习", "学得浅", long]]
    text = "填报单位,县教育局\n" + "\n".join(",".join(row) for row in rows)
    (folder / "workbooks" / "a.csv").write_text(text, encoding="utf-8")
    merge_project(folder, TODAY)
    (row,) = list_rows(summary(folder), "问题清单")
    assert row["具体表现"] == fitted(long)
    merge_project(folder, TODAY)
    log = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", "log", str(folder)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ).stdout
    assert "改为" not in log


def test_who_left_the_status_blank_has_not_said_that_it_is_done(tmp_path):
    """A18: blank and 已完成 became 已完成 for both units, and nothing was said."""
    one, two = (
        make_book(
            unit=unit,
            整改措施=[
                MEASURE_HEADER,
                measure(1, None, "办好学习", "每月学习一次。", unit, 完成情况=status, 佐证材料="纪要"),
            ],
        )
        for unit, status in (("县教育局", "已完成"), ("县财政局", None))
    )
    folder = make_project(tmp_path, make_scheme(), {"a.xlsx": one, "b.xlsx": two})
    merge_project(folder, TODAY)
    (row,) = list_rows(summary(folder), "任务清单")
    assert row["完成情况"] is None
    said = [row["问题说明"] for row in list_rows(summary(folder), "核对结果") if row["代码"] == "M02"]
    assert any("县财政局“（未填）”" in text for text in said)


def edit(folder, sheet, column, value):
    book = openpyxl.load_workbook(summary(folder))
    titles = [cell.value for cell in book[sheet][3]]
    book[sheet].cell(4, titles.index(column) + 1).value = value
    book.save(summary(folder))


def test_an_edited_lead_is_looked_up_in_the_roster(tmp_path):
    """A8: “教育局，财政局” became one fictitious unit; the unit that supported was listed in both roles."""
    rows = [MEASURE_HEADER, measure(1, None, "办好学习", "每月学习。", "县教育局", 配合单位="县财政局")]
    folder = make_project(tmp_path, make_scheme(), {"a.xlsx": make_book(整改措施=rows)})
    merge_project(folder, TODAY)
    edit(folder, "任务清单", "牵头单位", "教育局，财政局")
    merge_project(folder, TODAY)
    duties = [(row["责任单位"], row["角色"]) for row in list_rows(summary(folder), "责任清单")]
    assert duties == [("县教育局", "牵头"), ("县财政局", "牵头")]
    edit(folder, "任务清单", "牵头单位", "县财政局")
    merge_project(folder, TODAY)
    duties = [(row["责任单位"], row["角色"]) for row in list_rows(summary(folder), "责任清单")]
    assert duties == [("县财政局", "牵头")]


def test_an_edited_deadline_that_nobody_understands_is_said_at_the_office_s_own_sheet(tmp_path):
    rows = [MEASURE_HEADER, measure(1, None, "办好学习", "每月学习。")]
    folder = make_project(tmp_path, make_scheme(), {"a.xlsx": make_book(整改措施=rows)})
    merge_project(folder, TODAY)
    edit(folder, "任务清单", "整改时限", "尽快完成")
    merge_project(folder, TODAY)
    said = [row for row in list_rows(summary(folder), "核对结果") if row["代码"] == "R11"]
    assert [(row["文件"], row["工作表"]) for row in said] == [("汇总台账.xlsx", "任务清单")]


def test_the_same_bytes_whatever_the_hash_seed(tmp_path):
    """Weights were summed in the order of a set of strings: one run in six wrote another order into 待确认."""
    folder = make_project(tmp_path / "p", make_scheme(), {})
    for name in ("方案.xlsx", "workbooks"):
        source = ROOT / name
        target = folder / name
        subprocess.run(["cp", "-r", str(source), str(target.parent)], check=True)
    made = []
    for seed in ("0", "1", "4242"):
        subprocess.run(["rm", "-rf", str(folder / "outputs"), str(folder / "台账.db")], check=True)
        env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed}
        subprocess.run(
            [sys.executable, "-m", "pipeline.cli", "merge", str(folder)], check=True, capture_output=True, env=env
        )
        made.append({p.relative_to(folder): p.read_bytes() for p in (folder / "outputs").rglob("*") if p.is_file()})
    assert made[0] == made[1] == made[2]


def test_the_office_chooses_whose_text_an_item_shows(tmp_path):
    text = "窗口少，平均等待40分钟。"
    books = {
        f"{unit}.xlsx": make_book(unit, 问题清单=problem_sheet([1, "为民", "窗口排队久", text, example]))
        for unit, example in (("县教育局", "比如周一。"), ("县财政局", "比如月末。"))
    }
    folder = make_project(tmp_path, make_scheme(), books)
    merge_project(folder, TODAY)
    (row,) = list_rows(summary(folder), "问题清单")
    assert (row["显示文字来自"], row["典型事例"]) == ("县教育局", "比如周一。")
    rules = openpyxl.load_workbook(summary(folder))["问题清单"].data_validations.dataValidation
    assert any(rule.formula1 == '"县教育局,县财政局"' for rule in rules)
    edit(folder, "问题清单", "显示文字来自", "财政局")
    for _ in range(2):
        merge_project(folder, TODAY)
        (row,) = list_rows(summary(folder), "问题清单")
        assert (row["显示文字来自"], row["典型事例"]) == ("县财政局", "比如月末。")
    edit(folder, "问题清单", "显示文字来自", "县水利局")
    merge_project(folder, TODAY)
    (row,) = list_rows(summary(folder), "问题清单")
    assert row["典型事例"] == "比如周一。"
    assert [found["原值"] for found in list_rows(summary(folder), "核对结果") if found["代码"] == "L04"] == ["县水利局"]
    merge_project(folder, TODAY)
    assert not [found for found in list_rows(summary(folder), "核对结果") if found["代码"] == "L04"], "said once"
