"""A year after the meeting, by workbooks alone: what an office and its units do, and what every sheet says then."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import list_rows, make_book, make_project, make_scheme, measure, problem_sheet
from typer.testing import CliRunner

from pipeline import cli
from pipeline.bulletin.paper import read_paper
from pipeline.run import issue_progress_project, merge_project
from pipeline.scheme import Scheme

MEASURE_HEADER = [
    "序号", "对应问题", "努力方向", "措施", "具体举措", "目标要求", "牵头单位", "配合单位", "责任领导", "责任人", "整改类型", "整改时限",
    "完成情况", "进展说明", "佐证材料", "完成日期", "备注",
]  # fmt: skip
HEADER_ROW = 3


def forms(*rows: list[Any]) -> list[list[Any]]:
    return [MEASURE_HEADER, *rows]


def year(tmp_path: Path, day: str = "2022-03-01") -> Path:
    """Two units with three measures; the third is led by both."""
    scheme = make_scheme(base_date=dt.date.fromisoformat(day))
    problem = ["1", "学习", "学习不深", "集中学习次数少。"]
    education = make_book(
        问题清单=problem_sheet(problem),
        整改措施=forms(
            measure(1, "1", "坚持学习", "每月集中学习1次以上。", deadline="2022-06-30", 责任人="王某某"),
            measure(2, "1", "改进作风", "每季度下基层一次。", deadline="2022-12-31"),
            measure(
                3,
                "1",
                "联合督查",
                "联合开展专项督查。",
                lead="县教育局、县财政局",
                deadline="2022-12-31",
                配合单位="白露镇",
            ),
        ),
    )
    finance = make_book(
        "县财政局",
        问题清单=problem_sheet(["1", "为民", "服务不优", "窗口排队时间长。"]),
        整改措施=forms(measure(1, "1", "优化窗口", "增设窗口3个。", lead="县财政局", deadline="2022-05-31")),
    )
    town = make_book("白露镇", 问题清单=problem_sheet(["1", "为民", "走访不多", "入户走访不够。"]))
    return make_project(tmp_path, scheme, {"教育.xlsx": education, "财政.xlsx": finance, "白露.xlsx": town})


def on(folder: Path, day: str) -> None:
    """Merge on a day (the scheme's 基准日期)."""
    book = openpyxl.load_workbook(folder / "方案.xlsx")
    for row in book["基本设置"].iter_rows(min_row=2):
        if row[0].value == "基准日期":
            row[1].value = day
    book.save(folder / "方案.xlsx")
    merge_project(folder, dt.date.fromisoformat(day))


def report(folder: Path, unit: str, period: str, date: str, rows: dict[str, dict[str, Any]], name: str = "") -> None:
    """Issue, fill in one unit's workbook and put it into workbooks/."""
    issue_progress_project(folder, dt.date.fromisoformat(date), period)
    book = openpyxl.load_workbook(folder / "outputs" / "下发进展" / f"{unit}.xlsx")
    sheet = book["进展填报"]
    titles = [str(cell.value).rstrip("*") for cell in sheet[HEADER_ROW]]
    numbers = [sheet.cell(row, 1).value for row in range(HEADER_ROW + 1, sheet.max_row + 1)]
    for number, cells in rows.items():
        at = HEADER_ROW + 1 + numbers.index(number)
        for title, value in cells.items():
            sheet.cell(at, titles.index(title) + 1).value = value
    for at in range(sheet.max_row, HEADER_ROW, -1):
        if sheet.cell(at, 1).value not in rows:
            sheet.delete_rows(at)
    for row in book["基本信息"].iter_rows(min_row=HEADER_ROW + 1):
        if row[0].value == "填报日期":
            row[1].value = date
    book.save(folder / "workbooks" / (name or f"{unit}{period}.xlsx"))


def answer(folder: Path, number: str, result: str, opinion: str = "", day: str = "") -> None:
    """What the office types into 对账销号."""
    path = folder / "outputs" / "汇总台账.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["对账销号"]
    titles = [cell.value for cell in sheet[HEADER_ROW]]
    for row in sheet.iter_rows(min_row=HEADER_ROW + 1):
        if row[0].value == number:
            for title, value in {"审核结果": result, "审核意见": opinion, "审核日期": day}.items():
                if value:
                    row[titles.index(title)].value = value
    book.save(path)


def closing(folder: Path, number: str) -> dict[str, Any]:
    return next(row for row in list_rows(folder / "outputs" / "汇总台账.xlsx", "对账销号") if row["措施编号"] == number)


def sheet(folder: Path, title: str) -> list[dict[str, Any]]:
    return list_rows(folder / "outputs" / "汇总台账.xlsx", title)


def codes(folder: Path) -> list[str]:
    return [row["代码"] for row in sheet(folder, "核对结果")]


def numbers(folder: Path) -> dict[str, str]:
    return {row["措施"]: row["措施编号"] for row in sheet(folder, "任务清单")}


def test_without_progress_nothing_is_different(tmp_path: Path) -> None:
    folder = year(tmp_path)
    on(folder, "2022-03-01")
    book = openpyxl.load_workbook(folder / "outputs" / "汇总台账.xlsx", read_only=True)
    assert not {"进展明细", "调度", "本期变化", "量化指标"} & set(book.sheetnames)
    assert not list((folder / "outputs").glob("整改进展通报*"))
    assert not (folder / "outputs" / "催办").exists()
    assert {row["销号状态"] for row in sheet(folder, "对账销号")} == {"未申请"}


def test_a_year(tmp_path: Path) -> None:  # noqa: PLR0915 - a year is long, and each month stands on the one before
    folder = year(tmp_path)
    on(folder, "2022-03-01")
    known = numbers(folder)
    study, style, joint, windows = (known[name] for name in ("坚持学习", "改进作风", "联合督查", "优化窗口"))

    # April: one unit reports, applies rightly and wrongly; the other is late
    done = {
        "完成情况": "已完成",
        "本期进展": "已集中学习4次。",
        "佐证材料": "学习记录",
        "完成日期": "2022-04-20",
        "申请事项": "销号",
    }
    report(
        folder,
        "县教育局",
        "2022-04",
        "2022-04-30",
        {
            study: done,
            style: {"完成情况": "正在推进", "本期进展": "已下基层一次，走访三个村。", "申请事项": "销号"},
            joint: {
                "完成情况": "已完成",
                "本期进展": "督查组已经成立并开展督查。",
                "佐证材料": "通报",
                "申请事项": "销号",
            },
        },
    )
    on(folder, "2022-05-05")
    assert closing(folder, study)["销号状态"] == "待审核"
    assert closing(folder, study)["申请事项"] == "销号"
    assert closing(folder, style)["销号状态"] == closing(folder, joint)["销号状态"] == "未申请"
    assert codes(folder).count("P08") == 2
    assert closing(folder, joint)["完成情况"] == "未启动"
    assert closing(folder, joint)["进展说明"] == "县教育局：督查组已经成立并开展督查。"
    own = {
        row["责任单位"]: row["完成情况"]
        for row in sheet(folder, "责任清单")
        if row["措施编号"] == joint and row["角色"] == "牵头"
    }
    assert own == {"县教育局": "已完成", "县财政局": "未启动"}
    (april,) = sheet(folder, "调度")
    assert (april["期次"], april["应报单位"], april["已报单位"], april["未报单位"]) == ("2022-04", 3, 1, 2)
    assert (april["措施数"], april["已完成"], april["正在推进"], april["未启动"], april["完成率"]) == (4, 1, 1, 2, 0.25)
    assert (folder / "outputs" / "整改进展通报（2022年4月）.docx").is_file()
    assert {path.stem for path in (folder / "outputs" / "催办").iterdir()} == {"县财政局", "白露镇"}

    # the office returns it with an opinion; an answer that is not possible changes nothing and says what is
    answer(folder, study, "退回", "请补充签到表")
    answer(folder, style, "同意延期")
    on(folder, "2022-05-10")
    assert (closing(folder, study)["销号状态"], closing(folder, study)["审核意见"]) == ("退回", "请补充签到表")
    assert closing(folder, style)["销号状态"] == "未申请"
    (wrong,) = [row for row in sheet(folder, "核对结果") if row["代码"] == "P09"]
    assert "同意销号" in wrong["修改建议"]
    on(folder, "2022-05-11")
    assert closing(folder, study)["销号状态"] == "退回"
    assert "P09" not in codes(folder)

    # May: the late unit, a resent workbook, an application to postpone, another unit's measure
    report(
        folder,
        "县教育局",
        "2022-05",
        "2022-05-28",
        {
            study: {"完成情况": "正在推进", "本期进展": "材料正在补充。"},
            style: {"完成情况": "正在推进", "本期进展": "已下基层两次，形成调研报告一篇。"},
        },
        "教育五月.xlsx",
    )
    report(
        folder,
        "县教育局",
        "2022-05",
        "2022-05-30",
        {
            study: done | {"本期进展": "已集中学习5次，签到表已补齐。"},
            style: {"完成情况": "正在推进", "本期进展": "已下基层两次，形成调研报告一篇。"},
        },
        "教育五月重报.xlsx",
    )
    report(
        folder,
        "县财政局",
        "2022-05",
        "2022-05-30",
        {
            windows: {
                "完成情况": "正在推进",
                "本期进展": "已增设窗口1个。",
                "申请事项": "延期",
                "申请延期至": "2022-07-31",
                "申请理由": "设备未到货",
            },
            joint: {"完成情况": "正在推进", "本期进展": "已派员参加督查。"},
        },
    )
    report(folder, "白露镇", "2022-05", "2022-05-31", {joint: {"完成情况": "已完成", "本期进展": "已配合督查。"}})
    on(folder, "2022-06-05")
    assert closing(folder, study)["销号状态"] == "待审核"
    assert closing(folder, study)["审核结果"] is None
    assert closing(folder, study)["审核意见"] == "请补充签到表"
    assert closing(folder, windows)["销号状态"] == "延期待批"
    assert closing(folder, joint)["完成情况"] == "正在推进"
    uses = [(row["期次"], row["单位"], row["措施编号"], row["采用"]) for row in sheet(folder, "进展明细")]
    assert len(uses) == 3 + 2 + 2 + 2 + 1
    assert uses.count(("2022-05", "县教育局", study, "未采用")) == 1
    assert ("2022-05", "白露镇", joint, "未采用") in uses
    april_again, may = sheet(folder, "调度")
    assert april_again == april
    assert (may["已报单位"], may["逾期"], may["本期新逾期"]) == (3, 1, 1)
    changed = {(row["编号"], row["列名"]): (row["原来"], row["现在"], row["由谁"]) for row in sheet(folder, "本期变化")}
    assert changed[joint, "完成情况"] == ("未启动", "正在推进", "县教育局、县财政局")
    assert changed[windows, "销号状态"] == ("未申请", "延期待批", "县财政局")
    texts, _ = read_paper(folder / "outputs" / "整改进展通报（2022年5月）.docx")
    assert any("已完成1条，完成率25%" in text for text in texts)

    # closing, postponement, and a correction of April that comes too late for April's line
    answer(folder, study, "同意销号", day="2022-06-08")
    answer(folder, windows, "同意延期")
    report(folder, "县财政局", "2022-04", "2022-06-09", {windows: {"完成情况": "正在推进", "本期进展": "四月已招标。"}})
    on(folder, "2022-06-10")
    assert (closing(folder, study)["销号状态"], str(closing(folder, study)["销号日期"])[:10]) == (
        "已销号",
        "2022-06-08",
    )
    moved = closing(folder, windows)
    assert (moved["销号状态"], str(moved["到期日"])[:10], str(moved["原到期日"])[:10], moved["延期次数"]) == (
        "未申请",
        "2022-07-31",
        "2022-05-31",
        1,
    )
    april_again, may = sheet(folder, "调度")
    assert april_again == april
    assert (may["已销号"], may["本期新销号"], may["延期"], may["逾期"]) == (1, 1, 1, 0)
    issued = issue_progress_project(folder, dt.date(2022, 6, 10), "2022-06")
    assert issued.period == "2022-06"
    book = openpyxl.load_workbook(folder / "outputs" / "下发进展" / "县教育局.xlsx")
    assert study not in [cell.value for cell in book["进展填报"]["A"]]

    # reopened without a reason: refused; with one: the next round begins and the closed one stays in the log
    answer(folder, study, "重启")
    on(folder, "2022-06-12")
    assert closing(folder, study)["销号状态"] == "已销号"
    answer(folder, study, "重启", "回头看发现反弹")
    on(folder, "2022-06-13")
    again = closing(folder, study)
    assert (again["销号状态"], again["轮次"], again["销号日期"]) == ("未申请", 2, None)
    log = CliRunner().invoke(cli.app, ["log", str(folder), study]).output
    for step in ("申请销号", "退回", "同意销号", "重启"):
        assert step in log, log

    # what comes again is the same, also when the reports are gone
    before = {title: sheet(folder, title) for title in ("调度", "对账销号", "任务清单", "本期变化")}
    for path in (folder / "workbooks").glob("*2022-0*"):
        path.unlink()
    on(folder, "2022-06-13")
    assert {title: sheet(folder, title) for title in before} == before


def test_a_measure_that_goes_on_for_good_lights_up_by_its_review(tmp_path: Path) -> None:
    folder = year(tmp_path)
    on(folder, "2022-03-01")
    style = numbers(folder)["改进作风"]
    report(
        folder,
        "县教育局",
        "2022-04",
        "2022-04-30",
        {
            style: {
                "完成情况": "正在推进",
                "本期进展": "已下基层一次。",
                "申请事项": "转长期坚持",
                "申请理由": "需要常抓",
                "下次复核日期": "2022-10-31",
            },
        },
    )
    on(folder, "2022-05-05")
    assert closing(folder, style)["销号状态"] == "转长期待批"
    answer(folder, style, "同意转长期")
    on(folder, "2022-05-06")
    kept = closing(folder, style)
    assert (kept["销号状态"], str(kept["下次复核日期"])[:10], kept["预警"]) == ("长期坚持", "2022-10-31", "绿")
    on(folder, "2022-10-15")
    assert closing(folder, style)["预警"] == "黄"


def test_what_the_office_writes_over_a_status_wins(tmp_path: Path) -> None:
    folder = year(tmp_path)
    on(folder, "2022-03-01")
    style = numbers(folder)["改进作风"]
    report(folder, "县教育局", "2022-04", "2022-04-30", {style: {"完成情况": "已完成", "本期进展": "已全部办结到位。"}})
    on(folder, "2022-05-05")
    path = folder / "outputs" / "汇总台账.xlsx"
    book = openpyxl.load_workbook(path)
    tasks = book["任务清单"]
    titles = [cell.value for cell in tasks[HEADER_ROW]]
    for row in tasks.iter_rows(min_row=HEADER_ROW + 1):
        if row[0].value == style:
            row[titles.index("完成情况")].value = "基本完成"
    book.save(path)
    on(folder, "2022-05-06")
    assert closing(folder, style)["完成情况"] == "基本完成"


def test_the_command_issues_and_names_who_has_nothing_open(tmp_path: Path) -> None:
    folder = year(tmp_path)
    result = CliRunner().invoke(cli.app, ["issue", str(folder), "--progress", "--period", "2022年4月"])
    assert result.exit_code == 0, result.output
    assert "2022年4月进展填报表 3 份" in result.output
    assert not (folder / "台账.db").exists() or "CS-001" in [
        cell.value
        for cell in openpyxl.load_workbook(folder / "outputs" / "下发进展" / "县教育局.xlsx")["进展填报"]["A"]
    ]
    wrong = CliRunner().invoke(cli.app, ["issue", str(folder), "--progress", "--period", "下个月"])
    assert wrong.exit_code == 2


def test_settings_of_the_bulletin_are_read_and_checked(tmp_path: Path) -> None:
    from pipeline.scheme import SchemeError, read_scheme, write_scheme

    scheme: Scheme = make_scheme()
    write_scheme(scheme, tmp_path / "方案.xlsx")
    assert read_scheme(tmp_path / "方案.xlsx").bulletin[1].title == "总体情况"
    book = openpyxl.load_workbook(tmp_path / "方案.xlsx")
    book["通报"]["B2"] = "共{条数}条。"
    book.save(tmp_path / "方案.xlsx")
    with pytest.raises(SchemeError, match="条数"):
        read_scheme(tmp_path / "方案.xlsx")


def test_the_next_year_begins_from_this_one_and_names_what_comes_again(tmp_path: Path) -> None:
    folder = year(tmp_path / "2022")
    on(folder, "2022-03-01")
    new = tmp_path / "2023"
    result = CliRunner().invoke(cli.app, ["next", str(folder), str(new)])
    assert result.exit_code == 0, result.output
    assert CliRunner().invoke(cli.app, ["next", str(folder), str(new)]).exit_code == 2
    book = make_book(
        问题清单=problem_sheet(["1", "学习", "学习不深", "集中学习次数少。"], ["2", "为民", "调研不实", "蜻蜓点水。"]),
    )
    book.save(new / "workbooks" / "教育.xlsx")
    merge_project(new, dt.date(2023, 1, 10))
    (again,) = sheet(new, "年年提")
    assert (again["问题"], again["上年编号"], again["上年销号状态"]) == ("学习不深", "WT-001", "未申请")
    assert str(again["连续年数"]) == "2"


def test_a_number_that_went_into_another_counts_for_that_one(tmp_path: Path) -> None:
    folder = year(tmp_path)
    on(folder, "2022-03-01")
    known = numbers(folder)
    study, style = known["坚持学习"], known["改进作风"]
    report(folder, "县教育局", "2022-04", "2022-04-30", {
        study: {"完成情况": "已完成", "本期进展": "已经集中学习四次。", "佐证材料": "记录"},
        style: {"完成情况": "正在推进", "本期进展": "已下基层一次。"},
    })  # fmt: skip
    on(folder, "2022-05-05")
    book = openpyxl.load_workbook(folder / "workbooks" / "教育.xlsx")
    measures = book["整改措施"]
    for row in measures.iter_rows(min_row=2):
        if row[3].value == "改进作风":
            row[3].value, row[4].value = "坚持学习", "每月集中学习1次以上。"
    book.save(folder / "workbooks" / "教育.xlsx")
    on(folder, "2022-05-06")
    gone, kept = (study, style) if study not in numbers(folder).values() else (style, study)
    rows = {row["措施编号"]: row for row in sheet(folder, "进展明细")}
    if gone in rows and "并入" in str(rows[gone]["说明"]):
        assert rows[gone]["采用"] == "采用"
        assert closing(folder, kept)["完成情况"] == "正在推进"
    else:  # the row was taken for another text: its number is said to be out of use, and nothing is lost
        assert rows[gone]["采用"] == "拒收"
    assert len(rows) == 2


KILLED = """
import datetime as dt, os, signal, sys
from pathlib import Path
from pipeline import run


class Deadly:
    name = "x"

    def write(self, folder):
        os.kill(os.getpid(), signal.SIGKILL)

    def verify(self, folder):
        pass


if __name__ == "__main__":
    run.merge_project(Path(sys.argv[1]), dt.date(2022, 5, 10), outputs=lambda draft: [*run.outputs_of(draft), Deadly()])
"""


def test_an_answer_is_taken_once_though_the_run_was_killed(tmp_path: Path) -> None:
    folder = year(tmp_path / "p")
    on(folder, "2022-03-01")
    study = numbers(folder)["坚持学习"]
    done = {
        "完成情况": "已完成",
        "本期进展": "已集中学习4次。",
        "佐证材料": "记录",
        "完成日期": "2022-04-20",
        "申请事项": "销号",
    }
    report(folder, "县教育局", "2022-04", "2022-04-30", {study: done})
    on(folder, "2022-05-05")
    answer(folder, study, "同意销号")
    script = tmp_path / "killed.py"
    script.write_text(KILLED, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    killed = subprocess.run([sys.executable, str(script), str(folder)], env=environment, timeout=300)
    assert killed.returncode == -signal.SIGKILL
    assert closing(folder, study)["销号状态"] == "待审核"
    on(folder, "2022-05-10")
    on(folder, "2022-05-11")
    assert closing(folder, study)["销号状态"] == "已销号"
    log = CliRunner().invoke(cli.app, ["log", str(folder), study]).output
    assert log.count("同意销号") == 1
    assert log.count("申请销号") == 1
