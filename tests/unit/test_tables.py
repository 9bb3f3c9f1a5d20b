"""A column declared once appears everywhere."""

from dataclasses import replace

import pytest
from conftest import codes, make_book, make_project, make_scheme, problem_sheet

from pipeline import tables
from pipeline.forms import build_form
from pipeline.intake import submission
from pipeline.intake.spelling import TABLES, fold_header
from pipeline.tables import PROBLEMS, Column, Kind, problem_list


@pytest.fixture
def wider():
    column = Column(
        "scope", "影响范围", 14, "填全县或个别单位。", True, Kind.CHOICE, ("全县", "个别"), aliases=("波及范围",)
    )
    return replace(PROBLEMS, columns=(*PROBLEMS.columns[:-1], column, PROBLEMS.columns[-1]))


def test_an_added_column_is_in_form_reader_checks_and_summary(wider, monkeypatch, tmp_path):
    form = build_form(make_scheme(), "县教育局", (wider,))["问题清单"]
    titles = [cell.value for cell in form[3]]
    assert "影响范围*" in titles
    letter = form.cell(3, titles.index("影响范围*") + 1).column_letter
    rules = [rule for rule in form.data_validations.dataValidation if f"{letter}4" in rule.sqref]
    assert [rule.formula1 for rule in rules] == ['"全县,个别"']

    monkeypatch.setitem(TABLES, "problems", wider)
    header = [*(column.title for column in wider if column.key != "scope"), "波及范围"]
    book = make_book(
        问题清单=[
            header,
            [1, "学习", "甲", "甲。", None, None, None, None, "全县"],
            [2, "学习", "乙", "乙。", None, None, None, None, "全省"],
        ]
    )
    path = tmp_path / "a.xlsx"
    book.save(path)
    found = submission.read_submission(path.read_bytes(), "a.xlsx", make_scheme(), __import__("conftest").TODAY)
    assert [row.cells["scope"] for row in found.rows] == ["全县", ""]
    assert "R03" in codes(found), "its allowed values are checked"
    assert "影响范围" in problem_list(wider).titles()


def test_every_column_a_department_can_fill_is_in_a_list():
    listed = {
        column.key
        for made in (
            tables.problem_list(),
            tables.cause_list(),
            tables.task_list(),
            tables.duty_list(),
            tables.closing_list(),
        )
        for column in made
    }
    for table in tables.INPUTS:
        for column in table:
            assert column.key in listed or column.merge is tables.Merge.NONE, column.title


def test_the_contract_columns_stand_in_their_order():
    wanted = [
        "问题编号",
        "对照方面",
        "问题",
        "具体表现",
        "典型事例",
        "查摆途径",
        "提出单位",
        "提出单位数",
        "对应原因",
        "对应措施",
        "入文",
    ]
    assert problem_list().titles()[: len(wanted)] == wanted
    assert tables.duty_list().titles()[:9] == [
        "责任单位",
        "角色",
        "责任领导",
        "责任人",
        "措施编号",
        "措施",
        "整改时限",
        "到期日",
        "完成情况",
    ]
    assert tables.TRACE.titles() == [
        "表别",
        "单位",
        "文件",
        "工作表",
        "行号",
        "序号",
        "原文",
        "归并编号",
        "归并方式",
        "相似度",
        "依据",
        "其他内容",
    ]


def test_no_two_columns_of_a_table_share_a_spelling():
    for table in tables.INPUTS:
        seen = {}
        for column in table:
            for spelling in {fold_header(name) for name in (column.title, *column.aliases)}:
                assert seen.setdefault(spelling, column.key) == column.key, (table.title, spelling)


def test_project_runs_with_the_plain_table(tmp_path):
    from pipeline.run import merge_project

    folder = make_project(
        tmp_path, make_scheme(), {"a.xlsx": make_book(问题清单=problem_sheet([1, "学习", "甲", "甲。"]))}
    )
    assert merge_project(folder, __import__("conftest").TODAY).counts["问题"] == 1
