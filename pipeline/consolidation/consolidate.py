"""All three tables merged, linked, selected and counted: what the outputs are written from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipeline import findings
from pipeline.findings import Finding
from pipeline.intake.collect import Intake
from pipeline.ledger import Retired
from pipeline.matching import Matching
from pipeline.consolidation.edited import Cells, apply_choices, apply_edits, editable_cells
from pipeline.consolidation.figures import Figures, count_figures
from pipeline.consolidation.items import Item, Memory, item_place, merge_items
from pipeline.consolidation.links import link_items
from pipeline.consolidation.selection import select_for_narrative
from pipeline.scheme import Scheme
from pipeline.tables import BASIC, INPUTS, PROBLEMS, Table


class ConservationError(Exception):
    """A row would be lost or doubled. It is the program's fault, and the run stops instead of writing."""


@dataclass(frozen=True, slots=True)
class Duty:
    """A line of 责任清单."""

    unit: str
    role: str
    leader: str
    person: str
    item: Item


@dataclass(frozen=True)
class Merged:
    """The merged lists with everything that the outputs need."""

    scheme: Scheme
    base: dt.date
    intake: Intake
    matchings: dict[str, Matching]
    items: dict[str, list[Item]]
    duties: list[Duty]
    figures: Figures
    findings: list[Finding]
    bases: Cells  # the departments' values of the editable cells, under any edit
    retired: dict[str, list[Retired]]

    def owner(self, table: str) -> dict[int, Item]:
        """Row position -> the item that it was taken into."""
        return {row: item for item in self.items[table] for row in item.rows}


def merge(
    intake: Intake, matchings: dict[str, Matching], scheme: Scheme, base: dt.date, memory: Memory | None = None
) -> Merged:
    """Merge the groups of every table; `memory` brings numbers and edits of earlier runs.

    Raises ConservationError if any row that was read is not in exactly one place.
    """
    found: list[Finding] = []
    items: dict[str, list[Item]] = {}
    retired: dict[str, list[Retired]] = {}
    memory = memory or Memory()
    for table in INPUTS:
        items[table.key], notes, retired[table.key] = merge_items(table, intake, matchings[table.key], scheme, memory)
        found += notes
        found += _contradictions(table, intake, matchings[table.key])
        found += [_retired(entry) for entry in retired[table.key]]
    _conserve(intake, items)
    bases = editable_cells(items)
    found += apply_edits(items, memory.edits, intake, scheme, base)
    link_items(items, intake)
    select_for_narrative(items, scheme)
    bases |= {cell: value for cell, value in editable_cells(items).items() if cell[2] == "included"}
    apply_choices(items, memory.edits)
    figures = count_figures(intake, items, sum(len(matching.doubts) for matching in matchings.values()), scheme, base)
    duties, notes = _duties(items["measures"], intake, scheme)
    found += notes
    found += _gaps(items, intake, scheme, figures)
    found += _compounds(intake, matchings)
    return Merged(scheme, base, intake, matchings, items, duties, figures, found, bases, retired)


def _conserve(intake: Intake, items: dict[str, list[Item]]) -> None:
    for key, frame in intake.frames.items():
        taken = sorted(row for item in items[key] for row in item.rows)
        wanted = [row for row, refused in enumerate(frame["refused"].tolist()) if not refused]
        if taken != wanted:
            raise ConservationError(f"{key}：读入 {len(wanted)} 行，归并后 {len(taken)} 行")


def _duties(measures: list[Item], intake: Intake, scheme: Scheme) -> tuple[list[Duty], list[Finding]]:
    """责任清单 by unit, 牵头 before 配合. A unit's 责任领导 and 责任人 are those of the rows that name it as lead,
    or the office's own where it edited them."""
    records = intake.frames["measures"].to_dict("records")
    duties: list[Duty] = []
    notes: list[Finding] = []
    for item in measures:
        rows = [records[row] for row in item.rows]
        leads = [name for name in item.values["lead"].split("、") if name]
        written = {name for row in rows for name in row["support"].split("、") if name}
        notes += [
            findings.LEAD_IS_SUPPORT.at(item_place(item, "support", "配合单位", intake), name, item=item.id)
            for name in leads
            if name in written
        ]
        for name in leads:
            own = [row for row in rows if name in row["lead"].split("、")]
            leader, person = (
                item.values[key] if key in item.edited else _first(row[key] for row in own)
                for key in ("leader", "person")
            )
            duties.append(Duty(name, "牵头", leader, person, item))
        # a support unit's people are not known: nobody is put there who was not named for it
        duties += [Duty(name, "配合", "", "", item) for name in item.values["support"].split("、") if name]
    duties.sort(key=lambda duty: (scheme.rank(duty.unit), duty.role != "牵头"))
    return duties, notes


def _first(values: object) -> str:
    return "、".join(dict.fromkeys(str(value).strip() for value in values if str(value).strip()))  # type: ignore[attr-defined]


def _retired(entry: Retired) -> Finding:
    where = f"来源行并入了 {entry.went_to}" if entry.went_to else "来源行都不在了"
    return findings.RETIRED.at(findings.Place(), entry.number, where=where)


def _contradictions(table: Table, intake: Intake, matching: Matching) -> list[Finding]:
    frame = intake.frames[table.key]
    found = []
    for one, two in matching.contradictions:
        row = frame.iloc[one]
        place = intake.place(
            row["file"], row["sheet"], int(row["row"]), "title", table.column("title").title, row["unit"]
        )
        found.append(findings.CONTRADICTION.at(place, row["text"][:60], other=frame.iloc[two]["text"][:60]))
    return found


def _compounds(intake: Intake, matchings: dict[str, Matching]) -> list[Finding]:
    """Rows that seem to hold two matters: listed, never joined by the program with rows that hold one."""
    found = []
    for table in INPUTS:
        frame = intake.frames[table.key]
        for position in sorted(matchings[table.key].compounds):
            row = frame.iloc[position]
            place = intake.place(
                row["file"], row["sheet"], int(row["row"]), "title", table.column("title").title, row["unit"]
            )
            found.append(findings.COMPOUND.at(place, row["text"][:80]))
    return found


def _gaps(items: dict[str, list[Item]], intake: Intake, scheme: Scheme, figures: Figures) -> list[Finding]:
    """What would embarrass later: a problem without a measure, a measure without owner or date, an empty aspect …"""
    found = [
        findings.NO_MEASURE.at(item_place(item, "title", "问题", intake), item.title, item=item.id)
        for item in items["problems"]
        if not item.links["measures"]
    ]
    for item in items["measures"]:
        if not item.values["lead"]:
            found.append(findings.NO_OWNER.at(item_place(item, "lead", "牵头单位", intake), item.title, item=item.id))
        immediate = item.values["type"] == "立行立改" or "立行立改" in item.values["deadline"]
        if item.due is None and not item.for_good and not immediate:
            found.append(findings.NO_DUE.at(item_place(item, "deadline", "整改时限", intake), item.title, item=item.id))
    filled = {item.values["aspect"] for item in items["problems"]}
    found += [
        findings.EMPTY_ASPECT.at(findings.Place("方案.xlsx", "对照方面", column=PROBLEMS.column("aspect").title), short)
        for short in scheme.allowed(PROBLEMS.column("aspect"))
        if short not in filled
    ]
    for key, units in figures.silent.items():
        if units:
            title = BASIC.column(key).title
            found.append(
                findings.MISSING_FACT.at(
                    findings.Place(sheet=BASIC.title, column=title), "、".join(units), column=title, n=len(units)
                )
            )
    return found
