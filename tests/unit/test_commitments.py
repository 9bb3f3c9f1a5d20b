"""Commitments with a figure: held against rows that another hand labelled (tests/data/commitments)."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pipeline.progress.commitments import Comparison, find_commitments

DATA = Path(__file__).parents[1] / "data" / "commitments"


def labelled(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def count(rows: list[dict[str, Any]]) -> Counter[str]:
    """A find is right if its figure lies in a label's quote; one in a piece that may go either way counts nowhere."""
    counts: Counter[str] = Counter()
    for row in rows:
        left = list(row["commitments"])
        for found in find_commitments(row["title"], row["text"]):
            field = "title" if found.in_title else "text"
            hit = next(
                (
                    label
                    for label in left
                    if label["in"] == field
                    and label["at"] <= found.figure[0]
                    and found.figure[1] <= label["at"] + len(label["quote"])
                ),
                None,
            )
            if hit is not None:
                left.remove(hit)
                counts["right"] += 1
                counts["compare"] += hit["compare"] == found.compare
                counts["value"] += abs(hit["value"] - found.value) < 1e-6
                counts["period"] += hit["period"] == found.period
            elif not any(_within(found.figure, piece["quote"], row[field]) for piece in row.get("either", ())):
                counts["false"] += 1
        counts["missed"] += len(left)
    return counts


def _within(figure: tuple[int, int], quote: str, text: str) -> bool:
    at = text.find(quote)
    return at >= 0 and at < figure[1] and figure[0] < at + len(quote)


def precision(counts: Counter[str]) -> float:
    return counts["right"] / (counts["right"] + counts["false"])


def recall(counts: Counter[str]) -> float:
    return counts["right"] / (counts["right"] + counts["missed"])


def test_the_rows_it_was_made_on_are_found() -> None:
    counts = count(labelled("commitments")[::2])
    assert precision(counts) >= 0.95
    assert recall(counts) >= 0.95


def test_rows_it_was_not_made_on() -> None:
    """Odd rows: never looked at. The goal of 0.90 for recall is not reached; what is reached must not be lost."""
    counts = count(labelled("commitments")[1::2])
    assert precision(counts) >= 0.95
    assert recall(counts) >= 0.85
    for name in ("compare", "value", "period"):
        assert counts[name] / counts["right"] >= 0.95, name


def test_hard_figures_chosen_by_eye() -> None:
    counts = count(labelled("commitments_traps"))
    assert precision(counts) >= 0.95
    assert recall(counts) >= 0.95


@pytest.mark.parametrize(
    "text",
    [
        "2022年6月30日前完成整改。",
        "认真落实“三重一大”制度，一律公开。",
        "第3次会议专题研究。",
        "贯彻中央八项规定精神，狠抓五个一工程。",
        "5万元以下的支出由课题负责人审批。",
        "累计三次迟到的取消评先资格。",
        "打通服务群众最后一公里，整改一处销号一处。",
    ],
)
def test_what_is_no_commitment_is_not_one(text: str) -> None:
    assert find_commitments("", text) == ()


@pytest.mark.parametrize(
    ("text", "compare", "value", "measure", "period"),
    [
        ("每年集中学习20次以上。", Comparison.AT_LEAST, 20, "次", "每年"),
        ("一般性支出压减20%。", Comparison.AT_LEAST, 20, "%", ""),
        ("９月底前整改５项。", Comparison.AT_LEAST, 5, "项", ""),
        ("综合报告不超过3000字。", Comparison.AT_MOST, 3000, "字", ""),
        ("一般事项3个工作日内办结。", Comparison.AT_MOST, 3, "个工作日", ""),
        ("办结率达到100%。", Comparison.EXACTLY, 100, "%", ""),
        ("每半年开展一次督查。", Comparison.AT_LEAST, 1, "次", "每半年"),
    ],
)
def test_how_a_commitment_is_read(text: str, compare: Comparison, value: float, measure: str, period: str) -> None:
    (found,) = find_commitments("", text)
    assert (found.compare, found.value, found.measure, found.period) == (compare, value, measure, period)
    assert found.quote in text.translate(str.maketrans("９５", "95"))


def test_what_the_title_repeats_is_found_once() -> None:
    found = find_commitments("每月至少学习1次", "每月至少集中学习1次，学用结合。")
    assert [one.in_title for one in found] == [False]
