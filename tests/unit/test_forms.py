"""The blank workbooks."""

import openpyxl
from conftest import TODAY, make_scheme

from pipeline.forms import build_form, issue_forms
from pipeline.intake import read_submission
from pipeline.tables import BASIC, INPUTS


def test_one_form_per_unit_with_everything_that_guides(tmp_path):
    paths = issue_forms(make_scheme(), tmp_path)
    assert [path.name for path in paths] == [
        "001-县教育局-填报表.xlsx",
        "002-县财政局-填报表.xlsx",
        "003-白露镇-填报表.xlsx",
    ]
    book = openpyxl.load_workbook(paths[0])
    assert {"填表说明", "基本信息", "问题清单", "原因剖析", "整改措施"} <= set(book.sheetnames)
    assert book["_sandan"].sheet_state == "veryHidden"
    assert book["_sandan"]["B2"].value == "县教育局"
    for table in INPUTS:
        sheet = book[table.title]
        assert sheet.protection.sheet
        assert sheet["A3"].protection.locked
        assert not sheet["A4"].protection.locked
        assert sheet.freeze_panes == "B4"
        assert sheet.print_title_rows == "$3:$3"
        assert len(sheet.data_validations.dataValidation) == len(table.columns)
        assert all(rule.prompt for rule in sheet.data_validations.dataValidation)
    assert book.properties.creator == "sandan"


def test_the_same_scheme_gives_the_same_bytes(tmp_path):
    one, two = issue_forms(make_scheme(), tmp_path / "a"), issue_forms(make_scheme(), tmp_path / "b")
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


def test_what_is_typed_is_what_is_read(tmp_path):
    book = build_form(make_scheme(), "县教育局")
    typed = {
        "问题清单": [
            1,
            "学习",
            "学得浅",
            "  有空格，“引号”、换行\n第二行，=SUM(A1)，1-3，007。",
            "比如：某次。",
            "群众提、上级点",
            "局长",
            "备注一",
        ],
        "原因剖析": [1, "不学", "@不学习。", "1", "备注二"],
        "整改措施": [
            1,
            "1",
            "强化学习",
            "抓学习",
            "+每月学 1 次。",
            "有效果",
            "县教育局",
            "县财政局",
            "局长",
            "科长",
            "限期整改",
            "2022-06-30",
            "正在推进",
            "已开展",
            "台账",
            "2022-05-20",
            "备注三",
        ],
    }
    for name, values in typed.items():
        for column, value in enumerate(values, start=1):
            cell = book[name].cell(4, column, value)
            cell.data_type = "n" if isinstance(value, int) else "s"
    book["基本信息"]["B8"] = "2022-01-10"
    path = tmp_path / "f.xlsx"
    book.save(path)
    found = read_submission(path.read_bytes(), "f.xlsx", make_scheme(), TODAY)
    assert found.unit == "县教育局"
    for table, row in zip(INPUTS, found.rows, strict=True):
        read = [row.seq, *(row.cells[column.key] for column in table.columns[1:])]
        assert read == typed[table.title]
    assert [finding.code for finding in found.findings] == []


def test_an_empty_form_is_an_empty_table(tmp_path):
    path = issue_forms(make_scheme(), tmp_path)[0]
    found = read_submission(path.read_bytes(), path.name, make_scheme(), TODAY)
    assert found.rows == []
    assert [finding.code for finding in found.findings] == ["F05"]
    assert found.facts == {}
    assert BASIC.titles()[0] == "填报单位"


def test_long_lists_of_choices_go_to_a_hidden_sheet():
    many = tuple(f"努力方向之第{number}个比较长的标题" for number in range(30))
    book = build_form(make_scheme().model_copy(update={"directions": many}), "县教育局")
    rule = next(rule for rule in book["整改措施"].data_validations.dataValidation if "C4" in rule.sqref)
    assert rule.formula1.startswith("'_选项'!$")
    assert [cell.value for cell in book["_选项"]["A"]][: len(many)] == list(many)


def test_rows_are_high_enough_for_what_is_asked():
    book = build_form(make_scheme(), "县教育局")
    for table in INPUTS:
        assert 60 <= book[table.title].row_dimensions[4].height <= 120
        assert book[table.title].row_dimensions[203].height


def test_the_guide_prints_on_one_page_and_speaks_of_the_rounds_own_year():
    scheme = make_scheme(year=2024)
    guide = build_form(scheme, "县教育局")["填表说明"]
    assert (guide.page_setup.fitToWidth, guide.page_setup.fitToHeight) == (1, 1)
    assert guide.sheet_properties.pageSetUpPr.fitToPage
    said = " ".join(str(cell.value) for row in guide.iter_rows() for cell in row if cell.value)
    assert "2024-06-30" in said
    assert "2022-" not in said


def test_values_with_commas_in_them_are_listed_one_a_line():
    scheme = make_scheme().model_copy(update={"directions": ("严守纪律规矩，维护团结统一", "学习、实践")})
    guide = build_form(scheme, "县教育局")["填表说明"]
    said = [str(cell.value) for row in guide.iter_rows() for cell in row if cell.value]
    assert any("\n严守纪律规矩，维护团结统一\n学习、实践" in text for text in said)


def test_a_form_of_another_round_is_recognised(tmp_path):
    path = issue_forms(make_scheme(year=2021), tmp_path)[0]
    found = read_submission(path.read_bytes(), path.name, make_scheme(year=2022), TODAY)
    assert [finding.code for finding in found.findings if finding.code == "F23"] == ["F23"]
