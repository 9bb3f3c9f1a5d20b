"""序号 of a table, repaired where missing or repeated, and said so."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pipeline import findings
from pipeline.findings import Finding, Place
from pipeline.text import fold, read_numeral

_PIECE = r"(?:\d{1,4}|[一二三四五六七八九十]{1,3}|[①-⑳])"
_PATH = re.compile(rf"^第?[（(]?{_PIECE}[）)]?(?:[-—.．、]?[（(]?{_PIECE}[）)]?){{0,3}}[、.．:：)）]?[条项个]?$")
_PIECES = re.compile(_PIECE)


def number_path(text: str) -> tuple[int, ...]:
    """What 序号 as written means, level by level: 3, （3）, 三、 -> (3,); 1.2, 1-2, 一、2, （一）2 -> (1, 2); () for no number."""
    folded = fold(text)
    if not folded or len(folded) > 16:
        return ()
    if re.fullmatch(r"[①-⑳]", text.strip()):
        return (ord(text.strip()) - ord("①") + 1,)
    match = _PATH.match(folded)
    if not match:
        return ()
    try:
        return tuple(read_numeral(piece) for piece in _PIECES.findall(folded))
    except ValueError:
        return ()


@dataclass(frozen=True)
class Numbered:
    """序号 of one row as it stands: its text ("" if blank), and the cell to name."""

    text: str
    row: int
    cell: str


def repair_numbers(written: list[Numbered], has_column: bool, place: Place) -> tuple[list[int], list[Finding]]:
    """A number for each row, unique in the table: as written where it can be, else the row's own position.

    A position that another row has by right is passed over for the next free number.
    """
    paths = [number_path(entry.text) for entry in written]
    plain = [path[0] if len(path) == 1 else None for path in paths]
    taken: dict[int, int] = {}
    for index, number in enumerate(plain):
        if number is not None:
            taken.setdefault(number, index)
    seen: dict[tuple[int, ...], int] = {}
    numbers: list[int] = []
    notes: list[Finding] = []
    for index, (entry, number, path) in enumerate(zip(written, plain, paths, strict=True)):
        here = replace(place, cell=entry.cell, column="序号")
        if number is not None and taken[number] == index:
            numbers.append(number)
            if not (entry.text.isascii() and entry.text.isdigit()):
                notes.append(findings.SEQ_ODD.at(here, entry.text, meaning=number))
            continue
        free = index + 1
        while free in taken:
            free = max(taken) + 1
        taken[free] = index
        numbers.append(free)
        if number is not None or (path and path in seen):
            other = written[taken[number] if number is not None else seen[path]].row
            notes.append(findings.SEQ_REPEATED.at(here, entry.text, other=other, meaning=free))
        elif has_column:
            rule = findings.SEQ_ODD if entry.text else findings.SEQ_MISSING
            notes.append(rule.at(here, entry.text, meaning=free))
        seen.setdefault(path, index)
    return numbers, notes
