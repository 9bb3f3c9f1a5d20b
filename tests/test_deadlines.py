"""Deadlines as clerks write them."""

import datetime as dt
import json
from pathlib import Path

import pytest

from pipeline.intake.deadlines import parse_deadline

CASES = json.loads((Path(__file__).parent / "data" / "deadlines.json").read_text(encoding="utf-8"))
BASE = dt.date(2022, 1, 20)


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_each_published_spelling_means_what_offices_mean(case):
    found = parse_deadline(case["text"], 2022, BASE)
    assert (found.kind, found.due and found.due.isoformat(), found.for_good) == (
        case["kind"],
        case["due"],
        case["long_term"],
    )


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
    ],
)
def test_further_spellings(text, due):
    assert parse_deadline(text, 2022, BASE).due == dt.date.fromisoformat(due)


@pytest.mark.parametrize("text", ["月底前", "适时推进", "2022年13月", "三月内", "2022年6月底前启动实施"])
def test_what_is_vague_or_impossible_is_said_and_never_guessed(text):
    found = parse_deadline(text, 2022, BASE)
    assert found.kind == "异常"
    assert found.due is None
    assert found.note


def test_date_cells_and_added_years():
    assert parse_deadline(dt.datetime(2022, 6, 30), 2022, BASE).due == dt.date(2022, 6, 30)
    assert "没有写年份" in parse_deadline("6月底前", 2022, BASE).note
