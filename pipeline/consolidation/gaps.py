"""What would embarrass later: a problem without a measure, a measure without owner or date, an empty aspect, a lost row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline import findings
from pipeline.consolidation.figures import Figures
from pipeline.consolidation.items import item_place
from pipeline.findings import Finding, Place
from pipeline.intake.collect import Intake
from pipeline.matching import Matching
from pipeline.project import SCHEME_FILE
from pipeline.records import Item, RowId, SourceRow
from pipeline.scheme import Scheme
from pipeline.tables import BASIC, INPUTS, PROBLEMS
from pipeline.vocabulary import RectificationType, TableKey


class ConservationError(Exception):
    """A row would be lost or doubled. It is the program's fault, and the run stops instead of writing."""


def conserve(rows: Mapping[str, Sequence[SourceRow]], items: Mapping[str, Sequence[Item]]) -> None:
    """Every row that was not refused is in exactly one item; ConservationError if it is not so."""
    for key, own in rows.items():
        taken = sorted(row.id for item in items[key] for row in item.rows)
        wanted = sorted(row.id for row in own if not row.refused)
        if taken != wanted:
            raise ConservationError(f"{key}：读入 {len(wanted)} 行，归并后 {len(taken)} 行")


def gaps(items: Mapping[str, Sequence[Item]], intake: Intake, scheme: Scheme, figures: Figures) -> list[Finding]:
    """Findings on what is missing in the merged lists."""
    found = [
        findings.NO_MEASURE.at(item_place(item, "title", "问题", intake), item.name, item=item.id)
        for item in items[TableKey.PROBLEMS]
        if not item.links.measures
    ]
    for item in items[TableKey.MEASURES]:
        if not item.leads:
            found.append(findings.NO_OWNER.at(item_place(item, "lead", "牵头单位", intake), item.name, item=item.id))
        immediate = RectificationType.IMMEDIATE in (item.cells["type"], *_says_immediate(item))
        if item.due is None and not item.for_good and not immediate:
            found.append(findings.NO_DUE.at(item_place(item, "deadline", "整改时限", intake), item.name, item=item.id))
    filled = {item.cells["aspect"] for item in items[TableKey.PROBLEMS]}
    found += [
        findings.EMPTY_ASPECT.at(Place(SCHEME_FILE, "对照方面", column=PROBLEMS.column("aspect").title), short)
        for short in scheme.allowed(PROBLEMS.column("aspect"))
        if short not in filled
    ]
    for key, units in figures.silent.items():
        if units:
            title = BASIC.column(key).title
            place = Place(sheet=BASIC.title, column=title)
            found.append(findings.MISSING_FACT.at(place, "、".join(units), column=title, n=len(units)))
    return found


def _says_immediate(item: Item) -> Sequence[str]:
    said = RectificationType.IMMEDIATE
    return (said,) if said in item.cells["deadline"] else ()


def row_notes(intake: Intake, matchings: Mapping[str, Matching]) -> tuple[list[Finding], list[Finding]]:
    """(judgements that contradict one another, rows that seem to hold two matters), each at its row."""
    contradictions: list[Finding] = []
    compounds: list[Finding] = []
    for table in INPUTS:
        rows: dict[RowId, SourceRow] = {row.id: row for row in intake.rows[table.key]}
        order = {row_id: position for position, row_id in enumerate(rows)}
        title = table.column("title").title
        for one, two in matchings[table.key].contradictions:
            place = intake.place(rows[one], "title", title)
            contradictions.append(findings.CONTRADICTION.at(place, rows[one].text[:60], other=rows[two].text[:60]))
        for row_id in sorted(matchings[table.key].compounds, key=order.__getitem__):
            place = intake.place(rows[row_id], "title", title)
            compounds.append(findings.COMPOUND.at(place, rows[row_id].text[:80]))
    return contradictions, compounds
