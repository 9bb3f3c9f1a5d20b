"""What mypy must refuse: a stage's result used as it is not. An ignore that is not needed is an error, so this page
fails the type check as soon as one of these is no longer seen (`mypy tests/typing/misuse.py`)."""

import datetime as dt
from pathlib import Path

from pipeline.consolidation import merge
from pipeline.intake.collect import collect
from pipeline.matching import Matching
from pipeline.records import Item
from pipeline.run import Draft, merge_project, outputs_of
from pipeline.scheme import read_scheme


def misuse(folder: Path, matchings: dict[str, Matching], draft: Draft, item: Item) -> None:
    scheme = read_scheme(folder)
    intake = collect(folder, scheme, dt.date(2022, 1, 1))
    merge(intake.no_such_thing, matchings, scheme, dt.date(2022, 1, 1))  # type: ignore[attr-defined]
    merge(matchings, intake, scheme, dt.date(2022, 1, 1))  # type: ignore[arg-type]
    merge(intake, matchings, scheme, dt.date(2022, 1, 1)).items["problems"][0].values  # type: ignore[attr-defined]
    merge_project(folder, dt.date(2022, 1, 1)).manifest  # type: ignore[attr-defined]
    outputs_of(draft)[0].publish(folder)  # type: ignore[attr-defined]
    outputs_of(draft.result)  # type: ignore[arg-type]
    item.id = "WT-001"  # type: ignore[misc]
    item.leads.append("县教育局")  # type: ignore[attr-defined]
    intake.place("a.xlsx", "title", "问题")  # type: ignore[arg-type]
