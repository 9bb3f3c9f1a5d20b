"""退回修改: what a department put into its workbook comes back, with the marks and nothing lost."""

import io
import zipfile

import openpyxl
import pytest
import xlsxwriter
from conftest import TODAY, list_rows, make_project, make_scheme
from lxml import etree

from pipeline.corrections.copies import write_copies
from pipeline.corrections.marking import Mark, NotKeepableError, mark_package
from pipeline.corrections.xlsx_parts import Line
from pipeline.findings import Finding, Place
from pipeline.intake import read_submission
from pipeline.run import check_project
from pipeline.vocabulary import Level

FOUND = [
    Finding(Level.ERROR, "R02", Place("a.xlsx", "问题清单", "D3", "具体表现"), "", "没有填写。", "请填写。"),
    Finding(Level.WARNING, "R06", Place("a.xlsx", "问题清单", "A3", "序号"), "1", "序号重复。", "请改。"),
    Finding(Level.NOTE, "R07", Place("a.xlsx", "问题清单", "D3", "具体表现"), "", "还有。", "再看。"),
    Finding(Level.WARNING, "F08", Place("a.xlsx"), "", "整份的事。", "请办。"),
]


def rich_workbook():
    """Everything a department may have: a chart, a picture, drop-downs, names, a comment, a merged cell, formats."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    basic = book.add_worksheet("基本信息")
    basic.write_row(1, 0, ["填报单位", "县教育局"])
    sheet = book.add_worksheet("问题清单")
    red = book.add_format({"font_color": "#FF0000", "bold": True})
    sheet.write_row(0, 0, ["序号", "对照方面", "问题", "具体表现"], red)
    sheet.write_row(1, 0, [1, "学习", "学得浅", "学习不系统。"])
    sheet.write_row(2, 0, [1, "学习", "记得少"], red)
    sheet.merge_range("A6:D7", "填报人：")
    sheet.write_comment("C2", "本来就有的批注")
    sheet.data_validation("B2:B9", {"validate": "list", "source": ["学习", "为民"]})
    sheet.conditional_format("A2:A9", {"type": "data_bar"})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=问题清单!$A$2:$A$3"})
    sheet.insert_chart("F2", chart)
    sheet.insert_textbox("F20", "文本框")
    sheet.autofilter("A1:D3")
    book.define_name("问题清单!区域", "=问题清单!$A$1:$D$3")
    book.set_properties({"author": "张小明"})
    book.close()
    return buffer.getvalue()


def copy(tmp_path, data=None, found=FOUND, name="a.xlsx"):
    (tmp_path / name).write_bytes(data or rich_workbook())
    made = write_copies({name: tmp_path / name}, tmp_path / "out", found, TODAY)
    return tmp_path / "out" / made[name]


def test_cells_are_coloured_commented_and_listed(tmp_path):
    book = openpyxl.load_workbook(copy(tmp_path))
    assert book.sheetnames == ["修改清单", "基本信息", "问题清单"]
    assert book.active.title == "修改清单"
    sheet = book["问题清单"]
    assert sheet["D3"].fill.fgColor.rgb == "FFF8CBAD"
    assert "没有填写。\n→ 请填写。\n【提示】还有。" in sheet["D3"].comment.text
    assert sheet["A3"].fill.fgColor.rgb == "FFFFE699"
    assert (sheet["A3"].font.color.rgb, sheet["A3"].font.bold) == ("FFFF0000", True)
    listed = [[cell.value for cell in row] for row in book["修改清单"].iter_rows(min_row=3)]
    assert [line[0] for line in listed] == ["错误", "警告", "警告", "提示"]
    assert book["修改清单"]["C3"].hyperlink.location == "'问题清单'!D3"


def test_everything_else_is_as_it_was(tmp_path):
    before = rich_workbook()
    after = copy(tmp_path, before).read_bytes()
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        assert set(old.namelist()) <= set(new.namelist())
        for name in old.namelist():
            if (
                name.startswith(("xl/charts/", "xl/drawings/drawing", "xl/theme", "xl/sharedStrings"))
                or name == "xl/worksheets/sheet1.xml"
            ):
                if name.endswith("sheet1.xml"):
                    continue
                assert new.read(name) == old.read(name), name
        core = new.read("docProps/core.xml").decode()
        for name in new.namelist():
            if name.endswith((".xml", ".rels", ".vml")):
                etree.fromstring(new.read(name))
    assert "张小明" not in core
    book = openpyxl.load_workbook(io.BytesIO(after))
    sheet = book["问题清单"]
    assert sheet["C2"].comment.text == "本来就有的批注"
    assert sheet.data_validations.dataValidation
    assert sheet._charts
    assert sheet.merged_cells.ranges
    assert sheet.auto_filter.ref == "A1:D3"
    assert "区域" in book["问题清单"].defined_names, "a name of a sheet stays with its sheet"


def test_the_marks_are_not_data(tmp_path):
    before, after = rich_workbook(), copy(tmp_path).read_bytes()
    first, second = (read_submission(data, "a.xlsx", make_scheme(), TODAY) for data in (before, after))
    assert [row.cells for row in first.rows] == [row.cells for row in second.rows]
    assert [finding.code for finding in first.findings] == [finding.code for finding in second.findings]


def test_a_copy_of_a_copy_says_only_what_is_still_wrong(tmp_path):
    once = copy(tmp_path / "1" if (tmp_path / "1").mkdir() is None else tmp_path).read_bytes()
    (tmp_path / "2").mkdir()
    twice = copy(tmp_path / "2", once, FOUND[1:2])
    book = openpyxl.load_workbook(twice)
    assert book.sheetnames == ["修改清单", "基本信息", "问题清单"]
    assert book["修改清单"].max_row == 3
    assert book["问题清单"]["A3"].comment.text.count("序号重复") == 1


def test_the_same_input_gives_the_same_bytes(tmp_path):
    (tmp_path / "1").mkdir()
    (tmp_path / "2").mkdir()
    assert copy(tmp_path / "1").read_bytes() == copy(tmp_path / "2").read_bytes()


def test_a_mark_in_a_merged_cell_and_in_an_empty_row(tmp_path):
    found = [
        Finding(Level.WARNING, "R01", Place("a.xlsx", "问题清单", "C7", ""), "", "合并格里。", "改。"),
        Finding(Level.WARNING, "R01", Place("a.xlsx", "问题清单", "B40", ""), "", "空行里。", "改。"),
    ]
    sheet = openpyxl.load_workbook(copy(tmp_path, found=found))["问题清单"]
    assert "合并格里" in sheet["A6"].comment.text
    assert "空行里" in sheet["B40"].comment.text


@pytest.mark.parametrize("name", ["a.csv", "a.xls"])
def test_what_is_no_package_comes_back_with_its_values(tmp_path, name):
    data = "序号,对照方面,问题,具体表现\n1,学习,学得浅,=1+1\n".encode("gb18030")
    found = [Finding(Level.ERROR, "R02", Place(name, "（文本表格）", "D2", "具体表现"), "", "没有填写。", "请填写。")]
    path = copy(tmp_path, data, found, name)
    assert path.name == f"{name}.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["（文本表格）"]
    assert sheet["D2"].value == "=1+1"
    assert sheet["D2"].data_type == "s"
    assert "没有填写" in sheet["D2"].comment.text


def test_a_package_of_another_kind_is_not_kept():
    with pytest.raises(NotKeepableError):
        mark_package(b"PK\x03\x04junk", lambda _: ([], []), "", (), (), TODAY)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(NotKeepableError):
        mark_package(buffer.getvalue(), lambda _: ([Mark("a", "A1", "", "")], [Line((), "")]), "", (), (), TODAY)


def test_a_file_nobody_can_open_has_no_copy(tmp_path):
    folder = make_project(tmp_path, make_scheme(), {})
    (folder / "workbooks" / "坏.xlsx").write_bytes(b"PK\x03\x04" + b"x" * 500)
    check_project(folder, TODAY)
    assert not list((folder / "outputs" / "退回修改").iterdir())
    assert any(row["代码"] == "F01" for row in list_rows(folder / "outputs" / "核对结果.xlsx", "核对结果"))
