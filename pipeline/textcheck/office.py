"""What the office wrote itself, in 文稿 and 文稿文字: looked through like the departments' texts."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline import findings
from pipeline.consolidation import Result, all_items
from pipeline.findings import Finding, Place
from pipeline.project import SCHEME_FILE
from pipeline.textcheck.texts import alien_words, left_over_words, own_names
from pipeline.textcheck.voice import item_cell
from pipeline.textcheck.words import superseded


def office_findings(merged: Result) -> list[Finding]:
    """Names of other places, what was left to fill in, and what is out of date."""
    own = own_names(merged)
    return [
        findings.OFFICE_TEXT.at(place, word, where=where, why=why)
        for text, place, where in _texts(merged)
        for word, why in (
            *((word, "不是本地、也不在名册和词库中的名称") for word in alien_words(text, own)),
            *((word, "占位或掩码字样") for word in left_over_words(text, merged.scheme)),
            *((word, f"过去的提法，现为{now}") for word, now, _ in superseded(text, merged.scheme.settings.year)),
        )
    ]


def _texts(merged: Result) -> Iterator[tuple[str, Place, str]]:
    for part in merged.scheme.parts:
        if part.content:
            yield part.content, Place(SCHEME_FILE, "文稿", part.cell, "内容"), "方案的文稿"
    for item in all_items(merged.items):
        if item.cells["wording"].strip():
            yield item.cells["wording"], item_cell(merged, item, "wording"), f"{item.id} 的文稿文字"
