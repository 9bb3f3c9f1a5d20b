"""All three tables merged, linked, selected and counted: what the outputs are written from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.consolidation.correspondence import correspondence
from pipeline.consolidation.duties import Duty, double_roles, duties_of
from pipeline.consolidation.edited import EditableCells, edit, editable_cells
from pipeline.consolidation.families import PendingFamily, pending_families, suggested_pairs
from pipeline.consolidation.figures import Figures, count_figures
from pipeline.consolidation.gaps import conserve, gaps, row_notes
from pipeline.consolidation.items import all_items, consolidate, disagreements
from pipeline.consolidation.links import link
from pipeline.consolidation.numbered import Fresh, Memory, number, retired_finding
from pipeline.consolidation.selection import select
from pipeline.findings import Finding
from pipeline.follow_up import FollowedUp, FollowUp
from pipeline.intake.collect import Intake
from pipeline.ledger import ANSWERS, Ask, Edit, Problem
from pipeline.matching import Matching
from pipeline.progress.recurrence import Recurrence
from pipeline.records import Item, RowId
from pipeline.scheme import Scheme
from pipeline.tables import INPUTS
from pipeline.vocabulary import TableKey


@dataclass(frozen=True)
class Result:
    """The merged lists with everything that the outputs need.

    `bases` are the departments' values of the editable cells, under any edit; `refused` the edits that could not be taken;
    `problems` what the memory has to say of numbers and edits; `families` what stands in 待确认.
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
    refused: list[Edit]
    problems: list[Problem]
    families: list[PendingFamily]
    followed: FollowedUp | None = None
    recurring: tuple[Recurrence, ...] = ()

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
    asks: Mapping[str, Sequence[Ask]] | None = None,
    keys: Mapping[RowId, tuple[str, str]] | None = None,
    follow_up: FollowUp | None = None,
) -> Result:
    """Merge the groups of every table: consolidate, number, link, edit, select. `memory` brings what earlier runs left, `asks` the rows
    whose judgement must be asked about again, `keys` each row's unit and normal form, `follow_up` what came
    after the meeting.

    Two items of one family that the program would join, and nobody has decided on, do not go into the document together.
    Raises ConservationError if any row that was read is not in exactly one place.
    """
    memory = memory or Fresh()
    items: dict[str, list[Item]] = {}
    retired: list[Finding] = []
    problems: list[Problem] = []
    found: list[Finding] = []
    contradictions, compounds = row_notes(intake, matchings)
    for table in INPUTS:
        rows = {row.id: row for row in intake.rows[table.key]}
        merged = consolidate(table, rows, matchings[table.key], scheme)
        items[table.key], numbered = number(table, merged, memory)
        retired += [retired_finding(entry) for entry in numbered.retired if entry.now]
        problems += numbered.problems
        found += disagreements(table, items[table.key], intake)
    found += [*contradictions, *retired]
    conserve(intake.rows, items)
    items = link(items)
    if follow_up:
        items[TableKey.MEASURES] = follow_up.report(items[TableKey.MEASURES])
    bases = editable_cells(items)
    edited = edit(items, memory.edits, scheme, base)
    if follow_up:
        edited.items[TableKey.MEASURES] = follow_up.close(edited.items[TableKey.MEASURES])
        bases |= {cell: value for cell, value in editable_cells(edited.items).items() if cell[2] in ANSWERS}
    rows_by_id = {row.id: row for rows in intake.rows.values() for row in rows}

    def families_of(items: Mapping[str, Sequence[Item]]) -> list[PendingFamily]:
        owner = {row.id: item for item in all_items(items) for row in item.rows}
        return pending_families(matchings, owner, rows_by_id, asks or {}, keys or {})

    undecided = suggested_pairs(families_of(edited.items))
    items = select(edited.items, scheme, undecided)
    bases |= {cell: value for cell, value in editable_cells(items).items() if cell[2] == "included"}
    families = families_of(items)
    figures = count_figures(intake, items, len(families), scheme, base)
    found += edited.findings
    found += double_roles(items[TableKey.MEASURES], intake)
    found += gaps(items, intake, scheme, figures)
    found += compounds
    found += correspondence(items, scheme, undecided)
    duties = duties_of(items[TableKey.MEASURES], scheme)
    followed = follow_up.finish(items[TableKey.MEASURES]) if follow_up else None
    found += followed.findings if followed else ()
    return Result(
        scheme,
        base,
        intake,
        matchings,
        items,
        duties,
        figures,
        found,
        bases,
        edited.refused,
        problems,
        families,
        followed,
    )
