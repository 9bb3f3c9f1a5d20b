"""序号 of a sheet, repaired where missing or repeated, and said so."""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline import findings
from pipeline.cells import column_letter, shown
from pipeline.findings import Finding, Place
from pipeline.intake.headers import Header
from pipeline.intake.rows import RawRow
from pipeline.text import fold, read_numeral

_NUMBER = re.compile(r"^[（(]?(\d{1,4})[）)]?[.、．]?$")
_CHINESE = re.compile(r"^[（(]?([一二三四五六七八九十]{1,3})[）)]?[、.．]?$")


def repair_numbers(rows: list[RawRow], header: Header, place: Place) -> tuple[list[int], list[Finding]]:
    """A number for each row, unique in the sheet: as written where it can be, else the row's own position.

    A position that another row has by right is passed over for the next free number.
    """
    written = [read_number(shown(row.values.get("seq"))) for row in rows]
    letter = column_letter(header.columns["seq"]) if "seq" in header.columns else "A"
    taken: dict[int, int] = {}
    for index, number in enumerate(written):
        if number is not None:
            taken.setdefault(number, index)
    numbers: list[int] = []
    notes: list[Finding] = []
    for index, (row, number) in enumerate(zip(rows, written, strict=True)):
        here = replace(place, cell=f"{letter}{row.number}", column="序号")
        text = shown(row.values.get("seq")).strip()
        if number is not None and taken[number] == index:
            numbers.append(number)
            if not text.isascii() or not text.isdigit():
                notes.append(findings.SEQ_ODD.at(here, text, meaning=number))
            continue
        free = index + 1
        while free in taken:
            free = max(taken) + 1
        taken[free] = index
        numbers.append(free)
        if number is not None:
            notes.append(findings.SEQ_REPEATED.at(here, text, other=rows[taken[number]].number, meaning=free))
        elif "seq" in header.columns:
            rule = findings.SEQ_ODD if text else findings.SEQ_MISSING
            notes.append(rule.at(here, text, meaning=free))
    return numbers, notes


def read_number(text: str) -> int | None:
    """The number that 序号 as written means: 3, 3., （3）, 三、; None where it is none."""
    folded = fold(text)
    if match := _NUMBER.match(folded):
        return int(match[1])
    if match := _CHINESE.match(folded):
        return read_numeral(match[1])
    return None
