"""The matching room's one entrance: a table's rows in; groups, the reasons, and the families that a person should see out.

read_nodes -> block -> judge -> cluster -> explain; each step can be used alone, on a part of the rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.matching.bets import bets_of
from pipeline.matching.blocking import block
from pipeline.matching.clusters import cluster, read_words
from pipeline.matching.encoder import Encoder, load_encoder
from pipeline.matching.explain import Explained, explain
from pipeline.matching.grams import Weights, load_weights
from pipeline.matching.joins import joins_of
from pipeline.matching.judging import judge
from pipeline.matching.lexicon import lexicon_of
from pipeline.matching.model import Model, load_model
from pipeline.matching.nodes import read_nodes
from pipeline.matching.profile import read_profile
from pipeline.matching.result import Doubt, Matching, Ruling
from pipeline.matching.table import RowTable
from pipeline.records import Constraint
from pipeline.scheme import Scheme

BOLD, CAREFUL, NEVER = "积极", "稳妥", "否"


@dataclass(frozen=True)
class Tools:
    """What was trained: `training` puts in what never saw the rows at hand; everyone else takes the package's."""

    weights: Weights
    encoder: Encoder
    model: Model


def match_rows(
    frame: pd.DataFrame,
    table: Any,
    scheme: Scheme,
    constraints: Sequence[Constraint | Ruling] = (),
    settled: Mapping[Any, str] | None = None,
    tools: Tools | None = None,
) -> Matching:
    """Group the rows of one table that say the same thing.

    In: the table's frame (columns text, title, detail, unit, refused; its index holds the rows' labels, unique and sortable);
    `table` the table's key (or the table). Out: labels. Every row that was not refused is in exactly one group; the order of
    the rows does not change anything. `constraints` are obeyed above everything else, a later one above an earlier about the
    same pair. `settled` (label -> item number) is what earlier runs made of the rows: rows of one number start together, new
    rows may join an item, but items are split or joined by a person alone; what looks the same is asked about.
    """
    using = tools or Tools(load_weights(), load_encoder(), load_model())
    key = getattr(table, "key", table)
    lexicon = lexicon_of(scheme)
    said = [word.as_constraint() if isinstance(word, Ruling) else word for word in constraints]
    rows = read_nodes(frame, said, settled or {})
    profiles = [read_profile(*row, lexicon) for row in zip(rows.titles, rows.details, rows.speaker_units, strict=True)]
    units = [node.units for node in rows.nodes]
    read = RowTable(key, profiles, units, using.weights, using.encoder, lexicon.apart)
    judged = judge(read, block(read), using.model)
    words = read_words(rows, said)
    way = auto_merge(scheme.settings.auto_merge)
    bets = bets_of(judged) if way != NEVER else []
    pairs = [(bet.one, bet.two) for bet in bets]
    clusters, refused = cluster(rows, words, pairs)
    found = explain(rows, judged, clusters, words)
    if way == BOLD:
        likely = found.likely_suggestions()
        if likely:
            clusters, refused = cluster(rows, words, [*pairs, *likely])
            found = explain(rows, judged, clusters, words)
            joins = joins_of(rows, judged, clusters, words, bets, likely)
            return _outcome(rows, found, joins, refused, profiles)
    return _outcome(rows, found, joins_of(rows, judged, clusters, words, bets, []), refused, profiles)


def auto_merge(setting: Any) -> str:
    """自动归并 as one of 积极, 稳妥, 否; True and 是 mean 稳妥."""
    if setting in (BOLD, CAREFUL, NEVER):
        return str(setting)
    return CAREFUL if setting in (True, "是") else NEVER


def _outcome(
    rows: Any, found: Explained, joins: dict[Any, Any], refused: list[tuple[int, int]], profiles: list[Any]
) -> Matching:
    speakers = [node.speaker for node in rows.nodes]
    doubts = [
        Doubt(
            family.lines[0].speaker, line.speaker, 100 * (line.likelihood or 0.0), _reason(line.agree, line.differ), at
        )
        for at, family in enumerate(found.families)
        for line in family.lines[1:]
    ]
    return Matching(
        groups=[sorted(label for node in group for label in rows.nodes[node].labels) for group in found.groups],
        joins=joins,
        families=found.families,
        contradictions=[(speakers[one], speakers[two]) for one, two in refused],
        compounds={speakers[at]: "可能写了两件事" for at, profile in enumerate(profiles) if profile.compound},
        doubts=doubts,
        speakers=found.speakers,
    )


def _reason(agree: tuple[str, ...], differ: tuple[str, ...]) -> str:
    return "；".join(
        (f"同：{'，'.join(agree) or '用词不同，意思可能相同'}", *((f"异：{'；'.join(differ)}",) if differ else ()))
    )
