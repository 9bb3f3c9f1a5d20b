"""The workbook in a program that calculates: cached figures are the calculated ones."""

import shutil
import subprocess

import openpyxl
import pytest
from conftest import MEASURE_HEADER, TODAY, make_book, make_project, make_scheme, measure, problem_sheet

from pipeline.run import merge_project
from pipeline.summary.differences import marked

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
    return tmp_path / "outputs" / "汇总台账.xlsx"


def figures(path):
    return {
        cell.coordinate: cell.value
        for row in openpyxl.load_workbook(path, data_only=True)["总览"].iter_rows()
        for cell in row
        if cell.value is not None
    }


def test_every_formula_carries_its_value(workbook):
    formulas = [
        cell for row in openpyxl.load_workbook(workbook)["总览"].iter_rows() for cell in row if cell.data_type == "f"
    ]
    assert len(formulas) > 10
    cached = figures(workbook)
    assert all(cell.coordinate in cached for cell in formulas)


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_recalculated_it_says_the_same(workbook, tmp_path):
    profile = tmp_path / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        '<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode"><value>0</value></prop></item></oor:items>',
        encoding="utf-8",
    )
    subprocess.run(
        [
            OFFICE,
            f"-env:UserInstallation=file://{profile}",
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(tmp_path / "again"),
            str(workbook),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    before, after = figures(workbook), figures(tmp_path / "again" / workbook.name)
    formulas = [
        cell.coordinate
        for row in openpyxl.load_workbook(workbook)["总览"].iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    assert {cell: after.get(cell) for cell in formulas} == {cell: before[cell] for cell in formulas}


def test_differing_words_stand_out():
    a, b = marked("全年投诉230件", "全年投诉68件")
    assert [text for text, differs in a.parts if differs] == ["230"]
    assert [text for text, differs in b.parts if differs] == ["68"]
    c, d = marked("办事跑多次，材料多。", "材料多，群众办事难。")
    assert [text for text, differs in c.parts if differs] == ["跑多次"]
    assert "".join(text for text, _ in d.parts) == "材料多，群众办事难。"
