"""What speaks for and against two rows being the same, as numbers. A pair's evidence depends on nothing but the pair."""

from __future__ import annotations

import math

from rapidfuzz.distance import Indel

from pipeline.matching.profile import Profile, Weights, bigrams

EVIDENCE = (
    "cosine",
    "cover_low",
    "cover_high",
    "rare_shared",
    "title_cosine",
    "title_in_low",
    "title_in_high",
    "aligned",
    "swaps",
    "swap_weight",
    "template",
    "one_sided",
    "number_same",
    "number_differs",
    "number_unrelated",
    "number_one_sided",
    "frequency_differs",
    "place_differs",
    "kind_differs",
    "title_kind_differs",
    "kind_same",
    "opposite",
    "compound",
    "listed",
    "length_ratio",
    "length",
    "clause_low",
    "clause_high",
    "best_clause",
)
"""Names of the evidence, in the order of the vector that `compare` returns."""

_CONTEXT = 2
"""Agreement of fewer characters inside a difference is chance."""


def compare(a: Profile, b: Profile, weights: Weights) -> list[float]:
    """The evidence of a pair, in the order of EVIDENCE; symmetric."""
    shared = a.grams & b.grams
    heavy = sorted(map(weights.__getitem__, shared), reverse=True)
    mass = sum(heavy)
    covers = _sorted(_ratio(mass, a.mass), _ratio(mass, b.mass))
    title_shared = weights.mass(a.title_grams & b.title_grams)
    inside = _sorted(
        _ratio(weights.mass(a.title_grams & b.grams), a.title_mass),
        _ratio(weights.mass(b.title_grams & a.grams), b.title_mass),
    )
    aligned, swaps, swap_weight, one_sided = _alignment(a.content, b.content, weights)
    said_a, best_a = _clauses(a, shared, weights)
    said_b, best_b = _clauses(b, shared, weights)
    clauses = _sorted(said_a, said_b)
    lengths = _sorted(len(a.content), len(b.content))
    same, differs, unrelated, lone = _numbers(a, b)
    return [
        _ratio(mass, math.sqrt(a.mass * b.mass)),
        covers[0],
        covers[1],
        sum(heavy[:3]) / 3,
        _ratio(title_shared, math.sqrt(a.title_mass * b.title_mass)),
        inside[0],
        inside[1],
        aligned,
        swaps,
        swap_weight,
        aligned * swap_weight,
        one_sided,
        same,
        differs,
        unrelated,
        lone,
        float(bool(a.frequencies - b.frequencies and b.frequencies - a.frequencies)),
        float(bool(a.places and b.places and not a.places & b.places)),
        _kinds_differ(a.kinds, b.kinds),
        _kinds_differ(a.title_kinds, b.title_kinds),
        _kinds_same(a.kinds, b.kinds),
        _opposite(a, b),
        float(a.compound != b.compound),
        float(a.listed != b.listed),
        _ratio(lengths[0], lengths[1]),
        math.log1p(lengths[0]),
        clauses[0],
        clauses[1],
        min(max(best_a, best_b), 30.0) / 30,
    ]


def _sorted(one: float, other: float) -> tuple[float, float]:
    return (one, other) if one <= other else (other, one)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0


def pieces(a: str, b: str) -> list[tuple[bool, str, str]]:
    """The two texts laid side by side: (whether the stretch agrees, a's stretch, b's stretch)."""
    merged: list[tuple[bool, str, str]] = []
    for code in Indel.opcodes(a, b):
        one, two = a[code.src_start : code.src_end], b[code.dest_start : code.dest_end]
        same = code.tag == "equal" and len(one) >= _CONTEXT
        if merged and not same and not merged[-1][0]:
            merged[-1] = (False, merged[-1][1] + one, merged[-1][2] + two)
        else:
            merged.append((same, one, two))
    return merged


def _alignment(a: str, b: str, weights: Weights) -> tuple[float, float, float, float]:
    """(share aligned, number of two-sided substitutions in like surroundings, the heaviest of them, one-sided rest)."""
    merged = pieces(a, b)
    equal, swaps, heaviest, lone = 0, 0, 0.0, 0
    last = len(merged) - 1
    for index, (same, one, two) in enumerate(merged):
        if same:
            equal += len(one)
            continue
        around = (index > 0 and merged[index - 1][0]) or (index < last and merged[index + 1][0])
        if one and two and around:
            swaps += 1
            if heaviest < 20.0:
                heaviest = max(heaviest, min(weights.mass(set(bigrams(one))), weights.mass(set(bigrams(two))), 20.0))
        else:
            lone += len(one) + len(two)
    total = len(a) + len(b)
    return _ratio(2 * equal, total), float(min(swaps, 5)), heaviest / 20, _ratio(lone, total)


def _clauses(own: Profile, shared: frozenset[str], weights: Weights) -> tuple[float, float]:
    """(share of the row's clauses, by weight, of which the other says at least half; the heaviest agreement in one)."""
    total = said = best = 0.0
    for _, grams, mass in own.clauses:
        agreed = weights.mass(grams & shared)
        total += mass
        if mass and agreed >= 0.5 * mass:
            said += mass
        best = max(best, agreed)
    return _ratio(said, total), best


def _numbers(a: Profile, b: Profile) -> tuple[float, float, float, float]:
    """(figures that agree, units whose figures contradict, whether none agree, whether only one row gives figures)."""
    if not a.numbers or not b.numbers:
        return 0.0, 0.0, 0.0, float(bool(a.numbers) != bool(b.numbers))
    both = a.numbers.keys() & b.numbers.keys()
    same = sum(len(a.numbers[unit] & b.numbers[unit]) for unit in both)
    differs = sum(bool(a.numbers[unit] - b.numbers[unit] and b.numbers[unit] - a.numbers[unit]) for unit in both)
    return float(min(same, 3)), float(min(differs, 2)), float(not same), 0.0


def _opposite(a: Profile, b: Profile) -> float:
    """Whether the rows stand on the two sides of an opposition."""
    turned = any(
        heavy == other_light or light == other_heavy for heavy, light in a.over for other_heavy, other_light in b.over
    )
    return float(turned or any(one * other < 0 for one, other in zip(a.poles, b.poles, strict=True)))


def _kinds_differ(a: dict[str, frozenset[str]], b: dict[str, frozenset[str]]) -> float:
    """Categories in which each row names something and they have nothing in common."""
    return float(min(sum(not a[kind] & b[kind] for kind in a.keys() & b.keys()), 3))


def _kinds_same(a: dict[str, frozenset[str]], b: dict[str, frozenset[str]]) -> float:
    return float(min(sum(len(a[kind] & b[kind]) for kind in a.keys() & b.keys()), 4))
