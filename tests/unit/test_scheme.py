"""方案.xlsx: read, written, and wrong settings named by their cell."""

import datetime as dt

import openpyxl
import pytest
from conftest import make_scheme

from pipeline.scheme import Body, SchemeError, load_preset, newest_preset, preset_names, read_scheme, write_scheme


def test_written_and_read_again_it_is_the_same(tmp_path):
    scheme = make_scheme(
        base_date=dt.date(2022, 7, 1), masks=("xx", "×××"), theme="主题", third_level="1.", auto_merge=False
    )
    write_scheme(scheme, tmp_path / "方案.xlsx")
    found = read_scheme(tmp_path / "方案.xlsx")
    apart = {"parts", "aspects", "bulletin"}
    assert found.model_dump(exclude=apart) == scheme.model_dump(exclude=apart)
    assert [(one.title, one.content, one.table) for one in found.bulletin] == [
        (one.title, one.content, one.table) for one in scheme.bulletin
    ]
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


def test_the_bodys_own_figures_are_a_sheet_that_old_files_do_without(tmp_path):
    path = tmp_path / "方案.xlsx"
    write_scheme(make_scheme(), path)
    assert "班子情况" not in openpyxl.load_workbook(path).sheetnames
    assert read_scheme(path).body is None
    write_scheme(make_scheme().model_copy(update={"body": Body(studies=0, talks=60)}), path)
    assert read_scheme(path).body == Body(studies=0, talks=60)
    book = openpyxl.load_workbook(path)
    book["班子情况"]["B3"] = "若干"
    book.save(path)
    with pytest.raises(SchemeError, match=r"“班子情况”B3.*征求意见条数"):
        read_scheme(path)


def test_the_newest_preset_has_an_ending_notes_and_its_theme_in_full(tmp_path):
    preset = load_preset(newest_preset())
    assert preset.scheme.settings.year == 2025
    assert [part.kind for part in preset.scheme.parts][-1] == "结尾"
    assert all(part.note for part in preset.scheme.parts)
    path = tmp_path / "方案.xlsx"
    write_scheme(preset.scheme, path)
    sheet = openpyxl.load_workbook(path)["基本设置"]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == "会议主题")
    lines = -(-2 * len(row[1].value) // sheet.column_dimensions["B"].width)
    assert sheet.row_dimensions[row[1].row].height >= 15 * lines, "not cut off"
    assert read_scheme(path).parts[2].note == preset.scheme.parts[2].note


@pytest.mark.parametrize("name", preset_names())
def test_titles_are_as_they_were_confirmed(name):
    full = [aspect.full for aspect in load_preset(name).scheme.aspects]
    assert len(full) == {"2021": 5, "2024": 4, "2025": 5}.get(name, 6)
    assert all(title.endswith("方面") for title in full)
    if name == "2022":
        assert full[1] == "带头用习近平新时代中国特色社会主义思想凝心铸魂方面"
        assert full[3] == "带头坚持以人民为中心的发展思想，推动改革发展稳定方面"
        assert full[4] == "带头发扬斗争精神，防范化解风险挑战方面"
        assert full[5] == "带头落实全面从严治党政治责任方面"
