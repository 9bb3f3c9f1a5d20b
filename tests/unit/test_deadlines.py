"""Deadlines as clerks write them."""

import datetime as dt
import json
from pathlib import Path

import openpyxl
import pytest
from conftest import MEASURE_HEADER, make_scheme, measure, problem_sheet

from pipeline.intake import read_submission
from pipeline.intake.deadlines import parse_deadline

DATA = Path(__file__).parents[1] / "data"
CASES = json.loads((DATA / "deadlines.json").read_text(encoding="utf-8"))
SAID = json.loads((DATA / "deadlines_said.json").read_text(encoding="utf-8"))
HELD_OUT = json.loads((DATA / "deadlines_heldout.json").read_text(encoding="utf-8"))
"""Labelled with SAID, looked at only when the reader was done; what was read wrongly in silence was mended then."""
BASE = dt.date(2022, 1, 20)


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_each_published_spelling_means_what_offices_mean(case):
    found = parse_deadline(case["text"], 2022, BASE)
    assert (found.kind, found.due and found.due.isoformat(), found.for_good) == (
        case["kind"],
        case["due"],
        case["long_term"],
    )


def written(case, sheet, cell):
    """Put a labelled cell into a sheet, as Excel would hold it."""
    labelled = case.get("cell")
    if labelled is None:
        sheet[cell] = case["text"]
        sheet[cell].data_type = "s"
        return
    value = labelled.get("formula") or labelled["value"]
    if labelled["type"] == "date":
        value = dt.datetime.fromisoformat(value)
    sheet[cell] = value
    if labelled["format"] != "General":
        sheet[cell].number_format = labelled["format"]


def read_cell(case, tmp_path):
    """The measure whose deadline is the labelled cell, and what is said of that cell."""
    book = openpyxl.Workbook()
    if case.get("cell", {}).get("date1904"):
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    basic = book.active
    basic.title = "基本信息"
    basic.append(["填报单位", "县教育局"])
    basic.append(["填报日期", case["filled"]])
    for name, rows in {
        "问题清单": problem_sheet([1, "学习", "甲", "甲。"]),
        "整改措施": [MEASURE_HEADER, measure(1, 1, "抓学习", "每月学。", deadline=None, 整改类型=None)],
    }.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    written(case, book["整改措施"], "L2")
    path = tmp_path / "报.xlsx"
    book.save(path)
    scheme = make_scheme(year=case["year"])
    found = read_submission(path.read_bytes(), path.name, scheme, dt.date.fromisoformat(case["base"]))
    row = next(row for row in found.rows if row.table == "measures")
    said = [finding for finding in found.findings if finding.place.cell == "L2"]
    return row, said


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("24小时内办结", None),
        ("接到投诉后24小时内办结，2022年6月底前完成", "2022-06-30"),
        ("方案印发后1个月内", None),
    ],
)
def test_hours_and_days_after_something_are_no_date(text, due):
    found = parse_deadline(text, 2022, BASE)
    assert (found.due and found.due.isoformat()) == due


@pytest.mark.parametrize("case", SAID, ids=[str(number) for number in range(len(SAID))])
def test_each_labelled_cell_is_understood_and_said_where_a_clerk_would_ring_up(case, tmp_path):
    row, said = read_cell(case, tmp_path)
    assert (row.due and row.due.isoformat()) in (case["due"], *case.get("also", ()))
    assert row.for_good is case["for_good"]
    assert bool([finding for finding in said if finding.code != "R16"]) is case["say"], [
        finding.message for finding in said
    ]


@pytest.mark.parametrize("case", HELD_OUT, ids=[str(number) for number in range(len(HELD_OUT))])
def test_a_cell_of_the_other_half_is_understood_or_left_to_a_person(case, tmp_path):
    row, said = read_cell(case, tmp_path)
    due = row.due and row.due.isoformat()
    if due is None:
        assert said or case["due"] is None
    else:
        assert due in (case["due"], *case.get("also", ()))
        assert row.for_good is case["for_good"]
    assert said or not case["say"]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("2022.6", "2022-06-30"),
        ("2021年12月—2022年3月", "2022-03-31"),
        ("六月三十日前", "2022-06-30"),
        ("2023年内", "2023-12-31"),
        ("30天内", "2022-02-19"),
        ("2022年二季度", "2022-06-30"),
        ("2024年2月底", "2024-02-29"),
        ("2022.03.01-2022.12.31", "2022-12-31"),
        ("2022年底前，其中一季度完成30%", "2022-12-31"),
        ("由2022年6月底调整为2022年9月底", "2022-09-30"),
        ("2022年“七一”前", "2022-06-30"),
        ("2022年年中", "2022-06-30"),
        ("元月底", "2022-01-31"),
        ("下月底", "2022-02-28"),
        ("6月初", "2022-06-10"),
        ("全年", "2022-12-31"),
        ("22年底", "2022-12-31"),
        ("不迟于2022年6月30日", "2022-06-30"),
    ],
)
def test_further_spellings(text, due):
    assert parse_deadline(text, 2022, BASE).due == dt.date.fromisoformat(due)


@pytest.mark.parametrize(
    "text",
    ["月底前", "适时推进", "2022年13月", "三月内", "2022年6月底前启动实施", "2022年暑期", "15日", "06/07/2022", "同上"],
)
def test_what_is_vague_or_impossible_is_said_and_never_guessed(text):
    found = parse_deadline(text, 2022, BASE)
    assert found.kind == "异常"
    assert found.due is None
    assert found.note


def test_date_cells_and_added_years():
    assert parse_deadline(dt.datetime(2022, 6, 30), 2022, BASE).due == dt.date(2022, 6, 30)
    assert "没有写年份" in parse_deadline("6月底前", 2022, BASE).note


def test_a_span_counts_from_the_day_of_the_form_and_stands_still():
    filled = dt.date(2022, 1, 10)
    for base in (BASE, dt.date(2022, 9, 1)):
        assert parse_deadline("3个月内", 2022, base, filled).due == dt.date(2022, 4, 10)


def test_a_number_that_may_have_lost_its_last_nought_is_not_guessed():
    assert parse_deadline(2022.1, 2022, BASE).kind == "异常"
    assert parse_deadline(2022.1, 2022, BASE, None, "2022.10").due == dt.date(2022, 10, 31)
