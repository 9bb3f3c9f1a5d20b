"""The ledger as a service: short transactions, runs as rows, schema 2."""

import json
import shutil
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipeline.ledger import (
    LedgerError,
    OldViewError,
    Outcome,
    RunInProgressError,
    Stamp,
    open_ledger,
    read_log,
)
from pipeline.matching.normal import normal_form
from pipeline.records import RowId, SourceRow, row_cells
from pipeline.tables import PROBLEMS

STAMP = Stamp("2022-07-15", "办公室")
V1 = Path(__file__).parents[1] / "data" / "ledger-v1" / "台账.db"


def opened(file, stamp=STAMP, **more):
    return open_ledger(file, "", stamp, normal_form, **more)


def row(number, unit, title, detail="……。"):
    cells = row_cells(PROBLEMS, {"title": title, "detail": detail})
    return SourceRow(RowId(f"{unit}.xlsx", "问题清单", number), "problems", unit, number, str(number), cells)


ROWS = [row(2, "县教育局", "停水不通知"), row(2, "县财政局", "停水没人说"), row(2, "县审计局", "路灯不亮")]


def merge(ledger, rows=ROWS, written=None, commit=True, **more):
    with ledger.run(**more) as run:
        run.carry(PROBLEMS, rows)
        numbered = run.number(PROBLEMS, [[one] for one in rows])
        run.remember(Outcome(written or {}, {}, identity="某县委"))
        if commit:
            run.commit({"问题": len(rows)})
    return numbered


def lines(ledger, *marks):
    return [ledger.line(one.unit, one.text, mark) for one, mark in zip(ROWS, marks, strict=False)]


def test_a_judgement_is_recorded_with_who_when_and_where(tmp_path):
    with opened(tmp_path / "台账.db") as ledger:
        made = ledger.decide("problems", lines(ledger, "A", "A", ""), source="待确认!I4")
    with opened(tmp_path / "台账.db") as ledger:
        (found,) = ledger.judgements()
    assert found == made
    assert (found.number, found.by, found.at, found.source) == ("JD-001", "办公室", "2022-07-15", "待确认!I4")
    assert [line.mark for line in found.lines] == ["A", "A"]


def test_an_op_counts_once(tmp_path):
    with opened(tmp_path / "台账.db") as ledger:
        one = ledger.decide("problems", lines(ledger, "A", "A"), "page", op="x")
        two = ledger.decide("problems", lines(ledger, "A", "A"), "page", op="x")
        assert one == two
        assert len(ledger.judgements()) == 1
        ledger.revoke("JD-001", "page", op="y")
        ledger.revoke("JD-001", "page", op="y")
        assert not ledger.judgements()


def test_a_judgement_is_changed_revoked_in_part_and_as_a_whole(tmp_path):
    with opened(tmp_path / "台账.db") as ledger:
        ledger.decide("problems", lines(ledger, "A", "A", "A"), "page")
        ledger.decide("problems", lines(ledger, "A", "A", "单列"), "page", number="JD-001")
        assert [one.same for one in ledger.constraints_for("problems")] == [True, False, False]
        third = ledger.judgements()[0].lines[2]
        ledger.revoke("JD-001", "page", line=third.key)
        assert [one.same for one in ledger.constraints_for("problems")] == [True]
        ledger.revoke("JD-001", "page")
        assert ledger.constraints_for("problems") == []
        with pytest.raises(OldViewError):
            ledger.revoke("JD-001", "page")
        with pytest.raises(ValueError, match="nothing follows"):
            ledger.decide("problems", lines(ledger, "A", ""), "page")
        texts = [record.text for record in ledger.log("JD-001")]
    assert sum("处理意见：归并为" in text for text in texts) == 3
    assert sum("归并为由“A”改为“单列”" in text for text in texts) == 1
    assert sum("撤回处理意见" in text for text in texts) == 3


def test_undo_says_again_what_held_before_and_deletes_nothing(tmp_path):
    with opened(tmp_path / "台账.db") as ledger:
        ledger.decide("problems", lines(ledger, "A", "A", "A"), "page", op="1")
        ledger.decide("problems", lines(ledger, "A", "A", "单列"), "page", op="2", number="JD-001")
        ledger.undo("2")
        assert [line.mark for line in ledger.judgements()[0].lines] == ["A", "A", "A"]
        with pytest.raises(OldViewError):
            ledger.undo("2")
        with pytest.raises(OldViewError):
            ledger.undo("1")  # changed since
        ledger.revoke("JD-001", "page", op="3")
        ledger.undo("3")
        assert len(ledger.judgements()) == 1
        before = len(ledger.log())
        ledger.decide("problems", lines(ledger, "单列", "", ""), "page", op="4")
        ledger.undo("4")
        assert len(ledger.log()) > before
        assert [one.number for one in ledger.judgements()] == ["JD-001"]


def test_cells_are_written_over_and_taken_back_if_they_are_as_they_were_seen(tmp_path):
    cell = ("WT-001", "problem_list", "title")
    with opened(tmp_path / "台账.db") as ledger:
        merge(ledger, written={cell: "停水不通知"})
        ledger.edit(cell, "停水通知不及时", "停水不通知", "page", op="1")
        assert ledger.edits()[cell].value == "停水通知不及时"
        with pytest.raises(OldViewError, match="停水通知不及时"):
            ledger.edit(cell, "别的", "停水不通知", "page")
        ledger.edit(cell, "停水不提前通知", "停水通知不及时", "page", op="2")
        ledger.undo("2")
        assert ledger.edits()[cell].value == "停水通知不及时"
        ledger.edit(cell, None, "停水通知不及时", "page", op="3")
        assert ledger.edits() == {}
        ledger.undo("3")
        assert ledger.edits()[cell].value == "停水通知不及时"
        ledger.edit(cell, None, "停水通知不及时", "page")
        ledger.edit(cell, "又一版", "停水不通知", "page", op="4")
        ledger.undo("4")
        assert ledger.edits() == {}, "what was taken back does not come again"
        with pytest.raises(OldViewError):
            ledger.edit(("WT-099", "problem_list", "title"), "x", "", "page")


def test_the_statements_of_a_decision_do_not_grow_with_their_number(tmp_path):
    counts = []
    executed = []

    def counted(*_):
        executed.append(1)

    sa.event.listen(sa.Engine, "before_cursor_execute", counted)
    try:
        with opened(tmp_path / "台账.db") as ledger:
            for number in range(60):
                own = [
                    ledger.line(f"单位{number}", f"问题{number}甲", "A"),
                    ledger.line("县财政局", f"问题{number}乙", "A"),
                ]
                executed.clear()
                ledger.decide("problems", own, "page", op=str(number))
                counts.append(len(executed))
            executed.clear()
            assert len(ledger.constraints_for("problems")) == 60
            asked = len(executed)
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", counted)
    assert counts[1] == counts[-1] <= 20
    assert asked <= 4


def test_a_run_is_a_row_and_a_second_one_sees_it(tmp_path):
    file = tmp_path / "台账.db"
    with opened(file) as ledger, ledger.run(), opened(file) as other:
        assert other.in_progress()
        with pytest.raises(RunInProgressError, match="另一个 sandan 正在汇总这个项目"), other.run():
            pass
    with opened(file) as ledger:
        assert not ledger.in_progress()
        merge(ledger)


def test_a_dead_run_is_recognised_and_changes_nothing(tmp_path):
    file = tmp_path / "台账.db"
    with opened(file) as ledger:
        merge(ledger)
    before = _content(file)
    code = (
        "import os, sys; from pathlib import Path; sys.path[:0] = ['tests', 'tests/unit'];"
        "from test_ledger_store import *;"
        f"context = opened(Path({str(file)!r})); ledger = context.__enter__(); run = ledger.run(); work = run.__enter__();"
        "work.carry(PROBLEMS, ROWS[:1]); work.number(PROBLEMS, [ROWS[:1]]); os.kill(os.getpid(), 9)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, cwd=Path(__file__).parents[2]
    )
    assert ended.returncode == -9, ended.stderr.decode()
    assert _content(file) == before
    with opened(file) as ledger:
        assert not ledger.in_progress()
        assert merge(ledger).numbers == ("WT-001", "WT-002", "WT-003")


def _content(file):
    with sqlite3.connect(file) as connection:
        names = ("judgements", "edits", "members", "items", "events", "snapshots", "settings")
        return {name: connection.execute(f"select * from {name}").fetchall() for name in names}


def test_a_run_that_is_not_committed_changes_nothing(tmp_path):
    with opened(tmp_path / "台账.db") as ledger:
        merge(ledger, commit=False)
        assert ledger.log() == []
        merge(ledger)
        assert ledger.log("WT-001")[0].text == "编号"


def test_a_page_judges_while_a_run_works_and_its_word_is_the_later(tmp_path):
    file = tmp_path / "台账.db"
    cell = ("WT-001", "problem_list", "title")
    with opened(file) as ledger:
        merge(ledger, written={cell: "停水不通知"})
        with ledger.run() as run:
            with opened(file, Stamp("2022-07-15T10:00:00", "王五")) as page:
                made = page.decide("problems", lines(page, "A", "A"), "page", op="p")
                page.edit(cell, "停水通知不及时", "停水不通知", "page")
            run.carry(PROBLEMS, ROWS)
            run.number(PROBLEMS, [[one] for one in ROWS])
            run.remember(Outcome({cell: "停水不通知"}, {}))
            run.commit({})
        assert [one.number for one in ledger.judgements()] == [made.number]
        assert ledger.edits()[cell].value == "停水通知不及时"
        with ledger.run() as run:
            assert [one.same for one in run.carry(PROBLEMS, ROWS).constraints] == [True]


def decide_at_once(open_it, workers=4, each=8):
    """Several pages at once; returns the numbers given."""

    def work(worker):
        with open_it() as ledger:
            own = [[ledger.line("", f"{worker}之{n}的{side}", "A") for side in "甲乙"] for n in range(each)]
            return [ledger.decide("problems", pair, "page", op=f"{worker}-{n}").number for n, pair in enumerate(own)]

    with ThreadPoolExecutor(workers) as pool:
        return [number for numbers in pool.map(work, range(workers)) for number in numbers]


def test_several_pages_at_once_lose_nothing(tmp_path):
    numbers = decide_at_once(lambda: opened(tmp_path / "台账.db"))
    assert sorted(numbers) == [f"JD-{n:03d}" for n in range(1, 33)]
    with opened(tmp_path / "台账.db") as ledger:
        assert len(ledger.judgements()) == 32


@pytest.mark.parametrize("name", ["a?b", "a%20b", "甲 乙#1"])
def test_a_folder_may_have_any_name(tmp_path, name):
    folder = tmp_path / name
    folder.mkdir()
    with opened(folder / "台账.db") as ledger:
        merge(ledger)
    assert (folder / "台账.db").stat().st_size
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_ledger_that_was_there_is_never_made_anew_in_silence(tmp_path):
    file = tmp_path / "台账.db"
    with pytest.raises(LedgerError, match="没有找到"), opened(file, expected=True):
        pass
    assert not file.exists()
    file.touch()
    with pytest.raises(LedgerError, match=r"0 字节.*备份"), opened(file, expected=True):
        pass
    assert file.stat().st_size == 0
    with opened(file):  # what a first run that was killed leaves
        pass


def test_a_damaged_ledger_says_what_to_do(tmp_path):
    file = tmp_path / "台账.db"
    file.write_bytes(b"not a database" * 500)
    with pytest.raises(LedgerError, match=r"已损坏.*备份"), opened(file):
        pass
    with opened(tmp_path / "b.db") as ledger:
        merge(ledger)
    content = bytearray((tmp_path / "b.db").read_bytes())
    content[4096:12288] = b"\xff" * 8192
    (tmp_path / "b.db").write_bytes(content)
    with pytest.raises(LedgerError, match=r"损坏|不能读写"), opened(tmp_path / "b.db") as ledger:
        ledger.log()


def test_a_newer_ledger_is_left_alone(tmp_path):
    file = tmp_path / "台账.db"
    with opened(file):
        pass
    with sqlite3.connect(file) as connection:
        connection.execute("update settings set value = '9' where name = 'schema'")
    with pytest.raises(LedgerError, match="更新版本"), opened(file):
        pass


@pytest.mark.parametrize("url", ["不是地址", "nosuch://a/b", "postgresql://127.0.0.1:1/none"])
def test_a_wrong_address_names_the_setting_or_the_remedy(tmp_path, url):
    with pytest.raises(LedgerError, match="台账"), open_ledger(tmp_path / "台账.db", url, STAMP, normal_form):
        pass


def test_numbers_are_not_taken_over_from_another_year(tmp_path):
    with opened(tmp_path / "台账.db") as ledger:
        assert merge(ledger, scheme_round="2022").numbers == ("WT-001", "WT-002", "WT-003")
        assert merge(ledger, scheme_round="2022").numbers == ("WT-001", "WT-002", "WT-003")
        assert merge(ledger, scheme_round="2023").numbers == ("WT-004", "WT-005", "WT-006")


# ---- version 1 ----
@pytest.fixture
def old(tmp_path):
    shutil.copy(V1, tmp_path / "台账.db")
    return tmp_path / "台账.db"


def test_decisions_of_version_1_become_judgements_of_two_lines(old):
    with opened(old) as ledger:
        one, two = ledger.judgements()
        assert [(one.same, one.form_a) for one in ledger.constraints_for("problems")] == [
            (False, "公厕味道大公厕保洁不到位群众有意见"),
            (True, "停水不通知停水检修不提前通知居民有意见"),
        ]
    assert [line.mark for line in one.lines] == ["A", "B"]
    assert [line.mark for line in two.lines] == ["A", "A"]
    assert (one.number, two.number, two.at) == ("JD-001", "JD-002", "2022-07-15")
    assert two.lines[1].unit == "县财政局"


def test_edits_history_and_numbers_of_version_1_are_kept(old):
    with sqlite3.connect(old) as connection:
        told = connection.execute("select item, text from events order by id").fetchall()
        edits = connection.execute("select item, sheet, key, value from edits where in_force").fetchall()
        members = connection.execute("select list, unit, form, item from members order by 1, 2, 3").fetchall()
    with opened(old) as ledger:
        assert [(record.item, record.text) for record in ledger.log()] == told
        typed = ("application", "opinion", "closing", "closed_on")
        assert {(*cell, edit.value) for cell, edit in ledger.edits().items()} == {
            edit for edit in edits if edit[2] not in typed
        }
        with ledger.run() as run:
            closings = run.followed.closings
            assert (closings["CS-001"].state, str(closings["CS-001"].closed_on)) == ("已销号", "2022-07-10")
            assert (closings["CS-002"].state, closings["CS-002"].opinion) == ("退回", "补充照片")
    with sqlite3.connect(old) as connection:
        assert connection.execute("select list, unit, form, item from members order by 1, 2, 3").fetchall() == members
        assert connection.execute("select value from settings where name = 'schema'").fetchone() == ("3",)
        assert not connection.execute("select name from sqlite_master where name = 'decisions'").fetchall()
        counts = connection.execute("select counts from runs where counts is not null order by id").fetchall()
    assert [json.loads(count)["文件"] for (count,) in counts] == [5, 5, 6]


def test_rows_of_version_1_keep_their_numbers(old):
    rows = [
        row(3, "县教育局", "窗口排队久", "窗口少，平均等待40分钟。"),
        row(2, "白露镇", "窗口排队久", "窗口少，平均等待40分钟。"),
    ]
    with opened(old) as ledger, ledger.run(scheme_round="2022") as run:
        carried = run.carry(PROBLEMS, rows)
        assert set(carried.settled.values()) == {"WT-001"}
        assert run.number(PROBLEMS, [rows]).numbers == ("WT-001",)
        run.commit({})
    with opened(old) as ledger, ledger.run(scheme_round="2022") as run:
        run.carry(PROBLEMS, rows)
        assert run.number(PROBLEMS, [rows]).numbers == ("WT-001",)


def test_a_migration_that_fails_leaves_version_1_as_it_was(old):
    before = old.read_bytes()

    def broken(_):
        raise RuntimeError

    with pytest.raises(RuntimeError), open_ledger(old, "", STAMP, broken):
        pass
    with sqlite3.connect(old) as connection:
        assert connection.execute("select value from settings where name = 'schema'").fetchone() == ("1",)
    assert old.read_bytes() == before


def test_the_log_of_a_project_without_ledger_is_empty(tmp_path):
    assert read_log(tmp_path / "台账.db", "", normal_form) == []
    assert list(tmp_path.iterdir()) == []
