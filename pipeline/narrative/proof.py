"""The narrative read again: no sentence in it is nobody's.

Every paragraph must be the scheme's own text or made of texts that stand in the lists of the workbook, marked 入文. The
lists and figures are taken from what was written; how a text becomes a sentence (`as_sentence`) is the narrative's own rule.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.consolidation import Result
from pipeline.matching import strip_number
from pipeline.narrative.outline import as_sentence
from pipeline.publishing import VerificationError
from pipeline.scheme import PLACEHOLDER, SUM_PREFIX, Scheme
from pipeline.tables import BASIC, RETURNS_STATE, cause_list, problem_list, task_list
from pipeline.text import date_text
from pipeline.vocabulary import FileState, Included

Lists = Mapping[str, Sequence[Mapping[str, Any]]]
"""Title of a list -> its lines by column title."""

_CHINESE = "一二三四五六七八九十"
_ORDER = re.compile(rf"\d{{1,4}}[、.]|[{_CHINESE}]{{1,3}}(?:是|、)|（(?:\d{{1,2}}|[{_CHINESE}]{{1,3}})）")
_GAP = re.compile(r"【待补充：[^】]*】")
_INCLUDED = (Included.YES, Included.ALWAYS)
_LISTS = (problem_list(), cause_list(), task_list())


def check_texts(
    texts: Sequence[str],
    lists: Lists,
    scheme: Scheme,
    values: Mapping[str, str],
    template: Sequence[str] = (),
    uncut: Sequence[str] = (),
) -> None:
    """Every paragraph is the scheme's text with the workbook's figures, or texts of items marked 入文 in their lists.

    `uncut` are texts of items that a cell cannot hold whole. VerificationError quotes the first one that is neither.
    """
    settings = scheme.settings
    whole = {settings.printed_title, settings.secrecy, settings.signature, "目　录", "", *template}
    if settings.issued_on:
        whole.add(date_text(settings.issued_on))
    pieces = {direction + "。" for direction in scheme.directions} | {aspect.full for aspect in scheme.aspects}
    pieces |= {part.title for part in scheme.parts if part.title}
    pieces |= {as_sentence(text, settings.tidy) for text in uncut}
    whole |= set(settings.attachments)
    for part in scheme.parts:
        for line in part.content.splitlines():
            whole.add(PLACEHOLDER.sub(lambda match: values.get(match[1], f"【待补充：{match[1]}】"), line.strip()))
    for sheet in _LISTS:
        for row in lists[sheet.title]:
            if row["入文"] in _INCLUDED:
                said = ("title", "wording") if str(row["文稿文字"] or "").strip() else ("title", "detail", "example")
                for column in (column for column in sheet if column.key in said):
                    text = str(row[column.title] or "")
                    text = strip_number(text) if column.key == "title" else text
                    pieces.add(as_sentence(text, settings.tidy))
    ordered = sorted(pieces - {""}, key=len, reverse=True)
    for text in texts:
        bare = re.sub(r"^(附件：|　+)?(\d+\.)?", "", text) if settings.attachments else text
        if text not in whole and bare not in whole and not _made_of(_without_page(text), ordered):
            raise VerificationError(f"文稿中有一段既不是方案的文字，也不是清单中入文的文字：{text[:60]}")


def chosen_problems(lists: Lists, scheme: Scheme) -> list[Mapping[str, Any]]:
    """The lines of 问题清单 that stand in the document: marked 入文, and under one of the aspects."""
    shorts = {aspect.short for aspect in scheme.aspects}
    return [row for row in lists[problem_list().title] if row["入文"] in _INCLUDED and row["对照方面"] in shorts]


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


def written_values(merged: Result, lists: Lists) -> dict[str, str]:
    """What the placeholders stand for, counted in the lists that were written wherever a list has it."""
    scheme, settings = merged.scheme, merged.scheme.settings
    problems = lists[problem_list().title]
    values: dict[str, object] = {
        "问题数": len(problems),
        "原因数": len(lists[cause_list().title]),
        "措施数": len(lists[task_list().title]),
        "入文问题数": len(chosen_problems(lists, scheme)),
        "方面数": len(scheme.aspects),
        "应报单位数": len(scheme.roster),
        "填报单位数": len(
            {row["单位"] for row in lists[RETURNS_STATE.title] if row["状态"] == FileState.TAKEN}
            & set(scheme.unit_order)
        ),
        "年度": settings.year,
        "单位名称": settings.unit,
        "会议主题": settings.theme,
        "文稿标题": settings.plain_title,
    }
    days = {"基准日期": merged.base, "报送截止": settings.submit_by}
    values |= {name: date_text(day) for name, day in days.items() if day}
    for key in ("studies", "opinions", "talks"):
        given = [facts[key] for facts in merged.intake.facts.values() if facts.get(key) is not None]
        title = BASIC.column(key).title
        if given:
            values[f"{SUM_PREFIX}{title}"] = sum(number for number in given if number is not None)
        own = getattr(scheme.body, key) if scheme.body else values.get(f"{SUM_PREFIX}{title}")
        if own is not None:
            values[title] = own
    return {name: str(value) for name, value in values.items() if value != ""}
