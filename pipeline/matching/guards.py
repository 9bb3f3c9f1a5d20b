"""Reasons why two rows must not be joined without a person, however alike they look. A guard only lowers a verdict."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.matching.evidence import EVIDENCE, pieces
from pipeline.matching.lexicon import Lexicon
from pipeline.matching.profile import Profile

_AT = {name: index for index, name in enumerate(EVIDENCE)}
_ALIKE, _HEAVY = 0.6, 0.5
"""From so much aligned text on, one substitution of so much weight makes the rows two (19 of 46 such pairs were traps)."""

_GUARDED = frozenset(
    _AT[name]
    for name in (
        "number_differs",
        "number_unrelated",
        "frequency_differs",
        "place_differs",
        "kind_differs",
        "title_kind_differs",
        "opposite",
        "compound",
        "listed",
    )
)
_SPLIT = 0.3
_THIN = 0.25
"""Rows that do not share at least about two rare pairs of characters in one clause have nothing to show a person as the reason."""
_VERBATIM = 0.65
"""Rows that say so much of each other hold the same number of matters, whatever their punctuation suggests."""


def guards(vector: list[float], split: float, a: Profile, b: Profile, lexicon: Lexicon, table: str) -> list[str]:
    """The names of the guards that speak against a pair with this evidence."""
    found = [
        name
        for name in ("number_differs", "frequency_differs", "place_differs", "title_kind_differs", "opposite")
        if vector[_AT[name]] > 0
    ]
    if (
        table == "measures"
        and vector[_AT["number_unrelated"]] > 0
        and vector[_AT["aligned"]] < _ALIKE
        and "number_differs" not in found
    ):
        found.append("number_unrelated")  # figures are what a measure promises
    if vector[_AT["cover_low"]] < _VERBATIM:
        found += [name for name in ("compound", "listed") if vector[_AT[name]] > 0]
    if vector[_AT["aligned"]] >= _ALIKE and vector[_AT["swap_weight"]] >= _HEAVY:
        found.append("template")
    if vector[_AT["best_clause"]] < _THIN:
        found.append("thin")
    if split > _SPLIT and "compound" not in found:
        found.append("compound")
    if a.unit and a.unit == b.unit:
        found.append("same_unit")  # none of 792 labelled pairs of one unit was the same
    whole_a, whole_b = a.title + a.text, b.title + b.text
    if any((one in whole_a and two in whole_b) or (two in whole_a and one in whole_b) for one, two in lexicon.apart):
        found.append("apart")
    return found


def held_back(vector: list[float], spoken: list[str]) -> bool:
    """Whether the two texts are so alike that only what the guards saw speaks against them: a person is shown both values."""
    return bool(spoken) and "same_unit" not in spoken and vector[_AT["aligned"]] >= _ALIKE


def unguarded(vector: list[float]) -> list[float]:
    """The same evidence without what the guards speak of, for saying how alike a pair is that they hold back."""
    return [0.0 if at in _GUARDED else value for at, value in enumerate(vector)]


def worth_asking(spoken: list[str], probability: float, look: float) -> bool:
    """Whether a person should see a pair: what one unit lists twice is asked about only where it is more likely than not."""
    return probability >= (0.5 if "same_unit" in spoken else look)


def explain(name: str, a: Profile, b: Profile) -> str:
    """What a guard says, in the clerk's words."""
    return _SAYINGS[name](a, b)


def _numbers(a: Profile, b: Profile) -> str:
    units = [
        unit
        for unit in sorted(a.numbers.keys() & b.numbers.keys())
        if a.numbers[unit] - b.numbers[unit] and b.numbers[unit] - a.numbers[unit]
    ]
    one, two = (
        "、".join(
            f"{_figure(value)}{'' if unit == ':' else unit}"
            for unit in units
            for value in sorted(x.numbers[unit] - y.numbers[unit])
        )
        for x, y in ((a, b), (b, a))
    )
    return f"数字不同：甲“{one}”乙“{two}”"


def _figures(one: Profile) -> str:
    return "、".join(f"{_figure(value)}{unit}" for unit in sorted(one.numbers) for value in sorted(one.numbers[unit]))[
        :24
    ]


def _figure(value: float) -> str:
    if value >= 10_000:
        return f"{value / 10_000:g}万"
    return f"{value:g}"


def _sets(label: str, one: frozenset[str], two: frozenset[str]) -> str:
    return f"{label}：甲“{'、'.join(sorted(one))}”乙“{'、'.join(sorted(two))}”"


def _kinds(a: Profile, b: Profile) -> str:
    kinds = sorted(
        kind for kind in a.title_kinds.keys() & b.title_kinds.keys() if not a.title_kinds[kind] & b.title_kinds[kind]
    )
    return "；".join(_sets("对象不同", a.title_kinds[kind], b.title_kinds[kind]) for kind in kinds)


def _template(a: Profile, b: Profile) -> str:
    swaps = [(one, two) for same, one, two in pieces(a.content, b.content) if not same and one and two]
    one, two = max(swaps, key=lambda swap: min(len(swap[0]), len(swap[1])))
    return f"句式相同而关键词不同：甲“{one[:12]}”乙“{two[:12]}”"


_SAYINGS: dict[str, Callable[[Profile, Profile], str]] = {
    "number_differs": _numbers,
    "number_unrelated": lambda a, b: f"数字没有一个相同：甲“{_figures(a)}”乙“{_figures(b)}”",
    "frequency_differs": lambda a, b: _sets(
        "频次不同",
        frozenset(f"每{text}" for text in a.frequencies - b.frequencies),
        frozenset(f"每{text}" for text in b.frequencies - a.frequencies),
    ),
    "place_differs": lambda a, b: _sets("地点不同，同类问题分地方列", a.places, b.places),
    "title_kind_differs": _kinds,
    "opposite": lambda a, b: "方向可能相反",
    "compound": lambda a, b: (
        f"{'甲' if a.compound and not b.compound else '乙' if b.compound and not a.compound else '其中一'}行可能写了两件事，宜先拆分"
    ),
    "listed": lambda a, b: "一行是概括、一行是专项",
    "template": _template,
    "same_unit": lambda a, b: "同一单位分列的两条",
    "thin": lambda a, b: "相同的字词太少",
    "apart": lambda a, b: "词库规定不得归并",
}
