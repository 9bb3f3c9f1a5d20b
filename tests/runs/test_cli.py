"""The command line: Chinese throughout, exit statuses, no traceback."""

import json
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest
from conftest import MEASURE_HEADER, make_book, make_project, make_scheme, measure, problem_sheet


def sandan(*arguments, cwd=None):
    return subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        timeout=120,
    )


@pytest.fixture
def project(tmp_path):
    book = make_book(
        "县教育局",
        问题清单=problem_sheet([1, "学习", "学得浅", "浅。"]),
        整改措施=[MEASURE_HEADER, measure(1, 1, "抓学习", "每月学。")],
    )
    return make_project(
        tmp_path, make_scheme(("县教育局",), base_date=__import__("datetime").date(2022, 1, 1)), {"a.xlsx": book}
    )


def test_every_command_has_help_in_chinese():
    top = sandan("--help")
    assert top.returncode == 0
    for command in ("init", "issue", "merge", "check", "log"):
        found = sandan(command, "--help")
        assert found.returncode == 0
        assert len([char for char in found.stdout if "\u4e00" <= char <= "\u9fff"]) > 30, command
        for english in ("Usage", "Options", "Arguments", "Show this message"):
            assert english not in found.stdout + top.stdout
    assert sandan("--version").stdout.startswith("sandan ")


def test_help_is_quick():
    began = time.perf_counter()
    sandan("--help")
    assert time.perf_counter() - began < 5, "no heavy library is loaded for help"
    loaded = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "pipeline.cli", "--help"], capture_output=True, text=True, timeout=60
    ).stderr
    assert not any(f" {name}\n" in loaded for name in ("pandas", "sklearn", "openpyxl", "xlsxwriter", "docx"))


def test_merge_writes_and_says_where(project):
    found = sandan("merge", project)
    assert found.returncode == 0, found.stderr
    for word in ("文件", "读入行", "待确认", "核对错误", "汇总台账.xlsx", "对照检查材料.docx"):
        assert word in found.stdout
    assert sandan("merge", cwd=project).returncode == 0


def test_json_is_the_manifest(project):
    found = sandan("merge", "--json", project)
    assert json.loads(found.stdout)["计数"]["读入行"] == 2
    assert json.loads(sandan("check", "--json", project).stdout)["命令"] == "check"


def test_strict_asks_for_a_person(project):
    assert sandan("merge", "--strict", project).returncode == 0
    book = openpyxl.load_workbook(project / "workbooks" / "a.xlsx")
    book["问题清单"]["B2"] = "乱写"
    book.save(project / "workbooks" / "a.xlsx")
    assert sandan("merge", "--strict", project).returncode == 1
    assert sandan("merge", project).returncode == 0
    assert sandan("check", project).returncode == 1
    assert (project / "outputs" / "核对结果.xlsx").is_file()


def test_wrong_settings_and_nothing_to_merge(tmp_path, project):
    assert sandan("merge", tmp_path / "无").returncode == 2
    assert sandan("merge", "--bogus").returncode == 2
    empty = make_project(tmp_path / "空", make_scheme(), {})
    found = sandan("merge", empty)
    assert found.returncode == 3
    assert "Traceback" not in found.stderr
    assert sandan("check", empty).returncode == 3


def test_init_and_issue(tmp_path):
    found = sandan("init", tmp_path / "新", "--preset", "2021")
    assert found.returncode == 0
    assert "请与上级通知原件核对" in found.stdout
    assert sandan("init", tmp_path / "新").returncode == 2, "nothing is overwritten"
    assert sandan("init", tmp_path / "另", "--preset", "1900").returncode == 2
    assert "2025年度民主生活会" in sandan("init", tmp_path / "新年").stdout, "without a year the newest round"
    assert sandan("issue", tmp_path / "新").returncode == 2, "an empty roster is said"
    path = tmp_path / "新" / "方案.xlsx"
    book = openpyxl.load_workbook(path)
    book["填报单位"].append([1, "县教育局"])
    book.save(path)
    assert sandan("issue", tmp_path / "新").returncode == 0
    assert [form.name for form in Path(tmp_path / "新" / "outputs" / "下发").iterdir()] == ["001-县教育局-填报表.xlsx"]
