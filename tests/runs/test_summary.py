"""The workbook in a program that calculates: cached figures are the calculated ones."""

import datetime as dt
import itertools
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace

import openpyxl
import pytest
import xlsxwriter
from conftest import MEASURE_HEADER, TODAY, make_book, make_project, make_scheme, measure, problem_sheet

from pipeline.run import merge_project, outputs_of
from pipeline.summary import SummaryWorkbook
from pipeline.summary.differences import marked
from pipeline.summary.due_figures import months
from pipeline.summary.sheet import Look, write_list
from pipeline.summary.styles import Styles
from pipeline.tables import problem_list

OFFICE = shutil.which("soffice")


@pytest.fixture
def workbook(tmp_path):
    books = {
        f"{unit}.xlsx": make_book(
            unit,
            问题清单=problem_sheet(
                [1, "学习", f"{unit}学得浅", f"{unit}浅。", None, "群众提"], [2, "乱", f"{unit}慢", f"{unit}慢。"]
            ),
            整改措施=[
                MEASURE_HEADER,
                measure(1, 1, f"{unit}抓", f"{unit}每月抓。", unit, 完成情况="已完成", 佐证材料="表"),
                measure(2, 2, f"{unit}快", f"{unit}每周快。", unit, "2022-01-01", 完成情况="正在推进"),
            ],
        )
        for unit in ("县教育局", "县财政局")
    }
    merge_project(make_project(tmp_path, make_scheme(), books), TODAY)
    (tmp_path / "workbooks" / "白露镇.xlsx").write_bytes(b"not a workbook")
    merge_project(tmp_path, TODAY)
    return tmp_path / "outputs" / "汇总台账.xlsx"


def formula_cells(path):
    """(sheet, cell) of every formula of the workbook."""
    book = openpyxl.load_workbook(path)
    return [(sheet.title, cell.coordinate) for sheet in book for row in sheet for cell in row if cell.data_type == "f"]


def values(path):
    book = openpyxl.load_workbook(path, data_only=True)
    return {(sheet.title, cell.coordinate): cell.value for sheet in book for row in sheet for cell in row}


def cards(path):
    """Label -> figure of 总览's cards."""
    sheet = openpyxl.load_workbook(path, data_only=True)["总览"]
    return {cell.value: sheet.cell(cell.row + 1, cell.column).value for cell in sheet[5] if cell.value}


def facts(path):
    """Name -> figure of 统计's single figures."""
    return {name: line[0] for name, line in table(path, "统计", "要点").items()}


def answers(path):
    """Question -> what stands below it on 总览."""
    sheet = openpyxl.load_workbook(path, data_only=True)["总览"]
    asked = [cell for row in sheet for cell in row if isinstance(cell.value, str) and cell.value.endswith("？")]
    return {cell.value: sheet.cell(cell.row + 1, cell.column).value for cell in asked}


def table(path, sheet, header, gap=True):
    """The lines below the header cell of a block of 总览 or 统计, up to the first empty cell."""
    page = openpyxl.load_workbook(path, data_only=True)[sheet]
    at = next(cell for row in page for cell in row if cell.value == header)
    lines = {}
    for row in page.iter_rows(min_row=at.row + 1, min_col=at.column):
        if row[0].value is None:
            break
        rest = itertools.takewhile(lambda cell: cell.value is not None, row[1:]) if gap else row[1:]
        lines[row[0].value] = [cell.value for cell in rest if cell.value is not None]
    return lines


def recalculated(path, folder):
    """The workbook after LibreOffice calculated every formula anew."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        '<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode"><value>0</value></prop></item></oor:items>',
        encoding="utf-8",
    )
    command = [OFFICE, f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to"]
    command += ["xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "again"), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder / "again" / path.name


def test_every_formula_carries_its_value(workbook):
    cells = formula_cells(workbook)
    sheets = {sheet for sheet, _ in cells}
    assert {"总览", "统计", "责任清单", "对账销号"} <= sheets
    assert sorted(column(workbook, "对账销号", "预警")) == ["红", "红", "绿", "绿"]
    with zipfile.ZipFile(workbook) as package:
        pages = [package.read(name).decode() for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
    assert all(page.count("</f>") == page.count("</f><v>") for page in pages)


def links(page):
    return [cell.hyperlink for row in page for cell in row if cell.hyperlink]


def column(path, sheet, title):
    page = openpyxl.load_workbook(path, data_only=True)[sheet]
    at = next(cell.column for cell in page[3] if cell.value == title)
    return [page.cell(row, at).value for row in range(4, page.max_row + 1)]


def test_formulas_use_only_what_every_office_program_knows(workbook):
    book = openpyxl.load_workbook(workbook)
    written = " ".join(str(cell.value) for sheet in book for row in sheet for cell in row if cell.data_type == "f")
    used = set(re.findall(r"([A-Z][A-Z.]+)\(", written))
    assert used <= {
        "COUNTIF",
        "COUNTIFS",
        "COUNTA",
        "SUM",
        "SUMPRODUCT",
        "IF",
        "OR",
        "MAX",
        "MIN",
        "INDEX",
        "MATCH",
        "IFERROR",
        "LARGE",
        "SMALL",
        "ROW",
        "INT",
        "ROUND",
        "TEXT",
        "CHAR",
        "SUBSTITUTE",
    }
    assert "_xlfn" not in written


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_recalculated_it_says_the_same(workbook, tmp_path):
    before, after = values(workbook), values(recalculated(workbook, tmp_path))
    cells = formula_cells(workbook)
    assert {cell: after.get(cell) or 0 for cell in cells} == {cell: before[cell] or 0 for cell in cells}
    assert not [cell for cell, value in after.items() if isinstance(value, str) and value.startswith(("#", "Err:"))]


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_an_edited_status_is_seen_everywhere(workbook, tmp_path):
    """完成情况 changed in 任务清单 and 销号状态 in 对账销号, nothing else: all figures of 总览 follow."""
    assert cards(workbook)["单位报送"] == "2 / 3", "a file that does not open is no report"
    assert cards(workbook)["全部措施，完成"] == "2 / 4"
    assert cards(workbook)["逾期"] == 2
    assert answers(workbook)["哪些单位逾期？"].startswith("2 个单位有逾期")
    book = openpyxl.load_workbook(workbook)
    tasks, closing = book["任务清单"], book["对账销号"]
    titles = {cell.value: cell.column for cell in tasks[3]}
    late = next(row for row in range(4, 8) if tasks.cell(row, titles["完成情况"]).value == "正在推进")
    tasks.cell(late, titles["完成情况"]).value = "已完成"
    closing_titles = {cell.value: cell.column for cell in closing[3]}
    closing.cell(late, closing_titles["销号状态"]).value = "已销号"
    edited = tmp_path / "汇总台账.xlsx"
    book.save(edited)
    after = recalculated(edited, tmp_path)
    seen = facts(after)
    assert (seen["已完成"], seen["已销号"], seen["逾期"]) == (3, 1, 1)
    assert (cards(after)["全部措施，完成"], cards(after)["逾期"]) == ("3 / 4", 1)
    assert sorted(column(after, "对账销号", "预警")) == ["红", "绿", "绿", "绿"]
    assert column(after, "责任清单", "完成情况").count("已完成") == 3
    assert column(after, "任务清单（打印）", "完成情况").count("已完成") == 3
    assert table(after, "统计", "完成情况")["已完成"] == [3]
    assert table(after, "总览", "努力方向", gap=False)["合计"][:5] == [4, 4, 3, 1, 0.75]
    overdue = {unit: line[7] for unit, line in table(after, "统计", "单位").items()}
    assert sorted(overdue.values()) == [0] * (len(overdue) - 1) + [1]
    assert answers(after)["今天要督办什么？"] == "1 项逾期，0 项将到期"
    assert answers(after)["哪些单位逾期？"].startswith("1 个单位有逾期")
    assert len(table(after, "总览", "编号", gap=False)) == 1, "the measure that is done has left 督办"


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_a_sorted_list_still_shows_each_measures_own_status(workbook, tmp_path):
    """The lines of 任务清单 swapped: 对账销号 finds each measure by its number."""
    before = dict(zip(column(workbook, "对账销号", "措施编号"), column(workbook, "对账销号", "完成情况"), strict=True))
    book = openpyxl.load_workbook(workbook)
    tasks = book["任务清单"]
    lines = [[cell.value for cell in row] for row in tasks.iter_rows(min_row=4, max_row=7)]
    for row, line in zip(tasks.iter_rows(min_row=4, max_row=7), reversed(lines), strict=True):
        for cell, value in zip(row, line, strict=True):
            cell.value = value
    edited = tmp_path / "汇总台账.xlsx"
    book.save(edited)
    after = recalculated(edited, tmp_path)
    assert (
        dict(zip(column(after, "对账销号", "措施编号"), column(after, "对账销号", "完成情况"), strict=True)) == before
    )


def test_the_dashboard_is_whole(workbook):
    with zipfile.ZipFile(workbook) as package:
        names = package.namelist()
        charts = [package.read(name).decode() for name in names if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]
        drawing = package.read("xl/drawings/drawing1.xml").decode()
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    assert len(charts) >= 3
    assert not [chart for chart in charts if "<c:title>" in chart or "doughnut" in chart or "pieChart" in chart]
    assert len(re.findall(r'descr="[^"]{15,}"', drawing)) == len(charts)
    assert 'paperSize="8"' in sheet
    assert 'orientation="landscape"' in sheet
    assert 'fitToPage="1"' in sheet
    assert "colorScale" in sheet
    assert {"今天要督办什么？", "离截止还有多少？", "哪些单位逾期？", "哪些方面问题最多？"} <= set(answers(workbook))
    book = openpyxl.load_workbook(workbook)
    assert book.active.title == "总览"
    linked = {link.location.split("!")[0].strip("'") for link in links(book["总览"]) if link.location}
    assert linked == set(book.sheetnames) - {"总览"}
    for name in set(book.sheetnames) - {"总览"}:
        assert any("总览" in (link.location or "") for link in links(book[name])), name


def test_numbers_lead_to_their_rows(workbook):
    """问题 -> its measure -> its owner -> back, each link landing on the row of the number that it shows."""
    book = openpyxl.load_workbook(workbook)
    seen = set()
    for name in ("问题清单", "任务清单", "责任清单", "对账销号", "合并明细"):
        for link in links(book[name]):
            if not link.location or "总览" in link.location or "打印" in link.location:
                continue
            sheet, cell = link.location.split("!")
            target = book[sheet.strip("'")]
            shown = str(book[name][link.ref.split(":")[0]].value).split("、")[0]
            row = [line.value for line in target[target[cell].row]]
            assert shown in row, (name, link.ref)
            seen.add((name, target.title))
    assert {
        ("问题清单", "任务清单"),
        ("任务清单", "问题清单"),
        ("任务清单", "责任清单"),
        ("责任清单", "任务清单"),
    } <= seen


def test_findings_lead_to_the_marked_copy(workbook):
    book = openpyxl.load_workbook(workbook)
    targets = {link.target for link in links(book["核对结果"]) if link.target}
    assert targets
    for target in targets:
        assert (workbook.parent / target.replace("\\", "/").removeprefix("file:///")).is_file(), target


def test_lists_print_across_with_their_header_on_each_page(workbook):
    book = openpyxl.load_workbook(workbook)
    papers = {"问题清单": 8, "任务清单": 8, "责任清单": 9, "对账销号": 8, "问题清单（打印）": 9, "任务清单（打印）": 9}
    for name, paper in papers.items():
        page = book[name]
        set_up = page.page_setup
        assert (set_up.paperSize, set_up.orientation, set_up.fitToHeight) == (paper, "landscape", 0), name
        assert page.print_title_rows == "$3:$3"
        assert "&P" in page.oddFooter.center.text
        assert "&N" in page.oddFooter.center.text
        assert "基准日期" in page.oddHeader.right.text


def test_duties_are_by_unit_with_a_count(workbook):
    units, totals = column(workbook, "责任清单", "责任单位"), column(workbook, "责任清单", "单位合计")
    first = [total for position, total in enumerate(totals) if units.index(units[position]) == position]
    assert first == ["牵头 2 项", "牵头 2 项"]
    assert [total for total in totals if total] == first


def test_months_follow_without_gaps():
    base = dt.date(2022, 7, 15)
    spans = months([dt.date(2022, 5, 31), dt.date(2022, 9, 1), dt.date(2023, 8, 1), dt.date(2021, 6, 1)], base)
    assert [label for label, _, _ in spans] == ["以前", *(f"{n}月" for n in range(3, 10)), "以后"]
    assert all(one[2] == two[1] for one, two in itertools.pairwise(spans))
    assert [label for label, _, _ in months([dt.date(2021, 12, 1), dt.date(2022, 1, 5)], base)] == ["以前", "1月"]
    assert [label for label, _, _ in months([dt.date(2030, 12, 1), dt.date(2031, 1, 5)], base)] == [
        "30年12月",
        "31年1月",
    ]
    assert months([dt.date(9999, 12, 31)], base)[0][2] == dt.date(9999, 12, 31)
    assert months([], base) == []


@pytest.mark.parametrize(
    "days",
    [
        [],
        [dt.date(1900, 1, 2)],
        [dt.date(2022, month, 28) for month in range(1, 13)],
        [dt.date(2021, 1, 1), dt.date(2029, 1, 1)],
    ],
)
def test_every_date_stands_in_one_month(days):
    spans = months(days, dt.date(2022, 7, 15))
    assert len(spans) <= 14
    for day in days:
        assert sum(start <= day < end for _, start, end in spans) == 1


def in_volumes(draft):
    """The outputs of a run whose sheets hold three rows."""
    return tuple(
        replace(output, row_limit=3) if isinstance(output, SummaryWorkbook) else output for output in outputs_of(draft)
    )


def test_a_list_longer_than_a_sheet_is_never_cut(workbook, tmp_path):
    """With a sheet of three rows: each list is in volumes by heading, the index says where, every row is there once."""
    numbers = column(workbook, "问题清单", "问题编号")
    merge_project(tmp_path, TODAY, outputs=in_volumes)
    index = openpyxl.load_workbook(workbook)["问题清单"]
    assert [cell.value for cell in index[3]] == ["分册", "内容", "行数", "首行—末行"]
    volumes = [index.cell(row, 1).value for row in range(4, index.max_row + 1)]
    found = [
        number
        for volume in volumes
        for number in column(tmp_path / "outputs" / "汇总台账分册" / volume, "问题清单", "问题编号")
    ]
    assert sorted(found) == sorted(numbers)
    assert not formula_cells(workbook)
    assert cards(workbook)["归并后的问题"] == 4


def test_a_long_list_is_written_row_by_row(tmp_path):
    """Above 20,000 rows the sheet goes to disk as it is written; what stands in it is the same."""
    rows = [{"id": f"WT-{number:05}", "title": f"=问题{number}", "n_units": number} for number in range(25_000)]
    path = tmp_path / "long.xlsx"
    book = xlsxwriter.Workbook(str(path))
    write_list(book, Styles(book), problem_list(), rows, Look("某县", home=""))
    book.close()
    sheet = openpyxl.load_workbook(path)["问题清单"]
    assert [cell.value for cell in sheet[3]] == problem_list().titles()
    assert sheet.max_row == 25_003
    assert sheet["C25003"].value == "=问题24999"
    assert sheet["C25003"].data_type == "s"
    assert sheet.tables["problem_list"].ref == "A3:Q25003"


def test_differing_words_stand_out():
    a, b = marked("全年投诉230件", "全年投诉68件")
    assert [text for text, differs in a.parts if differs] == ["230"]
    assert [text for text, differs in b.parts if differs] == ["68"]
    c, d = marked("办事跑多次，材料多。", "材料多，群众办事难。")
    assert [text for text, differs in c.parts if differs] == ["跑多次"]
    assert "".join(text for text, _ in d.parts) == "材料多，群众办事难。"
