"""The matching room's one entrance: a table's rows in, groups with reasons out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.matching.candidates import find_candidates
from pipeline.matching.context import CONTEXT, contexts
from pipeline.matching.evidence import compare
from pipeline.matching.groups import ACROSS, agglomerate, bind, families
from pipeline.matching.guards import guards, held_back, unguarded, worth_asking
from pipeline.matching.lexicon import Lexicon, lexicon_of
from pipeline.matching.model import load_model, load_weights
from pipeline.matching.normal import normal_form
from pipeline.matching.profile import Profile, Weights, read_profile
from pipeline.matching.reasons import reason
from pipeline.matching.result import Doubt, Join, Matching, Ruling
from pipeline.scheme import Scheme
from pipeline.tables import Table

_EQUAL = "去掉标点、空格、编号后文字完全相同"
_EQUAL_CORE = "去掉虚词、程度词后文字相同"
_SPLIT = CONTEXT.index("split")


_LEAST_DOUBTS, _DOUBTS_A_ROW = 100, 1.5
"""So many pairs are shown at the most: however few rows there are, and for every row."""


@dataclass(frozen=True)
class Judged:
    """Every candidate pair of the compared rows with its probability of being the same and the guards that spoke."""

    profiles: list[Profile]
    pairs: list[tuple[int, int]]
    probability: list[float]
    spoken: dict[tuple[int, int], list[str]]


def match_rows(
    frame: pd.DataFrame,
    table: Table,
    scheme: Scheme,
    rulings: Sequence[Ruling] = (),
    settled: Mapping[str, str] | None = None,
) -> Matching:
    """Group the rows of one table that say the same thing.

    In: the table's frame (columns text, title, detail, unit, refused …). Out: groups of positions; every row that was
    not refused is in exactly one. The order of the rows does not change the groups. `rulings` are obeyed above everything
    else. `settled` (normal form of a text -> item number) is what earlier runs made of the texts: new rows may join an
    item, but items are split or joined by a person alone; what looks the same is asked about.
    """
    lexicon, weights, model = lexicon_of(scheme), load_weights(), load_model()
    by_form: dict[str, list[int]] = defaultdict(list)
    texts, refused = frame["text"].tolist(), frame["refused"].tolist()
    titles, details, units = (frame[key].tolist() for key in ("title", "detail", "unit"))
    for position, text in enumerate(texts):
        if not refused[position]:
            by_form[normal_form(text)].append(position)
    forms = sorted(by_form)
    # one row speaks for all that are equal; chosen by what it says, so that the order of files does not show
    speakers = [min(by_form[form], key=lambda at: (units[at], texts[at])) for form in forms]
    profiles = [read_profile(titles[at], details[at], units[at], lexicon, weights) for at in speakers]
    judged = judge(profiles, table.key, lexicon, weights)
    same = model.same[table.key] if scheme.settings.auto_merge else 2.0
    look = model.look[table.key]
    together, ruled_apart = _ruled(rulings, forms)
    ruled_together = sorted(together, key=lambda pair: (together[pair], pair))
    _, refused_pairs = bind(ruled_together, ruled_apart)
    numbers = [(settled or {}).get(form, "") for form in forms]
    bound, _ = bind([*ruled_together, *_settled_pairs(numbers)], ruled_apart)
    apart = {pair for pair, spoken in judged.spoken.items() if spoken} | ruled_apart
    apart |= {(one, two) for one, two in judged.pairs if numbers[one] and numbers[two] and numbers[one] != numbers[two]}
    groups = agglomerate(len(forms), judged.pairs, judged.probability, apart, same, bound)
    joins = _joins(groups, forms, by_form, speakers, judged, weights)
    for pair in (pair for pair in together if pair not in refused_pairs):
        for row in (row for index in pair for row in by_form[forms[index]]):
            joins[row] = Join("人工归并", None, f"按 {together[pair]} 的处理意见归并")
    doubts = _doubts(groups, speakers, judged, look, weights, ruled_apart | set(refused_pairs))
    contradictions = [(speakers[one], speakers[two]) for one, two in refused_pairs]
    compounds = {speakers[index]: "可能写了两件事" for index, profile in enumerate(profiles) if profile.compound}
    ids = list(frame.index)
    return Matching(
        [[ids[at] for at in sorted(at for index in group for at in by_form[forms[index]])] for group in groups],
        {ids[at]: join for at, join in joins.items()},
        [replace(doubt, a=ids[doubt.a], b=ids[doubt.b]) for doubt in doubts],
        [(ids[one], ids[two]) for one, two in contradictions],
        {ids[at]: why for at, why in compounds.items()},
    )


def _settled_pairs(numbers: list[str]) -> list[tuple[int, int]]:
    """The forms of each item, tied to its first."""
    first: dict[str, int] = {}
    return [
        (first[number], index)
        for index, number in enumerate(numbers)
        if number and first.setdefault(number, index) != index
    ]


def _ruled(rulings: Sequence[Ruling], forms: list[str]) -> tuple[dict[tuple[int, int], str], set[tuple[int, int]]]:
    """(pairs ruled the same -> the day, pairs ruled different) among the forms that are there; a later ruling on a pair wins."""
    index = {form: at for at, form in enumerate(forms)}
    last: dict[tuple[int, int], Ruling] = {}
    for ruling in rulings:
        if ruling.form_a in index and ruling.form_b in index and ruling.form_a != ruling.form_b:
            one, two = sorted((index[ruling.form_a], index[ruling.form_b]))
            last.pop((one, two), None)
            last[one, two] = ruling
    same = {pair: ruling.day for pair, ruling in last.items() if ruling.same}
    return same, {pair for pair, ruling in last.items() if not ruling.same}


def judge(profiles: list[Profile], table: str, lexicon: Lexicon, weights: Weights) -> Judged:
    """Candidates, evidence, guards and probability for a list of rows; equal cores are certain."""
    candidates = _with_equal_cores(find_candidates([profile.title + profile.level for profile in profiles]), profiles)
    pairs = list(candidates)
    vectors = [compare(profiles[one], profiles[two], weights) for one, two in pairs]
    around = contexts(candidates, profiles, table, weights)
    spoken = {
        pair: guards(vector, context[_SPLIT], profiles[pair[0]], profiles[pair[1]], lexicon, table)
        for pair, vector, context in zip(pairs, vectors, around, strict=True)
    }
    shown = [
        unguarded(vector) if held_back(vector, spoken[pair]) else vector
        for pair, vector in zip(pairs, vectors, strict=True)
    ]
    probability = (
        load_model().probability([vector + context for vector, context in zip(shown, around, strict=True)]).tolist()
    )
    for at, pair in enumerate(pairs):
        if profiles[pair[0]].core == profiles[pair[1]].core:
            probability[at], spoken[pair] = 1.0, []
    return Judged(profiles, pairs, probability, spoken)


def _with_equal_cores(
    candidates: dict[tuple[int, int], float], profiles: list[Profile]
) -> dict[tuple[int, int], float]:
    """Rows that are equal but for function words are candidates even where many others are as near."""
    by_core: dict[str, list[int]] = defaultdict(list)
    for index, profile in enumerate(profiles):
        if profile.core:
            by_core[profile.core].append(index)
    equal = {
        (rows[at], later): 1.0
        for rows in by_core.values()
        for at in range(len(rows))
        for later in rows[at + 1 : at + 30]
    }
    found = equal | candidates
    return {pair: found[pair] for pair in sorted(found)}


def _joins(
    groups: list[list[int]],
    forms: list[str],
    by_form: dict[str, list[int]],
    speakers: list[int],
    judged: Judged,
    weights: Weights,
) -> dict[int, Join]:
    """How each row came into its group: by equal text, or by the likeliest pair that it forms with another of it."""
    table = dict(zip(judged.pairs, judged.probability, strict=True))
    joins: dict[int, Join] = {}
    for group in groups:
        for index in group:
            rows = by_form[forms[index]]
            if len(group) == 1:
                way = Join("原样", None, "") if len(rows) == 1 else Join("完全相同", 100.0, _EQUAL)
            else:
                other = max(
                    (other for other in group if other != index),
                    key=lambda other: (table.get((min(index, other), max(index, other)), 0.0), -other),
                )
                way = _join(judged, index, other, table, weights)
            for row in rows:
                joins[row] = way
    return joins


def _join(judged: Judged, index: int, other: int, table: dict[tuple[int, int], float], weights: Weights) -> Join:
    one, two = judged.profiles[index], judged.profiles[other]
    score = 100 * table.get((min(index, other), max(index, other)), 0.0)
    basis = _EQUAL_CORE if one.core == two.core else reason(one, two, [], weights)
    return Join("自动归并", score, basis)


def _doubts(
    groups: list[list[int]],
    speakers: list[int],
    judged: Judged,
    look: float,
    weights: Weights,
    settled: set[tuple[int, int]],
) -> list[Doubt]:
    """Pairs that a person should see: at most one for two groups, the likeliest; families together, the likeliest first.

    Groups of which a pair is `settled` by a person are not asked about again. There is an end to the list: one that
    nobody can read through would hide the likely ones; when these are answered, the next ones come.
    """
    member = {index: number for number, group in enumerate(groups) for index in group}
    answered = {tuple(sorted((member[one], member[two]))) for one, two in settled}
    best: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {}
    for pair, probability in zip(judged.pairs, judged.probability, strict=True):
        one, two = sorted((member[pair[0]], member[pair[1]]))
        if (
            one != two
            and (one, two) not in answered
            and worth_asking(judged.spoken[pair], probability, look)
            and (probability, (-pair[0], -pair[1])) > best.get((one, two), (-1.0, (0, 0)))
        ):
            best[one, two] = (probability, (-pair[0], -pair[1]))
    # only likely pairs make a family: through the unlikely ones everything hangs together
    component = families([key for key, (probability, _) in best.items() if probability >= ACROSS])
    first: dict[int, float] = defaultdict(float)
    for key, (probability, _) in best.items():
        if probability >= ACROSS:
            first[component[key[0]]] = max(first[component[key[0]]], probability)

    def place(key: tuple[int, int]) -> tuple[float, int, float, tuple[int, int]]:
        probability = best[key][0]
        if probability < ACROSS:
            return -probability, -1, 0.0, key
        return -first[component[key[0]]], component[key[0]], -probability, key

    most = max(_LEAST_DOUBTS, int(_DOUBTS_A_ROW * len(judged.profiles)))
    likeliest = sorted(best, key=lambda key: (-best[key][0], key))[:most]
    ordered = sorted(likeliest, key=place)
    doubts = []
    for key in ordered:
        probability, (one, two) = best[key]
        a, b = -one, -two
        text = reason(judged.profiles[a], judged.profiles[b], judged.spoken[a, b], weights)
        doubts.append(Doubt(speakers[a], speakers[b], 100 * probability, text, component.get(key[0], -1)))
    return doubts
