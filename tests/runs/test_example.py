"""The worked example: what a fresh clone shows."""

import re
import shutil
from pathlib import Path

import docx
import openpyxl
import pytest
from conftest import TODAY, list_rows

from pipeline.run import merge_project

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("example")
    shutil.copy(ROOT / "方案.xlsx", folder)
    shutil.copytree(ROOT / "workbooks", folder / "workbooks")
    merge_project(folder, TODAY)
    return folder / "outputs"


def test_the_county_is_large_and_messy_enough(outputs):
    trace = list_rows(outputs / "汇总台账.xlsx", "合并明细")
    counts = {short: sum(row["表别"] == short for row in trace) for short in ("问题", "原因", "措施")}
    assert counts["问题"] >= 90
    assert counts["原因"] >= 25
    assert counts["措施"] >= 90
    states = [row["状态"] for row in list_rows(outputs / "汇总台账.xlsx", "填报情况")]
    assert states.count("已报") >= 16
    assert "未报" in states
    assert "重复报送" in states
    codes = {row["代码"] for row in list_rows(outputs / "汇总台账.xlsx", "核对结果")}
    assert {"H03", "H04", "H05", "R02", "R03", "R05", "R06", "R08", "R11", "R15", "F08", "F12", "F13", "M02"} <= codes
    assert {row["归并方式"] for row in trace} >= {"原样", "完全相同", "拒收"}


def test_every_row_of_the_texts_is_in_the_trace(outputs):
    rows = {(row["单位"], row["原文"]) for row in list_rows(outputs / "汇总台账.xlsx", "合并明细")}
    said = "\n".join(text or "" for _, text in rows)
    unit, missing = "", []
    for line in (ROOT / "tools" / "example" / "texts.txt").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if line.startswith("@"):
            unit = cells[0][1:]
        elif cells[0] in ("问题", "措施"):
            title = cells[2] if cells[0] == "问题" else cells[3]
            if title not in said:
                missing.append((unit, title))
    assert missing == []


def test_every_sentence_of_the_document_is_a_cell_s(outputs):
    trace = "".join(re.sub(r"\s", "", row["原文"] or "") for row in list_rows(outputs / "汇总台账.xlsx", "合并明细"))
    examples = "".join(row["典型事例"] or "" for row in list_rows(outputs / "汇总台账.xlsx", "问题清单"))
    scheme = "".join(
        str(cell.value or "")
        for sheet in openpyxl.load_workbook(ROOT / "方案.xlsx")
        for row in sheet.iter_rows()
        for cell in row
    )
    scheme = scheme.replace("{单位名称}", "中共栖云县委常委班子")
    known = re.sub(r"[\s\d]", "", trace + examples + re.sub(r"\{[^}]*\}", "", scheme))
    for paragraph in docx.Document(outputs / "对照检查材料.docx").paragraphs:
        for sentence in re.split(r"[。；]|[一二三]是(?!.*[一二三]是)", paragraph.text):
            bare = re.sub(r"^(?:[一二三四五]、|（[一二三四五]）|\d、|[一二三]是)", "", sentence)
            bare = re.sub(r"[\s\d]|【待补充[^】]*】", "", bare)
            assert bare in known or bare.removeprefix("一是").removeprefix("二是").removeprefix("三是") in known, (
                sentence
            )


def test_the_document_has_its_shape(outputs):
    texts = [paragraph.text for paragraph in docx.Document(outputs / "对照检查材料.docx").paragraphs]
    headings = [text for text in texts if re.match(r"[一二三]、", text)]
    assert headings == ["一、存在的问题", "二、产生原因剖析", "三、努力方向和整改措施"]
    assert len([text for text in texts if re.match(r"（[一二三四五]）", text)]) == 5
    *measures, ending = texts[texts.index("三、努力方向和整改措施") + 1 :]
    assert ending.startswith("以上是中共栖云县委常委班子")
    assert len(measures) == 5
    assert all("一是" in text and "三是" in text for text in measures)


def test_duplicates_are_joined_and_look_alikes_are_not(outputs):
    trace = list_rows(outputs / "汇总台账.xlsx", "合并明细")
    item = {(row["单位"], (row["原文"] or "").split("。")[0]): row["归并编号"] for row in trace if row["归并编号"]}
    assert item["县委办公室", "督查检查重留痕"] == item["县政府办公室", "督查检查重留痕"]
    families: dict[str, str] = {}
    for row in list_rows(outputs / "汇总台账.xlsx", "待确认"):
        families[row["组号"]] = families.get(row["组号"], "") + row["原文"]
    said = ("营商环境还有堵点", "企业办事来回跑")
    assert any(all(text in family for text in said) for family in families.values()), (
        "in other words: a person's matter"
    )
    assert item["白露镇", "自来水水质不稳定"] != item["双溪乡", "自来水水质不稳定"]
    assert item["白露镇", "改造供水管网"] != item["双溪乡", "改造供水管网"]
    assert item["县住房和城乡建设局", "增加停车泊位"] != item["临泉街道", "挖潜停车资源"]
