"""What the office wrote over a merged item's value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """Item `item`'s column `column` (of `sheet`, a list's key) shall be `value`; `base` is what the departments' rows gave then."""

    item: str
    sheet: str
    column: str
    value: str
    base: str
    day: str

    @property
    def cell(self) -> tuple[str, str, str]:
        """What identifies the cell."""
        return self.item, self.sheet, self.column


def new_edits(
    written: dict[tuple[str, str, str], str],
    found: dict[tuple[str, str, str], str],
    known: dict[tuple[str, str, str], Edit],
    bases: dict[tuple[str, str, str], str],
    day: str,
) -> tuple[list[Edit], list[Edit]]:
    """(edits made, edits taken back) since a summary was written, cells being (item, sheet, column).

    `written` is what the program wrote, `found` what stands there now, `known` the edits in force, `bases` the departments' values.
    A cleared cell takes an edit back; clearing what was never edited means nothing, the departments' value comes again.
    """
    made, taken_back = [], []
    for cell, value in found.items():
        if cell not in written or value == written[cell]:
            continue
        if value:
            made.append(Edit(*cell, value, known[cell].base if cell in known else bases.get(cell, ""), day))
        elif cell in known:
            taken_back.append(known[cell])
    return made, taken_back
