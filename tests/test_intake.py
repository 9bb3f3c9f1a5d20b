"""What comes back from departments: every mess of the contract's section 7 that is not about hostile files."""

import datetime as dt

import openpyxl
import pytest
import xlwt
from conftest import (
    CAUSE_HEADER,
    MEASURE_HEADER,
    PROBLEM_HEADER,
    TODAY,
    codes,
    make_book,
    make_scheme,
    measure,
    problem_sheet,
    read,
)
from openpyxl.comments import Comment

from pipeline.intake import read_submission
from pipeline.intake.collect import assemble
from pipeline.intake.spelling import ALIAS, spelling_score
from pipeline.tables import CAUSES, MEASURES, PROBLEMS


def texts(submission, table="problems"):
    return [
        (row.cells["title"], row.cells["detail"]) for row in submission.rows if row.table == table and not row.refused
    ]


def test_title_rows_and_a_signature_line_are_not_rows_and_are_said(tmp_path):
    sheet = [
        ["县教育局问题清单"],
        ["填报单位：县教育局　填报日期：2022-01-10"],
        *problem_sheet([1, "学习", "学得浅", "浅。"]),
        [],
        ["填报人：张某　审核人：李某"],
    ]
    found = read(make_book(问题清单=sheet), tmp_path)
    assert texts(found) == [("学得浅", "浅。")]
    skipped = [finding for finding in found.findings if finding.code == "H04"]
    assert len(skipped) == 1
    assert "张某" not in skipped[0].message, "names of those who sign are not repeated"
    assert any(line.text == "填报人：张某　审核人：李某" for line in found.dropped)


def test_a_header_over_two_rows(tmp_path):
    book = make_book(
        整改措施=[
            ["序号", "对应问题", "努力方向", "措施", "具体举措", "责任分工", None, "整改要求", None],
            [None, None, None, None, None, "牵头单位", "责任人", "整改类型", "整改时限"],
            [1, 1, "强化学习", "抓学习", "每月学。", "县教育局", "某科长", "限期整改", "6月底前"],
        ]
    )
    sheet = book["整改措施"]
    sheet.merge_cells("F1:G1")
    sheet.merge_cells("H1:I1")
    row = read(book, tmp_path).rows[0]
    assert (row.cells["lead"], row.cells["person"], row.due) == ("县教育局", "某科长", dt.date(2022, 6, 30))


def test_moved_and_renamed_columns_and_an_unknown_one(tmp_path):
    sheet = [["编 号", "问题表现", "存在问题*", "所属方面", "涉及金额\n（万元）"], [1, "浅。", "学得浅", "为民", 18.5]]
    found = read(make_book(问题清单=sheet), tmp_path)
    row = found.rows[0]
    assert texts(found) == [("学得浅", "浅。")]
    assert row.cells["aspect"] == "为民"
    assert "涉及金额" in row.extras
    assert "18.5" in row.extras


def test_one_column_for_problem_and_manifestation(tmp_path):
    sheet = [["序号", "对照方面", "问题及具体表现描述", "问题类别"], [1, "学习", "学得浅，不系统。", "作风类"]]
    found = read(make_book(问题清单=sheet), tmp_path)
    assert texts(found) == [("", "学得浅，不系统。")]
    assert "作风类" in found.rows[0].extras


def test_the_unit_may_stand_in_a_column():
    data = "序号,填报单位,对照方面,问题,具体表现\n1,财政局,学习,甲,甲。\n2,财政局,学习,乙,乙。\n".encode()
    assert read_submission(data, "表.csv", make_scheme(), TODAY).unit == "县财政局"


def test_a_near_spelling_is_read_and_said(tmp_path):
    found = read(
        make_book(问题清单=[["序号", "对照方面", "问题", "具体表现情况"], [1, "学习", "学得浅", "浅。"]]), tmp_path
    )
    assert texts(found) == [("学得浅", "浅。")]
    assert "H01" in codes(found)


@pytest.mark.parametrize(
    ("text", "table", "key"),
    [
        ("整改期限", MEASURES, "deadline"),
        ("完成时限", MEASURES, "deadline"),
        ("责任部门", MEASURES, "lead"),
        ("存在问题", PROBLEMS, "title"),
        ("存在问题", MEASURES, "refs"),
        ("原因分析", CAUSES, "detail"),
    ],
)
def test_header_aliases(text, table, key):
    assert spelling_score(text, table, table.column(key)) == ALIAS


def test_merged_cells_repeat_only_where_it_makes_sense_and_blanks_stay_blank(tmp_path):
    book = make_book(
        问题清单=problem_sheet([1, "学习", "甲", "甲表现。"], [2, None, "乙", "乙表现。"], [3, None, "丙", "丙表现。"])
    )
    book["问题清单"].merge_cells("B2:B3")
    found = read(book, tmp_path)
    assert [row.cells["aspect"] for row in found.rows] == ["学习", "学习", ""]
    missing = [finding for finding in found.findings if finding.code == "R02"]
    assert [finding.place.cell for finding in missing] == ["B4"]


def test_a_row_that_is_only_the_lower_half_of_merged_cells_is_not_a_row(tmp_path):
    book = make_book(问题清单=problem_sheet([1, "学习", "甲", "甲表现。"], [], [2, "学习", "乙", "乙表现。"]))
    for letter in "ABCD":
        book["问题清单"].merge_cells(f"{letter}2:{letter}3")
    assert texts(read(book, tmp_path)) == [("甲", "甲表现。"), ("乙", "乙表现。")]


def test_subtotals_examples_repeated_headers_and_prefilled_numbers(tmp_path):
    sheet = problem_sheet(
        ["例", "学习", "示例：学得浅", "例：不深。"],
        [1, "学习", "甲", "甲表现。"],
        PROBLEM_HEADER,
        [2, "为民", "乙", "乙表现。"],
        [3],
        ["合计", None, "2条"],
    )
    found = read(make_book(问题清单=sheet), tmp_path)
    assert texts(found) == [("甲", "甲表现。"), ("乙", "乙表现。")]
    said = "".join(finding.message for finding in found.findings if finding.code == "H04")
    assert all(word in said for word in ("示例行", "重复的表头", "合计"))


def test_a_real_row_that_begins_like_a_total_is_kept(tmp_path):
    found = read(make_book(问题清单=problem_sheet([1, "学习", "合计数不准", "合计数与明细对不上。"])), tmp_path)
    assert texts(found) == [("合计数不准", "合计数与明细对不上。")]


def test_hidden_rows_are_read_and_reported(tmp_path):
    book = make_book(问题清单=problem_sheet([1, "学习", "甲", "甲表现。"]))
    book["问题清单"].row_dimensions[2].hidden = True
    found = read(book, tmp_path)
    assert len(found.rows) == 1
    assert "H05" in codes(found)


def test_numbers_missing_or_repeated_are_repaired_and_said(tmp_path):
    found = read(
        make_book(
            问题清单=problem_sheet(
                [1, "学习", "甲", "甲。"],
                [2, "学习", "乙", "乙。"],
                [2, "学习", "丙", "丙。"],
                [None, "学习", "丁", "丁。"],
            )
        ),
        tmp_path,
    )
    assert [row.seq for row in found.rows] == [1, 2, 3, 4]
    assert {"R05", "R06"} <= set(codes(found))


def test_a_reference_to_a_repeated_number_is_not_guessed(tmp_path):
    book = make_book(
        问题清单=problem_sheet([1, "学习", "甲", "甲。"], [1, "学习", "乙", "乙。"]),
        整改措施=[MEASURE_HEADER, measure(1, 1, "抓学习", "每月学。")],
    )
    intake = assemble([read(book, tmp_path)], [], make_scheme())
    assert [row.refs for row in intake.rows["measures"]] == [()]
    assert any(finding.code == "R09" for finding in intake.findings)


def test_measures_in_one_cell_are_split_and_the_original_is_kept(tmp_path):
    book = make_book(
        问题清单=problem_sheet([1, "学习", "甲", "甲。"]),
        整改措施=[MEASURE_HEADER, measure(1, 1, "1.抓学习。2.抓考核。", "1.每月学。2.每季考。")],
    )
    found = read(book, tmp_path)
    assert texts(found, "measures") == [("抓学习。", "每月学。"), ("抓考核。", "每季考。")]
    assert all("拆分前原文：1.抓学习" in row.extras for row in found.rows if row.table == "measures")


def test_findings_name_the_cell_and_the_nearest_allowed_value(tmp_path):
    found = read(make_book(问题清单=problem_sheet([1, "学習", "甲", "甲。"])), tmp_path)
    finding = next(finding for finding in found.findings if finding.code == "R03")
    assert (finding.place.file, finding.place.sheet, finding.place.cell, finding.place.column) == (
        "报.xlsx",
        "问题清单",
        "B2",
        "对照方面",
    )
    assert "最接近的是“学习”" in finding.remedy
    assert found.rows[0].cells["aspect"] == ""
    assert "对照方面：学習" in found.rows[0].extras, "what is not understood is kept"


def test_a_row_without_text_is_refused_with_its_content(tmp_path):
    found = read(make_book(问题清单=problem_sheet([1, "学习", None, None, None, "群众提"])), tmp_path)
    assert found.rows[0].refused
    assert any(finding.code == "R01" and "群众提" in finding.message for finding in found.findings)


def test_a_wrong_dimension_is_not_trusted(tmp_path):
    import zipfile

    read(make_book(问题清单=problem_sheet([1, "学习", "甲", "甲。"], [2, "学习", "乙", "乙。"])), tmp_path)
    source, target = tmp_path / "报.xlsx", tmp_path / "坏.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                import re

                data = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:A1"', data)
            new.writestr(name, data)
    assert len(read_submission(target.read_bytes(), "坏.xlsx", make_scheme(), TODAY).rows) == 2


@pytest.mark.parametrize("name", ["表.xls", "表.et"])
def test_old_excel_and_wps_files(tmp_path, name):
    book = xlwt.Workbook()
    sheet = book.add_sheet("问题清单")
    for column, title in enumerate(PROBLEM_HEADER):
        sheet.write(1, column, title)
    sheet.write(0, 0, "填报单位：县财政局")
    for column, value in enumerate((1, "学习", "甲", "甲表现。")):
        sheet.write(2, column, value)
    sheet.row(2).hidden = True
    book.save(str(tmp_path / name))
    found = read_submission((tmp_path / name).read_bytes(), name, make_scheme(), TODAY)
    assert (found.unit, texts(found)) == ("县财政局", [("甲", "甲表现。")])
    assert "H05" in codes(found)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig"])
def test_text_tables_in_either_encoding(encoding):
    data = '序号,对照方面,问题,具体表现\r\n1,学习,甲,"甲表现，有逗号。"\r\n'.encode(encoding)
    found = read_submission(data, "县财政局-问题.csv", make_scheme(), TODAY)
    assert (found.unit, texts(found)) == ("县财政局", [("甲", "甲表现，有逗号。")])


def test_open_document_with_a_merged_column(tmp_path):
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import CoveredTableCell, Table, TableCell, TableRow
    from odf.text import P

    def cell(value, **attributes):
        made = TableCell(valuetype="string", stringvalue=value, **attributes)
        made.addElement(P(text=value))
        return made

    document = OpenDocumentSpreadsheet()
    table = Table(name="问题清单")
    rows = [["序号", "对照方面", "问题", "具体表现"], ["1", "学习", "甲", "甲表现。"], ["2", None, "乙", "乙表现。"]]
    for number, values in enumerate(rows):
        row = TableRow()
        for value in values:
            row.addElement(
                CoveredTableCell()
                if value is None
                else cell(value, **({"numberrowsspanned": 2} if number == 1 and value == "学习" else {}))
            )
        table.addElement(row)
    document.spreadsheet.addElement(table)
    document.save(str(tmp_path / "白露镇.ods"))
    found = read_submission((tmp_path / "白露镇.ods").read_bytes(), "白露镇.ods", make_scheme(), TODAY)
    assert found.unit == "白露镇"
    assert [row.cells["aspect"] for row in found.rows] == ["学习", "学习"]


def test_what_a_file_is_is_decided_by_its_content(tmp_path):
    read(make_book(问题清单=problem_sheet([1, "学习", "甲", "甲。"])), tmp_path)
    assert len(read_submission((tmp_path / "报.xlsx").read_bytes(), "报.xls", make_scheme(), TODAY).rows) == 1
    for data in (
        b"",
        b"\x00\x01garbage",
        b"\x89PNG\r\n\x1a\n",
        b"PK\x03\x04broken",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    ):
        found = read_submission(data, "坏.xlsx", make_scheme(), TODAY)
        assert not found.opened
        assert codes(found) == ["F01"]


def test_the_newest_of_several_submissions_counts_and_the_rest_is_refused(tmp_path):
    old = read(make_book(date="2022-01-05", 问题清单=problem_sheet([1, "学习", "旧", "旧。"])), tmp_path, name="b.xlsx")
    new = read(make_book(date="2022.1.8", 问题清单=problem_sheet([1, "学习", "新", "新。"])), tmp_path, name="a.xlsx")
    for order in ([old, new], [new, old]):
        intake = assemble(order, [], make_scheme())
        assert {row.title: bool(row.refused) for row in intake.rows["problems"]} == {"新": False, "旧": True}
        states = {state.file: state.state for state in intake.states}
        assert (states["a.xlsx"], states["b.xlsx"]) == ("已报", "重复报送")


def test_text_files_of_one_unit_with_different_tables_are_one_submission():
    problems = read_submission(
        "序号,对照方面,问题,具体表现\n1,学习,甲,甲。\n".encode(), "县财政局-1.csv", make_scheme(), TODAY
    )
    causes = read_submission(
        "序号,原因,剖析,对应问题\n1,不学,不学习。,1\n".encode(), "县财政局-2.csv", make_scheme(), TODAY
    )
    intake = assemble([problems, causes], [], make_scheme())
    assert [row.refs for row in intake.rows["causes"]] == [(intake.rows["problems"][0].id,)]
    assert not any(row.refused for row in intake.rows["problems"])


def test_units_missing_unknown_and_by_alias(tmp_path):
    alias = read(make_book("教育局", 问题清单=problem_sheet([1, "学习", "甲", "甲。"])), tmp_path, name="a.xlsx")
    stranger = read(make_book("县火星局", 问题清单=problem_sheet([1, "学习", "乙", "乙。"])), tmp_path, name="b.xlsx")
    intake = assemble([alias, stranger], [], make_scheme())
    assert {state.unit: state.state for state in intake.states} == {
        "县教育局": "已报",
        "县财政局": "未报",
        "白露镇": "未报",
        "县火星局": "不在名册",
    }


def test_a_sheet_without_a_header_is_said_with_its_rows(tmp_path):
    found = read(make_book(问题清单=[[1, "学习", "甲", "甲。"], [2, "学习", "乙", "乙。"]]), tmp_path)
    assert "H07" in codes(found)


def test_one_sheet_with_two_tables(tmp_path):
    sheet = [
        *problem_sheet([1, "学习", "甲", "甲。"]),
        [],
        [*CAUSE_HEADER, None, None, None],
        [1, "不学", "不学习。", 1],
    ]
    found = read(make_book(Sheet1=sheet), tmp_path)
    assert [row.table for row in found.rows] == ["problems", "causes"]


def test_comments_and_formula_results(tmp_path):
    book = make_book(问题清单=problem_sheet([1, "学习", "甲", "甲。"], [2, "学习", "=A1", "乙。"]))
    book["问题清单"]["C2"].comment = Comment("批注", "某人")
    found = read(book, tmp_path)
    assert "R16" in codes(found), "a formula that was never calculated is said"
    assert openpyxl.load_workbook(tmp_path / "报.xlsx")["问题清单"]["C3"].value == "=A1"
