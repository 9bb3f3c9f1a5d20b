"""Whether the chosen problems, causes and measures hold together, and where the choice had to give way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline import findings
from pipeline.consolidation.candidates import SHORTLIST, candidates, forced_in
from pipeline.consolidation.items import LISTS
from pipeline.consolidation.selection import IN_ORDER
from pipeline.findings import Finding, Place
from pipeline.project import SUMMARY_FILE
from pipeline.records import Item
from pipeline.scheme import Scheme
from pipeline.tables import INPUTS, Table
from pipeline.vocabulary import TableKey


def correspondence(
    items: Mapping[str, Sequence[Item]], scheme: Scheme, undecided: Sequence[frozenset[str]] = ()
) -> list[Finding]:
    """What does not hold together in the text, at the office's own lists; nothing is changed."""
    chosen = {item.id: item for group in items.values() for item in group if item.included}
    return [
        *_unanswered(items, chosen),
        *_stray(items, chosen),
        *_forced(items, chosen, scheme, undecided),
        *_not_weighed(items, scheme),
    ]


def _place(table: Table | str, key: str) -> Place:
    shown = LISTS[table if isinstance(table, str) else table.key][0]
    return Place(SUMMARY_FILE, shown.title, column=shown.column(key).title)


def _unanswered(items: Mapping[str, Sequence[Item]], chosen: Mapping[str, Item]) -> list[Finding]:
    found = []
    unexplained = []
    place = _place(TableKey.PROBLEMS, "measures")
    for item in items[TableKey.PROBLEMS]:
        if item.id not in chosen:
            continue
        if not item.links.measures:
            found.append(findings.CHOSEN_WITHOUT_MEASURE.at(place, item.name, item=item.id))
        elif not chosen.keys() & set(item.links.measures):
            listed = "、".join(item.links.measures)
            found.append(findings.MEASURE_NOT_CHOSEN.at(place, item.name, item=item.id, measures=listed))
        if not chosen.keys() & set(item.links.causes):
            unexplained.append(item.id)
    if unexplained and items[TableKey.CAUSES]:
        place = _place(TableKey.PROBLEMS, "causes")
        found.append(findings.UNEXPLAINED.at(place, "、".join(unexplained), n=len(unexplained)))
    return found


def _stray(items: Mapping[str, Sequence[Item]], chosen: Mapping[str, Item]) -> list[Finding]:
    return [
        findings.STRAY_MEASURE.at(
            _place(TableKey.MEASURES, "problems"), item.name, item=item.id, problems="、".join(item.links.problems)
        )
        for item in items[TableKey.MEASURES]
        if item.included and item.links.problems and not chosen.keys() & set(item.links.problems)
    ]


def _forced(
    items: Mapping[str, Sequence[Item]],
    chosen: Mapping[str, Item],
    scheme: Scheme,
    undecided: Sequence[frozenset[str]],
) -> list[Finding]:
    """What only the office's own words brought about."""
    settings = scheme.settings
    quotas = {
        TableKey.PROBLEMS: settings.problems_per_aspect,
        TableKey.CAUSES: settings.causes_in_document,
        TableKey.MEASURES: settings.measures_per_direction,
    }
    given = candidates(items, scheme, undecided)
    found = []
    for (table, rank), quota in given.quota.items():
        if quota > quotas[TableKey(table)]:
            names = [number for number, where in given.heading.items() if where == (table, rank) and number in chosen]
            place = _place(table, "included")
            found.append(findings.OVER_QUOTA.at(place, "、".join(names), n=quota, quota=quotas[TableKey(table)]))
    for pair in undecided:
        both = sorted(pair)
        if len(both) == 2 and all(number in chosen and forced_in(chosen[number]) for number in both):
            place = _place(chosen[both[0]].table, "included")
            found.append(findings.BOTH_OF_A_PAIR.at(place, "、".join(both)))
    unheard = (item for group in items.values() for item in group if forced_in(item) and item.id not in given.heading)
    found += [findings.NO_HEADING.at(_place(item.table, "included"), item.name, item=item.id) for item in unheard]
    return found


def _not_weighed(items: Mapping[str, Sequence[Item]], scheme: Scheme) -> list[Finding]:
    in_order = any(item.included and item.reason.startswith(IN_ORDER) for group in items.values() for item in group)
    if in_order:
        return [findings.CHOSEN_IN_ORDER.at(Place(SUMMARY_FILE))]
    passed = candidates(items, scheme).passed_over
    return [
        findings.SHORTLISTED.at(Place(SUMMARY_FILE, LISTS[table.key][0].title), passed[table.key], n=SHORTLIST)
        for table in INPUTS
        if passed.get(table.key) and table.key != TableKey.MEASURES
    ]
