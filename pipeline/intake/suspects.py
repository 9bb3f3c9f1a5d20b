"""What should make one look twice at a workbook: sheets that are void, samples or another year's, and another unit's name in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline import findings
from pipeline.findings import Finding, Place
from pipeline.intake.basics import named_unit
from pipeline.intake.grid import Grid
from pipeline.intake.sheets import Sheet
from pipeline.intake.values import of_another_place, unit_name
from pipeline.scheme import Scheme, fold_name

_VOID = re.compile(r"作废|样表|样例|示例|模板|范本|旧表|旧版|备份")
_YEAR = re.compile(r"(20\d{2})年")
_TITLE = re.compile(r"(?:问题|原因|措施|整改|任务|责任).{0,12}(?:清单|台账|汇总|一览)?表?(?:[（(].*[）)])?$")
_LONGEST = 60
"""A longer text is no title."""


def suspects(sheets: Sequence[Sheet], scheme: Scheme, unit: str, file: str) -> Iterator[Finding]:
    """A finding for every sheet that does not look like this round's, and wherever another unit of the roster is named as whose it is."""
    for sheet in sheets:
        if not sheet.regions:
            continue
        place = Place(file, sheet.grid.name)
        what = _not_of_this_round(sheet.grid.name, scheme)
        if what:
            yield findings.SUSPECT_SHEET.at(place, sheet=sheet.grid.name, what=what)
        other = unit_in(sheet.grid.name, scheme)
        if other and unit and other != unit:
            yield findings.OTHER_UNIT.at(place, other, where=f"工作表名“{sheet.grid.name}”", unit=unit)
        yield from _others_in(sheet.grid, scheme, unit, place)


def _not_of_this_round(name: str, scheme: Scheme) -> str:
    if match := _VOID.search(name):
        return f"写着“{match[0]}”"
    years = {scheme.settings.year, scheme.deadline_year}
    if (match := _YEAR.search(name)) and int(match[1]) not in years:
        return f"写着 {match[1]} 年"
    return ""


def _others_in(grid: Grid, scheme: Scheme, unit: str, place: Place) -> Iterator[Finding]:
    for row in range(grid.height):
        texts = [
            (column, text) for column in range(min(grid.width(row), 40)) if (text := grid.text(row, column).strip())
        ]
        for column, text in texts:
            if len(text) > _LONGEST:
                continue
            said = named_unit(text)
            if said:
                name, hint = unit_name(said, scheme)
                other = name if hint is None and name in scheme.unit_order else ""
            else:
                other = unit_in(text, scheme) if len(texts) == 1 and _TITLE.search(text) else ""
            if other and unit and other != unit:
                here = Place(place.file, place.sheet, grid.at(row, column))
                yield findings.OTHER_UNIT.at(here, other, where=f"“{text}”", unit=unit)


def unit_in(text: str, scheme: Scheme) -> str:
    """The one unit of the roster whose name, the longest that fits, stands in a text; "" if none or several do.

    Another place's name before it (青川县教育局) makes it another unit.
    """
    folded = fold_name(text)
    inside: dict[str, int] = {}
    for spelling, name in scheme.unit_names.items():
        if len(spelling) >= 3 and spelling in folded and not of_another_place(folded, spelling, scheme):
            inside[name] = max(inside.get(name, 0), len(spelling))
    longest = [name for name, length in inside.items() if length == max(inside.values())]
    return longest[0] if len(longest) == 1 else ""
