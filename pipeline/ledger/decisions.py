"""A person's 处理意见 on a pair of texts: kept by what the texts say, so that it outlives wording, files and numbers."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.matching import Ruling, normal_form


@dataclass(frozen=True, slots=True)
class Decision:
    """`table` key, the two texts with their units, whether they are the same, and the day (ISO) on which it was read."""

    table: str
    unit_a: str
    text_a: str
    unit_b: str
    text_b: str
    same: bool
    day: str

    @property
    def pair(self) -> tuple[str, str, str]:
        """What identifies the pair: the table and the two texts in normal form, in either order."""
        one, two = sorted((normal_form(self.text_a), normal_form(self.text_b)))
        return self.table, one, two


def rulings_of(decisions: list[Decision], table: str) -> list[Ruling]:
    """The decisions of one table as the matching room obeys them, in the order in which they were taken."""
    return [
        Ruling(decision.pair[1], decision.pair[2], decision.same, decision.day)
        for decision in decisions
        if decision.table == table
    ]
