"""A sheet below its header -> rows; what is not a row (signatures, subtotals, repeated headers …) is said with its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline import findings
from pipeline.cells import Value, address, column_letter
from pipeline.findings import Finding, Place
from pipeline.intake.grid import Grid
from pipeline.intake.headers import Header, fold_header, match_header

_SIGNATURE = re.compile(
    r"^[（(]?(填报人|填表人|制表人?|审核人?|审签人?|复核人?|经办人|负责人|单位负责人|主要负责人|分管领导|签发人?|联系人|联系电话|电话|"
    r"填报单位|报送单位|填报日期|填报时间|填表日期|报送日期|日期|单位[（(]?盖章|单位|盖章|公章)[^：:]{0,8}[：:]"
)
_NOTE = re.compile(r"^[（(]?(注|备注|说明|填表说明|填报说明|填写说明)\d?[：:]")
_SIGN_OFF = re.compile(r"^(（盖章）|\(盖章\)|单位盖章|以下(无正文|空白)|此页无正文)")
_TOTAL = re.compile(r"^(本页|本表|以上)?(合计|小计|总计|共计|累计)([：:（(\d].*)?$|^共\s*\d+\s*[条项个]")
_EXAMPLE = re.compile(r"^[（(【\[]?(示例|样例|填写示例|例)[）)】\]：:、\d]|^(示例|样例|例)$|^例如?[：:]")
_PAGE = re.compile(r"^(第\s*\d+\s*页|续表|（续）|—?\s*\d+\s*—)$")


@dataclass(frozen=True)
class RawRow:
    """A data row as it stands: `values` by column key, `extras` for columns that we do not know. `number` is Excel's."""

    number: int
    values: dict[str, Value]
    extras: list[tuple[str, str]] = field(default_factory=list)


def read_rows(grid: Grid, header: Header, end: int, place: Place) -> tuple[list[RawRow], list[Finding]]:
    """The rows between `header` and grid row `end` (exclusive), and findings on what was not taken as a row."""
    rows: list[RawRow] = []
    notes: list[Finding] = []
    titles = {column: header.table.column(key).title for key, column in header.columns.items()}
    for number in range(header.bottom + 1, end):
        own = {column: text for column in range(grid.width(number)) if (text := grid.text(number, column))}
        if _is_blank(own, header):
            continue
        here = Place(place.file, place.sheet, address(number, min(own)))
        what = _not_a_row(own, header)
        if what:
            notes.append(findings.SKIPPED_ROW.at(here, "　".join(own.values())[:300], what=what))
            continue
        if number in grid.hidden_rows:
            notes.append(findings.HIDDEN_ROW.at(here, next(iter(own.values()))[:80]))
        values = {key: _value(grid, header, key, number) for key in header.columns}
        known = set(header.columns.values())
        extras = [
            (header.extras.get(column) or f"{column_letter(column)}列（无表头）", text)
            for column, text in own.items()
            if column not in known
        ]
        notes += _error_values(grid, number, titles, place)
        rows.append(RawRow(number + 1, values, extras))
    return rows, notes


def _is_blank(own: dict[int, str], header: Header) -> bool:
    """No content of its own: empty, or nothing but a printed 序号."""
    seq = header.columns.get("seq")
    return not own or (
        set(own) == {seq} and re.fullmatch(r"\s*[\d.、]+\s*", own[seq]) is not None if seq is not None else False
    )


def _value(grid: Grid, header: Header, key: str, row: int) -> Value:
    column = header.columns[key]
    value = grid.value(row, column)
    if grid.text(row, column):
        return value
    first = grid.merged_above(row, column) if header.table.column(key).repeats else None
    if first and first[0] > header.bottom:
        return grid.value(*first)
    return None


def _not_a_row(own: dict[int, str], header: Header) -> str:
    """What a line is, if it is not a data row; "" for a data row."""
    texts = [text.strip() for text in own.values()]
    first = texts[0]
    content = [own[column] for key, column in header.columns.items() if key in ("title", "detail") and column in own]
    if _is_repeated_header(own, header):
        return "重复的表头"
    if any(_EXAMPLE.search(text) for text in (first, *(text.strip() for text in content))):
        return "示例行"
    alone = len(texts) == 1
    if all(_SIGNATURE.search(text) or _looks_like_tail(text) for text in texts) and any(
        _SIGNATURE.search(text) for text in texts
    ):
        return "落款（签名）行"
    if alone and (_SIGNATURE.search(first) or _SIGN_OFF.search(first)):
        return "落款（签名）行"
    if _NOTE.search(first) and len(texts) <= 2:
        return "注释行"
    if _TOTAL.search(first) or (content and all(_TOTAL.search(text.strip()) for text in content)):
        return "合计（小计）行"
    if alone and _PAGE.search(first):
        return "页码行"
    if alone and not content and not first.isdigit() and _is_heading(first):
        return "分类小标题行"
    return ""


def _looks_like_tail(text: str) -> bool:
    """Short text beside a signature: a name, a date, a telephone number."""
    return len(text) <= 12


def _is_heading(text: str) -> bool:
    return bool(re.match(r"^[（(]?[一二三四五六七八九十\d]+[）)、.．]", text)) or text.endswith(
        ("方面", "类", "情况", "清单", "表")
    )


def _is_repeated_header(own: dict[int, str], header: Header) -> bool:
    hits = sum(
        1
        for column, text in own.items()
        if (match := match_header(text, header.table)) and match[1] and header.columns.get(match[0]) == column
    )
    same = sum(
        1
        for column, text in own.items()
        if column in header.extras and fold_header(text) == fold_header(header.extras[column])
    )
    return hits >= 2 and hits + same >= 0.6 * len(own)


def _error_values(grid: Grid, row: int, titles: dict[int, str], place: Place) -> Iterator[Finding]:
    if not grid.errors:
        return
    for column, title in titles.items():
        cell = address(row, column)
        if cell in grid.errors:
            what = grid.errors[cell]
            yield findings.ERROR_VALUE.at(
                Place(place.file, place.sheet, cell, title), "（公式没有计算结果）" if what == "公式" else what
            )
