"""What people decide outlives every run."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time

import docx
import openpyxl
import pytest
from conftest import MEASURE_HEADER, TODAY, list_rows, make_book, make_project, make_scheme, measure, problem_sheet

from pipeline.ledger import LedgerError, Stamp, SummaryInTheWayError, open_ledger, read_log
from pipeline.matching import normal_form
from pipeline.project import LEDGER_FILE
from pipeline.run import merge_project

UNITS = ("县教育局", "县财政局", "县审计局", "白露镇", "双溪乡", "望山镇")
TEXTS = {
    "县教育局": [("停水不通知", "停水检修不提前通知，居民有意见。"), ("窗口排队久", "窗口少，平均等待40分钟。")],
    "县财政局": [("公厕少人管", "公厕异味大，保洁次数少。"), ("停水没人说", "停水前没有通知，住户接不到信息。")],
    "县审计局": [("公厕味道大", "公厕保洁不到位，群众有意见。"), ("路灯不亮", "城东路灯坏了没人修。")],
    "白露镇": [("窗口排队久", "窗口少，平均等待40分钟。"), ("水渠堵塞", "灌溉水渠淤塞，下游浇不上地。")],
    "双溪乡": [("班车太少", "去县城的班车一天两班。")],
    "望山镇": [("水渠堵了", "水渠多年没清，下游灌溉难。"), ("桥面破损", "村桥护栏断裂，行人不安全。")],
}


def unit_book(unit):
    rows = [[number, "为民", title, text] for number, (title, text) in enumerate(TEXTS[unit], start=1)]
    tasks = [
        MEASURE_HEADER,
        measure(1, 1, f"整改{TEXTS[unit][0][0]}", f"限期解决{TEXTS[unit][0][0]}。", unit, 努力方向="服务群众"),
    ]
    return make_book(unit, 问题清单=problem_sheet(*rows), 整改措施=tasks)


def project(folder, units=UNITS):
    return make_project(
        folder, make_scheme(UNITS, problems_per_aspect=20), {f"{unit}.xlsx": unit_book(unit) for unit in units}
    )


def summary(folder):
    return folder / "outputs" / "汇总台账.xlsx"


def numbers(folder):
    rows = list_rows(summary(folder), "合并明细")
    return {(row["单位"], row["原文"]): row["归并编号"] for row in rows if row["表别"] == "问题"}


def edit(folder, sheet, where, column, value):
    """Write `value` into `column` of the rows of a list for which `where` holds; returns how many there were."""
    book = openpyxl.load_workbook(summary(folder))
    rows = list(book[sheet].iter_rows(min_row=3))
    titles = [cell.value for cell in rows[0]]
    hits = [row for row in rows[1:] if where(dict(zip(titles, (cell.value for cell in row), strict=True)))]
    for row in hits:
        row[titles.index(column)].value = value
    book.save(summary(folder))
    return len(hits)


def mark(folder, marks, sheet="待确认"):
    """Fill 归并为 of the rows whose 问题 (or 措施) are named; a name that stands nowhere fails."""
    for name, value in marks.items():
        count = edit(folder, sheet, lambda row, name=name: (row["原文"] or "").split("。")[0] == name, "归并为", value)
        assert count >= 1, name


def asked(folder, *names):
    """Whether rows of these names stand in one family of 待确认."""
    groups = {}
    for row in list_rows(summary(folder), "待确认"):
        groups.setdefault(row["组号"], set()).add(row["原文"].split("。")[0])
    return any(set(names) <= group for group in groups.values())


def test_numbers_decisions_and_edits_stay_when_a_late_unit_comes(tmp_path):
    folder = project(tmp_path, UNITS[:-1])
    merge_project(folder, TODAY)
    before = numbers(folder)
    mark(folder, {"停水不通知": "A", "停水没人说": "A", "公厕少人管": "B", "公厕味道大": "C"})
    assert edit(folder, "问题清单", lambda row: row["问题"] == "班车太少", "问题", "城乡班车班次少") == 1
    unit_book(UNITS[-1]).save(folder / "workbooks" / "late.xlsx")
    merge_project(folder, TODAY)
    after = numbers(folder)
    joined = after["县教育局", "停水不通知。停水检修不提前通知，居民有意见。"]
    assert after["县财政局", "停水没人说。停水前没有通知，住户接不到信息。"] == joined
    assert (
        after["县财政局", "公厕少人管。公厕异味大，保洁次数少。"]
        != after["县审计局", "公厕味道大。公厕保洁不到位，群众有意见。"]
    )
    assert not asked(folder, "公厕少人管", "公厕味道大")
    assert not asked(folder, "停水不通知", "停水没人说")
    unchanged = {row for row in before if "停水" not in row[1]}
    assert {row: after[row] for row in unchanged} == {row: before[row] for row in unchanged}
    assert "城乡班车班次少" in [row["问题"] for row in list_rows(summary(folder), "问题清单")]
    assert any(
        "城乡班车班次少" in paragraph.text
        for paragraph in docx.Document(folder / "outputs" / "对照检查材料.docx").paragraphs
    )
    ways = {row["归并方式"] for row in list_rows(summary(folder), "合并明细") if row["归并编号"] == joined}
    assert ways == {"人工归并"}
    found = list_rows(summary(folder), "核对结果")
    assert any(row["代码"] == "L01" for row in found), "the retired number says where it went"


def test_a_decision_is_undone_by_changing_or_clearing_its_cell(tmp_path):
    folder = project(tmp_path)
    merge_project(folder, TODAY)
    mark(folder, {"停水不通知": "A", "停水没人说": "A"})
    merge_project(folder, TODAY)
    first = numbers(folder)
    mark(folder, {"停水没人说": "单列"}, "已定事项")
    merge_project(folder, TODAY)
    second = numbers(folder)
    rows = [row for row in first if "停水" in row[1]]
    assert len({first[row] for row in rows}) == 1
    assert len({second[row] for row in rows}) == 2
    assert edit(folder, "已定事项", lambda row: True, "归并为", None) == 2
    merge_project(folder, TODAY)
    assert list_rows(summary(folder), "已定事项") == []
    assert asked(folder, "停水不通知", "停水没人说"), "it is asked again"


def test_a_wrong_joining_is_undone_by_a_line_in_the_decisions(tmp_path):
    folder = project(tmp_path)
    merge_project(folder, TODAY)
    rows = [row for row in numbers(folder) if "窗口排队久" in row[1]]
    same = "窗口排队久。窗口少，平均等待40分钟。"
    assert len({numbers(folder)[row] for row in rows}) == 1
    book = openpyxl.load_workbook(folder / "workbooks" / "白露镇.xlsx")
    book["问题清单"]["D2"] = "窗口少，群众平均等待40分钟，有意见。"
    book.save(folder / "workbooks" / "白露镇.xlsx")
    merge_project(folder, TODAY)
    other = "窗口排队久。窗口少，群众平均等待40分钟，有意见。"
    before = {text: number for (_, text), number in numbers(folder).items()}
    book = openpyxl.load_workbook(summary(folder))
    for row, text, value in ((4, same, "A"), (5, other, "B")):
        for column, content in enumerate(("新1", "问题", "", text, value), start=1):
            book["已定事项"].cell(row, column, content)
    book.save(summary(folder))
    merge_project(folder, TODAY)
    after = {text: number for (_, text), number in numbers(folder).items()}
    assert after[same] != after[other]
    assert {text: after[text] for text in after if text not in (same, other)} == {
        text: before[text] for text in before if text not in (same, other)
    }


def test_numbered_items_are_joined_or_split_by_a_person_alone(tmp_path):
    folder = project(tmp_path, UNITS[:2])
    merge_project(folder, TODAY)
    before = numbers(folder)
    for unit in UNITS[2:]:
        unit_book(unit).save(folder / "workbooks" / f"{unit}.xlsx")
        merge_project(folder, TODAY)
        after = numbers(folder)
        assert {row: after[row] for row in before} == before
        before = after


def test_a_decision_holds_when_only_punctuation_changes(tmp_path):
    folder = project(tmp_path)
    merge_project(folder, TODAY)
    mark(folder, {"停水不通知": "A", "停水没人说": "A"})
    merge_project(folder, TODAY)
    book = openpyxl.load_workbook(folder / "workbooks" / "县教育局.xlsx")
    book["问题清单"]["D2"] = "停水检修 不提前通知,居民有意见"
    book.save(folder / "workbooks" / "县教育局.xlsx")
    merge_project(folder, TODAY)
    rows = [number for (_, text), number in numbers(folder).items() if "停水" in text]
    assert len(set(rows)) == 1


def test_contradicting_decisions_are_named(tmp_path):
    folder = project(tmp_path)
    merge_project(folder, TODAY)
    texts = {key: f"{key}。{text}" for rows in TEXTS.values() for key, text in rows}
    with open_ledger(folder / LEDGER_FILE, "", Stamp("2022-07-15", "办公室"), normal_form) as ledger:
        for one, two, marks in (
            ("停水不通知", "停水没人说", "AA"),
            ("停水没人说", "路灯不亮", "AA"),
            ("停水不通知", "路灯不亮", "AB"),
        ):
            lines = [ledger.line("", texts[name], sign) for name, sign in zip((one, two), marks, strict=True)]
            ledger.decide("problems", lines, source="test")
    merge_project(folder, TODAY)
    found = [row for row in list_rows(summary(folder), "核对结果") if row["代码"] == "L02"]
    assert len(found) == 1
    after = {text: number for (_, text), number in numbers(folder).items()}
    assert after[texts["停水不通知"]] == after[texts["停水没人说"]] != after[texts["路灯不亮"]]


def test_an_edit_is_taken_back_by_clearing_and_asks_when_its_ground_changes(tmp_path):
    folder = project(tmp_path)
    merge_project(folder, TODAY)
    edit(folder, "任务清单", lambda row: row["措施"] == "整改班车太少", "整改时限", "2022年9月底前")
    edit(folder, "任务清单", lambda row: row["措施"] == "整改班车太少", "入文", "否")
    merge_project(folder, TODAY)
    task = next(row for row in list_rows(summary(folder), "任务清单") if row["措施"] == "整改班车太少")
    assert (task["整改时限"], str(task["到期日"])[:10], task["入文"]) == ("2022年9月底前", "2022-09-30", "否")
    book = openpyxl.load_workbook(folder / "workbooks" / "双溪乡.xlsx")
    book["整改措施"]["L2"] = "2022-12-31"
    book.save(folder / "workbooks" / "双溪乡.xlsx")
    merge_project(folder, TODAY)
    asked = [row for row in list_rows(summary(folder), "核对结果") if row["代码"] == "L03"]
    assert len(asked) == 1
    assert "2022-06-30" in asked[0]["问题说明"]
    assert "2022-12-31" in asked[0]["问题说明"]
    edit(folder, "任务清单", lambda row: row["措施"] == "整改班车太少", "整改时限", None)
    merge_project(folder, TODAY)
    task = next(row for row in list_rows(summary(folder), "任务清单") if row["措施"] == "整改班车太少")
    assert str(task["到期日"])[:10] == "2022-12-31"


def test_what_may_be_edited_is_coloured_and_unlocked_and_the_rest_is_locked(tmp_path):
    folder = project(tmp_path)
    merge_project(folder, TODAY)
    book = openpyxl.load_workbook(summary(folder))
    open_columns = {
        "问题清单": {
            *("对照方面", "问题", "具体表现", "典型事例", "查摆途径", "责任领导", "对应原因", "对应措施"),
            *("入文", "显示文字来自", "入文次序", "文稿文字", "备注"),
        },
        "对账销号": {"进展说明", "佐证材料", "完成日期", "审核结果", "审核意见", "审核日期"},
        "待确认": {"归并为"},
    }
    for name, wanted in open_columns.items():
        sheet = book[name]
        assert sheet.protection.sheet
        unlocked = {sheet.cell(3, cell.column).value for cell in sheet[4] if not cell.protection.locked}
        assert unlocked == wanted
        assert all(cell.fill.start_color.rgb == "FFFFFBE6" for cell in sheet[4] if not cell.protection.locked)
    assert not book["已定事项"].protection.sheet


def test_the_office_closes_what_is_done_and_proved_and_it_stays_closed(tmp_path):
    folder = project(tmp_path)
    merge_project(folder, TODAY)

    def own(row):
        return row["措施"] == "整改班车太少"

    edit(folder, "任务清单", own, "完成情况", "已完成")
    for column, value in {"佐证材料": "时刻表", "审核结果": "同意销号", "审核意见": "已核实"}.items():
        edit(folder, "对账销号", own, column, value)
    for _ in range(2):
        merge_project(folder, TODAY)
    row = next(row for row in list_rows(summary(folder), "对账销号") if own(row))
    assert (row["审核结果"], row["审核意见"], row["销号状态"]) == ("同意销号", "已核实", "已销号")
    assert str(row["销号日期"])[:10] == TODAY.isoformat()


def test_edited_owners_are_the_owners_in_every_list(tmp_path):
    folder = project(tmp_path)
    merge_project(folder, TODAY)
    edit(folder, "任务清单", lambda row: row["措施"] == "整改班车太少", "责任人", "乡长")
    edit(folder, "任务清单", lambda row: row["措施"] == "整改班车太少", "牵头单位", "双溪乡、县审计局")
    merge_project(folder, TODAY)
    duties = [row for row in list_rows(summary(folder), "责任清单") if row["措施"] == "整改班车太少"]
    assert {(row["责任单位"], row["角色"], row["责任人"]) for row in duties} == {
        ("双溪乡", "牵头", "乡长"),
        ("县审计局", "牵头", "乡长"),
    }
    assert (
        next(row for row in list_rows(summary(folder), "对账销号") if row["措施"] == "整改班车太少")["牵头单位"]
        == "双溪乡、县审计局"
    )


def test_an_edit_that_is_not_allowed_is_said_and_not_taken(tmp_path):
    folder = project(tmp_path)
    merge_project(folder, TODAY)
    edit(folder, "问题清单", lambda row: row["问题"] == "班车太少", "对照方面", "瞎写")
    merge_project(folder, TODAY)
    assert (
        next(row for row in list_rows(summary(folder), "问题清单") if row["问题"] == "班车太少")["对照方面"] == "为民"
    )
    assert any(row["代码"] == "L04" for row in list_rows(summary(folder), "核对结果"))


def test_a_second_run_changes_nothing(tmp_path):
    folder = project(tmp_path)
    merge_project(folder, TODAY)
    before = {path.name: path.read_bytes() for path in (folder / "outputs").rglob("*") if path.is_file()}
    merge_project(folder, TODAY)
    assert {path.name: path.read_bytes() for path in (folder / "outputs").rglob("*") if path.is_file()} == before


def test_earlier_summaries_are_kept_three_deep(tmp_path):
    folder = project(tmp_path)
    for day in range(6):
        book = unit_book("双溪乡")
        book["问题清单"]["D2"] = f"去县城的班车一天{day}班。"
        book.save(folder / "workbooks" / "双溪乡.xlsx")
        merge_project(folder, TODAY)
    assert [path.name for path in sorted((folder / "outputs" / "历史").iterdir())] == [
        f"汇总台账-{number:04d}.xlsx" for number in (3, 4, 5)
    ]


def test_a_summary_in_the_way_is_not_written_over(tmp_path):
    folder = project(tmp_path / "甲")
    merge_project(folder, TODAY)
    path = summary(folder)
    good = path.read_bytes()
    (path.parent / "~$汇总台账.xlsx").write_bytes(b"x")
    with pytest.raises(SummaryInTheWayError, match="关闭"):
        merge_project(folder, TODAY)
    (path.parent / "~$汇总台账.xlsx").unlink()
    for content, says in (
        (b"PK\x03\x04broken", "已损坏"),
        (_foreign(tmp_path), "另一个项目"),
        (_plain(), "不是 sandan"),
    ):
        path.write_bytes(content)
        with pytest.raises(SummaryInTheWayError, match=says):
            merge_project(folder, TODAY)
        assert path.read_bytes() == content
    path.write_bytes(good)
    merge_project(folder, TODAY)


def test_a_summary_of_a_newer_version_is_not_written_over(tmp_path):
    folder = project(tmp_path)
    merge_project(folder, TODAY)
    book = openpyxl.load_workbook(summary(folder))
    next(mark for mark in book.custom_doc_props.props if mark.name == "sandan_format").value = "99"
    book.save(summary(folder))
    with pytest.raises(SummaryInTheWayError, match="升级"):
        merge_project(folder, TODAY)


def test_the_ledger_may_lie_in_another_database(tmp_path):
    scheme = make_scheme(UNITS, ledger_url=f"sqlite:///{tmp_path / '别处.db'}")
    folder = make_project(tmp_path / "项目", scheme, {f"{unit}.xlsx": unit_book(unit) for unit in UNITS[:2]})
    merge_project(folder, TODAY)
    assert (tmp_path / "别处.db").is_file()
    assert not (folder / LEDGER_FILE).exists()
    edit(folder, "问题清单", lambda row: row["问题"] == "窗口排队久", "备注", "已核实")
    merge_project(folder, TODAY)
    assert "已核实" in [row["备注"] for row in list_rows(summary(folder), "问题清单")]


def _foreign(tmp_path):
    other = make_project(
        tmp_path / "乙",
        make_scheme(("别县局",)),
        {"a.xlsx": make_book("别县局", 问题清单=problem_sheet([1, "学习", "别的", "别的事。"]))},
    )
    merge_project(other, TODAY)
    return summary(other).read_bytes()


def _plain():
    import io

    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)
    return buffer.getvalue()


def test_two_merges_at_once_and_a_newer_or_damaged_ledger(tmp_path):
    folder = project(tmp_path)
    with (
        open_ledger(folder / LEDGER_FILE, "", Stamp("2022-07-15", "办公室"), normal_form) as ledger,
        ledger.run(),
        pytest.raises(LedgerError, match="正在"),
    ):
        merge_project(folder, TODAY)
    merge_project(folder, TODAY)
    with sqlite3.connect(folder / LEDGER_FILE) as connection:
        connection.execute("update settings set value = '99' where name = 'schema'")
    with pytest.raises(LedgerError, match="更新版本"):
        merge_project(folder, TODAY)
    (folder / LEDGER_FILE).write_bytes(b"not a database at all, sorry" * 50)
    with pytest.raises(LedgerError, match="损坏"):
        merge_project(folder, TODAY)


def test_opinions_come_back_from_the_workbook_when_the_ledger_is_lost(tmp_path):
    folder = project(tmp_path)
    merge_project(folder, TODAY)
    mark(folder, {"停水不通知": "A", "停水没人说": "A"})
    merge_project(folder, TODAY)
    before = numbers(folder)
    (folder / LEDGER_FILE).unlink()
    merge_project(folder, TODAY)
    assert numbers(folder) == before
    assert "L20" in [row["代码"] for row in list_rows(summary(folder), "核对结果")]
    assert len({number for (_, text), number in numbers(folder).items() if "停水" in text}) == 1


def test_the_log_says_what_happened(tmp_path):
    folder = project(tmp_path)
    merge_project(folder, TODAY)
    mark(folder, {"停水不通知": "A", "停水没人说": "A"})
    edit(folder, "问题清单", lambda row: row["问题"] == "班车太少", "备注", "已核实")
    merge_project(folder, TODAY)
    item = next(number for (_, text), number in numbers(folder).items() if "停水" in text)
    said = [record.text for record in read_log(folder / LEDGER_FILE, "", normal_form, item)]
    assert any("处理意见：归并" in text for text in said)
    assert any(text.startswith("来源行：县教育局") for text in said)
    assert any(text == f"并入 {item}" for text in said)
    bus = next(number for (_, text), number in numbers(folder).items() if "班车" in text)
    assert any("已核实" in record.text for record in read_log(folder / LEDGER_FILE, "", normal_form, bus))
    shown = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", "log", str(folder), item.lower()],
        capture_output=True,
        text=True,
        timeout=60,
        encoding="utf-8",
    )
    assert shown.returncode == 0
    assert "并入" in shown.stdout


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
def test_killed_at_any_moment_the_next_run_is_right(tmp_path):
    folder = project(tmp_path, UNITS[:-1])
    merge_project(folder, TODAY)
    before = numbers(folder)
    mark(folder, {"停水不通知": "A", "停水没人说": "A"})
    unit_book(UNITS[-1]).save(folder / "workbooks" / "late.xlsx")
    code = "import datetime,pathlib,sys; from pipeline.run import merge_project; merge_project(pathlib.Path(sys.argv[1]), datetime.date(2022, 7, 15))"
    chosen = random.Random(4)
    for _ in range(8):
        run = subprocess.Popen([sys.executable, "-c", code, str(folder)], stderr=subprocess.DEVNULL)
        time.sleep(chosen.uniform(0.3, 2.2))
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
        for path in (folder / "outputs").glob("*.xlsx"):
            openpyxl.load_workbook(path)
        docx.Document(folder / "outputs" / "对照检查材料.docx")
        assert sqlite3.connect(folder / LEDGER_FILE).execute("pragma integrity_check").fetchone() == ("ok",)
    merge_project(folder, TODAY)
    after = numbers(folder)
    assert len({number for (_, text), number in after.items() if "停水" in text}) == 1
    assert {row: after[row] for row in before if "停水" not in row[1]} == {
        row: before[row] for row in before if "停水" not in row[1]
    }
    assert not [path for path in (folder / "outputs").iterdir() if path.name.startswith(".正在生成")], "no litter"


def test_a_cleared_joining_is_undecided_again(tmp_path):
    """A tester cleared every line of a judgement: the items stayed one, and nothing was asked."""
    folder = project(tmp_path)
    merge_project(folder, TODAY)
    mark(folder, {"停水不通知": "A", "停水没人说": "A"})
    merge_project(folder, TODAY)
    assert edit(folder, "已定事项", lambda row: True, "归并为", None) == 2
    merge_project(folder, TODAY)
    water = {number for (_, text), number in numbers(folder).items() if "停水" in text}
    assert len(water) == 2
    assert asked(folder, "停水不通知", "停水没人说")
    merge_project(folder, TODAY)
    assert {number for (_, text), number in numbers(folder).items() if "停水" in text} == water


@pytest.mark.parametrize("word", ["不一样", "另列", "两回事", "单独列", "撤回", "不并入", "A、B", "照旧"])
def test_a_word_that_answers_is_no_mark(tmp_path, word):
    folder = project(tmp_path, UNITS[:2])
    merge_project(folder, TODAY)
    before = numbers(folder)
    mark(folder, {"停水不通知": word, "停水没人说": word})
    merge_project(folder, TODAY)
    assert numbers(folder) == before
    assert [row["原值"] for row in list_rows(summary(folder), "核对结果") if row["代码"] == "L05"] == [word, word]


def test_a_judgement_without_its_number_is_still_that_judgement(tmp_path):
    folder = project(tmp_path)
    merge_project(folder, TODAY)
    mark(folder, {"停水不通知": "A", "停水没人说": "A"})
    mark(folder, {"水渠堵塞": "B", "水渠堵了": "B"})
    merge_project(folder, TODAY)
    before, decided = numbers(folder), list_rows(summary(folder), "已定事项")
    edit(folder, "已定事项", lambda row: True, "决定号", None)
    merge_project(folder, TODAY)
    assert numbers(folder) == before
    assert list_rows(summary(folder), "已定事项") == decided
    book = openpyxl.load_workbook(summary(folder))
    book["已定事项"].delete_cols(1)
    book.save(summary(folder))
    merge_project(folder, TODAY)
    assert numbers(folder) == before
    assert "L07" in [row["代码"] for row in list_rows(summary(folder), "核对结果")]
