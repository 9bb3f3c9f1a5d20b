"""The matching room's one entrance: a table's rows in, groups with reasons out."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd

from pipeline.matching.normal import normal_form
from pipeline.matching.result import Join, Matching
from pipeline.scheme import Scheme
from pipeline.tables import Table


def match_rows(frame: pd.DataFrame, table: Table, scheme: Scheme) -> Matching:
    """Group the rows of one table that say the same thing.

    In: the table's frame (columns text, title, detail, unit, refused …). Out: groups of positions; every row that was
    not refused is in exactly one. The order of the rows does not change the groups.
    """
    by_form: dict[str, list[int]] = defaultdict(list)
    refused = frame["refused"].tolist()
    for position, text in enumerate(frame["text"].tolist()):
        if not refused[position]:
            by_form[normal_form(text)].append(position)
    groups = list(by_form.values())
    joins = {}
    for group in groups:
        for position in group:
            joins[position] = Join("原样", None, "") if len(group) == 1 else Join("完全相同", 100.0, "去掉标点、空格、编号后文字完全相同")
    return Matching(groups, joins)
