"""方案.xlsx: read, written, and wrong settings named by their cell."""

import datetime as dt

import openpyxl
import pytest
from conftest import make_scheme

from pipeline.scheme import SchemeError, load_preset, preset_names, read_scheme, write_scheme


def test_written_and_read_again_it_is_the_same(tmp_path):
    scheme = make_scheme(
        base_date=dt.date(2022, 7, 1), masks=("xx", "×××"), theme="主题", third_level="1.", auto_merge=False
    )
    write_scheme(scheme, tmp_path / "方案.xlsx")
    found = read_scheme(tmp_path / "方案.xlsx")
    assert found.model_dump(exclude={"parts", "aspects"}) == scheme.model_dump(exclude={"parts", "aspects"})
    assert [(aspect.short, aspect.full) for aspect in found.aspects] == [
        ("学习", "带头学习方面"),
        ("为民", "带头为民方面"),
    ]
    assert [aspect.cell for aspect in found.aspects] == ["C2", "C3"]
    assert [(part.kind, part.title, part.content) for part in found.parts] == [
        (part.kind, part.title, part.content) for part in scheme.parts
    ]


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "says"),
    [
        ("基本设置", "年度", "二〇二二", "四位数字"),
        ("基本设置", "每方面入文问题数", "三", "整数"),
        ("基本设置", "自动归并", "可以", "稳妥"),
        ("基本设置", "基准日期", "2022年2月30日", "日期"),
        ("基本设置", "三级序号", "（1）", "1、"),
        ("文稿", "A2", "前言", "开头"),
        ("文稿", "C2", "共{条数}条", "{问题数}"),
        ("填报单位", "B3", "县教育局", "不能重复"),
        ("对照方面", "B3", "学习", "重复"),
    ],
)
def test_a_wrong_setting_is_named_with_its_cell_and_what_is_allowed(tmp_path, sheet, cell, value, says):
    path = tmp_path / "方案.xlsx"
    write_scheme(make_scheme(), path)
    book = openpyxl.load_workbook(path)
    if sheet == "基本设置":
        cell = next(row[1].coordinate for row in book[sheet].iter_rows(min_row=2) if row[0].value == cell)
    book[sheet][cell] = value
    book.save(path)
    with pytest.raises(SchemeError) as error:
        read_scheme(path)
    assert any(f"“{sheet}”{cell}" in problem and says in problem for problem in error.value.problems), (
        error.value.problems
    )


def test_an_office_may_call_the_kinds_of_words_otherwise(tmp_path):
    path = tmp_path / "方案.xlsx"
    write_scheme(make_scheme(), path)
    book = openpyxl.load_workbook(path)
    for row in (("同义", "公厕", "厕所"), ("缩写", "三资", "资金、资产、资源"), ("不得合并", "教师", "医师")):
        book["词库"].append(row)
    book.save(path)
    assert [term.category for term in read_scheme(path).terms] == ["同义词", "简称", "不归并"]
    book["词库"].append(("随便", "甲", "乙"))
    book.save(path)
    with pytest.raises(SchemeError, match="同义词、简称、不归并"):
        read_scheme(path)


def test_missing_sheets_and_files_are_said(tmp_path):
    with pytest.raises(SchemeError, match="sandan init"):
        read_scheme(tmp_path / "方案.xlsx")
    write_scheme(make_scheme(), tmp_path / "方案.xlsx")
    book = openpyxl.load_workbook(tmp_path / "方案.xlsx")
    del book["对照方面"]
    book.save(tmp_path / "方案.xlsx")
    with pytest.raises(SchemeError, match="对照方面"):
        read_scheme(tmp_path / "方案.xlsx")


def test_the_preset_of_2021_has_its_five_aspects_in_full_and_says_what_is_not_verified():
    preset = load_preset("2021")
    assert "2021" in preset_names()
    assert [len(aspect.full) > 60 for aspect in preset.scheme.aspects] == [True] * 5
    assert all(aspect.full.endswith("方面") for aspect in preset.scheme.aspects)
    assert preset.unverified
    with pytest.raises(SchemeError, match="2021"):
        load_preset("1999")
