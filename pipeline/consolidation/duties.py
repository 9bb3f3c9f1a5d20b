"""责任清单: who is responsible for what, unit by unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline import findings
from pipeline.consolidation.items import item_place
from pipeline.findings import Finding
from pipeline.intake.collect import Intake
from pipeline.records import Item
from pipeline.scheme import Scheme
from pipeline.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Duty:
    """A line of 责任清单."""

    unit: str
    role: Role
    leader: str
    person: str
    item: Item


def duties_of(measures: Sequence[Item], scheme: Scheme) -> list[Duty]:
    """The lines by unit, 牵头 before 配合.

    A unit's 责任领导 and 责任人 are those of the rows that name it as lead, or the office's own where it edited them.
    """
    duties: list[Duty] = []
    for item in measures:
        for name in item.leads:
            own = [row for row in item.rows if name in row.leads]
            leader, person = (
                item.cells[key] if key in item.edited else _joined(row.cells[key] for row in own)
                for key in ("leader", "person")
            )
            duties.append(Duty(name, Role.LEAD, leader, person, item))
        # a support unit's people are not known: nobody is put there who was not named for it
        duties += [Duty(name, Role.SUPPORT, "", "", item) for name in item.supports]
    return sorted(duties, key=lambda duty: (scheme.rank(duty.unit), duty.role is not Role.LEAD))


def _joined(texts: Iterable[str]) -> str:
    return "、".join(dict.fromkeys(text.strip() for text in texts if text.strip()))


def double_roles(measures: Sequence[Item], intake: Intake) -> list[Finding]:
    """Units that rows name as supporting what they lead."""
    found = []
    for item in measures:
        written = {name for row in item.rows for name in row.supports}
        found += [
            findings.LEAD_IS_SUPPORT.at(item_place(item, "support", "配合单位", intake), name, item=item.id)
            for name in item.leads
            if name in written
        ]
    return found
