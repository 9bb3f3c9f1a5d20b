"""What is compared between two rows, each declared once: its name, how it is worked out, what it measures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.matching.pairs import PairSlice, dot, ratio


@dataclass(frozen=True, slots=True)
class Comparison:
    """`how` gives one number a pair of the slice (float64); the same whichever row is named first. `says`: what it measures."""

    name: str
    how: Callable[[PairSlice], Any]
    says: str


def _low(one: Any, two: Any) -> Any:
    return np.minimum(one, two)


def _row_value(pairs: PairSlice, values: list[float], take: Callable[[Any, Any], Any]) -> Any:
    array = np.array(values, dtype=np.float64)
    return take(array[pairs.one], array[pairs.two])


def _covers(pairs: PairSlice, take: Callable[[Any, Any], Any]) -> Any:
    mass = pairs.rows.mass
    return take(ratio(pairs.mass, mass[pairs.one]), ratio(pairs.mass, mass[pairs.two]))


def _theme(scope: str, own: bool) -> Callable[[PairSlice], Any]:
    return lambda pairs: pairs.shared(pairs.rows.themes_of(scope, own))


def _themes_apart(scope: str) -> Callable[[PairSlice], Any]:
    def how(pairs: PairSlice) -> Any:
        themes = pairs.rows.themes_of(scope, own=True)
        known = np.diff(themes.indptr) > 0
        return (known[pairs.one] & known[pairs.two] & (pairs.shared(themes) <= 0)).astype(np.float64)

    return how


def _opposite(pairs: PairSlice) -> Any:
    poles = pairs.rows.poles
    plus, minus = poles.maximum(0), (-poles).maximum(0)
    count = dot(plus, minus, pairs.one, pairs.two) + dot(minus, plus, pairs.one, pairs.two)
    over = [profile.over for profile in pairs.rows.profiles]
    for at in np.flatnonzero(_row_value(pairs, [float(bool(one)) for one in over], np.minimum)).tolist():
        a, b = over[pairs.one[at]], over[pairs.two[at]]
        if any(heavy == other_light or light == other_heavy for heavy, light in a for other_heavy, other_light in b):
            count[at] += 1
    return np.minimum(count, 3.0)


def _same_side(pairs: PairSlice) -> Any:
    poles = pairs.rows.poles
    plus, minus = poles.maximum(0), (-poles).maximum(0)
    return np.minimum(pairs.shared(plus) + pairs.shared(minus), 3.0)


def _places(pairs: PairSlice) -> Any:
    places = [profile.places for profile in pairs.rows.profiles]
    found = np.zeros(len(pairs))
    for at in np.flatnonzero(_row_value(pairs, [float(bool(one)) for one in places], np.minimum)).tolist():
        found[at] = not places[pairs.one[at]] & places[pairs.two[at]]
    return found


def _same_unit(pairs: PairSlice) -> Any:
    units = pairs.rows.units
    return np.array(
        [bool(units[a] & units[b]) for a, b in zip(pairs.one.tolist(), pairs.two.tolist(), strict=True)],
        dtype=np.float64,
    )


def _near(name: str) -> Callable[[PairSlice], Any]:
    return lambda pairs: pairs.near[name]


def _is(table: str) -> Callable[[PairSlice], Any]:
    return lambda pairs: np.full(len(pairs), float(pairs.rows.table == table))


COMPARISONS: tuple[Comparison, ...] = (
    Comparison("cosine", lambda pairs: pairs.cosine, "用字相近"),
    Comparison("cover_low", lambda pairs: _covers(pairs, np.minimum), "较长一行里两行共有的部分"),
    Comparison("cover_high", lambda pairs: _covers(pairs, np.maximum), "较短一行里两行共有的部分"),
    Comparison("rare_shared", lambda pairs: pairs.heaviest[0], "共有的少见字词"),
    Comparison("rarest_shared", lambda pairs: pairs.heaviest[1], "最少见的共有字词"),
    Comparison("title_cosine", lambda pairs: pairs.title_cover[0], "标题相近"),
    Comparison("title_in_low", lambda pairs: _low(*pairs.title_cover[1:]), "标题在对方文字中"),
    Comparison("title_in_high", lambda pairs: np.maximum(*pairs.title_cover[1:]), "一行的标题在对方文字中"),
    Comparison("title_swap", lambda pairs: pairs.title_swap, "标题句式相同而换了词"),
    Comparison("aligned", lambda pairs: pairs.alignment[0], "逐字对得上的部分"),
    Comparison("swaps", lambda pairs: pairs.alignment[1], "句式相同而换词的处数"),
    Comparison("swap_weight", lambda pairs: pairs.alignment[2], "换掉的词的分量"),
    Comparison("template", lambda pairs: pairs.alignment[0] * pairs.alignment[2], "句式相同而关键词不同"),
    Comparison("one_sided", lambda pairs: pairs.alignment[3], "一行多出来的话"),
    Comparison("figures_agree", lambda pairs: pairs.figures[0], "数字相同"),
    Comparison("figures_differ", lambda pairs: pairs.figures[1], "数字不同"),
    Comparison("frequencies_differ", lambda pairs: pairs.figures[2], "频次不同"),
    Comparison("figures_one_sided", lambda pairs: pairs.figures[3], "只有一行有数字"),
    Comparison("places_differ", _places, "地点不同"),
    Comparison("objects_differ", lambda pairs: pairs.differing_classes(pairs.rows.members), "对象不同"),
    Comparison(
        "title_objects_differ", lambda pairs: pairs.differing_classes(pairs.rows.title_members), "标题里的对象不同"
    ),
    Comparison("objects_same", lambda pairs: np.minimum(pairs.shared(pairs.rows.members), 4.0), "对象相同"),
    Comparison("opposite", _opposite, "方向相反的说法"),
    Comparison("same_side", _same_side, "方向相同的说法"),
    Comparison("theme", _theme("inward", True), "主题相同"),
    Comparison("other_theme", _theme("inward", False), "涉及的事情相同"),
    Comparison("sector", _theme("sector", True), "领域相同"),
    Comparison("themes_apart", _themes_apart("inward"), "主题不同"),
    Comparison("sectors_apart", _themes_apart("sector"), "领域不同"),
    Comparison("idioms", lambda pairs: np.minimum(pairs.shared(pairs.rows.idioms), 3.0), "同义的惯用说法"),
    Comparison(
        "compound",
        lambda pairs: _row_value(pairs, [float(p.compound) for p in pairs.rows.profiles], lambda a, b: abs(a - b)),
        "一行可能写了两件事",
    ),
    Comparison(
        "listed",
        lambda pairs: _row_value(pairs, [float(p.listed) for p in pairs.rows.profiles], lambda a, b: abs(a - b)),
        "一行是概括、一行是专项",
    ),
    Comparison(
        "length_ratio",
        lambda pairs: _row_value(pairs, pairs.rows.lengths, lambda a, b: ratio(np.minimum(a, b), np.maximum(a, b))),
        "长短相近",
    ),
    Comparison("length", lambda pairs: np.log1p(_row_value(pairs, pairs.rows.lengths, np.minimum)), "文字长短"),
    Comparison("clause_low", lambda pairs: _low(*pairs.clauses[:2]), "分句互相说到"),
    Comparison("clause_high", lambda pairs: np.maximum(*pairs.clauses[:2]), "一行的分句被说到"),
    Comparison("best_clause", lambda pairs: np.minimum(pairs.clauses[2], 30.0) / 30, "一个分句里共有的字词"),
    Comparison("same_unit", _same_unit, "同一单位分列的两条"),
    *(
        Comparison(f"{name}{kind}", _near(f"{name}{kind}"), says)
        for name, word in (("characters", "用字"), ("meaning", "意思"))
        for kind, says in (
            ("", f"{word}相近"),
            ("_rank_low", f"{word}上互为近邻的名次"),
            ("_rank_high", f"{word}上较远一方的名次"),
            ("_margin_low", f"{word}上比别的行近多少"),
            ("_margin_high", f"{word}上一方比别的行近多少"),
            ("_crowd", f"{word}上差不多近的行数"),
            ("_circle", f"{word}上共同的近邻"),
        )
    ),
    Comparison("is_measure", _is("measures"), "整改措施"),
    Comparison("is_cause", _is("causes"), "原因剖析"),
)
NAMES = tuple(comparison.name for comparison in COMPARISONS)


def compare(pairs: PairSlice) -> Any:
    """float64[n, len(COMPARISONS)] in column order, rounded so that the last bit of a sum does not decide."""
    found = np.empty((len(pairs), len(COMPARISONS)), order="F")
    for column, comparison in enumerate(COMPARISONS):
        found[:, column] = np.round(comparison.how(pairs), 7)
    return found
