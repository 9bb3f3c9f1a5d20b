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


LONG = "理论学习不系统不深入，一年来集中学习仅有6次，学用结合不够紧密，研讨发言准备不足。"
DONE = "制定年度学习计划，每月集中学习不少于2次，每次研讨有记录，班子成员带头讲党课。"
SIMPLE = [["序号", "对应问题", "措施", "具体举措", "牵头单位", "整改时限"]]


def measures_of(*rows):
    return [*SIMPLE, *[list(row) for row in rows]]


def test_a_lone_column_of_long_sentences_is_the_text_and_not_the_title(tmp_path):
    found = read(make_book(问题清单=[["序号", "对照方面", "存在的主要问题"], [1, "学习", LONG]]), tmp_path)
    assert texts(found) == [("", LONG)]
    assert not found.rows[0].refused


def test_a_title_column_and_a_similar_one_with_the_text(tmp_path):
    found = read(
        make_book(
            整改措施=[
                ["序号", "对应问题", "措施", "整改措施内容", "责任单位", "时限"],
                [1, 1, "抓学习", DONE, "县教育局", "6月底"],
            ]
        ),
        tmp_path,
    )
    assert texts(found, "measures") == [("抓学习", DONE)]


def test_a_long_text_under_a_header_that_nobody_knows_is_a_warning(tmp_path):
    found = read(
        make_book(问题清单=[["序号", "对照方面", "问题", "具体表现", "下一步想法"], [1, "学习", "学得浅", LONG, DONE]]),
        tmp_path,
    )
    said = [finding for finding in found.findings if finding.code == "H08"]
    assert [finding.level for finding in said] == ["警告"]
    assert DONE in found.rows[0].extras


def test_a_row_with_text_but_no_title_is_a_row_in_every_table(tmp_path):
    book = make_book(
        问题清单=problem_sheet([1, "学习", None, "例如：某村未完成改厕。"], [2, "学习", None, "共12个村未完成改厕。"]),
        原因剖析=[CAUSE_HEADER, [1, None, "不学习。", 1]],
        整改措施=[MEASURE_HEADER, measure(1, 1, None, "每月学。")],
    )
    found = read(book, tmp_path)
    assert [bool(row.refused) for row in found.rows] == [False] * 4
    assert (
        sum(finding.code == "R02" and finding.place.column in ("问题", "原因", "措施") for finding in found.findings)
        == 4
    )


def test_numbers_and_months_are_read_as_they_are_shown(tmp_path):
    book = make_book(
        整改措施=measures_of(
            (1, 1, "抓学习", DONE, "县教育局", dt.datetime(2022, 6, 1)), (2, 1, "抓考核", DONE, "县教育局", 2022.1)
        ),
    )
    sheet = book["整改措施"]
    sheet["F2"].number_format, sheet["F3"].number_format = 'yyyy"年"m"月"', "0.00"
    for place, value, code in (("G2", 0.85, "0%"), ("G3", 1200, '#,##0"户"')):
        sheet[place], sheet[place].number_format = value, code
    sheet["G1"] = "目标要求"
    rows = read(book, tmp_path).rows
    assert [row.due for row in rows] == [dt.date(2022, 6, 30), dt.date(2022, 10, 31)]
    assert [row.cells["goal"] for row in rows] == ["85%", "1,200户"]
    assert [row.cells["deadline"] for row in rows] == ["2022年6月", "2022.10"]


def test_formats_of_old_excel_files(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("整改措施")
    for column, title in enumerate([*SIMPLE[0], "目标要求"]):
        sheet.write(0, column, title)
    month = xlwt.easyxf(num_format_str='yyyy"年"m"月"')
    for column, value in enumerate((1, 1, "抓学习", DONE, "县教育局")):
        sheet.write(1, column, value)
    sheet.write(1, 5, dt.datetime(2022, 6, 1), month)
    sheet.write(1, 6, 0.85, xlwt.easyxf(num_format_str="0%"))
    book.save(str(tmp_path / "表.xls"))
    row = read_submission((tmp_path / "表.xls").read_bytes(), "县教育局.xls", make_scheme(), TODAY).rows[0]
    assert (row.due, row.cells["goal"]) == (dt.date(2022, 6, 30), "85%")


def test_hierarchical_numbers_link_by_what_was_written(tmp_path):
    book = make_book(
        问题清单=problem_sheet(
            ["1.1", "学习", "甲", "甲。"], ["1.2", "学习", "乙", "乙。"], ["2.1", "为民", "丙", "丙。"]
        ),
        整改措施=measures_of(
            (1, "2.1", "一", "一。", "县教育局", "2022-06-30"),
            (2, "1.1、1.2", "二", "二。", "县教育局", "2022-06-30"),
            (3, "3", "三", "三。", "县教育局", "2022-06-30"),
            (4, "乙", "四", "四。", "县教育局", "2022-06-30"),
        ),
    )
    intake = assemble([read(book, tmp_path)], [], make_scheme())
    titles = {row.id: row.title for row in intake.rows["problems"]}
    assert [[titles[ref] for ref in row.refs] for row in intake.rows["measures"]] == [["丙"], ["甲", "乙"], [], ["乙"]]
    assert [finding.value for finding in intake.findings if finding.code == "R08"] == ["3"]


def test_a_number_and_a_title_that_contradict_each_other_are_not_guessed(tmp_path):
    book = make_book(
        问题清单=problem_sheet([1, "学习", "学得浅", "甲。"], [2, "学习", "下得少", "乙。"]),
        整改措施=measures_of((1, "1.下得少", "一", "一。", "县教育局", "2022-06-30")),
    )
    intake = assemble([read(book, tmp_path)], [], make_scheme())
    assert intake.rows["measures"][0].refs == ()
    assert any(finding.code == "R09" for finding in intake.findings)


def test_a_file_with_measures_alone_adds_to_the_earlier_one(tmp_path):
    early = read(
        make_book(date="2022-01-05", 问题清单=problem_sheet([1, "学习", "甲", "甲。"])), tmp_path, name="a.xlsx"
    )
    late = read(
        make_book(date="2022-02-05", 整改措施=measures_of((1, 1, "一", "一。", "县教育局", "2022-06-30"))),
        tmp_path,
        name="b.xlsx",
    )
    intake = assemble([early, late], [], make_scheme())
    assert not any(row.refused for rows in intake.rows.values() for row in rows)
    assert intake.rows["measures"][0].refs == (intake.rows["problems"][0].id,)
    said = next(finding for finding in intake.findings if finding.code == "F25")
    assert "a.xlsx" in said.message
    assert "b.xlsx" in said.message


def test_a_partial_newer_form_supersedes_only_the_tables_that_it_holds(tmp_path):
    first = make_book(
        date="2022-01-05",
        问题清单=problem_sheet([1, "学习", "甲", "甲。"]),
        整改措施=measures_of((1, 1, "旧", "旧。", "县教育局", "2022-06-30")),
    )
    second = make_book(date="2022-02-05", 整改措施=measures_of((1, 1, "新", "新。", "县教育局", "2022-06-30")))
    intake = assemble([read(first, tmp_path, name="a.xlsx"), read(second, tmp_path, name="b.xlsx")], [], make_scheme())
    assert {row.title: bool(row.refused) for row in intake.rows["measures"]} == {"旧": True, "新": False}
    assert not intake.rows["problems"][0].refused


def test_a_column_of_units_gives_each_row_its_own():
    data = "序号,报送单位,对照方面,问题,具体表现\n1,县教育局,学习,甲,甲。\n2,财政局,学习,乙,乙。\n".encode()
    intake = assemble([read_submission(data, "汇总.csv", make_scheme(), TODAY)], [], make_scheme())
    assert [row.unit for row in intake.rows["problems"]] == ["县教育局", "县财政局"]
    assert {state.unit: state.state for state in intake.states}["白露镇"] == "未报"
    assert "F09" not in {finding.code for finding in intake.findings}


def test_the_same_as_above_is_written_out_and_said(tmp_path):
    book = make_book(
        整改措施=[MEASURE_HEADER, measure(1, 1, "一", "一。"), measure(2, 1, "二", "二。", lead="同上", deadline="〃")]
    )
    found = read(book, tmp_path)
    assert found.rows[1].leads == ("县教育局",)
    assert found.rows[1].due == dt.date(2022, 6, 30)
    assert "R04" in codes(found)


def test_persons_numbered_beside_numbered_measures_go_to_their_own(tmp_path):
    book = make_book(
        整改措施=[
            MEASURE_HEADER,
            measure(
                1, 1, None, "1.抓学习。\n2.抓考核。", 责任人="1.张三\n2.李四", deadline="1.2022年3月底\n2.2022年6月底"
            ),
        ]
    )
    rows = read(book, tmp_path).rows
    assert [(row.detail, row.cells["person"], row.due) for row in rows] == [
        ("抓学习。", "张三", dt.date(2022, 3, 31)),
        ("抓考核。", "李四", dt.date(2022, 6, 30)),
    ]
    assert len({row.id for row in rows}) == 2


def test_a_unit_named_as_supporting_in_the_lead_column_is_kept(tmp_path):
    book = make_book(整改措施=measures_of((1, 1, "一", "一。", "县教育局（牵头）、白露镇（配合）", "2022-06-30")))
    row = read(book, tmp_path).rows[0]
    assert (row.leads, row.supports) == (("县教育局",), ("白露镇",))


def test_another_countys_bureau_is_not_our_own_and_a_measure_is_no_unit(tmp_path):
    scheme = make_scheme(unit="中共云岭县委")
    sheet = [["单位：万元"], *problem_sheet([1, "学习", "甲", "甲。"])]
    book = make_book(
        问题清单=sheet, 整改措施=measures_of((1, 1, "一", "一。", "青川县教育局、云岭县财政局", "2022-06-30"))
    )
    del book["基本信息"]
    found = read(book, tmp_path, scheme, name="县财政局.xlsx")
    assert found.unit == "县财政局"
    assert next(row for row in found.rows if row.table == "measures").leads == ("青川县教育局", "县财政局")
    assert [finding.value for finding in found.findings if finding.code == "R10"] == ["青川县教育局"]


def test_bodies_outside_that_support_need_no_finding(tmp_path):
    from pipeline.scheme import Unit

    scheme = make_scheme().model_copy(update={"externals": (Unit(name="县消防救援大队", aliases=("消防大队",)),)})
    book = make_book(整改措施=[MEASURE_HEADER, measure(1, 1, "一", "一。", 配合单位="消防大队")])
    found = read(book, tmp_path, scheme)
    assert found.rows[0].supports == ("县消防救援大队",)
    assert "R10" not in codes(found)


def test_a_deadline_before_the_form_was_filled_in_is_said_unless_it_is_done(tmp_path):
    book = make_book(
        整改措施=[
            MEASURE_HEADER,
            measure(1, 1, "一", "一。", deadline="2021-06-30"),
            measure(2, 1, "二", "二。", deadline="2021-12-31", 完成情况="已完成", 佐证材料="台账"),
        ]
    )
    assert [finding.place.cell for finding in read(book, tmp_path).findings if finding.code == "R19"] == ["L2"]


def test_a_date_with_a_time_of_day_is_a_date(tmp_path):
    found = read(
        make_book(date=dt.datetime(2022, 1, 10, 9, 30), 问题清单=problem_sheet([1, "学习", "甲", "甲。"])), tmp_path
    )
    assert found.date == dt.date(2022, 1, 10)


def test_every_line_that_was_left_out_is_kept_whole(tmp_path):
    sheet = [
        ["县教育局问题清单"],
        *problem_sheet([1, "学习", "甲", "甲。"], ["小计", None, "1条"]),
        ["填报人：张某　电话：13800001111"],
    ]
    found = read(make_book(问题清单=sheet), tmp_path)
    assert [(line.row, line.text) for line in found.dropped] == [
        (1, "县教育局问题清单"),
        (4, "小计　1条"),
        (5, "填报人：张某　电话：13800001111"),
    ]
    assert not any("13800001111" in finding.message + finding.value for finding in found.findings)


def test_another_unit_s_table_in_a_file_is_said(tmp_path):
    """Sheets and blocks of a second unit went to the first without a word."""
    mine, other = problem_sheet([1, "学习", "学得浅", "学习不系统。"]), problem_sheet([2, "为民", "办得慢", "排队久。"])
    found = read(make_book(问题清单=mine, 县财政局问题清单=other), tmp_path)
    assert [finding.value for finding in found.findings if finding.code == "F29"] == ["县财政局"]
    stacked = [*mine, [], ["填报单位：县财政局"], *other]
    found = read(make_book(问题清单=stacked), tmp_path, name="b.xlsx")
    assert "F29" in codes(found)
    title = [["县财政局问题清单"], *mine]
    assert "F29" in codes(read(make_book(问题清单=title), tmp_path, name="c.xlsx"))
    own = [["县教育局问题清单"], ["填报单位：教育局（盖章）"], *mine]
    assert "F29" not in codes(read(make_book(问题清单=own), tmp_path, name="d.xlsx"))


@pytest.mark.parametrize("name", ["问题清单（作废）", "2019年度问题清单", "问题清单样表"])
def test_a_sheet_that_is_not_of_this_round_is_said(tmp_path, name):
    rows = problem_sheet([1, "学习", "学得浅", "学习不系统。"])
    assert "F30" in codes(read(make_book(**{name: rows}), tmp_path))


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_said(tmp_path, state):
    book = make_book(问题清单=problem_sheet([1, "学习", "学得浅", "学习不系统。"]))
    book["问题清单"].sheet_state = state
    assert "F07" in codes(read(book, tmp_path))
