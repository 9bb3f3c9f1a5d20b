"""The outputs read again before they are put in place: they open, their counts agree, and no sentence is nobody's.

What is compared is what was written: the narrative against the lists of the workbook and the scheme's own text, the
workbook against the rows that came in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import python_calamine

from pipeline.findings import Finding
from pipeline.matching import strip_number
from pipeline.consolidation import Merged
from pipeline.narrative import as_sentence, read_narrative
from pipeline.scheme import PLACEHOLDER, Scheme
from pipeline.summary import SUMMARY_FILE
from pipeline.tables import (
    FINDINGS,
    NARRATIVE_FILE,
    RETURNS_STATE,
    REVIEW_FILE,
    TRACE,
    cause_list,
    problem_list,
    task_list,
)

_CHINESE = "一二三四五六七八九十"
_ORDER = re.compile(rf"\d{{1,4}}[、.]|[{_CHINESE}]{{1,3}}(?:是|、)|（(?:\d{{1,2}}|[{_CHINESE}]{{1,3}})）")
_GAP = re.compile(r"【待补充：[^】]*】")
_SHEETS = {"problems": problem_list(), "causes": cause_list(), "measures": task_list()}


class VerificationError(Exception):
    """What was written is not what was meant. It is the program's fault; the earlier outputs stay."""


def verify(folder: Path, merged: Merged, findings: Sequence[Finding], template: Sequence[str] = ()) -> None:
    """Read 汇总台账.xlsx and the narrative in `folder` again; VerificationError names the first thing that is wrong.

    `template` are the texts that the office's own template brings. A workbook whose lists are in volumes (longer than a sheet) is opened, its lists are not counted.
    """
    book = python_calamine.load_workbook(str(folder / SUMMARY_FILE))
    wanted = {TRACE.title: merged.intake.rows_read, FINDINGS.title: len(findings)}
    wanted[RETURNS_STATE.title] = len(merged.intake.states)
    wanted |= {sheet.title: len(merged.items[key]) for key, sheet in _SHEETS.items()}
    lists: dict[str, list[dict[str, Any]]] = {}
    for title, count in wanted.items():
        rows = _rows(book, title)
        if rows and "分册" in rows[0]:
            return
        lists[title] = rows
        if len(rows) != count:
            raise VerificationError(f"汇总台账“{title}”应有 {count} 行，读回 {len(rows)} 行。")
    if not (folder / NARRATIVE_FILE).exists():
        return
    texts = read_narrative(folder / NARRATIVE_FILE)
    check_texts(texts, lists, merged.scheme, _values(merged, lists), template)
    if read_narrative(folder / REVIEW_FILE) != texts:
        raise VerificationError("核稿与文稿的正文不一致。")


def check_texts(
    texts: Sequence[str],
    lists: dict[str, list[dict[str, Any]]],
    scheme: Scheme,
    values: dict[str, str],
    template: Sequence[str] = (),
) -> None:
    """Every paragraph is the scheme's text with the workbook's figures, or texts of items marked 入文 in their lists.

    VerificationError quotes the first one that is neither.
    """
    settings = scheme.settings
    whole = {settings.document_title, settings.secrecy, settings.signature, "目　录", "", *template}
    if settings.issued_on:
        whole.add(f"{settings.issued_on.year}年{settings.issued_on.month}月{settings.issued_on.day}日")
    pieces = {direction + "。" for direction in scheme.directions} | {aspect.full for aspect in scheme.aspects}
    pieces |= {part.title for part in scheme.parts if part.title}
    whole |= set(settings.attachments)
    for part in scheme.parts:
        for line in part.content.splitlines():
            whole.add(PLACEHOLDER.sub(lambda match: values.get(match[1], f"【待补充：{match[1]}】"), line.strip()))
    for sheet in _SHEETS.values():
        for row in lists[sheet.title]:
            if row["入文"] == "是":
                for column in (column for column in sheet if column.key in ("title", "detail", "example")):
                    text = str(row[column.title] or "")
                    text = strip_number(text) if column.key == "title" else text
                    pieces.add(as_sentence(text, settings.tidy))
    ordered = sorted(pieces - {""}, key=len, reverse=True)
    for text in texts:
        bare = re.sub(r"^(附件：|　+)?(\d+\.)?", "", text) if settings.attachments else text
        if text not in whole and bare not in whole and not _made_of(_without_page(text), ordered):
            raise VerificationError(f"文稿中有一段既不是方案的文字，也不是清单中入文的文字：{text[:60]}")


def _without_page(text: str) -> str:
    """An entry of the table of contents without its page."""
    return re.sub(r"\t\d*$", "", text)


def _made_of(text: str, pieces: Sequence[str]) -> bool:
    """Whether a text is nothing but pieces, their numbers and marked gaps, one behind the other."""
    reachable = {0}
    for at in range(len(text)):
        if at not in reachable:
            continue
        reachable |= {at + len(piece) for piece in pieces if text.startswith(piece, at)}
        for pattern in (_ORDER, _GAP):
            match = pattern.match(text, at)
            if match:
                reachable.add(match.end())
    return len(text) in reachable


def _values(merged: Merged, lists: dict[str, list[dict[str, Any]]]) -> dict[str, str]:
    """What the placeholders stand for, counted in the lists that were written wherever a list has it."""
    scheme, settings = merged.scheme, merged.scheme.settings
    problems = lists[_SHEETS["problems"].title]
    values: dict[str, object] = {
        "问题数": len(problems),
        "原因数": len(lists[_SHEETS["causes"].title]),
        "措施数": len(lists[_SHEETS["measures"].title]),
        "入文问题数": sum(row["入文"] == "是" for row in problems),
        "方面数": len(scheme.aspects),
        "应报单位数": len(scheme.roster),
        "填报单位数": len({row["单位"] for row in lists[RETURNS_STATE.title] if row["状态"] == "已报"}),
        "年度": settings.year,
        "单位名称": settings.unit,
        "会议主题": settings.theme,
        "文稿标题": settings.plain_title,
    }
    days = {"基准日期": merged.base, "报送截止": settings.submit_by}
    values |= {name: f"{day.year}年{day.month}月{day.day}日" for name, day in days.items() if day}
    for key, name in (("studies", "集中学习研讨次数"), ("opinions", "征求意见条数"), ("talks", "谈心谈话人次")):
        given = [facts[key] for facts in merged.intake.facts.values() if facts.get(key) is not None]
        if given:
            values[name] = sum(number for number in given if number is not None)
    return {name: str(value) for name, value in values.items() if value != ""}


def _rows(book: Any, title: str) -> list[dict[str, Any]]:
    grid = book.get_sheet_by_name(title).to_python(skip_empty_area=False)
    header = [str(value) for value in grid[2]]
    return [dict(zip(header, row, strict=False)) for row in grid[3:] if any(value != "" for value in row)]
