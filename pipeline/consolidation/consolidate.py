"""All three tables merged, linked, selected and counted: what the outputs are written from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.consolidation.correspondence import correspondence
from pipeline.consolidation.duties import Duty, double_roles, duties_of
from pipeline.consolidation.edited import EditableCells, edit, editable_cells
from pipeline.consolidation.figures import Figures, count_figures
from pipeline.consolidation.gaps import conserve, gaps, row_notes
from pipeline.consolidation.items import all_items, consolidate, disagreements
from pipeline.consolidation.links import link
from pipeline.consolidation.numbered import Memory, number, retired_finding
from pipeline.consolidation.selection import select
from pipeline.findings import Finding
from pipeline.intake.collect import Intake
from pipeline.ledger import Edit, Retired
from pipeline.matching import Matching
from pipeline.records import Item, RowId
from pipeline.scheme import Scheme
from pipeline.tables import INPUTS
from pipeline.vocabulary import TableKey


@dataclass(frozen=True)
class Result:
    """The merged lists with everything that the outputs need.

    `bases` are the departments' values of the editable cells, under any edit; `refused` the edits that could not be taken.
    """

    scheme: Scheme
    base: dt.date
    intake: Intake
    matchings: Mapping[str, Matching]
    items: Mapping[str, list[Item]]
    duties: list[Duty]
    figures: Figures
    findings: list[Finding]
    bases: EditableCells
    retired: Mapping[str, list[Retired]]
    refused: list[Edit]

    @cached_property
    def owner(self) -> dict[RowId, Item]:
        """Row -> the item that it was taken into."""
        return {row.id: item for item in all_items(self.items) for row in item.rows}


def merge(
    intake: Intake,
    matchings: Mapping[str, Matching],
    scheme: Scheme,
    base: dt.date,
    memory: Memory | None = None,
    undecided: Sequence[frozenset[str]] = (),
) -> Result:
    """Merge the groups of every table: consolidate, number, link, edit, select. `memory` brings what earlier runs left.

    `undecided` are pairs of item numbers of which no two go into the document together.
    Raises ConservationError if any row that was read is not in exactly one place.
    """
    memory = memory or Memory()
    items: dict[str, list[Item]] = {}
    retired: dict[str, list[Retired]] = {}
    found: list[Finding] = []
    contradictions, compounds = row_notes(intake, matchings)
    for table in INPUTS:
        rows = {row.id: row for row in intake.rows[table.key]}
        merged = consolidate(table, rows, matchings[table.key], scheme)
        items[table.key], retired[table.key] = number(table, merged, memory)
        found += disagreements(table, items[table.key], intake)
    found += contradictions
    found += [retired_finding(entry) for table in INPUTS for entry in retired[table.key]]
    conserve(intake.rows, items)
    items = link(items)
    bases = editable_cells(items)
    edited = edit(items, memory.edits, scheme, base)
    items = select(edited.items, scheme, undecided)
    bases |= {cell: value for cell, value in editable_cells(items).items() if cell[2] == "included"}
    pending = sum(len(matching.doubts) for matching in matchings.values())
    figures = count_figures(intake, items, pending, scheme, base)
    found += edited.findings
    found += double_roles(items[TableKey.MEASURES], intake)
    found += gaps(items, intake, scheme, figures)
    found += compounds
    found += correspondence(items, scheme, undecided)
    duties = duties_of(items[TableKey.MEASURES], scheme)
    return Result(scheme, base, intake, matchings, items, duties, figures, found, bases, retired, edited.refused)
